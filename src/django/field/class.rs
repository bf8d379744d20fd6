//! The class of a field: one of Django's, or a class of the project or of a package that is followed to it.

use std::sync::Arc;

use super::class_table::{DjangoFieldClass, django_field_class};
use crate::django::ancestry::{Ancestor, ancestry, inherited};
use crate::django::project_state::FieldKind;
use crate::django::python::{ClassDefinition, Static, Value, ValueKind};
use crate::schema::Why;

/// What is known of the class that a field is constructed from.
#[derive(Debug, Clone)]
pub(in crate::django) struct FieldClass {
    /// As written, for messages.
    pub(in crate::django) name: Arc<str>,
    /// The class of Django at the end of the bases.
    pub(in crate::django) django: Static<DjangoFieldClass>,
    /// What `get_internal_type` answers, where a class of the way overrides it.
    pub(in crate::django) kind: Static<FieldKind>,
    pub(in crate::django) db_type: Option<Static<Option<Arc<str>>>>,
    /// Its `__init__` may set what the call does not say.
    pub(in crate::django) init: Option<Why>,
    /// `deconstruct` is overridden, so that two fields may be equal whose calls differ.
    pub(in crate::django) deconstruct: Option<Why>,
    /// `contribute_to_class` is overridden: the field may bring others with it.
    pub(in crate::django) contributes: Option<Why>,
}

/// Follows the callee of a field's construction to Django's class.
pub(in crate::django) fn field_class(callee: &Value) -> FieldClass {
    match &callee.kind {
        ValueKind::Name(name) => named_class(name.as_str()),
        ValueKind::Class(class) => custom_class(class),
        ValueKind::Unknown(why) => unknown_class("?", why.clone()),
        _ => unknown_class(
            "?",
            Why::new("the class of the field is an expression that is not followed"),
        ),
    }
}

fn named_class(path: &str) -> FieldClass {
    let shown = path.strip_prefix("django.db.").unwrap_or(path);
    match django_field_class(path) {
        Some(class) => FieldClass {
            name: shown.into(),
            django: Ok(class),
            kind: Ok(class.kind),
            db_type: None,
            init: None,
            deconstruct: None,
            contributes: None,
        },
        None => unknown_class(
            shown,
            Why::new(format!("the field class `{path}` was not found")),
        ),
    }
}

fn unknown_class(name: &str, why: Why) -> FieldClass {
    FieldClass {
        name: name.into(),
        django: Err(why.clone()),
        kind: Err(why.clone()),
        db_type: Some(Err(why.clone())),
        init: Some(why.clone()),
        deconstruct: Some(why.clone()),
        contributes: Some(why),
    }
}

fn custom_class(class: &Arc<ClassDefinition>) -> FieldClass {
    let ancestors = ancestry(class);
    let django = ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Named(name) => django_field_class(name.as_str()),
        Ancestor::Defined(_) | Ancestor::Unknown(_) => None,
    });
    let unread = unread_ancestor(class, &ancestors);
    let Some(django) = django else {
        let why = unread.unwrap_or_else(|| {
            Why::new(format!(
                "no base of `{}` is a field class of Django",
                class.name
            ))
        });
        return unknown_class(class.name.as_str(), why);
    };
    let overrides = |method: &str| -> Option<Why> {
        inherited(&ancestors, method)
            .map(|(owner, _)| Why::new(format!("`{}` overrides `{method}`", owner.name)))
            .or_else(|| unread.clone())
    };
    FieldClass {
        name: class.name.as_str().into(),
        django: Ok(django),
        kind: internal_type(&ancestors, django, unread.as_ref()),
        db_type: db_type(&ancestors, unread.as_ref()),
        init: overrides("__init__"),
        deconstruct: overrides("deconstruct"),
        contributes: overrides("contribute_to_class"),
    }
}

/// A base, or a part of a class body, that could not be read and may hold any method.
fn unread_ancestor(class: &ClassDefinition, ancestors: &[Ancestor]) -> Option<Why> {
    ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Unknown(why) => Some(why.clone()),
        Ancestor::Named(name) => {
            let known = django_field_class(name.as_str()).is_some() || is_harmless(name.as_str());
            (!known).then(|| {
                Why::new(format!(
                    "the base `{name}` of `{}` was not found",
                    class.name
                ))
            })
        }
        Ancestor::Defined(defined) => defined.unknown_body.clone(),
    })
}

/// Bases that add nothing to what a field is in the database.
fn is_harmless(path: &str) -> bool {
    matches!(
        path,
        "object" | "builtins.object" | "abc.ABC" | "typing.Generic"
    ) || path == "django.db.models.Field"
        || path == "django.db.models.mixins.FieldCacheMixin"
        || path == "django.db.models.CheckFieldDefaultMixin"
}

fn db_type(ancestors: &[Ancestor], unread: Option<&Why>) -> Option<Static<Option<Arc<str>>>> {
    match inherited(ancestors, "db_type") {
        Some((owner, value)) => Some(match constant(value) {
            Some(returned) => match &returned.kind {
                ValueKind::Str(text) => Ok(Some(Arc::clone(&text.text))),
                ValueKind::None => Ok(None),
                _ => Err(Why::new(format!(
                    "`db_type` of `{}` is not a constant",
                    owner.name
                ))),
            },
            None => Err(Why::new(format!(
                "`db_type` of `{}` is not a constant",
                owner.name
            ))),
        }),
        None => unread.map(|why| Err(why.clone())),
    }
}

fn internal_type(
    ancestors: &[Ancestor],
    django: DjangoFieldClass,
    unread: Option<&Why>,
) -> Static<FieldKind> {
    let Some((owner, value)) = inherited(ancestors, "get_internal_type") else {
        return match unread {
            Some(why) => Err(why.clone()),
            None => Ok(django.kind),
        };
    };
    let unclear = || {
        Why::new(format!(
            "`get_internal_type` of `{}` is not a class name of Django",
            owner.name
        ))
    };
    let returned = constant(value).ok_or_else(unclear)?;
    let name = returned.as_str().ok_or_else(unclear)?;
    django_field_class(&format!("django.db.models.{name}"))
        .map(|class| class.kind)
        .ok_or_else(unclear)
}

/// What a method returns, where that is one constant.
fn constant(_method: &Value) -> Option<Value> {
    None
}
