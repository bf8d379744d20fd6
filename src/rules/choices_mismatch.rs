use std::sync::Arc;

use super::enumeration::Enumeration;
use super::page;
use crate::django::python::{Value, ValueKind};
use crate::history::{ModelColumn, ModelTable};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::schema::{Constraint, ConstraintKind, Identifier, ObjectName};
use crate::sql::check_values;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("choices-mismatch"),
    page: page!("choices-mismatch"),
    check: Check::History(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let end = &context.history.end;
    let mut findings = Vec::new();
    for model in &context.history.model_tables {
        for (name, constraint) in end.constraints_of(&model.table) {
            let Some((column, values)) = listed_values(constraint) else {
                continue;
            };
            let of_column = model.columns.iter().find(|known| known.column == column);
            findings.extend(of_column.and_then(|column| {
                let choices = stored_choices(column)?;
                finding(
                    &Listed {
                        model,
                        column,
                        name,
                        values: &values,
                    },
                    &choices,
                    context,
                )
            }));
        }
    }
    findings
}

struct Listed<'a> {
    model: &'a ModelTable,
    column: &'a ModelColumn,
    name: &'a Identifier,
    values: &'a [Arc<str>],
}

fn listed_values(constraint: &Constraint) -> Option<(Identifier, Vec<Arc<str>>)> {
    match &constraint.kind {
        ConstraintKind::Check(check) => check_values(&check.condition),
        _ => None,
    }
}

/// The values of the field's choices as the database would write them; `None` where one is not known.
fn stored_choices(column: &ModelColumn) -> Option<Vec<String>> {
    let choices = column.field.choices.as_ref()?.as_ref().ok()?;
    choices
        .iter()
        .filter(|value| !value.is_none())
        .map(stored)
        .collect()
}

fn stored(value: &Value) -> Option<String> {
    match &value.kind {
        ValueKind::Str(text) => Some(text.text.to_string()),
        ValueKind::Int(number) => Some(number.to_string()),
        _ => None,
    }
}

fn finding(listed: &Listed<'_>, choices: &[String], context: &Context<'_>) -> Option<Finding> {
    let object = ObjectName::Constraint(listed.model.table.clone(), listed.name.clone());
    let field = format!("{}.{}", listed.model.model.name, listed.column.field_name);
    let choices = choices.iter().map(String::as_str).collect::<Vec<_>>();
    let values = listed.values.iter().map(|value| &**value);
    let values = values.collect::<Vec<&str>>();
    let (refused, extra) = (without(&choices, &values), without(&values, &choices));
    let (message, level) = if !refused.is_empty() {
        (
            format!(
                "saving `{field}` as {} fails (SQLSTATE 23514): the CHECK `{}` does not list what the choices allow",
                quoted(&refused).alternatives(),
                listed.name
            ),
            Level::Error,
        )
    } else if !extra.is_empty() {
        (
            format!(
                "the CHECK `{}` lists {}, which `{field}` does not offer",
                listed.name,
                quoted(&extra)
            ),
            Level::Note,
        )
    } else {
        return None;
    };
    let at = &listed.column.field.origin;
    let created = context.history.provenance.of(&object);
    let finding = Finding::at(created.unwrap_or(at).clone(), message)
        .about(object)
        .at_level(level)
        .help("bring the CHECK in step with the choices: add it anew NOT VALID, validate it, drop the old one");
    Some(match created {
        Some(_) => finding.labelled(at.clone(), "the choices of this field"),
        None => finding,
    })
}

/// Those of some values that others do not have.
fn without<'v>(values: &[&'v str], others: &[&str]) -> Vec<&'v str> {
    let values = values.iter().copied();
    values.filter(|value| !others.contains(value)).collect()
}

fn quoted(values: &[&str]) -> Enumeration {
    Enumeration::of(values.iter().map(|value| format!("'{value}'")))
}
