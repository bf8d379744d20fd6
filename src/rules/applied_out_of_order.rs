use super::page;
use crate::drift::{Drift, Hurt};
use crate::lint::{Check, Context, Finding, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("applied-out-of-order"),
    page: page!("applied-out-of-order"),
    checks: &[Check::Database(check)],
};

fn check(drift: &Drift, _: &Context<'_>) -> Vec<Finding> {
    drift
        .recorded
        .out_of_order
        .iter()
        .map(|found| {
            let mut finding = Finding::in_database(
                drift.recorded.object(),
                format!(
                    "`migrate` refuses to start: `{}` is recorded as applied, its dependency `{}` is not \
                     (InconsistentMigrationHistory)",
                    found.migration, found.dependency
                ),
            )
            .named(found.dependency.to_string())
            .help(format!(
                "if the database has what `{0}` does, record it: INSERT INTO django_migrations (app, name, applied) VALUES \
                 ('{1}', '{2}', now()); else run its `sqlmigrate` by hand first",
                found.dependency, found.dependency.app_label, found.dependency.name
            ));
            finding.hurt = Some(Hurt::MigrateFails);
            finding
        })
        .collect()
}
