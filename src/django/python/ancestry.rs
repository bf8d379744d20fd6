//! The ancestors of a class, in the order in which Python looks for attributes.

use std::collections::{HashMap, VecDeque};
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
    /// Whether both are one class, however often it was read.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Class(one), Self::Class(other)) => {
                Arc::ptr_eq(one, other)
                    || (one.origin.span == other.origin.span && one.name == other.name)
            }
            (Self::Name(one), Self::Name(other)) => one == other,
            (Self::Unknown(one), Self::Unknown(other)) => one.to_string() == other.to_string(),
            (Self::Class(_) | Self::Name(_) | Self::Unknown(_), _) => false,
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
    linear(class, &mut HashMap::new(), HIGHEST).order
}

/// What stands above a class, kept with the class once it was asked for.
#[derive(Debug, Clone)]
pub(super) struct Above {
    ancestors: Arc<[Ancestor]>,
    /// How many classes stand one over the other, the class itself included.
    height: usize,
}

/// A class with its ancestors after it.
#[derive(Clone)]
struct Line {
    order: Vec<Ancestor>,
    /// As [`Above::height`]; `None` where the ancestry is cut.
    height: Option<usize>,
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

fn linear(class: &Arc<ClassDefinition>, known: &mut HashMap<usize, Line>, left: usize) -> Line {
    let key = Arc::as_ptr(class) as usize;
    if let Some(above) = class.above.get().filter(|above| above.height <= left) {
        let itself = std::iter::once(Ancestor::Class(Arc::clone(class)));
        return Line {
            order: itself.chain(above.ancestors.iter().cloned()).collect(),
            height: Some(above.height),
        };
    }
    if let Some(line) = known.get(&key) {
        return line.clone();
    }
    let Some(left) = left.checked_sub(1) else {
        return Line {
            order: vec![Ancestor::Unknown(Why::new("its ancestry is too deep"))],
            height: None,
        };
    };
    let (mut ancestors, height) = above(class, known, left);
    let height = height.map(|height| height + 1);
    if let Some(height) = height {
        let ancestors = ancestors.as_slice().into();
        // Another thread may have been first: its answer is the same.
        let _lost = class.above.set(Above { ancestors, height });
    }
    ancestors.insert(0, Ancestor::Class(Arc::clone(class)));
    let line = Line {
        order: ancestors,
        height,
    };
    if height.is_none() {
        known.insert(key, line.clone());
    }
    line
}

/// The ancestors of a class, and how high they stand; `None` where they are cut.
fn above(
    class: &ClassDefinition,
    known: &mut HashMap<usize, Line>,
    left: usize,
) -> (Vec<Ancestor>, Option<usize>) {
    let mut lines = Vec::new();
    let mut height = Some(0);
    for base in &class.bases {
        let line = match &base.kind {
            ValueKind::Class(base) => linear(base, known, left),
            ValueKind::Name(name) if name.as_str() == "builtins.object" => continue,
            _ => Line {
                order: vec![base_of(base)],
                height: Some(0),
            },
        };
        height = height
            .zip(line.height)
            .map(|(one, other): (usize, _)| one.max(other));
        lines.push(line.order);
    }
    let mut ancestors = in_one_order(lines);
    ancestors.truncate(MOST.saturating_sub(1));
    (ancestors, height)
}

/// The lines of all bases as one.
fn in_one_order(mut lines: Vec<Vec<Ancestor>>) -> Vec<Ancestor> {
    match lines.pop() {
        // What has one base has the order of that base after it.
        Some(line) if lines.is_empty() => line,
        Some(line) => {
            lines.push(line);
            let bases = lines.iter().filter_map(|line| line.first().cloned());
            lines.push(bases.collect());
            merge(lines)
        }
        None => Vec::new(),
    }
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
    let mut lines = lines.into_iter().map(VecDeque::from).collect::<Vec<_>>();
    let mut order = Vec::new();
    loop {
        lines.retain(|line| !line.is_empty());
        let candidates = || lines.iter().filter_map(VecDeque::front);
        let in_tail = |one: &Ancestor| {
            lines
                .iter()
                .any(|line| line.iter().skip(1).any(|other| other.is_same(one)))
        };
        let chosen = candidates()
            .find(|one| !in_tail(one))
            .or_else(|| candidates().next())
            .cloned();
        let Some(ancestor) = chosen else {
            return order;
        };
        for line in &mut lines {
            line.retain(|other| !other.is_same(&ancestor));
        }
        order.push(ancestor);
    }
}
