use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::postgres::RewriteReason;
use crate::schema::{Change, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("rewriting-column"),
    page: page!("rewriting-column"),
    checks: &[Check::Change(check)],
};

fn check(moment: &Moment, _: &Context<'_>) -> Vec<Finding> {
    let Change::AddColumn { table, column, .. } = &moment.change else {
        return Vec::new();
    };
    let Some(table) = moment.table_in_use(table) else {
        return Vec::new();
    };
    let rewrite = moment
        .certain_cost()
        .and_then(|cost| cost.rewrites.iter().find(|rewrite| rewrite.table == table));
    let Some(rewrite) = rewrite else {
        return Vec::new();
    };
    let (why, help) = reason(rewrite.reason);
    let message = format!(
        "adding `{table}.{}` rewrites `{table}` and all of its indexes while every query on it waits: {why}",
        column.name
    );
    vec![
        Finding::at(moment.origin(), message)
            .about(ObjectName::Column(table, column.name.clone()))
            .help(help),
    ]
}

fn reason(reason: RewriteReason) -> (&'static str, &'static str) {
    match reason {
        RewriteReason::VolatileDefault => (
            "its default must be computed for each row",
            "add the column without the default, give it the default with `ALTER COLUMN ... SET DEFAULT`, which \
             counts for new rows only, and fill the old ones in batches",
        ),
        RewriteReason::ComputedColumn => (
            "its value must be computed for each row",
            "add a plain column that may be NULL, let the code or a trigger fill it for new rows, and fill the old \
             ones in batches",
        ),
        RewriteReason::TypeChange | RewriteReason::ConstrainedDomain | RewriteReason::Asked => (
            "the constraint of its domain must be checked for each row",
            "add the column with the domain's own base type, and the check as a constraint NOT VALID",
        ),
    }
}
