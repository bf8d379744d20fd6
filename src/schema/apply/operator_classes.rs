//! Operator classes and collations of index keys that go without saying: the catalog holds no trace of their having been
//! written.

use crate::schema::{
    Column, IndexDefinition, IndexKey, KeyPart, RelationName, Schema, SqlType, TypeName,
};

impl Schema {
    /// An index as the catalog shows it: without the operator class that is the default of the column's type, and
    /// without the collation that is the column's own (`get_opclass_name` and `pg_get_indexdef` in `ruleutils.c`,
    /// PostgreSQL 18).
    pub(super) fn as_stored(
        &self,
        table: &RelationName,
        definition: &IndexDefinition,
    ) -> IndexDefinition {
        let mut stored = definition.clone();
        let method = definition.method.as_str();
        for key in &mut stored.keys {
            let KeyPart::Column(name) = &key.part else {
                continue;
            };
            if let Some(column) = self.column(table, name).found() {
                leave_out(key, column, method);
            }
        }
        stored
    }
}

fn leave_out(key: &mut IndexKey, column: &Column, method: &str) {
    if key.collation == column.collation {
        key.collation = None;
    }
    let SqlType::Known(data_type) = &column.data_type else {
        return;
    };
    let is_default = key.operator_class.as_ref().is_some_and(|class| {
        let is_own = class
            .schema
            .as_ref()
            .is_none_or(|schema| schema.as_str() == "pg_catalog");
        is_own && default_operator_class(data_type, method).as_deref() == Some(class.name.as_str())
    });
    if is_default {
        key.operator_class = None;
    }
}

/// The default operator class of a built-in type for an access method (`pg_opclass.opcdefault`, the same in PostgreSQL
/// 13 to 18); `None` where there is none, or the type is none of the common ones.
pub fn default_operator_class(data_type: &TypeName, method: &str) -> Option<String> {
    if data_type.schema.is_some() {
        return None;
    }
    let is_array = data_type.dimensions > 0;
    let name = if is_array { "array" } else { &data_type.name };
    let class = match method {
        "btree" | "hash" => sorted(name)?.to_owned(),
        "gin" => match name {
            "array" | "jsonb" | "tsvector" => sorted(name)?.to_owned(),
            _ => return None,
        },
        "gist" => match name {
            "tsvector" | "tsquery" => sorted(name)?.to_owned(),
            _ => of_shape(name)?.to_owned(),
        },
        "spgist" => match name {
            "text" | "character varying" => "text_ops".to_owned(),
            "inet" | "cidr" => "inet_ops".to_owned(),
            "point" => "quad_point_ops".to_owned(),
            "box" => "box_ops".to_owned(),
            "polygon" => "poly_ops".to_owned(),
            _ => return None,
        },
        "brin" => match name {
            "inet" | "cidr" | "array" | "boolean" | "jsonb" | "money" | "tsvector" | "tsquery" => {
                return None;
            }
            _ => format!("{}_minmax_ops", sorted(name)?.strip_suffix("_ops")?),
        },
        _ => return None,
    };
    Some(class)
}

/// Whether a class is the default of some built-in type: of a domain or an expression over that type it goes without
/// saying, too, and which type that is, is not known.
pub fn is_default_operator_class(class: &str, method: &str) -> bool {
    TYPES.iter().any(|name| {
        let data_type = match *name {
            "array" => TypeName {
                dimensions: 1,
                ..TypeName::builtin("text")
            },
            name => TypeName::builtin(name),
        };
        default_operator_class(&data_type, method).as_deref() == Some(class)
    })
}

/// Built-in types, one for each default class at least.
const TYPES: [&str; 32] = [
    "array",
    "bigint",
    "bit",
    "bit varying",
    "boolean",
    "box",
    "bytea",
    "character",
    "circle",
    "date",
    "double precision",
    "inet",
    "integer",
    "interval",
    "jsonb",
    "macaddr",
    "macaddr8",
    "money",
    "numeric",
    "oid",
    "point",
    "polygon",
    "real",
    "smallint",
    "text",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    "tsquery",
    "tsvector",
    "uuid",
];

/// For equality and order.
fn sorted(name: &str) -> Option<&'static str> {
    Some(match name {
        "array" => "array_ops",
        "bigint" => "int8_ops",
        "bit" => "bit_ops",
        "bit varying" => "varbit_ops",
        "boolean" => "bool_ops",
        "bytea" => "bytea_ops",
        "character" => "bpchar_ops",
        "character varying" | "text" => "text_ops",
        "cidr" | "inet" => "inet_ops",
        "date" => "date_ops",
        "double precision" => "float8_ops",
        "integer" => "int4_ops",
        "interval" => "interval_ops",
        "jsonb" => "jsonb_ops",
        "macaddr" => "macaddr_ops",
        "macaddr8" => "macaddr8_ops",
        "money" => "money_ops",
        "numeric" => "numeric_ops",
        "oid" => "oid_ops",
        "real" => "float4_ops",
        "smallint" => "int2_ops",
        "time with time zone" => "timetz_ops",
        "time without time zone" => "time_ops",
        "timestamp with time zone" => "timestamptz_ops",
        "timestamp without time zone" => "timestamp_ops",
        "tsquery" => "tsquery_ops",
        "tsvector" => "tsvector_ops",
        "uuid" => "uuid_ops",
        _ => return None,
    })
}

/// For containment and distance.
fn of_shape(name: &str) -> Option<&'static str> {
    Some(match name {
        "box" => "box_ops",
        "circle" => "circle_ops",
        "point" => "point_ops",
        "polygon" => "poly_ops",
        _ => return None,
    })
}
