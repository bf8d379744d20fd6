use super::absent_names::{AbsentName, absent_names};
use super::page;
use crate::history::{Direction, Moment};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("unknown-name"),
    page: page!("unknown-name"),
    checks: &[Check::Refused(check)],
};

fn check(moment: &Moment, _: &Context<'_>) -> Vec<Finding> {
    if moment.direction == Direction::Reverse || moment.is_django() {
        return Vec::new();
    }
    absent_names(moment)
        .into_iter()
        .map(|name| finding(moment, &name))
        .collect()
}

fn finding(moment: &Moment, absent: &AbsentName) -> Finding {
    let term = absent.kind.term();
    let written = &absent.written;
    let (message, level) = match &absent.meant {
        Some(meant) => (
            format!("the {term} `{written}` does not exist at this point; did you mean `{meant}`?"),
            Level::Error,
        ),
        None => (
            format!(
                "the {term} `{written}` is created by no migration before this one; it must come from elsewhere"
            ),
            Level::Note,
        ),
    };
    let finding = Finding::at(moment.origin(), message)
        .named(written.clone())
        .at_level(level);
    match &absent.meant {
        Some(meant) => finding.help(format!("write `{meant}`")),
        None => finding.help(
            "add a dependency on the migration that creates it, or create it before this statement",
        ),
    }
}
