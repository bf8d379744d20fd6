//! Indexes, constraints and triggers of a table, on all sides.

use super::{Cause, Difference, Table, What};
use crate::schema::{Schema, TableDifference, compare};

impl Table<'_> {
    /// Of those that are other than the recorded migrations made them, and than the models want them.
    pub(super) fn objects(
        &self,
        recorded: Vec<TableDifference>,
        wanted: Vec<TableDifference>,
    ) -> Vec<Difference> {
        let mut differences: Vec<Difference> = recorded
            .into_iter()
            .map(|part| self.diverged(part))
            .collect();
        differences.extend(self.wanted_by_models(wanted, &differences));
        differences
    }

    /// What the models have and the database has not, beside what it should have already.
    fn wanted_by_models(
        &self,
        wanted: Vec<TableDifference>,
        diverged: &[Difference],
    ) -> Vec<Difference> {
        let Some(models) = &self.sides.history.models else {
            return Vec::new();
        };
        wanted
            .into_iter()
            .filter(|part| {
                matches!(
                    part,
                    TableDifference::MissingIndex(..) | TableDifference::MissingConstraint(..)
                )
            })
            .filter(|part| !diverged.iter().any(|other| is_same(&other.what, part)))
            .map(|part| {
                let stays = |schema: &Schema| {
                    compare(self.name, &models.expected, schema)
                        .iter()
                        .any(|other| is_same_part(other, &part))
                };
                let pending = self.mended_by(stays);
                let cause = pending.map_or(Cause::Models, Cause::Pending);
                self.difference(What::Part(part), cause)
            })
            .collect()
    }
}

fn is_same(what: &What, part: &TableDifference) -> bool {
    match what {
        What::Part(other) => is_same_part(other, part),
        What::MissingTable | What::MissingView | What::ColumnNobodyFills(_) | What::Choices(_) => {
            false
        }
    }
}

/// The same thing missing, or another in its place: generated names do not count.
fn is_same_part(one: &TableDifference, other: &TableDifference) -> bool {
    match (one, other) {
        (TableDifference::MissingIndex(_, one), TableDifference::MissingIndex(_, other)) => {
            one.definition == other.definition
        }
        (TableDifference::Index { expected, .. }, TableDifference::MissingIndex(_, other)) => {
            expected.definition == other.definition
        }
        (
            TableDifference::MissingConstraint(_, one),
            TableDifference::MissingConstraint(_, other),
        ) => one.kind == other.kind,
        (
            TableDifference::Constraint { expected, .. },
            TableDifference::MissingConstraint(_, other),
        ) => expected.kind == other.kind,
        _ => one == other,
    }
}
