//! The default that a database can keep for a field: what Django itself would put into a new row.

use std::rc::Rc;
use std::sync::Arc;

use super::Holes;
use super::holes::is_hole;
use super::model::{Column, Models};
use crate::django::project_state::{Field, FieldKind, ModelKey, ProjectState};
use crate::django::python::{Static, ValueKind};
use crate::django::version::DjangoVersion;
use crate::schema::Why;

/// What an INSERT that does not know a field of a model has to be given, as SQL: the `db_default`; the `default`, a callable by a
/// closed table; the time of the moment for `auto_now`; `''` for text that Django leaves empty. `Ok(None)`: Django puts
/// NULL.
///
/// # Errors
/// Where the value cannot be known, and where one constant cannot serve many rows (a unique column).
pub fn kept_default(
    state: &ProjectState,
    (model, name, field): (&ModelKey, &Arc<str>, &Arc<Field>),
    django: DjangoVersion,
) -> Static<Option<String>> {
    let models = Models {
        state,
        holes: Rc::new(Holes::default()),
        version: django,
    };
    let column = models
        .column(name, field)
        .ok_or_else(|| Why::new("the field has no column of its own"))?;
    let (model, column) = (models.model(model), &column);
    if let Some(definition) = models.db_default_sql(&model, column) {
        return known(definition.text).map(Some);
    }
    if let Some(function) = function_of(column) {
        return Ok(Some(function.to_owned()));
    }
    if is_of_the_moment(column) {
        return Err(Why::new("its default is another for each row"));
    }
    match models.effective_default(column) {
        None => Ok(None),
        Some(_) if column.unique => Err(Why::new(
            "its values are unique: a default would serve one row",
        )),
        Some(constant) => known(constant).map(Some),
    }
}

fn known(text: String) -> Static<String> {
    if is_hole(&text) {
        Err(Why::new("its default could not be read"))
    } else {
        Ok(text)
    }
}

/// The function of the server that does what the field does for each new row.
fn function_of(column: &Column) -> Option<&'static str> {
    let kind = column.kind()?;
    if column.field.auto_now == Ok(true) {
        return of_now(kind);
    }
    let ValueKind::Name(name) = &column.field.default.as_ref()?.kind else {
        return None;
    };
    match name.as_str() {
        // PostgreSQL 13 brought `gen_random_uuid` into the core.
        "uuid.uuid4" if kind == FieldKind::Uuid => Some("gen_random_uuid()"),
        "django.utils.timezone.now" | "datetime.datetime.now" | "datetime.datetime.utcnow" => {
            of_now(kind)
        }
        "datetime.date.today" | "django.utils.timezone.localdate" if kind == FieldKind::Date => {
            Some("CURRENT_DATE")
        }
        _ => None,
    }
}

fn of_now(kind: FieldKind) -> Option<&'static str> {
    match kind {
        FieldKind::DateTime => Some("now()"),
        FieldKind::Date => Some("CURRENT_DATE"),
        FieldKind::Time => Some("LOCALTIME"),
        _ => None,
    }
}

/// Whether Django computes the value when a row is made.
fn is_of_the_moment(column: &Column) -> bool {
    let named = column
        .field
        .default
        .as_ref()
        .is_some_and(|value| match &value.kind {
            ValueKind::Name(name) => super::column_sql::is_of_the_moment(name.as_str()),
            ValueKind::Function(_) => true,
            _ => false,
        });
    named || column.field.auto_now == Ok(true)
}
