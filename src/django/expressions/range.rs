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
    let first = [lower, upper]
        .into_iter()
        .flatten()
        .find(|bound| !bound.is_none());
    let cast = match first {
        None => None,
        Some(first) => range_type(first).ok_or_else(|| unreadable(first))?,
    };
    let (lower, upper) = (bound(lower)?, bound(upper)?);
    let text = if is_empty {
        Some("empty".to_owned())
    } else {
        range_text((lower, upper), &bounds)
    };
    let text = text.ok_or_else(|| unreadable(value))?;
    Ok(match cast {
        Some(cast) => Constant::Typed { text, cast },
        None => Constant::text(text),
    })
}

type Bounds = (Option<Constant>, Option<Constant>);

fn range_text((lower, upper): Bounds, bounds: &str) -> Option<String> {
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
    Some(format!("{open}{},{}{close}", text(&lower)?, text(&upper)?))
}

/// The range type that psycopg takes for a bound; `Ok(None)`: it leaves the type of integers to the server.
fn range_type(bound: &Value) -> Option<Option<&'static str>> {
    match &bound.kind {
        ValueKind::Int(_) => Some(None),
        ValueKind::Call(call) => match &call.callee.kind {
            ValueKind::Name(name) => match name.as_str() {
                "decimal.Decimal" => Some(Some("numrange")),
                "datetime.date" => Some(Some("daterange")),
                // Without a time zone, too (`DjangoRangeDumper`, `psycopg_any.py`).
                "datetime.datetime" => Some(Some("tstzrange")),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}
