//! Repairs as one plan: their steps in units that are run one after another, and the way back.
//!
//! A unit is what is done at once: one table, one transaction; or one step that may not stand in a transaction. The
//! units end every repair when they ran in order, do no harm when they run again, and may be stopped after any of
//! them.

mod gone;
mod rollback;
mod schedule;
mod task;
mod unit;

use std::time::Duration;

use crate::postgres::Version;
use crate::schema::{Rejection, Schema};
use crate::source::Origin;

use super::guard::GuardError;
use super::{Names, Repair};

pub(super) use task::{Task, Tasks, of_repairs};
pub use unit::{Action, PlannedStep, Rollback, Unit, UnitKind};

/// How the statements of a plan are written.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The server that they are for.
    pub version: Version,
    pub names: Names,
    pub timeouts: Timeouts,
}

/// How long a statement that other sessions wait for may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// The longest wait for one lock: everybody who comes later waits behind it.
    pub lock: Duration,
    /// The longest that a change of the catalog alone may run; what reads or writes all rows has no bound.
    pub statement: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            lock: Duration::from_secs(5),
            statement: Duration::from_secs(30),
        }
    }
}

/// Chosen repairs, ready to be written as a script or as migrations, or to be tried on a server.
#[derive(Debug, Clone)]
pub struct Plan {
    pub repairs: Vec<PlannedRepair>,
    /// In the order in which they are run.
    pub units: Vec<Unit>,
    /// In the order in which they are run, the last repair first.
    pub rollback: Vec<Unit>,
    /// What the rollback does not bring back: whole sentences.
    pub not_brought_back: Vec<String>,
    /// Places of files to be given other text.
    pub edits: Vec<(Origin, String)>,
    pub timeouts: Timeouts,
    /// The schema when all units have run.
    pub after: Schema,
}

/// What a script says of a repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRepair {
    pub name: &'static str,
    pub title: String,
    pub warnings: Vec<String>,
}

/// Why repairs cannot be carried out as they are. Steps are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error(
        "step {step} of \"{repair}\" ({what}) would be refused with {}: {}; choose another repair for it, or leave it out",
        rejection.state, rejection.object
    )]
    Rejected {
        repair: String,
        step: usize,
        what: String,
        rejection: Box<Rejection>,
    },
    #[error("step {step} of \"{repair}\" ({what}) cannot be written: {reason}")]
    Guard {
        repair: String,
        step: usize,
        what: String,
        reason: GuardError,
    },
    #[error("\"{one}\" and \"{other}\" disagree about {what}; choose one of them")]
    Conflict {
        one: String,
        other: String,
        what: String,
    },
}

/// Composes the chosen repairs, given the schema that they start from.
///
/// # Errors
/// When a step would be refused, cannot be written, or two repairs want different things of one column.
pub fn plan(repairs: &[&Repair], before: &Schema, options: &Options) -> Result<Plan, PlanError> {
    let tasks = of_repairs(repairs, before, options)?;
    compose(repairs, tasks, (before, options))
}

/// The plan of tasks that are free of duplicates already.
pub(super) fn compose(
    repairs: &[&Repair],
    tasks: Tasks,
    (before, options): (&Schema, &Options),
) -> Result<Plan, PlanError> {
    let mut scheduled = schedule::schedule(tasks.queues, before, options)?;
    let back = rollback::rollback(&mut scheduled, options)?;
    Ok(Plan {
        repairs: repairs
            .iter()
            .map(|repair| PlannedRepair {
                name: repair.name,
                title: repair.title.clone(),
                warnings: repair.warnings.clone(),
            })
            .collect(),
        units: scheduled.units,
        rollback: back.units,
        not_brought_back: back.kept,
        edits: tasks.edits,
        timeouts: options.timeouts,
        after: scheduled.after,
    })
}
