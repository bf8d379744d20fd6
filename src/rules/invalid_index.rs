use super::live::finding;
use super::page;
use crate::drift::{Difference, What};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::TableDifference;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("invalid-index"),
    page: page!("invalid-index"),
    checks: &[Check::Drift(check)],
};

fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let What::Part(TableDifference::InvalidIndex(name, index)) = &difference.what else {
        return None;
    };
    let effect = if index.definition.is_unique() {
        "no query uses it, every write pays for it, and rows that it should refuse may stand in the table"
    } else {
        "no query uses it, and every write pays for it"
    };
    let message = format!(
        "the index `{name}` on `{}` is INVALID: a CREATE INDEX CONCURRENTLY did not come to its end; {effect}",
        difference.table
    );
    Some(finding(difference, message).help(
        "drop it with DROP INDEX CONCURRENTLY and build it again, or run REINDEX INDEX CONCURRENTLY",
    ))
}
