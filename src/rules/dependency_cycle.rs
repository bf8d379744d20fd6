use super::page;
use crate::django::graph::GraphProblem;
use crate::lint::{Check, Context, Finding, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("dependency-cycle"),
    page: page!("dependency-cycle"),
    checks: &[Check::History(check)],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context
        .history
        .graph_problems
        .iter()
        .filter_map(finding)
        .collect()
}

fn finding(problem: &GraphProblem) -> Option<Finding> {
    let GraphProblem::Cycle { path } = problem else {
        return None;
    };
    let mut places = path.iter().filter_map(|(_, origin)| origin.as_ref());
    let first = places.next()?;
    let mut names: Vec<String> = path.iter().map(|(key, _)| format!("`{key}`")).collect();
    names.extend(names.first().cloned());
    let finding = Finding::at(
        first.clone(),
        format!(
            "these migrations depend on each other in a cycle, none can run: {}",
            names.join(" -> ")
        ),
    )
    .named(path.first()?.0.to_string())
    .help("split one of them, so that the part that the others need comes first");
    Some(places.fold(finding, |finding, origin| {
        finding.labelled(origin.clone(), "the cycle goes on here")
    }))
}
