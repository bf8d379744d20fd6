use super::absent_names::absent_names;
use super::page;
use crate::history::{Direction, Moment};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::Outcome;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("refused-statement"),
    page: page!("refused-statement"),
    checks: &[Check::Refused(check)],
};

/// What is left when `created-twice`, `name-collision`, `unknown-name` and `broken-reverse` have had their say.
fn check(moment: &Moment, context: &Context<'_>) -> Vec<Finding> {
    let Outcome::Rejected(rejection) = &moment.outcome else {
        return Vec::new();
    };
    let has_its_own_rule = moment.direction == Direction::Reverse
        || rejection.state.is_duplicate()
        || (!moment.is_django() && !absent_names(moment).is_empty());
    if has_its_own_rule {
        return Vec::new();
    }
    let object = &rejection.object;
    let message = format!(
        "PostgreSQL refuses this statement for `{object}`: a fresh database cannot be migrated ({})",
        rejection.state
    );
    let mut finding = Finding::at(moment.origin(), message)
        .about(object.clone())
        .help(
            "look at what the migrations before this one leave, and write the statement for that",
        );
    if let Some(created) = context.history.provenance.of(object) {
        finding = finding.labelled(created.clone(), "created here");
    }
    vec![finding]
}
