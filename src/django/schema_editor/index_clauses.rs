//! The clauses of one CREATE INDEX: name, method, parameters, tablespace.

use std::sync::Arc;

use super::holes::is_hole;
use super::model::{Model, Models};
use super::tables::model_columns;
use crate::django::expressions::quote_name;
use crate::django::names::{OrderedColumn, model_index_name};
use crate::django::project_state::{IndexKind, ModelIndex, ModelIndexKey};
use crate::django::python::{Static, Value, ValueKind};
use crate::schema::Why;

/// The columns of keys that are fields, each with whether it descends.
pub(super) fn key_columns(
    models: &Models<'_>,
    model: &Model,
    keys: &[ModelIndexKey],
) -> Vec<(Arc<str>, bool)> {
    keys.iter()
        .filter_map(|key| match key {
            ModelIndexKey::Field { name, descending } => {
                let column = model_columns(models, model, std::slice::from_ref(name));
                Some((column.into_iter().next()?, *descending))
            }
            ModelIndexKey::Expression(_) => None,
        })
        .collect()
}

/// The name that was given, or `set_name_with_model`.
pub(super) fn index_name(models: &Models<'_>, model: &Model, index: &ModelIndex) -> Arc<str> {
    match &index.name {
        Ok(Some(name)) => Arc::clone(name),
        Err(why) => models.holes.name(why),
        Ok(None) => {
            let keys = index.keys.clone().unwrap_or_default();
            let columns = key_columns(models, model, &keys);
            if is_hole(&model.table) || columns.iter().any(|(column, _)| is_hole(column)) {
                let why = Why::new("the name is made of others that are not known");
                return models.holes.name(&why);
            }
            let ordered = columns
                .iter()
                .map(|(column, descending)| OrderedColumn {
                    column,
                    descending: *descending,
                })
                .collect::<Vec<_>>();
            let suffix = match index_kind(index) {
                Ok(Some(kind)) => method(kind),
                Ok(None) | Err(_) => "idx",
            };
            model_index_name(&model.table, &ordered, suffix).into()
        }
    }
}

/// The kind of an index class of `django.contrib.postgres`; `None`: `models.Index`, which names no method.
fn index_kind(index: &ModelIndex) -> Static<Option<IndexKind>> {
    let kind = index.kind.clone()?;
    let is_plain = kind == IndexKind::BTree
        && !matches!(&index.call.callee.kind, ValueKind::Name(name) if name.last() == "BTreeIndex");
    Ok((!is_plain).then_some(kind))
}

pub(super) fn using_sql(index: &ModelIndex) -> Static<String> {
    Ok(index_kind(index)?.map_or_else(String::new, |kind| format!(" USING {}", method(kind))))
}

fn method(kind: IndexKind) -> &'static str {
    match kind {
        IndexKind::BTree => "btree",
        IndexKind::Hash => "hash",
        IndexKind::Gin => "gin",
        IndexKind::Gist => "gist",
        IndexKind::SpGist => "spgist",
        IndexKind::Brin => "brin",
        IndexKind::Bloom => "bloom",
    }
}

/// `get_with_params` of the index classes in `django/contrib/postgres/indexes.py`, in their order.
pub(super) fn with_parameters(index: &ModelIndex) -> String {
    let call = &index.call;
    let number = |name: &str| match call.keyword(name).map(|value| &value.kind) {
        Some(ValueKind::Int(number)) => Some(format!("{name} = {number}")),
        _ => None,
    };
    let switch = |name: &str| match call.keyword(name).map(|value| &value.kind) {
        Some(ValueKind::Bool(true)) => Some(format!("{name} = on")),
        Some(ValueKind::Bool(false)) => Some(format!("{name} = off")),
        _ => None,
    };
    let mut parameters = [
        number("length"),
        switch("autosummarize"),
        number("pages_per_range"),
        switch("buffering"),
        number("fillfactor"),
        switch("deduplicate_items"),
        number("gin_pending_list_limit"),
        switch("fastupdate"),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>();
    let columns = call.keyword("columns").and_then(Value::items);
    for (place, column) in columns.unwrap_or_default().iter().enumerate() {
        if let ValueKind::Int(bits) = column.kind {
            parameters.push(format!("col{} = {bits}", place + 1));
        }
    }
    if parameters.is_empty() {
        String::new()
    } else {
        format!(" WITH ({})", parameters.join(", "))
    }
}

pub(super) fn single_tablespace(model: &Model, columns: &[(Arc<str>, bool)]) -> Option<Arc<str>> {
    let [(only, _)] = columns else {
        return None;
    };
    model
        .columns
        .iter()
        .find(|column| column.column == *only)
        .and_then(|column| column.tablespace.clone())
}

pub(super) fn tablespace_sql(tablespace: Option<&Arc<str>>) -> String {
    tablespace.map_or_else(String::new, |name| {
        format!(" TABLESPACE {}", quote_name(name))
    })
}

/// Whether a collation compares byte for byte in the end. Django asks `pg_collation`; of one that a migration
/// made only the name is known here, and such are made to be non-deterministic.
pub(super) fn is_deterministic(collation: &str) -> bool {
    matches!(
        collation,
        "C" | "POSIX" | "default" | "ucs_basic" | "unicode"
    ) || collation.ends_with("-x-icu")
        || collation.contains(".utf8")
        || collation.contains(".UTF-8")
        || collation.len() == 5 && collation.get(2..3) == Some("_")
}
