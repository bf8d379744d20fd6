//! Repairs as data: what would end a finding, step by step; how chosen ones are composed into a plan; and the plan as
//! a script, as migrations and as edits of files.

mod edit;
mod guard;
mod names;
mod plan;
mod python_edit;
mod python_text;
mod quote;
mod recipe;
mod to_django;
mod to_sql;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::django::migration::MigrationKey;
use crate::schema::{Change, Expr, Identifier, RelationName};
use crate::source::Origin;

pub use edit::*;
pub use guard::{GuardError, Statement};
pub use names::Names;
pub use plan::{
    Action, Options, Plan, PlanError, PlannedRepair, PlannedStep, Rollback, Timeouts, Unit,
    UnitKind, plan,
};
pub use python_edit::*;
pub use quote::in_comment;
pub use recipe::{set_not_null, validated_later};
pub use to_django::*;
pub use to_sql::*;
pub use words::describe;

/// One way to end a finding. Several repairs of a finding are alternatives: nobody chooses between them silently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What `--choose` calls it, among the alternatives of its finding: `set-default`.
    pub name: &'static str,
    /// An imperative: "Build the index concurrently".
    pub title: String,
    pub safety: Safety,
    /// In the order in which they are taken.
    pub steps: Vec<Step>,
    /// What a person has to know before it is run: whole sentences.
    pub warnings: Vec<String>,
    /// How Django's migrations carry the same repair; `None` where it is an edit alone.
    pub delivery: Option<Delivery>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Safety {
    /// To be read by a person: it shows what to do, and cannot be done by a machine.
    DisplayOnly,
    /// It loses something, or its effect on running code is a person's to judge.
    Unsafe,
    Safe,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Run(Change),
    /// Gives the rows that hold NULL a value: `UPDATE table SET column = value WHERE column IS NULL`.
    Fill {
        table: RelationName,
        column: Identifier,
        value: Expr,
    },
    /// Counts rows that the steps after it would stumble over: there must be none.
    Probe(Probe),
    /// Tells Django's recorder something, and runs nothing of a migration.
    Record(Record),
    /// Replace the text at a place of a file.
    Edit {
        place: Origin,
        text: String,
    },
}

/// A question to the rows of a table before a step that they could refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    pub table: RelationName,
    /// The rows that violate: a condition in SQL over the columns of the table.
    pub violators: String,
    /// Columns whose values tell a person what to do about them.
    pub shown: Vec<Identifier>,
    /// What such a row breaks: "`status` holds a value that is in no choice".
    pub what: String,
}

/// What the table of Django's recorder is to say of a migration (`django/db/migrations/recorder.py`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub table: RelationName,
    pub migration: MigrationKey,
    pub state: RecordState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordState {
    Applied,
    NotApplied,
}

impl Record {
    /// What takes it back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self {
            state: match self.state {
                RecordState::Applied => RecordState::NotApplied,
                RecordState::NotApplied => RecordState::Applied,
            },
            ..self.clone()
        }
    }

    /// The imperative in words: "record shop.0021_note as applied".
    pub fn words(&self) -> String {
        match self.state {
            RecordState::Applied => format!("record {} as applied", self.migration),
            RecordState::NotApplied => format!("forget that {} is applied", self.migration),
        }
    }
}

/// How a migration carries a repair to databases that may or may not have had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub app_label: Arc<str>,
    pub kind: DeliveryKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryKind {
    /// It makes of the database what the migrations say already: a fresh database has nothing to do, and the
    /// way back leaves everything as it is.
    Restores,
    /// It brings something new; Django's state takes these operations along (none: the state has it already).
    Evolves { state_operations: Vec<PythonSource> },
}

/// A piece of Python that a migration or model is given, with what it needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PythonSource {
    /// An expression: `migrations.AddField(...)`.
    pub text: String,
    /// Import statements, a line each: `import uuid`.
    pub imports: Vec<String>,
}

impl Repair {
    /// A repair that SQL alone carries out; the rest is added by name.
    pub fn new(name: &'static str, title: impl Into<String>, steps: Vec<Step>) -> Self {
        Self {
            name,
            title: title.into(),
            safety: Safety::Safe,
            steps,
            warnings: Vec::new(),
            delivery: None,
        }
    }

    #[must_use]
    pub fn of_safety(self, safety: Safety) -> Self {
        Self { safety, ..self }
    }

    /// Adds what a person has to know before it is run.
    #[must_use]
    pub fn warning(mut self, sentence: impl Into<String>) -> Self {
        self.warnings.push(sentence.into());
        self
    }

    /// Whether files alone are changed.
    pub fn is_edit_alone(&self) -> bool {
        self.steps
            .iter()
            .all(|step| matches!(step, Step::Edit { .. }))
            && self.delivery.is_none()
    }

    #[must_use]
    pub fn delivered(self, app_label: &Arc<str>, kind: DeliveryKind) -> Self {
        Self {
            delivery: Some(Delivery {
                app_label: Arc::clone(app_label),
                kind,
            }),
            ..self
        }
    }
}
