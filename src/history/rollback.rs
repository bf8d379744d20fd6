//! Rolling one migration back: its operations from the last to the first, on the virtual database that it left.

use std::sync::Arc;

use super::migration_run::MigrationRun;
use super::{Cause, Direction, Transcript};
use crate::django::operation::{LocatedOperation, Operation};
use crate::django::project_state::ProjectState;
use crate::django::schema_editor::{Irreversible, SchemaEditor, unapplied};
use crate::django::state_forwards::{Step, steps};

impl MigrationRun<'_, '_> {
    /// Rolls the migration back, where Django does not refuse to; `before` is the state that it found. What it executed,
    /// where that is taken down.
    pub(super) fn backwards(
        &mut self,
        before: &ProjectState,
    ) -> Result<Option<Transcript>, Irreversible> {
        let migration = Arc::clone(self.migration);
        self.session.direction = Direction::Reverse;
        self.session.cause = Cause::Sql {
            migration: Some(Arc::clone(&self.key)),
        };
        for step in unapplied(&migration, before)? {
            if let Some(recorder) = &mut self.session.recorder {
                recorder.begin_operation(step.index, &step.operation.origin);
            }
            self.step_backwards(&step);
        }
        self.finish();
        let recorder = self.session.recorder.take();
        Ok(recorder.map(|recorder| recorder.finish(&migration)))
    }

    fn step_backwards(&mut self, step: &Step<'_>) {
        match &step.operation.operation {
            Operation::SeparateDatabaseAndState {
                database_operations,
                ..
            } => {
                let app_label = &self.key.app_label;
                let inner = steps(&step.before, app_label, database_operations);
                for step in inner.iter().rev() {
                    self.step_backwards(step);
                }
            }
            Operation::RunPython {
                reverse_code: Some(code),
                ..
            } => self.run_python(step.operation, code, &step.after),
            Operation::Conditional { why, .. } => {
                self.session.condition = Some(why.clone());
                self.edit_backwards(step.operation, step);
                self.session.condition = None;
            }
            Operation::NotAnalysed { why } => self.unreadable(step.operation, why.clone()),
            _ => self.edit_backwards(step.operation, step),
        }
    }

    fn edit_backwards(&mut self, operation: &LocatedOperation, step: &Step<'_>) {
        let paused = std::mem::take(&mut self.paused);
        let mut editor =
            SchemaEditor::resume(&mut self.session, self.migration, self.django, paused);
        editor.operation_backwards(operation, &step.before, &step.after);
        self.paused = editor.pause();
    }
}
