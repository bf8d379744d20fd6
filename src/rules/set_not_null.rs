use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Deploy, Finding, Rule, RuleName};
use crate::schema::{Change, ColumnAction, Identifier, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("set-not-null"),
    page: page!("set-not-null"),
    checks: &[Check::Change(check)],
};

/// Silent where the server need not scan: a validated CHECK proves that no row holds NULL, or no row may.
fn check(moment: &Moment, context: &Context<'_>) -> Vec<Finding> {
    let Change::AlterColumn {
        table,
        column,
        action: ColumnAction::SetNotNull,
    } = &moment.change
    else {
        return Vec::new();
    };
    let Some(table) = moment.table_in_use(table) else {
        return Vec::new();
    };
    let scans = moment
        .certain_cost()
        .is_some_and(|cost| cost.scans.contains(&table));
    if !scans || moment.created_here.has_column(&table, column) {
        return Vec::new();
    }
    let mut message = format!(
        "setting `{table}.{column}` NOT NULL reads every row of `{table}` while every query on it waits, and fails if \
         one holds NULL"
    );
    if context.deploy == Deploy::Rolling {
        message =
            format!("{message}; from then on running code that writes NULL fails (SQLSTATE 23502)");
    }
    vec![
        Finding::at(moment.origin(), message)
            .about(ObjectName::Column(table, column.clone()))
            .help(help(moment, column)),
    ]
}

fn help(moment: &Moment, column: &Identifier) -> String {
    let (check, validate) = match (moment.is_django(), moment.migration().is_some()) {
        (true, _) => (
            "with `AddConstraintNotValid`",
            "then `ValidateConstraint` in a migration of its own",
        ),
        (false, true) => ("NOT VALID", "then VALIDATE it in a migration of its own"),
        (false, false) => ("NOT VALID", "then VALIDATE it in a transaction of its own"),
    };
    format!(
        "first add `CHECK ({column} IS NOT NULL)` {check}, {validate}: PostgreSQL trusts it and does not read the rows \
         again"
    )
}
