//! `django-settings` of the configuration, as Python that a settings module might hold.

use std::fmt::Write as _;

use toml::Value;

/// `NAME = value`, a line of Python.
///
/// # Errors
/// When it is no name of a setting, or a value that Python's literals do not have; says so.
pub(super) fn assignment(name: &str, value: &Value) -> Result<String, String> {
    let is_setting = name.starts_with(|first: char| first.is_ascii_uppercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_');
    if !is_setting {
        return Err(format!(
            "`{name}` is no name of a setting: they are written in capital letters, as INSTALLED_APPS"
        ));
    }
    let mut text = format!("{name} = ");
    literal(value, &mut text)?;
    text.push('\n');
    Ok(text)
}

fn literal(value: &Value, text: &mut String) -> Result<(), String> {
    match value {
        Value::String(string) => quoted(string, text),
        Value::Integer(number) => drop(write!(text, "{number}")),
        Value::Float(number) if number.is_finite() => drop(write!(text, "{number:?}")),
        Value::Boolean(true) => text.push_str("True"),
        Value::Boolean(false) => text.push_str("False"),
        Value::Array(items) => {
            text.push('[');
            for item in items {
                literal(item, text)?;
                text.push_str(", ");
            }
            text.push(']');
        }
        Value::Table(entries) => {
            text.push('{');
            for (key, item) in entries {
                quoted(key, text);
                text.push_str(": ");
                literal(item, text)?;
                text.push_str(", ");
            }
            text.push('}');
        }
        Value::Float(_) | Value::Datetime(_) => {
            return Err(format!("`{value}` is no value of a setting that is read"));
        }
    }
    Ok(())
}

/// A string as Python reads it.
fn quoted(string: &str, text: &mut String) {
    text.push('"');
    for letter in string.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            _ if letter.is_control() => drop(write!(text, "\\U{:08x}", u32::from(letter))),
            _ => text.push(letter),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_python_reads_them() {
        let table: toml::Table = toml::from_str(
            "APPS = ['shop', \"a\\\"b\\n\"]\nUSE_TZ = true\nMODULES = { shop = 'x', n = -1 }",
        )
        .unwrap();
        let lines: Vec<String> = table
            .iter()
            .map(|(name, value)| assignment(name, value).unwrap())
            .collect();
        assert_eq!(
            lines.concat(),
            "APPS = [\"shop\", \"a\\\"b\\U0000000a\", ]\nMODULES = {\"n\": -1, \"shop\": \"x\", }\nUSE_TZ = True\n"
        );
        assert!(assignment("installed_apps", &Value::Boolean(true)).is_err());
    }
}
