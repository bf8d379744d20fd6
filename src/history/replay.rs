//! Replay: migrations and scripts, one after the other, on one virtual database.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::migration_run::{MigrationRun, tables_of};
use super::session::{Chronicle, Session};
use super::transcript::{Recorder, Transcript};
use super::{
    CreatedHere, Dump, History, Judged, ProjectSide, ReplayedMigration, ReplayedScript,
    StateRefusal, TransactionContext,
};
use crate::django::graph::OrderDoubt;
use crate::django::migration::{Migration, MigrationKey, Ownership};
use crate::django::operation::{LocatedOperation, Operation};
use crate::django::project_state::ProjectState;
use crate::django::python::Python;
use crate::django::schema_editor::{Irreversible, Paused};
use crate::django::version::DjangoVersion;
use crate::postgres::Version;
use crate::schema::{Change, Schema, Touches, Why};
use crate::source::{SourceFile, SourceMap, Span};

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

/// A `.sql` file and what of it runs forward.
#[derive(Debug, Clone)]
pub struct Script {
    pub file: Arc<SourceFile>,
    pub forward: Span,
    /// What its first statement runs in.
    pub transaction: TransactionContext,
}

impl Script {
    /// All of a file, as `psql -f` runs it.
    pub fn whole(file: &Arc<SourceFile>) -> Self {
        let length = u32::try_from(file.text().len()).unwrap_or(u32::MAX);
        Self {
            file: Arc::clone(file),
            forward: Span::new(0, length),
            transaction: TransactionContext::Own,
        }
    }
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

    /// A replay from the database that a dump builds.
    pub fn restored(
        python: &'a Python,
        dump: Dump,
        state: ProjectState,
        options: ReplayOptions,
    ) -> Self {
        let mut replay = Self::new(python, dump.schema, state, options);
        replay.chronicle.not_analysed = dump.not_analysed;
        replay
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

    fn misplaced(&self, key: &MigrationKey) -> Option<Why> {
        let doubt = self.order_doubts.get(key);
        doubt.map(|doubt| doubt.why().clone())
    }

    /// A replay of its own that goes on from here, in a catalog like this one: to see what a migration would do.
    #[must_use]
    pub fn fork(&self, schema: Schema) -> Self {
        Self {
            order_doubts: self.order_doubts.clone(),
            ..Self::new(self.python, schema, self.state.clone(), self.options)
        }
    }

    /// The catalog after what was replayed so far.
    pub fn schema(&self) -> &Schema {
        &self.chronicle.schema
    }

    /// What was replayed so far.
    pub fn migrations(&self) -> &[ReplayedMigration] {
        &self.migrations
    }

    /// Django's state after what was replayed so far.
    pub fn state(&self) -> &ProjectState {
        &self.state
    }

    /// Goes on in another database: in a live one, where what was replayed so far is what it has recorded. Gives the
    /// virtual catalog that was left.
    pub fn go_on_in(&mut self, live: Schema) -> Schema {
        std::mem::replace(&mut self.chronicle.schema, live)
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
        self.run(migration, judged, None);
    }

    /// The same, taking down what it executes.
    pub fn recorded(&mut self, migration: &Arc<Migration>) -> Transcript {
        let recorder = Recorder::default();
        self.run(migration, Judged::Old, Some(recorder))
            .unwrap_or_else(|| Recorder::default().finish(migration))
    }

    /// Replays one migration, and takes down what rolling it back would execute right after.
    ///
    /// # Errors
    /// When Django refuses to roll it back.
    pub fn rolled_back(&mut self, migration: &Arc<Migration>) -> Result<Transcript, Irreversible> {
        let before = self.state.clone();
        self.migration(migration, Judged::Old);
        let mut then = self.fork(self.chronicle.schema.clone());
        let created = then.begin_deployment(Judged::Old);
        let recorder = Some(Recorder::default());
        let mut run = then.migration_run(migration, Judged::Old, (created, recorder));
        let transcript = run.backwards(&before)?;
        Ok(transcript.unwrap_or_else(|| Recorder::default().finish(migration)))
    }

    fn migration_run<'s>(
        &'s mut self,
        migration: &'s Arc<Migration>,
        judged: Judged,
        (created, recorder): (Arc<CreatedHere>, Option<Recorder>),
    ) -> MigrationRun<'s, 's> {
        let misplaced = self.misplaced(&migration.key);
        MigrationRun {
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
                misplaced,
                recorder,
                ..Session::of(migration, &mut self.chronicle, judged, created)
            },
        }
    }

    fn run(
        &mut self,
        migration: &Arc<Migration>,
        judged: Judged,
        recorder: Option<Recorder>,
    ) -> Option<Transcript> {
        self.doubt_order_of(&migration.key);
        let created = self.begin_deployment(judged);
        let mut run = self.migration_run(migration, judged, (created, recorder));
        let transcript = run.forwards();
        let reverse_moments = run.reverse_moments();
        let (operations, created) = (run.operations, run.session.created);
        let moments = run.session.moments.into_boxed_slice();
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
            after: self.chronicle.schema.clone(),
            deployed: self.chronicle.schema.clone(),
        });
        transcript
    }

    /// Replays one `.sql` file as `psql -f` runs it: each statement in a transaction of its own.
    pub fn script(&mut self, file: &Arc<SourceFile>, judged: Judged) {
        self.forward(&Script::whole(file), judged);
    }

    /// Replays what of a `.sql` file runs forward, as the tool runs it that the file is written for.
    pub fn forward(&mut self, script: &Script, judged: Judged) {
        let file = &script.file;
        let created = self.begin_deployment(judged);
        let mut session = Session {
            transaction: script.transaction,
            ..Session::begin(&mut self.chronicle, judged, created)
        };
        let text = file.slice(script.forward);
        session.run_script(text, &SourceMap::identity(file).part(script.forward));
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
            django: self.options.django,
        }
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
