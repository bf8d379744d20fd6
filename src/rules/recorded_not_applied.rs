use super::migration_gone::forgetting;
use super::page;
use crate::django::migration::MigrationKey;
use crate::drift::{Cause, Difference, Drift, Hurt};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("recorded-not-applied"),
    page: page!("recorded-not-applied"),
    checks: &[Check::Database(check)],
};

/// How many objects a message names before it counts the others.
const NAMED: usize = 4;

fn check(drift: &Drift, _: &Context<'_>) -> Vec<Finding> {
    let rows = drift.recorded.not_applied.iter();
    rows.map(|key| finding(key, drift)).collect()
}

fn finding(key: &MigrationKey, drift: &Drift) -> Finding {
    let missing: Vec<&Difference> = drift
        .differences
        .iter()
        .filter(|difference| difference.cause == Cause::Pending(key.clone()))
        .collect();
    let worst = missing.iter().map(|difference| difference.hurt).min();
    let message = format!(
        "`{key}` is recorded as applied, and the database has nothing of what it does{}: `migrate` will not run it",
        named(&missing)
    );
    let mut finding = Finding::in_database(drift.recorded.object(), message)
        .named(key.to_string())
        .help(format!(
            "was it faked, or the row copied from another database? Forget the row, then run `migrate {} {}`",
            key.app_label, key.name
        ))
        .repaired_by(forgetting(key, &drift.recorded));
    finding.hurt = Some(worst.unwrap_or(Hurt::Silent));
    if worst.is_some_and(|worst| worst <= Hurt::WriteFails) {
        finding.at_level(Level::Error)
    } else {
        finding
    }
}

fn named(missing: &[&Difference]) -> String {
    if missing.is_empty() {
        return String::new();
    }
    let names: Vec<String> = missing
        .iter()
        .take(NAMED)
        .map(|difference| format!("`{}`", difference.object()))
        .collect();
    let more = match missing.len().saturating_sub(NAMED) {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    format!(" ({}{more})", names.join(", "))
}
