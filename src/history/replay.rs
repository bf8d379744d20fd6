//! Replay: migrations and scripts, one after the other, on one virtual database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::django::graph::OrderDoubt;
use crate::django::migration::{Migration, MigrationKey, Ownership};
use crate::django::names::many_to_many_table_name;
use crate::django::operation::{LocatedOperation, Operation, RunPythonCode, SqlText};
use crate::django::project_state::ProjectState;
use crate::django::python::{FunctionSql, Python, Text};
use crate::django::schema_editor::{Database, Paused, SchemaEditor, Sent};
use crate::django::state_forwards::{StateError, state_forwards};
use crate::django::version::DjangoVersion;
use crate::postgres::Version;
use crate::schema::{Change, Identifier, Schema, Touches, Why, WrittenName};
use crate::source::{SourceFile, SourceMap};

use super::session::{Chronicle, Session};
use super::{
    Cause, CreatedHere, Direction, History, Judged, NotAnalysed, OperationMoment, ProjectSide,
    ReplayedMigration, ReplayedScript, StateRefusal, TransactionContext,
};

/// What replay must be told.
#[derive(Debug, Clone, Copy)]
pub struct ReplayOptions {
    pub postgres: Version,
    pub django: DjangoVersion,
    pub deployments: Deployments,
}

/// What counts as one deployment: what it creates, nobody is using yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deployments {
    /// Each migration on its own.
    EachMigration,
    /// All new migrations together: the basis is a revision or a database.
    AllNew,
}

/// A replay under way.
pub struct Replay<'a> {
    python: &'a Python,
    options: ReplayOptions,
    chronicle: Chronicle,
    state: ProjectState,
    /// What the deployment of all new migrations has created so far.
    deployment: Option<Arc<CreatedHere>>,
    migrations: Vec<ReplayedMigration>,
    scripts: Vec<ReplayedScript>,
    state_refusals: Vec<StateRefusal>,
    operations: usize,
    order_doubts: BTreeMap<MigrationKey, OrderDoubt>,
}

/// Lets the schema editor run statements in a session, each under the operation that sent it.
impl Database for Session<'_> {
    fn execute(&mut self, sent: &Sent<'_>) {
        if matches!(self.cause, Cause::Django(_)) {
            self.belongs_to(sent.map.whole());
        }
        self.run(sent.text, sent.map, &|hole| sent.holes.why(hole));
    }

    fn catalog(&self) -> &Schema {
        &self.chronicle.schema
    }
}

impl<'a> Replay<'a> {
    /// A replay from `start`: an empty database, or one that is met half way.
    pub fn new(
        python: &'a Python,
        start: Schema,
        state: ProjectState,
        options: ReplayOptions,
    ) -> Self {
        Self {
            python,
            options,
            chronicle: Chronicle::new(start, options.postgres),
            state,
            deployment: None,
            migrations: Vec::new(),
            scripts: Vec::new(),
            state_refusals: Vec::new(),
            operations: 0,
            order_doubts: BTreeMap::new(),
        }
    }

    /// The same, told which migrations may have another place in the plan.
    #[must_use]
    pub fn with_order_doubts(self, order_doubts: BTreeMap<MigrationKey, OrderDoubt>) -> Self {
        Self {
            order_doubts,
            ..self
        }
    }

    /// Puts the models and tables of an app in doubt where its migrations may run in another order.
    fn doubt_order_of(&mut self, key: &MigrationKey) {
        if let Some(OrderDoubt::WithinItsApp(why)) = self.order_doubts.get(key) {
            self.state.doubt_app(&key.app_label, why);
            let touches = Touches::Relations(tables_of(&self.state, &key.app_label));
            self.chronicle.schema.apply(&Change::Opaque {
                text: "".into(),
                why: why.clone(),
                touches,
            });
        }
    }

    /// Django's state after what was replayed so far.
    pub fn state(&self) -> &ProjectState {
        &self.state
    }

    fn begin_deployment(&mut self, judged: Judged) -> Arc<CreatedHere> {
        let fresh = Arc::new(CreatedHere::begin(&self.chronicle.schema, &self.state));
        match (self.options.deployments, judged) {
            (Deployments::AllNew, Judged::New) => self.deployment.take().unwrap_or(fresh),
            (Deployments::AllNew, Judged::Old) | (Deployments::EachMigration, _) => fresh,
        }
    }

    fn end_deployment(&mut self, judged: Judged, created: Arc<CreatedHere>) {
        if judged == Judged::New {
            self.deployment = Some(created);
        }
    }

    /// Replays one migration as `migrate` runs it.
    pub fn migration(&mut self, migration: &Arc<Migration>, judged: Judged) {
        self.doubt_order_of(&migration.key);
        let misplaced = self.order_doubts.get(&migration.key);
        let misplaced = misplaced.map(|doubt| doubt.why().clone());
        let created = self.begin_deployment(judged);
        let mut run = MigrationRun {
            python: self.python,
            migration,
            key: Arc::new(migration.key.clone()),
            state: &mut self.state,
            refusals: &mut self.state_refusals,
            operations: Vec::new(),
            reverses: Vec::new(),
            django: self.options.django,
            paused: Paused::default(),
            session: Session {
                chronicle: &mut self.chronicle,
                judged,
                ownership: migration.ownership,
                transaction: transaction_of(migration),
                direction: Direction::Forward,
                cause: Cause::Sql { migration: None },
                created,
                misplaced,
                moments: Vec::new(),
                operations: Vec::new(),
            },
        };
        for operation in &migration.operations {
            run.operation(operation);
        }
        run.finish();
        let reverse_moments = run.reverse_moments();
        let MigrationRun {
            session,
            operations,
            ..
        } = run;
        let Session {
            created, moments, ..
        } = session;
        if migration.ownership == Ownership::Project {
            self.operations += count(&migration.operations);
        }
        self.end_deployment(judged, created);
        self.doubt_order_of(&migration.key);
        self.migrations.push(ReplayedMigration {
            migration: Arc::clone(migration),
            judged,
            operations,
            moments,
            reverse_moments,
            deployed: self.chronicle.schema.clone(),
        });
    }

    /// Replays one `.sql` file as `psql -f` runs it: each statement in a transaction of its own.
    pub fn script(&mut self, file: &Arc<SourceFile>, judged: Judged) {
        let created = self.begin_deployment(judged);
        let mut session = Session {
            chronicle: &mut self.chronicle,
            judged,
            ownership: Ownership::Project,
            transaction: TransactionContext::Own,
            direction: Direction::Forward,
            cause: Cause::Sql { migration: None },
            created,
            misplaced: None,
            moments: Vec::new(),
            operations: Vec::new(),
        };
        session.run_script(file.text(), &SourceMap::identity(file));
        let Session {
            created, moments, ..
        } = session;
        self.end_deployment(judged, created);
        self.scripts.push(ReplayedScript {
            file: Arc::clone(file),
            judged,
            moments,
            deployed: self.chronicle.schema.clone(),
        });
    }

    /// The whole of what was replayed.
    pub fn finish(mut self, project: ProjectSide) -> History {
        let misplaced: Vec<MigrationKey> = self.order_doubts.keys().cloned().collect();
        for key in &misplaced {
            self.doubt_order_of(key);
        }
        if self.options.deployments == Deployments::AllNew {
            let end = &self.chronicle.schema;
            let new = self
                .migrations
                .iter_mut()
                .filter(|migration| migration.judged == Judged::New);
            for migration in new {
                migration.deployed = end.clone();
            }
        }
        let model_tables = project.model_tables(&self.state, &self.chronicle.schema);
        History {
            migrations: self.migrations,
            scripts: self.scripts,
            end: self.chronicle.schema,
            end_state: self.state,
            model_tables,
            models: project.models,
            own_apps: project.own_apps,
            migrated_apps: project.migrated_apps,
            edited: project.edited,
            graph_problems: project.graph_problems,
            provenance: self.chronicle.provenance,
            cuts: self.chronicle.cuts,
            not_analysed: self.chronicle.not_analysed,
            state_refusals: self.state_refusals,
            operations: self.operations,
        }
    }
}

/// One migration while it runs.
struct MigrationRun<'a, 's> {
    python: &'a Python,
    migration: &'a Arc<Migration>,
    key: Arc<MigrationKey>,
    state: &'s mut ProjectState,
    refusals: &'s mut Vec<StateRefusal>,
    operations: Vec<Arc<OperationMoment>>,
    /// Each `reverse_sql` with the catalog that it will find.
    reverses: Vec<(SqlText, Schema)>,
    django: DjangoVersion,
    /// The schema editor between two operations.
    paused: Paused,
    session: Session<'s>,
}

impl MigrationRun<'_, '_> {
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
            Operation::RunPython { code, .. } => self.run_python(operation, code),
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

    fn run_python(&mut self, operation: &LocatedOperation, code: &RunPythonCode) {
        let function = match code {
            RunPythonCode::Noop => return,
            RunPythonCode::Unknown(why) => return self.unreadable(operation, why.clone()),
            RunPythonCode::Function(function) => function,
        };
        match self.python.sql_of(function) {
            FunctionSql::OrmOnly => {}
            FunctionSql::Unknown(why) => self.unreadable(operation, why),
            FunctionSql::Sends(texts) => {
                self.session.cause = Cause::Sql {
                    migration: Some(Arc::clone(&self.key)),
                };
                for text in texts {
                    match text {
                        Ok(Text { text, map }) => self.session.run(&text, &map, &unreadable_part),
                        Err(why) => self.unreadable(operation, why),
                    }
                }
            }
        }
    }

    /// An operation that may have done anything to the database.
    fn unreadable(&mut self, operation: &LocatedOperation, why: Why) {
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
    fn finish(&mut self) {
        let paused = std::mem::take(&mut self.paused);
        if let Some(last) = self.session.operations.last() {
            self.session.cause = Cause::Django(Arc::clone(last));
        }
        SchemaEditor::resume(&mut self.session, self.migration, self.django, paused).finish();
    }

    /// Runs each `reverse_sql` on the catalog that rolling back would find, and keeps what is refused.
    fn reverse_moments(&mut self) -> Vec<super::Moment> {
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

    fn reverse(&mut self, reverse: &SqlText, found: Schema) -> Vec<super::Moment> {
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

fn unreadable_part(_: usize) -> Why {
    Why::new("part of the text could not be read")
}

/// The tables of an app's models, those between models included.
fn tables_of(state: &ProjectState, app_label: &str) -> BTreeSet<WrittenName> {
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

fn transaction_of(migration: &Migration) -> TransactionContext {
    match migration.atomic {
        Ok(true) => TransactionContext::Block,
        Ok(false) => TransactionContext::Own,
        Err(_) => TransactionContext::Unknown,
    }
}

/// Operations, those inside `SeparateDatabaseAndState` counted one by one.
fn count(operations: &[LocatedOperation]) -> usize {
    operations
        .iter()
        .map(|located| match &located.operation {
            Operation::SeparateDatabaseAndState {
                database_operations,
                state_operations,
            } => 1 + count(database_operations) + count(state_operations),
            _ => 1,
        })
        .sum()
}
