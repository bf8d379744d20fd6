use super::page;
use crate::django::migration::MigrationKey;
use crate::drift::{Cause, Difference, Drift, Hurt};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::schema::ObjectName;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("pending-migration"),
    page: page!("pending-migration"),
    checks: &[Check::Database(check)],
};

/// How many objects a message names before it counts the others.
const NAMED: usize = 4;

fn check(drift: &Drift, _: &Context<'_>) -> Vec<Finding> {
    drift
        .recorded
        .unapplied
        .iter()
        .filter(|key| !drift.recorded.not_applied.contains(key))
        .filter_map(|key| {
            let explained: Vec<&Difference> = drift
                .differences
                .iter()
                .filter(|difference| difference.cause == Cause::Pending(key.clone()))
                .collect();
            finding(key, &explained, &drift.recorded.object())
        })
        .collect()
}

/// The worst that the code of the models meets until the migration has run.
fn finding(key: &MigrationKey, explained: &[&Difference], table: &ObjectName) -> Option<Finding> {
    let worst = explained.iter().map(|difference| difference.hurt).min()?;
    let names: Vec<String> = explained
        .iter()
        .take(NAMED)
        .map(|difference| format!("`{}`", difference.object()))
        .collect();
    let more = match explained.len().saturating_sub(NAMED) {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    let message = format!(
        "pending: run `migrate {} {}`; it brings {}{more} in step",
        key.app_label,
        key.name,
        names.join(", ")
    );
    let level = if worst <= Hurt::WriteFails {
        Level::Warning
    } else {
        Level::Note
    };
    let mut finding = Finding::in_database(table.clone(), message)
        .at_level(level)
        .named(key.to_string());
    finding.hurt = Some(Hurt::Pending);
    Some(if level == Level::Warning {
        finding.help("the code of these models already needs it")
    } else {
        finding
    })
}
