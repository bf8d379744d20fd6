//! Operations on a model's options: tables, `unique_together`, indexes, constraints.

use std::sync::Arc;

use super::StateError;
use crate::django::operation::{LocatedOperation, Operation, RenamedIndex};
use crate::django::project_state::{
    IndexKind, ModelConstraint, ModelIndex, ModelIndexKey, ModelKey, ModelOptions, ModelState,
    ProjectState,
};
use crate::django::python::{Call, DottedName, Static, Value, ValueKind};
use crate::source::Origin;

/// The operations that set one option outright.
pub(super) fn alter(
    state: &mut ProjectState,
    app_label: &str,
    located: &LocatedOperation,
) -> Result<(), StateError> {
    let Some(name) = altered(&located.operation) else {
        return Ok(());
    };
    let mut model = (*state.required_model(&ModelKey::new(app_label, name))?).clone();
    set(&mut model.options, located.operation.clone());
    state.put_model(model);
    Ok(())
}

/// The model whose option an operation sets.
fn altered(operation: &Operation) -> Option<&Arc<str>> {
    match operation {
        Operation::AlterModelTable { name, .. }
        | Operation::AlterModelTableComment { name, .. }
        | Operation::AlterUniqueTogether { name, .. }
        | Operation::AlterIndexTogether { name, .. }
        | Operation::AlterOrderWithRespectTo { name, .. }
        | Operation::AlterModelOptions { name, .. }
        | Operation::AlterModelManagers { name } => Some(name),
        _ => None,
    }
}

fn set(options: &mut ModelOptions, operation: Operation) {
    match operation {
        Operation::AlterModelTable { table, .. } => options.db_table = table,
        Operation::AlterModelTableComment { table_comment, .. } => {
            options.db_table_comment = table_comment;
        }
        Operation::AlterUniqueTogether {
            unique_together, ..
        } => options.unique_together = unique_together,
        Operation::AlterIndexTogether { index_together, .. } => {
            options.index_together = index_together;
        }
        Operation::AlterOrderWithRespectTo {
            order_with_respect_to,
            ..
        } => options.order_with_respect_to = order_with_respect_to,
        Operation::AlterModelOptions { managed, .. } => options.managed = managed,
        _ => {}
    }
}

/// The operations on the lists `indexes` and `constraints`.
pub(super) fn indexes(
    state: &mut ProjectState,
    app_label: &str,
    located: &LocatedOperation,
) -> Result<(), StateError> {
    let operation = &located.operation;
    let (Operation::AddIndex { model_name, .. }
    | Operation::RemoveIndex { model_name, .. }
    | Operation::RenameIndex { model_name, .. }
    | Operation::AddConstraint { model_name, .. }
    | Operation::RemoveConstraint { model_name, .. }
    | Operation::AlterConstraint { model_name, .. }) = operation
    else {
        return Ok(());
    };
    let mut model = (*state.required_model(&ModelKey::new(app_label, model_name))?).clone();
    let outcome = alter_lists(&mut model, operation);
    let outcome = outcome.map_err(|error| state.missing(&model, error));
    state.put_model(model);
    outcome
}

fn alter_lists(model: &mut ModelState, operation: &Operation) -> Result<(), StateError> {
    match operation {
        Operation::AddIndex { index, .. } => push(&mut model.options.indexes, index),
        Operation::RemoveIndex { name, .. } => return remove_index(model, name),
        Operation::RenameIndex { new_name, old, .. } => return rename_index(model, new_name, old),
        Operation::AddConstraint { constraint, .. } => {
            push(&mut model.options.constraints, constraint);
        }
        Operation::RemoveConstraint { name, .. } => return remove_constraint(model, name),
        Operation::AlterConstraint {
            name, constraint, ..
        } => return alter_constraint(model, name, constraint),
        _ => {}
    }
    Ok(())
}

fn push<T>(list: &mut Static<Vec<Arc<T>>>, item: &Arc<T>) {
    if let Ok(items) = list {
        items.push(Arc::clone(item));
    }
}

fn remove_index(model: &mut ModelState, name: &Arc<str>) -> Result<(), StateError> {
    let missing = missing_index(model, name);
    let Ok(indexes) = &mut model.options.indexes else {
        return Ok(());
    };
    let before = indexes.len();
    indexes.retain(|index| !may_be_called(&index.name, name));
    if indexes.len() == before {
        return Err(missing);
    }
    Ok(())
}

fn rename_index(
    model: &mut ModelState,
    new_name: &Arc<str>,
    old: &RenamedIndex,
) -> Result<(), StateError> {
    match old {
        RenamedIndex::Name(old_name) => {
            let missing = missing_index(model, old_name);
            let Ok(indexes) = &mut model.options.indexes else {
                return Ok(());
            };
            let Some(index) = indexes
                .iter_mut()
                .find(|index| may_be_called(&index.name, old_name))
            else {
                return Err(missing);
            };
            *index = Arc::new(ModelIndex {
                name: Ok(Some(Arc::clone(new_name))),
                ..(**index).clone()
            });
        }
        RenamedIndex::Fields(fields) => {
            let index = Arc::new(index_of_fields(fields, new_name, &model.origin));
            push(&mut model.options.indexes, &index);
            if let Ok(together) = &mut model.options.index_together {
                together.retain(|group| group != fields);
            }
        }
    }
    Ok(())
}

fn remove_constraint(model: &mut ModelState, name: &Arc<str>) -> Result<(), StateError> {
    let missing = missing_constraint(model, name);
    let Ok(constraints) = &mut model.options.constraints else {
        return Ok(());
    };
    let before = constraints.len();
    // One whose name is unknown may be the one: it goes, too.
    constraints.retain(|constraint| constraint.name.as_ref().is_ok_and(|held| held != name));
    if constraints.len() == before {
        return Err(missing);
    }
    Ok(())
}

fn alter_constraint(
    model: &mut ModelState,
    name: &Arc<str>,
    constraint: &Arc<ModelConstraint>,
) -> Result<(), StateError> {
    let missing = missing_constraint(model, name);
    let Ok(constraints) = &mut model.options.constraints else {
        return Ok(());
    };
    match constraints
        .iter_mut()
        .find(|held| held.name.as_ref().map_or(true, |held| held == name))
    {
        Some(held) => *held = Arc::clone(constraint),
        None => return Err(missing),
    }
    Ok(())
}

/// Whether it has the name, or may have: an unknown name says nothing.
fn may_be_called(held: &Static<Option<Arc<str>>>, name: &Arc<str>) -> bool {
    match held {
        Ok(held) => held.as_ref() == Some(name),
        Err(_) => true,
    }
}

fn missing_index(model: &ModelState, index: &Arc<str>) -> StateError {
    StateError::MissingIndex {
        model: model.key.clone(),
        index: Arc::clone(index),
    }
}

fn missing_constraint(model: &ModelState, constraint: &Arc<str>) -> StateError {
    StateError::MissingConstraint {
        model: model.key.clone(),
        constraint: Arc::clone(constraint),
    }
}

/// `models.Index(fields=..., name=...)`, which RenameIndex with `old_fields` adds.
fn index_of_fields(fields: &[Arc<str>], name: &Arc<str>, origin: &Origin) -> ModelIndex {
    let callee = Value {
        kind: ValueKind::Name(DottedName::new("django.db.models.Index")),
        origin: origin.clone(),
    };
    let keys = fields
        .iter()
        .map(|field| ModelIndexKey::Field {
            name: Arc::clone(field),
            descending: false,
        })
        .collect();
    ModelIndex {
        name: Ok(Some(Arc::clone(name))),
        kind: Ok(IndexKind::BTree),
        keys: Ok(keys),
        opclasses: Ok(Vec::new()),
        condition: None,
        include: Ok(Vec::new()),
        db_tablespace: Ok(None),
        call: Arc::new(Call {
            callee,
            arguments: Vec::new(),
            keywords: Vec::new(),
            unknown_arguments: None,
        }),
        origin: origin.clone(),
    }
}
