use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::Outcome;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("name-collision"),
    page: page!("name-collision"),
    check: Check::Refused(check),
};

/// Names that are equal once PostgreSQL has cut them; names equal as written are `created-twice`.
fn check(moment: &Moment, context: &Context<'_>) -> Vec<Finding> {
    let Outcome::Rejected(rejection) = &moment.outcome else {
        return Vec::new();
    };
    if !rejection.state.is_duplicate() {
        return Vec::new();
    }
    let Some(cut) = moment.statement.cuts.first() else {
        return Vec::new();
    };
    let message = format!(
        "PostgreSQL cuts `{}` to `{}`, and that name is taken: the statement is refused ({})",
        cut.written, cut.stored, rejection.state
    );
    let mut finding = Finding::at(moment.statement.map.origin(cut.span), message)
        .about(rejection.object.clone())
        .help("give the two objects names that differ within their first 63 bytes");
    if let Some(first) = context.history.provenance.of(&rejection.object) {
        finding = finding.labelled(first.clone(), "the name was taken here");
    }
    vec![finding]
}
