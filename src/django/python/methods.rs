//! The methods of lists, tuples, sets and dicts.

use std::sync::Arc;

use super::calls::Arguments;
use super::compare::distinct;
use super::evaluate::Evaluator;
use super::format;
use super::subscript::place;
use super::text::generated;
use super::value::{Text, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

/// Whether methods of the value are those of Python's own types.
pub(super) fn has_methods(value: &Value) -> bool {
    matches!(
        value.kind,
        ValueKind::Str(_)
            | ValueKind::List(_)
            | ValueKind::Tuple(_)
            | ValueKind::Set(_)
            | ValueKind::Dict(_)
    )
}

impl Evaluator<'_> {
    /// `"...".join(items)`, `settings.items()`, `name.lower()`.
    pub(super) fn method(
        &mut self,
        owner: &Value,
        (name, arguments): (&str, &Arguments),
        origin: Origin,
    ) -> Value {
        let kind = match (&owner.kind, &arguments.unknown) {
            (_, Some(why)) => Err(why.clone()),
            (ValueKind::Str(text), None) => self.text_method(text, (name, arguments), &origin),
            (ValueKind::Dict(entries), None) if matches!(name, "get" | "pop" | "setdefault") => {
                let is_error = name == "pop" && arguments.get(1, "default").is_none();
                if is_error
                    && !arguments.positional.first().is_some_and(|key| {
                        format::find(entries, key).is_ok_and(|found| found.is_some())
                    })
                {
                    let why = Why::new("`pop` of a key that is not known to be there");
                    return Value::unknown(why, origin);
                }
                return looked_up(entries, arguments, &origin)
                    .unwrap_or_else(|why| Value::unknown(why, origin));
            }
            (ValueKind::Dict(entries), None) => dict_method(owner, entries, name),
            (ValueKind::List(items) | ValueKind::Tuple(items) | ValueKind::Set(items), None) => {
                self.list_method(owner, items, (name, arguments))
            }
            _ => Err(Why::new(format!("`{name}` is not followed"))),
        };
        let kind = kind.unwrap_or_else(ValueKind::Unknown);
        Value { kind, origin }
    }

    fn list_method(
        &mut self,
        owner: &Value,
        items: &[Value],
        (name, arguments): (&str, &Arguments),
    ) -> Result<ValueKind, Why> {
        match name {
            "copy" => Ok(owner.kind.clone()),
            "pop" => taken(items, arguments),
            "index" | "count" => {
                let equal = |item: &Value| {
                    let wanted = arguments.positional.first();
                    wanted.is_some_and(|wanted| super::compare::equal(item, wanted) == Some(true))
                };
                let found = if name == "count" {
                    Some(items.iter().filter(|item| equal(item)).count())
                } else {
                    items.iter().position(equal)
                };
                let number = found.and_then(|found| i128::try_from(found).ok());
                number
                    .map(ValueKind::Int)
                    .ok_or_else(|| Why::new("the item is not in the list"))
            }
            "union" => {
                let mut all = items.to_vec();
                for more in &arguments.positional {
                    all.extend(self.iterate(more)?);
                }
                Ok(ValueKind::Set(distinct(all).into()))
            }
            "difference" | "intersection" => self
                .set_operation(items, name, arguments)
                .map(|left| ValueKind::Set(left.into())),
            _ => Err(Why::new(format!("`{name}` of a list is not followed"))),
        }
    }
}

/// What `items.pop(...)` gives.
fn taken(items: &[Value], arguments: &Arguments) -> Result<ValueKind, Why> {
    let index = match arguments.positional.first().map(|value| &value.kind) {
        None => Some(-1),
        Some(ValueKind::Int(index)) => Some(*index),
        Some(_) => None,
    };
    let item = index.and_then(|index| items.get(place(items.len(), index)?));
    item.map(|item| item.kind.clone())
        .ok_or_else(|| Why::new("`pop` of an item that is not known"))
}

fn dict_method(owner: &Value, entries: &[(Value, Value)], name: &str) -> Result<ValueKind, Why> {
    Ok(match name {
        "keys" => ValueKind::List(entries.iter().map(|(key, _)| key.clone()).collect()),
        "values" => ValueKind::List(entries.iter().map(|(_, value)| value.clone()).collect()),
        "items" => {
            let pair = |(key, value): &(Value, Value)| Value {
                kind: ValueKind::Tuple(vec![key.clone(), value.clone()].into()),
                origin: key.origin.clone(),
            };
            ValueKind::List(entries.iter().map(pair).collect())
        }
        "copy" => owner.kind.clone(),
        _ => return Err(Why::new(format!("`{name}` of a dict is not followed"))),
    })
}

/// `dict.get`.
fn looked_up(
    entries: &[(Value, Value)],
    arguments: &Arguments,
    origin: &Origin,
) -> Result<Value, Why> {
    let key = arguments
        .positional
        .first()
        .ok_or_else(|| Why::new("`get` without a key"))?;
    let found = format::find(entries, key)?.or_else(|| arguments.get(1, "default"));
    Ok(found.cloned().unwrap_or_else(|| Value {
        kind: ValueKind::None,
        origin: origin.clone(),
    }))
}

impl Evaluator<'_> {
    /// What is left of a set; not known where two of the items cannot be compared.
    fn set_operation(
        &mut self,
        items: &[Value],
        name: &str,
        arguments: &Arguments,
    ) -> Result<Vec<Value>, Why> {
        let mut left = items.to_vec();
        for other in &arguments.positional {
            let other = self.iterate(other)?;
            let mut kept = Vec::new();
            for item in left {
                self.spend(other.len())?;
                let same = super::compare::contains(&other, &item)
                    .ok_or_else(|| Why::new("items of a set cannot be compared"))?;
                if same == (name == "intersection") {
                    kept.push(item);
                }
            }
            left = kept;
        }
        Ok(left)
    }
}

pub(super) fn str_value(text: Text, origin: &Origin) -> Value {
    Value {
        kind: ValueKind::Str(text),
        origin: origin.clone(),
    }
}

pub(super) fn keyword_entries(
    keywords: &[(Arc<str>, Value)],
) -> impl Iterator<Item = (Value, Value)> {
    keywords.iter().map(|(name, value)| {
        let key = str_value(generated(name, &value.origin), &value.origin);
        (key, value.clone())
    })
}
