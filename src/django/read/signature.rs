//! Arguments of the calls that migrations and models are made of.

use std::sync::Arc;

use crate::django::python::{Call, Static, Value, ValueKind};
use crate::schema::Why;

/// An argument, with unknown values and unknown argument lists told apart from absence.
pub(super) fn argument<'a>(
    call: &'a Call,
    position: usize,
    name: &str,
) -> Static<Option<&'a Value>> {
    match (call.argument(position, name), &call.unknown_arguments) {
        (Some(value), _) => match value.why_unknown() {
            Some(why) => Err(why.clone()),
            None => Ok(Some(value)),
        },
        (None, Some(why)) => Err(why.clone()),
        (None, None) => Ok(None),
    }
}

/// An argument that only a keyword reaches.
pub(super) fn keyword<'a>(call: &'a Call, name: &str) -> Static<Option<&'a Value>> {
    argument(call, usize::MAX, name)
}

/// An argument that must be a string.
pub(super) fn required_text(call: &Call, position: usize, name: &str) -> Static<Arc<str>> {
    match argument(call, position, name)? {
        Some(value) => text(value, name),
        None => Err(Why::new(format!("`{name}` is not given"))),
    }
}

/// An argument that must be there.
pub(super) fn required<'a>(call: &'a Call, position: usize, name: &str) -> Static<&'a Value> {
    argument(call, position, name)?.ok_or_else(|| Why::new(format!("`{name}` is not given")))
}

pub(super) fn text(value: &Value, name: &str) -> Static<Arc<str>> {
    match &value.kind {
        ValueKind::Str(text) => Ok(Arc::clone(&text.text)),
        ValueKind::Unknown(why) => Err(why.clone()),
        _ => Err(Why::new(format!("`{name}` is not a text that can be read"))),
    }
}

/// A list or tuple of strings; `None` is an empty one.
pub(super) fn texts(value: &Value, name: &str) -> Static<Vec<Arc<str>>> {
    if value.is_none() {
        return Ok(Vec::new());
    }
    items(value, name)?
        .iter()
        .map(|item| text(item, name))
        .collect()
}

pub(super) fn items<'a>(value: &'a Value, name: &str) -> Static<&'a [Value]> {
    value.items().ok_or_else(|| match value.why_unknown() {
        Some(why) => why.clone(),
        None => Why::new(format!("`{name}` is not a list that can be read")),
    })
}
