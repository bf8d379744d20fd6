use super::page;
use crate::django::operation::Operation;
use crate::history::{Cause, Moment};
use crate::lint::{Check, Context, Deploy, Finding, Rule, RuleName};
use crate::schema::{Change, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("renamed-column"),
    page: page!("renamed-column"),
    checks: &[Check::Change(check)],
};

fn check(moment: &Moment, context: &Context<'_>) -> Vec<Finding> {
    let Change::RenameColumn { table, column, to } = &moment.change else {
        return Vec::new();
    };
    if context.deploy == Deploy::Downtime || !moment.is_carried_out() || renames_model(moment) {
        return Vec::new();
    }
    let Some(table) = moment.table_in_use(table) else {
        return Vec::new();
    };
    if moment.created_here.has_column(&table, column)
        || !moment.running_code_uses(&table, Some(column))
    {
        return Vec::new();
    }
    let message = format!(
        "renaming `{table}.{column}` to `{to}` breaks the code that is still running: each of its queries that names \
         `{column}` fails (SQLSTATE 42703)"
    );
    let help = if moment.is_django() {
        format!("keep the column and rename the field alone: `db_column=\"{column}\"`")
    } else {
        format!(
            "keep `{column}`; else add `{to}`, write both, and drop the old one when no running code names it"
        )
    };
    vec![
        Finding::at(moment.origin(), message)
            .about(ObjectName::Column(table, column.clone()))
            .help(help),
    ]
}

/// `RenameModel` renames columns of many-to-many tables only, and those tables with them: `renamed-table` says it.
fn renames_model(moment: &Moment) -> bool {
    let Cause::Django(operation) = &moment.cause else {
        return false;
    };
    matches!(operation.operation.operation, Operation::RenameModel { .. })
}
