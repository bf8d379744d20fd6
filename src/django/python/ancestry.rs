//! The ancestors of a class, in the order in which Python looks for attributes.

use std::collections::HashMap;
use std::sync::Arc;

use super::value::{ClassDefinition, DottedName, Value, ValueKind};
use crate::schema::Why;

/// One class of an ancestry.
#[derive(Debug, Clone)]
pub enum Ancestor {
    /// A class whose file was read.
    Class(Arc<ClassDefinition>),
    /// A class of Django, of Python, or of a package that is not on the path: its insides are not known here.
    Name(DottedName),
    /// A base that could not be followed.
    Unknown(Why),
}

impl Ancestor {
    fn key(&self) -> String {
        match self {
            Self::Class(class) => format!("class {} {:?}", class.name, class.origin.span),
            Self::Name(name) => format!("name {name}"),
            Self::Unknown(why) => format!("unknown {why}"),
        }
    }
}

/// Classes more than this far up are not followed: no project has them, and input may.
const HIGHEST: usize = 60;
const MOST: usize = 2_000;

/// The ancestry of any value that may be a class.
pub(super) fn ancestry_of(value: &Value) -> Vec<Ancestor> {
    match &value.kind {
        ValueKind::Class(class) => ancestry(class),
        _ => vec![base_of(value)],
    }
}

/// A class and its ancestors in the order in which Python looks for attributes, `object` left out.
///
/// The C3 order where there is one (Python refuses a class without); else depth first, each class once.
pub fn ancestry(class: &Arc<ClassDefinition>) -> Vec<Ancestor> {
    linear(class, &mut HashMap::new(), HIGHEST)
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

fn linear(
    class: &Arc<ClassDefinition>,
    known: &mut HashMap<usize, Vec<Ancestor>>,
    left: usize,
) -> Vec<Ancestor> {
    let key = Arc::as_ptr(class) as usize;
    if let Some(line) = known.get(&key) {
        return line.clone();
    }
    let Some(left) = left.checked_sub(1) else {
        return vec![Ancestor::Unknown(Why::new("its ancestry is too deep"))];
    };
    let mut lines = Vec::new();
    let mut bases = Vec::new();
    for base in &class.bases {
        let line = match &base.kind {
            ValueKind::Class(base) => linear(base, known, left),
            ValueKind::Name(name) if name.as_str() == "builtins.object" => continue,
            _ => vec![base_of(base)],
        };
        bases.extend(line.first().cloned());
        lines.push(line);
    }
    lines.push(bases);
    let mut order = vec![Ancestor::Class(Arc::clone(class))];
    order.extend(merge(lines));
    order.truncate(MOST);
    known.insert(key, order.clone());
    order
}

/// What a base of a class statement is.
pub(in crate::django) fn base_of(value: &Value) -> Ancestor {
    match &value.kind {
        ValueKind::Class(class) => Ancestor::Class(Arc::clone(class)),
        ValueKind::Name(name) => Ancestor::Name(name.clone()),
        ValueKind::Unknown(why) => Ancestor::Unknown(why.clone()),
        ValueKind::Call(call) => {
            let callee = match &call.callee.kind {
                ValueKind::Name(name) => name.to_string(),
                ValueKind::Class(class) => class.name.to_string(),
                _ => "a call".to_owned(),
            };
            Ancestor::Unknown(Why::new(format!("its base is what `{callee}` returns")))
        }
        _ => Ancestor::Unknown(Why::new("its base is not a class that can be read")),
    }
}

fn merge(lines: Vec<Vec<Ancestor>>) -> Vec<Ancestor> {
    let mut lines = lines
        .into_iter()
        .map(|line| {
            line.into_iter()
                .map(|ancestor| (ancestor.key(), ancestor))
                .collect::<std::collections::VecDeque<_>>()
        })
        .collect::<Vec<_>>();
    let mut order = Vec::new();
    loop {
        lines.retain(|line| !line.is_empty());
        let candidates = || lines.iter().filter_map(|line| line.front());
        let in_tail = |key: &str| {
            lines
                .iter()
                .any(|line| line.iter().skip(1).any(|(other, _)| other == key))
        };
        let chosen = candidates()
            .find(|(key, _)| !in_tail(key))
            .or_else(|| candidates().next())
            .cloned();
        let Some((key, ancestor)) = chosen else {
            return order;
        };
        for line in &mut lines {
            line.retain(|(other, _)| *other != key);
        }
        order.push(ancestor);
    }
}
