//! What one change costs the server, given the schema before it.

use crate::schema::{RelationName, Why};

use super::LockMode;

/// What PostgreSQL does to carry a change out.
///
/// An empty cost is a change that takes no lock that running code could wait for. What could not be told is
/// `unsure`, and no rule may judge by the rest of such a cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cost {
    /// One entry a relation, its strongest lock. Relations that the change creates do not stand here.
    pub locks: Vec<Lock>,
    /// Tables read from end to end while the lock is held.
    pub scans: Vec<RelationName>,
    /// Tables written anew, with all of their indexes.
    pub rewrites: Vec<Rewrite>,
    /// Indexes built or built again, each a read of its table; those of a rewritten table do not stand here.
    pub index_builds: Vec<RelationName>,
    pub transaction: TransactionBlock,
    pub unsure: Option<Why>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    pub relation: RelationName,
    pub mode: LockMode,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    pub table: RelationName,
    pub reason: RewriteReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RewriteReason {
    /// A new column whose default must be computed for each row.
    VolatileDefault,
    /// A new identity, serial or stored generated column.
    ComputedColumn,
    /// The stored form of the type differs.
    TypeChange,
    /// A constraint of the column's domain type must be checked for each row.
    ConstrainedDomain,
}

/// Whether the statement may stand in a transaction block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TransactionBlock {
    #[default]
    Allowed,
    /// SQLSTATE 25001: CREATE INDEX CONCURRENTLY and the like.
    Refused,
}

impl Cost {
    pub fn lock_on(&self, relation: &RelationName) -> Option<LockMode> {
        self.locks
            .iter()
            .find(|lock| lock.relation == *relation)
            .map(|lock| lock.mode)
    }
}
