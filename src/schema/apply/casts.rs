//! Which built-in types the server casts to which (`pg_cast.dat`); other types are taken to fit.

use crate::schema::{SqlType, TypeName};

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

/// Built-in types, each with those that it is assigned to through a cast of its own (`pg_cast` where `castcontext` is
/// `a` or `i`, the same in PostgreSQL 13 and 18).
const ASSIGNED_TO: &[(&str, &[&str])] = &[
    (
        "bigint",
        &[
            "double precision",
            "integer",
            "money",
            "numeric",
            "oid",
            "real",
            "regclass",
            "smallint",
        ],
    ),
    ("bit", &["bit varying"]),
    ("bit varying", &["bit"]),
    ("boolean", &[]),
    ("box", &["polygon"]),
    ("bytea", &[]),
    ("character", &["name"]),
    ("character varying", &["name", "regclass"]),
    ("cidr", &["inet"]),
    ("circle", &[]),
    (
        "date",
        &["timestamp with time zone", "timestamp without time zone"],
    ),
    ("daterange", &[]),
    (
        "double precision",
        &["bigint", "integer", "numeric", "real", "smallint"],
    ),
    ("inet", &["cidr"]),
    ("int4range", &[]),
    ("int8range", &[]),
    (
        "integer",
        &[
            "bigint",
            "double precision",
            "money",
            "numeric",
            "oid",
            "real",
            "regclass",
            "smallint",
        ],
    ),
    ("interval", &["time without time zone"]),
    ("json", &["jsonb"]),
    ("jsonb", &["json"]),
    ("line", &[]),
    ("lseg", &[]),
    ("macaddr", &["macaddr8"]),
    ("macaddr8", &["macaddr"]),
    ("money", &["numeric"]),
    ("name", &[]),
    (
        "numeric",
        &[
            "bigint",
            "double precision",
            "integer",
            "money",
            "real",
            "smallint",
        ],
    ),
    ("numrange", &[]),
    ("oid", &["bigint", "integer", "regclass"]),
    ("path", &["polygon"]),
    ("point", &["box"]),
    ("polygon", &["path"]),
    (
        "real",
        &[
            "bigint",
            "double precision",
            "integer",
            "numeric",
            "smallint",
        ],
    ),
    ("regclass", &["bigint", "integer", "oid"]),
    (
        "smallint",
        &[
            "bigint",
            "double precision",
            "integer",
            "numeric",
            "oid",
            "real",
            "regclass",
        ],
    ),
    ("text", &["name", "regclass"]),
    ("time with time zone", &["time without time zone"]),
    (
        "time without time zone",
        &["interval", "time with time zone"],
    ),
    (
        "timestamp with time zone",
        &[
            "date",
            "time with time zone",
            "time without time zone",
            "timestamp without time zone",
        ],
    ),
    (
        "timestamp without time zone",
        &["date", "time without time zone", "timestamp with time zone"],
    ),
    ("tsquery", &[]),
    ("tsrange", &[]),
    ("tstzrange", &[]),
    ("tsvector", &[]),
    ("uuid", &[]),
    ("xml", &[]),
];

/// The types that it is assigned to, where it is one of those known here; that of an array is that of its elements.
fn known(name: &TypeName) -> Option<&'static [&'static str]> {
    let in_catalog = name
        .schema
        .as_ref()
        .is_none_or(|schema| schema.as_str() == "pg_catalog");
    let mut types = ASSIGNED_TO.iter().filter(|_| in_catalog);
    types
        .find(|(own, _)| *own == &*name.name)
        .map(|(_, targets)| *targets)
}

fn is_text(name: &TypeName) -> bool {
    matches!(
        &*name.name,
        "text" | "character varying" | "character" | "name"
    )
}

/// The same for a type and an enum: a label is assigned to text, and nothing to an enum but its own labels.
pub(super) fn assignment_of_enum(from: (&TypeName, IsEnum), to: (&TypeName, IsEnum)) -> Cast {
    let decided = match (from, to) {
        ((from, IsEnum::Yes), (to, IsEnum::Yes)) => from == to,
        ((from, IsEnum::Yes), (to, IsEnum::No)) if known(to).is_some() => {
            is_text(to) && (from.is_array() || !to.is_array())
        }
        ((from, IsEnum::No), (_, IsEnum::Yes)) => known(from).is_none(),
        (_, (_, IsEnum::No)) => true,
    };
    if decided {
        Cast::Allowed
    } else {
        Cast::Refused
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IsEnum {
    Yes,
    No,
}

/// Whether a value is cast without being asked, as ALTER COLUMN TYPE without USING does (`find_coercion_pathway` in
/// `parse_coerce.c`): every value is assigned to text, an array to one whose elements are assigned.
pub(super) fn assignment(from: &SqlType, to: &SqlType) -> Cast {
    let (SqlType::Known(from), SqlType::Known(to)) = (from, to) else {
        return Cast::Allowed;
    };
    match (from.is_array(), to.is_array()) {
        (true, false) if known(to).is_some() && !is_text(to) => return Cast::Refused,
        (false, true) if known(from).is_some() => return Cast::Refused,
        _ => {}
    }
    let (Some(targets), Some(_)) = (known(from), known(to)) else {
        return Cast::Allowed;
    };
    let to_text = is_text(to);
    let allowed = from.name == to.name || targets.contains(&&*to.name) || to_text;
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
