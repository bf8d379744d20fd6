//! From paths to a history: reads the project, replays it, and hands on what the linter needs.

mod edited;
pub(super) mod executed;
mod leaves;
mod migration_files;
mod project;
mod record;
mod scripts;
mod sql_folder;
mod unlinted;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::project::ReadProject;
use self::scripts::Scripts;
use crate::config::Config;
use crate::django::migration::MigrationKey;
use crate::django::project_state::ProjectState;
use crate::django::python::{Python, SearchPath};
use crate::django::version::DjangoVersion;
use crate::drift::RecordedMigrations;
use crate::history::{Deployments, Dump, History, ProjectSide, Replay, ReplayOptions};
use crate::lint::{
    Deployment, LeftOut, Newness, NewnessRequest, OpenModel, Problem, RuleBook, UnlintedApp,
};
use crate::repair::LeafMigration;
use crate::rules::RULES;
use crate::schema::{RelationName, Schema, Why};
use crate::source::{Comment, SourceFile};

/// What to read, and how.
pub(super) struct Request<'a> {
    /// Folders and files that exist.
    pub paths: &'a [PathBuf],
    /// SQL from standard input, under the name [`STDIN`].
    pub stdin: Option<String>,
    /// The configuration, with what the command line says in its place.
    pub config: &'a Config,
    pub newness: &'a Newness,
    /// What SQL scripts find when they begin; else nothing is known of it.
    pub dump: Option<Arc<SourceFile>>,
    /// A live database: what it has not applied is replayed on its catalog.
    pub live: Option<&'a Live>,
    /// Whether its record is taken as it stands.
    pub record: RecordIs,
}

/// How the record of a live database is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordIs {
    /// As `migrate` takes it.
    Believed,
    /// Held against what the database has: rows may be gone, or stand for nothing.
    Judged,
}

impl Request<'_> {
    /// The schema with the search path of the live database: what the migrations make lies where theirs does.
    fn placed(&self, schema: Schema) -> Schema {
        match self.live {
            Some(live) => schema.searching(live.schema.search_path()),
            None => schema,
        }
    }
}

/// A live database, as far as the replay is concerned.
#[derive(Debug, Clone)]
pub struct Live {
    pub schema: Schema,
    /// The rows of `django_migrations`.
    pub recorded: BTreeSet<MigrationKey>,
    /// Where they stand, or would stand.
    pub record: RelationName,
}

/// What the recorded migrations left when they were replayed, and what the record comes to.
pub(super) struct Recorded {
    pub schema: Schema,
    pub migrations: RecordedMigrations,
}

/// The name of standard input in findings.
pub(super) const STDIN: &str = "<stdin>";

/// What was read and replayed.
pub(super) struct Analysed {
    pub history: History,
    pub recorded: Option<Recorded>,
    /// The version of Django that was assumed.
    pub django: DjangoVersion,
    /// Of the project's files.
    pub comments: Vec<Comment>,
    pub in_project: Box<dyn Fn(&Path) -> bool>,
    /// Files of the project that were read.
    pub files: usize,
    pub open_models: Vec<OpenModel>,
    pub left_out: Vec<LeftOut>,
    pub unlinted_apps: Vec<UnlintedApp>,
    /// Why there may be more apps than were read.
    pub unknown_apps: Vec<String>,
    /// Labels of apps that were not found.
    pub absent_apps: Vec<String>,
    /// The migrations of the project's own apps that new ones follow.
    pub leaves: Vec<LeafMigration>,
    /// Files that could not be read.
    pub problems: Vec<Problem>,
}

/// Reads and replays.
///
/// # Errors
/// When nothing of what was named can be read.
pub(super) fn analyse(request: &Request<'_>) -> Result<Analysed, Problem> {
    let scripts = Scripts::read(request);
    let python_paths: Vec<PathBuf> = request
        .paths
        .iter()
        .filter(|path| scripts::named(path).is_none())
        .cloned()
        .collect();
    if python_paths.is_empty() {
        return Ok(scripts_alone(request, scripts));
    }
    if let Some(dump) = &request.dump {
        return Err(not_of_a_project(dump.path(), &python_paths));
    }
    let project = ReadProject::read(&python_paths, request)?;
    let (mut replay, recorded) = project.replay(request);
    scripts.replay(&mut replay, request.newness);
    let mut analysed = project.analysed(replay, scripts, request);
    analysed.recorded = recorded;
    // The process ends with the report: to free a project value by value is a tenth of the whole run.
    std::mem::forget(project);
    Ok(analysed)
}

/// The history of a project with all its migrations, by its paths, its settings file and its site-packages: what
/// `lint --all` judges, to be compared with what a real server holds after `migrate`.
///
/// # Errors
/// When the project cannot be read, with the reason.
pub fn history_of(
    paths: &[PathBuf],
    settings: Option<PathBuf>,
    python_path: Vec<PathBuf>,
) -> Result<History, String> {
    let book = RuleBook::read(RULES).map_err(|error| error.to_string())?;
    let config = Config {
        settings,
        python_path,
        ..Config::of_defaults(&book)
    };
    let everything = NewnessRequest {
        all: true,
        ..NewnessRequest::default()
    };
    let newness = Newness::find(&everything, &|_| None).map_err(|error| error.to_string())?;
    let request = Request {
        paths,
        stdin: None,
        config: &config,
        newness: &newness,
        dump: None,
        live: None,
        record: RecordIs::Believed,
    };
    let analysed = analyse(&request).map_err(|problem| problem.message)?;
    Ok(analysed.history)
}

/// The migrations of a Django project build their database from the beginning.
fn not_of_a_project(dump: &Path, named: &[PathBuf]) -> Problem {
    let named = named.first().map(|path| path.display().to_string());
    Problem::new(format!(
        "`--schema {}` is what SQL scripts find when they begin, and `{}` is of a Django project, whose migrations are replayed from the \
         beginning: name .sql files with it, or leave it out",
        dump.display(),
        named.unwrap_or_default()
    ))
}

/// SQL without a project: the database before it is what `--schema` tells, else not known.
fn scripts_alone(request: &Request<'_>, scripts: Scripts) -> Analysed {
    let python = Python::new(SearchPath::new(Vec::new(), Vec::new()));
    let state = ProjectState::new(Arc::default());
    let options = options(request, DjangoVersion::default());
    let mut replay = if let Some(file) = &request.dump {
        Replay::restored(&python, Dump::read(file, options.postgres), state, options)
    } else {
        let start = Schema::open(Why::new("the database before this script is not known"));
        Replay::new(&python, start, state, options)
    };
    scripts.replay(&mut replay, request.newness);
    Analysed {
        history: replay.finish(ProjectSide::default()),
        recorded: None,
        django: DjangoVersion::default(),
        comments: scripts.comments(),
        in_project: Box::new(|_| true),
        files: scripts.files.len(),
        open_models: Vec::new(),
        left_out: Vec::new(),
        unlinted_apps: Vec::new(),
        unknown_apps: Vec::new(),
        absent_apps: Vec::new(),
        leaves: Vec::new(),
        problems: scripts.problems,
    }
}

fn options(request: &Request<'_>, django: DjangoVersion) -> ReplayOptions {
    ReplayOptions {
        postgres: request.config.lint.postgres,
        django,
        deployments: match request.newness.basis.kind.deployment() {
            Deployment::EachMigration => Deployments::EachMigration,
            Deployment::AllNewTogether => Deployments::AllNew,
        },
    }
}
