use super::enumeration::Enumeration;
use super::{live, page};
use crate::history::{ChoicesMismatch, choices_mismatches};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::schema::ObjectName;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("choices-mismatch"),
    page: page!("choices-mismatch"),
    checks: &[
        Check::History(check),
        Check::Drift(live::choices_mismatch::check),
    ],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let history = context.history;
    choices_mismatches(&history.end, &history.model_tables)
        .iter()
        .map(|mismatch| finding(mismatch, context))
        .collect()
}

fn finding(mismatch: &ChoicesMismatch<'_>, context: &Context<'_>) -> Finding {
    let model = mismatch.model;
    let object = ObjectName::Constraint(model.table.clone(), mismatch.constraint.clone());
    let field = format!("{}.{}", model.model.name, mismatch.column.field_name);
    let (message, level) = if mismatch.refused.is_empty() {
        (
            format!(
                "the CHECK `{}` lists {}, which `{field}` does not offer",
                mismatch.constraint,
                quoted(&mismatch.extra)
            ),
            Level::Note,
        )
    } else {
        (
            format!(
                "saving `{field}` as {} fails (SQLSTATE 23514): the CHECK `{}` does not list what the choices allow",
                quoted(&mismatch.refused).alternatives(),
                mismatch.constraint
            ),
            Level::Error,
        )
    };
    let at = &mismatch.column.field.origin;
    let created = context.history.provenance.of(&object);
    let finding = Finding::at(created.unwrap_or(at).clone(), message)
        .about(object)
        .at_level(level)
        .help("bring the CHECK in step with the choices: add it anew NOT VALID, validate it, drop the old one");
    match created {
        Some(_) => finding.labelled(at.clone(), "the choices of this field"),
        None => finding,
    }
}

pub(super) fn quoted(values: &[String]) -> Enumeration {
    Enumeration::of(values.iter().map(|value| format!("'{value}'")))
}
