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
    let written = written_range(value, default_bounds).ok_or_else(|| unreadable(value))?;
    let first = [written.lower, written.upper]
        .into_iter()
        .flatten()
        .find(|bound| !bound.is_none());
    let cast = match first.map(range_type) {
        None | Some(RangeType::LeftToServer) => None,
        Some(RangeType::Of(cast)) => Some(cast),
        Some(RangeType::Unknown) => return Err(unreadable(value)),
    };
    let bound = |bound: Option<&Value>| match bound {
        Some(bound) if !bound.is_none() => python_constant(bound).map(Some),
        _ => Ok(None),
    };
    let ends = (bound(written.lower)?, bound(written.upper)?);
    let text = if written.is_empty {
        Some("empty".to_owned())
    } else {
        range_text(ends, written.bounds)
    };
    let text = text.ok_or_else(|| unreadable(value))?;
    Ok(match cast {
        Some(cast) => Constant::Typed { text, cast },
        None => Constant::text(text),
    })
}

/// A range as the source states it.
struct WrittenRange<'v> {
    lower: Option<&'v Value>,
    upper: Option<&'v Value>,
    bounds: &'v str,
    is_empty: bool,
}

fn written_range<'v>(
    value: &'v Value,
    default_bounds: Option<&'v str>,
) -> Option<WrittenRange<'v>> {
    match &value.kind {
        ValueKind::List(items) | ValueKind::Tuple(items) => match &**items {
            [lower, upper, ..] => Some(WrittenRange {
                lower: Some(lower),
                upper: Some(upper),
                bounds: default_bounds?,
                is_empty: false,
            }),
            _ => None,
        },
        ValueKind::Call(call) if is_range_call(value) => Some(WrittenRange {
            lower: call.argument(0, "lower"),
            upper: call.argument(1, "upper"),
            bounds: match call.argument(2, "bounds") {
                None => "[)",
                Some(bounds) => bounds.as_str()?,
            },
            is_empty: match call.argument(3, "empty").map(|empty| &empty.kind) {
                None | Some(ValueKind::Bool(false)) => false,
                Some(ValueKind::Bool(true)) => true,
                Some(_) => return None,
            },
        }),
        _ => None,
    }
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

/// The range type that psycopg takes for a bound.
enum RangeType {
    Of(&'static str),
    /// Of integers.
    LeftToServer,
    Unknown,
}

fn range_type(bound: &Value) -> RangeType {
    let name = match &bound.kind {
        ValueKind::Int(_) => return RangeType::LeftToServer,
        ValueKind::Call(call) => match &call.callee.kind {
            ValueKind::Name(name) => name.as_str(),
            _ => return RangeType::Unknown,
        },
        _ => return RangeType::Unknown,
    };
    match name {
        "decimal.Decimal" => RangeType::Of("numrange"),
        "datetime.date" => RangeType::Of("daterange"),
        // Without a time zone, too (`DjangoRangeDumper`, `psycopg_any.py`).
        "datetime.datetime" => RangeType::Of("tstzrange"),
        _ => RangeType::Unknown,
    }
}
