//! CHECKs that list values, against the choices of the fields whose columns they are about.

use std::sync::Arc;

use super::{ModelColumn, ModelTable};
use crate::django::python::{Value, ValueKind};
use crate::schema::{Constraint, ConstraintKind, Identifier, Schema};
use crate::sql::check_values;

/// A CHECK that lists other values than the choices of its field.
#[derive(Debug, Clone)]
pub struct ChoicesMismatch<'a> {
    pub model: &'a ModelTable,
    pub column: &'a ModelColumn,
    pub constraint: Identifier,
    /// Choices that the CHECK refuses.
    pub refused: Vec<String>,
    /// Values of the CHECK that no choice offers.
    pub extra: Vec<String>,
}

/// The mismatches of the tables of these models, in order of model and constraint.
pub fn choices_mismatches<'a>(
    schema: &Schema,
    models: impl IntoIterator<Item = &'a ModelTable>,
) -> Vec<ChoicesMismatch<'a>> {
    let mut mismatches = Vec::new();
    for model in models {
        for (name, constraint) in schema.constraints_of(&model.table) {
            mismatches.extend(mismatch(model, name, constraint));
        }
    }
    mismatches
}

fn mismatch<'a>(
    model: &'a ModelTable,
    name: &Identifier,
    constraint: &Constraint,
) -> Option<ChoicesMismatch<'a>> {
    let (column, values) = listed_values(constraint)?;
    let column = model.columns.iter().find(|known| known.column == column)?;
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    let choices = stored_choices(column)?;
    let without = |values: &[String], others: &[String]| -> Vec<String> {
        let values = values.iter().filter(|value| !others.contains(value));
        values.cloned().collect()
    };
    let (refused, extra) = (without(&choices, &values), without(&values, &choices));
    (!refused.is_empty() || !extra.is_empty()).then(|| ChoicesMismatch {
        model,
        column,
        constraint: name.clone(),
        refused,
        extra,
    })
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
