//! The cost of making tables, and of sequences, views and types.

use super::{Costing, LockMode};
use crate::schema::{
    Change, ConstraintKind, CreateTable, DropBehavior, Identifier, IfNotExists, RelationName, Why,
};

impl Costing<'_> {
    /// The referenced tables are locked, though the table itself is new.
    pub(super) fn create_table(&mut self, create: &CreateTable) {
        let own = self.before.resolve_new(&create.table);
        if create.if_not_exists == IfNotExists::Yes && self.before.relation_named(&own).is_found() {
            return;
        }
        if let Some(parent) = &create.partition_of {
            let parent = self.lock_written(parent, LockMode::AccessExclusive);
            // Each new partition gets keys of its own.
            self.lock_references_of(&parent, None, LockMode::ShareRowExclusive);
        }
        for constraint in &create.constraints {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind
                && self.before.resolve(&key.references) != own
            {
                self.lock_with_partitions(&key.references, LockMode::ShareRowExclusive);
            }
        }
    }

    /// Tables whose foreign keys reference a table, or one of its columns.
    pub(super) fn lock_referencing(
        &mut self,
        table: &RelationName,
        column: Option<&Identifier>,
    ) -> Vec<RelationName> {
        let children = self.referencing(table, column);
        for child in &children {
            self.lock(child.clone(), LockMode::AccessExclusive);
        }
        children
    }

    fn referencing(&self, table: &RelationName, column: Option<&Identifier>) -> Vec<RelationName> {
        let Some(known) = self.before.table_named(table).found() else {
            return Vec::new();
        };
        known
            .referenced_by
            .iter()
            .filter(|child| {
                self.before.constraints_of(child).any(|(_, constraint)| {
                    super::foreign_key(constraint).is_some_and(|key| {
                        key.references == *table
                            && column.is_none_or(|column| key.referenced_columns.contains(column))
                    })
                })
            })
            .cloned()
            .collect()
    }

    pub(super) fn run_on_other(&mut self, change: &Change) {
        match change {
            Change::AlterSequence { sequence, .. } => {
                self.lock_written(sequence, LockMode::ShareRowExclusive);
            }
            Change::RenameSequence { sequence, .. } => {
                self.lock_written(sequence, LockMode::AccessExclusive);
            }
            Change::CreateView {
                view,
                or_replace: true,
                ..
            } => {
                let name = self.before.resolve_new(view);
                if self.before.relation_named(&name).is_found() {
                    self.lock(name, LockMode::AccessExclusive);
                }
            }
            Change::DropSequence(drop) | Change::DropView { drop, .. } => {
                self.lock_written(&drop.name, LockMode::AccessExclusive);
                self.fallen_with(drop.behavior, change);
            }
            Change::DropSchema {
                schema, behavior, ..
            } => self.drop_schema(schema, *behavior, change),
            Change::DropType(drop) if drop.behavior == DropBehavior::Cascade => {
                self.unsure(Why::new(
                    "the columns that fall with a type are not all known",
                ));
            }
            Change::DropExtension {
                behavior: DropBehavior::Cascade,
                ..
            } => self.unsure(Why::new("what an extension holds is not known")),
            _ => {}
        }
    }
}
