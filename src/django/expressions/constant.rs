//! Python values as constants, converted as the field that they are for converts them (`get_db_prep_value`).

use std::sync::Arc;

use super::Constant;
use super::address::address;
use super::datetime::date_or_time;
use super::json::json_text;
use super::number::{decimal, decimal_of_call, float, integer};
use super::uuid::uuid;
use super::zone::in_current_zone;
use crate::django::project_state::{Field, FieldDetail, FieldKind, StateSettings};
use crate::django::python::{Static, Value, ValueKind};
use crate::schema::Why;

/// The value as the field writes it. The field of a foreign key is the one that it points at.
///
/// # Errors
/// What cannot be read, and a moment without a zone where the settings do not tell its offset.
pub fn field_constant(value: &Value, field: &Field, settings: &StateSettings) -> Static<Constant> {
    let constant = of_field(value, field)?;
    if is_range_field(field)? {
        return Ok(constant);
    }
    in_current_zone(constant, &settings.time_zone)
}

/// A range keeps its bounds as they are (`RangeField.get_prep_value`).
fn is_range_field(field: &Field) -> Static<bool> {
    Ok(super::output::is_range(field.kind.clone()?))
}

/// Moments that were given without a zone have none yet.
fn of_field(value: &Value, field: &Field) -> Static<Constant> {
    if value.is_none() {
        return Ok(Constant::Null);
    }
    if let FieldDetail::Array { base, .. } = &field.detail {
        return array(value, &*base.clone()?);
    }
    if let FieldDetail::Generated { output, .. } = &field.detail {
        return of_field(value, &*output.clone()?);
    }
    let kind = field.kind.clone()?;
    convert(value, kind, field)
}

fn convert(value: &Value, kind: FieldKind, field: &Field) -> Static<Constant> {
    match kind {
        FieldKind::Auto
        | FieldKind::BigAuto
        | FieldKind::SmallAuto
        | FieldKind::Integer
        | FieldKind::BigInteger
        | FieldKind::SmallInteger
        | FieldKind::PositiveBigInteger
        | FieldKind::PositiveInteger
        | FieldKind::PositiveSmallInteger => integer(value),
        FieldKind::Boolean | FieldKind::NullBoolean => boolean(value),
        FieldKind::Float => float(value),
        FieldKind::Decimal => decimal(value, field),
        FieldKind::Char
        | FieldKind::Text
        | FieldKind::Slug
        | FieldKind::File
        | FieldKind::FilePath
        | FieldKind::CiText
        | FieldKind::CiChar
        | FieldKind::CiEmail => text(value),
        FieldKind::SearchVector | FieldKind::SearchQuery => python_constant(value),
        FieldKind::GenericIpAddress | FieldKind::IpAddress => address(value, field),
        FieldKind::Binary => bytes(value),
        FieldKind::Json => Ok(Constant::Typed {
            text: json_text(value)?,
            cast: "jsonb",
        }),
        FieldKind::Uuid => uuid(value),
        FieldKind::Date | FieldKind::DateTime | FieldKind::Time | FieldKind::Duration => {
            date_or_time(value, kind)
        }
        FieldKind::HStore => hstore(value),
        kind if super::output::is_range(kind) => {
            let bounds = match field.call.keyword("default_bounds") {
                None => "[)",
                Some(bounds) => bounds.as_str().ok_or_else(|| unreadable(value))?,
            };
            super::range::range_constant(value, Some(bounds))
        }
        _ => Err(unreadable(value)),
    }
}

/// The value as psycopg writes it when no field says more.
pub fn python_constant(value: &Value) -> Static<Constant> {
    match &value.kind {
        ValueKind::None => Ok(Constant::Null),
        ValueKind::Bool(truth) => Ok(Constant::Bool(*truth)),
        ValueKind::Int(number) => Ok(Constant::Number(number.to_string())),
        ValueKind::Float(_) => float(value),
        ValueKind::Str(_) => text(value),
        ValueKind::Bytes(bytes) => Ok(Constant::Bytes(bytes.to_vec())),
        ValueKind::List(items) => {
            let items = items
                .iter()
                .map(python_constant)
                .collect::<Static<Vec<_>>>()?;
            let cast = list_cast(value, &items)?;
            Ok(Constant::Array { items, cast })
        }
        ValueKind::Call(_) if super::range::is_range_call(value) => {
            super::range::range_constant(value, None)
        }
        ValueKind::Call(call) => match &call.callee.kind {
            ValueKind::Name(name) => match name.as_str() {
                "decimal.Decimal" => decimal_of_call(value),
                "uuid.UUID" => uuid(value),
                "datetime.date" => date_or_time(value, FieldKind::Date),
                "datetime.datetime" => date_or_time(value, FieldKind::DateTime),
                "datetime.time" => date_or_time(value, FieldKind::Time),
                "datetime.timedelta" => date_or_time(value, FieldKind::Duration),
                _ => Err(unreadable(value)),
            },
            _ => Err(unreadable(value)),
        },
        _ => Err(unreadable(value)),
    }
}

/// The type of the items of a list that no field converts (`psycopg/types/array.py`): that of the largest integer.
fn list_cast(value: &Value, items: &[Constant]) -> Static<Option<&'static str>> {
    let mut casts = items.iter().filter_map(|item| match item {
        Constant::Null | Constant::Text(_) => None,
        Constant::Bool(_) => Some("bool"),
        Constant::Number(number) => Some(match number.parse::<i128>() {
            Ok(number) if i16::try_from(number).is_ok() => "int2",
            Ok(number) if i32::try_from(number).is_ok() => "int4",
            Ok(number) if i64::try_from(number).is_ok() => "int8",
            _ => "numeric",
        }),
        Constant::Typed { cast, .. } => Some(cast),
        Constant::Bytes(_) => Some("bytea"),
        Constant::Array { cast, .. } => *cast,
    });
    let Some(first) = casts.next() else {
        return Ok(None);
    };
    let order = ["int2", "int4", "int8", "numeric"];
    let rank = |cast: &str| order.iter().position(|known| *known == cast);
    let mut widest = first;
    for cast in casts {
        match (rank(widest), rank(cast)) {
            (Some(one), Some(two)) if two > one => widest = cast,
            (Some(_), Some(_)) => {}
            _ if widest == cast => {}
            _ => return Err(unreadable(value)),
        }
    }
    let has_float = value
        .items()
        .unwrap_or_default()
        .iter()
        .any(|item| matches!(item.kind, ValueKind::Float(_)));
    Ok(Some(if has_float { "float8" } else { widest }))
}

fn array(value: &Value, base: &Field) -> Static<Constant> {
    let (ValueKind::List(items) | ValueKind::Tuple(items)) = &value.kind else {
        return Err(unreadable(value));
    };
    Ok(Constant::Array {
        items: items
            .iter()
            .map(|item| of_field(item, base))
            .collect::<Static<_>>()?,
        cast: item_cast(base)?,
    })
}

/// The type that psycopg casts an array to; text arrays have none.
fn item_cast(base: &Field) -> Static<Option<&'static str>> {
    if let FieldDetail::Array { base, .. } = &base.detail {
        return item_cast(&*base.clone()?);
    }
    Ok(match base.kind.clone()? {
        FieldKind::SmallInteger | FieldKind::PositiveSmallInteger => Some("int2"),
        FieldKind::Integer | FieldKind::PositiveInteger => Some("int4"),
        FieldKind::BigInteger | FieldKind::PositiveBigInteger => Some("int8"),
        FieldKind::Boolean => Some("bool"),
        FieldKind::Float => Some("float8"),
        FieldKind::Decimal => Some("numeric"),
        FieldKind::Uuid => Some("uuid"),
        FieldKind::Date => Some("date"),
        FieldKind::DateTime => Some("timestamptz"),
        FieldKind::Time => Some("time"),
        FieldKind::Duration => Some("interval"),
        FieldKind::Json => Some("jsonb"),
        FieldKind::GenericIpAddress => Some("inet"),
        FieldKind::Binary => Some("bytea"),
        FieldKind::HStore => Some("hstore"),
        _ => None,
    })
}

fn boolean(value: &Value) -> Static<Constant> {
    match &value.kind {
        ValueKind::Bool(truth) => Ok(Constant::Bool(*truth)),
        ValueKind::Int(0) => Ok(Constant::Bool(false)),
        ValueKind::Int(1) => Ok(Constant::Bool(true)),
        ValueKind::Str(text) => match &*text.text {
            "t" | "True" | "1" => Ok(Constant::Bool(true)),
            "f" | "False" | "0" => Ok(Constant::Bool(false)),
            _ => Err(unreadable(value)),
        },
        _ => Err(unreadable(value)),
    }
}

fn text(value: &Value) -> Static<Constant> {
    let text: Arc<str> = match &value.kind {
        ValueKind::Str(text) => Arc::clone(&text.text),
        ValueKind::Int(number) => number.to_string().into(),
        ValueKind::Float(text) => Arc::clone(text),
        ValueKind::Bool(true) => "True".into(),
        ValueKind::Bool(false) => "False".into(),
        _ => return Err(unreadable(value)),
    };
    Ok(Constant::Text(text))
}

/// What Python turns into bytes: `b"..."`, `bytes()`, `memoryview(b"...")`.
fn bytes(value: &Value) -> Static<Constant> {
    if let ValueKind::Bytes(bytes) = &value.kind {
        return Ok(Constant::Bytes(bytes.to_vec()));
    }
    let call = value.as_call().ok_or_else(|| unreadable(value))?;
    let ValueKind::Name(name) = &call.callee.kind else {
        return Err(unreadable(value));
    };
    let argument = call.arguments.first().map(|argument| &argument.kind);
    match (name.last(), argument) {
        ("bytes" | "bytearray", None) => Ok(Constant::Bytes(Vec::new())),
        ("bytes" | "bytearray" | "memoryview", Some(ValueKind::Bytes(bytes))) => {
            Ok(Constant::Bytes(bytes.to_vec()))
        }
        _ => Err(unreadable(value)),
    }
}

fn hstore(value: &Value) -> Static<Constant> {
    let ValueKind::Dict(items) = &value.kind else {
        return Err(unreadable(value));
    };
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let pairs = items
        .iter()
        .map(|(key, item)| {
            let key = key.as_str().ok_or_else(|| unreadable(value))?;
            // `HStoreField.get_prep_value`: other values as their text.
            let item = match &item.kind {
                ValueKind::None => "NULL".to_owned(),
                _ => match text(item)? {
                    Constant::Text(text) => quoted(&text),
                    _ => return Err(unreadable(value)),
                },
            };
            Ok(format!("{}=>{item}", quoted(key)))
        })
        .collect::<Static<Vec<_>>>()?;
    Ok(Constant::Typed {
        text: pairs.join(","),
        cast: "hstore",
    })
}

/// Why a value has no constant.
pub(super) fn unreadable(value: &Value) -> Why {
    match value.why_unknown() {
        Some(why) => why.clone(),
        None => Why::new("a value that is not written out as a constant"),
    }
}
