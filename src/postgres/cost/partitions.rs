//! What a statement about a partitioned table does to its partitions, which hold the rows.

use super::{Costing, LockMode};
use crate::schema::{Identifier, Partitioning, RelationName, WrittenName};

impl Costing<'_> {
    /// Locks a table that a statement names, and all of its partitions: ALTER TABLE recurses to them
    /// (`ATPrepCmd` and `find_all_inheritors` in `tablecmds.c`), and so do CREATE INDEX, TRUNCATE, LOCK and DML.
    pub(super) fn lock_with_partitions(
        &mut self,
        written: &WrittenName,
        mode: LockMode,
    ) -> RelationName {
        let name = self.lock_written(written, mode);
        self.lock_partitions_of(&name, mode);
        name
    }

    pub(super) fn lock_partitions_of(&mut self, table: &RelationName, mode: LockMode) {
        for partition in self.partitions_of(table) {
            self.lock(partition, mode);
        }
    }

    /// The partitions of a table, and theirs; a table met half way may have more.
    fn partitions_of(&self, table: &RelationName) -> Vec<RelationName> {
        let mut found: Vec<RelationName> = Vec::new();
        let mut open = vec![table.clone()];
        while let Some(next) = open.pop() {
            let Some(known) = self.before.table_named(&next).found() else {
                continue;
            };
            for partition in &known.partitions {
                if !found.contains(partition) {
                    found.push(partition.clone());
                    open.push(partition.clone());
                }
            }
        }
        found
    }

    /// The tables that hold the rows of one: itself, or its partitions.
    pub(super) fn holders_of_rows(&self, table: &RelationName) -> Vec<RelationName> {
        if !self.is_partitioned(table) {
            return vec![table.clone()];
        }
        let partitions = self.partitions_of(table).into_iter();
        partitions
            .filter(|partition| !self.is_partitioned(partition))
            .collect()
    }

    pub(super) fn is_partitioned(&self, table: &RelationName) -> bool {
        let known = self.before.table_named(table).found();
        known.is_some_and(|known| matches!(known.partitioning, Partitioning::Partitioned(_)))
    }

    /// The table that this one is a partition of.
    pub(super) fn parent_of(&self, table: &RelationName) -> Option<RelationName> {
        match &self.before.table_named(table).found()?.partitioning {
            Partitioning::PartitionOf(parent) => Some(parent.clone()),
            Partitioning::Plain | Partitioning::Partitioned(_) => None,
        }
    }

    /// Tables that have all that is said of this one: itself, and those that it is a partition of, at any depth.
    pub(super) fn with_ancestors(&self, table: &RelationName) -> Vec<RelationName> {
        let mut found = vec![table.clone()];
        let mut at = table.clone();
        while let Some(parent) = self.parent_of(&at).filter(|parent| !found.contains(parent)) {
            found.push(parent.clone());
            at = parent;
        }
        found
    }

    /// Tables that the foreign keys of a table, or of one of its columns, reference: triggers of theirs stand there.
    pub(super) fn lock_references_of(
        &mut self,
        table: &RelationName,
        column: Option<&Identifier>,
        mode: LockMode,
    ) {
        for parent in self.references_of(table, column) {
            self.lock(parent.clone(), mode);
            self.lock_partitions_of(&parent, mode);
        }
    }

    fn references_of(
        &self,
        table: &RelationName,
        column: Option<&Identifier>,
    ) -> Vec<RelationName> {
        let keys = self.before.constraints_of(table);
        keys.filter_map(|(_, constraint)| {
            let key = super::foreign_key(constraint)?;
            let involved = column.is_none_or(|column| key.columns.contains(column));
            involved.then(|| key.references.clone())
        })
        .collect()
    }
}
