//! What a difference does to running code.

use super::{Table, What};
use crate::postgres::holds_all_of;
use crate::schema::{Column, Identifier, Identity, Index, Nullability, Supply, TableDifference};

/// What a difference does to running code, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hurt {
    InsertFails,
    QueryFails,
    /// Values that the models allow are refused.
    WriteFails,
    MigrateFails,
    /// Nothing fails: the database does other than what was asked for.
    Silent,
    /// Names.
    Cosmetic,
    /// Nothing is broken: a migration that is not applied yet brings it.
    Pending,
}

impl Hurt {
    /// The heading of a report.
    pub fn words(self) -> &'static str {
        match self {
            Self::InsertFails => "INSERT fails now",
            Self::QueryFails => "queries fail now",
            Self::WriteFails => "some writes fail now",
            Self::MigrateFails => "the next migrate fails",
            Self::Silent => "nothing fails, but the database differs",
            Self::Cosmetic => "names only",
            Self::Pending => "not applied yet: the next migrate brings it",
        }
    }
}

impl Table<'_> {
    pub(super) fn hurt(&self, what: &What) -> Hurt {
        match what {
            What::MissingTable | What::MissingView => Hurt::QueryFails,
            What::ColumnNobodyFills(_) => Hurt::InsertFails,
            What::Choices(choices) if choices.refused.is_empty() => Hurt::Silent,
            What::Choices(_) => Hurt::WriteFails,
            What::Part(part) => self.hurt_of_part(part),
        }
    }

    fn hurt_of_part(&self, part: &TableDifference) -> Hurt {
        match part {
            TableDifference::MissingColumn(column) => self.hurt_of_missing(&column.name),
            TableDifference::ColumnName { expected, .. } => self.hurt_of_missing(expected),
            TableDifference::Type {
                expected, actual, ..
            } if !holds_all_of(actual, expected) => Hurt::WriteFails,
            TableDifference::Nullability {
                expected: Nullability::Nullable,
                actual: Nullability::NotNull,
                ..
            } => Hurt::WriteFails,
            TableDifference::Supply {
                column,
                expected,
                actual,
            } => self.hurt_of_supply(column, expected, actual),
            TableDifference::ExtraIndex(_, index) if is_unique(index) => Hurt::WriteFails,
            TableDifference::ExtraConstraint(..) | TableDifference::Constraint { .. } => {
                Hurt::WriteFails
            }
            TableDifference::IndexName { .. } | TableDifference::ConstraintName { .. } => {
                Hurt::Cosmetic
            }
            TableDifference::ExtraColumn(_)
            | TableDifference::Type { .. }
            | TableDifference::Collation { .. }
            | TableDifference::Nullability { .. }
            | TableDifference::MissingIndex(..)
            | TableDifference::ExtraIndex(..)
            | TableDifference::Index { .. }
            | TableDifference::InvalidIndex(..)
            | TableDifference::MissingConstraint(..)
            | TableDifference::NotValidated(..)
            | TableDifference::Deferral { .. }
            | TableDifference::MissingTrigger(..)
            | TableDifference::ExtraTrigger(..) => Hurt::Silent,
        }
    }

    /// The ORM names every column of its models in each query.
    fn hurt_of_missing(&self, column: &Identifier) -> Hurt {
        let is_named =
            self.models.is_empty() || self.models.iter().any(|model| model.has_column(column));
        if is_named {
            Hurt::QueryFails
        } else {
            Hurt::Silent
        }
    }

    fn hurt_of_supply(&self, column: &Identifier, expected: &Supply, actual: &Supply) -> Hurt {
        let found = self.sides.database.column(self.name, column).found();
        let must_be_given = found.is_some_and(Column::must_be_given);
        match (expected, actual) {
            // The ORM leaves the number of a new row to the server.
            (expected, Supply::Nothing) if must_be_given && makes_numbers(expected) => {
                Hurt::InsertFails
            }
            // Of a field with `db_default` it leaves the value to the server.
            (Supply::Default(_), Supply::Nothing)
                if must_be_given && self.model_supplies(column) =>
            {
                Hurt::InsertFails
            }
            // ALWAYS refuses a number that a statement gives (SQLSTATE 428C9): what restores rows gives them.
            (Supply::Identity(Identity::ByDefault), Supply::Identity(Identity::Always)) => {
                Hurt::WriteFails
            }
            // A generated column takes no value (SQLSTATE 428C9).
            (Supply::Nothing | Supply::Default(_), Supply::Generated(_)) => Hurt::WriteFails,
            _ => Hurt::Silent,
        }
    }
}

impl Table<'_> {
    /// Whether the models leave the value of a column to the database.
    fn model_supplies(&self, column: &Identifier) -> bool {
        let models = self.sides.history.models.as_ref();
        models
            .and_then(|models| models.expected.column(self.name, column).found())
            .is_some_and(|column| matches!(column.supply, Supply::Default(_)))
    }
}

fn is_unique(index: &Index) -> bool {
    index.definition.is_unique()
}

/// Whether the server numbers rows with it.
pub(super) fn makes_numbers(supply: &Supply) -> bool {
    match supply {
        Supply::Identity(_) | Supply::Serial => true,
        Supply::Default(expr) => expr.sequence().is_some(),
        Supply::Nothing | Supply::Generated(_) => false,
    }
}
