//! The types of expressions: which class of Django is under which, and what two operands make.
//!
//! `_resolve_output_field` and `_connector_combinations` of `django/db/models/expressions.py`.

use super::expr::{Expr, Output};
use super::outcome::Outcome;
use crate::django::project_state::{Field, FieldKind};
use crate::django::version::DjangoVersion;
use crate::source::Origin;

/// `IntegerField` and everything under it.
pub(super) fn is_integer(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Auto
            | FieldKind::BigAuto
            | FieldKind::SmallAuto
            | FieldKind::Integer
            | FieldKind::BigInteger
            | FieldKind::SmallInteger
            | FieldKind::PositiveInteger
            | FieldKind::PositiveBigInteger
            | FieldKind::PositiveSmallInteger
    )
}

/// `CharField` or `TextField`, or a class under them.
pub(super) fn is_text(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Char
            | FieldKind::Slug
            | FieldKind::Text
            | FieldKind::CiText
            | FieldKind::CiChar
            | FieldKind::CiEmail
    )
}

/// `DateField` or `DateTimeField`.
pub(super) fn is_date(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Date | FieldKind::DateTime)
}

pub(super) fn is_range(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::IntegerRange
            | FieldKind::BigIntegerRange
            | FieldKind::DecimalRange
            | FieldKind::DateTimeRange
            | FieldKind::DateRange
    )
}

/// Whether a class is another one or under it.
fn is_under(kind: FieldKind, above: FieldKind) -> bool {
    use FieldKind as K;
    kind == above
        || match above {
            K::Integer => is_integer(kind),
            K::BigInteger => matches!(kind, K::BigAuto | K::PositiveBigInteger),
            K::SmallInteger => matches!(kind, K::SmallAuto | K::PositiveSmallInteger),
            K::Date => kind == K::DateTime,
            K::Char => matches!(kind, K::Slug | K::CiChar | K::CiEmail),
            K::Text => kind == K::CiText,
            K::Boolean => kind == K::NullBoolean,
            _ => false,
        }
}

/// `isinstance(one, type(other))`.
fn is_instance(one: &Field, other: &Field) -> Outcome<bool> {
    let (kind, above) = (one.kind.clone()?, other.kind.clone()?);
    // Fields that were read name their class without `django.db.`.
    let (one, other) = (shown(&one.class), shown(&other.class));
    let is_plain = other == shown(above.class_path());
    Ok(is_under(kind, above) && (is_plain || one == other))
}

fn shown(path: &str) -> &str {
    path.strip_prefix("django.db.").unwrap_or(path)
}

/// The type that all sources have.
pub(super) fn of_sources(sources: &[Expr]) -> Outcome<Output> {
    let mut first: Option<&Output> = None;
    for source in sources {
        match (&source.output, first) {
            (Output::None, _) => {}
            (Output::Mixed, _) => return Ok(Output::Mixed),
            (Output::Known(_), None) => first = Some(&source.output),
            (Output::Known(field), Some(known)) => {
                if !is_instance(known.field()?, field)? {
                    return Ok(Output::Mixed);
                }
            }
        }
    }
    Ok(first.cloned().unwrap_or(Output::None))
}

/// `NumericOutputFieldMixin` (`django/db/models/functions/mixins.py`).
pub(super) fn numeric(sources: &[Expr], origin: &Origin) -> Outcome<Output> {
    let mut kinds = Vec::new();
    for source in sources {
        kinds.extend(source.output.kind_or_none()?);
    }
    if kinds.contains(&FieldKind::Decimal) {
        return Ok(Output::of(FieldKind::Decimal, origin));
    }
    if sources.is_empty() || kinds.iter().any(|kind| is_integer(*kind)) {
        return Ok(Output::of(FieldKind::Float, origin));
    }
    of_sources(sources)
}

/// What two operands make (`_resolve_combined_type`); [`Output::Mixed`]: Django asks for an `output_field`.
pub(super) fn combined(
    connector: &str,
    (left, right): (&Output, &Output),
    (version, origin): (DjangoVersion, &Origin),
) -> Outcome<Output> {
    let kinds = (left.kind_or_none()?, right.kind_or_none()?);
    let found = if matches!(connector, "&" | "|" | "<<" | ">>" | "#") {
        match kinds {
            (Some(one), Some(two)) if is_integer(one) && is_integer(two) => {
                Some(FieldKind::Integer)
            }
            _ => None,
        }
    } else {
        number(connector, kinds, version).or_else(|| moment(connector, kinds))
    };
    Ok(found.map_or(Output::Mixed, |kind| Output::of(kind, origin)))
}

type Kinds = (Option<FieldKind>, Option<FieldKind>);

fn number(connector: &str, kinds: Kinds, version: DjangoVersion) -> Option<FieldKind> {
    use FieldKind as K;
    let general = |kind: K| {
        if is_integer(kind) {
            Some(K::Integer)
        } else {
            matches!(kind, K::Float | K::Decimal).then_some(kind)
        }
    };
    match kinds {
        (Some(K::PositiveInteger), Some(K::PositiveInteger))
            if connector != "-" && version.keeps_positive_integers() =>
        {
            Some(K::PositiveInteger)
        }
        (Some(one), Some(two)) => match (general(one)?, general(two)?) {
            (one, two) if one == two => Some(one),
            (K::Integer, other) | (other, K::Integer) if connector != "^" => Some(other),
            _ => None,
        },
        (Some(one), None) | (None, Some(one)) => general(one),
        (None, None) => None,
    }
}

fn moment(connector: &str, kinds: Kinds) -> Option<FieldKind> {
    use FieldKind as K;
    let (Some(one), Some(two)) = kinds else {
        return None;
    };
    match (one, connector, two) {
        (K::Date | K::DateTime, "+" | "-", K::Duration)
        | (K::Duration, "+", K::Date | K::DateTime) => Some(K::DateTime),
        (K::Duration, "+" | "-", K::Duration)
        | (K::Date | K::DateTime, "-", K::Date | K::DateTime)
        | (K::Time, "-", K::Time) => Some(K::Duration),
        (K::Time, "+" | "-", K::Duration) | (K::Duration, "+", K::Time) => Some(K::Time),
        _ => None,
    }
}
