//! Steps that could not be tried on the database itself, and ran on its empty copy: the structure is seen there, the rows
//! are only counted, read-only.

use std::collections::BTreeMap;

use crate::database::{DatabaseError, Session, StatementError};
use crate::repair::{Action, PlannedStep, Probe};

use super::forward::lost;
use super::{Judgement, Trial, Verdict};

/// Says of each step that was not verified what its run on the copy, and the probes of its repair, make of it. The rows
/// of the steps are the first of the verdict.
pub(super) fn judge(trial: &Trial<'_>, verdict: &mut Verdict) -> Result<(), DatabaseError> {
    let steps = || trial.plan.units.iter().flat_map(|unit| &unit.steps);
    let probes = probed(trial)?;
    for (row, step) in verdict.rows.iter_mut().zip(steps()) {
        if matches!(row.judgement, Judgement::NotVerified(_)) && row.what == step.words {
            row.judgement = judgement(step, probes.get(&step.repair_index).copied().flatten());
        }
    }
    Ok(())
}

/// How many rows are in the way of each repair that counts them; `None` where they may not be read.
fn probed(trial: &Trial<'_>) -> Result<BTreeMap<usize, Option<u64>>, DatabaseError> {
    let mut counts = BTreeMap::new();
    for step in trial.plan.units.iter().flat_map(|unit| &unit.steps) {
        if let Action::Probe(probe) = &step.action {
            // A refused query ends its transaction.
            let mut session = Session::read_only(trial.address, trial.limits)?;
            let count = counted(&mut session, probe)?;
            session.close();
            let sum = counts.entry(step.repair_index).or_insert(Some(0));
            *sum = sum.zip(count).map(|(one, other)| one + other);
        }
    }
    Ok(counts)
}

fn counted(session: &mut Session, probe: &Probe) -> Result<Option<u64>, DatabaseError> {
    let sql = format!(
        "SELECT count(*) FROM {}.{} WHERE (\n{}\n)",
        probe.table.schema.to_sql(),
        probe.table.name.to_sql(),
        probe.violators
    );
    match session.query(&sql) {
        Ok(rows) => {
            let count = rows.into_iter().flatten().flatten().next();
            Ok(count.and_then(|count| count.parse().ok()))
        }
        Err(StatementError::Refused(_)) => Ok(None),
        Err(error) => Err(lost(error)),
    }
}

fn judgement(step: &PlannedStep, violators: Option<u64>) -> Judgement {
    let structure = "structure verified on an empty copy";
    let reads_rows = match &step.action {
        Action::Change(_) => {
            !step.cost.scans.is_empty()
                || !step.cost.rewrites.is_empty()
                || !step.cost.index_builds.is_empty()
        }
        Action::Fill { .. } | Action::Probe(_) => true,
        Action::Record(_) => false,
    };
    match violators {
        _ if !reads_rows => Judgement::Verified(format!("{structure}; it reads no row")),
        Some(0) => Judgement::Verified(format!(
            "{structure}; data: probed read-only on the target, 0 violators"
        )),
        Some(count) => Judgement::Failed(format!(
            "{structure}; data: probed read-only on the target, {count} violators"
        )),
        None => Judgement::NotVerified(format!("{structure}; data: not verified")),
    }
}
