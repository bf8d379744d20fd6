//! `datetime.date(2024, 1, 31)` and its like as constants.

use super::Constant;
use super::constant::unreadable;
use crate::django::project_state::FieldKind;
use crate::django::python::{Call, Static, Value, ValueKind};

/// A date, time or duration, from the construction or the text that a field of that kind accepts.
pub(super) fn date_or_time(value: &Value, kind: FieldKind) -> Static<Constant> {
    let (text, cast) = match kind {
        FieldKind::Date => (date(value), "date"),
        FieldKind::DateTime => (date_and_time(value), "timestamptz"),
        FieldKind::Time => (time(value), "time"),
        FieldKind::Duration => (duration(value), "interval"),
        _ => (None, "text"),
    };
    let text = text.ok_or_else(|| unreadable(value))?;
    Ok(Constant::Typed { text, cast })
}

fn date(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return is_date(text).then(|| text.to_owned());
    }
    let call = call_of(value, &["datetime.date", "datetime.datetime"])?;
    date_of(call)
}

fn date_and_time(value: &Value) -> Option<String> {
    if let Some(text) = value.as_str() {
        return is_date(text).then(|| format!("{text} 00:00:00+00:00"));
    }
    if let Some(call) = call_of(value, &["datetime.date"]) {
        return Some(format!("{} 00:00:00+00:00", date_of(call)?));
    }
    let call = call_of(value, &["datetime.datetime"])?;
    // Without a zone it means the current one, which is taken to be UTC.
    let is_utc = call.argument(7, "tzinfo").is_none_or(is_utc);
    if !is_utc {
        return None;
    }
    let clock = clock(call, 3)?;
    Some(format!("{} {clock}+00:00", date_of(call)?))
}

fn time(value: &Value) -> Option<String> {
    clock(call_of(value, &["datetime.time"])?, 0)
}

fn duration(value: &Value) -> Option<String> {
    let call = call_of(value, &["datetime.timedelta"])?;
    let part = |position, name| integer(call, position, name);
    let seconds = part(1, "seconds")?
        + 60 * part(4, "minutes")?
        + 3600 * part(5, "hours")?
        + 86_400 * (part(0, "days")? + 7 * part(6, "weeks")?);
    let micros = seconds * 1_000_000 + part(2, "microseconds")? + 1000 * part(3, "milliseconds")?;
    let (days, rest) = (
        micros.div_euclid(86_400_000_000),
        micros.rem_euclid(86_400_000_000),
    );
    let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
    let clock = format!(
        "{}:{:02}:{:02}{}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        fraction(micros)
    );
    Some(match days {
        0 => clock,
        1 | -1 => format!("{days} day {clock}"),
        _ => format!("{days} days {clock}"),
    })
}

fn date_of(call: &Call) -> Option<String> {
    let (year, month, day) = (
        integer(call, 0, "year")?,
        integer(call, 1, "month")?,
        integer(call, 2, "day")?,
    );
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

fn clock(call: &Call, first: usize) -> Option<String> {
    let (hour, minute, second, micros) = (
        integer(call, first, "hour")?,
        integer(call, first + 1, "minute")?,
        integer(call, first + 2, "second")?,
        integer(call, first + 3, "microsecond")?,
    );
    Some(format!(
        "{hour:02}:{minute:02}:{second:02}{}",
        fraction(micros)
    ))
}

fn fraction(micros: i128) -> String {
    if micros == 0 {
        String::new()
    } else {
        format!(".{micros:06}")
    }
}

/// An argument that is a small integer; left out, it is zero.
fn integer(call: &Call, position: usize, name: &str) -> Option<i128> {
    if call.unknown_arguments.is_some() {
        return None;
    }
    match call.argument(position, name).map(|value| &value.kind) {
        None => Some(0),
        Some(ValueKind::Int(number)) if number.abs() < 1_000_000_000_000 => Some(*number),
        Some(_) => None,
    }
}

fn call_of<'a>(value: &'a Value, names: &[&str]) -> Option<&'a Call> {
    let call = value.as_call()?;
    match &call.callee.kind {
        ValueKind::Name(name) if names.contains(&name.as_str()) => Some(call),
        _ => None,
    }
}

fn is_utc(zone: &Value) -> bool {
    match &zone.kind {
        ValueKind::None => true,
        ValueKind::Name(name) => matches!(
            name.as_str(),
            "datetime.timezone.utc"
                | "datetime.UTC"
                | "django.utils.timezone.utc"
                | "pytz.utc"
                | "pytz.UTC"
        ),
        _ => false,
    }
}

fn is_date(text: &str) -> bool {
    let parts = text.split('-').collect::<Vec<_>>();
    let digits = |part: &str, length| {
        part.len() == length && part.chars().all(|character| character.is_ascii_digit())
    };
    matches!(parts.as_slice(), [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
}
