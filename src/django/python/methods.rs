//! The methods of lists, tuples, sets and dicts.

use std::sync::Arc;

use super::calls::Arguments;
use super::compare::distinct;
use super::evaluate::Evaluator;
use super::format;
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
    #[expect(clippy::too_many_lines, reason = "one arm for each case, each short")]
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
