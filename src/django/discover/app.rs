//! One Django app: its label and name, its migrations and its models.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::app_config::AppConfig;
use super::walk::{migration_files, python_files};
use crate::django::migration::Ownership;
use crate::django::python::{FoundModule, Static};
use crate::schema::Why;
use crate::source;

/// An app of the project, or of a package that it uses.
#[derive(Debug, Clone)]
pub struct App {
    pub label: Arc<str>,
    /// The dotted name of its package: `shop.orders`.
    pub name: Arc<str>,
    pub path: PathBuf,
    pub migrations: Option<MigrationsPackage>,
    /// `models.py`, or `models/__init__.py`: the module that Django imports.
    pub models_module: Option<PathBuf>,
    /// The models module, and for a package every file in it.
    pub models: Vec<PathBuf>,
    pub ownership: Ownership,
    /// `default_auto_field` of its AppConfig, which goes before the setting.
    pub default_auto_field: Option<Static<Arc<str>>>,
}

/// A folder of migrations.
#[derive(Debug, Clone)]
pub struct MigrationsPackage {
    pub folder: PathBuf,
    /// Sorted by name.
    pub files: Vec<PathBuf>,
}

/// An app on disk that cannot be linted: it is not known by which label its tables and migrations go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnlintedApp {
    pub path: PathBuf,
    /// The dotted name of its package.
    pub name: Arc<str>,
    /// The label that it may bear, where it is only not known whether it is installed.
    pub label: Option<Arc<str>>,
    pub why: Why,
}

impl App {
    /// Builds an app from its package's folder and its config.
    ///
    /// # Errors
    /// When its label cannot be read.
    pub(super) fn new(
        (folder, name): (&Path, &str),
        config: AppConfig,
        ownership: Ownership,
    ) -> Result<Self, UnlintedApp> {
        let unlinted = |why| UnlintedApp {
            path: folder.to_owned(),
            name: name.into(),
            label: None,
            why,
        };
        let last = |name: &str| Arc::from(name.rsplit('.').next().unwrap_or(name));
        let (label, name) = match (config.label, config.name) {
            (Some(Err(why)), _) | (None, Some(Err(why))) => return Err(unlinted(why)),
            (None, Some(Ok(name))) => (last(&name), name),
            (None, None) => (last(name), name.into()),
            (Some(Ok(label)), Some(Ok(name))) => (label, name),
            // The label alone decides what its tables and migrations are called.
            (Some(Ok(label)), Some(Err(_)) | None) => (label, name.into()),
        };
        let (models_module, models) = models_of(folder);
        Ok(Self {
            label,
            name,
            path: folder.to_owned(),
            migrations: migrations_in(&folder.join("migrations")),
            models_module,
            models,
            ownership,
            default_auto_field: config.default_auto_field,
        })
    }

    /// Whether a file or folder belongs to this app: its models, or its migrations wherever they are.
    pub fn holds(&self, path: &Path) -> bool {
        path.starts_with(&self.path)
            || self
                .migrations
                .as_ref()
                .is_some_and(|migrations| path.starts_with(&migrations.folder))
    }
}

/// A migrations package; `None` where Django would see none.
pub(super) fn migrations_in(folder: &Path) -> Option<MigrationsPackage> {
    if !source::is_file(&folder.join("__init__.py")) {
        return None;
    }
    Some(MigrationsPackage {
        folder: folder.to_owned(),
        files: migration_files(folder).ok()?,
    })
}

fn models_of(folder: &Path) -> (Option<PathBuf>, Vec<PathBuf>) {
    let package = folder.join("models");
    let init = package.join("__init__.py");
    if source::is_file(&init) {
        return (Some(init), python_files(&package));
    }
    let file = folder.join("models.py");
    if source::is_file(&file) {
        return (Some(file.clone()), vec![file]);
    }
    (None, Vec::new())
}

/// The folder of a package.
pub(super) fn package_folder(found: &FoundModule) -> Option<PathBuf> {
    match found {
        FoundModule::Package { folder, .. } | FoundModule::Namespace(folder) => {
            Some(folder.clone())
        }
        FoundModule::File(path) => path.parent().map(Path::to_owned),
    }
}
