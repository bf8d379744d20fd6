//! From paths to a history: reads the project, replays it, and hands on what the linter needs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::Config;
use crate::django::project_state::ProjectState;
use crate::django::python::{Python, SearchPath};
use crate::django::version::DjangoVersion;
use crate::history::{Deployments, History, Judged, ProjectSide, Replay, ReplayOptions};
use crate::lint::{Deployment, Newness, OpenModel, Problem};
use crate::schema::{Schema, Why};
use crate::source::{self, Comment, Origin, SourceFile};
use crate::sql;

/// What to read, and how.
pub(super) struct Request<'a> {
    /// Folders and files that exist.
    pub paths: &'a [PathBuf],
    /// SQL from standard input, under the name [`STDIN`].
    pub stdin: Option<String>,
    /// The configuration, with what the command line says in its place.
    pub config: &'a Config,
    pub newness: &'a Newness,
}

/// The name of standard input in findings.
pub(super) const STDIN: &str = "<stdin>";

/// What was read and replayed.
pub(super) struct Analysed {
    pub history: History,
    /// Of the project's files.
    pub comments: Vec<Comment>,
    pub in_project: Box<dyn Fn(&Path) -> bool>,
    /// Files of the project that were read.
    pub files: usize,
    pub open_models: Vec<OpenModel>,
    /// Files that could not be read.
    pub problems: Vec<Problem>,
}

/// Reads and replays.
pub(super) fn analyse(request: &Request<'_>) -> Result<Analysed, Problem> {
    let mut problems = Vec::new();
    let scripts = scripts(request, &mut problems);
    let python = Python::new(SearchPath::new(Vec::new(), Vec::new()));
    let options = ReplayOptions {
        postgres: request.config.lint.postgres,
        django: DjangoVersion::default(),
        deployments: match request.newness.basis.kind.deployment() {
            Deployment::EachMigration => Deployments::EachMigration,
            Deployment::AllNewTogether => Deployments::AllNew,
        },
    };
    let start = Schema::open(Why::new("the database before this script is not known"));
    let state = ProjectState::new(Arc::default());
    let mut replay = Replay::new(&python, start, state, options);
    let mut comments = Vec::new();
    for script in &scripts {
        let judged = if request.newness.is_new(script.path(), None) {
            Judged::New
        } else {
            Judged::Old
        };
        replay.script(script, judged);
        comments.extend(sql::comments(script.text()).into_iter().map(|comment| Comment {
            text: comment.text.to_string(),
            origin: Origin::new(script, comment.span),
        }));
    }
    Ok(Analysed {
        history: replay.finish(ProjectSide::default()),
        comments,
        in_project: Box::new(|_| true),
        files: scripts.len(),
        open_models: Vec::new(),
        problems,
    })
}

/// The `.sql` files that were named, and standard input.
fn scripts(request: &Request<'_>, problems: &mut Vec<Problem>) -> Vec<Arc<SourceFile>> {
    let mut scripts = Vec::new();
    for path in request.paths {
        if path.extension().is_some_and(|kind| kind == "sql") {
            match source::read(path) {
                Ok(file) => scripts.push(file),
                Err(error) => problems.push(Problem::new(error.to_string()).in_file(path)),
            }
        }
    }
    if let Some(text) = &request.stdin {
        scripts.push(SourceFile::new(STDIN, text.as_str()));
    }
    scripts
}
