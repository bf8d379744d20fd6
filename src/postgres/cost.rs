//! What one change costs the server, given the schema before it.

mod alter_column;
mod column_type;
mod constraint;
mod drops;
mod index;
mod new_values;
mod partitions;
mod proof;
mod relation;
mod rows;
mod statement;
mod upkeep;
mod violations;
mod volatility;

use crate::schema::{
    Change, Constraint, ConstraintKind, ForeignKey, Lookup, RelationName, Schema, SqlState,
    Touches, Why, WrittenName,
};

pub use statement::{cost_in_statement, cost_of_statement};
pub use violations::{Offending, RowError, Violation};

use super::{LockMode, Version};

/// What PostgreSQL does to carry a change out.
///
/// An empty cost is a change that takes no lock that running code could wait for. Where it is `unsure`, the locks are
/// those that are certain, and more or stronger ones may be taken; the work is the most that may be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cost {
    /// One entry a relation, its strongest lock. Relations that the change creates do not stand here, nor, mostly,
    /// indexes and sequences of a table that is locked as strongly: who uses them locks the table first.
    pub locks: Vec<Lock>,
    /// Tables read from end to end while the lock is held.
    pub scans: Vec<RelationName>,
    /// Tables written anew, with all of their indexes.
    pub rewrites: Vec<Rewrite>,
    /// Indexes built or built again, each a read of its table; those of a rewritten table do not stand here.
    pub index_builds: Vec<RelationName>,
    pub transaction: TransactionBlock,
    /// What rows that stand already can make it fail with.
    pub violations: Vec<Violation>,
    /// The SQLSTATE with which this version refuses what a newer one does.
    pub refused: Option<SqlState>,
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
    /// What the statement is for: CLUSTER, VACUUM FULL, REFRESH, SET UNLOGGED.
    Asked,
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

/// What a change costs, given the schema before it.
///
/// A table of which it is not certain that it exists is taken to exist, since the statement needs it. What is not
/// known at all (the foreign keys of a table that was met half way) is left out.
/// Follows the documentation of `ALTER TABLE`, section 13.3, and `tablecmds.c`, `indexcmds.c`; what is told is what
/// servers 13 to 18 do (`docs/postgres-costs.md`, by `tests/costs.rs`).
pub fn cost(change: &Change, before: &Schema, version: Version) -> Cost {
    let mut costing = Costing::new(before, version);
    costing.run(change);
    costing.cost
}

/// A cost being worked out.
struct Costing<'a> {
    before: &'a Schema,
    version: Version,
    cost: Cost,
}

impl<'a> Costing<'a> {
    fn new(before: &'a Schema, version: Version) -> Self {
        Self {
            before,
            version,
            cost: Cost::default(),
        }
    }
}

impl Costing<'_> {
    fn run(&mut self, change: &Change) {
        if self.is_skipped(change) {
            return;
        }
        match change {
            Change::CreateTable(create) => self.create_table(create),
            Change::DropTable(drop) => self.drop_table(drop, change),
            Change::RenameTable { table, .. } | Change::SetTableSchema { table, .. } => {
                self.lock_written(table, LockMode::AccessExclusive);
            }
            Change::AddColumn { table, column, .. } => self.add_column(table, column),
            Change::DropColumn { .. } => self.drop_column(change),
            Change::RenameColumn { table, .. } => {
                self.lock_with_partitions(table, LockMode::AccessExclusive);
            }
            Change::AlterColumn {
                table,
                column,
                action,
            } => self.alter_column(table, column, action),
            Change::AddConstraint { .. }
            | Change::AddConstraintUsingIndex { .. }
            | Change::DropConstraint { .. }
            | Change::RenameConstraint { .. }
            | Change::ValidateConstraint { .. }
            | Change::AlterConstraint { .. } => self.run_on_constraint(change),
            Change::CreateIndex(create) => self.create_index(create, change),
            Change::DropIndex { drop, build } => self.drop_index(drop, *build),
            Change::RenameIndex { index, .. } => {
                self.lock_written(index, LockMode::ShareUpdateExclusive);
            }
            _ => self.run_on_the_rest(change),
        }
    }

    fn run_on_the_rest(&mut self, change: &Change) {
        match change {
            Change::CreateSequence { .. }
            | Change::AlterSequence { .. }
            | Change::DropSequence(_)
            | Change::RenameSequence { .. }
            | Change::CreateView { .. }
            | Change::DropView { .. }
            | Change::DropSchema { .. }
            | Change::DropType(_)
            | Change::DropExtension { .. } => self.run_on_other(change),
            Change::CreateTrigger { table, .. } => {
                self.lock_with_partitions(table, LockMode::ShareRowExclusive);
            }
            Change::DropTrigger {
                table,
                trigger,
                if_exists,
                ..
            } => self.drop_trigger(table, trigger, *if_exists),
            Change::CreateSchema { .. }
            | Change::CreateEnum { .. }
            | Change::AddEnumValue { .. }
            | Change::CreateExtension { .. }
            | Change::SetParameter { .. }
            | Change::SetConstraints { .. }
            | Change::Transaction(_) => {}
            Change::Data {
                verb, relations, ..
            } => self.data(*verb, relations),
            Change::NoEffect { what, relations } => self.no_effect(what, relations),
            Change::Opaque { text, why, touches }
                if *touches != Touches::Nothing || upkeep::may_lock(text) =>
            {
                self.unsure(why.clone());
            }
            _ => {}
        }
    }

    /// Locks a relation that a statement names, and gives its name.
    fn lock_written(&mut self, written: &WrittenName, mode: LockMode) -> RelationName {
        let name = self.before.resolve(written);
        if self.before.relation_named(&name).is_absent() {
            self.unsure(Why::new(format!("{name} does not exist")));
        }
        self.lock(name.clone(), mode);
        name
    }

    /// One lock a relation; where two are taken the stronger stays. Of what is not known nothing can be said.
    fn lock(&mut self, relation: RelationName, mode: LockMode) {
        if relation.name.is_unknown() {
            return;
        }
        match self
            .cost
            .locks
            .iter_mut()
            .find(|lock| lock.relation == relation)
        {
            Some(lock) if mode.strength() > lock.mode.strength() => lock.mode = mode,
            Some(_) => {}
            None => self.cost.locks.push(Lock { relation, mode }),
        }
    }

    /// Of a partitioned table the partitions are read.
    fn scan(&mut self, table: &RelationName) {
        for table in self.holders_of_rows(table) {
            if !self.cost.scans.contains(&table) {
                self.cost.scans.push(table);
            }
        }
    }

    fn rewrite(&mut self, table: &RelationName, reason: RewriteReason) {
        for table in self.holders_of_rows(table) {
            if self.cost.rewrites.iter().all(|known| known.table != table) {
                self.cost.rewrites.push(Rewrite { table, reason });
            }
        }
    }

    fn build(&mut self, index: RelationName) {
        if !self.cost.index_builds.contains(&index) {
            self.cost.index_builds.push(index);
        }
    }

    fn unsure(&mut self, why: Why) {
        self.cost.unsure.get_or_insert(why);
    }

    /// A fact that the answer depends on: `None`, and the cost is unsure, where it is not certain.
    fn needs<T>(&mut self, found: Lookup<T>, what: &str) -> Option<T> {
        match found {
            Lookup::Found(value) => Some(value),
            Lookup::Absent => {
                self.unsure(Why::new(format!("{what} does not exist")));
                None
            }
            Lookup::Unsure(why) => {
                self.unsure(why);
                None
            }
        }
    }
}

fn foreign_key(constraint: &Constraint) -> Option<&ForeignKey<RelationName>> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(key),
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Check(_)
        | ConstraintKind::Exclusion(_) => None,
    }
}
