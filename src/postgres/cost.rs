//! What one change costs the server, given the schema before it.

mod alter_column;
mod column_type;
mod constraint;
mod index;
mod proof;
mod relation;
mod statement;
mod volatility;

use crate::schema::{Change, DataVerb, Lookup, RelationName, Schema, Touches, Why, WrittenName};

pub use statement::cost_in_statement;

use super::{LockMode, Version};

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

/// What a change costs, given the schema before it.
///
/// A table of which it is not certain that it exists is taken to exist, since the statement needs it. The cost is
/// `unsure` where what stands in it may not hold; then it is the worst that the change may cost. What is not
/// known at all (the foreign keys of a table that was met half way) is left out.
/// Follows the documentation of `ALTER TABLE`, section 13.3, and `tablecmds.c`, `indexcmds.c`.
///
/// What is modelled so far is the same in all supported versions.
pub fn cost(change: &Change, before: &Schema, _version: Version) -> Cost {
    let mut costing = Costing {
        before,
        cost: Cost::default(),
    };
    costing.run(change);
    costing.cost
}

/// A cost being worked out.
struct Costing<'a> {
    before: &'a Schema,
    cost: Cost,
}

impl Costing<'_> {
    fn run(&mut self, change: &Change) {
        match change {
            Change::CreateTable(create) => self.create_table(create),
            Change::DropTable(drop) => self.drop_table(&drop.name),
            Change::RenameTable { table, .. } | Change::SetTableSchema { table, .. } => {
                self.lock_written(table, LockMode::AccessExclusive);
            }
            Change::AddColumn { table, column, .. } => self.add_column(table, column),
            Change::DropColumn { table, column, .. } => self.drop_column(table, column),
            Change::RenameColumn { table, .. } => {
                self.lock_written(table, LockMode::AccessExclusive);
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
                self.lock_written(table, LockMode::ShareRowExclusive);
            }
            Change::DropTrigger { table, .. } => {
                self.lock_written(table, LockMode::AccessExclusive);
            }
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
            Change::Opaque { why, touches, .. } if *touches != Touches::Nothing => {
                self.unsure(why.clone());
            }
            _ => {}
        }
    }

    fn data(&mut self, verb: DataVerb, relations: &[WrittenName]) {
        let written = match verb {
            DataVerb::Select => LockMode::AccessShare,
            DataVerb::Insert | DataVerb::Update | DataVerb::Delete | DataVerb::Copy => {
                LockMode::RowExclusive
            }
            DataVerb::Truncate => LockMode::AccessExclusive,
            DataVerb::Lock => {
                self.unsure(Why::new("the mode of LOCK is not read"));
                LockMode::AccessExclusive
            }
        };
        for (position, relation) in relations.iter().enumerate() {
            let all = matches!(verb, DataVerb::Truncate | DataVerb::Lock);
            let mode = if position == 0 || all {
                written
            } else {
                LockMode::AccessShare
            };
            self.lock_written(relation, mode);
        }
    }

    /// COMMENT and ANALYZE lock like VACUUM; the others do not touch a table.
    fn no_effect(&mut self, what: &str, relations: &[WrittenName]) {
        let head = what.split_whitespace().next().unwrap_or_default();
        if ["COMMENT", "ANALYZE", "VACUUM"].contains(&head.to_ascii_uppercase().as_str()) {
            for relation in relations {
                self.lock_written(relation, LockMode::ShareUpdateExclusive);
            }
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

    fn scan(&mut self, table: RelationName) {
        if !self.cost.scans.contains(&table) {
            self.cost.scans.push(table);
        }
    }

    fn rewrite(&mut self, table: RelationName, reason: RewriteReason) {
        if self.cost.rewrites.iter().all(|known| known.table != table) {
            self.cost.rewrites.push(Rewrite { table, reason });
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
