//! The ways by which fields reach a model besides its own body: what makes it an *open model*.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::django::ancestry::{ancestry, inherited, name_of};
use crate::django::project_state::{FieldsKnown, ModelState};
use crate::django::python::Ancestor;
use crate::django::python::{
    ClassDefinition, DottedName, FunctionDefinition, Python, Value, ValueKind,
};
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

/// How fields may reach a class by way of its ancestry: metaclass, decorator, hook, unread body.
#[derive(Debug, Default)]
pub(super) struct WaysIn {
    /// Why any field may.
    pub(super) any: Option<Why>,
    /// Fields of these names may, or may not.
    pub(super) named: BTreeSet<Arc<str>>,
}

/// Looks for the ways in; a hook that only gives the class known names leaves all others known.
pub(super) fn ways_in(ancestors: &[Ancestor], python: Option<&Python>) -> WaysIn {
    let mut ways = WaysIn::default();
    let any = way_in(ancestors, python, &mut ways.named);
    WaysIn { any, ..ways }
}

fn way_in(
    ancestors: &[Ancestor],
    python: Option<&Python>,
    named: &mut BTreeSet<Arc<str>>,
) -> Option<Why> {
    ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Class(class) => class_way_in(class, python, named),
        Ancestor::Unknown(why) => Some(why.clone()),
        Ancestor::Name(_) => None,
    })
}

fn class_way_in(
    class: &Arc<ClassDefinition>,
    python: Option<&Python>,
    named: &mut BTreeSet<Arc<str>>,
) -> Option<Why> {
    if let Some(why) = &class.unknown_body {
        return Some(why.clone());
    }
    if is_in_damaged_file(class, python) {
        return Some(Why::new(format!(
            "the file that defines `{}` has a syntax error",
            class.name
        )));
    }
    let metaclass = class
        .keywords
        .iter()
        .find(|(name, _)| &**name == "metaclass");
    if let Some((_, value)) = metaclass
        && let Some(why) = metaclass_way_in(value, python, named)
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

/// What is read of a file after a syntax error may be less than what stands there.
fn is_in_damaged_file(class: &ClassDefinition, python: Option<&Python>) -> bool {
    let module = python.and_then(|python| python.module(class.origin.file.path()).ok());
    module.is_some_and(|module| !module.problems().is_empty())
}

fn metaclass_way_in(
    value: &Value,
    python: Option<&Python>,
    named: &mut BTreeSet<Arc<str>>,
) -> Option<Why> {
    match &value.kind {
        ValueKind::Name(name) => named_metaclass_way_in(name),
        ValueKind::Class(metaclass) => read_metaclass_way_in(metaclass, python, named),
        ValueKind::Unknown(why) => Some(why.clone()),
        _ => Some(Why::new("the metaclass is not a class that can be read")),
    }
}

/// A metaclass that is known by name alone.
fn named_metaclass_way_in(name: &DottedName) -> Option<Why> {
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

/// A metaclass with a body: its own hooks, then bases of it that are names alone.
fn read_metaclass_way_in(
    metaclass: &Arc<ClassDefinition>,
    python: Option<&Python>,
    named: &mut BTreeSet<Arc<str>>,
) -> Option<Why> {
    let ancestors = ancestry(metaclass);
    let makers = ancestors.iter().filter_map(|ancestor| match ancestor {
        Ancestor::Class(class) => class.attribute("__new__"),
        Ancestor::Name(_) | Ancestor::Unknown(_) => None,
    });
    for new in makers {
        match given_names(new, python) {
            Ok(given) => named.extend(given),
            Err(why) => {
                return Some(Why::new(format!(
                    "the metaclass `{}` makes the class itself: {why}",
                    metaclass.name
                )));
            }
        }
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
        Ancestor::Name(_) => name_of(ancestor).and_then(named_metaclass_way_in),
        Ancestor::Unknown(why) => Some(why.clone()),
        Ancestor::Class(_) => None,
    })
}

fn given_names(new: &Value, python: Option<&Python>) -> Result<BTreeSet<Arc<str>>, Why> {
    match (&new.kind, python) {
        (ValueKind::Function(function), Some(python)) => python.names_given_to_class(function),
        _ => Err(Why::new("its `__new__` was not looked into")),
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
    // A field that adds itself is the one that stands in the body of the class.
    let text = text.replace("add_field(self", "");
    ADDING.iter().any(|word| text.contains(word))
}
