//! Truth, equality and order of values, where they are known.

use ruff_python_ast::CmpOp;

use super::function_access;
use super::value::{Value, ValueKind};
use crate::schema::Why;

/// Whether Python would take the value as true.
pub(super) fn truth(value: &Value) -> Result<bool, Why> {
    Ok(match &value.kind {
        ValueKind::None => false,
        ValueKind::Bool(value) => *value,
        ValueKind::Int(value) => *value != 0,
        ValueKind::Float(value) => !matches!(&**value, "0.0" | "-0.0"),
        ValueKind::Str(text) => !text.text.is_empty(),
        ValueKind::Bytes(bytes) => !bytes.is_empty(),
        ValueKind::List(items) | ValueKind::Tuple(items) | ValueKind::Set(items) => {
            let is_certain = |item: &Value| !matches!(item.kind, ValueKind::Rest(_));
            match value.why_open() {
                Some(why) if !items.iter().any(is_certain) => return Err(why.clone()),
                _ => !items.is_empty(),
            }
        }
        ValueKind::Dict(entries) => !entries.is_empty(),
        ValueKind::Class(_) | ValueKind::Function(_) | ValueKind::Module(_) => true,
        ValueKind::Name(name) => {
            return Err(Why::new(format!("the value of `{name}` is not known")));
        }
        ValueKind::Call(_) | ValueKind::Operation(_) => {
            return Err(Why::new("the result of a call is not known"));
        }
        ValueKind::Unknown(why) | ValueKind::Rest(why) => return Err(why.clone()),
    })
}

/// Whether two values are equal; `None` where that cannot be known.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    use ValueKind as Kind;
    match (&left.kind, &right.kind) {
        (Kind::Unknown(_) | Kind::Rest(_), _) | (_, Kind::Unknown(_) | Kind::Rest(_)) => None,
        _ if left.why_open().is_some() || right.why_open().is_some() => None,
        (Kind::Name(left), Kind::Name(right)) => (left == right).then_some(true),
        (Kind::Name(_) | Kind::Call(_) | Kind::Operation(_), _)
        | (_, Kind::Name(_) | Kind::Call(_) | Kind::Operation(_)) => None,
        (Kind::None, Kind::None) => Some(true),
        (Kind::Str(left), Kind::Str(right)) => Some(left.text == right.text),
        (Kind::Bytes(left), Kind::Bytes(right)) => Some(left == right),
        (Kind::List(left), Kind::List(right)) | (Kind::Tuple(left), Kind::Tuple(right)) => {
            let pairs = left.iter().zip(right.iter());
            if left.len() == right.len() {
                all(pairs.map(|(left, right)| equal(left, right)))
            } else {
                Some(false)
            }
        }
        (Kind::Set(left), Kind::Set(right)) => {
            if left.len() != right.len() {
                return Some(false);
            }
            all(left.iter().map(|item| contains(right, item)))
        }
        (Kind::Dict(left), Kind::Dict(right)) => {
            if left.len() != right.len() {
                return Some(false);
            }
            all(left.iter().map(|(key, value)| {
                right
                    .iter()
                    .find(|(other, _)| equal(key, other) == Some(true))
                    .map_or(Some(false), |(_, other)| equal(value, other))
            }))
        }
        (Kind::Class(left), Kind::Class(right)) => Some(left.name == right.name),
        (Kind::Function(left), Kind::Function(right)) => Some(left.body == right.body),
        (Kind::Module(left), Kind::Module(right)) => Some(left == right),
        _ => match (float(left), float(right)) {
            (Some(left), Some(right)) => Some(left.total_cmp(&right).is_eq()),
            _ => Some(false),
        },
    }
}

fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}

/// Whether an item is among others; `None` where that cannot be known.
pub(super) fn contains(items: &[Value], item: &Value) -> Option<bool> {
    let mut result = Some(false);
    for other in items {
        match equal(other, item) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

/// The order of two values of comparable types.
pub(super) fn order(left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
    match (&left.kind, &right.kind) {
        (ValueKind::Str(left), ValueKind::Str(right)) => Some(left.text.cmp(&right.text)),
        (ValueKind::Int(left), ValueKind::Int(right)) => Some(left.cmp(right)),
        (ValueKind::List(left), ValueKind::List(right))
        | (ValueKind::Tuple(left), ValueKind::Tuple(right)) => {
            for (left, right) in left.iter().zip(right.iter()) {
                match order(left, right)? {
                    std::cmp::Ordering::Equal => {}
                    other => return Some(other),
                }
            }
            Some(left.len().cmp(&right.len()))
        }
        _ => float(left)?.partial_cmp(&float(right)?),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "Python compares an int and a float by value; beyond 2^53 an answer off by one changes no schema"
)]
fn float(value: &Value) -> Option<f64> {
    match &value.kind {
        ValueKind::Bool(value) => Some(f64::from(u8::from(*value))),
        ValueKind::Int(value) => Some(*value as f64),
        ValueKind::Float(text) => text.parse().ok(),
        _ => None,
    }
}

/// The answer of a comparison operator.
pub(super) fn compare(operator: CmpOp, left: &Value, right: &Value) -> Result<bool, Why> {
    let answer = match operator {
        CmpOp::Eq => equal(left, right),
        CmpOp::NotEq => equal(left, right).map(|equal| !equal),
        CmpOp::Is => identical(left, right),
        CmpOp::IsNot => identical(left, right).map(|same| !same),
        CmpOp::In => member(left, right),
        CmpOp::NotIn => member(left, right).map(|within| !within),
        CmpOp::Lt => order(left, right).map(std::cmp::Ordering::is_lt),
        CmpOp::LtE => order(left, right).map(std::cmp::Ordering::is_le),
        CmpOp::Gt => order(left, right).map(std::cmp::Ordering::is_gt),
        CmpOp::GtE => order(left, right).map(std::cmp::Ordering::is_ge),
    };
    answer.ok_or_else(|| {
        let unknown = left.why_unknown().or(right.why_unknown());
        unknown
            .cloned()
            .unwrap_or_else(|| Why::new("the comparison cannot be decided"))
    })
}

fn identical(left: &Value, right: &Value) -> Option<bool> {
    match (&left.kind, &right.kind) {
        // What was constructed is not None.
        (ValueKind::None, ValueKind::Call(_) | ValueKind::Operation(_))
        | (ValueKind::Call(_) | ValueKind::Operation(_), ValueKind::None) => Some(false),
        (ValueKind::None, ValueKind::Name(name)) | (ValueKind::Name(name), ValueKind::None)
            if is_given(name.as_str()) =>
        {
            Some(false)
        }
        _ => equal(left, right),
    }
}

/// What Django hands to the code of a migration is not None.
fn is_given(name: &str) -> bool {
    [function_access::EDITOR, function_access::STATE_APPS].contains(&name)
}

fn member(item: &Value, of: &Value) -> Option<bool> {
    match &of.kind {
        ValueKind::List(items) | ValueKind::Tuple(items) | ValueKind::Set(items) => {
            contains(items, item)
        }
        ValueKind::Dict(entries) => {
            let mut result = Some(false);
            for (key, _) in entries.iter() {
                match equal(key, item) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => result = None,
                }
            }
            result
        }
        ValueKind::Str(text) => item.as_str().map(|item| text.text.contains(item)),
        _ => None,
    }
}

/// The items of a set: of equal ones the first stays.
pub(super) fn distinct(items: Vec<Value>) -> Vec<Value> {
    let mut seen = std::collections::HashSet::new();
    let mut kept: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let fresh = match &item.kind {
            ValueKind::Str(text) => seen.insert(std::sync::Arc::clone(&text.text)),
            _ => kept.len() > 1_000 || contains(&kept, &item) != Some(true),
        };
        if fresh {
            kept.push(item);
        }
    }
    kept
}

/// The entries of a dict: of equal keys the last value stays, at the place of the first.
pub(super) fn last_wins(entries: Vec<(Value, Value)>) -> Vec<(Value, Value)> {
    let mut seen = std::collections::HashMap::new();
    let mut kept: Vec<(Value, Value)> = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let place = match &key.kind {
            ValueKind::Str(text) => {
                let next = kept.len();
                Some(
                    *seen
                        .entry(std::sync::Arc::clone(&text.text))
                        .or_insert(next),
                )
            }
            _ if kept.len() > 1_000 => None,
            _ => kept
                .iter()
                .position(|(other, _)| equal(other, &key) == Some(true)),
        };
        match place.and_then(|place| kept.get_mut(place)) {
            Some(entry) => entry.1 = value,
            None => kept.push((key, value)),
        }
    }
    kept
}
