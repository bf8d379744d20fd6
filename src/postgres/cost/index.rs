//! The cost of indexes.

use super::{Costing, LockMode, Offending, RowError, TransactionBlock};
use crate::schema::{Build, Change, CreateIndex, Drop, IfNotExists};

impl Costing<'_> {
    pub(super) fn create_index(&mut self, create: &CreateIndex, change: &Change) {
        let mode = match create.build {
            Build::Blocking => LockMode::Share,
            Build::Concurrently => LockMode::ShareUpdateExclusive,
        };
        self.refuse_in_transaction(create.build);
        let table = self.lock_with_partitions(&create.table, mode);
        let skipped = create.if_not_exists == IfNotExists::Yes
            && create.name.as_ref().is_some_and(|name| {
                self.before
                    .index_named(&table.sibling(name.clone()))
                    .is_found()
            });
        if !skipped {
            if create.definition.is_unique() {
                self.may_violate(&table, RowError::Unique, Offending::Some);
            }
            self.build_new(&table, create.name.as_ref(), change);
        }
    }

    pub(super) fn drop_index(&mut self, drop: &Drop, build: Build) {
        self.refuse_in_transaction(build);
        let mode = match build {
            Build::Blocking => LockMode::AccessExclusive,
            Build::Concurrently => LockMode::ShareUpdateExclusive,
        };
        let before = self.before;
        let what = format!("the index {}", drop.name);
        let Some((_, index)) = self.needs(before.index(&drop.name), &what) else {
            return;
        };
        self.lock(index.table.clone(), mode);
        self.lock_partitions_of(&index.table, mode);
    }

    fn refuse_in_transaction(&mut self, build: Build) {
        if build == Build::Concurrently {
            self.cost.transaction = TransactionBlock::Refused;
        }
    }
}
