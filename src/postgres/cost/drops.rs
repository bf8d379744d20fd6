//! The cost of dropping, with what falls along.

use super::{Costing, LockMode};
use crate::schema::{
    Change, Drop, DropBehavior, Identifier, IfExists, Lookup, ObjectName, Outcome, RelationName,
    Why, WrittenName,
};

impl Costing<'_> {
    /// Whether the statement finds nothing to drop or to rename, and may.
    pub(super) fn is_skipped(&self, change: &Change) -> bool {
        let (name, if_exists) = match change {
            Change::DropTable(drop)
            | Change::DropIndex { drop, .. }
            | Change::DropSequence(drop)
            | Change::DropView { drop, .. } => (&drop.name, drop.if_exists),
            Change::RenameTable {
                table, if_exists, ..
            } => (table, *if_exists),
            Change::RenameIndex {
                index, if_exists, ..
            } => (index, *if_exists),
            Change::AlterSequence {
                sequence,
                if_exists,
                ..
            }
            | Change::RenameSequence {
                sequence,
                if_exists,
                ..
            } => (sequence, *if_exists),
            _ => return false,
        };
        let name = self.before.resolve(name);
        if_exists == IfExists::Yes && self.before.relation_named(&name).is_absent()
    }

    /// The triggers of its foreign keys stand on the referenced tables, too; those of incoming foreign
    /// keys on the tables that reference it. A partition is taken off its parent.
    pub(super) fn drop_table(&mut self, drop: &Drop, change: &Change) {
        let name = self.lock_with_partitions(&drop.name, LockMode::AccessExclusive);
        self.lock_references_of(&name, None, LockMode::AccessExclusive);
        self.lock_referencing(&name, None);
        for ancestor in self.with_ancestors(&name).into_iter().skip(1).take(1) {
            self.lock(ancestor, LockMode::AccessExclusive);
        }
        self.fallen_with(drop.behavior, change);
    }

    pub(super) fn drop_column(&mut self, change: &Change) {
        let Change::DropColumn {
            table,
            column,
            behavior,
            ..
        } = change
        else {
            return;
        };
        let name = self.lock_with_partitions(table, LockMode::AccessExclusive);
        self.lock_references_of(&name, Some(column), LockMode::AccessExclusive);
        self.lock_referencing(&name, Some(column));
        self.fallen_with(*behavior, change);
    }

    pub(super) fn drop_schema(
        &mut self,
        schema: &Identifier,
        behavior: DropBehavior,
        change: &Change,
    ) {
        if behavior == DropBehavior::Restrict {
            return;
        }
        let relations = self.before.relations();
        let inside: Vec<RelationName> = relations
            .map(|(name, _)| name.clone())
            .filter(|name| name.schema == *schema)
            .collect();
        for name in inside {
            self.lock(name.clone(), LockMode::AccessExclusive);
            self.lock_references_of(&name, None, LockMode::AccessExclusive);
            self.lock_referencing(&name, None);
        }
        self.fallen_with(behavior, change);
    }

    /// A trigger that is not there is looked for without a lock.
    pub(super) fn drop_trigger(
        &mut self,
        table: &WrittenName,
        trigger: &Identifier,
        if_exists: IfExists,
    ) {
        let name = self.before.resolve(table);
        let known = self.before.table_named(&name).found();
        let is_known = known.is_some_and(|known| known.triggers.contains_key(trigger));
        if if_exists == IfExists::Yes && !is_known {
            self.unsure(Why::new(format!(
                "the trigger {trigger} was not seen being created"
            )));
            return;
        }
        self.lock_with_partitions(table, LockMode::AccessExclusive);
    }

    /// Everything that CASCADE takes along is locked like what is dropped, and so is what it stood on.
    pub(super) fn fallen_with(&mut self, behavior: DropBehavior, change: &Change) {
        if behavior == DropBehavior::Restrict {
            return;
        }
        let fallen = match self.before.clone().apply(change) {
            Outcome::Applied { dropped_too } => dropped_too,
            Outcome::Unsure(why) => return self.unsure(why),
            Outcome::Skipped | Outcome::Rejected(_) => return,
        };
        for object in fallen {
            match object {
                ObjectName::Relation(name) => self.lock(name, LockMode::AccessExclusive),
                ObjectName::Constraint(table, constraint) => {
                    self.lock_of_constraint(&table, &constraint);
                }
                ObjectName::Column(table, _) => self.lock(table, LockMode::AccessExclusive),
                ObjectName::Schema(_) | ObjectName::Index(_) | ObjectName::Type(_) => {}
            }
        }
        if let Change::DropSequence(drop) = change {
            self.lock_users_of(&drop.name);
        }
    }

    /// The tables whose columns take their default from a sequence.
    fn lock_users_of(&mut self, sequence: &WrittenName) {
        if let Lookup::Found((_, sequence)) = self.before.sequence(sequence) {
            for user in &sequence.used_by {
                self.lock(user.table.clone(), LockMode::AccessExclusive);
            }
        }
    }

    fn lock_of_constraint(&mut self, table: &RelationName, constraint: &Identifier) {
        self.lock(table.clone(), LockMode::AccessExclusive);
        let known = self.before.constraint(table, constraint).found();
        if let Some(key) = known.and_then(super::foreign_key) {
            self.lock(key.references.clone(), LockMode::AccessExclusive);
        }
    }
}
