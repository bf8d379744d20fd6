use super::page;
use crate::django::migration::MigrationKey;
use crate::drift::{Drift, Hurt, RecordedMigrations};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::repair::{Record, RecordState, Repair, Safety, Step};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("migration-gone"),
    page: page!("migration-gone"),
    checks: &[Check::Database(check)],
};

fn check(drift: &Drift, _: &Context<'_>) -> Vec<Finding> {
    let gone = drift.recorded.gone.iter();
    gone.map(|key| finding(key, &drift.recorded)).collect()
}

fn finding(key: &MigrationKey, recorded: &RecordedMigrations) -> Finding {
    let mut finding = Finding::in_database(
        recorded.object(),
        format!(
            "`{key}` is recorded as applied, and no file holds it: what it did is in the database and in no replay here"
        ),
    )
    .named(key.to_string())
    .help(
        "is the code older than the database, or on another branch? Bring the file back; if it was renamed, rename the row",
    )
    .repaired_by(
        forgetting(key, recorded)
            .of_safety(Safety::Unsafe)
            .warning("What it did stays in the database: only its row goes."),
    );
    finding.hurt = Some(Hurt::Silent);
    finding
}

/// Takes the row out.
pub(super) fn forgetting(key: &MigrationKey, recorded: &RecordedMigrations) -> Repair {
    let record = Record {
        table: recorded.table.clone(),
        migration: key.clone(),
        state: RecordState::NotApplied,
    };
    Repair::new(
        "forget-migration",
        format!("Forget that `{key}` is applied"),
        vec![Step::Record(record)],
    )
}
