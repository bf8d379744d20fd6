//! What is run at once.

use std::time::Duration;

use crate::postgres::{Cost, TransactionBlock};
use crate::repair::guard::{self, Statement};
use crate::repair::words::describe;
use crate::repair::{Probe, Record, plan::Timeouts};
use crate::schema::{Change, Expr, Identifier, RelationName, Schema};

/// What a step asks the database to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Change(Change),
    Fill {
        table: RelationName,
        column: Identifier,
        value: Expr,
    },
    Probe(Probe),
    Record(Record),
}

impl Action {
    pub(super) fn change(&self) -> Option<Change> {
        match self {
            Self::Change(change) => Some(change.clone()),
            Self::Fill { .. } | Self::Probe(_) | Self::Record(_) => None,
        }
    }
}

/// A step in its unit.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    pub action: Action,
    /// The title of the repair that it belongs to.
    pub repair: std::sync::Arc<str>,
    /// Which of the repairs that the plan was made of.
    pub repair_index: usize,
    /// In words, the imperative: "set the default of shop_order.note to ''".
    pub words: String,
    /// Its own guarded statements; [`Unit::statements`] joins those of one table.
    pub statements: Vec<Statement>,
    /// A boolean expression of SQL: whether the database has had this step. None where it cannot be asked in
    /// one expression; the statements ask for themselves then.
    pub done: Option<String>,
    pub rollback: Rollback,
    /// The schema that it meets.
    pub before: Schema,
    pub cost: Cost,
    pub(super) joins: Option<guard::Action>,
    pub(super) proves: Option<Identifier>,
}

/// What takes a step back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rollback {
    Changes(Vec<Change>),
    Record(Record),
    /// It changed nothing that another step's rollback does not take back.
    Nothing,
    /// Nothing can take it back; a whole sentence.
    Impossible(String),
}

/// How a unit is run. The order is that in which units are taken where the repairs leave a choice: what is short
/// and ends an outage first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnitKind {
    /// One transaction over one table.
    Transaction,
    /// Reads rows, and stops the script when some of them are in the way.
    Probe,
    /// Writes rows in batches, each its own transaction.
    Fill,
    /// A transaction of its own, since it reads the whole table under a lock that lets writes through.
    Validation,
    /// What may not stand in a transaction: CONCURRENTLY.
    Concurrent,
}

/// Steps that are run at once.
#[derive(Debug, Clone)]
pub struct Unit {
    pub kind: UnitKind,
    /// The table (or other relation) that it is about; none for what belongs to no relation.
    pub relation: Option<RelationName>,
    pub steps: Vec<PlannedStep>,
}

impl Unit {
    pub fn transaction(&self) -> TransactionBlock {
        match self.kind {
            UnitKind::Transaction | UnitKind::Probe | UnitKind::Validation => {
                TransactionBlock::Allowed
            }
            UnitKind::Fill | UnitKind::Concurrent => TransactionBlock::Refused,
        }
    }

    /// Its statements, those that may be one ALTER TABLE joined; without a frame of BEGIN and COMMIT.
    pub fn statements(&self) -> Vec<Statement> {
        let mut statements = Vec::new();
        let mut joined: Vec<&guard::Action> = Vec::new();
        for step in &self.steps {
            let Some(action) = &step.joins else {
                flush(&mut joined, &mut statements);
                statements.extend(step.statements.iter().cloned());
                continue;
            };
            let fits = joined
                .iter()
                .all(|other| other.head == action.head && other.column != action.column);
            if !fits {
                flush(&mut joined, &mut statements);
            }
            joined.push(action);
        }
        flush(&mut joined, &mut statements);
        statements
    }

    /// The parameters that are set for it, with their values: `("lock_timeout", "'5s'")`.
    pub fn settings(&self, timeouts: Timeouts) -> Vec<(&'static str, String)> {
        let bounded = self.kind == UnitKind::Transaction;
        let lock = if bounded {
            timeouts.lock
        } else {
            Duration::ZERO
        };
        let reads_rows = self.steps.iter().any(|step| {
            !step.cost.scans.is_empty()
                || !step.cost.rewrites.is_empty()
                || !step.cost.index_builds.is_empty()
        });
        let statement = if bounded && !reads_rows {
            timeouts.statement
        } else {
            Duration::ZERO
        };
        vec![
            ("lock_timeout", milliseconds(lock)),
            ("statement_timeout", milliseconds(statement)),
        ]
    }

    /// All that is sent for it, in order, each text as one simple query: BEGIN, SET LOCAL, the statements and COMMIT;
    /// or SET, the statements and RESET.
    pub fn script(&self, timeouts: Timeouts) -> Vec<String> {
        let settings = self.settings(timeouts);
        let statements = self.statements().into_iter().map(|statement| statement.sql);
        match self.transaction() {
            TransactionBlock::Allowed => std::iter::once("BEGIN".to_owned())
                .chain(
                    settings
                        .iter()
                        .map(|(name, value)| format!("SET LOCAL {name} = {value}")),
                )
                .chain(statements)
                .chain(std::iter::once("COMMIT".to_owned()))
                .collect(),
            TransactionBlock::Refused => settings
                .iter()
                .map(|(name, value)| format!("SET {name} = {value}"))
                .chain(statements)
                .chain(settings.iter().map(|(name, _)| format!("RESET {name}")))
                .collect(),
        }
    }

    /// The repairs that it serves, in order and each once.
    pub fn titles(&self) -> Vec<&str> {
        let mut titles: Vec<&str> = Vec::new();
        for step in &self.steps {
            if !titles.contains(&&*step.repair) {
                titles.push(&step.repair);
            }
        }
        titles
    }
}

fn flush(joined: &mut Vec<&guard::Action>, statements: &mut Vec<Statement>) {
    if let Some(first) = joined.first() {
        let actions: Vec<&str> = joined.iter().map(|action| action.text.as_str()).collect();
        let separator = if actions.len() == 1 { " " } else { "\n  " };
        statements.push(Statement::new(format!(
            "{}{separator}{}",
            first.head,
            actions.join(",\n  ")
        )));
    }
    joined.clear();
}

fn milliseconds(duration: Duration) -> String {
    if duration.is_zero() {
        "0".to_owned()
    } else if duration.subsec_millis() == 0 {
        format!("'{}s'", duration.as_secs())
    } else {
        format!("'{}ms'", duration.as_millis())
    }
}

impl Rollback {
    /// In words, for the header of a rollback.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Changes(changes) => changes.iter().map(describe).collect(),
            Self::Record(record) => vec![record.words()],
            Self::Nothing => Vec::new(),
            Self::Impossible(sentence) => vec![sentence.clone()],
        }
    }
}
