//! The proof of a plan: it is run on the database in a transaction that is rolled back, looked at from every side, and
//! taken back again in another one.
//!
//! The trial holds the locks that the repair takes until it is rolled back, and it fires triggers; the only thing that a server
//! does not roll back are numbers that an INSERT took from a sequence.

mod catalog;
mod copied;
mod forward;
mod insert;
mod scratch;
mod verdict;

use crate::database::{Address, Catalog, DatabaseError, Limits, Session};
use crate::lint::Finding;
use crate::repair::Plan;
use crate::schema::{Identifier, Schema};

use super::{Decided, Replayed, handle};

pub use insert::{Given, Insert};
pub use verdict::{Judgement, Row, Verdict};

use forward::Forward;

/// What is tried, and on what.
pub struct Trial<'a> {
    pub address: &'a Address,
    /// The schemas to read; empty for those of the role's search path.
    pub schemas: &'a [Identifier],
    pub plan: &'a Plan,
    /// The catalog that the plan was made for.
    pub before: &'a Schema,
    /// The findings, and what was decided on each.
    pub decided: &'a [Decided<'a>],
    /// INSERTs that fail now and are to work.
    pub inserts: &'a [Insert],
    /// What is found on a database with this schema; an error in words.
    pub judge: &'a dyn Fn(&Schema) -> Result<Vec<Finding>, String>,
    pub limits: Limits,
    /// Whether the script may be run as it is on an empty copy, which is made on the server and dropped again.
    pub scratch: bool,
}

/// Tries the plan.
///
/// # Errors
/// When the database cannot be reached or read; what the server refuses of the plan is in the verdict.
pub fn verify(trial: &Trial<'_>) -> Result<Verdict, DatabaseError> {
    let mut verdict = Verdict::default();
    let mut session = Session::rolled_back(trial.address, trial.limits)?;
    let found = Catalog::read(&mut session, trial.schemas)?.schema;
    if found.as_catalog() != trial.before.as_catalog() {
        let why = "the database was changed since it was read: run the command again";
        verdict.add("the database", Judgement::NotVerified(why.to_owned()));
        session.close();
        return Ok(verdict);
    }
    let before = insert::tried(&mut session, trial.inserts, &found)?;
    let mut forward = Forward::default();
    forward.run(&mut session, &trial.plan.units)?;
    let is_whole = forward.is_whole();
    forward.tell("", &mut verdict);
    let seen = if is_whole {
        let after = Catalog::read(&mut session, trial.schemas)?.schema;
        let tried = insert::tried(&mut session, trial.inserts, &after)?;
        Some((after, tried))
    } else {
        None
    };
    // Others wait for its locks: what can be judged without it is judged when it has ended.
    session.close();
    if let Some((after, tried)) = seen {
        catalog::as_planned(trial.plan, &after, &mut verdict);
        findings_are_gone(trial, &after, &mut verdict);
        insert::judge(trial.inserts, (&before, &tried), &after, &mut verdict);
        taken_back(trial, &found, &mut verdict)?;
    }
    if trial.scratch && scratch::tried(trial, &mut verdict)? && !is_whole {
        copied::judge(trial, &mut verdict)?;
    }
    nothing_is_left(trial, &found, &mut verdict)?;
    Ok(verdict)
}

/// On the catalog that the server has after the plan, not the one that was reckoned.
fn findings_are_gone(trial: &Trial<'_>, after: &Schema, verdict: &mut Verdict) {
    if trial.decided.is_empty() {
        return;
    }
    let found = match (trial.judge)(after) {
        Ok(found) => found,
        Err(why) => {
            verdict.add("the findings", Judgement::NotVerified(why));
            return;
        }
    };
    let replayed = Replayed::of(trial.decided, &found);
    for finding in &replayed.ended {
        verdict.add(handle(finding), Judgement::Verified("gone".to_owned()));
    }
    for finding in &replayed.stays {
        verdict.add(handle(finding), Judgement::Failed("still there".to_owned()));
    }
    for finding in replayed.worse() {
        let why = format!("new: {}", finding.message);
        verdict.add(handle(finding), Judgement::Failed(why));
    }
}

/// Forward and back, in a transaction of its own.
fn taken_back(
    trial: &Trial<'_>,
    found: &Schema,
    verdict: &mut Verdict,
) -> Result<(), DatabaseError> {
    let mut session = Session::rolled_back(trial.address, trial.limits)?;
    let mut forward = Forward::default();
    forward.run(&mut session, &trial.plan.units)?;
    if !forward.is_whole() {
        let why = "the second run went otherwise than the first";
        verdict.add("rollback", Judgement::NotVerified(why.to_owned()));
        session.close();
        return Ok(());
    }
    let mut back = Forward::default();
    back.run(&mut session, &trial.plan.rollback)?;
    let is_whole = back.is_whole();
    back.tell("rollback: ", verdict);
    if is_whole {
        let after = Catalog::read(&mut session, trial.schemas)?.schema;
        catalog::as_before(trial.plan, (found, &after), verdict);
    }
    session.close();
    Ok(())
}

fn nothing_is_left(
    trial: &Trial<'_>,
    found: &Schema,
    verdict: &mut Verdict,
) -> Result<(), DatabaseError> {
    let mut session = Session::read_only(trial.address, trial.limits)?;
    let now = Catalog::read(&mut session, trial.schemas)?.schema;
    session.close();
    let judgement = if now == *found {
        Judgement::Verified("its catalog is as it was".to_owned())
    } else {
        let why = "its catalog is not as it was: it was changed while the trial ran";
        Judgement::NotVerified(why.to_owned())
    };
    verdict.add("the database after the trial", judgement);
    Ok(())
}
