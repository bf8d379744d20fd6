use super::page;
use crate::drift::Drift;
use crate::lint::{Check, Context, Finding, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("migration-gone"),
    page: page!("migration-gone"),
    checks: &[Check::Database(check)],
};

fn check(drift: &Drift, _: &Context<'_>) -> Vec<Finding> {
    drift
        .recorded
        .gone
        .iter()
        .map(|key| {
            Finding::in_database(
                drift.recorded.object(),
                format!(
                    "`{key}` is recorded as applied, and no file holds it: what it did is in the database and in no replay here"
                ),
            )
            .named(key.to_string())
            .help(
                "is the code older than the database, or on another branch? Bring the file back; if it was renamed, rename the row",
            )
        })
        .collect()
}
