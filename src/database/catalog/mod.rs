//! The catalog of a live database as a [`Schema`]: a fixed number of queries in one session, one loader and one
//! file of `queries/` for each kind of object.
//!
//! Texts of the server (`format_type`, `pg_get_expr`) go through the readers of [`sql`](crate::sql), like any other
//! SQL. The server writes a name without its schema where the search path finds it, as Django does: the
//! catalog is read with the search path of the role, or with the schemas that were asked for in front of it.

mod collations;
mod columns;
mod constraints;
mod enums;
mod extensions;
mod indexes;
mod loader;
mod migrations;
mod operator_classes;
mod relations;
mod scope;
mod sequences;
mod triggers;
mod types;
mod unread;
mod views;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use super::{DatabaseError, Problem, Server, Session, StatementError};
use crate::schema::{ColumnRef, Identifier, RelationName, Schema};

pub use migrations::{Migrations, RecordedMigration};
pub use relations::{RowEstimate, TableFacts};
pub use unread::{NotRead, Unseen};

/// What a database holds, and what of it could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// Closed: what is not in it does not exist, but in schemas that were not read. Names count as given, so that
    /// the other side of a comparison decides whether they matter.
    pub schema: Schema,
    pub server: Server,
    /// What was read, in the order of the search path.
    pub schemas: Vec<Identifier>,
    pub search_path: Vec<Identifier>,
    /// Facts of tables and materialized views that no change is about.
    pub tables: BTreeMap<RelationName, TableFacts>,
    /// The columns that each view is known to need: dropping one of them is refused.
    pub view_columns: BTreeMap<RelationName, BTreeSet<ColumnRef>>,
    pub migrations: Migrations,
    /// What the role may not see or read.
    pub unseen: Vec<Unseen>,
    /// What is there and not modelled, in order of kind and name.
    pub not_read: Vec<NotRead>,
}

const DOING: &str = "read the catalog of";

impl Catalog {
    /// Reads the schemas of these names, else those of the role's search path, in the transaction of the session.
    pub fn read(session: &mut Session, schemas: &[Identifier]) -> Result<Self, DatabaseError> {
        Self::load(session, schemas).map_err(|error| match error {
            LoadError::Problem(problem) => session.failed(DOING, problem),
            LoadError::Statement(StatementError::Failed(error)) => DatabaseError {
                doing: DOING,
                ..error
            },
            LoadError::Statement(StatementError::Refused(refusal)) => {
                session.failed(DOING, super::failure::refused(refusal, false))
            }
            LoadError::Statement(StatementError::EndsTransaction(text)) => {
                session.failed(DOING, Problem::Unexpected(text))
            }
        })
    }

    fn load(session: &mut Session, schemas: &[Identifier]) -> Result<Self, LoadError> {
        let scope = scope::read(session, schemas)?;
        scope::enter(session, &scope)?;
        let loaded = loader::load(session, &scope);
        // A refused statement has ended the transaction, and with it this setting.
        if loaded.is_ok() {
            scope::leave(session, &scope)?;
        }
        let mut loaded = loaded?;
        loaded.unseen.splice(0..0, scope.unseen());
        Ok(Self {
            schema: loaded.schema,
            server: session.server().clone(),
            schemas: scope.names(),
            search_path: scope.search_path,
            tables: loaded.tables,
            view_columns: loaded.view_columns,
            migrations: loaded.migrations,
            unseen: loaded.unseen,
            not_read: loaded.not_read,
        })
    }
}

/// Why a catalog cannot be read.
#[derive(Debug)]
enum LoadError {
    Problem(Problem),
    Statement(StatementError),
}

impl From<Problem> for LoadError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StatementError> for LoadError {
    fn from(error: StatementError) -> Self {
        Self::Statement(error)
    }
}

type Load<T = ()> = Result<T, LoadError>;
