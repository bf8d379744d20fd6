//! What each operation does to Django's state: `state_forwards` of `django/db/migrations/operations` and
//! `django/db/migrations/state.py`, 4.2 to 6.0.

mod fields;
mod models;
mod options;
mod store;

use std::sync::Arc;

use super::operation::{LocatedOperation, Operation};
use super::project_state::{FieldKey, FieldsKnown, ModelKey, ModelState, ProjectState};
use crate::schema::Why;

/// Why an operation could not be carried out on the state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Django stops with a `KeyError`.
    #[error("the model `{0}` does not exist at this point of the migrations")]
    MissingModel(ModelKey),
    /// Django stops with a `KeyError` or `FieldDoesNotExist`.
    #[error("the model `{}` has no field `{}` at this point of the migrations", .0.model, .0.field)]
    MissingField(FieldKey),
    /// Django stops with a `ValueError`.
    #[error("the model `{model}` has no index `{index}` at this point of the migrations")]
    MissingIndex { model: ModelKey, index: Arc<str> },
    /// Django stops with a `ValueError`.
    #[error("the model `{model}` has no constraint `{constraint}` at this point of the migrations")]
    MissingConstraint {
        model: ModelKey,
        constraint: Arc<str>,
    },
    /// It cannot be told: something before it could not be read.
    #[error("{0}")]
    Unsure(Why),
}

/// Carries an operation of an app's migration out on the state.
///
/// What Django would refuse leaves the state as it was. An operation that was not understood leaves a doubt: from
/// then on an absence is unsure.
///
/// # Errors
/// When the operation needs a model, field, index or constraint that is not there, or may not be.
pub fn state_forwards(
    state: &mut ProjectState,
    app_label: &str,
    located: &LocatedOperation,
) -> Result<(), StateError> {
    match &located.operation {
        Operation::CreateModel(_)
        | Operation::DeleteModel { .. }
        | Operation::RenameModel { .. } => models::operation(state, app_label, located),
        Operation::AddField { .. }
        | Operation::RemoveField { .. }
        | Operation::AlterField { .. }
        | Operation::RenameField { .. } => fields::operation(state, app_label, &located.operation),
        Operation::SeparateDatabaseAndState {
            state_operations, ..
        }
        | Operation::RunSql {
            state_operations, ..
        } => all(state, app_label, state_operations),
        Operation::NotAnalysed { why } => {
            state.doubt_app(app_label, &Why::new(format!("{}: {why}", located.class)));
            Ok(())
        }
        Operation::AlterModelTable { .. }
        | Operation::AlterModelTableComment { .. }
        | Operation::AlterUniqueTogether { .. }
        | Operation::AlterIndexTogether { .. }
        | Operation::AlterOrderWithRespectTo { .. }
        | Operation::AlterModelOptions { .. }
        | Operation::AlterModelManagers { .. } => options::alter(state, app_label, located),
        Operation::AddIndex { .. }
        | Operation::RemoveIndex { .. }
        | Operation::RenameIndex { .. }
        | Operation::AddConstraint { .. }
        | Operation::RemoveConstraint { .. }
        | Operation::AlterConstraint { .. } => options::indexes(state, app_label, located),
        Operation::ValidateConstraint { .. }
        | Operation::Conditional { .. }
        | Operation::RunPython { .. }
        | Operation::CreateExtension { .. }
        | Operation::CreateCollation(_)
        | Operation::RemoveCollation(_) => Ok(()),
    }
}

/// One operation of a list with the states around it.
#[derive(Debug, Clone)]
pub struct Step<'m> {
    /// The place in the list, from 0.
    pub index: usize,
    pub operation: &'m LocatedOperation,
    pub before: ProjectState,
    pub after: ProjectState,
}

/// The operations of an app's migration one after the other, on a state of their own.
///
/// What Django would refuse leaves the state as it was; the replay of the migrations reports it.
pub fn steps<'m>(
    before: &ProjectState,
    app_label: &str,
    operations: &'m [LocatedOperation],
) -> Vec<Step<'m>> {
    let mut state = before.clone();
    let step = |(index, operation)| {
        let before = state.clone();
        let _ = state_forwards(&mut state, app_label, operation);
        Step {
            index,
            operation,
            before,
            after: state.clone(),
        }
    };
    operations.iter().enumerate().map(step).collect()
}

/// Every operation of a list that touches the state alone; the first that cannot be carried out is told, the
/// others still are. Django looks for indexes and constraints by name only where it touches the database.
fn all(
    state: &mut ProjectState,
    app_label: &str,
    operations: &[LocatedOperation],
) -> Result<(), StateError> {
    let mut first = Ok(());
    for operation in operations {
        match state_forwards(state, app_label, operation) {
            Err(StateError::MissingIndex { .. } | StateError::MissingConstraint { .. }) => {}
            outcome => first = first.and(outcome),
        }
    }
    first
}

impl ProjectState {
    /// The model as it stands, or why there is none.
    fn required_model(&self, key: &ModelKey) -> Result<Arc<ModelState>, StateError> {
        match (self.model(key), self.doubt(&key.app_label)) {
            (Some(model), _) => Ok(Arc::clone(model)),
            (None, None) => Err(StateError::MissingModel(key.clone())),
            (None, Some(_)) => Err(StateError::Unsure(self.no_model(key))),
        }
    }

    /// The answer for a part that a model does not have.
    fn missing(&self, model: &ModelState, error: StateError) -> StateError {
        match (&model.fields_known, self.doubt(&model.key.app_label)) {
            (FieldsKnown::Open(why), _) | (_, Some(why)) => StateError::Unsure(why.clone()),
            (FieldsKnown::All, None) => error,
        }
    }
}
