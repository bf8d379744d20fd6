//! Catalogs of live servers in tests: read by hhschema, written out by the server itself, built again from what was read.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "each test binary uses a part of this; a failure here is a failure of the test that asked"
)]

pub mod written_out;

use std::collections::{BTreeMap, BTreeSet};

use crate::environment::Database;
use hhschema::database::{Address, Catalog, Limits, Session};
use hhschema::postgres::render;
use hhschema::schema::{Identifier, Relation, Schema, diff};

/// The catalog of the role's own schemas.
pub fn read(database: &Database) -> Catalog {
    read_schemas(database, &[])
}

pub fn read_schemas(database: &Database, schemas: &[&str]) -> Catalog {
    let address = Address::from_url(&database.url()).unwrap();
    let mut session = Session::read_only(&address, Limits::default()).unwrap();
    let schemas: Vec<Identifier> = schemas
        .iter()
        .map(|name| Identifier::quoted(name))
        .collect();
    let catalog = Catalog::read(&mut session, &schemas).unwrap_or_else(|error| panic!("{error}"));
    session.close();
    catalog
}

/// Runs what makes this schema of an empty database.
pub fn build(schema: &Schema, database: &mut Database) {
    // Bodies of functions are no part of a schema, nor are the rows that a materialized view may need.
    database.run("SET client_min_messages = error");
    for change in diff(&Schema::empty(), schema) {
        let text = render(&change).unwrap_or_else(|error| panic!("{error}: {change:?}"));
        database
            .execute(&text)
            .unwrap_or_else(|refused| panic!("{refused}\nin: {text}"));
    }
}

/// What differs between two schemas, as far as a catalog shows it.
pub fn differences(one: &Schema, other: &Schema) -> Vec<String> {
    let (one, other) = (one.as_catalog(), other.as_catalog());
    if one == other {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    let (left, right) = (parts(&one), parts(&other));
    for key in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
        if left.get(key) != right.get(key) {
            found.push(format!(
                "{key}:\n  {:?}\n  {:?}",
                left.get(key),
                right.get(key)
            ));
        }
    }
    if found.is_empty() {
        found.push(format!("{one:?}\n{other:?}"));
    }
    found
}

/// Each column, constraint, index and so on by its name, in words.
fn parts(schema: &Schema) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    for (name, relation) in schema.relations() {
        let Relation::Table(table) = relation else {
            parts.insert(format!("{name:?}"), format!("{relation:?}"));
            continue;
        };
        parts.insert(format!("{name:?}"), format!("{:?}", table.partitioning));
        for column in &table.columns {
            parts.insert(
                format!("{name:?} column {}", column.value.name),
                format!("{column:?}"),
            );
        }
        for (own, constraint) in &table.constraints {
            parts.insert(
                format!("{name:?} constraint {own}"),
                format!("{constraint:?}"),
            );
        }
        for (own, trigger) in &table.triggers {
            parts.insert(format!("{name:?} trigger {own}"), format!("{trigger:?}"));
        }
        let names: Vec<String> = table.indexes.iter().map(ToString::to_string).collect();
        parts.insert(format!("{name:?} indexes"), names.join(", "));
        let names: Vec<String> = table
            .referenced_by
            .iter()
            .map(ToString::to_string)
            .collect();
        parts.insert(format!("{name:?} referenced by"), names.join(", "));
    }
    parts
}
