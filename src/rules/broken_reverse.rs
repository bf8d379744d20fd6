use super::absent_names::absent_names;
use super::page;
use crate::history::{Direction, Moment};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::schema::Outcome;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("broken-reverse"),
    page: page!("broken-reverse"),
    checks: &[Check::Refused(check)],
};

fn check(moment: &Moment, _: &Context<'_>) -> Vec<Finding> {
    if moment.direction == Direction::Forward {
        return Vec::new();
    }
    let absent = absent_names(moment);
    if absent.is_empty() {
        return refusal(moment).into_iter().collect();
    }
    absent
        .iter()
        .map(|name| {
            let meant = match &name.meant {
                Some(meant) => format!("; did you mean `{meant}`?"),
                None => String::new(),
            };
            let level = if name.meant.is_some() || refusal(moment).is_some() {
                Level::Error
            } else {
                Level::Note
            };
            Finding::at(
                moment.origin(),
                format!(
                    "`reverse_sql` cannot run: the {} `{}` does not exist when the migration is rolled back{meant}",
                    name.kind.term(),
                    name.written
                ),
            )
            .named(name.written.clone())
            .at_level(level)
            .help("name what exists once this operation has run, or write `migrations.RunSQL.noop`")
        })
        .collect()
}

fn refusal(moment: &Moment) -> Option<Finding> {
    let Outcome::Rejected(rejection) = &moment.outcome else {
        return None;
    };
    Some(
        Finding::at(
            moment.origin(),
            format!(
                "`reverse_sql` cannot run: PostgreSQL refuses it for `{}` ({})",
                rejection.object, rejection.state
            ),
        )
        .about(rejection.object.clone())
        .help("write the statement that undoes this operation on the schema that it leaves"),
    )
}
