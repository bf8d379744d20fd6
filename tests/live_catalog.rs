//! The catalog of a live server, read as a schema: against what other ways of looking at it say.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use environment::{Database, PostgresVersion, Server};
use hhschema::database::{Address, Catalog, Limits, Session};
use hhschema::schema::{Identifier, Schema};

fn read(database: &Database) -> Catalog {
    read_schemas(database, &[])
}

fn read_schemas(database: &Database, schemas: &[&str]) -> Catalog {
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

#[test]
fn an_empty_database_is_the_empty_schema() {
    if environment::left_out("an empty database") {
        return;
    }
    for version in PostgresVersion::ALL {
        let database = Server::shared(version).database();
        let catalog = read(&database);
        assert_eq!(catalog.schema, Schema::empty(), "{version:?}");
        println!("{catalog:#?}");
        assert_eq!(catalog.not_read, [], "{version:?}");
    }
}
