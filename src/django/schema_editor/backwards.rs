//! Rolling back: what Django sends when it unapplies a migration (`Migration.unapply` in
//! `django/db/migrations/migration.py`, `database_backwards` of each operation, 4.2 to 6.0).
//!
//! Django computes the states of all operations forward from the state before the migration, then runs the operations
//! from the last to the first, each with the state after it as `from_state` and the one before it as `to_state`.

use std::sync::Arc;

use super::{SchemaEditor, States};
use crate::django::migration::{Migration, MigrationKey};
use crate::django::operation::{
    IndexBuild, LocatedOperation, Operation, RenamedIndex, SqlText, Validation,
};
use crate::django::project_state::{Field, ModelIndex, ProjectState};
use crate::django::python::Static;
use crate::django::state_forwards::{Step, steps};
use crate::source::Origin;

/// An operation that Django refuses to roll back, before anything was sent.
///
/// RunSQL without `reverse_sql`, RunPython without `reverse_code`. One that stands among the `database_operations` of a
/// SeparateDatabaseAndState stops Django only when it is reached (`NotImplementedError`); the transaction is rolled back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{migration} cannot be rolled back: its operation {index} ({operation}) has no reverse")]
pub struct Irreversible {
    pub migration: MigrationKey,
    /// The place in `operations` of the migration, from 0; of the outer one where it is nested.
    pub index: usize,
    /// The class as written: `RunPython`.
    pub operation: Arc<str>,
    pub place: Origin,
}

/// The operations of a migration as Django rolls them back, the last first, each with the states around it.
///
/// `before` is the state that all earlier migrations made. Give each step to [`SchemaEditor::operation_backwards`].
///
/// # Errors
/// When Django refuses to roll the migration back.
pub fn unapplied<'m>(
    migration: &'m Migration,
    before: &ProjectState,
) -> Result<Vec<Step<'m>>, Irreversible> {
    for (index, operation) in migration.operations.iter().enumerate() {
        if let Some(located) = irreversible(operation) {
            return Err(Irreversible {
                migration: migration.key.clone(),
                index,
                operation: Arc::clone(&located.class),
                place: located.origin.clone(),
            });
        }
    }
    let mut steps = steps(before, &migration.key.app_label, &migration.operations);
    steps.reverse();
    Ok(steps)
}

/// The operation that has no way back: this one, or one that it runs on the database.
fn irreversible(located: &LocatedOperation) -> Option<&LocatedOperation> {
    match &located.operation {
        Operation::RunSql {
            reverse_sql: None, ..
        }
        | Operation::RunPython {
            reverse_code: None, ..
        } => Some(located),
        Operation::SeparateDatabaseAndState {
            database_operations,
            ..
        } => database_operations.iter().find_map(irreversible),
        Operation::Conditional { operation, .. } => irreversible(operation),
        _ => None,
    }
}

impl SchemaEditor<'_> {
    /// Sends what an operation sends at once when it is rolled back, and queues the rest (`database_backwards`).
    ///
    /// `before` and `after` are the states as for [`Self::operation`]: before and after the operation ran forward.
    /// `reverse_code` of a RunPython sends nothing here.
    pub fn operation_backwards(
        &mut self,
        located: &LocatedOperation,
        before: &ProjectState,
        after: &ProjectState,
    ) {
        let outer = std::mem::replace(&mut self.origin, located.origin.clone());
        let states = States {
            from: self.models(after),
            to: self.models(before),
        };
        self.dispatch_backwards(&located.operation, &states);
        self.origin = outer;
    }

    fn run_reverse_sql(&mut self, sql: Option<&Static<SqlText>>) {
        if let Some(sql) = sql {
            self.run_sql(sql);
        }
    }

    fn dispatch_backwards(&mut self, operation: &Operation, states: &States<'_>) {
        match operation {
            Operation::CreateModel(create) => self.delete_model(&create.name, states),
            Operation::DeleteModel { name } => self.restore_model(name, states),
            Operation::RenameModel { old_name, new_name } => {
                self.rename_model(new_name, old_name, states);
            }
            // These compare two states, and know no direction.
            Operation::AlterModelTable { .. }
            | Operation::AlterModelTableComment { .. }
            | Operation::AlterUniqueTogether { .. }
            | Operation::AlterIndexTogether { .. }
            | Operation::AlterOrderWithRespectTo { .. } => self.dispatch(operation, states),
            Operation::AddField { .. }
            | Operation::RemoveField { .. }
            | Operation::AlterField { .. }
            | Operation::RenameField { .. } => self.field_backwards(operation, states),
            Operation::AddIndex { .. }
            | Operation::RemoveIndex { .. }
            | Operation::RenameIndex { .. } => self.index_backwards(operation, states),
            Operation::AddConstraint { .. } | Operation::RemoveConstraint { .. } => {
                self.constraint_backwards(operation, states);
            }
            Operation::CreateExtension { .. }
            | Operation::CreateCollation(_)
            | Operation::RemoveCollation(_) => self.postgres_backwards(operation),
            Operation::RunSql { reverse_sql, .. } => self.run_reverse_sql(reverse_sql.as_ref()),
            Operation::SeparateDatabaseAndState {
                database_operations,
                ..
            } => self.database_operations_backwards(database_operations, states),
            Operation::Conditional { operation, .. } => {
                self.dispatch_backwards(&operation.operation, states);
            }
            // PostgreSQL does not take a validation back; the others touch the state alone.
            Operation::ValidateConstraint { .. }
            | Operation::AlterConstraint { .. }
            | Operation::AlterModelOptions { .. }
            | Operation::AlterModelManagers { .. }
            | Operation::RunPython { .. }
            | Operation::NotAnalysed { .. } => {}
        }
    }

    /// `DeleteModel.database_backwards`: `create_model` alone, without what `CreateModel` does after it.
    fn restore_model(&mut self, name: &str, states: &States<'_>) {
        let key = self.key(name);
        if self.migrates(&states.to, &key) {
            let model = states.to.model(&key);
            self.create_table(&states.to, &model);
        }
    }

    fn field_backwards(&mut self, operation: &Operation, states: &States<'_>) {
        match operation {
            Operation::AddField {
                model_name, name, ..
            } => self.remove_field(model_name, name, states),
            Operation::RemoveField { model_name, name } => {
                self.add_field(model_name, (name, None), states);
            }
            Operation::AlterField {
                model_name,
                name,
                field,
                preserve_default,
            } => {
                // The one-off default of the operation stands in for that of the field in both directions.
                let given: Option<&Arc<Field>> = (*preserve_default == Ok(false)).then_some(field);
                self.alter_field(model_name, (name, name, given), states);
            }
            Operation::RenameField {
                model_name,
                old_name,
                new_name,
            } => self.alter_field(model_name, (new_name, old_name, None), states),
            _ => {}
        }
    }

    fn index_backwards(&mut self, operation: &Operation, states: &States<'_>) {
        match operation {
            Operation::AddIndex {
                model_name,
                index,
                build,
            } => self.remove_index(model_name, (&self.index_name(index), *build), states),
            Operation::RemoveIndex {
                model_name,
                name,
                build,
            } => self.restore_index(model_name, (name, *build), states),
            Operation::RenameIndex {
                model_name,
                new_name,
                old: RenamedIndex::Name(old_name),
            } => {
                let renamed = RenamedIndex::Name(Arc::clone(new_name));
                self.rename_index(model_name, (&renamed, old_name), states);
            }
            // Django leaves the index of `old_fields` its new name.
            _ => {}
        }
    }

    fn index_name(&self, index: &ModelIndex) -> Arc<str> {
        // An index of an operation has a name: Django refuses one without.
        let name = index.name.clone().map(Option::unwrap_or_default);
        self.holes.name_or_hole(&name)
    }

    fn restore_index(
        &mut self,
        model_name: &str,
        (name, build): (&Arc<str>, IndexBuild),
        states: &States<'_>,
    ) {
        let key = self.key(model_name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let model = states.to.model(&key);
        let indexes = model
            .state
            .as_ref()
            .map_or(Ok(Vec::new()), |state| state.options.indexes.clone());
        match indexes {
            Ok(indexes) => {
                for index in indexes.iter().filter(|index| {
                    index
                        .name
                        .as_ref()
                        .is_ok_and(|held| held.as_ref() == Some(name))
                }) {
                    let template = Self::create_index(&states.to, &model, (index, build));
                    self.execute_template(&template);
                }
            }
            Err(why) => self.doubt(&model.table, &why),
        }
    }

    fn constraint_backwards(&mut self, operation: &Operation, states: &States<'_>) {
        match operation {
            Operation::AddConstraint {
                model_name,
                constraint,
                ..
            } => {
                let name = self.holes.name_or_hole(&constraint.name);
                self.remove_constraint(model_name, &name, states);
            }
            Operation::RemoveConstraint { model_name, name } => {
                let key = self.key(model_name);
                let constraints = states
                    .to
                    .state
                    .model(&key)
                    .map_or(Ok(Vec::new()), |state| state.options.constraints.clone());
                match constraints {
                    Ok(constraints) => {
                        for constraint in constraints
                            .iter()
                            .filter(|constraint| constraint.name.as_ref() == Ok(name))
                        {
                            let how = (Validation::Validated, states);
                            self.add_constraint(model_name, constraint, how);
                        }
                    }
                    Err(why) => self.doubt(&states.to.table(&key), &why),
                }
            }
            _ => {}
        }
    }

    /// `SeparateDatabaseAndState.database_backwards`: the states of the database's own operations, then back.
    fn database_operations_backwards(
        &mut self,
        operations: &[LocatedOperation],
        states: &States<'_>,
    ) {
        let app_label = Arc::clone(&self.app_label);
        for step in steps(states.to.state, &app_label, operations).iter().rev() {
            self.operation_backwards(step.operation, &step.before, &step.after);
        }
    }
}
