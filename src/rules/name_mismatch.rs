use super::live::finding;
use super::page;
use crate::drift::{Difference, What};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::TableDifference;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("name-mismatch"),
    page: page!("name-mismatch"),
    checks: &[Check::Drift(check)],
};

fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let (kind, expected, actual) = match &difference.what {
        What::Part(TableDifference::IndexName { expected, actual }) => ("index", expected, actual),
        What::Part(TableDifference::ConstraintName { expected, actual }) => {
            ("constraint", expected, actual)
        }
        _ => return None,
    };
    let message = format!(
        "the {kind} `{expected}` on `{}` is called `{actual}` here: a migration that drops or renames it by its name fails \
         (SQLSTATE 42704)",
        difference.table
    );
    Some(finding(difference, message).help(format!("rename it to `{expected}`")))
}
