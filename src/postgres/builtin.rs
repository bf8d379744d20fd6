//! The data types that the server brings along.

use crate::schema::TypeName;

/// Built-in types as `format_type` spells them.
const BUILTIN: &[&str] = &[
    "bigint",
    "bit",
    "bit varying",
    "boolean",
    "box",
    "bytea",
    "character",
    "character varying",
    "cidr",
    "circle",
    "date",
    "daterange",
    "datemultirange",
    "double precision",
    "inet",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "integer",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "nummultirange",
    "numeric",
    "numrange",
    "oid",
    "path",
    "pg_lsn",
    "point",
    "polygon",
    "real",
    "regclass",
    "smallint",
    "text",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "uuid",
    "xid",
    "xml",
];

/// Whether a type is the server's own, apart from its modifiers and dimensions.
pub(super) fn is_builtin(name: &TypeName) -> bool {
    let in_catalog = name
        .schema
        .as_ref()
        .is_none_or(|schema| schema.as_str() == "pg_catalog");
    in_catalog && BUILTIN.contains(&&*name.name)
}
