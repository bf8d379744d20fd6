//! The cost of making and dropping tables, sequences, views and schemas.

use super::{Costing, LockMode};
use crate::schema::{
    Change, ConstraintKind, CreateTable, DropBehavior, Identifier, IfNotExists, RelationName, Why,
    WrittenName,
};

impl Costing<'_> {
    /// The referenced tables are locked, though the table itself is new.
    pub(super) fn create_table(&mut self, create: &CreateTable) {
        let own = self.before.resolve_new(&create.table);
        if create.if_not_exists == IfNotExists::Yes && self.before.relation_named(&own).is_found() {
            return;
        }
        if let Some(parent) = &create.partition_of {
            self.lock_written(parent, LockMode::AccessExclusive);
        }
        for constraint in &create.constraints {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind
                && self.before.resolve(&key.references) != own
            {
                self.lock_written(&key.references, LockMode::ShareRowExclusive);
            }
        }
    }

    /// The triggers of its foreign keys stand on the referenced tables, too; those of incoming foreign
    /// keys on the tables that reference it.
    pub(super) fn drop_table(&mut self, written: &WrittenName) {
        let name = self.lock_written(written, LockMode::AccessExclusive);
        self.lock_foreign_keys_of(&name, None);
        self.lock_referencing(&name, None);
        self.lock_views_on(&name);
    }

    pub(super) fn drop_column(&mut self, table: &WrittenName, column: &Identifier) {
        let name = self.lock_written(table, LockMode::AccessExclusive);
        self.lock_foreign_keys_of(&name, Some(column));
        self.lock_referencing(&name, Some(column));
    }

    /// Tables that the foreign keys of a table, or of one of its columns, reference.
    pub(super) fn lock_foreign_keys_of(
        &mut self,
        table: &RelationName,
        column: Option<&Identifier>,
    ) {
        let parents: Vec<RelationName> = self
            .before
            .constraints_of(table)
            .filter_map(|(_, constraint)| match &constraint.kind {
                ConstraintKind::ForeignKey(key)
                    if column.is_none_or(|column| key.columns.contains(column)) =>
                {
                    Some(key.references.clone())
                }
                ConstraintKind::ForeignKey(_)
                | ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Check(_)
                | ConstraintKind::Exclusion(_) => None,
            })
            .collect();
        for parent in parents {
            self.lock(parent, LockMode::AccessExclusive);
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
                    matches!(&constraint.kind, ConstraintKind::ForeignKey(key)
                        if key.references == *table
                            && column.is_none_or(|column| key.referenced_columns.contains(column)))
                })
            })
            .cloned()
            .collect()
    }

    fn lock_views_on(&mut self, name: &RelationName) {
        let views: Vec<RelationName> = self.before.views_on(name).cloned().collect();
        for view in views {
            self.lock(view, LockMode::AccessExclusive);
        }
    }

    pub(super) fn run_on_other(&mut self, change: &Change) {
        match change {
            Change::AlterSequence { sequence, .. } => {
                self.lock_written(sequence, LockMode::ShareRowExclusive);
            }
            Change::DropSequence(drop) => {
                self.lock_written(&drop.name, LockMode::AccessExclusive);
            }
            Change::RenameSequence { sequence, .. } => {
                self.lock_written(sequence, LockMode::AccessExclusive);
            }
            Change::DropView { drop, .. } => {
                let name = self.lock_written(&drop.name, LockMode::AccessExclusive);
                self.lock_views_on(&name);
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
            Change::DropSchema {
                schema,
                behavior: DropBehavior::Cascade,
                ..
            } => {
                self.drop_schema(schema);
            }
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

    fn drop_schema(&mut self, schema: &Identifier) {
        let inside: Vec<RelationName> = self
            .before
            .tables()
            .map(|(name, _)| name.clone())
            .filter(|name| name.schema == *schema)
            .collect();
        for name in inside {
            self.lock(name.clone(), LockMode::AccessExclusive);
            self.lock_foreign_keys_of(&name, None);
            self.lock_referencing(&name, None);
        }
    }
}
