//! What is there and not in the schema: not modelled, or not for this role to see.

use std::fmt;

use super::Load;
use super::scope::Scope;
use crate::database::Session;
use crate::schema::{Identifier, RelationName};

/// Something that the role may not see or read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unseen {
    /// No USAGE on the schema: its catalog was read, its rows cannot be.
    Schema(Identifier),
    /// No SELECT on the table or view.
    Rows(RelationName),
}

impl fmt::Display for Unseen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema(name) => write!(formatter, "the schema {name} (no USAGE)"),
            Self::Rows(name) => write!(formatter, "the rows of {name} (no SELECT)"),
        }
    }
}

/// An object, or a property of one, that a [`Schema`](crate::schema::Schema) has no place for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotRead {
    /// `domain`, `policy`, `partition bound`: in the singular.
    pub kind: String,
    pub name: RelationName,
    /// The part of a table, or the arguments of a function.
    pub part: Option<String>,
}

impl NotRead {
    pub(super) fn new(kind: &str, name: RelationName, part: Option<&Identifier>) -> Self {
        Self {
            kind: kind.to_owned(),
            name,
            part: part.map(ToString::to_string),
        }
    }
}

pub(super) fn read(session: &mut Session, scope: &Scope) -> Load<Vec<NotRead>> {
    let query = scope.query(include_str!("queries/not_read.sql"));
    let mut found = Vec::new();
    for row in session.rows(&query)? {
        let schema = Identifier::quoted(row.text(1)?);
        found.push(NotRead {
            kind: row.text(0)?.to_owned(),
            name: RelationName::new(schema, Identifier::quoted(row.text(2)?)),
            part: row.optional(3)?.map(str::to_owned),
        });
    }
    Ok(found)
}
