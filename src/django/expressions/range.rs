//! Ranges as psycopg 3 writes them: `psycopg/types/range.py` of 3.2.

use super::Constant;
use super::constant::{python_constant, unreadable};
use crate::django::python::{Call, Static, Value, ValueKind};

/// Whether a class is one of the ranges of psycopg 2 and 3, or the names that Django has for them.
pub(super) fn is_range(path: &str) -> bool {
    let known = path.starts_with("psycopg")
        || path.starts_with("django.db.backends.postgresql.psycopg_any.");
    let class = path.rsplit('.').next().unwrap_or_default();
    known
        && matches!(
            class,
            "Range" | "NumericRange" | "DateRange" | "DateTimeRange" | "DateTimeTZRange"
        )
}

/// A range, or the pair that `RangeField.get_prep_value` makes one of.
pub(super) fn range(value: &Value) -> Static<Constant> {
    match &value.kind {
        ValueKind::List(items) | ValueKind::Tuple(items) => match &**items {
            [lower, upper] => written(Some(lower), Some(upper), "[)"),
            _ => Err(unreadable(value)),
        },
        ValueKind::Call(call) => of_call(call).ok_or_else(|| unreadable(value))?,
        // As it stands, the server reads it.
        ValueKind::Str(text) => Ok(Constant::Text(std::sync::Arc::clone(&text.text))),
        _ => Err(unreadable(value)),
    }
}

fn of_call(call: &Call) -> Option<Static<Constant>> {
    let is_range = matches!(&call.callee.kind, ValueKind::Name(name) if is_range(name.as_str()));
    if !is_range || call.unknown_arguments.is_some() {
        return None;
    }
    let bounds = match call.argument(2, "bounds").map(|bounds| &bounds.kind) {
        None => "[)",
        Some(ValueKind::Str(text)) => &*text.text,
        Some(_) => return None,
    };
    match call.argument(3, "empty").map(|empty| &empty.kind) {
        Some(ValueKind::Bool(true)) => return Some(Ok(Constant::text("empty"))),
        None | Some(ValueKind::Bool(false)) => {}
        Some(_) => return None,
    }
    Some(written(
        call.argument(0, "lower"),
        call.argument(1, "upper"),
        bounds,
    ))
}

fn written(lower: Option<&Value>, upper: Option<&Value>, bounds: &str) -> Static<Constant> {
    let bound = |value: Option<&Value>| match value {
        None => Ok(Constant::Null),
        Some(value) => python_constant(value),
    };
    let (lower, upper) = (bound(lower)?, bound(upper)?);
    // A side without an end is open.
    let open = if lower != Constant::Null && bounds.starts_with('[') {
        '['
    } else {
        '('
    };
    let close = if upper != Constant::Null && bounds.ends_with(']') {
        ']'
    } else {
        ')'
    };
    let text = format!("{open}{},{}{close}", end(&lower), end(&upper));
    let typed = if lower == Constant::Null {
        &upper
    } else {
        &lower
    };
    Ok(match cast(typed) {
        Some(cast) => Constant::Typed { text, cast },
        None => Constant::text(text),
    })
}

/// One end, in quotes where the text of a range needs them.
fn end(bound: &Constant) -> String {
    let text = match bound {
        Constant::Null => return String::new(),
        Constant::Number(text) => text.clone(),
        Constant::Typed { text, .. } => text.clone(),
        Constant::Text(text) => text.to_string(),
        Constant::Bool(_) | Constant::Bytes(_) | Constant::Array { .. } => bound.sql(),
    };
    let needs_quotes = text.is_empty()
        || text.contains(|character: char| {
            matches!(character, '"' | ',' | '\\' | '(' | ')' | '[' | ']')
                || character.is_ascii_whitespace()
        });
    if needs_quotes {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
    } else {
        text
    }
}

/// The type that psycopg infers from an end; integers fit several.
fn cast(end: &Constant) -> Option<&'static str> {
    match end {
        Constant::Number(number) if number.contains(['.', 'E']) => Some("numrange"),
        Constant::Typed { cast, .. } => match *cast {
            "date" => Some("daterange"),
            "timestamptz" => Some("tstzrange"),
            "timestamp" => Some("tsrange"),
            _ => None,
        },
        Constant::Null
        | Constant::Bool(_)
        | Constant::Number(_)
        | Constant::Text(_)
        | Constant::Bytes(_)
        | Constant::Array { .. } => None,
    }
}
