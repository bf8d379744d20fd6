//! One difference: what it is, what it comes from, and what it does to running code.

use std::sync::Arc;

use super::Hurt;
use crate::django::migration::MigrationKey;
use crate::django::project_state::ModelState;
use crate::repair::Repair;
use crate::schema::{Column, Identifier, ObjectName, RelationName, TableDifference, Why};
use crate::source::Origin;

/// What sets the database apart, at one object.
#[derive(Debug, Clone)]
pub struct Difference {
    pub table: RelationName,
    pub what: What,
    pub cause: Cause,
    pub hurt: Hurt,
    /// What would end it; several are alternatives.
    pub repairs: Vec<Repair>,
    /// The model of the table, the first of several.
    pub model: Option<Arc<ModelState>>,
}

#[derive(Debug, Clone)]
pub enum What {
    MissingTable,
    /// A view that the migrations made.
    MissingView,
    /// The column is NOT NULL, the server supplies nothing, and no code that runs knows it.
    ColumnNobodyFills(Column),
    Part(TableDifference),
    /// A CHECK that lists values, against the field's choices.
    Choices(Choices),
}

/// A CHECK whose values are other than the choices of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    pub constraint: Identifier,
    pub column: Identifier,
    /// `Order.status`.
    pub field: String,
    /// Choices that the CHECK refuses.
    pub refused: Vec<String>,
    /// Values that no choice offers.
    pub extra: Vec<String>,
    pub declared: Origin,
}

/// Why the database is other than expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// It is not what its recorded migrations make of a database; with the migration that made the object, or would have.
    Diverged(Option<Made>),
    /// It is as its migrations say, and the models say otherwise.
    Models,
    /// A migration that it has not applied brings it in step.
    Pending(MigrationKey),
}

/// Where an object comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub migration: Option<MigrationKey>,
    pub origin: Origin,
}

/// What stands on both sides and could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotCompared {
    pub object: String,
    pub why: Why,
}

impl Difference {
    /// The object that it is about, by its name in the database; where it is missing there, by the expected one.
    pub fn object(&self) -> ObjectName {
        let column = |name: &Identifier| ObjectName::Column(self.table.clone(), name.clone());
        let constraint =
            |name: &Identifier| ObjectName::Constraint(self.table.clone(), name.clone());
        let index = |name: &Identifier| ObjectName::Index(self.table.sibling(name.clone()));
        match &self.what {
            What::MissingTable | What::MissingView => ObjectName::Relation(self.table.clone()),
            What::ColumnNobodyFills(found) => column(&found.name),
            What::Choices(choices) => constraint(&choices.constraint),
            What::Part(part) => match part {
                TableDifference::MissingColumn(known) | TableDifference::ExtraColumn(known) => {
                    column(&known.name)
                }
                TableDifference::ColumnName { actual, .. } => column(actual),
                TableDifference::Type { column: name, .. }
                | TableDifference::Collation { column: name, .. }
                | TableDifference::Nullability { column: name, .. }
                | TableDifference::Supply { column: name, .. } => column(name),
                TableDifference::MissingIndex(name, _)
                | TableDifference::ExtraIndex(name, _)
                | TableDifference::Index { name, .. }
                | TableDifference::IndexName { actual: name, .. }
                | TableDifference::InvalidIndex(name, _) => index(name),
                TableDifference::MissingConstraint(name, _)
                | TableDifference::ExtraConstraint(name, _)
                | TableDifference::Constraint { name, .. }
                | TableDifference::ConstraintName { actual: name, .. }
                | TableDifference::NotValidated(name, _)
                | TableDifference::Deferral { name, .. }
                | TableDifference::MissingTrigger(name, _)
                | TableDifference::ExtraTrigger(name, _) => constraint(name),
            },
        }
    }
}
