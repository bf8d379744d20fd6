//! A Django project, read: its migrations in order, its models, and what could not be read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::executed::Missing;
use super::leaves::leaves;
use super::migration_files::{read_migrations, syntax_problem};
use super::scripts::Scripts;
use super::unlinted::{
    left_out, no_apps, nothing_linted, open_models, unknown_apps, unlinted_apps,
};
use super::{Analysed, Live, RecordIs, Recorded, Request, edited, options, record};
use crate::django::discover::{App, DiscoverOptions, Project, discover};
use crate::django::graph::MigrationGraph;
use crate::django::migration::{Migration, MigrationKey, Ownership};
use crate::django::models::{ReadModels, read_project_models, state_settings};
use crate::django::project_state::{ProjectState, StateSettings};
use crate::django::version::DjangoVersion;
use crate::drift::RecordedMigrations;
use crate::history::{self, Judged, ModelsSide, ProjectSide, Replay};
use crate::lint::{Problem, may_suppress};
use crate::schema::{Schema, Why};
use crate::source::Comment;

pub(super) struct ReadProject {
    project: Project,
    django: DjangoVersion,
    settings: Arc<StateSettings>,
    migrations: Vec<Arc<Migration>>,
    graph: MigrationGraph,
    problems: Vec<Problem>,
}

impl ReadProject {
    pub(super) fn read(paths: &[PathBuf], request: &Request<'_>) -> Result<Self, Problem> {
        let config = request.config;
        let found = discover(
            paths,
            &DiscoverOptions {
                python_path: config.python_path.clone(),
                settings: config.settings.clone(),
                virtual_env: std::env::var_os("VIRTUAL_ENV").map(PathBuf::from),
                django_version: config.django.clone(),
                given_settings: config.django_settings.clone(),
            },
        );
        let project = found.map_err(|error| Problem::new(error.to_string()))?;
        let django = project.django;
        let settings = Arc::new(StateSettings {
            postgres: config.lint.postgres,
            ..state_settings(&project)
        });
        let mut problems: Vec<Problem> = project
            .problems
            .iter()
            .map(|problem| Problem::new(problem.to_string()))
            .collect();
        problems.extend(nothing_linted(&project));
        problems.extend(no_apps(&project));
        let migrations = read_migrations(&project, &settings, &mut problems);
        let recorded = request.live.map(|live| live.recorded.clone());
        let graph = MigrationGraph::build_for_database(
            &migrations,
            &project.unmigrated(),
            &recorded.unwrap_or_default(),
        );
        Ok(Self {
            project,
            django,
            settings,
            migrations,
            graph,
            problems,
        })
    }

    /// Replays the migrations in the order of the graph; those that a live database has not applied on its catalog.
    pub(super) fn replay(&self, request: &Request<'_>) -> (Replay<'_>, Option<Recorded>) {
        let Some(live) = request.live else {
            let mut replay = self.begun(&self.graph, request);
            let by_key = self.by_key();
            for migration in self.graph.plan().iter().filter_map(|key| by_key.get(key)) {
                // What may never run is followed, for what comes after, and not judged.
                let judged = if self.graph.is_perhaps_replaced(&migration.key) {
                    Judged::Old
                } else {
                    judged(migration, request)
                };
                replay.migration(migration, judged);
            }
            return (replay, None);
        };
        match request.record {
            RecordIs::Believed => {
                let replay = self.recorded_replay(&self.graph, request);
                let (replay, recorded) = self.go_on(replay, live, &self.graph);
                (replay, Some(recorded))
            }
            RecordIs::Judged => {
                let (judgement, graph, replay) = record::judge(self, live, request);
                let (replay, mut recorded) = self.go_on(replay, live, &graph);
                recorded.migrations.out_of_order = self.graph.out_of_order();
                recorded.migrations.unrecorded = judgement.unrecorded;
                recorded.migrations.not_applied = judgement.not_applied;
                (replay, Some(recorded))
            }
        }
    }

    /// Replays what is not applied, on the live catalog.
    fn go_on<'a>(
        &self,
        mut replay: Replay<'a>,
        live: &Live,
        graph: &MigrationGraph,
    ) -> (Replay<'a>, Recorded) {
        let by_key = self.by_key();
        let schema = replay.go_on_in(live.schema.clone());
        let labels = self.labels();
        let migrations = RecordedMigrations::of(graph, (&live.record, &live.recorded), &labels);
        for migration in migrations
            .unapplied
            .iter()
            .filter_map(|key| by_key.get(key))
        {
            let judged = match migration.ownership {
                Ownership::Project => Judged::New,
                Ownership::SitePackages => Judged::Old,
            };
            replay.migration(migration, judged);
        }
        (replay, Recorded { schema, migrations })
    }

    /// Replays what the database of the graph has applied.
    pub(super) fn recorded_replay(
        &self,
        graph: &MigrationGraph,
        request: &Request<'_>,
    ) -> Replay<'_> {
        let mut replay = self.begun(graph, request);
        let by_key = self.by_key();
        for key in graph.plan().iter().filter(|key| graph.is_applied(key)) {
            if let Some(migration) = by_key.get(key) {
                replay.migration(migration, Judged::Old);
            }
        }
        replay
    }

    pub(super) fn begun(&self, graph: &MigrationGraph, request: &Request<'_>) -> Replay<'_> {
        let state = ProjectState::new(Arc::clone(&self.settings));
        let options = options(request, self.django);
        Replay::new(&self.project.python, self.start(request), state, options)
            .with_order_doubts(graph.order_doubts().clone())
    }

    /// The graph for a database that has recorded these migrations.
    pub(super) fn graph_for(&self, recorded: &BTreeSet<MigrationKey>) -> MigrationGraph {
        MigrationGraph::build_for_database(&self.migrations, &self.project.unmigrated(), recorded)
    }

    pub(super) fn by_key(&self) -> BTreeMap<&MigrationKey, &Arc<Migration>> {
        self.migrations
            .iter()
            .map(|migration| (&migration.key, migration))
            .collect()
    }

    pub(super) fn graph(&self) -> &MigrationGraph {
        &self.graph
    }

    pub(super) fn missing(&self) -> Missing {
        Missing {
            absent: self.absent_apps(),
            unknown: unknown_apps(&self.project),
        }
    }

    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The labels of all apps, those of packages included.
    pub(super) fn labels(&self) -> BTreeSet<Arc<str>> {
        let apps = self.project.apps.iter();
        apps.map(|app| Arc::clone(&app.label)).collect()
    }

    /// Closed, unless there are apps whose tables nobody could see being created.
    pub(super) fn start(&self, request: &Request<'_>) -> Schema {
        let unknown = self.project.unknown_apps.first().cloned();
        let absent = self.project.absent.first().map(|app| {
            Why::new(format!(
                "the migrations of `{}` were not found: its tables are not known",
                app.label
            ))
        });
        let unlinted = self.project.unlinted.first().map(|app| {
            Why::new(format!(
                "the app in `{}` is not linted: its tables are not known",
                app.path.display()
            ))
        });
        request.placed(match unknown.or(absent).or(unlinted) {
            Some(why) => Schema::open(why),
            None => Schema::empty(),
        })
    }

    /// What the linter needs, once everything was replayed.
    pub(super) fn analysed(
        &self,
        replay: Replay<'_>,
        scripts: Scripts,
        request: &Request<'_>,
    ) -> Analysed {
        let models = self.models(replay.state());
        let mut problems = self.problems.clone();
        let python = &self.project.python;
        let edited = edited::edited(&self.migrations, python, request, &mut problems);
        let own_apps: BTreeSet<_> = self.own_apps().map(|app| Arc::clone(&app.label)).collect();
        let read = models.as_ref();
        let open_models = read.map_or_else(Vec::new, |read| open_models(read, &own_apps));
        let mut comments = scripts.comments();
        let files = self.own_files(models.as_ref());
        let models = models.map(|models| self.expected(models, request));
        comments.extend(self.comments(&files));
        problems.extend(self.syntax_problems(&files));
        problems.extend(scripts.problems);
        let migrated = self.own_apps().filter(|app| app.migrations.is_some());
        let side = ProjectSide {
            migrated_apps: migrated.map(|app| Arc::clone(&app.label)).collect(),
            compared_apps: request.live.map(|_| self.labels()),
            own_apps,
            models,
            edited,
            graph_problems: self.graph.problems().to_vec(),
        };
        Analysed {
            history: replay.finish(side),
            recorded: None,
            django: self.django,
            comments,
            in_project: self.scope(&scripts.files),
            files: files.len() + scripts.files.len(),
            open_models,
            left_out: left_out(&self.project),
            unlinted_apps: unlinted_apps(&self.project),
            unknown_apps: unknown_apps(&self.project),
            absent_apps: self.absent_apps(),
            leaves: leaves(&self.migrations, &self.graph),
            problems,
        }
    }

    /// The catalog that the models would have, in the schema where the migrations leave theirs.
    fn expected(&self, models: ReadModels, request: &Request<'_>) -> ModelsSide {
        let empty = Schema::open(Why::new("tables that no model of the project has"));
        history::expected(models.state, request.placed(empty), self.django)
    }

    fn absent_apps(&self) -> Vec<String> {
        let absent = self.project.absent.iter();
        let labels: BTreeSet<String> = absent.map(|app| app.label.to_string()).collect();
        labels.into_iter().collect()
    }

    fn own_apps(&self) -> impl Iterator<Item = &App> {
        self.project
            .apps
            .iter()
            .filter(|app| app.ownership == Ownership::Project)
    }

    /// The models of all apps; `None` where no app has any.
    fn models(&self, migrated: &ProjectState) -> Option<ReadModels> {
        if self
            .project
            .apps
            .iter()
            .all(|app| app.models_module.is_none())
        {
            return None;
        }
        Some(read_project_models(
            &self.project,
            &self.settings,
            Some(migrated),
        ))
    }

    fn own_files(&self, read: Option<&ReadModels>) -> Vec<PathBuf> {
        let migrations = self
            .own_apps()
            .filter_map(|app| app.migrations.as_ref())
            .flat_map(|package| &package.files);
        let models = self.own_apps().flat_map(|app| &app.models);
        let imported = read.iter().flat_map(|read| &read.files);
        let files: BTreeSet<PathBuf> = migrations.chain(models).chain(imported).cloned().collect();
        files.into_iter().collect()
    }

    /// The comments of the files in which any may silence a finding.
    fn comments(&self, files: &[PathBuf]) -> Vec<Comment> {
        files
            .iter()
            .filter_map(|path| self.project.python.module(path).ok())
            .filter(|module| may_suppress(module.file.text()))
            .flat_map(|module| {
                module
                    .comments()
                    .map(|comment| Comment {
                        text: comment.text.to_string(),
                        origin: comment.origin,
                    })
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    fn syntax_problems(&self, files: &[PathBuf]) -> Vec<Problem> {
        files
            .iter()
            .filter_map(|path| self.project.python.module(path).ok())
            .filter_map(|module| syntax_problem(&module))
            .collect()
    }

    /// Whether findings of a file are wanted: it was named, or belongs to an app of which a folder was named.
    fn scope(&self, scripts: &[Arc<crate::source::SourceFile>]) -> Box<dyn Fn(&Path) -> bool> {
        let named = self.project.named.clone();
        let apps: Vec<App> = self
            .own_apps()
            .filter(|app| {
                named
                    .iter()
                    .any(|path| app.holds(path) && crate::source::is_folder(path))
            })
            .cloned()
            .collect();
        let scripts: BTreeSet<PathBuf> = scripts
            .iter()
            .map(|script| script.path().to_owned())
            .collect();
        Box::new(move |path| {
            scripts.contains(path)
                || named.iter().any(|name| path.starts_with(name))
                || apps.iter().any(|app| app.holds(path))
        })
    }
}

/// Packages that the project uses are read, never judged.
fn judged(migration: &Migration, request: &Request<'_>) -> Judged {
    let is_own = migration.ownership == Ownership::Project;
    let path = migration.file.path();
    if is_own && request.newness.is_new(path, Some(&migration.key)) {
        Judged::New
    } else {
        Judged::Old
    }
}
