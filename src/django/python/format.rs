//! Values as text, as Python writes them: `str`, `repr`, `%`, `.format` and f-strings.

use super::compare::equal;
use super::text::{TextBuilder, generated, part};
use super::value::{Text, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

/// The largest text that is built: far over any SQL, far under what would exhaust memory.
pub(super) const LONGEST_TEXT: usize = 8 * 1024 * 1024;

/// `str(value)`; `Err` where Python's own answer is not known.
pub(super) fn shown(value: &Value, origin: &Origin) -> Result<Text, Why> {
    match &value.kind {
        ValueKind::Str(text) => Ok(text.clone()),
        _ => repr(value).map(|text| generated(&text, origin)),
    }
}

/// `repr(value)`.
pub(super) fn repr(value: &Value) -> Result<String, Why> {
    let list = |items: &[Value]| -> Result<String, Why> {
        let items = items.iter().map(repr).collect::<Result<Vec<_>, _>>()?;
        let length = items.iter().map(String::len).sum::<usize>();
        if length > LONGEST_TEXT {
            return Err(Why::new("the text is too long"));
        }
        Ok(items.join(", "))
    };
    Ok(match &value.kind {
        ValueKind::None => "None".to_owned(),
        ValueKind::Bool(true) => "True".to_owned(),
        ValueKind::Bool(false) => "False".to_owned(),
        ValueKind::Int(value) => value.to_string(),
        ValueKind::Float(value) => value.to_string(),
        ValueKind::Str(text) => string_repr(&text.text),
        ValueKind::List(items) => format!("[{}]", list(items)?),
        ValueKind::Tuple(items) if items.len() == 1 => format!("({},)", list(items)?),
        ValueKind::Tuple(items) => format!("({})", list(items)?),
        ValueKind::Dict(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Ok(format!("{}: {}", repr(key)?, repr(value)?)))
                .collect::<Result<Vec<_>, Why>>()?;
            format!("{{{}}}", entries.join(", "))
        }
        ValueKind::Unknown(why) => return Err(why.clone()),
        _ => return Err(Why::new("how it is written as text is not known")),
    })
}

fn string_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut made = String::with_capacity(text.len() + 2);
    made.push(quote);
    for character in text.chars() {
        match character {
            '\\' => made.push_str("\\\\"),
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            '\t' => made.push_str("\\t"),
            character if character == quote => {
                made.push('\\');
                made.push(quote);
            }
            control if u32::from(control) < 0x20 || u32::from(control) == 0x7f => {
                made.push_str("\\x");
                let digits = format!("{:02x}", u32::from(control));
                made.push_str(&digits);
            }
            character => made.push(character),
        }
    }
    made.push(quote);
    made
}

/// As `repr(float)`: the shortest digits that give the number back, with an exponent below 1e-4 and from 1e16.
pub(in crate::django) fn float_repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let written = format!("{value:e}");
        let (digits, exponent) = written.split_once('e').unwrap_or((&written, "0"));
        let (sign, number) = exponent
            .strip_prefix('-')
            .map_or(('+', exponent), |number| ('-', number));
        return format!("{digits}e{sign}{number:0>2}");
    }
    format!("{value:?}")
}

/// `{value!conversion:spec}`.
pub(super) fn formatted(
    (value, conversion): (&Value, Option<char>),
    spec: &str,
    origin: &Origin,
) -> Result<Text, Why> {
    let text = match conversion {
        None => None,
        Some('s') => Some(shown(value, origin)?),
        Some('r') => Some(generated(&repr(value)?, origin)),
        Some(_) => return Err(Why::new("this conversion is not followed")),
    };
    if spec.is_empty() {
        return text.map_or_else(|| shown(value, origin), Ok);
    }
    let spec = Spec::read(spec).ok_or_else(|| Why::new("this format is not followed"))?;
    let (text, is_number) = match (text, &value.kind) {
        (Some(text), _) => (text, false),
        (None, ValueKind::Str(text)) if matches!(spec.kind, None | Some('s')) => {
            (text.clone(), false)
        }
        (None, ValueKind::Int(number)) => (generated(&spec.integer(*number)?, origin), true),
        (None, ValueKind::Unknown(why)) => return Err(why.clone()),
        _ => return Err(Why::new("this format is not followed")),
    };
    Ok(spec.pad(&text, is_number, origin))
}

/// The parts of the format language that migrations use: fill, alignment, width, `d`, `s`, `x`.
struct Spec {
    fill: char,
    align: Option<char>,
    width: usize,
    kind: Option<char>,
}

impl Spec {
    fn read(written: &str) -> Option<Self> {
        let mut rest = written;
        let mut spec = Self {
            fill: ' ',
            align: None,
            width: 0,
            kind: None,
        };
        let mut start = rest.chars();
        let (first, second) = (start.next(), start.next());
        if let (Some(fill), Some(align @ ('<' | '>' | '^'))) = (first, second) {
            (spec.fill, spec.align) = (fill, Some(align));
            rest = start.as_str();
        } else if let Some(align @ ('<' | '>' | '^')) = first {
            spec.align = Some(align);
            rest = rest.get(1..)?;
        }
        if let Some(padded) = rest.strip_prefix('0') {
            if spec.align.is_none() {
                (spec.fill, spec.align) = ('0', Some('='));
            }
            rest = padded;
        }
        let digits = rest
            .find(|found: char| !found.is_ascii_digit())
            .unwrap_or(rest.len());
        let (width, kind) = rest.split_at_checked(digits)?;
        if !width.is_empty() {
            spec.width = width.parse().ok().filter(|width| *width <= 10_000)?;
        }
        let mut kind = kind.chars();
        spec.kind = kind.next();
        (kind.next().is_none() && matches!(spec.kind, None | Some('d' | 's' | 'x' | 'X')))
            .then_some(spec)
    }

    fn integer(&self, number: i128) -> Result<String, Why> {
        let sign = if number < 0 { "-" } else { "" };
        let size = number.unsigned_abs();
        match self.kind {
            None | Some('d') => Ok(number.to_string()),
            Some('x') => Ok(format!("{sign}{size:x}")),
            Some('X') => Ok(format!("{sign}{size:X}")),
            Some(_) => Err(Why::new("this format is not followed")),
        }
    }

    fn pad(&self, text: &Text, is_number: bool, origin: &Origin) -> Text {
        let missing = self.width.saturating_sub(text.text.chars().count());
        if missing == 0 {
            return text.clone();
        }
        let align = match self.align {
            Some('=') if !is_number => Some('<'),
            other => other,
        };
        let align = align.unwrap_or(if is_number { '>' } else { '<' });
        let before = match align {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        let fill = |count: usize| self.fill.to_string().repeat(count);
        let mut made = TextBuilder::default();
        match text.text.strip_prefix('-') {
            Some(digits) if align == '=' => {
                made.push_generated(&format!("-{}{digits}", fill(before)), origin);
            }
            _ => {
                made.push_generated(&fill(before), origin);
                made.push_text(text);
                made.push_generated(&fill(missing - before), origin);
            }
        }
        made.finish(origin.clone())
    }
}

/// `text % value`.
pub(super) fn percent(text: &Text, value: &Value, origin: &Origin) -> Result<Text, Why> {
    let mut made = TextBuilder::default();
    let mut positional = match &value.kind {
        ValueKind::Tuple(items) => items.iter(),
        ValueKind::Unknown(why) => return Err(why.clone()),
        _ => std::slice::from_ref(value).iter(),
    }
    .cloned();
    let source = &*text.text;
    let mut at = 0;
    while let Some(found) = source.get(at..).and_then(|rest| rest.find('%')) {
        push_part(&mut made, text, (at, at + found))?;
        at += found + 1;
        let rest = source.get(at..).unwrap_or_default();
        if rest.starts_with('%') {
            push_part(&mut made, text, (at, at + 1))?;
            at += 1;
            continue;
        }
        let (item, taken) = if let Some(named) = rest.strip_prefix('(') {
            let end = named
                .find(')')
                .ok_or_else(|| Why::new("a `%(` without its `)`"))?;
            let key = named.get(..end).unwrap_or_default();
            (dict_item(value, key)?, end + 2)
        } else {
            let next = positional.next();
            (next.ok_or_else(|| Why::new("`%` with too few values"))?, 0)
        };
        at += taken;
        let (width, conversion) = percent_format(source.get(at..).unwrap_or_default(), &item)?;
        made.push_text(&formatted((&item, conversion), width, origin)?);
        at += width.len() + 1;
        limit(&made)?;
    }
    push_part(&mut made, text, (at, source.len()))?;
    if matches!(value.kind, ValueKind::Tuple(_)) && positional.next().is_some() {
        return Err(Why::new("`%` with too many values"));
    }
    Ok(made.finish(origin.clone()))
}

/// The width and the conversion that stand after a `%` and its name.
fn percent_format<'t>(rest: &'t str, item: &Value) -> Result<(&'t str, Option<char>), Why> {
    let not_followed = || Why::new("this `%` format is not followed");
    let digits = rest
        .find(|found: char| !found.is_ascii_digit())
        .unwrap_or(rest.len());
    let (width, kind) = rest.split_at_checked(digits).unwrap_or_default();
    let conversion = match kind.chars().next() {
        Some('s') => Some('s'),
        Some('r') => Some('r'),
        Some('d' | 'i') if matches!(item.kind, ValueKind::Int(_)) => None,
        _ => return Err(not_followed()),
    };
    if conversion.is_some() && !width.is_empty() {
        return Err(not_followed());
    }
    Ok((width, conversion))
}

fn dict_item(value: &Value, key: &str) -> Result<Value, Why> {
    match &value.kind {
        ValueKind::Dict(entries) => entries
            .iter()
            .find(|(name, _)| name.as_str() == Some(key))
            .map(|(_, value)| value.clone())
            .ok_or_else(|| Why::new(format!("`%` with no value for `{key}`"))),
        _ => Err(Why::new("`%(...)` of what is not a known dict")),
    }
}

fn push_part(made: &mut TextBuilder, text: &Text, (from, to): (usize, usize)) -> Result<(), Why> {
    if let Some(part) = part(text, from, to).filter(|part| !part.text.is_empty()) {
        made.push_text(&part);
    }
    limit(made)
}

fn limit(made: &TextBuilder) -> Result<(), Why> {
    if made.len() > LONGEST_TEXT {
        return Err(Why::new("the text is too long"));
    }
    Ok(())
}

/// `text.format(...)`.
pub(super) fn braces(
    text: &Text,
    (positional, keywords): (&[Value], &[(std::sync::Arc<str>, Value)]),
    origin: &Origin,
) -> Result<Text, Why> {
    let mut made = TextBuilder::default();
    let source = &*text.text;
    let mut automatic = 0;
    let mut at = 0;
    while let Some(found) = source.get(at..).and_then(|rest| rest.find(['{', '}'])) {
        push_part(&mut made, text, (at, at + found))?;
        at += found;
        let rest = source.get(at..).unwrap_or_default();
        if rest.starts_with("{{") || rest.starts_with("}}") {
            push_part(&mut made, text, (at, at + 1))?;
            at += 2;
            continue;
        }
        let end = rest.find('}').filter(|end| *end > 0);
        let end = end.ok_or_else(|| Why::new("a brace of `.format` has no partner"))?;
        let field = rest.get(1..end).unwrap_or_default();
        if field.contains('{') {
            return Err(Why::new("this format is not followed"));
        }
        let (name, conversion, spec) = field_parts(field);
        let value = if name.is_empty() {
            automatic += 1;
            positional.get(automatic - 1)
        } else if let Ok(index) = name.parse::<usize>() {
            positional.get(index)
        } else {
            let mut keywords = keywords.iter();
            let found = keywords.find(|(known, _)| &**known == name);
            found.map(|(_, value)| value)
        };
        let value = value.ok_or_else(|| Why::new("this field of `.format` is not followed"))?;
        made.push_text(&formatted((value, conversion), spec, origin)?);
        at += end + 1;
        limit(&made)?;
    }
    push_part(&mut made, text, (at, source.len()))?;
    Ok(made.finish(origin.clone()))
}

/// `name!conversion:spec`.
fn field_parts(field: &str) -> (&str, Option<char>, &str) {
    let (name, spec) = field.split_once(':').unwrap_or((field, ""));
    match name.split_once('!') {
        Some((name, conversion)) => (name, conversion.chars().next(), spec),
        None => (name, None, spec),
    }
}

/// Whether a value is one of those that a dict's keys may be compared with.
pub(super) fn find<'v>(
    entries: &'v [(Value, Value)],
    key: &Value,
) -> Result<Option<&'v Value>, Why> {
    let mut sure = true;
    for (other, value) in entries {
        match equal(other, key) {
            Some(true) => return Ok(Some(value)),
            Some(false) => {}
            None => sure = false,
        }
    }
    if sure {
        Ok(None)
    } else {
        Err(Why::new("a key of the dict is not known"))
    }
}
