//! One change at its moment in history, with what it found and what it left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::django::migration::{Migration, MigrationKey};
use crate::django::operation::LocatedOperation;
use crate::django::project_state::ProjectState;
use crate::postgres::Cost;
use crate::schema::{Change, ColumnRef, ObjectName, Outcome, RelationName, Schema, Why};
use crate::source::{Origin, SourceFile};
use crate::sql::Statement;

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
    pub cause: Cause,
}

/// What the same deployment created before this moment: nobody can be using it yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CreatedHere {
    pub relations: BTreeSet<RelationName>,
    pub columns: BTreeSet<ColumnRef>,
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

/// A migration as it was replayed.
#[derive(Debug, Clone)]
pub struct ReplayedMigration {
    pub migration: Arc<Migration>,
    pub judged: Judged,
    /// For a judged migration every operation (those inside `SeparateDatabaseAndState` too); else none.
    pub operations: Vec<Arc<OperationMoment>>,
    /// For a judged migration every moment; else those that the server would refuse.
    pub moments: Vec<Moment>,
    /// `reverse_sql` run backwards from the state after its operation.
    pub reverse_moments: Vec<Moment>,
}

/// Whether event rules judge it: it is new in the sense of the basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Judged {
    New,
    Old,
}

/// What replay could not follow, for the summary: never "ok".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnalysed {
    pub place: Origin,
    /// The class of the operation, or the kind of statement.
    pub operation: Arc<str>,
    pub why: Why,
}

/// The whole of what was read and replayed: what the rules judge.
#[derive(Debug, Clone)]
pub struct History {
    /// In the order of the graph, those of site-packages included.
    pub migrations: Vec<ReplayedMigration>,
    /// `.sql` files, each as one deployment.
    pub scripts: Vec<ReplayedScript>,
    /// The virtual catalog and Django's state after the last migration.
    pub end: Schema,
    pub end_state: ProjectState,
    /// What `models.py` says, and the catalog that these models would have; `None` where no models were read.
    pub models: Option<ModelsSide>,
    pub provenance: Provenance,
    pub not_analysed: Vec<NotAnalysed>,
}

#[derive(Debug, Clone)]
pub struct ReplayedScript {
    pub file: Arc<SourceFile>,
    pub judged: Judged,
    pub moments: Vec<Moment>,
}

#[derive(Debug, Clone)]
pub struct ModelsSide {
    pub state: ProjectState,
    pub expected: Schema,
}

/// Who created what, where: for labels ("the column comes from here").
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    pub created: BTreeMap<ObjectName, Origin>,
}

impl CreatedHere {
    pub fn has_table(&self, table: &RelationName) -> bool {
        self.relations.contains(table)
    }
}

impl Moment {
    pub fn origin(&self) -> Origin {
        self.statement.origin()
    }
}
