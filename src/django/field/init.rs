//! What the `__init__`s of a custom field class do to the arguments of a call on their way to Django's class.

use std::sync::Arc;

use crate::django::ancestry::inherited;
use crate::django::python::{Ancestor, Constructor, Python, Value, ValueKind};
use crate::schema::Why;

/// All constructors of a class, from the outermost to the one next to Django's class.
#[derive(Debug, Clone, Default)]
pub(in crate::django) struct Constructors {
    levels: Vec<Constructor>,
    /// One of them could not be followed.
    pub(in crate::django) unread: Option<Why>,
}

/// What the constructors say of one argument.
#[derive(Debug, Clone)]
pub(in crate::django) enum Said<'a> {
    /// Django's class gets this whatever the call says.
    Always(&'a Value),
    /// Django's class gets this when the call says nothing.
    ByDefault(&'a Value),
    Nothing,
    Unknown(Why),
}

impl Constructors {
    pub(in crate::django) fn unread(why: &Why) -> Self {
        Self {
            levels: Vec::new(),
            unread: Some(why.clone()),
        }
    }

    /// Follows every `__init__` between the class and Django's.
    pub(in crate::django) fn of(ancestors: &[Ancestor], python: Option<&Python>) -> Self {
        let mut found = Self::default();
        let made = ancestors.first().and_then(|ancestor| match ancestor {
            Ancestor::Class(class) => Some(Value {
                kind: ValueKind::Class(Arc::clone(class)),
                origin: class.origin.clone(),
            }),
            Ancestor::Name(_) | Ancestor::Unknown(_) => None,
        });
        let owners = ancestors
            .iter()
            .filter(|ancestor| inherited(std::slice::from_ref(*ancestor), "__init__").is_some());
        for owner in owners {
            let Some((class, value)) = inherited(std::slice::from_ref(owner), "__init__") else {
                continue;
            };
            let unread = |reason: &str| {
                Some(Why::new(format!(
                    "`{}` has its own `__init__`: {reason}",
                    class.name
                )))
            };
            match (&value.kind, python, &made) {
                (ValueKind::Function(function), Some(python), Some(made)) => {
                    match python.constructor(function, made) {
                        Ok(level) => found.levels.push(level),
                        Err(why) => found.unread = found.unread.or(unread(why.as_str())),
                    }
                }
                _ => found.unread = found.unread.or(unread("it was not looked into")),
            }
        }
        found
    }

    /// Whether a call goes to Django's class as it stands.
    pub(in crate::django) fn is_empty(&self) -> bool {
        self.levels.is_empty() && self.unread.is_none()
    }

    /// Whether what they make of some argument cannot be told without the arguments of a call.
    pub(super) fn is_open(&self) -> bool {
        let unknown = |(_, value): &(Arc<str>, Value)| value.why_unknown().is_some();
        self.unread.is_some()
            || self.levels.iter().any(|level| {
                !level.kept.is_empty()
                    || level.sets.iter().any(unknown)
                    || level.defaults.iter().any(unknown)
            })
    }

    pub(in crate::django) fn say(&self, name: &str) -> Said<'_> {
        let named = |list: &'_ [(Arc<str>, Value)]| -> Option<usize> {
            list.iter().rposition(|(set, _)| &**set == name)
        };
        for level in self.levels.iter().rev() {
            if let Some((_, value)) = named(&level.sets).and_then(|at| level.sets.get(at)) {
                return Said::Always(value);
            }
        }
        if self
            .levels
            .iter()
            .any(|level| level.kept.iter().any(|kept| &**kept == name))
        {
            return Said::Unknown(Why::new(format!(
                "`{name}` is an argument of its own `__init__`"
            )));
        }
        for level in &self.levels {
            let default = level.defaults.iter().find(|(set, _)| &**set == name);
            if let Some((_, value)) = default {
                return Said::ByDefault(value);
            }
        }
        self.unread.clone().map_or(Said::Nothing, Said::Unknown)
    }

    /// The parameters by position of the outermost constructor, before Django's.
    pub(in crate::django) fn parameters(&self) -> &[Arc<str>] {
        self.levels.first().map_or(&[], |level| &level.parameters)
    }
}
