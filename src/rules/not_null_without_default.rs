use super::page;
use crate::django::operation::Operation;
use crate::django::project_state::Field;
use crate::history::{Cause, Moment};
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
    vec![
        Finding::at(moment.origin(), message)
            .about(ObjectName::Column(table, column.name.clone()))
            .help(help(moment)),
    ]
}

fn help(moment: &Moment) -> &'static str {
    let Cause::Django(operation) = &moment.cause else {
        return "add a DEFAULT to the column, or add it nullable and fill it before SET NOT NULL";
    };
    match &operation.operation.operation {
        Operation::AddField { field, .. } if needs_a_value_for_each(field) => {
            "add it with `null=True`, fill it, and set it NOT NULL in a later migration: one default does not fit all \
             rows of a relation or a unique field"
        }
        _ => {
            "give the field a `default` or `db_default`, or add it with `null=True` and fill it before SET NOT NULL"
        }
    }
}

fn needs_a_value_for_each(field: &Field) -> bool {
    field.relation.is_some() || field.unique == Ok(true)
}
