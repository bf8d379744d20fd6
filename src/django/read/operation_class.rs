//! What class an operation is of: one of Django's, or a class of the project that is followed to it.

use std::sync::Arc;

use crate::django::ancestry::{ancestry, inherited};
use crate::django::python::{Ancestor, ClassDefinition, Value, ValueKind};
use crate::schema::Why;

pub(super) enum OperationClass {
    /// Django's class, which says what it does; `shown` may be a class of the project that adds nothing to it.
    Django { class: Arc<str>, shown: Arc<str> },
    Custom {
        shown: Arc<str>,
        why: Why,
        state: StateEffect,
    },
}

/// What a custom class does to Django's state.
pub(super) enum StateEffect {
    Nothing,
    /// What a class of Django does.
    As(Arc<str>),
    Unknown,
}

pub(super) fn operation_class(callee: &Value) -> OperationClass {
    let unknown = |shown: &str, why: Why| OperationClass::Custom {
        shown: shown.into(),
        why,
        state: StateEffect::Unknown,
    };
    match &callee.kind {
        ValueKind::Name(name) if is_django_operation(name.as_str()) => OperationClass::Django {
            class: name.last().into(),
            shown: name.last().into(),
        },
        ValueKind::Name(name) => unknown(
            name.last(),
            Why::new(format!("the operation class `{name}` was not found")),
        ),
        ValueKind::Class(class) => custom_operation(class),
        ValueKind::Unknown(why) => unknown("?", why.clone()),
        _ => unknown("?", Why::new("the class of the operation is not followed")),
    }
}

/// A class of the project: Django's class where it adds nothing to what that does.
fn custom_operation(class: &Arc<ClassDefinition>) -> OperationClass {
    let shown: Arc<str> = class.name.last().into();
    let ancestors = ancestry(class);
    let has = |method: &str| inherited(&ancestors, method).is_some();
    let django = ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Name(name) if is_django_operation(name.as_str()) => {
            Some(Arc::<str>::from(name.last()))
        }
        _ => None,
    });
    let unread = ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Unknown(why) => Some(why.clone()),
        _ => None,
    });
    let own = [
        "__init__",
        "__new__",
        "state_forwards",
        "database_forwards",
        "allow_migrate_model",
    ]
    .into_iter()
    .find(|method| has(method));
    let state = match (&django, inherited(&ancestors, "state_forwards")) {
        _ if unread.is_some() => StateEffect::Unknown,
        (_, Some((_, hook))) if does_nothing(hook) => StateEffect::Nothing,
        (Some(django), None) if !has("__init__") && !has("__new__") => {
            StateEffect::As(Arc::clone(django))
        }
        // They work on the database alone (`django/db/migrations/operations/special.py`).
        (Some(django), None) if matches!(&**django, "RunPython") => StateEffect::Nothing,
        _ => StateEffect::Unknown,
    };
    match (django, own, unread) {
        (Some(django), None, None) => OperationClass::Django {
            class: django,
            shown,
        },
        (_, _, Some(why)) => OperationClass::Custom { shown, why, state },
        (_, Some(method), None) => OperationClass::Custom {
            shown,
            why: Why::new(format!(
                "the operation class `{}` has its own `{method}`",
                class.name
            )),
            state,
        },
        (None, None, None) => OperationClass::Custom {
            shown,
            why: Why::new(format!(
                "the operation class `{}` extends none of Django's",
                class.name
            )),
            state,
        },
    }
}

/// A method whose body is `pass`.
fn does_nothing(method: &Value) -> bool {
    let ValueKind::Function(function) = &method.kind else {
        return false;
    };
    let text = function.origin.file.slice(function.origin.span);
    let body = text.split_once(':').map_or("", |(_, body)| body).trim();
    body == "pass" || body == "return" || body == "return None" || body == "..."
}

fn is_django_operation(path: &str) -> bool {
    let Some((module, class)) = path.rsplit_once('.') else {
        return false;
    };
    let is_base = class == "Operation";
    !is_base
        && (module == "django.db.migrations"
            || module.starts_with("django.db.migrations.operations")
            || module == "django.contrib.postgres.operations")
}
