//! The catalog after a trial, beside the one that was to come.

use std::collections::BTreeSet;

use crate::repair::{Action, Plan, describe};
use crate::schema::{Change, RelationName, Schema, compare, diff};

use super::{Judgement, Verdict};

/// Compares what the server has with what the replay of the plan left, for the tables that the plan is about.
pub(super) fn as_planned(plan: &Plan, after: &Schema, verdict: &mut Verdict) {
    let tables: BTreeSet<&RelationName> = plan
        .units
        .iter()
        .filter_map(|unit| unit.relation.as_ref())
        .collect();
    for table in tables {
        let wanted = plan.after.relation_named(table);
        let found = after.relation_named(table);
        let why = if wanted.is_found() != found.is_found() {
            Some("it should be there and is not, or the other way round".to_owned())
        } else {
            let differences = compare(table, &plan.after, after);
            differences
                .first()
                .map(|difference| format!("{difference:?}"))
        };
        let judgement = match why {
            None => Judgement::Verified("its catalog is as planned".to_owned()),
            Some(why) => Judgement::Failed(format!("its catalog is not as planned: {why}")),
        };
        verdict.add(table.to_string(), judgement);
    }
}

/// Compares the catalog after the rollback with the one before the plan.
pub(super) fn as_before(plan: &Plan, (before, after): (&Schema, &Schema), verdict: &mut Verdict) {
    let left: Vec<Change> = if before.as_catalog() == after.as_catalog() {
        Vec::new()
    } else {
        diff(after, before)
    };
    let has_changed = plan
        .units
        .iter()
        .flat_map(|unit| &unit.steps)
        .any(|step| matches!(step.action, Action::Change(_)));
    let judgement = match (left.is_empty(), plan.not_brought_back.is_empty()) {
        (true, _) if !has_changed => {
            Judgement::Verified("there is nothing to take back".to_owned())
        }
        (true, _) => Judgement::Verified("the catalog is as before".to_owned()),
        (false, false) => Judgement::Verified(format!(
            "the catalog is as before but for what cannot come back: {}",
            plan.not_brought_back.join(" ")
        )),
        (false, true) => {
            let words: Vec<String> = left.iter().map(describe).collect();
            Judgement::Failed(format!(
                "the catalog is not as before; it would take: {}",
                words.join(", ")
            ))
        }
    };
    verdict.add("rollback", judgement);
}
