//! JSON as Python's `json.dumps` writes it.

use std::fmt::Write as _;

use super::Constant;
use super::constant::{python_constant, unreadable};
use crate::django::python::{Static, Value, ValueKind};

/// `json.dumps` with its defaults: a space after `:` and `,`, other than ASCII escaped.
pub(super) fn json_text(value: &Value) -> Static<String> {
    Ok(match &value.kind {
        ValueKind::None => "null".to_owned(),
        ValueKind::Bool(true) => "true".to_owned(),
        ValueKind::Bool(false) => "false".to_owned(),
        ValueKind::Int(number) => number.to_string(),
        ValueKind::Float(number) => match &**number {
            "inf" => "Infinity".to_owned(),
            "-inf" => "-Infinity".to_owned(),
            "nan" => "NaN".to_owned(),
            number => number.to_owned(),
        },
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
        _ => quoted(&encoded(value)?),
    })
}

/// What `DjangoJSONEncoder` makes a text of (`django/core/serializers/json.py`); without it such values are refused.
fn encoded(value: &Value) -> Static<String> {
    let constant = python_constant(value)?;
    let Constant::Typed { text, cast } = constant else {
        return match constant {
            Constant::Number(number) => Ok(number),
            _ => Err(unreadable(value)),
        };
    };
    match cast {
        "date" => Ok(text),
        "uuid" => Ok(hyphenated(&text)),
        "time" => Ok(cut_to_milliseconds(&text)),
        "timestamp" | "timestamptz" => {
            let text = cut_to_milliseconds(&text.replacen(' ', "T", 1));
            Ok(match text.strip_suffix("+00:00") {
                Some(naive) => format!("{naive}Z"),
                None => text,
            })
        }
        _ => Err(unreadable(value)),
    }
}

fn hyphenated(hexadecimal: &str) -> String {
    let part = |from: usize, to: usize| hexadecimal.get(from..to).unwrap_or_default();
    [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ]
    .join("-")
}

/// The encoder follows ECMA-262: three digits of a second.
fn cut_to_milliseconds(text: &str) -> String {
    match text.split_once('.') {
        Some((before, fraction)) if fraction.len() >= 6 => {
            let kept = fraction.get(..3).unwrap_or_default();
            let zone = fraction.get(6..).unwrap_or_default();
            format!("{before}.{kept}{zone}")
        }
        _ => text.to_owned(),
    }
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
