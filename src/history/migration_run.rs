//! One migration while it runs: its operations on Django's state and on the virtual database, then its reverses.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::session::Session;
use super::{
    Cause, Direction, Judged, Moment, NotAnalysed, OperationMoment, StateRefusal, Transcript,
};
use crate::django::migration::{Migration, MigrationKey};
use crate::django::names::many_to_many_table_name;
use crate::django::operation::{LocatedOperation, Operation, RunPythonCode, SqlText};
use crate::django::project_state::{ModelKey, ProjectState};
use crate::django::python::{BaseCalls, Decision, FunctionSql, Python, Surroundings, Text};
use crate::django::schema_editor::{Database, Nature, Paused, SchemaEditor, Sent};
use crate::django::state_forwards::{StateError, state_forwards};
use crate::django::version::DjangoVersion;
use crate::schema::{Change, Identifier, Lookup, Schema, Touches, Why, WrittenName};

/// Lets the schema editor run statements in a session, each under the operation that sent it.
impl Database for Session<'_> {
    fn execute(&mut self, sent: &Sent<'_>) {
        if matches!(self.cause, Cause::Django(_)) {
            self.belongs_to(sent.map.whole());
        }
        let why = |hole| sent.holes.why(hole);
        match (sent.nature, &mut self.recorder) {
            (Nature::Doubt, Some(recorder)) => {
                recorder.doubted(sent.text, sent.map.whole(), &why);
                self.receive(sent.text, sent.map, &why);
            }
            (Nature::Statement, _) | (Nature::Doubt, None) => self.run(sent.text, sent.map, &why),
        }
    }

    fn catalog(&self) -> &Schema {
        &self.chronicle.schema
    }
}

/// One migration while it runs.
pub(super) struct MigrationRun<'a, 's> {
    pub(super) python: &'a Python,
    pub(super) migration: &'a Arc<Migration>,
    pub(super) key: Arc<MigrationKey>,
    pub(super) state: &'s mut ProjectState,
    pub(super) refusals: &'s mut Vec<StateRefusal>,
    pub(super) operations: Vec<Arc<OperationMoment>>,
    /// Each `reverse_sql` with the catalog that it will find.
    pub(super) reverses: Vec<(SqlText, Schema)>,
    pub(super) django: DjangoVersion,
    /// The schema editor between two operations.
    pub(super) paused: Paused,
    pub(super) session: Session<'s>,
}

impl MigrationRun<'_, '_> {
    /// Runs all of it; what it executed, where that is taken down.
    pub(super) fn forwards(&mut self) -> Option<Transcript> {
        for (index, operation) in self.migration.operations.iter().enumerate() {
            if let Some(recorder) = &mut self.session.recorder {
                recorder.begin_operation(index, &operation.origin);
            }
            self.operation(operation);
        }
        self.finish();
        let recorder = self.session.recorder.take();
        recorder.map(|recorder| recorder.finish(self.migration))
    }

    fn operation(&mut self, operation: &LocatedOperation) {
        let before = self.state.clone();
        self.state_forwards(operation);
        let after = self.state.clone();
        self.database_forwards(operation, &before, &after);
    }

    fn state_forwards(&mut self, operation: &LocatedOperation) {
        let outcome = state_forwards(self.state, &self.migration.key.app_label, operation);
        self.note_refusal(operation, outcome);
    }

    fn note_refusal(&mut self, operation: &LocatedOperation, outcome: Result<(), StateError>) {
        match outcome {
            Ok(()) | Err(StateError::Unsure(_)) => {}
            Err(_) if self.session.misplaced.is_some() => {
                if let Some(why) = &self.session.misplaced {
                    self.state.doubt_app(&self.key.app_label, why);
                }
            }
            Err(error) => self.refusals.push(StateRefusal {
                place: operation.origin.clone(),
                operation: Arc::clone(&operation.class),
                why: Why::new(error.to_string()),
                ownership: self.migration.ownership,
            }),
        }
    }

    fn database_forwards(
        &mut self,
        operation: &LocatedOperation,
        before: &ProjectState,
        after: &ProjectState,
    ) {
        if let Operation::SeparateDatabaseAndState {
            database_operations,
            ..
        } = &operation.operation
        {
            return self.separate(database_operations, before);
        }
        let schema_before = self.session.chronicle.schema.clone();
        let moment = Arc::new(OperationMoment {
            migration: Arc::clone(&self.key),
            operation: operation.clone(),
            before: before.clone(),
            after: after.clone(),
            schema_before: schema_before.clone(),
            schema_after: schema_before,
        });
        self.session.cause = Cause::Django(Arc::clone(&moment));
        self.session.operations.push(Arc::clone(&moment));
        self.send(operation, before, after);
        if self.session.judged == Judged::New {
            let mut moment = Arc::unwrap_or_clone(moment);
            moment.schema_after = self.session.chronicle.schema.clone();
            self.operations.push(Arc::new(moment));
        }
    }

    /// The database half runs on a state of its own, as Django's `SeparateDatabaseAndState` does.
    fn separate(&mut self, operations: &[LocatedOperation], before: &ProjectState) {
        let mut state = before.clone();
        for operation in operations {
            let from = state.clone();
            let outcome = state_forwards(&mut state, &self.migration.key.app_label, operation);
            self.note_refusal(operation, outcome);
            self.database_forwards(operation, &from, &state);
        }
    }

    fn send(&mut self, operation: &LocatedOperation, before: &ProjectState, after: &ProjectState) {
        match &operation.operation {
            Operation::RunPython { code, .. } => self.run_python(operation, code, before),
            Operation::Conditional {
                operation,
                why,
                decision,
            } => self.conditional((operation, why), decision, before),
            Operation::NotAnalysed { why } => self.unreadable(operation, why.clone()),
            Operation::RunSql { reverse_sql, .. } => {
                self.session.cause = Cause::Sql {
                    migration: Some(Arc::clone(&self.key)),
                };
                self.edit(operation, before, after);
                if let Some(Ok(reverse)) = reverse_sql {
                    let schema = self.session.chronicle.schema.clone();
                    self.reverses.push((reverse.clone(), schema));
                }
            }
            _ => self.edit(operation, before, after),
        }
    }

    fn edit(&mut self, operation: &LocatedOperation, before: &ProjectState, after: &ProjectState) {
        let paused = std::mem::take(&mut self.paused);
        let mut editor =
            SchemaEditor::resume(&mut self.session, self.migration, self.django, paused);
        editor.operation(operation, before, after);
        self.paused = editor.pause();
    }

    pub(super) fn run_python(
        &mut self,
        operation: &LocatedOperation,
        code: &RunPythonCode,
        before: &ProjectState,
    ) {
        let function = match code {
            RunPythonCode::Noop => return,
            RunPythonCode::Unknown(why) => return self.unreadable(operation, why.clone()),
            RunPythonCode::Function(function) => function,
        };
        let schema = self.session.chronicle.schema.clone();
        let sql = finding(before, &schema, |around| {
            self.python.sql_of(function, around)
        });
        match sql {
            FunctionSql::OrmOnly => {}
            FunctionSql::Unknown(why) => self.unreadable(operation, why),
            FunctionSql::Sends(texts) => {
                self.session.cause = Cause::Sql {
                    migration: Some(Arc::clone(&self.key)),
                };
                for sent in texts {
                    self.session.condition = sent.condition;
                    match sent.text {
                        Ok(Text { text, map }) => self.session.run(&text, &map, &unreadable_part),
                        Err(why) => self.unreadable(operation, why),
                    }
                }
                self.session.condition = None;
            }
        }
    }

    /// An operation that its class carries out or not, as it finds the database.
    fn conditional(
        &mut self,
        (operation, why): (&LocatedOperation, &Why),
        decision: &Decision,
        before: &ProjectState,
    ) {
        let app_label = &self.migration.key.app_label;
        let schema = self.session.chronicle.schema.clone();
        let decided = finding(before, &schema, |around| {
            self.python.decide(decision, app_label, around)
        });
        // The state half stands apart: this is what the operation alone makes of the state.
        let mut after = before.clone();
        let _refused = state_forwards(&mut after, app_label, operation);
        match (decided.sql, decided.base) {
            (FunctionSql::OrmOnly, BaseCalls::Never) => {}
            (FunctionSql::OrmOnly, BaseCalls::Always) if self.takes_as_certain(operation) => {
                self.edit(operation, before, &after);
            }
            _ => self.perhaps((operation, why), before, &after),
        }
    }

    /// Whether what an operation does that asked first is judged like any other. Who asks before dropping something
    /// knows of databases that lack it, and of code that has left it behind: no rule may hold it against them.
    fn takes_as_certain(&self, operation: &LocatedOperation) -> bool {
        let drops = matches!(
            operation.operation,
            Operation::DeleteModel { .. }
                | Operation::RemoveField { .. }
                | Operation::RemoveIndex { .. }
                | Operation::RemoveConstraint { .. }
        );
        !drops || self.session.recorder.is_some()
    }

    /// An operation that its class may carry out or not: what it would do becomes doubtful at once, what it puts off too.
    fn perhaps(
        &mut self,
        (operation, why): (&LocatedOperation, &Why),
        before: &ProjectState,
        after: &ProjectState,
    ) {
        self.session.condition = Some(why.clone());
        let mut editor = SchemaEditor::resume(
            &mut self.session,
            self.migration,
            self.django,
            Paused::default(),
        );
        editor.operation(operation, before, after);
        editor.finish();
        self.session.condition = None;
    }

    /// An operation that may have done anything to the database.
    pub(super) fn unreadable(&mut self, operation: &LocatedOperation, why: Why) {
        if let Some(recorder) = &mut self.session.recorder {
            recorder.not_analysed(&operation.origin, &why);
        }
        let change = Change::Opaque {
            text: Arc::clone(&operation.class),
            why: why.clone(),
            touches: Touches::Anything,
        };
        let before = self.session.chronicle.schema.clone();
        let outcome = self.session.chronicle.schema.apply(&change);
        Arc::make_mut(&mut self.session.created).record(&change, &before, &outcome);
        self.session.chronicle.not_analysed.push(NotAnalysed {
            place: operation.origin.clone(),
            operation: Arc::clone(&operation.class),
            why,
            ownership: self.migration.ownership,
        });
    }

    /// Sends what waits for the end of the migration.
    pub(super) fn finish(&mut self) {
        if let Some(recorder) = &mut self.session.recorder {
            recorder.begin_end();
        }
        let paused = std::mem::take(&mut self.paused);
        if let Some(last) = self.session.operations.last() {
            self.session.cause = Cause::Django(Arc::clone(last));
        }
        SchemaEditor::resume(&mut self.session, self.migration, self.django, paused).finish();
    }

    /// Runs each `reverse_sql` on the catalog that rolling back would find, and keeps what is refused.
    pub(super) fn reverse_moments(&mut self) -> Vec<Moment> {
        let kept = std::mem::take(&mut self.session.moments);
        let schema = self.session.chronicle.schema.clone();
        let created = Arc::clone(&self.session.created);
        let mut refused = Vec::new();
        for (reverse, found) in std::mem::take(&mut self.reverses) {
            refused.extend(self.reverse(&reverse, found));
        }
        self.session.moments = kept;
        self.session.chronicle.schema = schema;
        self.session.created = created;
        refused
    }

    fn reverse(&mut self, reverse: &SqlText, found: Schema) -> Vec<Moment> {
        let texts: Vec<&Text> = match reverse {
            SqlText::Noop => Vec::new(),
            SqlText::Whole(text) => vec![text],
            SqlText::Statements(statements) => {
                statements.iter().map(|statement| &statement.text).collect()
            }
        };
        self.session.chronicle.schema = found;
        self.session.cause = Cause::Sql {
            migration: Some(Arc::clone(&self.key)),
        };
        let judged = std::mem::replace(&mut self.session.judged, Judged::Old);
        self.session.direction = Direction::Reverse;
        let notes = self.session.chronicle.not_analysed.len();
        let cuts = self.session.chronicle.cuts.len();
        for text in texts {
            self.session.run(&text.text, &text.map, &unreadable_part);
        }
        self.session.chronicle.not_analysed.truncate(notes);
        self.session.chronicle.cuts.truncate(cuts);
        self.session.judged = judged;
        self.session.direction = Direction::Forward;
        std::mem::take(&mut self.session.moments)
    }
}

/// What code finds that runs on a state and a catalog.
fn finding<T>(
    state: &ProjectState,
    schema: &Schema,
    look: impl FnOnce(Surroundings<'_>) -> T,
) -> T {
    let tables = |app_label: &str, model: &str| {
        let key = ModelKey::new(app_label, model);
        state.table_name(&key).ok()
    };
    let exists = |table: &str| {
        if table == RECORD {
            return Some(true);
        }
        match schema.relation(&WrittenName::bare(Identifier::quoted(table))) {
            Lookup::Found(_) => Some(true),
            Lookup::Absent => Some(false),
            Lookup::Unsure(_) => None,
        }
    };
    let counters = |app_label: &str, model: &str| {
        let key = ModelKey::new(app_label, model);
        let table = state.table_name(&key).ok()?;
        let (name, field) = state.primary_key(&key).ok()?;
        let counts = field.kind.clone().ok()?.is_auto();
        let column = field.column(&name).ok()?;
        Some(column.filter(|_| counts).map(|column| (table, column)))
    };
    look(Surroundings {
        counters: &counters,
        tables: &tables,
        exists: &exists,
    })
}

/// Django's own table of applied migrations, which `migrate` makes before anything runs.
const RECORD: &str = "django_migrations";

fn unreadable_part(_: usize) -> Why {
    Why::new("part of the text could not be read")
}

/// The tables of an app's models, those between models included.
pub(super) fn tables_of(state: &ProjectState, app_label: &str) -> BTreeSet<WrittenName> {
    let models = state.models();
    models
        .filter(|model| *model.key.app_label == *app_label)
        .flat_map(|model| {
            let own = model.own_table_name().ok();
            let between = own.iter().flat_map(|own| {
                let fields = model.fields.iter();
                fields
                    .filter(|(_, field)| field.is_many_to_many())
                    .map(|(name, _)| many_to_many_table_name(own, name).into())
                    .collect::<Vec<Arc<str>>>()
            });
            between.chain(own.clone()).collect::<Vec<_>>()
        })
        .map(|table| WrittenName::bare(Identifier::quoted(&table)))
        .collect()
}
