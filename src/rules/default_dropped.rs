use super::page;
use crate::history::{Moment, Replayed};
use crate::lint::{Check, Context, Deploy, Finding, Rule, RuleName};
use crate::schema::{Change, Column, ObjectName, RelationName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("default-dropped"),
    page: page!("default-dropped"),
    checks: &[Check::Replayed(check)],
};

fn check(replayed: &Replayed<'_>, context: &Context<'_>) -> Vec<Finding> {
    if context.deploy == Deploy::Downtime {
        return Vec::new();
    }
    replayed
        .moments
        .iter()
        .filter_map(|moment| finding(moment, replayed))
        .collect()
}

/// A column that need not be given when it was added, and must be when the deployment has ended.
fn finding(moment: &Moment, replayed: &Replayed<'_>) -> Option<Finding> {
    let Change::AddColumn { table, column, .. } = &moment.change else {
        return None;
    };
    if !moment.is_carried_out() || column.must_be_given() {
        return None;
    }
    let table = moment.table_in_use(table)?;
    let left = replayed.deployed.column(&table, &column.name).found()?;
    if !left.must_be_given() {
        return None;
    }
    let message = format!(
        "{}: running code that does not know the column cannot INSERT into `{table}` (SQLSTATE 23502)",
        what_happened(moment, &table, column)
    );
    let help = match (column.default(), moment.is_django()) {
        (Some(_), true) => {
            "keep the default in the database: `db_default=` (Django 5.0), or RunSQL with \
             `ALTER COLUMN ... SET DEFAULT` in the same migration"
        }
        (Some(_), false) => {
            "leave the default on the column until no running code is left that does not know it"
        }
        (None, _) => {
            "let the column be NULL until no running code is left that does not know it, and set it NOT NULL in the \
             release after"
        }
    };
    Some(
        Finding::at(moment.origin(), message)
            .about(ObjectName::Column(table, column.name.clone()))
            .help(help),
    )
}

fn what_happened(moment: &Moment, table: &RelationName, column: &Column) -> String {
    let name = format!("`{table}.{}`", column.name);
    match (column.default(), moment.is_django()) {
        (Some(_), true) => format!("Django drops the default of {name} after adding it"),
        (Some(_), false) => format!("the default of {name} is dropped after the column was added"),
        (None, _) => format!("{name} is added and then set NOT NULL without a default"),
    }
}
