//! The columns of a table, on all sides.

use super::{Cause, Difference, Table, What};
use crate::history::is_in_no_model;
use crate::schema::{Column, Identifier, ObjectName, Schema, TableDifference, compare};

impl Table<'_> {
    /// Of those that are other than the recorded migrations made them, and than the models want them.
    pub(super) fn columns(
        &self,
        recorded: Vec<TableDifference>,
        of_models: Vec<TableDifference>,
    ) -> Vec<Difference> {
        let diverged: Vec<Difference> = recorded
            .into_iter()
            .map(|part| self.diverged(part))
            .collect();
        let mut differences = self.nobody_fills();
        // A column of another name is filled under the name that code knows.
        differences.retain(|unfilled| {
            !diverged
                .iter()
                .any(|other| is_rename(&other.what) && other.object() == unfilled.object())
        });
        let known = |object: &ObjectName, among: &[Difference]| {
            among.iter().any(|other| other.object() == *object)
        };
        for difference in diverged.into_iter().chain(self.of_models(of_models)) {
            if !known(&difference.object(), &differences) {
                differences.push(difference);
            }
        }
        differences
    }

    /// NOT NULL columns that the server does not supply and that no running code knows.
    ///
    /// The models tell which code knows; where none were read, the recorded migrations do.
    fn nobody_fills(&self) -> Vec<Difference> {
        let sides = self.sides;
        let filled = sides
            .database
            .table_named(self.name)
            .found()
            .is_some_and(|table| table.is_filled_by_trigger());
        if filled {
            return Vec::new();
        }
        sides
            .database
            .columns_of(self.name)
            .filter(|column| column.must_be_given())
            .filter(|column| self.nobody_knows(&column.name))
            .map(|column| {
                let cause = self.cause_of_extra(column);
                self.difference(What::ColumnNobodyFills(column.clone()), cause)
            })
            .collect()
    }

    fn nobody_knows(&self, column: &Identifier) -> bool {
        if self.models.is_empty() {
            return self.sides.recorded.column(self.name, column).is_absent();
        }
        is_in_no_model(
            column,
            self.models,
            self.sides.model_tables,
            self.sides.database,
        )
    }

    fn cause_of_extra(&self, column: &Column) -> Cause {
        let object = ObjectName::Column(self.name.clone(), column.name.clone());
        if self
            .sides
            .recorded
            .column(self.name, &column.name)
            .is_absent()
        {
            return Cause::Diverged(self.made(&object));
        }
        let gone = |schema: &Schema| schema.column(self.name, &column.name).is_absent();
        self.brought_by(gone).map_or(Cause::Models, Cause::Pending)
    }

    /// A part that is other than the recorded migrations made it; a later migration may bring it all the same.
    pub(super) fn diverged(&self, part: TableDifference) -> Difference {
        let stays =
            |schema: &Schema| compare(self.name, self.sides.recorded, schema).contains(&part);
        let pending = self.mended_by(stays);
        let mut difference = self.difference(What::Part(part), Cause::Models);
        difference.cause = pending.map_or_else(
            || Cause::Diverged(self.made(&difference.object())),
            Cause::Pending,
        );
        difference
    }

    /// What the models have otherwise: still to come by a migration, or in no migration.
    fn of_models(&self, parts: Vec<TableDifference>) -> Vec<Difference> {
        let Some(models) = &self.sides.history.models else {
            return Vec::new();
        };
        parts
            .into_iter()
            .filter_map(|part| {
                let stays =
                    |schema: &Schema| compare(self.name, &models.expected, schema).contains(&part);
                let pending = self.mended_by(stays);
                if pending.is_none() && !self.is_for_people(&part) {
                    return None;
                }
                let cause = pending.map_or(Cause::Models, Cause::Pending);
                Some(self.difference(What::Part(part), cause))
            })
            .collect()
    }

    /// Whether a difference between models and migrations is one: a default, and a column that only SQL knows, are
    /// beyond what a model can say.
    fn is_for_people(&self, part: &TableDifference) -> bool {
        match part {
            TableDifference::ExtraColumn(column) => self.models.iter().any(|model| {
                is_in_no_model(
                    &column.name,
                    self.models,
                    self.sides.model_tables,
                    self.sides.database,
                ) && self
                    .sides
                    .history
                    .state_has_column(&model.model.key, &column.name)
            }),
            TableDifference::Supply { .. } | TableDifference::Collation { .. } => false,
            // Of several models of a table each may know a part.
            TableDifference::MissingColumn(column) => self
                .models
                .iter()
                .any(|model| model.has_column(&column.name)),
            _ => true,
        }
    }
}

fn is_rename(what: &What) -> bool {
    matches!(what, What::Part(TableDifference::ColumnName { .. }))
}

pub(super) fn is_of_column(part: &TableDifference) -> bool {
    matches!(
        part,
        TableDifference::MissingColumn(_)
            | TableDifference::ExtraColumn(_)
            | TableDifference::ColumnName { .. }
            | TableDifference::Type { .. }
            | TableDifference::Collation { .. }
            | TableDifference::Nullability { .. }
            | TableDifference::Supply { .. }
    )
}
