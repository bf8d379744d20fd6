use super::page;
use crate::history::{Moment, ReplayedMigration};
use crate::lint::{Check, Context, Deploy, Finding, Rule, RuleName};
use crate::schema::{Change, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("default-dropped"),
    page: page!("default-dropped"),
    check: Check::Migration(check),
};

fn check(migration: &ReplayedMigration, context: &Context<'_>) -> Vec<Finding> {
    if context.deploy == Deploy::Downtime {
        return Vec::new();
    }
    migration
        .moments
        .iter()
        .filter_map(|moment| finding(moment, migration))
        .collect()
}

/// A column that got a default when it was added, and has none when the deployment has ended.
fn finding(moment: &Moment, migration: &ReplayedMigration) -> Option<Finding> {
    let Change::AddColumn { table, column, .. } = &moment.change else {
        return None;
    };
    if !moment.happened() || column.default().is_none() || !column.is_not_null() {
        return None;
    }
    let table = moment.table_in_use(table)?;
    let left = migration.deployed.column(&table, &column.name).found()?;
    if !left.must_be_given() {
        return None;
    }
    let message = format!(
        "Django drops the default of `{table}.{}` after adding it: running code that does not know the column \
         cannot INSERT into `{table}` (SQLSTATE 23502)",
        column.name
    );
    Some(
        Finding::at(moment.origin(), message)
            .about(ObjectName::Column(table, column.name.clone()))
            .help(
                "keep the default in the database: `db_default=` (Django 5.0), or RunSQL with \
                 `ALTER COLUMN ... SET DEFAULT` in the same migration",
            ),
    )
}
