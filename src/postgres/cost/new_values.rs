//! Which values of one type another one may refuse, of those that are cast without being asked.

use super::column_type::{grows, numeric_grows};
use crate::schema::{SqlType, TypeName};

/// What a change of type does to the values of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// Each is taken, and two that differ still do.
    Kept,
    /// Each is taken, and two may become one: a fraction of a second that is rounded.
    Merged,
    /// One may be too long, out of range or not of the form.
    Refused,
}

pub(super) fn values(from: &SqlType, to: &SqlType) -> Values {
    let (SqlType::Known(from), SqlType::Known(to)) = (from, to) else {
        return Values::Refused;
    };
    if from == to {
        Values::Kept
    } else if may_refuse(from, to) {
        Values::Refused
    } else if keeps_apart(from, to) {
        Values::Kept
    } else {
        Values::Merged
    }
}

fn may_refuse(from: &TypeName, to: &TypeName) -> bool {
    let is_from = |names: &[&str]| names.contains(&&*from.name);
    let same = from.name == to.name;
    // `char` is `char(1)`.
    let limited = !to.modifiers.is_empty() || &*to.name == "character";
    match &*to.name {
        "text" => false,
        "character varying" | "character" | "bit varying" => {
            if same {
                !grows(from, to)
            } else {
                limited
            }
        }
        // Another length is refused, the longer as well.
        "bit" => true,
        "numeric" if same => !numeric_grows(from, to),
        "numeric" => limited,
        "smallint" => true,
        "integer" => !is_from(&["smallint", "oid", "regclass"]),
        "bigint" => !is_from(&["smallint", "integer", "oid", "regclass"]),
        "real" => !is_from(&["smallint", "integer", "bigint"]),
        "double precision" => !is_from(&["smallint", "integer", "bigint", "real"]),
        "timestamp with time zone" | "timestamp without time zone" => {
            !is_from(&["timestamp with time zone", "timestamp without time zone"])
        }
        "inet" => !is_from(&["cidr"]),
        "json" => !is_from(&["jsonb"]),
        "time with time zone" | "time without time zone" => {
            is_from(&["text", "character varying", "character"])
        }
        "name" | "citext" => false,
        _ => !same,
    }
}

fn keeps_apart(from: &TypeName, to: &TypeName) -> bool {
    let integers = ["smallint", "integer", "bigint"];
    match &*to.name {
        "text" | "character varying" => &*from.name != "citext",
        "integer" | "bigint" | "numeric" => integers.contains(&&*from.name) || from.name == to.name,
        _ => from.name == to.name && to.modifiers.is_empty(),
    }
}
