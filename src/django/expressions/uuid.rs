//! `uuid.UUID(...)` and what a UUIDField makes of other values as constants.

use super::Constant;
use super::constant::unreadable;
use crate::django::python::{Call, Static, Value, ValueKind};

/// A UUID in 32 hexadecimal digits, as psycopg dumps it.
pub(super) fn uuid(value: &Value) -> Static<Constant> {
    let text = match &value.kind {
        ValueKind::Str(text) => of_text(&text.text),
        // `UUIDField.to_python`.
        ValueKind::Int(number) => of_integer(*number),
        ValueKind::Call(call) => of_call(call),
        ValueKind::Name(name) => namespace(name.as_str()).map(str::to_owned),
        _ => None,
    };
    Ok(Constant::Typed {
        text: text.ok_or_else(|| unreadable(value))?,
        cast: "uuid",
    })
}

fn of_call(call: &Call) -> Option<String> {
    let is_uuid =
        matches!(&call.callee.kind, ValueKind::Name(name) if name.as_str() == "uuid.UUID");
    if !is_uuid || call.unknown_arguments.is_some() {
        return None;
    }
    if let Some(hexadecimal) = call.argument(0, "hex") {
        return of_text(hexadecimal.as_str()?);
    }
    if let Some(ValueKind::Bytes(bytes)) = call.argument(1, "bytes").map(|value| &value.kind) {
        let bytes = <[u8; 16]>::try_from(&**bytes).ok()?;
        return Some(format!("{:032x}", u128::from_be_bytes(bytes)));
    }
    match call.argument(4, "int").map(|value| &value.kind) {
        Some(ValueKind::Int(number)) => of_integer(*number),
        _ => None,
    }
}

fn of_integer(number: i128) -> Option<String> {
    let number = u128::try_from(number).ok()?;
    Some(format!("{number:032x}"))
}

fn of_text(written: &str) -> Option<String> {
    let hexadecimal = written
        .replace("urn:", "")
        .replace("uuid:", "")
        .trim_matches(['{', '}'])
        .replace('-', "")
        .to_ascii_lowercase();
    let is_uuid =
        hexadecimal.len() == 32 && hexadecimal.chars().all(|digit| digit.is_ascii_hexdigit());
    is_uuid.then_some(hexadecimal)
}

/// The namespaces of RFC 4122, which Python's `uuid` has as constants.
fn namespace(name: &str) -> Option<&'static str> {
    Some(match name {
        "uuid.NAMESPACE_DNS" => "6ba7b8109dad11d180b400c04fd430c8",
        "uuid.NAMESPACE_URL" => "6ba7b8119dad11d180b400c04fd430c8",
        "uuid.NAMESPACE_OID" => "6ba7b8129dad11d180b400c04fd430c8",
        "uuid.NAMESPACE_X500" => "6ba7b8149dad11d180b400c04fd430c8",
        _ => return None,
    })
}
