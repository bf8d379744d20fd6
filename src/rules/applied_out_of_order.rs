use std::collections::BTreeMap;

use super::page;
use super::unrecorded_migration::recording;
use crate::django::migration::MigrationKey;
use crate::drift::{Drift, Hurt, RecordedMigrations};
use crate::lint::{Check, Context, Finding, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("applied-out-of-order"),
    page: page!("applied-out-of-order"),
    checks: &[Check::Database(check)],
};

/// Each dependency once, whatever needs it.
fn check(drift: &Drift, _: &Context<'_>) -> Vec<Finding> {
    let mut needed: BTreeMap<&MigrationKey, Vec<&MigrationKey>> = BTreeMap::new();
    for found in &drift.recorded.out_of_order {
        needed
            .entry(&found.dependency)
            .or_default()
            .push(&found.migration);
    }
    needed
        .into_iter()
        .filter_map(|(dependency, by)| finding(dependency, &by, &drift.recorded))
        .collect()
}

fn finding(
    dependency: &MigrationKey,
    by: &[&MigrationKey],
    recorded: &RecordedMigrations,
) -> Option<Finding> {
    let first = by.first()?;
    let others = match by.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let mut unrecorded = recorded.unrecorded.iter();
    let done = unrecorded.find(|unrecorded| unrecorded.migration == *dependency);
    let has = match done {
        Some(_) => ", though the database has what it does",
        None => "",
    };
    let finding = Finding::in_database(
        recorded.object(),
        format!(
            "`migrate` refuses to start: `{first}`{others} is recorded as applied, its dependency `{dependency}` is not{has} \
             (InconsistentMigrationHistory)"
        ),
    )
    .named(dependency.to_string());
    let mut finding = match done {
        Some(unrecorded) => finding
            .help(
                "record it: `migrate` itself cannot, as it refuses to start before it looks at `--fake`",
            )
            .repaired_by(recording(unrecorded, recorded)),
        None => finding.help(format!(
            "run what `{dependency}` does by hand (`sqlmigrate {} {}`), then record it",
            dependency.app_label, dependency.name
        )),
    };
    finding.hurt = Some(Hurt::MigrateFails);
    Some(finding)
}
