//! JSON as Python's `json.dumps` writes it.

use std::fmt::Write as _;

use super::constant::unreadable;
use crate::django::python::{Static, Value, ValueKind};

/// `json.dumps` with its defaults: a space after `:` and `,`, other than ASCII escaped.
pub(super) fn json_text(value: &Value) -> Static<String> {
    Ok(match &value.kind {
        ValueKind::None => "null".to_owned(),
        ValueKind::Bool(true) => "true".to_owned(),
        ValueKind::Bool(false) => "false".to_owned(),
        ValueKind::Int(number) => number.to_string(),
        ValueKind::Float(number) => number.to_string(),
        ValueKind::Str(text) => quoted(&text.text),
        ValueKind::List(items) | ValueKind::Tuple(items) => {
            let items = items.iter().map(json_text).collect::<Static<Vec<_>>>()?;
            format!("[{}]", items.join(", "))
        }
        ValueKind::Dict(items) => {
            let items = items
                .iter()
                .map(|(key, item)| Ok(format!("{}: {}", json_key(key)?, json_text(item)?)))
                .collect::<Static<Vec<_>>>()?;
            format!("{{{}}}", items.join(", "))
        }
        _ => return Err(unreadable(value)),
    })
}

fn json_key(key: &Value) -> Static<String> {
    match &key.kind {
        ValueKind::Str(text) => Ok(quoted(&text.text)),
        ValueKind::Int(number) => Ok(format!("\"{number}\"")),
        ValueKind::None | ValueKind::Bool(_) | ValueKind::Float(_) => {
            Ok(format!("\"{}\"", json_text(key)?))
        }
        _ => Err(unreadable(key)),
    }
}

fn quoted(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 2);
    result.push('"');
    for character in text.chars() {
        match character {
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            '\u{8}' => result.push_str("\\b"),
            '\u{c}' => result.push_str("\\f"),
            ' '..='~' => result.push(character),
            _ => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    // Writing to a string cannot fail.
                    let _ = write!(result, "\\u{unit:04x}");
                }
            }
        }
    }
    result.push('"');
    result
}
