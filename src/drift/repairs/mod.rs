//! What would bring a database in step, difference by difference: alternatives where there are several.

mod ahead;
mod columns;
mod constraints;
mod declared;
mod indexes;
mod tables;
mod value;

use std::sync::Arc;

use super::{Cause, Difference, Table, What};
use crate::repair::{DeliveryKind, Repair, Step};
use crate::schema::{Change, ColumnAction, Identifier, TableDifference, WrittenName};

/// A difference with the sides that tell what to do about it.
pub(super) struct Remedy<'a> {
    pub table: Table<'a>,
    pub difference: &'a Difference,
}

impl Remedy<'_> {
    pub(super) fn repairs(&self) -> Vec<Repair> {
        // It is not broken.
        if matches!(self.difference.cause, Cause::Pending(_)) {
            return Vec::new();
        }
        self.weighed(match &self.difference.what {
            What::ColumnNobodyFills(column) => self.nobody_fills(column),
            What::MissingTable | What::MissingView => self.missing_relation(),
            What::Choices(choices) => self.choices(choices),
            What::Part(part) => self.part(part),
        })
    }

    fn part(&self, part: &TableDifference) -> Vec<Repair> {
        match part {
            TableDifference::MissingColumn(_)
            | TableDifference::ExtraColumn(_)
            | TableDifference::ColumnName { .. }
            | TableDifference::Type { .. }
            | TableDifference::Collation { .. }
            | TableDifference::Nullability { .. }
            | TableDifference::Supply { .. } => self.column(part),
            TableDifference::MissingIndex(..)
            | TableDifference::ExtraIndex(..)
            | TableDifference::Index { .. }
            | TableDifference::IndexName { .. }
            | TableDifference::InvalidIndex(..) => self.index(part),
            TableDifference::MissingConstraint(..)
            | TableDifference::ExtraConstraint(..)
            | TableDifference::Constraint { .. }
            | TableDifference::ConstraintName { .. }
            | TableDifference::NotValidated(..)
            | TableDifference::Deferral { .. } => self.constraint(part),
            TableDifference::MissingTrigger(name, trigger) => vec![self.restores(Repair::new(
                "create-trigger",
                format!("Create the trigger `{name}` as the migration does"),
                vec![Step::Run(Change::CreateTrigger {
                    trigger: name.clone(),
                    table: self.written(),
                    definition: trigger.clone(),
                    or_replace: false,
                })],
            ))],
            TableDifference::ExtraTrigger(name, _) => vec![self.drops(
                "drop-trigger",
                format!("Drop the trigger `{name}`"),
                Change::DropTrigger {
                    trigger: name.clone(),
                    table: self.written(),
                    if_exists: crate::schema::IfExists::No,
                    behavior: crate::schema::DropBehavior::Restrict,
                },
            )],
        }
    }

    fn written(&self) -> WrittenName {
        WrittenName::from(self.table.name)
    }

    /// The name of something else in the table's schema.
    fn beside(&self, name: &Identifier) -> WrittenName {
        WrittenName::from(&self.table.name.sibling(name.clone()))
    }

    fn alter(&self, column: &Identifier, action: ColumnAction) -> Step {
        Step::Run(Change::AlterColumn {
            table: self.written(),
            column: column.clone(),
            action,
        })
    }

    /// The app whose migrations are to carry it: that of the model, else of the migration that made the object.
    fn app_label(&self) -> Option<Arc<str>> {
        let of_model = self.difference.model.as_ref();
        of_model
            .map(|model| Arc::clone(&model.key.app_label))
            .or_else(|| match &self.difference.cause {
                Cause::Diverged(Some(made)) => made
                    .migration
                    .as_ref()
                    .map(|key| Arc::clone(&key.app_label)),
                Cause::Diverged(None) | Cause::Models | Cause::Pending(_) => None,
            })
    }

    /// Makes of the database what its recorded migrations say.
    fn restores(&self, repair: Repair) -> Repair {
        self.delivered(repair, DeliveryKind::Restores)
    }

    /// Brings something that no migration says yet.
    fn evolves(&self, repair: Repair) -> Repair {
        self.delivered(
            repair,
            DeliveryKind::Evolves {
                state_operations: Vec::new(),
            },
        )
    }

    /// As the migrations say; where only the models do, Django's own migration has to follow.
    fn in_step(&self, repair: Repair) -> Repair {
        match self.difference.cause {
            Cause::Diverged(_) => self.restores(repair),
            Cause::Models | Cause::Pending(_) => self.evolves(repair.warning(
                "No migration says it: run `makemigrations`, too. Its migration finds the work done.",
            )),
        }
    }

    fn delivered(&self, repair: Repair, kind: DeliveryKind) -> Repair {
        match self.app_label() {
            Some(app_label) => repair.delivered(&app_label, kind),
            None => repair,
        }
    }

    /// What stands in the database alone: nobody here knows what it is good for.
    fn drops(&self, name: &'static str, title: String, change: Change) -> Repair {
        self.restores(
            Repair::new(name, title, vec![Step::Run(change)])
                .of_safety(crate::repair::Safety::Unsafe)
                .warning("Nobody here knows what made it: ask before it goes."),
        )
    }
}
