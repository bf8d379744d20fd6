//! The methods of texts.

use std::sync::Arc;

use super::calls::Arguments;
use super::evaluate::Evaluator;
use super::format;
use super::text::{TextBuilder, generated, part};
use super::value::{Text, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

impl Evaluator<'_> {
    #[expect(clippy::too_many_lines, reason = "one arm for each case, each short")]
    pub(super) fn text_method(
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
                Ok(same_length(text, source.to_lowercase()))
            }
            ("upper", _) if source.is_ascii() => Ok(same_length(text, source.to_uppercase())),
            ("lower", _) => made(&source.to_lowercase()),
            ("upper", _) => made(&source.to_uppercase()),
            ("title", _) => made(&super::choices::title(source)),
            ("capitalize", _) if source.is_ascii() => {
                let (head, tail) = source.split_at_checked(1).unwrap_or((source, ""));
                Ok(same_length(
                    text,
                    head.to_uppercase() + &tail.to_lowercase(),
                ))
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
                    if let Some(part) = part(text, at, found) {
                        builder.push_text(&part);
                    }
                    builder.push_text(to);
                    at = found + matched.len();
                    if builder.len() > format::LONGEST_TEXT {
                        return Err(Why::new("the text is too long"));
                    }
                }
                if let Some(part) = part(text, at, source.len()) {
                    builder.push_text(&part);
                }
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

fn same_length(text: &Text, changed: String) -> ValueKind {
    ValueKind::Str(Text {
        text: changed.into(),
        map: Arc::clone(&text.map),
    })
}
