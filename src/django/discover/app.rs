//! One Django app: its label and name, its migrations and its models.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::walk::{migration_files, python_files};
use crate::django::migration::Ownership;
use crate::django::python::{
    Ancestor, ClassDefinition, FoundModule, Python, Static, Value, ValueKind,
};
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

/// What an app's AppConfig says.
#[derive(Debug, Clone, Default)]
pub(super) struct AppConfig {
    pub(super) name: Option<Arc<str>>,
    pub(super) label: Option<Arc<str>>,
    pub(super) default_auto_field: Option<Static<Arc<str>>>,
}

impl App {
    /// Builds an app from its package's folder and its config.
    pub(super) fn new(
        (folder, name): (&Path, &str),
        config: AppConfig,
        ownership: Ownership,
    ) -> Self {
        let name = config.name.unwrap_or_else(|| name.into());
        let last = |name: &Arc<str>| Arc::from(name.rsplit('.').next().unwrap_or(name));
        let label = config.label.unwrap_or_else(|| last(&name));
        let (models_module, models) = models_of(folder);
        Self {
            label,
            name,
            path: folder.to_owned(),
            migrations: migrations_in(&folder.join("migrations")),
            models_module,
            models,
            ownership,
            default_auto_field: config.default_auto_field,
        }
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

/// The config that Django chooses for a package: the only AppConfig of its `apps.py` that does not say
/// `default = False`, else the only one that says `default = True` (`AppConfig.create`).
pub(super) fn default_config(python: &Python, folder: &Path) -> AppConfig {
    let file = folder.join("apps.py");
    if !source::is_file(&file) {
        return AppConfig::default();
    }
    let Ok(module) = python.module(&file) else {
        return AppConfig::default();
    };
    let candidates = python
        .bindings(&module)
        .into_iter()
        .filter(|(_, value)| is_app_config(python, value))
        .filter(|(_, value)| default_of(python, value) != Some(false))
        .collect::<Vec<_>>();
    let chosen = match candidates.as_slice() {
        [(_, only)] => Some(only),
        many => {
            let mut defaults = many
                .iter()
                .filter(|(_, value)| default_of(python, value) == Some(true));
            match (defaults.next(), defaults.next()) {
                (Some((_, only)), None) => Some(only),
                _ => None,
            }
        }
    };
    chosen.map_or_else(AppConfig::default, |class| config_of(python, class))
}

/// What a config class says of its app.
pub(super) fn config_of(python: &Python, class: &Value) -> AppConfig {
    let text = |name: &str| match attribute(python, class, name)?.kind {
        ValueKind::Str(text) => Some(text.text),
        _ => None,
    };
    let field = attribute(python, class, "default_auto_field");
    AppConfig {
        name: text("name"),
        label: text("label"),
        default_auto_field: field.map(|value| match value.kind {
            ValueKind::Str(text) => Ok(text.text),
            ValueKind::Unknown(why) => Err(why),
            _ => Err(crate::schema::Why::new(
                "default_auto_field is not a text that can be read",
            )),
        }),
    }
}

/// Django's own class, or one whose name says so where its ancestors cannot be read.
pub(super) fn is_app_config(python: &Python, value: &Value) -> bool {
    let ValueKind::Class(class) = &value.kind else {
        return false;
    };
    let mut unread = false;
    for ancestor in python.ancestry(value) {
        match ancestor {
            Ancestor::Name(name)
                if matches!(
                    name.as_str(),
                    "django.apps.AppConfig" | "django.apps.config.AppConfig"
                ) =>
            {
                return true;
            }
            Ancestor::Name(_) | Ancestor::Unknown(_) => unread = true,
            Ancestor::Class(_) => {}
        }
    }
    unread && class.name.last().ends_with("Config") && class.attribute("name").is_some()
}

fn default_of(python: &Python, class: &Value) -> Option<bool> {
    match attribute(python, class, "default")?.kind {
        ValueKind::Bool(value) => Some(value),
        _ => None,
    }
}

fn attribute(python: &Python, class: &Value, name: &str) -> Option<Value> {
    python
        .ancestry(class)
        .into_iter()
        .find_map(|ancestor| match ancestor {
            Ancestor::Class(class) => ClassDefinition::attribute(&class, name).cloned(),
            Ancestor::Name(_) | Ancestor::Unknown(_) => None,
        })
}
