use super::{because, finding};
use crate::drift::{Difference, What};
use crate::lint::{Context, Finding, Level};
use crate::rules::choices_mismatch::quoted;

pub(in crate::rules) fn check(difference: &Difference, _: &Context<'_>) -> Option<Finding> {
    let What::Choices(choices) = &difference.what else {
        return None;
    };
    let why = because(difference);
    let (message, level) = if choices.refused.is_empty() {
        (
            format!(
                "the CHECK `{}` lists {}, which `{}` does not offer; {why}",
                choices.constraint,
                quoted(&choices.extra),
                choices.field
            ),
            Level::Note,
        )
    } else {
        (
            format!(
                "saving `{}` as {} fails (SQLSTATE 23514): the CHECK `{}` does not list what the choices allow; {why}",
                choices.field,
                quoted(&choices.refused).alternatives(),
                choices.constraint
            ),
            Level::Error,
        )
    };
    Some(
        finding(difference, message)
            .at_level(level)
            .labelled(choices.declared.clone(), "the choices of this field"),
    )
}
