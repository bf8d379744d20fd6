//! From the paths on a command line to the project: its apps, its migrations, its models, its settings and the
//! packages that it uses.

mod app;
mod app_config;
mod environment;
mod installed;
mod project;
mod reached;
mod root;
mod same_label;
mod search;
mod target;
mod walk;

#[cfg(test)]
mod tests;

pub use app::{App, MigrationsPackage, UnlintedApp};
pub use project::{AbsentApp, DiscoverOptions, LeftOutApp, Project, discover};
pub use walk::python_files;

use std::path::PathBuf;
use std::sync::Arc;

use crate::source::ReadError;

/// What went wrong while a project was looked for. Only when nothing at all can be read is it an error of the
/// whole; else the rest goes on.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DiscoverError {
    #[error("`{}` does not exist; check the path", path.display())]
    MissingPath { path: PathBuf },
    #[error("cannot list the folder `{}`, so what lies in it is left out: {source}", path.display())]
    UnreadableFolder {
        path: PathBuf,
        source: Arc<ReadError>,
    },
    #[error("cannot read the settings: {source}")]
    UnreadableSettings { source: Arc<ReadError> },
    #[error(
        "the settings module `{module}` is not on the search path; give its file with `--settings path/to/settings.py`"
    )]
    MissingSettings { module: Arc<str> },
    #[error(
        "`{}` has no site-packages folder; give the folder of a virtual environment, or its site-packages, to `--python-path`",
        path.display()
    )]
    NoSitePackages { path: PathBuf },
    #[error(
        "the folder `{}` has no `__init__.py`, so Django does not see its migrations; add an empty one",
        path.display()
    )]
    MigrationsWithoutInit { path: PathBuf },
    #[error(
        "the apps in `{}` and `{}` both have the label `{label}`; give one of them another in its AppConfig",
        first.display(),
        second.display()
    )]
    SameLabel {
        label: Arc<str>,
        first: PathBuf,
        second: PathBuf,
    },
}
