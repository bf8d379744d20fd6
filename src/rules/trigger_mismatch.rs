use super::live::{because, finding};
use super::page;
use crate::drift::{Difference, What};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::TableDifference;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("trigger-mismatch"),
    page: page!("trigger-mismatch"),
    checks: &[Check::Drift(check)],
};

fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let (table, why) = (&difference.table, because(difference));
    let message = match &difference.what {
        What::Part(TableDifference::MissingTrigger(name, trigger)) => format!(
            "there is no trigger `{name}` on `{table}`: what it does {} is not done; {why}",
            trigger.events
        ),
        What::Part(TableDifference::ExtraTrigger(name, trigger)) => format!(
            "the trigger `{name}` on `{table}` ({}) is in the database alone; {why}",
            trigger.events
        ),
        _ => return None,
    };
    Some(finding(difference, message))
}
