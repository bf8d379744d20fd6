//! Reads the catalog of a live database and prints how much is in it: what `scripts/bench-catalog` measures.
//!
//! ```text
//! cargo run --example read_catalog -- postgres://user@host/database
//! ```

use std::process::ExitCode;

use hhschema::database::{Address, Catalog, DatabaseError, Limits, Session};
use hhschema::schema::Relation;

fn main() -> ExitCode {
    match read(std::env::args().nth(1).as_deref()) {
        Ok(catalog) => {
            println!("{}", summary(&catalog));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn read(url: Option<&str>) -> Result<Catalog, DatabaseError> {
    let address = Address::find(url)?;
    let mut session = Session::read_only(&address, Limits::default())?;
    let catalog = Catalog::read(&mut session, &[])?;
    session.close();
    Ok(catalog)
}

fn summary(catalog: &Catalog) -> String {
    let (mut columns, mut constraints, mut indexes, mut others) = (0, 0, 0, 0);
    for (_, relation) in catalog.schema.relations() {
        match relation {
            Relation::Table(table) => {
                columns += table.columns.len();
                constraints += table.constraints.size();
            }
            Relation::Index(_) => indexes += 1,
            Relation::Sequence(_) | Relation::View(_) => others += 1,
        }
    }
    format!(
        "{}: {} tables, {columns} columns, {constraints} constraints, {indexes} indexes, {others} sequences and views, {} not modelled",
        catalog.server.version,
        catalog.schema.tables().count(),
        catalog.not_read.len()
    )
}
