//! Defaults that Django computes when the migration runs.

use super::Constant;
use crate::django::project_state::{FieldKind, StateSettings};

/// A constant that stands for a value which only the run of a migration makes: the time, a fresh UUID, the
/// result of a function of the project.
///
/// It reads as any literal of its type: all zeros for a UUID, the epoch for times, and for text the words
/// `(computed when the migration runs)`. What matters of it is that it is one constant for all rows.
///
/// A moment has no zone where the settings turn them off.
pub fn value_of_the_moment(kind: FieldKind, settings: &StateSettings) -> Option<Constant> {
    let typed = |text: &str, cast| {
        Some(Constant::Typed {
            text: text.to_owned(),
            cast,
        })
    };
    match kind {
        FieldKind::Uuid => typed("00000000000000000000000000000000", "uuid"),
        FieldKind::DateTime if settings.time_zone == Ok(None) => {
            typed("1970-01-01 00:00:00", "timestamp")
        }
        FieldKind::DateTime => typed("1970-01-01 00:00:00+00:00", "timestamptz"),
        FieldKind::Date => typed("1970-01-01", "date"),
        FieldKind::Time => typed("00:00:00", "time"),
        FieldKind::Char
        | FieldKind::Text
        | FieldKind::Slug
        | FieldKind::CiText
        | FieldKind::CiChar
        | FieldKind::CiEmail => Some(Constant::text("(computed when the migration runs)")),
        _ => None,
    }
}
