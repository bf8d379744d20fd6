//! `ExclusionConstraint` of `django.contrib.postgres`.

use super::SchemaEditor;
use super::constraints::{DEFERRABLE, include_template};
use super::model::{Model, Models};
use super::tables::model_columns;
use super::template::Template;
use crate::django::expressions::{exclusion_expression, quote_name};
use crate::django::project_state::ModelConstraint;
use crate::django::python::{Static, Value, ValueKind};
use crate::schema::Why;

impl SchemaEditor<'_> {
    /// `ExclusionConstraint.constraint_sql` (`django/contrib/postgres/constraints.py`).
    pub(super) fn exclusion(
        models: &Models<'_>,
        model: &Model,
        constraint: &ModelConstraint,
    ) -> Template {
        let call = &constraint.call;
        let name = quote_name(&models.holes.name_or_hole(&constraint.name));
        let method = call
            .keyword("index_type")
            .and_then(Value::as_str)
            .unwrap_or("GIST");
        let keys = match exclusion_keys(models, model, constraint) {
            Ok((columns, text)) => Template::default().expressions(&model.table, columns, text),
            Err(why) => Template::default().text(models.holes.text(&why)),
        };
        let include = call
            .keyword("include")
            .and_then(Value::items)
            .unwrap_or_default()
            .iter()
            .filter_map(|field| Some(field.as_str()?.into()))
            .collect::<Vec<_>>();
        let include = model_columns(models, model, &include);
        let condition = call
            .keyword("condition")
            .filter(|condition| !condition.is_none())
            .map_or_else(String::new, |condition| {
                format!(" WHERE ({})", Self::condition(models, model, condition))
            });
        Template::default()
            .text(format!("CONSTRAINT {name} EXCLUDE USING {method} ("))
            .then(keys)
            .text(")")
            .then(include_template(model, &include))
            .text(format!(
                "{condition}{}",
                deferrable(call.keyword("deferrable"))
            ))
    }
}

type Keys = (Vec<std::sync::Arc<str>>, String);

fn exclusion_keys(
    models: &Models<'_>,
    model: &Model,
    constraint: &ModelConstraint,
) -> Static<Keys> {
    let unreadable = || Why::new("the expressions of the exclusion constraint cannot be read");
    let pairs = constraint
        .call
        .keyword("expressions")
        .and_then(Value::items)
        .ok_or_else(unreadable)?;
    // Up to 4.2 the classes could stand beside the expressions.
    let opclasses = constraint.call.keyword("opclasses").and_then(Value::items);
    let mut opclasses = opclasses.unwrap_or_default().iter();
    let scope = models.scope(&model.key);
    let mut columns = Vec::new();
    let mut keys = Vec::new();
    for pair in pairs {
        let Some([expression, operator]) = pair.items() else {
            return Err(unreadable());
        };
        let operator = operator_text(operator).ok_or_else(unreadable)?;
        let compiled = exclusion_expression(expression, &scope)?;
        columns.extend(compiled.columns);
        let opclass = match opclasses.next() {
            Some(opclass) => format!(" {}", opclass.as_str().ok_or_else(unreadable)?),
            None => String::new(),
        };
        keys.push(format!("{}{opclass} WITH {operator}", compiled.sql));
    }
    Ok((columns, keys.join(", ")))
}

/// A string, or a constant of `RangeOperators`.
fn operator_text(value: &Value) -> Option<&str> {
    let name = match &value.kind {
        ValueKind::Str(text) => return Some(&text.text),
        ValueKind::Name(name) => name.last(),
        _ => return None,
    };
    Some(match name {
        "EQUAL" => "=",
        "NOT_EQUAL" => "<>",
        "CONTAINS" => "@>",
        "CONTAINED_BY" => "<@",
        "OVERLAPS" => "&&",
        "FULLY_LT" => "<<",
        "FULLY_GT" => ">>",
        "NOT_LT" => "&>",
        "NOT_GT" => "&<",
        "ADJACENT_TO" => "-|-",
        _ => return None,
    })
}

fn deferrable(value: Option<&Value>) -> &'static str {
    match value.map(|value| &value.kind) {
        Some(ValueKind::Name(name)) if name.last() == "DEFERRED" => DEFERRABLE,
        Some(ValueKind::Name(name)) if name.last() == "IMMEDIATE" => {
            " DEFERRABLE INITIALLY IMMEDIATE"
        }
        _ => "",
    }
}
