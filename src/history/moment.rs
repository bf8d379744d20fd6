//! One change at its moment in history, with what it found and what it left.

use std::sync::Arc;

use crate::django::migration::MigrationKey;
use crate::django::operation::LocatedOperation;
use crate::django::project_state::ProjectState;
use crate::postgres::Cost;
use crate::schema::{
    Change, IfExists, IfNotExists, ObjectName, Outcome, RelationName, Schema, WrittenName,
};
use crate::source::Origin;
use crate::sql::Statement;

use super::CreatedHere;

/// A change, given everything that a rule may ask about it.
#[derive(Debug, Clone)]
pub struct Moment {
    pub change: Change,
    pub statement: Arc<Statement>,
    pub before: Schema,
    pub after: Schema,
    pub outcome: Outcome,
    pub cost: Cost,
    pub created_here: Arc<CreatedHere>,
    pub transaction: TransactionContext,
    pub direction: Direction,
    pub cause: Cause,
}

/// Whether `migrate` runs it going forward, or rolling back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    Forward,
    Reverse,
}

/// The transaction that a statement runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransactionContext {
    /// The transaction of an atomic migration, or between BEGIN and COMMIT.
    Block,
    /// Several statements sent as one string: the server runs them as one transaction.
    OneString,
    /// On its own.
    Own,
    /// The migration's `atomic` could not be read.
    Unknown,
}

/// Who asked for the change: for wording and repair only.
#[derive(Debug, Clone)]
pub enum Cause {
    /// Hand-written SQL: a `.sql` file, or `RunSQL` (then with its migration).
    Sql {
        migration: Option<Arc<MigrationKey>>,
    },
    /// An operation for which Django writes the SQL.
    Django(Arc<OperationMoment>),
}

/// An operation with Django's view of the models before and after it.
#[derive(Debug, Clone)]
pub struct OperationMoment {
    pub migration: Arc<MigrationKey>,
    pub operation: LocatedOperation,
    pub before: ProjectState,
    pub after: ProjectState,
    /// The virtual catalog when the operation began and when it had ended.
    pub schema_before: Schema,
    pub schema_after: Schema,
}

impl Moment {
    pub fn origin(&self) -> Origin {
        self.statement.origin()
    }

    /// The table, if code may be using it while this change runs: it stood before this deployment
    /// began. `None` where that is not certain.
    pub fn table_in_use(&self, table: &WrittenName) -> Option<RelationName> {
        self.created_here.table_in_use(&self.before, table)
    }

    /// Whether the server carried the change out, as far as is known.
    pub fn happened(&self) -> bool {
        match self.outcome {
            Outcome::Applied { .. } => true,
            Outcome::Unsure(_) => !self.may_be_refused(),
            Outcome::Skipped | Outcome::Rejected(_) => false,
        }
    }

    /// Whether the server carries it out, as far as a rule may take it: certainly; or, where the catalog is in
    /// doubt, because the migration could not run at all otherwise.
    ///
    /// What it names must be there, then, unless it says `IF EXISTS`; and what it creates must not be, unless it was when
    /// the catalog was last known.
    pub fn is_carried_out(&self) -> bool {
        match self.outcome {
            Outcome::Applied { .. } => true,
            Outcome::Unsure(_) => !self.may_be_skipped() && !self.may_be_refused(),
            Outcome::Skipped | Outcome::Rejected(_) => false,
        }
    }

    fn may_be_skipped(&self) -> bool {
        match &self.change {
            Change::DropTable(drop) | Change::DropIndex { drop, .. } => {
                drop.if_exists == IfExists::Yes
            }
            Change::RenameTable { if_exists, .. }
            | Change::DropColumn { if_exists, .. }
            | Change::DropConstraint { if_exists, .. } => *if_exists == IfExists::Yes,
            Change::AddColumn { if_not_exists, .. } => *if_not_exists == IfNotExists::Yes,
            Change::CreateIndex(create) => create.if_not_exists == IfNotExists::Yes,
            _ => false,
        }
    }

    /// Whether what it creates was there when the catalog was last known, or may be what could not be read of its table.
    fn may_be_refused(&self) -> bool {
        let before = &self.before;
        let created = match &self.change {
            Change::CreateTable(create) => {
                Some(ObjectName::Relation(before.resolve_new(&create.table)))
            }
            Change::AddColumn { table, column, .. } => Some(ObjectName::Column(
                before.resolve(table),
                column.name.clone(),
            )),
            Change::AddConstraint { table, constraint } => constraint
                .name
                .clone()
                .map(|name| ObjectName::Constraint(before.resolve(table), name)),
            Change::CreateIndex(create) => create
                .name
                .clone()
                .map(|name| ObjectName::Index(before.resolve(&create.table).sibling(name))),
            _ => None,
        };
        let part_of = match &self.change {
            Change::AddColumn { table, .. } | Change::AddConstraint { table, .. } => Some(table),
            Change::CreateIndex(create) => Some(&create.table),
            _ => None,
        };
        part_of.is_some_and(|table| before.has_unread_part(&before.resolve(table)))
            || created.is_some_and(|object| before.was_there(&object))
    }

    /// Whether Django wrote the statement for an operation.
    pub fn is_django(&self) -> bool {
        matches!(self.cause, Cause::Django(_))
    }

    pub fn migration(&self) -> Option<&MigrationKey> {
        match &self.cause {
            Cause::Sql { migration } => migration.as_deref(),
            Cause::Django(operation) => Some(&operation.migration),
        }
    }
}
