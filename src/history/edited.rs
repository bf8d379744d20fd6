//! Whether a released migration does something else now than when it was released.

use std::sync::Arc;

use crate::django::field::same;
use crate::django::python::{Call, Operation, Value, ValueKind};
use crate::source::Origin;

/// What no database and no state but the admin's ever sees.
const COSMETIC: [&str; 4] = [
    "verbose_name",
    "verbose_name_plural",
    "help_text",
    "error_messages",
];

/// The first operation that differs, and what differs, in words. Where it cannot be told, nothing does.
pub fn difference(released: &[Value], now: &[Value], class: &Origin) -> Option<(Origin, String)> {
    for (position, operation) in now.iter().enumerate() {
        let Some(before) = released.get(position) else {
            let added = now.len() - released.len();
            return Some((
                operation.origin.clone(),
                format!("{added} operation{} added", plural(added)),
            ));
        };
        if same(&plain(before), &plain(operation)) == Some(false) {
            return Some((
                operation.origin.clone(),
                format!("operation {} differs", position + 1),
            ));
        }
    }
    let removed = released
        .len()
        .checked_sub(now.len())
        .filter(|count| *count > 0)?;
    Some((
        class.clone(),
        format!("{removed} operation{} removed", plural(removed)),
    ))
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The value without what is cosmetic.
fn plain(value: &Value) -> Value {
    let kind = match &value.kind {
        ValueKind::List(items) => ValueKind::List(plain_items(items).into()),
        ValueKind::Tuple(items) => ValueKind::Tuple(plain_items(items).into()),
        ValueKind::Set(items) => ValueKind::Set(plain_items(items).into()),
        ValueKind::Dict(entries) => ValueKind::Dict(
            entries
                .iter()
                .filter(|(key, _)| !key.as_str().is_some_and(|key| COSMETIC.contains(&key)))
                .map(|(key, value)| (key.clone(), plain(value)))
                .collect(),
        ),
        ValueKind::Call(call) => ValueKind::Call(Arc::new(Call {
            callee: call.callee.clone(),
            arguments: plain_items(&call.arguments),
            keywords: call
                .keywords
                .iter()
                .filter(|(name, _)| !COSMETIC.contains(&&**name))
                .map(|(name, value)| (Arc::clone(name), plain(value)))
                .collect(),
            unknown_arguments: call.unknown_arguments.clone(),
        })),
        ValueKind::Operation(operation) => ValueKind::Operation(Arc::new(Operation {
            operator: operation.operator,
            operands: plain_items(&operation.operands),
        })),
        other => other.clone(),
    };
    Value {
        kind,
        origin: value.origin.clone(),
    }
}

fn plain_items(items: &[Value]) -> Vec<Value> {
    items.iter().map(plain).collect()
}
