//! What a GenericIPAddressField writes: `get_prep_value`, and `clean_ipv6_address` of `django/utils/ipv6.py`.

use std::net::Ipv6Addr;

use super::Constant;
use super::constant::unreadable;
use crate::django::project_state::Field;
use crate::django::python::{Static, Value, ValueKind};

/// An address; an IPv6 one in its shortest form.
pub(super) fn address(value: &Value, field: &Field) -> Static<Constant> {
    let written = value.as_str().ok_or_else(|| unreadable(value))?;
    if written.is_empty() {
        return Ok(Constant::Null);
    }
    let unpacks = field
        .call
        .keyword("unpack_ipv4")
        .is_some_and(|value| matches!(value.kind, ValueKind::Bool(true)));
    let text = match written.trim().parse::<Ipv6Addr>() {
        Ok(address) => match address.to_ipv4_mapped().filter(|_| unpacks) {
            Some(unpacked) => unpacked.to_string(),
            None => address.to_string(),
        },
        Err(_) => written.to_owned(),
    };
    Ok(Constant::Typed { text, cast: "inet" })
}
