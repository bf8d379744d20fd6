//! The values that a field's `choices` let in.

use crate::django::python::{Static, Value, ValueKind};
use crate::schema::Why;

/// The stored values, groups flattened, in order: pairs, groups of pairs, a mapping (Django 5.0).
pub(in crate::django) fn stored_choices(value: &Value) -> Static<Vec<Value>> {
    let mut stored = Vec::new();
    match &value.kind {
        ValueKind::List(pairs) | ValueKind::Tuple(pairs) | ValueKind::Set(pairs) => {
            for pair in pairs.iter() {
                match pair.items() {
                    Some([key, label]) => choice(key, label, &mut stored)?,
                    _ => return Err(unread(pair)),
                }
            }
        }
        ValueKind::Dict(entries) => {
            for (key, label) in entries.iter() {
                choice(key, label, &mut stored)?;
            }
        }
        _ => return Err(unread(value)),
    }
    Ok(stored)
}

fn choice(key: &Value, label: &Value, stored: &mut Vec<Value>) -> Static<()> {
    match &label.kind {
        ValueKind::List(_) | ValueKind::Tuple(_) | ValueKind::Dict(_) => {
            // A group: `("Media", [("cd", "CD")])`. Django knows one level of them.
            stored.extend(group(label)?);
        }
        _ => {
            if let Some(why) = key.why_unknown() {
                return Err(why.clone());
            }
            stored.push(key.clone());
        }
    }
    Ok(())
}

fn group(value: &Value) -> Static<Vec<Value>> {
    let keys = match &value.kind {
        ValueKind::List(pairs) | ValueKind::Tuple(pairs) => pairs
            .iter()
            .map(|pair| match pair.items() {
                Some([key, _]) => Ok(key.clone()),
                _ => Err(unread(pair)),
            })
            .collect::<Static<Vec<_>>>()?,
        ValueKind::Dict(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
        _ => return Err(unread(value)),
    };
    match keys.iter().find_map(Value::why_unknown) {
        Some(why) => Err(why.clone()),
        None => Ok(keys),
    }
}

fn unread(value: &Value) -> Why {
    value
        .why_unknown()
        .cloned()
        .unwrap_or_else(|| Why::new("the choices are not pairs that can be read"))
}
