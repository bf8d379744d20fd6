//! The project that belongs to the paths on a command line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::DiscoverError;
use super::app::{App, UnlintedApp};
use super::root::{Spelling, root_of};
use super::search::Search;
use crate::django::migration::Ownership;
use crate::django::python::Python;
use crate::django::settings::Settings;
use crate::django::version::DjangoVersion;
use crate::schema::Why;
use crate::source::{self, SourceFile};

/// What a command line or a configuration says about the surroundings of a project.
#[derive(Debug, Clone, Default)]
pub struct DiscoverOptions {
    /// Virtual environments or site-packages folders; when given, no other is looked for.
    pub python_path: Vec<PathBuf>,
    /// The file of a settings module.
    pub settings: Option<PathBuf>,
    /// The environment variable `VIRTUAL_ENV`.
    pub virtual_env: Option<PathBuf>,
    /// The release of Django that the configuration names: `4.2`.
    pub django_version: Option<String>,
    /// Settings that come before those of the settings module: assignments of Python.
    pub given_settings: Option<Arc<SourceFile>>,
}

/// A Django project as it lies on disk.
#[derive(Debug)]
pub struct Project {
    /// As it is printed; empty for the working folder.
    pub root: PathBuf,
    /// The release whose SQL is written, and whose defaults hold.
    pub django: DjangoVersion,
    /// Sorted by label; one app for each label.
    pub apps: Vec<App>,
    pub settings: Option<Settings>,
    pub python: Arc<Python>,
    /// Apps of INSTALLED_APPS, or reached by a dependency, that are not on disk: their tables are not known.
    pub absent: Vec<AbsentApp>,
    /// Why INSTALLED_APPS may hold more apps than were read; empty where all of it was read, or there are no settings.
    pub unknown_apps: Vec<Why>,
    /// Apps with migrations that INSTALLED_APPS does not list: Django does not load them either.
    pub left_out: Vec<LeftOutApp>,
    /// Apps whose label is not known, or that several apps share. Sorted by path.
    pub unlinted: Vec<UnlintedApp>,
    /// The paths that were named, in the form of all others.
    pub named: Vec<PathBuf>,
    pub problems: Vec<DiscoverError>,
}

/// An app that is known by name alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AbsentApp {
    /// The entry of INSTALLED_APPS; `None` for the label of a dependency.
    pub entry: Option<Arc<str>>,
    pub label: Arc<str>,
}

/// An app on disk that the settings do not install.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOutApp {
    pub label: Arc<str>,
    pub path: PathBuf,
}

impl Project {
    pub fn app(&self, label: &str) -> Option<&App> {
        self.apps.iter().find(|app| &*app.label == label)
    }

    /// Whether a file lies under one of the named paths.
    pub fn is_named(&self, path: &Path) -> bool {
        self.named.iter().any(|named| path.starts_with(named))
    }

    /// The migrations and models of the project that were named, and named files beside them.
    pub fn named_files(&self) -> BTreeSet<PathBuf> {
        let own = self
            .apps
            .iter()
            .filter(|app| app.ownership == Ownership::Project);
        let files = own.flat_map(|app| {
            let migrations = app.migrations.iter().flat_map(|package| &package.files);
            migrations.chain(&app.models)
        });
        let files = files.filter(|path| self.is_named(path)).cloned();
        let named = self
            .named
            .iter()
            .filter(|path| source::is_file(path))
            .cloned();
        files.chain(named).collect()
    }

    /// The labels of apps without migrations, for [`crate::django::graph::MigrationGraph::build`].
    pub fn unmigrated(&self) -> BTreeSet<Arc<str>> {
        let unmigrated = self.apps.iter().filter(|app| app.migrations.is_none());
        unmigrated.map(|app| Arc::clone(&app.label)).collect()
    }
}

/// Finds the project of the named paths: migrations folders, apps, roots, single files.
///
/// # Errors
/// When none of the paths exists.
pub fn discover(paths: &[PathBuf], options: &DiscoverOptions) -> Result<Project, DiscoverError> {
    let mut problems = Vec::new();
    let mut named = Vec::new();
    let mut roots = paths
        .iter()
        .filter_map(|path| root_of(path))
        .collect::<Vec<_>>();
    let spelling = Spelling::for_roots(&roots);
    for root in &mut roots {
        root.folder = spelling.of(&root.folder);
        root.inside_site_packages = root
            .inside_site_packages
            .take()
            .map(|site| spelling.of(&site));
    }
    for path in paths {
        match spelling.normal(path) {
            Some(path) => named.push(path),
            None => problems.push(DiscoverError::MissingPath { path: path.clone() }),
        }
    }
    let Some(first) = named.first() else {
        return Err(problems
            .into_iter()
            .next()
            .unwrap_or(DiscoverError::MissingPath {
                path: PathBuf::from("."),
            }));
    };
    let root = roots
        .first()
        .map_or_else(|| first.clone(), |root| root.folder.clone());
    let mut search = Search::new((root, &roots), &named, (options, &spelling), problems);
    search.settings(options, &spelling);
    search.own_apps();
    search.installed_apps();
    search.reached_apps();
    Ok(search.finish(named))
}
