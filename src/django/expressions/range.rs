//! Ranges as psycopg 3 writes them: `'[1,5)'::int4range` (`psycopg/types/range.py`).

use super::Constant;
use super::constant::unreadable;
use super::literal::quote_range_item;
use super::python_constant;
use crate::django::project_state::FieldKind;
use crate::django::python::{Static, Value, ValueKind};

/// The field class of a range's bounds.
pub(super) fn bound_kind(kind: FieldKind) -> Option<FieldKind> {
    Some(match kind {
        FieldKind::IntegerRange => FieldKind::Integer,
        FieldKind::BigIntegerRange => FieldKind::BigInteger,
        FieldKind::DecimalRange => FieldKind::Decimal,
        FieldKind::DateTimeRange => FieldKind::DateTime,
        FieldKind::DateRange => FieldKind::Date,
        _ => return None,
    })
}

/// `NumericRange(1, 5)` and its kin, which are all `psycopg.types.range.Range`.
pub(super) fn is_range_call(value: &Value) -> bool {
    let Some(call) = value.as_call() else {
        return false;
    };
    matches!(&call.callee.kind, ValueKind::Name(name) if is_range_class(name.as_str()))
}

fn is_range_class(path: &str) -> bool {
    let is_known = path.starts_with("psycopg") || path.starts_with("django.db.backends.postgresql");
    let last = path.rsplit('.').next().unwrap_or(path);
    is_known
        && matches!(
            last,
            "Range"
                | "NumericRange"
                | "DateRange"
                | "DateTimeRange"
                | "DateTimeTZRange"
                | "Int4Range"
        )
}

/// A range from a range object, or from a pair with the bounds of its field.
pub(super) fn range_constant(value: &Value, default_bounds: Option<&str>) -> Static<Constant> {
    let (lower, upper, bounds, is_empty) = match &value.kind {
        ValueKind::List(items) | ValueKind::Tuple(items) => match (&**items, default_bounds) {
            ([lower, upper, ..], Some(bounds)) => {
                (Some(lower), Some(upper), bounds.to_owned(), false)
            }
            _ => return Err(unreadable(value)),
        },
        ValueKind::Call(call) if is_range_call(value) => {
            let bounds = match call.argument(2, "bounds") {
                None => "[)",
                Some(bounds) => bounds.as_str().ok_or_else(|| unreadable(bounds))?,
            };
            let is_empty = match call.argument(3, "empty").map(|empty| &empty.kind) {
                None | Some(ValueKind::Bool(false)) => false,
                Some(ValueKind::Bool(true)) => true,
                Some(_) => return Err(unreadable(value)),
            };
            (
                call.argument(0, "lower"),
                call.argument(1, "upper"),
                bounds.to_owned(),
                is_empty,
            )
        }
        _ => return Err(unreadable(value)),
    };
    let bound = |bound: Option<&Value>| match bound {
        Some(bound) if !bound.is_none() => python_constant(bound).map(Some),
        _ => Ok(None),
    };
    let (lower, upper) = (bound(lower)?, bound(upper)?);
    range_literal((lower, upper), &bounds, is_empty).ok_or_else(|| unreadable(value))
}

type Bounds = (Option<Constant>, Option<Constant>);

fn range_literal((lower, upper): Bounds, bounds: &str, is_empty: bool) -> Option<Constant> {
    if is_empty {
        return Some(Constant::text("empty"));
    }
    let mut bounds = bounds.chars();
    let (open, close) = (bounds.next()?, bounds.next()?);
    // A missing bound is never included.
    let open = if lower.is_none() { '(' } else { open };
    let close = if upper.is_none() { ')' } else { close };
    let text = |bound: &Option<Constant>| match bound {
        None => Some(String::new()),
        Some(Constant::Number(number)) => Some(number.clone()),
        Some(Constant::Typed { text, .. }) => Some(quote_range_item(text)),
        Some(_) => None,
    };
    let text = format!("{open}{},{}{close}", text(&lower)?, text(&upper)?);
    match lower.as_ref().or(upper.as_ref()) {
        None => Some(Constant::text(text)),
        Some(item) => Some(Constant::Typed {
            text,
            cast: range_type(item)?,
        }),
    }
}

/// The range over the type that psycopg takes for an item.
fn range_type(item: &Constant) -> Option<&'static str> {
    match item {
        Constant::Number(number) => Some(match number.parse::<i128>() {
            Ok(number) if i32::try_from(number).is_ok() => "int4range",
            Ok(number) if i64::try_from(number).is_ok() => "int8range",
            _ => "numrange",
        }),
        Constant::Typed { cast: "date", .. } => Some("daterange"),
        Constant::Typed {
            cast: "timestamptz",
            ..
        } => Some("tstzrange"),
        _ => None,
    }
}
