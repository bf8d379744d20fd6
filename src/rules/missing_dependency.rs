use super::page;
use crate::django::graph::{GraphProblem, Missing};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("missing-dependency"),
    page: page!("missing-dependency"),
    check: Check::History(check),
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
    match problem {
        GraphProblem::MissingDependency {
            migration,
            target,
            origin,
            missing: Missing::Migration { nearest },
        } => {
            let message = format!(
                "`{migration}` depends on `{target}`, which does not exist: Django cannot load the migrations (NodeNotFoundError)"
            );
            let (meant, help) = nearest.as_ref().map_or_else(
                || (String::new(), "depend on a migration that exists".to_owned()),
                |nearest| (format!("; did you mean `{nearest}`?"), format!("depend on `{nearest}`")),
            );
            let finding = Finding::at(origin.clone(), message + &meant);
            Some(finding.named(target.to_string()).help(help))
        }
        GraphProblem::ReplacedDependency {
            migration,
            target,
            replaced_by,
            origin,
        } => Some(
            Finding::at(
                origin.clone(),
                format!(
                    "`{migration}` depends on `{target}`, which lives on only in the `replaces` of `{replaced_by}`: Django cannot load \
                     the migrations where the squash is partly applied, or once its `replaces` is removed"
                ),
            )
            .named(target.to_string())
            .at_level(Level::Warning)
            .help(format!("depend on `{replaced_by}`")),
        ),
        // An app that was not read may be installed where nobody told us.
        GraphProblem::MissingDependency {
            missing: Missing::App { .. },
            ..
        }
        | GraphProblem::Cycle { .. }
        | GraphProblem::SeveralLeaves { .. }
        | GraphProblem::UnknownDependency { .. } => None,
    }
}
