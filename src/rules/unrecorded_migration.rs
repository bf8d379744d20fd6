use super::page;
use crate::drift::{Drift, Hurt, RecordedMigrations, Unrecorded};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::repair::{Record, RecordState, Repair, Safety, Step};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("unrecorded-migration"),
    page: page!("unrecorded-migration"),
    checks: &[Check::Database(check)],
};

/// What another one depends on is said by `applied-out-of-order`.
fn check(drift: &Drift, _: &Context<'_>) -> Vec<Finding> {
    let unrecorded = drift.recorded.unrecorded.iter();
    unrecorded
        .filter(|found| found.needed_by.is_none())
        .map(|found| finding(found, &drift.recorded))
        .collect()
}

fn finding(found: &Unrecorded, recorded: &RecordedMigrations) -> Finding {
    let key = &found.migration;
    let next = match &found.refused {
        Some(rejection) => format!(
            "the next `migrate` runs it again and fails at `{}` (SQLSTATE {})",
            rejection.object, rejection.state
        ),
        None => "the next `migrate` runs it again".to_owned(),
    };
    let message =
        format!("`{key}` is not recorded as applied, and the database has what it does: {next}");
    let mut finding = Finding::in_database(recorded.object(), message)
        .named(key.to_string())
        .help(format!(
            "record it: `migrate --fake {} {}`",
            key.app_label, key.name
        ))
        .repaired_by(recording(found, recorded));
    finding.hurt = Some(if found.refused.is_some() {
        Hurt::MigrateFails
    } else {
        Hurt::Silent
    });
    finding
}

/// Puts the row in, as Django's own recorder does.
pub(super) fn recording(found: &Unrecorded, recorded: &RecordedMigrations) -> Repair {
    let steps = found.records.iter().map(|migration| {
        Step::Record(Record {
            table: recorded.table.clone(),
            migration: migration.clone(),
            state: RecordState::Applied,
        })
    });
    let repair = Repair::new(
        "record-migration",
        format!("Record `{}` as applied", found.migration),
        steps.collect(),
    );
    if found.does_more {
        repair.of_safety(Safety::Unsafe).warning(
            "It also writes rows, or does what could not be read: whether that was done, no schema shows.",
        )
    } else {
        repair
    }
}
