//! The migrations that Django's recorder has noted as applied.

use super::Load;
use super::loader::Names;
use super::relations::Relations;
use super::scope::Scope;
use crate::database::{Session, StatementError};
use crate::schema::{Identifier, RelationName, Why};

/// What the table of the recorder says (`django/db/migrations/recorder.py`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Migrations {
    /// In order of their recording.
    Recorded {
        table: RelationName,
        rows: Vec<RecordedMigration>,
    },
    /// None of the schemas that were read has the table: nothing was migrated there.
    NoTable,
    /// The table is there, and could not be read.
    Unknown(Why),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedMigration {
    pub app: String,
    pub name: String,
    /// `2026-11-20 12:00:00.123456+00`.
    pub applied: String,
}

const TABLE: &str = "django_migrations";

pub(super) fn read(
    session: &mut Session,
    scope: &Scope,
    (names, relations): (&Names, &Relations),
) -> Load<Migrations> {
    let schemas = scope.names();
    let found = schemas.iter().find_map(|schema| {
        let name = RelationName::new(schema.clone(), Identifier::quoted(TABLE));
        let (oid, readable) = relations.rows_of(&name)?;
        Some((name, oid, readable))
    });
    let Some((table, oid, readable)) = found else {
        return Ok(Migrations::NoTable);
    };
    if !readable || !scope.is_usable(&table.schema) {
        let role = &session.server().role;
        return Ok(Migrations::Unknown(Why::new(format!(
            "the role {role} may not read {table}; GRANT SELECT ON it"
        ))));
    }
    let has = |wanted: &str| {
        let known = names.attributes.get(&oid);
        known.is_none_or(|known| known.iter().any(|one| one.name.as_str() == wanted))
    };
    if let Some(missing) = ["id", "app", "name", "applied"]
        .into_iter()
        .find(|name| !has(name))
    {
        let why = Why::new(format!("{table} has no column {missing}"));
        return Ok(Migrations::Unknown(why));
    }
    rows(session, table)
}

/// A policy or a lock may forbid what the privilege allows: the rest of the catalog is read all the same.
fn rows(session: &mut Session, table: RelationName) -> Load<Migrations> {
    let savepoint = Identifier::quoted("hhschema_migrations");
    session.savepoint(&savepoint)?;
    let query = format!(
        "SELECT app, name, applied FROM {}.{} ORDER BY id",
        table.schema.to_sql(),
        table.name.to_sql()
    );
    let found = match session.rows(&query) {
        Ok(found) => found,
        Err(StatementError::Refused(refusal)) => {
            session.rollback_to(&savepoint)?;
            let why = Why::new(format!("{table} could not be read: {refusal}"));
            return Ok(Migrations::Unknown(why));
        }
        Err(error) => return Err(error.into()),
    };
    session.release(&savepoint)?;
    let mut rows = Vec::with_capacity(found.len());
    for row in &found {
        rows.push(RecordedMigration {
            app: row.text(0)?.to_owned(),
            name: row.text(1)?.to_owned(),
            applied: row.optional(2)?.unwrap_or_default().to_owned(),
        });
    }
    Ok(Migrations::Recorded { table, rows })
}
