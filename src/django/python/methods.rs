//! Operators, subscripts, and the methods of strings, lists and dicts.

use std::sync::Arc;

use ruff_python_ast::{Expr, ExprCall};

use super::calls::Arguments;
use super::compare::{distinct, last_wins};
use super::evaluate::{Evaluator, Frame};
use super::format;
use super::text::{TextBuilder, generated, part};
use super::value::{Operation, Operator, Text, Value, ValueKind};
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
    /// The items that a loop over the value gives.
    pub(super) fn iterate(&mut self, value: &Value) -> Result<Vec<Value>, Why> {
        let items = match &value.kind {
            ValueKind::List(items) | ValueKind::Tuple(items) | ValueKind::Set(items) => {
                items.to_vec()
            }
            ValueKind::Dict(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
            ValueKind::Str(text) => text
                .text
                .char_indices()
                .filter_map(|(at, character)| part(text, at, at + character.len_utf8()))
                .map(|text| str_value(text, &value.origin))
                .collect(),
            ValueKind::Class(class) => super::choices::members(class)
                .ok_or_else(|| Why::new(format!("`{}` is not an enum", class.name)))?,
            ValueKind::Unknown(why) => return Err(why.clone()),
            ValueKind::Name(name) => {
                return Err(Why::new(format!("the value of `{name}` is not known")));
            }
            _ => return Err(Why::new("it cannot be looped over")),
        };
        self.spend(items.len() / 8)?;
        Ok(items)
    }

    pub(super) fn binary(
        &mut self,
        operator: ruff_python_ast::Operator,
        (left, right): (Value, Value),
        origin: Origin,
    ) -> Value {
        let kind = self
            .operate(operator, (left, right), &origin)
            .unwrap_or_else(ValueKind::Unknown);
        Value { kind, origin }
    }

    fn operate(
        &mut self,
        operator: ruff_python_ast::Operator,
        (left, right): (Value, Value),
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        use ruff_python_ast::Operator as Python;
        match (&left.kind, operator, &right.kind) {
            // The text is known: what fills it may be, too.
            (ValueKind::Str(text), Python::Mod, _) => {
                self.spend(text.text.len() / 64)?;
                return format::percent(text, &right, origin).map(ValueKind::Str);
            }
            (ValueKind::Unknown(why), _, _) | (_, _, ValueKind::Unknown(why)) => {
                return Err(why.clone());
            }
            (ValueKind::Str(left), Python::Add, ValueKind::Str(right)) => {
                let length = left.text.len() + right.text.len();
                self.spend(length / 64)?;
                if length > format::LONGEST_TEXT {
                    return Err(Why::new("the text is too long"));
                }
                let mut text = TextBuilder::default();
                text.push_text(left);
                text.push_text(right);
                return Ok(ValueKind::Str(text.finish(origin.clone())));
            }
            (ValueKind::List(left), Python::Add, ValueKind::List(right)) => {
                self.spend((left.len() + right.len()) / 8)?;
                return Ok(ValueKind::List(
                    left.iter().chain(right.iter()).cloned().collect(),
                ));
            }
            // `operations += (...)` extends a list by any iterable.
            (ValueKind::List(left), Python::Add, ValueKind::Tuple(right)) => {
                return Ok(ValueKind::List(
                    left.iter().chain(right.iter()).cloned().collect(),
                ));
            }
            (ValueKind::Tuple(left), Python::Add, ValueKind::Tuple(right)) => {
                self.spend((left.len() + right.len()) / 8)?;
                return Ok(ValueKind::Tuple(
                    left.iter().chain(right.iter()).cloned().collect(),
                ));
            }
            (ValueKind::Dict(left), Python::BitOr, ValueKind::Dict(right)) => {
                let entries = left.iter().chain(right.iter()).cloned().collect();
                return Ok(ValueKind::Dict(last_wins(entries).into()));
            }
            (ValueKind::Set(left), Python::BitOr, ValueKind::Set(right)) => {
                let items = left.iter().chain(right.iter()).cloned().collect();
                return Ok(ValueKind::Set(distinct(items).into()));
            }
            (_, Python::Mult, _) if has_methods(&left) || has_methods(&right) => {
                return self.repeat(&left, &right, origin);
            }
            _ => {}
        }
        if let (Some(left), Some(right)) = (integer(&left), integer(&right)) {
            return arithmetic(operator, left, right)
                .ok_or_else(|| Why::new("the arithmetic is not followed"));
        }
        let symbolic = |value: &Value| {
            matches!(
                value.kind,
                ValueKind::Call(_) | ValueKind::Operation(_) | ValueKind::Name(_)
            )
        };
        if symbolic(&left) || symbolic(&right) {
            let operator =
                symbol(operator).ok_or_else(|| Why::new("the operator is not followed"))?;
            let operands = vec![left, right];
            return Ok(ValueKind::Operation(Arc::new(Operation {
                operator,
                operands,
            })));
        }
        Err(Why::new("the operator does not fit its operands"))
    }

    fn repeat(&mut self, left: &Value, right: &Value, origin: &Origin) -> Result<ValueKind, Why> {
        let (many, times) = match (&left.kind, &right.kind) {
            (ValueKind::Int(times), _) => (right, *times),
            (_, ValueKind::Int(times)) => (left, *times),
            _ => return Err(Why::new("the operator does not fit its operands")),
        };
        let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
        let size = match &many.kind {
            ValueKind::Str(text) => text.text.len() / 8 + 1,
            _ => many.items().map_or(1, <[Value]>::len),
        };
        self.spend(size.saturating_mul(times))?;
        match &many.kind {
            ValueKind::Str(text) => {
                let mut made = TextBuilder::default();
                for _ in 0..times {
                    made.push_text(text);
                }
                Ok(ValueKind::Str(made.finish(origin.clone())))
            }
            ValueKind::List(items) => Ok(ValueKind::List(repeated(items, times))),
            ValueKind::Tuple(items) => Ok(ValueKind::Tuple(repeated(items, times))),
            _ => Err(Why::new("the operator does not fit its operands")),
        }
    }

    pub(super) fn subscript(
        &mut self,
        frame: &mut Frame<'_>,
        owner: Value,
        (slice, origin): (&Expr, Origin),
    ) -> Value {
        if let ValueKind::Name(name) = &owner.kind
            && matches!(name.as_str(), "django.db.connections")
        {
            let kind = ValueKind::Name(super::value::DottedName::new("django.db.connection"));
            return Value { kind, origin };
        }
        if let Expr::Slice(slice) = slice {
            let mut bound = |bound: &Option<Box<Expr>>| match bound {
                None => Ok(None),
                Some(bound) => match self.eval(frame, bound).kind {
                    ValueKind::Int(number) => Ok(Some(number)),
                    ValueKind::None => Ok(None),
                    _ => Err(Why::new("a bound of the slice is not known")),
                },
            };
            let kind = match (bound(&slice.lower), bound(&slice.upper), bound(&slice.step)) {
                (Ok(lower), Ok(upper), Ok(step)) => sliced(&owner, (lower, upper, step)),
                (Err(why), _, _) | (_, Err(why), _) | (_, _, Err(why)) => Err(why),
            };
            let kind = kind.unwrap_or_else(ValueKind::Unknown);
            return Value { kind, origin };
        }
        let key = self.eval(frame, slice);
        let why = match (&owner.kind, &key.kind) {
            (ValueKind::Unknown(why), _) | (_, ValueKind::Unknown(why)) => why.clone(),
            (ValueKind::List(items) | ValueKind::Tuple(items), ValueKind::Int(index)) => {
                match place(items.len(), *index).and_then(|at| items.get(at)) {
                    Some(item) => return item.clone(),
                    None => Why::new("the index is out of range"),
                }
            }
            (ValueKind::Dict(entries), _) => match format::find(entries, &key) {
                Ok(Some(value)) => return value.clone(),
                Ok(None) => Why::new("the dict has no such key"),
                Err(why) => why,
            },
            (ValueKind::Str(text), ValueKind::Int(index)) => {
                let at = place(text.text.chars().count(), *index)
                    .and_then(|at| text.text.char_indices().nth(at));
                match at.and_then(|(at, found)| part(text, at, at + found.len_utf8())) {
                    Some(text) => return str_value(text, &origin),
                    None => Why::new("the index is out of range"),
                }
            }
            // `Status["OPEN"]`; `list[int]` and other annotations.
            (ValueKind::Class(class), ValueKind::Str(name)) => {
                let (class, name) = (Arc::clone(class), Arc::clone(&name.text));
                return super::choices::as_plain(self.class_attribute(&class, &name, origin));
            }
            (ValueKind::Class(_) | ValueKind::Name(_), _) => match &owner.kind {
                // `models.ForeignKey["Order"]`, `Generic[T]`: the class itself.
                ValueKind::Name(name) if name.as_str() == "os.environ" => {
                    Why::new("an environment variable is not known")
                }
                _ => return owner,
            },
            _ => Why::new("this subscript is not followed"),
        };
        Value::unknown(why, origin)
    }

    /// The value that a changing method leaves: `items.append(x)`.
    pub(super) fn changed(
        &mut self,
        frame: &mut Frame<'_>,
        target: Value,
        (method, call): (&str, &ExprCall),
    ) -> Value {
        let arguments = self.arguments(frame, call);
        let origin = target.origin.clone();
        match self.changed_kind(&target, method, &arguments) {
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
        let first = || {
            let missing = || Why::new(format!("`{method}` without an argument"));
            arguments.positional.first().ok_or_else(missing)
        };
        if let Some(why) = &arguments.unknown {
            return Err(why.clone());
        }
        match &target.kind {
            ValueKind::List(items) => {
                self.spend(items.len() / 8)?;
                let mut items = items.to_vec();
                match method {
                    "append" => items.push(first()?.clone()),
                    "extend" => items.extend(self.iterate(first()?)?),
                    "insert" => {
                        let index = first()?;
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
                    }
                    "remove" => {
                        let value = first()?;
                        let at = items
                            .iter()
                            .position(|item| super::compare::equal(item, value) == Some(true));
                        let at = at
                            .ok_or_else(|| Why::new("`remove` of what is not known to be there"))?;
                        items.remove(at);
                    }
                    "reverse" => items.reverse(),
                    "clear" => items.clear(),
                    "pop" => {
                        let index = match arguments.positional.first().map(|value| &value.kind) {
                            None => -1,
                            Some(ValueKind::Int(index)) => *index,
                            Some(_) => return Err(Why::new("the index of `pop` is not known")),
                        };
                        let at = place(items.len(), index)
                            .ok_or_else(|| Why::new("`pop` out of range"))?;
                        items.remove(at);
                    }
                    "sort" if arguments.keywords.is_empty() => {
                        items = super::builtins::sorted(items)?;
                    }
                    _ => return Err(Why::new(format!("`{method}` is not followed"))),
                }
                Ok(ValueKind::List(items.into()))
            }
            ValueKind::Set(items) => {
                let mut items = items.to_vec();
                match method {
                    "add" => items.push(first()?.clone()),
                    "update" => items.extend(self.iterate(first()?)?),
                    _ => return Err(Why::new(format!("`{method}` is not followed"))),
                }
                Ok(ValueKind::Set(distinct(items).into()))
            }
            ValueKind::Dict(entries) => {
                self.spend(entries.len() / 8)?;
                let mut entries = entries.to_vec();
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
                        let key = first()?;
                        format::find(&entries, key)?;
                        entries
                            .retain(|(other, _)| super::compare::equal(other, key) != Some(true));
                    }
                    "setdefault" => {
                        let key = first()?;
                        if format::find(&entries, key)?.is_none() {
                            let value = arguments.positional.get(1);
                            let value =
                                value.ok_or_else(|| Why::new("`setdefault` without a value"))?;
                            entries.push((key.clone(), value.clone()));
                        }
                    }
                    "clear" => entries.clear(),
                    _ => return Err(Why::new(format!("`{method}` is not followed"))),
                }
                Ok(ValueKind::Dict(last_wins(entries).into()))
            }
            ValueKind::Unknown(why) => Err(why.clone()),
            // A method of some object that happens to be called so: it stays what it is.
            other => Ok(other.clone()),
        }
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
            (ValueKind::Dict(entries), None) => match name {
                "get" => {
                    let found = arguments
                        .positional
                        .first()
                        .ok_or_else(|| Why::new("`get` without a key"));
                    match found.and_then(|key| format::find(entries, key)) {
                        Ok(Some(value)) => return value.clone(),
                        Ok(None) => match arguments.get(1, "default") {
                            Some(value) => return value.clone(),
                            None => Ok(ValueKind::None),
                        },
                        Err(why) => Err(why),
                    }
                }
                "keys" => Ok(ValueKind::List(
                    entries.iter().map(|(key, _)| key.clone()).collect(),
                )),
                "values" => Ok(ValueKind::List(
                    entries.iter().map(|(_, value)| value.clone()).collect(),
                )),
                "items" => {
                    let pair = |(key, value): &(Value, Value)| Value {
                        kind: ValueKind::Tuple(vec![key.clone(), value.clone()].into()),
                        origin: key.origin.clone(),
                    };
                    Ok(ValueKind::List(entries.iter().map(pair).collect()))
                }
                "copy" => Ok(owner.kind.clone()),
                _ => Err(Why::new(format!("`{name}` of a dict is not followed"))),
            },
            (ValueKind::List(items) | ValueKind::Tuple(items) | ValueKind::Set(items), None) => {
                match name {
                    "copy" => Ok(owner.kind.clone()),
                    "index" | "count" => {
                        let equal = |item: &Value| {
                            let wanted = arguments.positional.first();
                            wanted.is_some_and(|wanted| {
                                super::compare::equal(item, wanted) == Some(true)
                            })
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
                    "union" => arguments
                        .positional
                        .iter()
                        .try_fold(items.to_vec(), |mut all, more| {
                            all.extend(self.iterate(more)?);
                            Ok(all)
                        })
                        .map(|all| ValueKind::Set(distinct(all).into())),
                    _ => Err(Why::new(format!("`{name}` of a list is not followed"))),
                }
            }
            _ => Err(Why::new(format!("`{name}` is not followed"))),
        };
        let kind = kind.unwrap_or_else(ValueKind::Unknown);
        Value { kind, origin }
    }

    fn text_method(
        &mut self,
        text: &Text,
        (name, arguments): (&str, &Arguments),
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        let source = &*text.text;
        self.spend(source.len() / 64)?;
        let first = arguments.positional.first().and_then(Value::as_str);
        let made = |text: &str| Ok(ValueKind::Str(generated(text, origin)));
        let cut = |kept: &str| {
            let from = kept.as_ptr() as usize - source.as_ptr() as usize;
            part(text, from, from + kept.len())
                .map(ValueKind::Str)
                .ok_or_else(|| Why::new("the text cannot be cut there"))
        };
        match (name, first) {
            ("format", _) => {
                let arguments = (
                    arguments.positional.as_slice(),
                    arguments.keywords.as_slice(),
                );
                format::braces(text, arguments, origin).map(ValueKind::Str)
            }
            ("join", _) => {
                let items = arguments
                    .positional
                    .first()
                    .ok_or_else(|| Why::new("`join` of nothing"))?;
                let mut builder = TextBuilder::default();
                for (index, item) in self.iterate(items)?.iter().enumerate() {
                    if index > 0 {
                        builder.push_text(text);
                    }
                    match &item.kind {
                        ValueKind::Str(item) => builder.push_text(item),
                        ValueKind::Unknown(why) => return Err(why.clone()),
                        _ => return Err(Why::new("`join` of what is not text")),
                    }
                    self.spend(1 + source.len() / 64)?;
                    if builder.len() > format::LONGEST_TEXT {
                        return Err(Why::new("the text is too long"));
                    }
                }
                Ok(ValueKind::Str(builder.finish(origin.clone())))
            }
            ("lower" | "casefold", _) if source.is_ascii() => {
                same_length(text, source.to_lowercase())
            }
            ("upper", _) if source.is_ascii() => same_length(text, source.to_uppercase()),
            ("lower", _) => made(&source.to_lowercase()),
            ("upper", _) => made(&source.to_uppercase()),
            ("title", _) => made(&super::choices::title(source)),
            ("capitalize", _) if source.is_ascii() => {
                let (head, tail) = source.split_at_checked(1).unwrap_or((source, ""));
                same_length(text, head.to_uppercase() + &tail.to_lowercase())
            }
            ("strip", None) if arguments.positional.is_empty() => cut(source.trim()),
            ("lstrip", None) if arguments.positional.is_empty() => cut(source.trim_start()),
            ("rstrip", None) if arguments.positional.is_empty() => cut(source.trim_end()),
            ("strip", Some(set)) => cut(source.trim_matches(|found| set.contains(found))),
            ("lstrip", Some(set)) => cut(source.trim_start_matches(|found| set.contains(found))),
            ("rstrip", Some(set)) => cut(source.trim_end_matches(|found| set.contains(found))),
            ("removeprefix", Some(prefix)) => cut(source.strip_prefix(prefix).unwrap_or(source)),
            ("removesuffix", Some(suffix)) => cut(source.strip_suffix(suffix).unwrap_or(source)),
            ("startswith", Some(prefix)) => Ok(ValueKind::Bool(source.starts_with(prefix))),
            ("endswith", Some(suffix)) => Ok(ValueKind::Bool(source.ends_with(suffix))),
            ("partition" | "rpartition", Some(by)) if !by.is_empty() => {
                let found = if name == "partition" {
                    source.split_once(by)
                } else {
                    source.rsplit_once(by)
                };
                let middle = |at: usize| source.get(at..at + by.len()).unwrap_or_default();
                let end = source.get(source.len()..).unwrap_or_default();
                let start = source.get(..0).unwrap_or_default();
                let parts = match found {
                    Some((before, after)) => [before, middle(before.len()), after],
                    None if name == "partition" => [source, end, end],
                    None => [start, start, source],
                };
                let parts = parts.into_iter().map(|part| {
                    Ok(Value {
                        kind: cut(part)?,
                        origin: origin.clone(),
                    })
                });
                Ok(ValueKind::Tuple(
                    parts.collect::<Result<Vec<_>, Why>>()?.into(),
                ))
            }
            ("rsplit", Some(by))
                if !by.is_empty()
                    && matches!(
                        arguments.get(1, "maxsplit").map(|value| &value.kind),
                        Some(ValueKind::Int(1))
                    ) =>
            {
                let parts = match source.rsplit_once(by) {
                    Some((before, after)) => vec![before, after],
                    None => vec![source],
                };
                let parts = parts.into_iter().map(|part| {
                    Ok(Value {
                        kind: cut(part)?,
                        origin: origin.clone(),
                    })
                });
                Ok(ValueKind::List(
                    parts.collect::<Result<Vec<_>, Why>>()?.into(),
                ))
            }
            ("isdigit", _) if source.is_ascii() => {
                let digits = !source.is_empty() && source.bytes().all(|byte| byte.is_ascii_digit());
                Ok(ValueKind::Bool(digits))
            }
            ("replace", Some(from)) => {
                let to = arguments.positional.get(1).map(|value| &value.kind);
                let Some(ValueKind::Str(to)) = to else {
                    return Err(Why::new("`replace` by what is not known"));
                };
                if arguments.positional.len() > 2 || from.is_empty() {
                    return Err(Why::new("this `replace` is not followed"));
                }
                let mut builder = TextBuilder::default();
                let mut at = 0;
                for (found, matched) in source.match_indices(from) {
                    self.spend(1 + to.text.len() / 64)?;
                    part(text, at, found)
                        .iter()
                        .for_each(|part| builder.push_text(part));
                    builder.push_text(to);
                    at = found + matched.len();
                    if builder.len() > format::LONGEST_TEXT {
                        return Err(Why::new("the text is too long"));
                    }
                }
                part(text, at, source.len())
                    .iter()
                    .for_each(|part| builder.push_text(part));
                Ok(ValueKind::Str(builder.finish(origin.clone())))
            }
            ("split", first)
                if arguments.positional.len() <= 1 && first.is_none_or(|by| !by.is_empty()) =>
            {
                let parts: Vec<&str> = match first {
                    Some(by) => source.split(by).collect(),
                    None if arguments.positional.is_empty() => source.split_whitespace().collect(),
                    None => return Err(Why::new("`split` by what is not known")),
                };
                self.spend(parts.len())?;
                let parts = parts.into_iter().map(|part| {
                    Ok(Value {
                        kind: cut(part)?,
                        origin: origin.clone(),
                    })
                });
                Ok(ValueKind::List(
                    parts.collect::<Result<Vec<_>, Why>>()?.into(),
                ))
            }
            _ => Err(Why::new(format!("`{name}` of a text is not followed"))),
        }
    }
}

fn same_length(text: &Text, changed: String) -> Result<ValueKind, Why> {
    Ok(ValueKind::Str(Text {
        text: changed.into(),
        map: Arc::clone(&text.map),
    }))
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

fn repeated(items: &[Value], times: usize) -> Arc<[Value]> {
    let mut made = Vec::new();
    for _ in 0..times {
        made.extend_from_slice(items);
    }
    made.into()
}

fn integer(value: &Value) -> Option<i128> {
    match value.kind {
        ValueKind::Int(value) => Some(value),
        ValueKind::Bool(value) => Some(i128::from(value)),
        _ => None,
    }
}

fn arithmetic(operator: ruff_python_ast::Operator, left: i128, right: i128) -> Option<ValueKind> {
    use ruff_python_ast::Operator as Python;
    let small = |number: i128| u32::try_from(number).ok().filter(|bits| *bits < 127);
    let floored = |quotient: i128, remainder: i128| {
        if remainder != 0 && (remainder < 0) != (right < 0) {
            quotient - 1
        } else {
            quotient
        }
    };
    Some(ValueKind::Int(match operator {
        Python::Add => left.checked_add(right)?,
        Python::Sub => left.checked_sub(right)?,
        Python::Mult => left.checked_mul(right)?,
        Python::FloorDiv => floored(left.checked_div(right)?, left.checked_rem(right)?),
        Python::Mod => left.checked_sub(
            right.checked_mul(floored(left.checked_div(right)?, left.checked_rem(right)?))?,
        )?,
        Python::Pow => left.checked_pow(small(right)?)?,
        Python::LShift => left.checked_mul(1i128.checked_shl(small(right)?)?)?,
        Python::RShift => left >> small(right)?,
        Python::BitOr => left | right,
        Python::BitXor => left ^ right,
        Python::BitAnd => left & right,
        Python::Div | Python::MatMult => return None,
    }))
}

fn symbol(operator: ruff_python_ast::Operator) -> Option<Operator> {
    use ruff_python_ast::Operator as Python;
    Some(match operator {
        Python::Add => Operator::Add,
        Python::Sub => Operator::Subtract,
        Python::Mult => Operator::Multiply,
        Python::Div => Operator::Divide,
        Python::FloorDiv => Operator::FloorDivide,
        Python::Mod => Operator::Modulo,
        Python::Pow => Operator::Power,
        Python::BitOr => Operator::Or,
        Python::BitXor => Operator::Xor,
        Python::BitAnd => Operator::And,
        Python::MatMult | Python::LShift | Python::RShift => return None,
    })
}

/// Python's index, negative from the end, as an offset.
fn place(length: usize, index: i128) -> Option<usize> {
    let length = i128::try_from(length).ok()?;
    let at = if index < 0 {
        index.checked_add(length)?
    } else {
        index
    };
    (0..length)
        .contains(&at)
        .then(|| usize::try_from(at).ok())
        .flatten()
}

type Bounds = (Option<i128>, Option<i128>, Option<i128>);

fn sliced(owner: &Value, (lower, upper, step): Bounds) -> Result<ValueKind, Why> {
    let clamp = |bound: Option<i128>, default: usize, length: usize| {
        let size = i128::try_from(length).unwrap_or(i128::MAX);
        let Some(bound) = bound else { return default };
        let at = if bound < 0 {
            bound.saturating_add(size).max(0)
        } else {
            bound.min(size)
        };
        usize::try_from(at).unwrap_or(0)
    };
    let range = |length: usize| {
        let from = clamp(lower, 0, length);
        (from, clamp(upper, length, length).max(from))
    };
    match (&owner.kind, step) {
        (ValueKind::Unknown(why), _) => Err(why.clone()),
        (ValueKind::List(items), None | Some(1)) => {
            let (from, to) = range(items.len());
            Ok(ValueKind::List(
                items.get(from..to).unwrap_or_default().into(),
            ))
        }
        (ValueKind::Tuple(items), None | Some(1)) => {
            let (from, to) = range(items.len());
            Ok(ValueKind::Tuple(
                items.get(from..to).unwrap_or_default().into(),
            ))
        }
        (ValueKind::List(items), Some(-1)) if lower.is_none() && upper.is_none() => {
            Ok(ValueKind::List(items.iter().rev().cloned().collect()))
        }
        (ValueKind::Str(text), None | Some(1)) => {
            let (from, to) = range(text.text.chars().count());
            let byte = |at: usize| {
                let mut places = text.text.char_indices().map(|(byte, _)| byte);
                places.nth(at).unwrap_or(text.text.len())
            };
            part(text, byte(from), byte(to))
                .map(ValueKind::Str)
                .ok_or_else(|| Why::new("the text cannot be cut there"))
        }
        _ => Err(Why::new("this slice is not followed")),
    }
}
