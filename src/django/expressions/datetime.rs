//! `datetime.date(2024, 1, 31)` and its like as constants.

use super::Constant;
use super::constant::unreadable;
use super::date_text::{is_date, parse_datetime, parse_time};
use super::zone::{MomentText, offset_of_zone};
use crate::django::project_state::FieldKind;
use crate::django::python::{Call, Static, Value, ValueKind};

/// A date, time or duration, from the construction or the text that a field of that kind accepts.
///
/// A moment without a zone is a `timestamp`, as psycopg 3 writes one (`DatetimeNoTzDumper` in
/// `psycopg/types/datetime.py`); a field may yet give it the zone of the settings.
pub(super) fn date_or_time(value: &Value, kind: FieldKind) -> Static<Constant> {
    let (text, cast) = match kind {
        FieldKind::Date => (date(value), "date"),
        FieldKind::DateTime => {
            let moment = date_and_time(value).ok_or_else(|| unreadable(value))?;
            return Ok(moment.constant());
        }
        FieldKind::Time => (time(value), "time"),
        FieldKind::Duration => (duration(value), "interval"),
        _ => (None, "text"),
    };
    // A DurationField hands a text on as it is (`get_db_prep_value`), and the server reads it.
    if let (FieldKind::Duration, ValueKind::Str(text)) = (kind, &value.kind) {
        return Ok(Constant::Text(std::sync::Arc::clone(&text.text)));
    }
    let text = text.ok_or_else(|| unreadable(value))?;
    Ok(Constant::Typed { text, cast })
}

fn date(value: &Value) -> Option<String> {
    if let Some(limit) = limit(value) {
        return limit.split(' ').next().map(str::to_owned);
    }
    if let Some(text) = value.as_str() {
        return is_date(text).then(|| text.to_owned());
    }
    let call = call_of(value, &["datetime.date", "datetime.datetime"])?;
    // In the zone of the settings an aware moment may be of the day before.
    let is_aware = call
        .argument(7, "tzinfo")
        .is_some_and(|zone| !zone.is_none());
    if is_aware { None } else { date_of(call) }
}

fn date_and_time(value: &Value) -> Option<MomentText> {
    if let Some(text) = value.as_str() {
        return parse_datetime(text);
    }
    if let Some(limit) = limit(value) {
        return Some(MomentText::naive(limit.to_owned()));
    }
    if let Some(call) = call_of(value, &["datetime.date"]) {
        return Some(MomentText::naive(format!("{} 00:00:00", date_of(call)?)));
    }
    let call = call_of(value, &["datetime.datetime"])?;
    let offset = match call.argument(7, "tzinfo").filter(|zone| !zone.is_none()) {
        None => None,
        Some(zone) => Some(offset(zone)?),
    };
    let clock = clock(call, 3)?;
    Some(MomentText {
        clock: format!("{} {clock}", date_of(call)?),
        offset,
    })
}

fn time(value: &Value) -> Option<String> {
    match &value.kind {
        ValueKind::Str(text) => return parse_time(&text.text),
        ValueKind::Name(name) => match name.as_str() {
            "datetime.time.min" => return Some("00:00:00".to_owned()),
            "datetime.time.max" => return Some("23:59:59.999999".to_owned()),
            _ => {}
        },
        _ => {}
    }
    if let Some(call) = call_of(value, &["datetime.datetime"]) {
        return clock(call, 3);
    }
    let call = call_of(value, &["datetime.time"])?;
    // One with a zone is a `timetz`.
    let is_aware = call
        .argument(4, "tzinfo")
        .is_some_and(|zone| !zone.is_none());
    if is_aware { None } else { clock(call, 0) }
}

/// The first and the last moment that Python knows.
fn limit(value: &Value) -> Option<&'static str> {
    let ValueKind::Name(name) = &value.kind else {
        return None;
    };
    match name.as_str() {
        "datetime.date.min" | "datetime.datetime.min" => Some("0001-01-01 00:00:00"),
        "datetime.date.max" => Some("9999-12-31 00:00:00"),
        "datetime.datetime.max" => Some("9999-12-31 23:59:59.999999"),
        _ => None,
    }
}

/// The arguments of a `timedelta`, each in microseconds.
const UNITS: [(usize, &str, i128); 7] = [
    (0, "days", 86_400_000_000),
    (1, "seconds", 1_000_000),
    (2, "microseconds", 1),
    (3, "milliseconds", 1000),
    (4, "minutes", 60_000_000),
    (5, "hours", 3_600_000_000),
    (6, "weeks", 604_800_000_000),
];

fn duration(value: &Value) -> Option<String> {
    let call = call_of(value, &["datetime.timedelta"])?;
    let mut micros = 0;
    for (position, name, unit) in UNITS {
        micros += micros_of(call, (position, name), unit)?;
    }
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

/// One argument of a `timedelta` in microseconds; a part of a unit is rounded to them.
fn micros_of(call: &Call, (position, name): (usize, &str), unit: i128) -> Option<i128> {
    if let Some(ValueKind::Float(text)) = call.argument(position, name).map(|value| &value.kind) {
        let number = text
            .parse::<f64>()
            .ok()
            .filter(|number| number.abs() < 1e6)?;
        let unit = unit.to_string().parse::<f64>().ok()?;
        let micros = (number * unit).round_ties_even();
        return format!("{micros:.0}").parse().ok();
    }
    Some(integer(call, position, name)? * unit)
}

/// The offset of a time zone that is always the same.
fn offset(zone: &Value) -> Option<String> {
    let utc = || Some("+00:00".to_owned());
    match &zone.kind {
        ValueKind::Name(name) => match name.as_str() {
            "datetime.timezone.utc"
            | "datetime.UTC"
            | "django.utils.timezone.utc"
            | "pytz.utc"
            | "pytz.UTC" => utc(),
            _ => None,
        },
        ValueKind::Call(call) => fixed_offset(call),
        _ => None,
    }
}

fn fixed_offset(call: &Call) -> Option<String> {
    let ValueKind::Name(name) = &call.callee.kind else {
        return None;
    };
    if call.unknown_arguments.is_some() {
        return None;
    }
    let argument = call.arguments.first()?;
    match (name.as_str(), argument.as_str()) {
        ("zoneinfo.ZoneInfo" | "backports.zoneinfo.ZoneInfo" | "pytz.timezone", Some(key)) => {
            offset_of_zone(key)
        }
        ("datetime.timezone" | "django.utils.timezone.get_fixed_timezone", None) => {
            let seconds = match &argument.kind {
                ValueKind::Int(minutes) if name.as_str().ends_with("get_fixed_timezone") => {
                    minutes.checked_mul(60)?
                }
                _ => seconds_of(argument)?,
            };
            let (sign, size) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
            let whole = size % 60 == 0 && size < 86_400;
            whole.then(|| format!("{sign}{:02}:{:02}", size / 3600, size / 60 % 60))
        }
        _ => None,
    }
}

/// A `timedelta` of whole seconds.
fn seconds_of(delta: &Value) -> Option<i128> {
    let delta = call_of(delta, &["datetime.timedelta"])?;
    let mut micros = 0;
    for (position, name, unit) in UNITS {
        micros += micros_of(delta, (position, name), unit)?;
    }
    (micros % 1_000_000 == 0).then_some(micros / 1_000_000)
}
