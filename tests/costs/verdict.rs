//! Whether what was told is what was done.

use super::effects::{Done, Effects};
use super::told::{Told, ToldOutcome};
use crate::environment::PostgresVersion;

#[derive(Debug)]
pub enum Verdict {
    Equal,
    /// What is told for certain holds; a part of it is in doubt.
    Unsure(String),
    Wrong(String),
    /// The server does not know the statement, or is known to do otherwise than later ones.
    NotThere,
}

/// What `apply` tells as of PostgreSQL 15 and later, and older servers do otherwise.
const OF_LATER_SERVERS: &[(&str, &str)] = &[
    // Until 14 the columns that are generated from a column fell with it, CASCADE or not.
    ("ALTER TABLE t DROP COLUMN n", "2BP01"),
];

/// Whether what is told is so in later versions only.
pub fn is_of_later_servers(statement: &str, version: PostgresVersion, told: &Told) -> bool {
    let ToldOutcome::Refused(state) = &told.outcome else {
        return false;
    };
    version < PostgresVersion::V15 && OF_LATER_SERVERS.contains(&(statement, state.as_str()))
}

pub fn verdict(told: &Told, done: &Done) -> Verdict {
    match (&told.outcome, done) {
        (_, Done::Refused(state)) if state == "42601" => Verdict::NotThere,
        (ToldOutcome::Refused(told), Done::Refused(done)) if told == done => Verdict::Equal,
        (ToldOutcome::Refused(told), done) => Verdict::Wrong(format!("told {told}, done {done:?}")),
        (ToldOutcome::Unsure(why), Done::Refused(_)) => Verdict::Unsure(why.clone()),
        (ToldOutcome::Runs, Done::Refused(state)) => match &told.unsure {
            Some(why) => Verdict::Unsure(why.clone()),
            None => Verdict::Wrong(format!("refused: {state}")),
        },
        (ToldOutcome::Runs | ToldOutcome::Unsure(_), Done::Effects(done)) => effects(told, done),
    }
}

fn effects(told: &Told, done: &Effects) -> Verdict {
    let mut done = done.clone();
    // Indexes of partitions are not modelled.
    done.gone.retain(|name| told.known.contains(name));
    let done = &done;
    match &told.unsure {
        None if told.effects == *done => Verdict::Equal,
        Some(why) if is_within(done, told) => Verdict::Unsure(why.clone()),
        why => Verdict::Wrong(format!(
            "told {:?}\n  done {done:?}\n  unsure: {why:?}",
            told.effects
        )),
    }
}

/// Whether what was done is at least the locks, and at most the work, that a cost in doubt tells.
fn is_within(done: &Effects, told: &Told) -> bool {
    let most = &told.effects;
    let is_held = |(relation, mode)| done.locks.get(relation).is_some_and(|held| held >= mode);
    most.locks.iter().all(is_held)
        && done.rewrites.is_subset(&most.rewrites)
        && done.scans.is_subset(&(&most.scans | &most.rewrites))
        && done.builds.is_subset(&(&most.builds | &told.of_rewritten))
}
