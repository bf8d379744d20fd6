//! The form of a change that is safe to run again: on the broken database, on one that had the repair, on a fresh
//! one, and after a stop anywhere.
//!
//! What the server can skip by itself (`IF EXISTS`) it skips; the rest looks into the catalog first, by table and
//! structure: a name in a file is only where to look first.

mod column;
mod constraint;
mod index;
mod look_up;
mod object;
mod rows;

use crate::postgres::{RenderError, Version, render};
use crate::repair::quote;
use crate::schema::{Change, Identifier, Schema};

pub(super) use rows::{fill, probe, record};

/// One statement without its semicolon, safe to run again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Statement {
    pub sql: String,
    /// What does the same inside of a transaction, where `sql` may not stand in one: for a trial that is rolled back.
    pub in_transaction: Option<String>,
}

impl Statement {
    pub(super) fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            in_transaction: None,
        }
    }

    /// One that may not stand in a transaction, and what stands for it there.
    pub(super) fn outside(sql: impl Into<String>, in_transaction: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            in_transaction: Some(in_transaction.into()),
        }
    }
}

/// Why a change cannot be put into a form that is safe to run again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error("it cannot be run a second time without harm")]
    Unrepeatable,
}

/// A change in its guarded form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guarded {
    pub statements: Vec<Statement>,
    /// A boolean expression of SQL: whether the database has it already. None where only the block itself can tell.
    pub done: Option<String>,
    /// How it joins others of its table in one ALTER TABLE.
    pub action: Option<Action>,
}

/// One action of an ALTER TABLE that is safe to run again by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Action {
    /// `ALTER TABLE "shop_order"`.
    pub head: String,
    pub text: String,
    /// No two actions on one column join: the server sorts actions into passes.
    pub column: Identifier,
}

/// What a change meets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Situation<'a> {
    /// The schema before the change.
    pub before: &'a Schema,
    pub version: Version,
    /// The column whose SET NOT NULL this constraint only proves: once that stands, it is not needed.
    pub proves: Option<&'a Identifier>,
    /// Whether a later change takes away what this one is about: run again, it finds nothing to do.
    pub goes: bool,
}

impl Situation<'_> {
    /// What PL/pgSQL does where there is nothing of that kind: stop, unless it is a later step that takes it away.
    fn not_found(&self, message: &str) -> String {
        if self.goes {
            return "NULL;".to_owned();
        }
        format!(
            "RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = {};",
            quote::literal(message)
        )
    }
}

impl Guarded {
    pub(super) fn one(sql: impl Into<String>) -> Self {
        Self {
            statements: vec![Statement::new(sql)],
            done: None,
            action: None,
        }
    }

    pub(super) fn many(statements: Vec<Statement>) -> Self {
        Self {
            statements,
            done: None,
            action: None,
        }
    }

    pub(super) fn done_when(self, done: impl Into<String>) -> Self {
        Self {
            done: Some(done.into()),
            ..self
        }
    }
}

/// The guarded form of a change.
pub(super) fn guard(change: &Change, situation: Situation<'_>) -> Result<Guarded, GuardError> {
    Ok(declared(of_kind(change, situation)?, change))
}

/// Says in its first line what a block does, as SQL: whoever reads migrations, this program too, need not follow PL/pgSQL.
fn declared(mut guarded: Guarded, change: &Change) -> Guarded {
    let Ok(does) = render(change) else {
        return guarded;
    };
    // The statement beside it does what is wanted; the block clears the way.
    let clears = matches!(change, Change::CreateIndex(_));
    let does = if clears { "" } else { does.as_str() };
    let mut blocks: Vec<&mut Statement> = guarded
        .statements
        .iter_mut()
        .filter(|statement| statement.sql.starts_with("DO $"))
        .collect();
    let last = blocks.len().saturating_sub(1);
    for (position, statement) in blocks.iter_mut().enumerate() {
        let does = if position == last { does } else { "" };
        statement.sql = quote::declaring(&statement.sql, does);
    }
    guarded
}

fn of_kind(change: &Change, situation: Situation<'_>) -> Result<Guarded, GuardError> {
    match change {
        Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::RenameColumn { .. }
        | Change::AlterColumn { .. } => column::guard(change, situation),
        Change::AddConstraint { .. }
        | Change::AddConstraintUsingIndex { .. }
        | Change::DropConstraint { .. }
        | Change::RenameConstraint { .. }
        | Change::ValidateConstraint { .. }
        | Change::AlterConstraint { .. } => constraint::guard(change, situation),
        Change::CreateIndex(_) | Change::DropIndex { .. } | Change::RenameIndex { .. } => {
            index::guard(change, situation)
        }
        _ => object::guard(change, situation),
    }
}

/// As it is: the server takes it any number of times.
fn plain(change: &Change) -> Result<Guarded, GuardError> {
    Ok(Guarded::one(render(change)?))
}

/// Runs a statement unless the database has what it makes.
fn unless(done: &str, statement: &str) -> String {
    let body = format!(
        "IF NOT {done} THEN\n{};\nEND IF;",
        quote::indented(statement)
    );
    quote::block("", &body)
}
