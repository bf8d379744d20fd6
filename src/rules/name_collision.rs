use super::page;
use crate::django::migration::Ownership;
use crate::history::{Direction, History, Moment};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Change, Outcome, Rejection};
use crate::source::Origin;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("name-collision"),
    page: page!("name-collision"),
    checks: &[Check::History(check)],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let history = context.history;
    let of_migrations = history
        .migrations
        .iter()
        .filter(|replayed| replayed.migration.ownership == Ownership::Project)
        .flat_map(|replayed| &replayed.moments);
    let of_scripts = history.scripts.iter().flat_map(|script| &script.moments);
    let cut = of_migrations
        .chain(of_scripts)
        .filter(|moment| moment.direction == Direction::Forward)
        .filter_map(|moment| equal_when_cut(moment, history));
    let of_models = history.models.iter().flat_map(|models| &models.refused);
    cut.chain(of_models.filter_map(|refused| equal_in_models(refused, history)))
        .collect()
}

/// Names equal as written in migrations are `created-twice`.
fn equal_when_cut(moment: &Moment, history: &History) -> Option<Finding> {
    let rejection = duplicate(moment)?;
    let cut = moment.statement.cuts.first()?;
    let message = format!(
        "PostgreSQL cuts `{}` to `{}`, and that name is taken: the statement is refused ({})",
        cut.written, cut.stored, rejection.state
    );
    let finding = Finding::at(moment.statement.map.origin(cut.span), message)
        .about(rejection.object.clone())
        .help("give the two objects names that differ within their first 63 bytes");
    Some(match history.provenance.of(&rejection.object) {
        Some(first) => finding.labelled(first.clone(), "the name was taken here"),
        None => finding,
    })
}

/// Two models that give one name to two indexes or constraints, where no migration shows it yet.
fn equal_in_models(
    (change, rejection): &(Change, Rejection),
    history: &History,
) -> Option<Finding> {
    let Change::CreateIndex(index) = change else {
        return None;
    };
    if !rejection.state.is_duplicate() {
        return None;
    }
    let name = index.name.as_ref()?;
    if history.provenance.of(&rejection.object).is_some() {
        return None;
    }
    let mut places = declarations(name.as_str(), history);
    let place = places.pop()?;
    let message = format!(
        "two models give the name `{name}` to an index: Django's system check (models.E030) stops every process, and \
         PostgreSQL refuses the second ({})",
        rejection.state
    );
    let finding = Finding::at(place, message)
        .about(rejection.object.clone())
        .help(
            "give each index a name of its own, by `%(app_label)s_%(class)s` in an abstract base",
        );
    Some(places.into_iter().fold(finding, |finding, other| {
        finding.labelled(other, "the name is given here, too")
    }))
}

fn declarations(name: &str, history: &History) -> Vec<Origin> {
    let models = history
        .models
        .iter()
        .flat_map(|models| models.state.models());
    models
        .filter(|model| history.owns(&model.key.app_label))
        .flat_map(|model| model.options.indexes.iter().flatten())
        .filter(|index| matches!(&index.name, Ok(Some(given)) if **given == *name))
        .map(|index| index.origin.clone())
        .collect()
}

fn duplicate(moment: &Moment) -> Option<&Rejection> {
    match &moment.outcome {
        Outcome::Rejected(rejection) if rejection.state.is_duplicate() => Some(rejection),
        _ => None,
    }
}
