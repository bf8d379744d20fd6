//! The class of a field: one of Django's, or a class of the project or of a package that is followed to it.

use std::sync::Arc;

use super::class_table::{DjangoFieldClass, django_field_class};
use super::init::Constructors;
use crate::django::ancestry::{ancestry, inherited, name_of};
use crate::django::project_state::FieldKind;
use crate::django::python::Ancestor;
use crate::django::python::{ClassDefinition, DottedName, Python, Static, Value, ValueKind};
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
    /// What its `__init__`s set that the call does not say.
    pub(in crate::django) init: Constructors,
    /// `deconstruct` is overridden, so that two fields may be equal whose calls differ.
    pub(in crate::django) deconstruct: Option<Why>,
}

/// Follows the callee of a field's construction to Django's class.
pub(in crate::django) fn field_class(callee: &Value, python: Option<&Python>) -> FieldClass {
    match &callee.kind {
        ValueKind::Name(name) => named_class(name.as_str()),
        ValueKind::Class(class) => custom_class(class, python),
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
            kind: own_kind(class, path),
            db_type: None,
            init: Constructors::default(),
            deconstruct: None,
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
        init: Constructors::unread(&why),
        deconstruct: Some(why),
    }
}

fn custom_class(class: &Arc<ClassDefinition>, python: Option<&Python>) -> FieldClass {
    let ancestors = ancestry(class);
    let django = nearest_of_django(&ancestors);
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
    let mut init = Constructors::of(&ancestors, python);
    init.unread = init.unread.or_else(|| unread.clone());
    let methods = Methods {
        ancestors: &ancestors,
        unread: unread.as_ref(),
        python,
    };
    FieldClass {
        name: class.name.as_str().into(),
        django: Ok(django),
        kind: methods.internal_type(django),
        db_type: methods.db_type(),
        init,
        deconstruct: overrides("deconstruct"),
    }
}

/// The class of Django that the bases lead to: `models.Field` itself stands after every other one, as it is the base of
/// each.
fn nearest_of_django(ancestors: &[Ancestor]) -> Option<DjangoFieldClass> {
    let mut classes = ancestors.iter().filter_map(|ancestor| match ancestor {
        Ancestor::Name(name) => django_field_class(name.as_str()),
        Ancestor::Class(_) | Ancestor::Unknown(_) => None,
    });
    let first = classes.next()?;
    if first.is_bare {
        return Some(classes.find(|class| !class.is_bare).unwrap_or(first));
    }
    Some(first)
}

/// A base, or a part of a class body, that could not be read and may hold any method.
fn unread_ancestor(class: &ClassDefinition, ancestors: &[Ancestor]) -> Option<Why> {
    ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Unknown(why) => Some(why.clone()),
        Ancestor::Name(name) => {
            let known = django_field_class(name.as_str()).is_some() || is_harmless(name.as_str());
            (!known).then(|| {
                Why::new(format!(
                    "the base `{name}` of `{}` was not found",
                    class.name
                ))
            })
        }
        Ancestor::Class(defined) => defined.unknown_body.clone(),
    })
}

/// Bases that add nothing to what a field is in the database.
fn is_harmless(path: &str) -> bool {
    matches!(
        path,
        "object" | "builtins.object" | "abc.ABC" | "typing.Generic"
    ) || path == "django.db.models.mixins.FieldCacheMixin"
        || path == "django.db.models.CheckFieldDefaultMixin"
}

/// The kind of a class of Django; one over `models.Field` itself is of a kind of its own.
fn own_kind(class: DjangoFieldClass, path: &str) -> Static<FieldKind> {
    if class.is_bare {
        return Err(Why::new(format!(
            "`{path}` is a field class of its own kind"
        )));
    }
    Ok(class.kind)
}

/// The methods of a class that decide its column.
struct Methods<'a> {
    ancestors: &'a [Ancestor],
    unread: Option<&'a Why>,
    python: Option<&'a Python>,
}

impl Methods<'_> {
    fn db_type(&self) -> Option<Static<Option<Arc<str>>>> {
        let Some((owner, value)) = inherited(self.ancestors, "db_type") else {
            return self.unread.map(|why| Err(why.clone()));
        };
        Some(match self.returned(value).map(|returned| returned.kind) {
            Some(ValueKind::Str(text)) => Ok(Some(text.text)),
            Some(ValueKind::None) => Ok(None),
            _ => Err(Why::new(format!(
                "`db_type` of `{}` is not a constant",
                owner.name
            ))),
        })
    }

    fn internal_type(&self, django: DjangoFieldClass) -> Static<FieldKind> {
        let Some((owner, value)) = inherited(self.ancestors, "get_internal_type") else {
            if let Some(why) = self.unread {
                return Err(why.clone());
            }
            let name = self.ancestors.first().and_then(name_of);
            return own_kind(django, name.map_or("?", DottedName::as_str));
        };
        let unclear = || {
            Why::new(format!(
                "`get_internal_type` of `{}` is not a class name of Django",
                owner.name
            ))
        };
        let returned = self.returned(value).ok_or_else(unclear)?;
        let name = returned.as_str().ok_or_else(unclear)?;
        django_field_class(&format!("django.db.models.{name}"))
            .map(|class| class.kind)
            .ok_or_else(unclear)
    }

    /// What a method returns for every field of the class on a connection to PostgreSQL.
    fn returned(&self, method: &Value) -> Option<Value> {
        match (&method.kind, self.python) {
            (ValueKind::Function(function), Some(python)) => {
                Some(python.returned_by_method(function, self.ancestors))
            }
            _ => None,
        }
    }
}
