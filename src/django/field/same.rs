//! Whether two Python values are equal, as far as that can be known: what `==` answers on what
//! `deconstruct()` returns.

use crate::django::python::{Call, Value, ValueKind};

/// `Some(true)` and `Some(false)` are certain; `None`: a part of one of them is not known.
///
/// Calls are equal when class and arguments are; a class known by its path equals the same class read
/// from its file. A list never equals a tuple.
pub fn same(left: &Value, right: &Value) -> Option<bool> {
    use ValueKind as Kind;
    match (&left.kind, &right.kind) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => None,
        (Kind::None, Kind::None) => Some(true),
        (Kind::Bool(left), Kind::Bool(right)) => Some(left == right),
        (Kind::Int(left), Kind::Int(right)) => Some(left == right),
        (Kind::Float(left), Kind::Float(right)) => Some(left == right),
        // 1 == 1.0 == True in Python.
        (Kind::Bool(flag), Kind::Int(number)) | (Kind::Int(number), Kind::Bool(flag)) => {
            Some(i128::from(*flag) == *number)
        }
        (Kind::Int(number), Kind::Float(float)) | (Kind::Float(float), Kind::Int(number)) => {
            Some(**float == *format!("{number}.0"))
        }
        (Kind::Str(left), Kind::Str(right)) => Some(left.text == right.text),
        (Kind::Bytes(left), Kind::Bytes(right)) => Some(left == right),
        (Kind::List(left), Kind::List(right)) | (Kind::Tuple(left), Kind::Tuple(right)) => {
            same_items(left, right)
        }
        (Kind::Set(left), Kind::Set(right)) => same_members(left, right),
        (Kind::Dict(left), Kind::Dict(right)) => same_entries(left, right),
        (Kind::Call(left), Kind::Call(right)) => same_call(left, right),
        (Kind::Operation(left), Kind::Operation(right)) => {
            if left.operator == right.operator {
                same_items(&left.operands, &right.operands)
            } else {
                Some(false)
            }
        }
        _ => match (path(left), path(right)) {
            (Some(one), Some(other)) if one == other => Some(true),
            // What was not read may be another name of the same thing.
            (Some(_), Some(_)) => (is_read(left) && is_read(right)).then_some(false),
            _ => same_kinds(left, right),
        },
    }
}

/// Lists of values, in order.
pub fn same_items(left: &[Value], right: &[Value]) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    all(left
        .iter()
        .zip(right)
        .map(|(left, right)| same(left, right)))
}

fn same_call(left: &Call, right: &Call) -> Option<bool> {
    let known = left.unknown_arguments.is_none() && right.unknown_arguments.is_none();
    let written = all([
        same(&left.callee, &right.callee),
        same_items(&left.arguments, &right.arguments),
        same_keywords(&left.keywords, &right.keywords),
    ]);
    match written {
        Some(true) if known => Some(true),
        // Arguments by position and by keyword may still mean the same.
        Some(false) if known && left.arguments.is_empty() && right.arguments.is_empty() => {
            Some(false)
        }
        Some(false) if known && same(&left.callee, &right.callee) == Some(false) => Some(false),
        Some(false) if known && left.keywords.is_empty() && right.keywords.is_empty() => {
            Some(false)
        }
        _ => None,
    }
}

fn same_keywords(
    left: &[(std::sync::Arc<str>, Value)],
    right: &[(std::sync::Arc<str>, Value)],
) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    all(left.iter().map(|(name, value)| {
        right
            .iter()
            .find(|(other, _)| other == name)
            .map_or(Some(false), |(_, other)| same(value, other))
    }))
}

fn same_entries(left: &[(Value, Value)], right: &[(Value, Value)]) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    all(left.iter().map(|(key, value)| {
        any(right
            .iter()
            .map(|(other_key, other)| all([same(key, other_key), same(value, other)])))
    }))
}

fn same_members(left: &[Value], right: &[Value]) -> Option<bool> {
    let within = |these: &[Value], those: &[Value]| {
        all(these
            .iter()
            .map(|this| any(those.iter().map(|that| same(this, that)))))
    };
    all([within(left, right), within(right, left)])
}

/// Values of different kinds, neither of them unknown: a call may return anything, the others are what they are.
fn same_kinds(left: &Value, right: &Value) -> Option<bool> {
    let symbolic = |value: &Value| {
        matches!(
            value.kind,
            ValueKind::Call(_) | ValueKind::Operation(_) | ValueKind::Name(_)
        )
    };
    (!symbolic(left) && !symbolic(right)).then_some(false)
}

/// Whether a path is the only one of what it stands for: it was read, or is a public name of Django or Python.
fn is_read(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Name(name) => {
            let root = name.as_str().split('.').next().unwrap_or_default();
            matches!(
                root,
                "django" | "builtins" | "uuid" | "datetime" | "decimal"
            )
        }
        _ => true,
    }
}

/// What is known by its dotted path: classes, functions, modules, names from outside.
fn path(value: &Value) -> Option<&str> {
    match &value.kind {
        ValueKind::Name(name) | ValueKind::Module(name) => Some(name.as_str()),
        ValueKind::Class(class) => Some(class.name.as_str()),
        ValueKind::Function(function) => Some(function.name.as_str()),
        _ => None,
    }
}

/// True when all are, false when one is, else unknown.
fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return Some(false),
            None => unknown = true,
        }
    }
    (!unknown).then_some(true)
}

fn any(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    all(answers.into_iter().map(|answer| answer.map(|yes| !yes))).map(|none| !none)
}
