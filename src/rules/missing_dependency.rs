use super::page;
use crate::django::graph::{GraphProblem, Missing};
use crate::django::migration::{DependencyTarget, MigrationKey};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::repair::{Repair, replaced_inside};
use crate::source::Origin;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("missing-dependency"),
    page: page!("missing-dependency"),
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
    match problem {
        GraphProblem::MissingDependency {
            migration,
            target,
            origin,
            missing: Missing::Migration { nearest },
        } => Some(missing((migration, target), origin, nearest.as_ref())),
        GraphProblem::ReplacedDependency {
            migration,
            target,
            replaced_by,
            origin,
        } => Some(replaced((migration, target), replaced_by, origin)),
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

fn missing(
    (migration, target): (&MigrationKey, &DependencyTarget),
    origin: &Origin,
    nearest: Option<&MigrationKey>,
) -> Finding {
    let meant = nearest.map_or(String::new(), |nearest| {
        format!("; did you mean `{nearest}`?")
    });
    let message = format!(
        "`{migration}` depends on `{target}`, which does not exist: Django cannot load the migrations \
         (NodeNotFoundError){meant}"
    );
    let help = nearest.map_or("depend on a migration that exists".to_owned(), |nearest| {
        format!("depend on `{nearest}`")
    });
    let finding = Finding::at(origin.clone(), message)
        .named(target.to_string())
        .help(help);
    match (target, nearest) {
        (DependencyTarget::Migration(target), Some(nearest)) => {
            repaired(finding, (target, nearest), origin)
        }
        _ => finding,
    }
}

/// The name of the migration that exists, in the place of the one that does not.
fn repaired(
    finding: Finding,
    (target, meant): (&MigrationKey, &MigrationKey),
    origin: &Origin,
) -> Finding {
    let edit = replaced_inside(origin, &target.name, &meant.name)
        .filter(|_| target.app_label == meant.app_label);
    match edit {
        Some(edit) => {
            let title = format!("Depend on `{meant}`");
            finding.repaired_by(Repair::new("depend-on", title, vec![edit]))
        }
        None => finding,
    }
}

fn replaced(
    (migration, target): (&MigrationKey, &MigrationKey),
    replaced_by: &MigrationKey,
    origin: &Origin,
) -> Finding {
    let message = format!(
        "`{migration}` depends on `{target}`, which lives on only in the `replaces` of `{replaced_by}`: Django cannot load \
         the migrations where the squash is partly applied, or once its `replaces` is removed"
    );
    let finding = Finding::at(origin.clone(), message)
        .named(target.to_string())
        .at_level(Level::Warning)
        .help(format!("depend on `{replaced_by}`"));
    repaired(finding, (target, replaced_by), origin)
}
