use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Change, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("not-null-without-default"),
    page: page!("not-null-without-default"),
    checks: &[Check::Change(check)],
};

fn check(moment: &Moment, _: &Context<'_>) -> Vec<Finding> {
    let Change::AddColumn { table, column, .. } = &moment.change else {
        return Vec::new();
    };
    if !column.must_be_given() || !moment.is_carried_out() {
        return Vec::new();
    }
    let Some(table) = moment.table_in_use(table) else {
        return Vec::new();
    };
    let message = format!(
        "adding `{table}.{}` NOT NULL without a default fails as soon as `{table}` has a row (SQLSTATE 23502)",
        column.name
    );
    let help = if moment.is_django() {
        "give the field a `default` or `db_default`, or add it with `null=True` and fill it before SET NOT NULL"
    } else {
        "add a DEFAULT to the column, or add it nullable and fill it before SET NOT NULL"
    };
    vec![
        Finding::at(moment.origin(), message)
            .about(ObjectName::Column(table, column.name.clone()))
            .help(help),
    ]
}
