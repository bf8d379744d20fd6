//! Models that migrations know and that no module which `models` imports defines.
//!
//! Django registers a model when its module is imported, whoever imports it: an `admin.py`, a view, a task. And a
//! package may leave it to the project to define some of its models, and define the others itself where the
//! project imports them (`from store.catalogue.models import *`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::class::is_model_root;
use super::modules::{belongs, models_module};
use super::{AppModels, ModelsModule, meta};
use crate::django::ancestry::{ancestry, name_of};
use crate::django::discover::{App, Project, python_files};
use crate::django::migration::Ownership;
use crate::django::project_state::{ModelKey, ModelState, ProjectState};
use crate::django::python::{ClassDefinition, Python, ValueKind};
use crate::schema::Why;
use crate::source;

/// A model that migrations make and whose class was not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfoundModel {
    pub key: ModelKey,
    /// As migrations write it: `Order`.
    pub name: Arc<str>,
    pub why: Why,
}

/// The missing models of each app, by its label.
pub(super) type Missing = BTreeMap<Arc<str>, Vec<Arc<ModelState>>>;

/// The models with tables of the project's own apps that migrations know and `state` lacks, by app.
pub(super) fn missing(project: &Project, state: &ProjectState, migrated: &ProjectState) -> Missing {
    let is_own = |label: &str| {
        let app = project.app(label);
        app.is_some_and(|app| app.ownership == Ownership::Project && app.migrations.is_some())
    };
    let models = migrated.models().filter(|model| {
        state.model(&model.key).is_none()
            && is_own(&model.key.app_label)
            && migrated.has_table(&model.key) == Ok(true)
    });
    let mut missing = BTreeMap::<_, Vec<_>>::new();
    for model in models {
        let models: &mut Vec<Arc<ModelState>> =
            missing.entry(Arc::clone(&model.key.app_label)).or_default();
        models.push(Arc::clone(model));
    }
    missing
}

/// One app in which models are missing.
pub(super) struct Elsewhere<'a> {
    pub(super) python: &'a Python,
    pub(super) app: &'a App,
    /// The packages of all apps.
    pub(super) packages: &'a [Arc<str>],
    pub(super) missing: &'a [Arc<ModelState>],
}

impl Elsewhere<'_> {
    /// Adds the modules that define missing models to those of the app.
    pub(super) fn add_to(&self, known: &mut AppModels) {
        let mut wanted = self.names();
        for module in &known.modules {
            // What the models themselves bind is defined there, be it readable or not.
            for (name, _) in &module.bindings {
                wanted.remove(&*name.to_lowercase());
            }
        }
        let outside = known.outside.clone();
        for name in outside {
            let module = self.python.module_named(&name);
            let found = module.map(|module| models_module(self.python, &module));
            let is_ours = |class: &Arc<ClassDefinition>| {
                meta::app_label(class).as_ref() == Some(&self.app.label)
            };
            known
                .modules
                .extend(found.and_then(|found| taken(found, &mut wanted, &is_ours)));
        }
        for path in self.files(known) {
            if wanted.is_empty() {
                return;
            }
            let Some(module) = self.mentioning(&path, &wanted) else {
                continue;
            };
            known.modules.extend(taken(module, &mut wanted, &is_model));
        }
    }

    /// Why a model that is still missing was not found.
    pub(super) fn unfound(&self, known: &AppModels, model: &ModelState) -> UnfoundModel {
        let name = &*model.key.model_name;
        let binds = |module: &&ModelsModule| {
            let mut names = module.bindings.iter();
            names.any(|(bound, _)| bound.to_lowercase() == name)
        };
        let why = match known.modules.iter().find(binds) {
            Some(module) => format!(
                "what `{}` defines under this name cannot be read",
                module.file.path().display()
            ),
            None => match self.outside_unread(known) {
                Some(unread) => format!(
                    "`{}` does not define it, and `{unread}`, which it imports, was not found",
                    self.app.name
                ),
                None => format!("no module of `{}` that was read defines it", self.app.name),
            },
        };
        UnfoundModel {
            key: model.key.clone(),
            name: Arc::clone(&model.name),
            why: Why::new(why),
        }
    }

    fn names(&self) -> BTreeSet<Arc<str>> {
        let names = self.missing.iter().map(|model| &model.key.model_name);
        names.cloned().collect()
    }

    /// A module of models that the app imports and that was not found.
    fn outside_unread<'k>(&self, known: &'k AppModels) -> Option<&'k Arc<str>> {
        let mut outside = known.outside.iter();
        outside.find(|name| {
            let is_djangos = name.starts_with("django.");
            let is_found = || self.python.search_path().find(name).is_some();
            name.ends_with(".models") && !is_djangos && !is_found()
        })
    }

    /// The files of the app's package that its models do not import, without those of apps that lie in it.
    fn files(&self, known: &AppModels) -> Vec<PathBuf> {
        let read = known.modules.iter().map(|module| module.file.path());
        let read = read.collect::<BTreeSet<_>>();
        let own = |path: &PathBuf| {
            let name = self.python.search_path().module_name(path);
            let inner = self.packages.iter().any(|package| {
                package.len() > self.app.name.len() && super::modules::is_within(&name, package)
            });
            belongs(&name, &self.app.name) && !inner
        };
        let mut files = python_files(&self.app.path);
        files.retain(|path| !read.contains(&**path) && own(path));
        files
    }

    /// A file's classes, if it defines one of the wanted names.
    fn mentioning(&self, path: &Path, wanted: &BTreeSet<Arc<str>>) -> Option<ModelsModule> {
        let text = source::read(path).ok()?;
        let mut names = self.missing.iter();
        let mentions = names.any(|model| {
            wanted.contains(&model.key.model_name)
                && text.text().contains(&format!("class {}(", model.name))
        });
        if !mentions {
            return None;
        }
        let module = self.python.module(path).ok()?;
        Some(models_module(self.python, &module))
    }
}

/// Of a module the wanted classes, which are wanted no more then.
fn taken(
    mut module: ModelsModule,
    wanted: &mut BTreeSet<Arc<str>>,
    is_meant: &dyn Fn(&Arc<ClassDefinition>) -> bool,
) -> Option<ModelsModule> {
    module.bindings.retain(|(name, value)| match &value.kind {
        ValueKind::Class(class) => is_meant(class) && wanted.remove(&*name.to_lowercase()),
        _ => false,
    });
    (!module.bindings.is_empty()).then_some(module)
}

/// Whether a class is a model with a table for certain: other classes may bear a model's name.
fn is_model(class: &Arc<ClassDefinition>) -> bool {
    meta::is_abstract(class) == Ok(false)
        && ancestry(class)
            .iter()
            .any(|ancestor| name_of(ancestor).is_some_and(|name| is_model_root(name.as_str())))
}
