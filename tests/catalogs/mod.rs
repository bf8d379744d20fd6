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

use crate::environment::Database;
use hhschema::database::{Address, Catalog, Limits, Session};
use hhschema::postgres::render;
use hhschema::schema::{Identifier, Schema, diff};

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

/// Lines of what differs between two schemas, as far as a catalog shows it.
pub fn differences(one: &Schema, other: &Schema) -> Vec<String> {
    let (one, other) = (one.as_catalog(), other.as_catalog());
    if one == other {
        return Vec::new();
    }
    let lines = |schema: &Schema| -> Vec<String> {
        let mut lines: Vec<String> = schema
            .relations()
            .map(|(name, relation)| format!("{name:?} {relation:?}"))
            .collect();
        lines.push(
            format!("{schema:?}")
                .split("relations:")
                .last()
                .unwrap()
                .to_owned(),
        );
        lines
    };
    let (left, right) = (lines(&one), lines(&other));
    let mut found: Vec<String> = Vec::new();
    found.extend(
        left.iter()
            .filter(|line| !right.contains(line))
            .map(|line| format!("- {line}")),
    );
    found.extend(
        right
            .iter()
            .filter(|line| !left.contains(line))
            .map(|line| format!("+ {line}")),
    );
    found.sort_by_key(String::len);
    found.truncate(20);
    found
}
