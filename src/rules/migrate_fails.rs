use super::page;
use crate::drift::{Collision, Drift, Hurt};
use crate::lint::{Check, Context, Finding, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("migrate-fails"),
    page: page!("migrate-fails"),
    checks: &[Check::Database(check)],
};

fn check(drift: &Drift, _: &Context<'_>) -> Vec<Finding> {
    drift.collisions.iter().map(finding).collect()
}

fn finding(collision: &Collision) -> Finding {
    let key = &collision.migration;
    let (object, state) = (&collision.rejection.object, collision.rejection.state);
    let (what, help) = if state.is_duplicate() {
        (
            "is there already",
            "the migration did not make it: take it away, or bring it into the form that the migration gives it and record \
             the migration",
        )
    } else if state.is_undefined() {
        (
            "is not there",
            "bring back what the recorded migrations made",
        )
    } else {
        (
            "does not allow it",
            "look at what is there, and bring it in step with the recorded migrations",
        )
    };
    let message =
        format!("the next `migrate` fails at `{key}`: `{object}` {what} (SQLSTATE {state})");
    let mut finding = Finding::in_database(object.clone(), message)
        .labelled(collision.place.clone(), "refused here")
        .help(help);
    finding.hurt = Some(Hurt::MigrateFails);
    finding.repairs.clone_from(&collision.repairs);
    finding
}
