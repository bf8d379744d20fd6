//! What a changing method or an assignment to an item leaves of a list, a set or a dict.

use ruff_python_ast::ExprCall;

use super::calls::Arguments;
use super::compare::{distinct, equal, last_wins};
use super::evaluate::Evaluator;
use super::format;
use super::frame::Frame;
use super::growth::{not_computed, rest};
use super::methods::keyword_entries;
use super::subscript::place;
use super::value::{Value, ValueKind};
use crate::schema::Why;

impl Evaluator<'_> {
    /// The value that a changing method leaves: `items.append(x)`.
    pub(super) fn changed(
        &mut self,
        frame: &mut Frame<'_>,
        target: &Value,
        (method, call): (&str, &ExprCall),
    ) -> Value {
        let arguments = self.arguments(frame, call);
        let origin = target.origin.clone();
        match self.changed_kind(target, method, &arguments) {
            Ok(kind) => Value { kind, origin },
            Err(why) => Value::unknown(why, origin),
        }
    }

    fn changed_kind(
        &mut self,
        target: &Value,
        method: &str,
        arguments: &Arguments,
    ) -> Result<ValueKind, Why> {
        if let Some(why) = &arguments.unknown {
            return Err(why.clone());
        }
        match &target.kind {
            ValueKind::List(items) => {
                self.spend(items.len() / 8)?;
                let items = self.changed_list(items.to_vec(), method, arguments)?;
                Ok(ValueKind::List(items.into()))
            }
            ValueKind::Set(items) => {
                let mut items = items.to_vec();
                match method {
                    "add" => items.push(first(arguments, method)?.clone()),
                    "update" => items.extend(self.iterate(first(arguments, method)?)?),
                    _ => return Err(not_followed(method)),
                }
                Ok(ValueKind::Set(distinct(items).into()))
            }
            ValueKind::Dict(entries) => {
                self.spend(entries.len() / 8)?;
                let entries = changed_dict(entries.to_vec(), method, arguments)?;
                Ok(ValueKind::Dict(last_wins(entries).into()))
            }
            ValueKind::Unknown(why) => Err(why.clone()),
            // A method of some object that happens to be called so: it stays what it is.
            other => Ok(other.clone()),
        }
    }

    fn changed_list(
        &mut self,
        mut items: Vec<Value>,
        method: &str,
        arguments: &Arguments,
    ) -> Result<Vec<Value>, Why> {
        let is_open = items
            .iter()
            .any(|item| matches!(item.kind, ValueKind::Rest(_)));
        match method {
            "append" => items.push(first(arguments, method)?.clone()),
            "extend" => {
                let more = first(arguments, method)?;
                match not_computed(more) {
                    Some(why) => items.push(rest(&why, &more.origin)),
                    None => items.extend(self.iterate_open(more)?),
                }
            }
            "insert" if !is_open || is_first(arguments) => insert(&mut items, arguments)?,
            "remove" | "clear" => items = shortened(items, method, arguments)?,
            "reverse" | "pop" if !is_open => items = shortened(items, method, arguments)?,
            "sort" if !is_open && arguments.keywords.is_empty() => {
                items = super::builtins::sorted(items)?;
            }
            _ => return Err(not_followed(method)),
        }
        Ok(items)
    }

    /// `owner[key] = value`.
    pub(super) fn with_item(&mut self, owner: Value, key: Value, value: Value) -> Value {
        let kind = match (&owner.kind, &key.kind) {
            (ValueKind::Dict(entries), kind) if !matches!(kind, ValueKind::Unknown(_)) => {
                let mut entries = entries.to_vec();
                match self.spend(entries.len() / 8) {
                    Ok(()) => {
                        entries.push((key, value));
                        ValueKind::Dict(last_wins(entries).into())
                    }
                    Err(why) => ValueKind::Unknown(why),
                }
            }
            (ValueKind::List(items), ValueKind::Int(index)) => {
                let mut items = items.to_vec();
                match place(items.len(), *index).and_then(|at| items.get_mut(at)) {
                    Some(item) => {
                        *item = value;
                        ValueKind::List(items.into())
                    }
                    None => ValueKind::Unknown(Why::new("the index is out of range")),
                }
            }
            (ValueKind::Unknown(why), _) => ValueKind::Unknown(why.clone()),
            (ValueKind::Dict(_) | ValueKind::List(_), _) => {
                ValueKind::Unknown(Why::new("an item is set whose key is not known"))
            }
            (other, _) => other.clone(),
        };
        Value {
            kind,
            origin: owner.origin,
        }
    }
}

fn not_followed(method: &str) -> Why {
    Why::new(format!("`{method}` is not followed"))
}

fn first<'a>(arguments: &'a Arguments, method: &str) -> Result<&'a Value, Why> {
    let missing = || Why::new(format!("`{method}` without an argument"));
    arguments.positional.first().ok_or_else(missing)
}

/// `list.insert`, which clamps its index.
/// A list after a method that adds nothing to it.
fn shortened(
    mut items: Vec<Value>,
    method: &str,
    arguments: &Arguments,
) -> Result<Vec<Value>, Why> {
    match method {
        "remove" => {
            let value = first(arguments, method)?;
            let is_it = |item: &Value| equal(item, value) == Some(true);
            let at = items.iter().position(is_it);
            let at = at.ok_or_else(|| Why::new("`remove` of what is not known to be there"))?;
            items.remove(at);
        }
        "pop" => {
            let index = match arguments.positional.first().map(|value| &value.kind) {
                None => -1,
                Some(ValueKind::Int(index)) => *index,
                Some(_) => return Err(Why::new("the index of `pop` is not known")),
            };
            let at = place(items.len(), index).ok_or_else(|| Why::new("`pop` out of range"))?;
            items.remove(at);
        }
        "clear" => items.clear(),
        _ => items.reverse(),
    }
    Ok(items)
}

/// Whether `insert` puts something before all others.
fn is_first(arguments: &Arguments) -> bool {
    let index = arguments.positional.first();
    index.is_some_and(|index| matches!(index.kind, ValueKind::Int(0)))
}

fn insert(items: &mut Vec<Value>, arguments: &Arguments) -> Result<(), Why> {
    let index = first(arguments, "insert")?;
    let value = arguments
        .positional
        .get(1)
        .ok_or_else(|| Why::new("`insert` without a value"))?;
    let ValueKind::Int(index) = index.kind else {
        return Err(Why::new("the index of `insert` is not known"));
    };
    let length = i128::try_from(items.len()).unwrap_or(i128::MAX);
    let at = if index < 0 {
        (index + length).max(0)
    } else {
        index.min(length)
    };
    items.insert(usize::try_from(at).unwrap_or(0), value.clone());
    Ok(())
}

fn changed_dict(
    mut entries: Vec<(Value, Value)>,
    method: &str,
    arguments: &Arguments,
) -> Result<Vec<(Value, Value)>, Why> {
    match method {
        "update" => {
            if let Some(more) = arguments.positional.first() {
                let ValueKind::Dict(more) = &more.kind else {
                    return Err(Why::new("`update` by what is not a known dict"));
                };
                entries.extend(more.iter().cloned());
            }
            entries.extend(keyword_entries(&arguments.keywords));
        }
        "pop" => {
            let key = first(arguments, method)?;
            format::find(&entries, key)?;
            entries.retain(|(other, _)| equal(other, key) != Some(true));
        }
        "setdefault" => {
            let key = first(arguments, method)?;
            if format::find(&entries, key)?.is_none() {
                let value = arguments.positional.get(1);
                let value = value.ok_or_else(|| Why::new("`setdefault` without a value"))?;
                entries.push((key.clone(), value.clone()));
            }
        }
        "clear" => entries.clear(),
        _ => return Err(not_followed(method)),
    }
    Ok(entries)
}
