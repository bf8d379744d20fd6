use super::page;
use crate::django::migration::Ownership;
use crate::lint::{Check, Context, Finding, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("impossible-operation"),
    page: page!("impossible-operation"),
    checks: &[Check::History(check)],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context
        .history
        .state_refusals
        .iter()
        .filter(|refusal| refusal.ownership == Ownership::Project)
        .map(|refusal| {
            Finding::at(
                refusal.place.clone(),
                format!("Django cannot carry out this {}: {}", refusal.operation, refusal.why),
            )
            .named(refusal.operation.to_string())
            .help("name what exists at this point, or add the dependency on the migration that creates it")
        })
        .collect()
}
