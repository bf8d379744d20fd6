//! What runs in one transaction: a lock that one change takes is held while all later ones run.

use std::sync::Arc;

use crate::postgres::{Blocked, Cost, LockMode, Offending};
use crate::schema::{Change, RelationName, TransactionControl, WrittenName};

use super::{Moment, TransactionContext};

impl Moment {
    /// What the change costs, if it was carried out and nothing of it is in doubt.
    pub fn certain_cost(&self) -> Option<&Cost> {
        (self.is_carried_out() && self.cost.unsure.is_none()).then_some(&self.cost)
    }

    /// The table in use that the change reads or writes from end to end: as long as that takes, everything
    /// waits that waits for a lock of its transaction.
    pub fn works_through(&self) -> Option<RelationName> {
        let cost = self.certain_cost()?;
        // What no row may stand in takes no time.
        if cost
            .violations
            .iter()
            .any(|one| one.rows == Offending::Every)
        {
            return None;
        }
        let rewritten = cost.rewrites.iter().map(|rewrite| rewrite.table.clone());
        let indexed = cost.index_builds.iter().filter_map(|index| {
            let found = self.after.index_named(index).found()?;
            Some(found.table.clone())
        });
        rewritten
            .chain(cost.scans.iter().cloned())
            .chain(indexed)
            .find_map(|table| self.table_in_use(&WrittenName::from(&table)))
    }

    /// What waits for the change on a relation in use.
    ///
    /// The locks of a cost hold where a part of it is in doubt, too: a default that is not known is none about the lock.
    pub fn blocks(&self, relation: &RelationName) -> Blocked {
        if !self.is_carried_out() {
            return Blocked::Nothing;
        }
        let lock = self.cost.lock_on(relation);
        lock.map_or(Blocked::Nothing, LockMode::blocks)
    }

    /// Whether a lock taken here is still held at `later`, the next change of the same migration or script.
    fn holds_until(&self, later: &Self) -> bool {
        if Arc::ptr_eq(&self.statement, &later.statement) {
            return true;
        }
        let ends = matches!(
            later.change,
            Change::Transaction(TransactionControl::Commit | TransactionControl::Rollback)
        );
        self.transaction == TransactionContext::Block
            && later.transaction == TransactionContext::Block
            && !ends
    }
}

/// The changes after the one at `position` while its locks are held, in order.
pub fn later_in_transaction(moments: &[Moment], position: usize) -> impl Iterator<Item = &Moment> {
    let later = moments.get(position..).unwrap_or_default();
    later.windows(2).map_while(|pair| match pair {
        [one, next] if one.holds_until(next) => Some(next),
        _ => None,
    })
}

/// The changes before the one at `position` whose locks are still held, the latest first.
pub fn earlier_in_transaction(
    moments: &[Moment],
    position: usize,
) -> impl Iterator<Item = &Moment> {
    let earlier = moments.get(..=position).unwrap_or_default();
    earlier.windows(2).rev().map_while(|pair| match pair {
        [one, next] if one.holds_until(next) => Some(one),
        _ => None,
    })
}
