//! The plan replayed: which findings are gone, and what came instead.

use std::collections::BTreeSet;

use super::{Decided, Decision, handle};
use crate::drift::Hurt;
use crate::lint::Finding;
use crate::repair::{DeliveryKind, Repair, Step};
use crate::schema::Change;

/// What the findings on the schema after a plan say of it.
#[derive(Debug, Clone)]
pub struct Replayed<'a> {
    /// The findings that were to end and did.
    pub ended: Vec<&'a Finding>,
    /// Those that were to end and are there still.
    pub stays: Vec<&'a Finding>,
    /// Findings that were not there before.
    pub new: Vec<Finding>,
}

impl<'a> Replayed<'a> {
    /// Compares the findings before a plan, with what was decided on them, with those after it.
    pub fn of(decided: &[Decided<'a>], after: &[Finding]) -> Self {
        let left: BTreeSet<(String, &str)> = after.iter().map(key).collect();
        let known: BTreeSet<(String, &str)> = decided.iter().map(|one| key(one.finding)).collect();
        let wanted = decided.iter().filter_map(|one| match one.decision {
            Decision::Taken(_) => Some(one.finding),
            Decision::Open(_) | Decision::ByHand(_) | Decision::LeftOut | Decision::NoRepair => {
                None
            }
        });
        let (stays, ended) = wanted.partition(|finding| left.contains(&key(finding)));
        let new = after
            .iter()
            .filter(|finding| !known.contains(&key(finding)))
            .cloned()
            .collect();
        Self { ended, stays, new }
    }

    /// What came and makes running code fail: the plan is no repair then.
    pub fn worse(&self) -> Vec<&Finding> {
        let hurts = |finding: &&Finding| match finding.hurt {
            Some(Hurt::InsertFails | Hurt::QueryFails | Hurt::WriteFails | Hurt::MigrateFails) => {
                true
            }
            Some(Hurt::Silent | Hurt::Cosmetic | Hurt::Pending) | None => false,
        };
        self.new.iter().filter(hurts).collect()
    }
}

/// What the migrations of these repairs (or `makemigrations`) bring to every database: all but what makes one database
/// again what its migrations say.
pub fn brought(repairs: &[&Repair]) -> Vec<Change> {
    let restores = |repair: &Repair| {
        let delivery = repair.delivery.as_ref();
        delivery.is_some_and(|delivery| delivery.kind == DeliveryKind::Restores)
    };
    repairs
        .iter()
        .filter(|repair| !restores(repair))
        .flat_map(|repair| &repair.steps)
        .filter_map(|step| match step {
            Step::Run(change) => Some(change.clone()),
            Step::Fill { .. } | Step::Probe(_) | Step::Record(_) | Step::Edit { .. } => None,
        })
        .collect()
}

fn key(finding: &Finding) -> (String, &str) {
    (handle(finding), finding.message.as_str())
}
