//! Which built-in types the server casts to which (`pg_cast.dat`); other types are taken to fit.

use crate::schema::SqlType;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cast {
    Allowed,
    Refused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Integer,
    Numeric,
    Float,
    Text,
    Boolean,
    Date,
    Time,
    Json,
    Uuid,
    Bytes,
    Network,
}

fn family(data_type: &SqlType) -> Option<Family> {
    let SqlType::Known(name) = data_type else {
        return None;
    };
    if name.dimensions > 0 || name.schema.is_some() {
        return None;
    }
    Some(match &*name.name {
        "smallint" | "integer" | "bigint" => Family::Integer,
        "numeric" => Family::Numeric,
        "real" | "double precision" => Family::Float,
        "text" | "character varying" | "character" => Family::Text,
        "boolean" => Family::Boolean,
        "date" | "timestamp with time zone" | "timestamp without time zone" => Family::Date,
        "time with time zone" | "time without time zone" => Family::Time,
        "json" | "jsonb" => Family::Json,
        "uuid" => Family::Uuid,
        "bytea" => Family::Bytes,
        "inet" | "cidr" => Family::Network,
        _ => return None,
    })
}

/// Whether a value is cast without being asked, as ALTER COLUMN TYPE without USING does.
pub(super) fn assignment(from: &SqlType, to: &SqlType) -> Cast {
    let (Some(from), Some(to)) = (family(from), family(to)) else {
        return Cast::Allowed;
    };
    let number = |family| matches!(family, Family::Integer | Family::Numeric | Family::Float);
    let allowed = from == to
        || to == Family::Text
        || (number(from) && number(to))
        || (from == Family::Date && to == Family::Time);
    if allowed {
        Cast::Allowed
    } else {
        Cast::Refused
    }
}

/// Whether a foreign key of one type may reference the other (`ATAddForeignKeyConstraint`).
pub(super) fn references(child: &SqlType, parent: &SqlType) -> Cast {
    let (Some(child), Some(parent)) = (family(child), family(parent)) else {
        return Cast::Allowed;
    };
    let widens = matches!(
        (child, parent),
        (Family::Integer, Family::Numeric | Family::Float) | (Family::Numeric, Family::Float)
    );
    // `json` has no equality, but then the key it would reference cannot exist.
    if child == parent || widens {
        Cast::Allowed
    } else {
        Cast::Refused
    }
}

/// "identity column type must be smallint, integer, or bigint" (`generateSerialExtraStmts`).
pub(super) fn may_be_identity(data_type: &SqlType) -> bool {
    family(data_type).is_none_or(|family| family == Family::Integer)
}
