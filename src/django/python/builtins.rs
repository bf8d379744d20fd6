//! What calls of Python's own functions are known to give.

use std::sync::{Arc, OnceLock};

use super::calls::Arguments;
use super::choices::as_plain;
use super::compare::{self, distinct, last_wins};
use super::evaluate::Evaluator;
use super::format;
use super::instances::Attribute;
use super::methods::keyword_entries;
use super::text::generated;
use super::value::{ClassDefinition, DottedName, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

impl Evaluator<'_> {
    /// The result of one of Python's own functions; `None` where the call stays symbolic.
    pub(super) fn builtin(
        &mut self,
        name: &str,
        arguments: &Arguments,
        origin: &Origin,
    ) -> Option<ValueKind> {
        let result = match (name, arguments.positional.first()) {
            ("type", Some(_)) if arguments.positional.len() == 3 => made_class(arguments, origin),
            // They make nothing that is known here: `object()`, `type(...)`, `property(f)`.
            ("property" | "classmethod" | "staticmethod" | "object" | "type" | "super", _) => {
                return None;
            }
            ("getattr", Some(value)) => return self.getattr(value, arguments, origin),
            (_, None) => of_nothing(name, arguments, origin),
            ("str" | "repr" | "int" | "float" | "bool" | "abs" | "chr", Some(value)) => {
                converted(name, (value, arguments), origin)
            }
            ("any" | "all", Some(value)) => self
                .iterate(value)
                .and_then(|items| any_or_all(name == "any", &items)),
            ("len", Some(value)) => self.length(value),
            ("callable", Some(value)) => callable(value),
            ("hasattr", Some(value)) => self.hasattr(value, arguments, origin),
            (_, Some(value)) => self.sequence(name, (value, arguments), origin),
        };
        Some(result.unwrap_or_else(ValueKind::Unknown))
    }

    fn length(&mut self, value: &Value) -> Result<ValueKind, Why> {
        let length = match &value.kind {
            ValueKind::Str(text) => text.text.chars().count(),
            ValueKind::Dict(entries) => entries.len(),
            _ => self.iterate(value)?.len(),
        };
        Ok(ValueKind::Int(i128::try_from(length).unwrap_or(i128::MAX)))
    }

    /// The functions that make a sequence of one, or choose from it.
    fn sequence(
        &mut self,
        name: &str,
        (value, arguments): (&Value, &Arguments),
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        Ok(match name {
            "range" => return self.range(arguments, origin),
            "zip" => return self.zip(arguments, origin),
            "map" => return self.map(value, arguments, origin),
            "enumerate" => return self.enumerate(value, arguments, origin),
            "list" | "iter" => ValueKind::List(self.plain(value)?.into()),
            "tuple" => ValueKind::Tuple(self.plain(value)?.into()),
            "set" | "frozenset" => ValueKind::Set(distinct(self.plain(value)?).into()),
            "reversed" => ValueKind::List(self.plain(value)?.into_iter().rev().collect()),
            "dict" => {
                let mut entries = self.dict_of(value)?;
                entries.extend(keyword_entries(&arguments.keywords));
                ValueKind::Dict(last_wins(entries).into())
            }
            "sorted" if arguments.keywords.is_empty() => {
                ValueKind::List(sorted(self.plain(value)?)?.into())
            }
            "max" | "min" | "sum" if arguments.keywords.is_empty() => {
                let items = match arguments.positional.as_slice() {
                    [_] => self.plain(value)?,
                    many if name != "sum" => many.to_vec(),
                    _ => return Err(Why::new("this `sum` is not followed")),
                };
                return extreme(name, items);
            }
            _ => return Err(not_followed(name)),
        })
    }

    fn enumerate(
        &mut self,
        value: &Value,
        arguments: &Arguments,
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        let start = match arguments.get(1, "start").map(|value| &value.kind) {
            None => 0,
            Some(ValueKind::Int(start)) => *start,
            Some(_) => return Err(Why::new("the start of `enumerate` is not known")),
        };
        let pairs = self
            .iterate(value)?
            .into_iter()
            .zip(start..)
            .map(|(item, index)| {
                let index = at(ValueKind::Int(index), origin);
                at(ValueKind::Tuple(vec![index, item].into()), origin)
            });
        Ok(ValueKind::List(pairs.collect()))
    }

    /// The items of a value, members of choices as their values.
    fn plain(&mut self, value: &Value) -> Result<Vec<Value>, Why> {
        Ok(self.iterate(value)?.into_iter().map(as_plain).collect())
    }

    fn range(&mut self, arguments: &Arguments, origin: &Origin) -> Result<ValueKind, Why> {
        let numbers = arguments
            .positional
            .iter()
            .map(|value| match value.kind {
                ValueKind::Int(number) => Ok(number),
                _ => Err(unknown(value)),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let (from, to, step) = match numbers.as_slice() {
            [to] => (0, *to, 1),
            [from, to] => (*from, *to, 1),
            [from, to, step] if *step != 0 => (*from, *to, *step),
            _ => return Err(Why::new("this `range` is not followed")),
        };
        let mut made = Vec::new();
        let mut next = from;
        while (step > 0 && next < to) || (step < 0 && next > to) {
            self.spend(1)?;
            made.push(at(ValueKind::Int(next), origin));
            next = next
                .checked_add(step)
                .ok_or_else(|| Why::new("too large"))?;
        }
        Ok(ValueKind::List(made.into()))
    }

    fn zip(&mut self, arguments: &Arguments, origin: &Origin) -> Result<ValueKind, Why> {
        let mut columns = Vec::new();
        for column in &arguments.positional {
            columns.push(self.iterate(column)?.into_iter());
        }
        let mut rows = Vec::new();
        loop {
            self.spend(1)?;
            let row = columns
                .iter_mut()
                .map(Iterator::next)
                .collect::<Option<Vec<_>>>();
            match row {
                Some(row) if !row.is_empty() => rows.push(at(ValueKind::Tuple(row.into()), origin)),
                _ => return Ok(ValueKind::List(rows.into())),
            }
        }
    }

    fn map(
        &mut self,
        function: &Value,
        arguments: &Arguments,
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        let [_, items] = arguments.positional.as_slice() else {
            return Err(Why::new("this `map` is not followed"));
        };
        let mut made = Vec::new();
        for item in self.plain(items)? {
            self.spend(1)?;
            let arguments = Arguments {
                positional: vec![item],
                ..Arguments::default()
            };
            made.push(self.apply(function.clone(), arguments, origin.clone()));
        }
        Ok(ValueKind::List(made.into()))
    }

    fn dict_of(&mut self, value: &Value) -> Result<Vec<(Value, Value)>, Why> {
        if let ValueKind::Dict(entries) = &value.kind {
            return Ok(entries.to_vec());
        }
        let mut entries = Vec::new();
        for pair in self.iterate(value)? {
            match pair.items() {
                Some([key, value]) => entries.push((key.clone(), value.clone())),
                _ => return Err(Why::new("`dict` of what is not pairs")),
            }
        }
        Ok(entries)
    }

    /// Whether an object has an attribute; what its `__getattr__` says is not asked.
    fn hasattr(
        &mut self,
        owner: &Value,
        arguments: &Arguments,
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        let name = arguments.positional.get(1).and_then(Value::as_str);
        let name = name.ok_or_else(|| unknown(owner))?.to_owned();
        match self.object_attribute(owner, &name, origin) {
            Some(Attribute::Found(value)) if value.why_unknown().is_none() => {
                Ok(ValueKind::Bool(true))
            }
            Some(Attribute::Absent) => Ok(ValueKind::Bool(false)),
            Some(Attribute::Found(_) | Attribute::Unknown(_)) | None => Err(unknown(owner)),
        }
    }

    /// `getattr(settings, "NAME", default)`: the setting where it is known, else the default.
    fn getattr(
        &mut self,
        owner: &Value,
        arguments: &Arguments,
        origin: &Origin,
    ) -> Option<ValueKind> {
        let name = arguments.positional.get(1)?.as_str()?.to_owned();
        let default = arguments.positional.get(2);
        if let ValueKind::Name(path) = &owner.kind
            && path.as_str() == "django.conf.settings"
        {
            return match (self.setting(&name), default) {
                (Some(value), _) => Some(value.kind),
                (None, Some(default)) => Some(default.kind.clone()),
                (None, None) => Some(ValueKind::Name(DottedName::new(format!("{path}.{name}")))),
            };
        }
        if let Some(found) = self.object_attribute(owner, &name, origin) {
            return Some(match (found, default) {
                (Attribute::Absent, Some(default)) => default.kind.clone(),
                (found, _) => found.into_value(&name, origin.clone()).kind,
            });
        }
        let found = self.attribute(owner.clone(), &name, origin.clone());
        match (&found.kind, default) {
            (ValueKind::Unknown(_), Some(_)) => Some(ValueKind::Unknown(Why::new(format!(
                "whether it has `{name}` is not known"
            )))),
            _ => Some(found.kind),
        }
    }
}

fn callable(value: &Value) -> Result<ValueKind, Why> {
    match &value.kind {
        ValueKind::Function(_) | ValueKind::Class(_) => Ok(ValueKind::Bool(true)),
        ValueKind::Name(_) | ValueKind::Call(_) | ValueKind::Operation(_) => Err(unknown(value)),
        ValueKind::Unknown(why) => Err(why.clone()),
        _ => Ok(ValueKind::Bool(false)),
    }
}

/// `type("Order", (AbstractOrder,), {"__module__": __name__})`: a class statement as a call.
fn made_class(arguments: &Arguments, origin: &Origin) -> Result<ValueKind, Why> {
    let unread = || Why::new("the class that `type` makes cannot be read");
    let [name, bases, body] = arguments.positional.as_slice() else {
        return Err(unread());
    };
    let name = name.as_str().ok_or_else(unread)?;
    let bases = bases.items().ok_or_else(unread)?.to_vec();
    let ValueKind::Dict(entries) = &body.kind else {
        return Err(unread());
    };
    let body = entries
        .iter()
        .map(|(key, value)| Some((Arc::<str>::from(key.as_str()?), value.clone())))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(unread)?;
    let module = body.iter().find(|(key, _)| &**key == "__module__");
    let name = match module.and_then(|(_, module)| module.as_str()) {
        Some(module) => DottedName::new(format!("{module}.{name}")),
        None => DottedName::new(name),
    };
    Ok(ValueKind::Class(Arc::new(ClassDefinition {
        name,
        bases,
        keywords: arguments.keywords.clone(),
        decorators: Vec::new(),
        body,
        unknown_body: None,
        origin: origin.clone(),
        above: OnceLock::new(),
    })))
}

fn at(kind: ValueKind, origin: &Origin) -> Value {
    Value {
        kind,
        origin: origin.clone(),
    }
}

fn unknown(value: &Value) -> Why {
    value
        .why_unknown()
        .cloned()
        .unwrap_or_else(|| Why::new("the result of a call is not known"))
}

fn not_followed(name: &str) -> Why {
    Why::new(format!("`{name}(...)` is not followed"))
}

/// A function without positional arguments: `dict(a=1)`, `list()`.
fn of_nothing(name: &str, arguments: &Arguments, origin: &Origin) -> Result<ValueKind, Why> {
    Ok(match name {
        "str" => ValueKind::Str(generated("", origin)),
        "bool" => ValueKind::Bool(false),
        "list" => ValueKind::List(Arc::from([])),
        "tuple" => ValueKind::Tuple(Arc::from([])),
        "set" | "frozenset" => ValueKind::Set(Arc::from([])),
        "dict" => ValueKind::Dict(keyword_entries(&arguments.keywords).collect()),
        _ => return Err(not_followed(name)),
    })
}

/// The functions that turn one value into a text, a number or a truth.
fn converted(
    name: &str,
    (value, arguments): (&Value, &Arguments),
    origin: &Origin,
) -> Result<ValueKind, Why> {
    match (name, &value.kind) {
        ("str", _) => format::shown(value, origin).map(ValueKind::Str),
        ("repr", _) => format::repr(value).map(|text| ValueKind::Str(generated(&text, origin))),
        ("bool", _) => compare::truth(value).map(ValueKind::Bool),
        ("int" | "abs", ValueKind::Int(number)) => {
            let number = if name == "abs" {
                number.checked_abs()
            } else {
                Some(*number)
            };
            number
                .map(ValueKind::Int)
                .ok_or_else(|| Why::new("too large"))
        }
        ("int", ValueKind::Bool(value)) => Ok(ValueKind::Int(i128::from(*value))),
        ("int", ValueKind::Str(text)) if arguments.positional.len() == 1 => {
            let digits = text.text.trim().replace('_', "");
            digits
                .parse()
                .map(ValueKind::Int)
                .map_err(|_| Why::new("`int` of what is not a number"))
        }
        ("float", ValueKind::Float(_)) => Ok(value.kind.clone()),
        ("float", ValueKind::Int(_) | ValueKind::Str(_)) => {
            let text = format::shown(value, origin)?;
            let number = text.text.trim().parse::<f64>();
            number
                .map(|number| ValueKind::Float(format::float_repr(number).into()))
                .map_err(|_| Why::new("`float` of what is not a number"))
        }
        ("chr", ValueKind::Int(code)) => u32::try_from(*code)
            .ok()
            .and_then(char::from_u32)
            .map(|character| ValueKind::Str(generated(&character.to_string(), origin)))
            .ok_or_else(|| Why::new("no such character")),
        _ => Err(unknown(value)),
    }
}

fn any_or_all(stops_at: bool, items: &[Value]) -> Result<ValueKind, Why> {
    for item in items {
        if compare::truth(item)? == stops_at {
            return Ok(ValueKind::Bool(stops_at));
        }
    }
    Ok(ValueKind::Bool(!stops_at))
}

fn extreme(name: &str, items: Vec<Value>) -> Result<ValueKind, Why> {
    if name == "sum" {
        return items
            .iter()
            .try_fold(0i128, |sum, item| match item.kind {
                ValueKind::Int(number) => sum.checked_add(number),
                _ => None,
            })
            .map(ValueKind::Int)
            .ok_or_else(|| Why::new("this `sum` is not followed"));
    }
    let mut items = sorted(items)?.into_iter();
    let found = if name == "min" {
        items.next()
    } else {
        items.next_back()
    };
    found
        .map(|value| value.kind)
        .ok_or_else(|| Why::new("of nothing"))
}

/// Sorted as Python sorts, when every pair can be compared.
pub(super) fn sorted(mut items: Vec<Value>) -> Result<Vec<Value>, Why> {
    let comparable = items
        .iter()
        .zip(items.iter().skip(1))
        .all(|(left, right)| compare::order(left, right).is_some());
    if !comparable {
        return Err(Why::new("it sorts what cannot be compared"));
    }
    items.sort_by(|left, right| compare::order(left, right).unwrap_or(std::cmp::Ordering::Equal));
    Ok(items)
}
