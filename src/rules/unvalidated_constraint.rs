use super::live::finding;
use super::page;
use crate::drift::{Difference, What};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::TableDifference;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("unvalidated-constraint"),
    page: page!("unvalidated-constraint"),
    checks: &[Check::Drift(check)],
};

fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let What::Part(TableDifference::NotValidated(name, constraint)) = &difference.what else {
        return None;
    };
    let message = format!(
        "the {} `{name}` on `{}` is NOT VALID: rows from before it were never checked, and an UPDATE of one that violates it \
         fails whichever column it changes",
        constraint.kind.term(),
        difference.table
    );
    Some(finding(difference, message).help(format!(
        "look for rows that violate it, then `ALTER TABLE {} VALIDATE CONSTRAINT {name}`",
        difference.table
    )))
}
