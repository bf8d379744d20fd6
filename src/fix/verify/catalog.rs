//! The catalog after a trial, beside the one that was to come.

use std::collections::BTreeSet;

use crate::repair::{Plan, PlannedStep, Rollback, describe};
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
        let is_there = |schema: &Schema| schema.relation_named(table).is_found();
        let is_as_planned = is_there(&plan.after) == is_there(after)
            && compare(table, &plan.after, after).is_empty();
        let judgement = if is_as_planned {
            Judgement::Verified("its catalog is as planned".to_owned())
        } else {
            Judgement::Failed(format!(
                "its catalog is not as planned; it would take: {}",
                words(&diff(after, &plan.after))
            ))
        };
        verdict.add(table.to_string(), judgement);
    }
}

fn words(changes: &[Change]) -> String {
    let words: Vec<String> = changes.iter().map(describe).collect();
    words.join(", ")
}

/// Compares the catalog after the rollback with the one before the plan. What the plan says it does not bring back may
/// differ, on the tables that it says it of.
pub(super) fn as_before(plan: &Plan, (before, after): (&Schema, &Schema), verdict: &mut Verdict) {
    let judgement = if before.as_catalog() == after.as_catalog() {
        Judgement::Verified("the catalog is as before".to_owned())
    } else if all_but(&not_brought_back(plan), (before, after)) {
        Judgement::Verified(format!(
            "the catalog is as before, but for what the rollback does not bring back: {}",
            plan.not_brought_back.join(" ")
        ))
    } else {
        Judgement::Failed(format!(
            "the catalog is not as before; it would take: {}",
            words(&diff(after, before))
        ))
    };
    verdict.add("rollback", judgement);
}

/// The tables of steps that cannot be taken back.
fn not_brought_back(plan: &Plan) -> BTreeSet<&RelationName> {
    let is_kept = |step: &PlannedStep| matches!(step.rollback, Rollback::Impossible(_));
    plan.units
        .iter()
        .filter(|unit| unit.steps.iter().any(is_kept))
        .filter_map(|unit| unit.relation.as_ref())
        .collect()
}

fn all_but(left_out: &BTreeSet<&RelationName>, (before, after): (&Schema, &Schema)) -> bool {
    let tables: BTreeSet<&RelationName> = before
        .tables()
        .chain(after.tables())
        .map(|(name, _)| name)
        .collect();
    tables
        .into_iter()
        .filter(|table| !left_out.contains(table))
        .all(|table| {
            let both = before.table_named(table).is_found() && after.table_named(table).is_found();
            both && compare(table, before, after).is_empty()
        })
}
