//! The arguments that Django's class gets when the `__init__`s of a custom field class are run with those of one call.

use super::class::FieldClass;
use super::init::Constructors;
use crate::django::ancestry::ancestry;
use crate::django::python::{Ancestor, Call, Python, ValueKind};

/// Follows the constructors of a class with the arguments that stand there, where their shape alone leaves something
/// open: a condition on an argument is decided then. The class has no constructor of its own left after that. `None` where
/// one cannot be followed to a call of its base.
pub(super) fn constructed(
    call: &Call,
    class: &mut FieldClass,
    python: Option<&Python>,
) -> Option<Call> {
    let ValueKind::Class(definition) = &call.callee.kind else {
        return None;
    };
    if !class.init.is_open() {
        return None;
    }
    let python = python?;
    let mut handed = call.clone();
    for ancestor in &ancestry(definition) {
        let Ancestor::Class(owner) = ancestor else {
            continue;
        };
        let Some(init) = owner.attribute("__init__") else {
            continue;
        };
        let ValueKind::Function(init) = &init.kind else {
            return None;
        };
        handed = python.base_call(definition, init, &handed).ok()?;
        if handed.unknown_arguments.is_some() {
            return None;
        }
    }
    class.init = Constructors::default();
    Some(handed)
}
