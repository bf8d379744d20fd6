//! The classes that a class inherits from, in the order in which Python asks them for an attribute.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::python::{ClassDefinition, DottedName, Value, ValueKind};
use crate::schema::Why;

/// How deep bases may have bases before reading gives up.
const DEEPEST: usize = 64;

/// One class of an ancestry.
#[derive(Debug, Clone)]
pub enum Ancestor {
    /// Read from its file.
    Defined(Arc<ClassDefinition>),
    /// Known by its path alone: a class of Django, or one that is not on the search path.
    Named(DottedName),
    /// The base is an expression that could not be evaluated.
    Unknown(Why),
}

impl Ancestor {
    /// The dotted name; `None` where there is none.
    pub fn name(&self) -> Option<&DottedName> {
        match self {
            Self::Defined(class) => Some(&class.name),
            Self::Named(name) => Some(name),
            Self::Unknown(_) => None,
        }
    }
}

/// The class itself, then its ancestors, each once, after every class that inherits from it.
///
/// Depth first with the last mention kept: equal to Python's method resolution order wherever that exists
/// without crossing bases.
pub fn ancestry(class: &Arc<ClassDefinition>) -> Vec<Ancestor> {
    let mut found = Vec::new();
    collect(&Ancestor::Defined(Arc::clone(class)), DEEPEST, &mut found);
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for ancestor in found.into_iter().rev() {
        let is_new = match ancestor.name() {
            Some(name) => seen.insert(name.clone()),
            None => true,
        };
        if is_new {
            kept.push(ancestor);
        }
    }
    kept.reverse();
    kept
}

/// The first ancestor that binds a name in its body, and the value.
pub fn inherited<'a>(
    ancestors: &'a [Ancestor],
    name: &str,
) -> Option<(&'a Arc<ClassDefinition>, &'a Value)> {
    ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Defined(class) => class.attribute(name).map(|value| (class, value)),
        Ancestor::Named(_) | Ancestor::Unknown(_) => None,
    })
}

/// What a base of a class statement is: `models.Model`, `Generic[T]`, `with_metaclass(Meta, Base)`.
pub fn base_of(value: &Value) -> Ancestor {
    match &value.kind {
        ValueKind::Class(class) => Ancestor::Defined(Arc::clone(class)),
        ValueKind::Name(name) => Ancestor::Named(name.clone()),
        ValueKind::Unknown(why) => Ancestor::Unknown(why.clone()),
        _ => Ancestor::Unknown(Why::new("a base is not a class that can be read")),
    }
}

fn collect(ancestor: &Ancestor, left: usize, found: &mut Vec<Ancestor>) {
    found.push(ancestor.clone());
    let Ancestor::Defined(class) = ancestor else {
        return;
    };
    let Some(left) = left.checked_sub(1) else {
        found.push(Ancestor::Unknown(Why::new(format!(
            "`{}` has more than {DEEPEST} levels of bases",
            class.name
        ))));
        return;
    };
    for base in &class.bases {
        collect(&base_of(base), left, found);
    }
}
