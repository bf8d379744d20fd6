use super::enumeration::Enumeration;
use super::page;
use crate::django::graph::GraphProblem;
use crate::lint::{Check, Context, Finding, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("several-leaves"),
    page: page!("several-leaves"),
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
    let GraphProblem::SeveralLeaves { app_label, leaves } = problem else {
        return None;
    };
    let ((_, first), others) = leaves.split_first()?;
    let names = Enumeration::of_names(leaves.iter().map(|(key, _)| &key.name));
    let finding = Finding::at(
        first.clone(),
        format!(
            "the app `{app_label}` has {} leaf migrations ({names}): `migrate` refuses to run",
            leaves.len()
        ),
    )
    .named(app_label.to_string())
    .help("run `makemigrations --merge`, or let the newer one depend on the other");
    Some(others.iter().fold(finding, |finding, (key, origin)| {
        finding.labelled(origin.clone(), format!("`{}` is a leaf, too", key.name))
    }))
}
