use super::page;
use crate::lint::{Check, Context, Finding, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("edited-migration"),
    page: page!("edited-migration"),
    checks: &[Check::History(check)],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context
        .history
        .edited
        .iter()
        .map(|edited| {
            Finding::at(
                edited.place.clone(),
                format!(
                    "the released migration `{}` does something else than at {}: {}; databases that have applied it never get the \
                     difference",
                    edited.key, edited.since, edited.difference
                ),
            )
            .named(edited.key.to_string())
            .help("restore the released operations, and write the difference as a new migration")
        })
        .collect()
}
