//! Which class or method of the ORM a call is of.

use std::sync::Arc;

use crate::django::python::{Call, ClassDefinition, Value, ValueKind};

/// What is called.
#[derive(Debug, Clone, Copy)]
pub(super) enum Callee<'a> {
    /// A class of `django.db.models` or a module below it: `F`, `Lower`.
    Orm(&'a str),
    /// A class of `django.contrib.postgres`.
    Postgres(&'a str),
    /// `KeyTransform` of hstore, which bears the name of the one of JSON.
    HstoreKey,
    /// A class of the project or of a package.
    Class(&'a Arc<ClassDefinition>),
    /// `expression.desc(...)`.
    Method(&'a Value, &'a str),
    /// Not of the ORM.
    Other,
}

pub(super) fn callee(call: &Call) -> Callee<'_> {
    match &call.callee.kind {
        ValueKind::Name(name) => of_name(name.as_str()),
        ValueKind::Class(class) => Callee::Class(class),
        ValueKind::Call(attribute) => match &*attribute.arguments {
            [owner, name] if is_getattr(attribute) => match name.as_str() {
                Some(name) => Callee::Method(owner, name),
                None => Callee::Other,
            },
            _ => Callee::Other,
        },
        _ => Callee::Other,
    }
}

fn is_getattr(call: &Call) -> bool {
    matches!(&call.callee.kind, ValueKind::Name(name) if name.as_str() == "builtins.getattr")
}

pub(super) fn of_name(path: &str) -> Callee<'_> {
    let last = path.rsplit('.').next().unwrap_or(path);
    if let Some(rest) = path.strip_prefix("django.contrib.postgres.") {
        if last == "KeyTransform" && rest.starts_with("fields.") {
            return Callee::HstoreKey;
        }
        return Callee::Postgres(last);
    }
    if path.ends_with("KeyTextTransform.from_lookup") {
        return Callee::Orm("KT");
    }
    if path.starts_with("django.db.models.") {
        return Callee::Orm(last);
    }
    Callee::Other
}

/// The class of the ORM that a value constructs: `Q` of `models.Q(...)`.
pub(super) fn orm_class(value: &Value) -> Option<&str> {
    match callee(value.as_call()?) {
        Callee::Orm(name) => Some(name),
        Callee::Postgres(_)
        | Callee::HstoreKey
        | Callee::Class(_)
        | Callee::Method(..)
        | Callee::Other => None,
    }
}
