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
    pub(super) fn text_method(
        &mut self,
        text: &Text,
        (name, arguments): (&str, &Arguments),
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        let source = &*text.text;
        self.spend(source.len() / 64)?;
        let first = arguments.positional.first().and_then(Value::as_str);
        if let Some(kind) = recased(text, name, origin) {
            return Ok(kind);
        }
        if (first.is_some() || arguments.positional.is_empty())
            && let Some(kept) = stripped(source, name, first)
        {
            return cut(text, kept);
        }
        match (name, first) {
            ("format", _) => {
                let given = (&*arguments.positional, &*arguments.keywords);
                format::braces(text, given, origin).map(ValueKind::Str)
            }
            ("join", _) => self.join(text, arguments, origin),
            ("startswith", Some(prefix)) => Ok(ValueKind::Bool(source.starts_with(prefix))),
            ("endswith", Some(suffix)) => Ok(ValueKind::Bool(source.ends_with(suffix))),
            ("partition" | "rpartition", Some(by)) if !by.is_empty() => {
                let parts = partitioned(source, name, by);
                Ok(ValueKind::Tuple(pieces(text, parts, origin)?))
            }
            ("rsplit", Some(by)) if !by.is_empty() && splits_once(arguments) => {
                let mut parts = source.rsplitn(2, by).collect::<Vec<_>>();
                parts.reverse();
                Ok(ValueKind::List(pieces(text, parts, origin)?))
            }
            ("isdigit", _) if source.is_ascii() => Ok(ValueKind::Bool(is_digits(source))),
            ("replace", Some(from)) => self.replace(text, (from, arguments), origin),
            ("split", first) if first.is_none_or(|by| !by.is_empty()) => {
                self.split(text, (first, arguments), origin)
            }
            (_, Some(part)) if arguments.positional.len() == 1 => searched(source, name, part),
            _ => Err(not_followed(name)),
        }
    }

    fn split(
        &mut self,
        text: &Text,
        (by, arguments): (Option<&str>, &Arguments),
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        let source = &*text.text;
        let parts: Vec<&str> = match (by, arguments.positional.len()) {
            (Some(by), 1) => source.split(by).collect(),
            (None, 0) => source.split_whitespace().collect(),
            (None, 1) => return Err(Why::new("`split` by what is not known")),
            _ => return Err(Why::new("`split` of a text is not followed")),
        };
        self.spend(parts.len())?;
        Ok(ValueKind::List(pieces(text, parts, origin)?))
    }

    fn join(
        &mut self,
        text: &Text,
        arguments: &Arguments,
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
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
            self.spend(1 + text.text.len() / 64)?;
            if builder.len() > format::LONGEST_TEXT {
                return Err(Why::new("the text is too long"));
            }
        }
        Ok(ValueKind::Str(builder.finish(origin.clone())))
    }

    fn replace(
        &mut self,
        text: &Text,
        (from, arguments): (&str, &Arguments),
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        let to = arguments.positional.get(1).map(|value| &value.kind);
        let Some(ValueKind::Str(to)) = to else {
            return Err(Why::new("`replace` by what is not known"));
        };
        if arguments.positional.len() > 2 || from.is_empty() {
            return Err(Why::new("this `replace` is not followed"));
        }
        let source = &*text.text;
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
}

fn same_length(text: &Text, changed: String) -> ValueKind {
    ValueKind::Str(Text {
        text: changed.into(),
        map: Arc::clone(&text.map),
    })
}

/// A slice of the text itself, which still leads to its place in the file.
fn cut(text: &Text, kept: &str) -> Result<ValueKind, Why> {
    let from = kept.as_ptr() as usize - text.text.as_ptr() as usize;
    part(text, from, from + kept.len())
        .map(ValueKind::Str)
        .ok_or_else(|| Why::new("the text cannot be cut there"))
}

fn pieces<'t>(
    text: &'t Text,
    parts: impl IntoIterator<Item = &'t str>,
    origin: &Origin,
) -> Result<Arc<[Value]>, Why> {
    parts
        .into_iter()
        .map(|part| {
            Ok(Value {
                kind: cut(text, part)?,
                origin: origin.clone(),
            })
        })
        .collect()
}

fn splits_once(arguments: &Arguments) -> bool {
    matches!(
        arguments.get(1, "maxsplit").map(|value| &value.kind),
        Some(ValueKind::Int(1))
    )
}

fn partitioned<'t>(source: &'t str, name: &str, by: &str) -> [&'t str; 3] {
    let found = if name == "partition" {
        source.split_once(by)
    } else {
        source.rsplit_once(by)
    };
    let middle = |at: usize| source.get(at..at + by.len()).unwrap_or_default();
    let end = source.get(source.len()..).unwrap_or_default();
    let start = source.get(..0).unwrap_or_default();
    match found {
        Some((before, after)) => [before, middle(before.len()), after],
        None if name == "partition" => [source, end, end],
        None => [start, start, source],
    }
}

/// What a method leaves that only takes from the ends of a text: `strip` without or with a set of characters.
fn stripped<'t>(source: &'t str, name: &str, set: Option<&str>) -> Option<&'t str> {
    Some(match (name, set) {
        ("strip", None) => source.trim(),
        ("lstrip", None) => source.trim_start(),
        ("rstrip", None) => source.trim_end(),
        ("strip", Some(set)) => source.trim_matches(|found| set.contains(found)),
        ("lstrip", Some(set)) => source.trim_start_matches(|found| set.contains(found)),
        ("rstrip", Some(set)) => source.trim_end_matches(|found| set.contains(found)),
        ("removeprefix", Some(prefix)) => source.strip_prefix(prefix).unwrap_or(source),
        ("removesuffix", Some(suffix)) => source.strip_suffix(suffix).unwrap_or(source),
        _ => return None,
    })
}

/// The methods that change the case of letters.
fn recased(text: &Text, name: &str, origin: &Origin) -> Option<ValueKind> {
    let source = &*text.text;
    let made = |text: &str| ValueKind::Str(generated(text, origin));
    Some(match name {
        "lower" | "casefold" if source.is_ascii() => same_length(text, source.to_lowercase()),
        "upper" if source.is_ascii() => same_length(text, source.to_uppercase()),
        "lower" => made(&source.to_lowercase()),
        "upper" => made(&source.to_uppercase()),
        "title" => made(&super::choices::title(source)),
        "capitalize" if source.is_ascii() => {
            let (head, tail) = source.split_at_checked(1).unwrap_or((source, ""));
            same_length(text, head.to_uppercase() + &tail.to_lowercase())
        }
        _ => return None,
    })
}

/// Where a part stands in a text, in characters, or how often.
fn searched(source: &str, name: &str, part: &str) -> Result<ValueKind, Why> {
    let characters = |at: usize| source.get(..at).map_or(0, |before| before.chars().count());
    let found = match name {
        "count" if part.is_empty() => Some(source.chars().count() + 1),
        "count" => Some(source.matches(part).count()),
        "find" | "index" => source.find(part).map(characters),
        "rfind" | "rindex" => source.rfind(part).map(characters),
        _ => return Err(not_followed(name)),
    };
    match found {
        Some(at) => i128::try_from(at)
            .map(ValueKind::Int)
            .map_err(|_| Why::new("too large")),
        None if name.ends_with("find") => Ok(ValueKind::Int(-1)),
        None => Err(Why::new(format!("`{name}` of what is not in the text"))),
    }
}

fn not_followed(name: &str) -> Why {
    Why::new(format!("`{name}` of a text is not followed"))
}

fn is_digits(source: &str) -> bool {
    !source.is_empty() && source.bytes().all(|byte| byte.is_ascii_digit())
}
