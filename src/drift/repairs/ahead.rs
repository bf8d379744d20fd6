//! Where the database is ahead of its migrations: to make of it what they say would bring back what somebody ended.

use super::Remedy;
use crate::drift::{Cause, What};
use crate::history::choices_mismatches;
use crate::repair::{Repair, Safety};
use crate::schema::{Column, ColumnAction, Identifier, Nullability, Supply, TableDifference};

/// Who has moved on with the database.
enum Ahead {
    /// The models say what the database has: only a migration is missing.
    WithTheModels,
    /// No running code knows the column: without what was done to it every INSERT fails.
    Mended(Identifier, ColumnAction),
}

impl Remedy<'_> {
    /// What makes the database as its migrations say is no safe repair where they are what lags.
    pub(super) fn weighed(&self, repairs: Vec<Repair>) -> Vec<Repair> {
        let Some(ahead) = self.ahead() else {
            return repairs;
        };
        let (instead, warning) = match ahead {
            Ahead::WithTheModels => (
                Repair::new(
                    "write-migration",
                    "Write the migration that is missing (`makemigrations`, or RunSQL)",
                    Vec::new(),
                )
                .of_safety(Safety::DisplayOnly),
                "The models agree with the database: what they ask for fails then.",
            ),
            Ahead::Mended(column, action) => (
                self.evolves(Repair::new(
                    "keep",
                    format!("Keep `{column}` as it is, and write a migration that says so"),
                    vec![self.alter(&column, action)],
                )),
                "No model has the column: every INSERT fails then.",
            ),
        };
        let unsafe_now = |repair: Repair| repair.of_safety(Safety::Unsafe).warning(warning);
        std::iter::once(instead)
            .chain(repairs.into_iter().map(unsafe_now))
            .collect()
    }

    fn ahead(&self) -> Option<Ahead> {
        let (Cause::Diverged(_), What::Part(part)) =
            (&self.difference.cause, &self.difference.what)
        else {
            return None;
        };
        match part {
            TableDifference::Type { column, .. }
            | TableDifference::Collation { column, .. }
            | TableDifference::Nullability { column, .. }
            | TableDifference::Supply { column, .. } => {
                let has_field = |model: &&_| {
                    let model: &crate::history::ModelTable = model;
                    model.has_column(column)
                };
                if self.table.models.iter().any(has_field) {
                    self.models_agree(column, part)
                        .then_some(Ahead::WithTheModels)
                } else {
                    self.mended(column, part)
                }
            }
            TableDifference::Constraint { name, .. } => {
                self.was_refused(name).then_some(Ahead::WithTheModels)
            }
            _ => None,
        }
    }

    /// Whether the column of the database is what the models ask for, in what the difference is about.
    fn models_agree(&self, column: &Identifier, part: &TableDifference) -> bool {
        let sides = self.table.sides;
        let models = sides.history.models.as_ref();
        let asked = models.and_then(|models| {
            let found = models.expected.column(self.table.name, column);
            found.found()
        });
        let found = sides.database.column(self.table.name, column).found();
        let (Some(asked), Some(found)) = (asked, found) else {
            return false;
        };
        let same: fn(&Column, &Column) -> bool = match part {
            TableDifference::Type { .. } => |one, other| one.data_type == other.data_type,
            TableDifference::Collation { .. } => |one, other| one.collation == other.collation,
            TableDifference::Nullability { .. } => {
                |one, other| one.nullability == other.nullability
            }
            TableDifference::Supply { .. } => |one, other| one.supply == other.supply,
            _ => |_, _| false,
        };
        same(asked, found)
    }

    /// A column in no model that could not be left out of an INSERT if it were as its migrations say.
    fn mended(&self, column: &Identifier, part: &TableDifference) -> Option<Ahead> {
        if self.table.models.is_empty() {
            return None;
        }
        let recorded = self.table.sides.recorded;
        let recorded = recorded.column(self.table.name, column).found()?;
        if !recorded.must_be_given() {
            return None;
        }
        let action = match part {
            TableDifference::Supply {
                actual: Supply::Default(expr),
                ..
            } => ColumnAction::SetDefault(expr.clone()),
            TableDifference::Nullability {
                actual: Nullability::Nullable,
                ..
            } => ColumnAction::DropNotNull,
            _ => return None,
        };
        Some(Ahead::Mended(column.clone(), action))
    }

    /// Whether the CHECK of the migrations refuses what the choices of a model offer.
    fn was_refused(&self, name: &Identifier) -> bool {
        let models = self.table.models.iter().copied();
        choices_mismatches(self.table.sides.recorded, models)
            .iter()
            .any(|mismatch| mismatch.constraint == *name && !mismatch.refused.is_empty())
    }
}
