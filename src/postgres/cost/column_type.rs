//! What a change of a column's type does to the stored rows.
//!
//! `ATColumnChangeRequiresRewrite` in `tablecmds.c`: a cast that changes no byte needs no rewrite, nor a
//! length that only grows (`varchar_support`, `numeric_support`, `temporal_simplify` and the like).

use crate::schema::{Identifier, Lookup, Schema, SqlType, TypeName, Why, WrittenName};

use crate::postgres::builtin::is_builtin;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TypeChange {
    Same,
    /// The rows stay as they are, and so do plain indexes.
    SameStorage,
    /// The rows stay as they are; an index on the column would sort otherwise.
    OtherOperators,
    Rewrite,
    /// Between `timestamp` and `timestamp with time zone` (PostgreSQL 12).
    RewriteUnlessUtc,
    NotKnown(Why),
}

/// Base types of well-known extensions: no domains.
const EXTENSION_TYPES: &[&str] = &[
    "citext",
    "cube",
    "geography",
    "geometry",
    "halfvec",
    "hstore",
    "ltree",
    "lquery",
    "raster",
    "sparsevec",
    "vector",
];

/// Whether a type may be a domain, whose constraints a new column must satisfy in every row.
pub(super) fn may_be_domain(data_type: &SqlType, schema: &Schema) -> bool {
    match data_type {
        SqlType::Unknown(_) => true,
        SqlType::Known(name) => {
            !is_builtin(name) && !EXTENSION_TYPES.contains(&&*name.name) && !is_enum(name, schema)
        }
    }
}

fn is_enum(name: &TypeName, schema: &Schema) -> bool {
    let written = WrittenName {
        schema: name.schema.clone(),
        name: Identifier::quoted(&name.name),
    };
    matches!(schema.enum_labels(&written), Lookup::Found(_))
}

pub(super) fn change(from: &SqlType, to: &SqlType, schema: &Schema) -> TypeChange {
    match (from, to) {
        (SqlType::Unknown(why), _) | (_, SqlType::Unknown(why)) => {
            TypeChange::NotKnown(why.clone())
        }
        (SqlType::Known(from), SqlType::Known(to)) if from == to => TypeChange::Same,
        (SqlType::Known(from), SqlType::Known(to)) => known_change(from, to, schema),
    }
}

fn known_change(from: &TypeName, to: &TypeName, schema: &Schema) -> TypeChange {
    if from.dimensions > 0 || to.dimensions > 0 {
        // PostgreSQL does not enforce the number of dimensions.
        return if from.dimensions > 0 && to.dimensions > 0 {
            array_change(from, to, schema)
        } else {
            TypeChange::Rewrite
        };
    }
    let citext = |name: &TypeName| &*name.name == "citext";
    if (citext(from) && is_text(to)) || (is_text(from) && citext(to)) {
        return if to.modifiers.is_empty() {
            TypeChange::OtherOperators
        } else {
            TypeChange::Rewrite
        };
    }
    // Through the text of the label.
    let enums = [from, to].map(|name| is_enum(name, schema));
    if matches!(enums, [true, true])
        || (enums.contains(&true) && (is_builtin(from) || is_builtin(to)))
    {
        return TypeChange::Rewrite;
    }
    let user_made = |name: &TypeName| may_be_domain(&SqlType::Known(name.clone()), schema);
    if let Some(unknown) = [from, to].into_iter().find(|name| user_made(name)) {
        return TypeChange::NotKnown(Why::new(format!("how {unknown} is stored")));
    }
    builtin_change(from, to)
}

fn array_change(from: &TypeName, to: &TypeName, schema: &Schema) -> TypeChange {
    let element = |name: &TypeName| TypeName {
        dimensions: 0,
        ..name.clone()
    };
    let (from, to) = (element(from), element(to));
    if from == to {
        return TypeChange::Same;
    }
    if is_builtin(&from) && is_builtin(&to) {
        // The elements are cast one by one, unless all that goes is their length.
        return if from.name == to.name && to.modifiers.is_empty() {
            TypeChange::SameStorage
        } else {
            TypeChange::Rewrite
        };
    }
    match known_change(&from, &to, schema) {
        TypeChange::NotKnown(why) => TypeChange::NotKnown(why),
        _ => TypeChange::Rewrite,
    }
}

fn is_text(name: &TypeName) -> bool {
    matches!(&*name.name, "text" | "character varying")
}

fn builtin_change(from: &TypeName, to: &TypeName) -> TypeChange {
    let same_storage = |holds: bool| {
        if holds {
            TypeChange::SameStorage
        } else {
            TypeChange::Rewrite
        }
    };
    match (&*from.name, &*to.name) {
        ("text" | "character varying", "text") => TypeChange::SameStorage,
        ("text", "character varying") => same_storage(to.modifiers.is_empty()),
        ("character varying", "character varying") | ("bit varying", "bit varying") => {
            same_storage(grows(from, to))
        }
        ("numeric", "numeric") => same_storage(numeric_grows(from, to)),
        (
            "timestamp with time zone" | "timestamp without time zone",
            "timestamp with time zone" | "timestamp without time zone",
        ) if from.name != to.name => {
            if fraction_grows(from, to) {
                TypeChange::RewriteUnlessUtc
            } else {
                TypeChange::Rewrite
            }
        }
        (
            "timestamp with time zone"
            | "timestamp without time zone"
            | "time with time zone"
            | "time without time zone",
            _,
        ) if from.name == to.name => same_storage(fraction_grows(from, to)),
        ("interval", "interval") => same_storage(to.modifiers.is_empty()),
        ("cidr", "inet") | ("oid", "regclass") | ("regclass", "oid") => TypeChange::SameStorage,
        ("xml", "text") => TypeChange::SameStorage,
        ("xml", "character varying") => same_storage(to.modifiers.is_empty()),
        ("bit", "bit varying") if to.modifiers.is_empty() => TypeChange::OtherOperators,
        ("integer", "oid" | "regclass") | ("oid" | "regclass", "integer") => {
            TypeChange::OtherOperators
        }
        _ => TypeChange::Rewrite,
    }
}

fn number(name: &TypeName, position: usize) -> Option<i64> {
    name.modifiers.get(position)?.trim().parse().ok()
}

/// No length is the longest one.
pub(super) fn grows(from: &TypeName, to: &TypeName) -> bool {
    match (number(from, 0), number(to, 0)) {
        (_, None) => to.modifiers.is_empty(),
        (Some(from), Some(to)) => from <= to,
        (None, Some(_)) => false,
    }
}

pub(super) fn numeric_grows(from: &TypeName, to: &TypeName) -> bool {
    let scale = |name: &TypeName| number(name, 1).unwrap_or(0);
    match (number(from, 0), number(to, 0)) {
        (_, None) => to.modifiers.is_empty(),
        (Some(before), Some(after)) => before <= after && scale(from) == scale(to),
        (None, Some(_)) => false,
    }
}

/// Six digits of a second are the most, and what no modifier means.
fn fraction_grows(from: &TypeName, to: &TypeName) -> bool {
    number(to, 0).unwrap_or(6) >= number(from, 0).unwrap_or(6)
}
