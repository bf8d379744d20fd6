//! Comparisons with a year, which Django makes comparisons of the date: `YearLookup` (`django/db/models/lookups.py`).

use super::compiler::Compiler;
use super::expr::{Expr, Output};
use super::literal::Constant;
use super::lookup_class::{LookupClass, Operator};
use super::lookup_right::Right;
use super::outcome::{Outcome, Stop};
use super::zone::Zone;
use crate::django::project_state::FieldKind;
use crate::django::python::ValueKind;

impl Compiler<'_> {
    pub(super) fn year_range(
        &self,
        date: Expr,
        class: LookupClass,
        (right, is_iso): (Right<'_>, bool),
    ) -> Outcome<Expr> {
        let year = match &right.value().kind {
            ValueKind::Int(year) => i64::try_from(*year).ok(),
            ValueKind::Str(text) => text.text.trim().parse::<i64>().ok(),
            _ => None,
        };
        let year = year
            .filter(|year| (1..9999).contains(year))
            .ok_or_else(|| Stop::why("a year that cannot be read"))?;
        let (first, last) = if is_iso {
            let next = iso_year_start(year + 1);
            (iso_year_start(year), (next.0, next.1, next.2 - 1))
        } else {
            ((year, 1, 1), (year, 12, 31))
        };
        let (first, last) = (before_month(first), before_month(last));
        let kind = date.output.kind()?;
        let (start, finish) = if kind == FieldKind::DateTime {
            let zone = self.zone()?;
            (
                moment(first, "00:00:00", &zone)?,
                moment(last, "23:59:59.999999", &zone)?,
            )
        } else {
            (day(first), day(last))
        };
        let mut whole = Expr::text("", Output::None);
        let left = whole.take(date);
        let (text, params) = match class.operator {
            Operator::Exact => ("BETWEEN %s AND %s", vec![start, finish]),
            Operator::Gt => ("> %s", vec![finish]),
            Operator::Gte => (">= %s", vec![start]),
            Operator::Lt => ("< %s", vec![start]),
            Operator::Lte => ("<= %s", vec![finish]),
            _ => return Err(Stop::why("no comparison of years")),
        };
        whole.params.extend(params);
        whole.sql = format!("{left} {text}");
        Ok(whole)
    }
}

type Day = (i64, i64, i64);

fn day((year, month, day): Day) -> Constant {
    Constant::Typed {
        text: format!("{year:04}-{month:02}-{day:02}"),
        cast: "date",
    }
}

fn moment((year, month, day): Day, clock: &str, zone: &Zone) -> Outcome<Constant> {
    let text = format!("{year:04}-{month:02}-{day:02} {clock}");
    Ok(match zone {
        Zone::Naive => Constant::Typed {
            text,
            cast: "timestamp",
        },
        Zone::Named(name) if super::zone::is_utc(name) => Constant::Typed {
            text: format!("{text}+00:00"),
            cast: "timestamptz",
        },
        Zone::Named(_) => {
            return Err(Stop::why(
                "the bounds of a year in a time zone other than UTC",
            ));
        }
    })
}

/// A day of month 0 or below stands in December of the year before.
fn before_month((year, month, day): Day) -> Day {
    match (month, day) {
        (1, ..=0) => (year - 1, 12, 31 + day),
        other => (year, other.0, other.1),
    }
}

/// Monday of the first ISO week: the week of 4 January. The day may be 0 or below.
fn iso_year_start(year: i64) -> Day {
    let weekday = weekday_of_january_4th(year);
    (year, 1, 4 - weekday)
}

/// Monday is 0.
fn weekday_of_january_4th(year: i64) -> i64 {
    let before = year - 1;
    // 1 January of year 1 was a Monday.
    let days = before * 365 + before / 4 - before / 100 + before / 400;
    (days + 3).rem_euclid(7)
}
