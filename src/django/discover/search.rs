//! The search for the apps of a project: folders under the roots, the settings, then what these lead to.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::DiscoverError;
use super::app::{App, UnlintedApp};
use super::app_config::{AppConfig, likely_config};
use super::environment::site_packages;
use super::project::{AbsentApp, DiscoverOptions, LeftOutApp, Project};
use super::root::{Root, Spelling};
use super::target;
use super::walk::candidates;
use crate::django::migration::Ownership;
use crate::django::python::{FoundModule, Module, Python, SearchPath, ValueKind, import_root};
use crate::django::settings::{Settings, named_by_manage};
use crate::django::version::DjangoVersion;
use crate::schema::Why;
use crate::source;

/// A search under way.
pub(super) struct Search {
    pub(super) root: PathBuf,
    pub(super) django: DjangoVersion,
    pub(super) roots: Vec<PathBuf>,
    pub(super) named: Vec<PathBuf>,
    pub(super) folders: Vec<PathBuf>,
    pub(super) python: Arc<Python>,
    pub(super) settings: Option<Settings>,
    pub(super) apps: BTreeMap<Arc<str>, App>,
    pub(super) found: Vec<App>,
    pub(super) absent: BTreeSet<AbsentApp>,
    pub(super) unknown_apps: Vec<Why>,
    pub(super) left_out: Vec<LeftOutApp>,
    pub(super) unlinted: Vec<UnlintedApp>,
    pub(super) problems: Vec<DiscoverError>,
}

impl Search {
    pub(super) fn new(
        (root, roots): (PathBuf, &[Root]),
        named: &[PathBuf],
        (options, spelling): (&DiscoverOptions, &Spelling),
        mut problems: Vec<DiscoverError>,
    ) -> Self {
        let mut own = roots
            .iter()
            .map(|root| root.folder.clone())
            .collect::<Vec<_>>();
        own.dedup();
        let folders = app_folders(&own, named, &mut problems);
        let mut site = inside_site_packages(roots).collect::<Vec<_>>();
        let mut import_roots = import_roots(&own, roots, &folders);
        site.extend(site_packages(&root, (options, spelling), &mut problems));
        site.dedup();
        import_roots.retain(|root| !site.contains(root));
        let django = target::django(options.django_version.as_deref(), &root, &site);
        let (major, minor) = django.numbers();
        let python =
            Python::new(SearchPath::new(import_roots, site)).with_django_version(major, minor);
        Self {
            root,
            roots: own,
            named: named.to_vec(),
            folders,
            python: Arc::new(python),
            django,
            settings: None,
            apps: BTreeMap::new(),
            found: Vec::new(),
            absent: BTreeSet::new(),
            unknown_apps: Vec::new(),
            left_out: Vec::new(),
            unlinted: Vec::new(),
            problems,
        }
    }

    pub(super) fn settings(&mut self, options: &DiscoverOptions, spelling: &Spelling) {
        if let Some(given) = &options.given_settings {
            self.python.give_settings(given);
        }
        let path = match self.settings_file(options, spelling) {
            Ok(Some(path)) => path,
            Ok(None) => {
                self.settings = Settings::given(&self.python);
                return;
            }
            Err(problem) => return self.problems.push(problem),
        };
        match Settings::read(&self.python, &path) {
            Ok(settings) => self.settings = Some(settings),
            Err(source) => self
                .problems
                .push(DiscoverError::UnreadableSettings { source }),
        }
    }

    /// The file that was asked for, else the module that `manage.py` names.
    fn settings_file(
        &self,
        options: &DiscoverOptions,
        spelling: &Spelling,
    ) -> Result<Option<PathBuf>, DiscoverError> {
        if let Some(path) = &options.settings {
            let missing = || DiscoverError::MissingPath { path: path.clone() };
            return spelling.normal(path).ok_or_else(missing).map(Some);
        }
        let manage = self.root.join("manage.py");
        let named = source::is_file(&manage).then(|| named_by_manage(&self.python, &manage));
        let Some(module) = named.flatten() else {
            return Ok(None);
        };
        let found = self.python.search_path().find(&module);
        match found.as_ref().and_then(FoundModule::file) {
            Some(path) => Ok(Some(path.to_owned())),
            None => Err(DiscoverError::MissingSettings { module }),
        }
    }

    /// The apps that lie under the roots.
    pub(super) fn own_apps(&mut self) {
        let apps = source::each_file(self.folders.iter().collect(), |folder| self.own_app(folder));
        for app in apps {
            match app {
                Ok(app) if app.migrations.is_some() || !app.models.is_empty() => {
                    self.found.push(app);
                }
                Ok(_) => {}
                Err(unlinted) => self.unlinted.push(unlinted),
            }
        }
    }

    fn own_app(&self, folder: &Path) -> Result<App, UnlintedApp> {
        let python = &self.python;
        let init = folder.join("__init__.py");
        let name = python.search_path().module_name(&init);
        let config = likely_config(python, (folder, &name));
        // A config of another app that happens to lie here does not rename this one.
        let config = match &config.name {
            Some(Ok(_)) if !config.is_of(&name) => AppConfig {
                name: None,
                ..config
            },
            _ => config,
        };
        let app = App::new((folder, &name), config, Ownership::Project)?;
        Ok(without_foreign_migrations(python, app))
    }

    pub(super) fn finish(mut self, named: Vec<PathBuf>) -> Project {
        self.unlinted.sort();
        Project {
            root: self.root,
            django: self.django,
            apps: self.apps.into_values().collect(),
            settings: self.settings,
            python: self.python,
            absent: self.absent.into_iter().collect(),
            unknown_apps: self.unknown_apps,
            left_out: self.left_out,
            unlinted: self.unlinted,
            named,
            problems: self.problems,
        }
    }
}

/// The apps to which named paths belong that a walk for candidates would not see.
fn named_apps(named: &[PathBuf], problems: &mut Vec<DiscoverError>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in named {
        let folder = if source::is_folder(path) {
            Some(path.as_path())
        } else {
            path.parent()
        };
        let migrations = folder
            .into_iter()
            .flat_map(Path::ancestors)
            .find(|folder| folder.file_name().is_some_and(|name| name == "migrations"));
        let Some(app) = migrations.and_then(Path::parent) else {
            continue;
        };
        let folder = app.join("migrations");
        if !source::is_file(&folder.join("__init__.py")) {
            problems.push(DiscoverError::MigrationsWithoutInit { path: folder });
        }
        found.push(app.to_owned());
    }
    found
}

/// A package called `migrations` whose files hold no migration is something else by that name, as
/// `django.db.migrations` is.
fn without_foreign_migrations(python: &Python, mut app: App) -> App {
    let is_migration = |path: &PathBuf| match python.module(path) {
        Ok(module) => !module.problems().is_empty() || defines_migration(python, &module),
        // What cannot be read is reported by who reads it.
        Err(_) => true,
    };
    app.migrations = app
        .migrations
        .filter(|package| package.files.is_empty() || package.files.iter().any(is_migration));
    app
}

/// Whether a file binds `Migration` to a class of a migration, or to what may be one.
fn defines_migration(python: &Python, module: &Arc<Module>) -> bool {
    let Some(value) = python.binding(module, "Migration") else {
        return false;
    };
    let is_djangos = |name: &str| {
        name == "django.db.migrations.Migration"
            || name == "django.db.migrations.migration.Migration"
    };
    match &value.kind {
        ValueKind::Name(name) => !is_djangos(name.as_str()),
        ValueKind::Class(class) if is_djangos(class.name.as_str()) => false,
        ValueKind::Class(class) => {
            let says_what = ["operations", "dependencies", "replaces"];
            !class.bases.is_empty() || says_what.iter().any(|name| class.attribute(name).is_some())
        }
        _ => true,
    }
}

/// The folders that may be apps: those below the roots, and those of named paths.
fn app_folders(
    roots: &[PathBuf],
    named: &[PathBuf],
    problems: &mut Vec<DiscoverError>,
) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let mut folders = Vec::new();
    for root in roots {
        let found = candidates(root, &mut seen, problems);
        folders.extend(found.into_iter().map(|found| found.folder));
    }
    folders.extend(named_apps(named, problems));
    folders.sort();
    folders.dedup();
    folders
}

fn inside_site_packages(roots: &[Root]) -> impl Iterator<Item = PathBuf> {
    roots
        .iter()
        .filter_map(|root| root.inside_site_packages.clone())
}

/// The folders that modules of the project are imported from.
fn import_roots(own: &[PathBuf], roots: &[Root], folders: &[PathBuf]) -> Vec<PathBuf> {
    // A folder without `__init__.py` is a namespace package: imported from above it.
    let above = folders.iter().map(|folder| {
        let init = folder.join("__init__.py");
        import_root(if source::is_file(&init) {
            &init
        } else {
            folder
        })
    });
    let sources = own
        .iter()
        .map(|root| root.join("src"))
        .filter(|path| source::is_folder(path));
    let mut import_roots = Vec::new();
    for path in own
        .iter()
        .cloned()
        .chain(inside_site_packages(roots))
        .chain(sources)
        .chain(above)
    {
        // A package is imported by its name: its own folder is no root.
        let is_package = source::is_file(&path.join("__init__.py"));
        if !import_roots.contains(&path) && !is_package {
            import_roots.push(path);
        }
    }
    import_roots
}
