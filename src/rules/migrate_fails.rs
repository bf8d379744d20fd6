use super::page;
use crate::drift::{Drift, Hurt};
use crate::history::{Direction, Moment, ReplayedMigration};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Outcome, Rejection};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("migrate-fails"),
    page: page!("migrate-fails"),
    checks: &[Check::Database(check)],
};

/// The first statement of each migration that the server refuses: the migration ends there.
fn check(drift: &Drift, context: &Context<'_>) -> Vec<Finding> {
    context
        .history
        .migrations
        .iter()
        .filter(|replayed| {
            let key = &replayed.migration.key;
            drift.recorded.unapplied.contains(key) && !drift.recorded.not_applied.contains(key)
        })
        .filter_map(|replayed| {
            let (moment, rejection) = first_refused(replayed)?;
            Some(finding(replayed, moment, rejection))
        })
        .collect()
}

fn first_refused(replayed: &ReplayedMigration) -> Option<(&Moment, &Rejection)> {
    replayed
        .moments
        .iter()
        .filter(|moment| moment.direction == Direction::Forward)
        .find_map(|moment| match &moment.outcome {
            Outcome::Rejected(rejection) => Some((moment, rejection)),
            Outcome::Applied { .. } | Outcome::Skipped | Outcome::Unsure(_) => None,
        })
}

fn finding(replayed: &ReplayedMigration, moment: &Moment, rejection: &Rejection) -> Finding {
    let key = &replayed.migration.key;
    let (object, state) = (&rejection.object, rejection.state);
    let (what, help) = if state.is_duplicate() {
        (
            "is there already",
            format!(
                "if the database has all that `{key}` does, record it: `migrate --fake {} {}`; else bring the database back to \
                 what was there before it",
                key.app_label, key.name
            ),
        )
    } else if state.is_undefined() {
        (
            "is not there",
            "bring back what the recorded migrations made".to_owned(),
        )
    } else {
        (
            "does not allow it",
            "look at what is there, and bring it in step with the recorded migrations".to_owned(),
        )
    };
    let message =
        format!("the next `migrate` fails at `{key}`: `{object}` {what} (SQLSTATE {state})");
    let mut finding = Finding::in_database(object.clone(), message)
        .labelled(moment.origin(), "refused here")
        .help(help);
    finding.hurt = Some(Hurt::MigrateFails);
    finding
}
