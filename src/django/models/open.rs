//! The ways by which fields reach a model besides its own body: what makes it an *open model*.

use std::sync::Arc;

use crate::django::ancestry::{ancestry, inherited, name_of};
use crate::django::project_state::{FieldsKnown, ModelState};
use crate::django::python::Ancestor;
use crate::django::python::{ClassDefinition, FunctionDefinition, Value, ValueKind};
use crate::schema::Why;

/// Words in the body of a hook without which it cannot add a field to a model. `setattr` is none of them: what it
/// puts on a class that is made already stays a plain attribute (a descriptor, as a rule).
const ADDING: &[&str] = &[
    "add_to_class",
    "add_field",
    "contribute_to_class",
    "__dict__",
    "attrs[",
    "attrs.",
    "namespace",
    "type(",
];

/// Marks a model as open; the first reason stays.
///
/// Where fields arrive by another way than bases, models that share a base need not have the same fields.
pub(super) fn open(model: &mut ModelState, why: &Why) {
    model.unresolved_bases.clear();
    if model.fields_known == FieldsKnown::All {
        model.fields_known = FieldsKnown::Open(why.clone());
    }
}

/// Why fields may reach the class by way of a class of its ancestry: metaclass, decorator, hook, unread body.
pub(super) fn way_in(ancestors: &[Ancestor]) -> Option<Why> {
    ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Class(class) => class_way_in(class),
        Ancestor::Unknown(why) => Some(why.clone()),
        Ancestor::Name(_) => None,
    })
}

fn class_way_in(class: &Arc<ClassDefinition>) -> Option<Why> {
    if let Some(why) = &class.unknown_body {
        return Some(why.clone());
    }
    let metaclass = class
        .keywords
        .iter()
        .find(|(name, _)| &**name == "metaclass");
    if let Some((_, value)) = metaclass
        && let Some(why) = metaclass_way_in(value)
    {
        return Some(why);
    }
    if let Some(hook) = class.attribute("__init_subclass__")
        && may_add(hook)
    {
        return Some(Why::new(format!(
            "`{}` has an `__init_subclass__` that may add fields",
            class.name
        )));
    }
    class
        .decorators
        .iter()
        .find_map(|decorator| decorator_way_in(class, decorator))
}

fn metaclass_way_in(value: &Value) -> Option<Why> {
    match &value.kind {
        ValueKind::Name(name) => {
            let harmless = matches!(
                name.as_str(),
                "django.db.models.ModelBase"
                    | "django.db.models.base.ModelBase"
                    | "abc.ABCMeta"
                    | "type"
                    | "builtins.type"
            );
            (!harmless).then(|| Why::new(format!("the metaclass `{name}` was not found")))
        }
        ValueKind::Class(metaclass) => {
            let ancestors = ancestry(metaclass);
            if inherited(&ancestors, "__new__").is_some() {
                return Some(Why::new(format!(
                    "the metaclass `{}` makes the class itself",
                    metaclass.name
                )));
            }
            if let Some((_, hook)) = inherited(&ancestors, "__init__")
                && may_add(hook)
            {
                return Some(Why::new(format!(
                    "the metaclass `{}` may add fields",
                    metaclass.name
                )));
            }
            ancestors.iter().find_map(|ancestor| match ancestor {
                Ancestor::Name(_) => name_of(ancestor).and_then(|name| {
                    metaclass_way_in(&Value {
                        kind: ValueKind::Name(name.clone()),
                        origin: value.origin.clone(),
                    })
                }),
                Ancestor::Unknown(why) => Some(why.clone()),
                Ancestor::Class(_) => None,
            })
        }
        ValueKind::Unknown(why) => Some(why.clone()),
        _ => Some(Why::new("the metaclass is not a class that can be read")),
    }
}

fn decorator_way_in(class: &ClassDefinition, decorator: &Value) -> Option<Why> {
    let callee = decorator.as_call().map_or(decorator, |call| &call.callee);
    match &callee.kind {
        ValueKind::Name(name) if is_harmless_decorator(name.as_str()) => None,
        ValueKind::Function(function) if !adds(function) => None,
        ValueKind::Name(name) => Some(Why::new(format!(
            "the decorator `{name}` of `{}` was not found",
            class.name
        ))),
        ValueKind::Unknown(why) => Some(why.clone()),
        _ => Some(Why::new(format!(
            "a decorator of `{}` may add fields",
            class.name
        ))),
    }
}

/// Decorators that register a class or add methods, not fields.
fn is_harmless_decorator(path: &str) -> bool {
    matches!(
        path,
        "functools.total_ordering"
            | "typing.final"
            | "reversion.register"
            | "wagtail.snippets.models.register_snippet"
            | "wagtail.contrib.settings.models.register_setting"
            | "wagtail.contrib.settings.registry.register_setting"
            | "netbox.registry.register_model_feature"
    ) || path.starts_with("django.utils.")
        || path.starts_with("typing_extensions.")
}

/// Whether a hook may add a field: its text has a word for it, or it has no text to look at.
pub(super) fn may_add(hook: &Value) -> bool {
    match &hook.kind {
        ValueKind::Function(function) => adds(function),
        _ => true,
    }
}

fn adds(function: &FunctionDefinition) -> bool {
    let text = function.origin.file.slice(function.origin.span);
    // A span of the `def` line alone says nothing about the body.
    if text.lines().count() < 2 {
        return true;
    }
    let text = text.replace("super().contribute_to_class", "");
    let text = text.replacen("def contribute_to_class", "", 1);
    ADDING.iter().any(|word| text.contains(word))
}
