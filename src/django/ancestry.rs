//! What a class inherits: attributes along its ancestry, and the paths of its ancestors.

use std::sync::Arc;

use super::python::{self, Ancestor, ClassDefinition, DottedName, Value, ValueKind};
use crate::schema::Why;

/// The class itself, then its ancestors in the order in which Python looks for attributes.
pub(in crate::django) fn ancestry(class: &Arc<ClassDefinition>) -> Vec<Ancestor> {
    python::ancestry(class).classes
}

/// The dotted name of an ancestor; `None` where there is none.
pub(in crate::django) fn name_of(ancestor: &Ancestor) -> Option<&DottedName> {
    match ancestor {
        Ancestor::Class(class) => Some(&class.name),
        Ancestor::Name(name) => Some(name),
        Ancestor::Unknown(_) => None,
    }
}

/// The first ancestor that binds a name in its body, and the value.
pub(in crate::django) fn inherited<'a>(
    ancestors: &'a [Ancestor],
    name: &str,
) -> Option<(&'a Arc<ClassDefinition>, &'a Value)> {
    ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Class(class) => class.attribute(name).map(|value| (class, value)),
        Ancestor::Name(_) | Ancestor::Unknown(_) => None,
    })
}

/// What a base of a class statement is.
pub(in crate::django) fn base_of(value: &Value) -> Ancestor {
    match &value.kind {
        ValueKind::Class(class) => Ancestor::Class(Arc::clone(class)),
        ValueKind::Name(name) => Ancestor::Name(name.clone()),
        ValueKind::Unknown(why) => Ancestor::Unknown(why.clone()),
        _ => Ancestor::Unknown(Why::new("a base is not a class that can be read")),
    }
}
