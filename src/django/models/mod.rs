//! The models of a project as its `models.py` files say, brought to the same state that migrations lead to.
//!
//! `ModelBase.__new__` (`django/db/models/base.py`), `Options` (`options.py`) and `ModelState.from_model`
//! (`django/db/migrations/state.py`), 4.2 to 6.0.

mod class;
mod elsewhere;
mod fields;
mod meta;
mod modules;
mod open;
mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use class::{ModelClass, Registry};
pub use elsewhere::UnfoundModel;
pub use modules::app_models;
pub use project::{ReadModels, read_project_models, state_settings};

use super::discover::UnlintedApp;
use super::project_state::{ModelKey, ProjectState, StateSettings};
use super::python::{ClassDefinition, Python, Value, ValueKind};
use crate::schema::Why;
use crate::source::{Origin, SourceFile};

/// The modules of an app in which its models are defined.
#[derive(Debug, Clone)]
pub struct AppModels {
    pub label: Arc<str>,
    /// The dotted name of the app's package: `shop`, `company.shop`.
    pub package: Arc<str>,
    pub modules: Vec<ModelsModule>,
    /// What these import of other packages, by dotted names that may be modules.
    pub outside: Vec<Arc<str>>,
}

impl AppModels {
    /// An app whose models are known without its modules.
    fn told_elsewhere(label: &Arc<str>, package: &Arc<str>) -> Self {
        Self {
            label: Arc::clone(label),
            package: Arc::clone(package),
            modules: Vec::new(),
            outside: Vec::new(),
        }
    }
}

/// One module that holds models: `shop.models`, `shop.models.orders`.
#[derive(Debug, Clone)]
pub struct ModelsModule {
    pub file: Arc<SourceFile>,
    pub bindings: Vec<(Arc<str>, Value)>,
}

/// A class that may be a model and was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelProblem {
    pub class: Arc<str>,
    pub origin: Origin,
    pub why: Why,
}

/// What the models of a project are read from.
#[derive(Debug, Clone, Copy)]
pub struct ProjectModels<'a> {
    pub apps: &'a [AppModels],
    /// Apps of which no label is known: what a model of theirs is called is not known either.
    pub unlinted: &'a [UnlintedApp],
    pub settings: &'a Arc<StateSettings>,
    /// Looks into the methods of custom classes; without it they stay unknown.
    pub python: Option<&'a Python>,
    /// What the migrations lead to: a class whose bases are unknown is a model when migrations know it.
    pub migrated: Option<&'a ProjectState>,
}

/// The models of all apps as one state, and the classes that were not understood.
pub fn read_models(project: ProjectModels<'_>) -> (ProjectState, Vec<ModelProblem>) {
    let registry = Registry::new(&project);
    let apps = project.apps;
    let mut state = ProjectState::new(Arc::clone(project.settings));
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for class in apps.iter().flat_map(own_classes) {
        if !seen.insert((class.name.clone(), class.origin.clone())) {
            continue;
        }
        match registry.classify(class) {
            ModelClass::Concrete(key) => {
                state.put_model(registry.model_state(class, key));
            }
            ModelClass::Unclear(why) => problems.push(ModelProblem {
                class: class.name.as_str().into(),
                origin: class.origin.clone(),
                why,
            }),
            ModelClass::Abstract | ModelClass::NoModel => {}
        }
    }
    name_indexes(&mut state);
    let opened = registry.registered(apps);
    open_models(&mut state, &opened);
    (state, problems)
}

/// The classes that an app's modules bind, each wherever it is defined.
fn own_classes(app: &AppModels) -> impl Iterator<Item = &Arc<ClassDefinition>> {
    app.modules
        .iter()
        .flat_map(|module| &module.bindings)
        .filter_map(|(_, value)| match &value.kind {
            ValueKind::Class(class) => Some(class),
            _ => None,
        })
}

/// Gives every index without a name the one that Django gives it; for that the columns of all models must be known.
fn name_indexes(state: &mut ProjectState) {
    let keys = state
        .models()
        .map(|model| model.key.clone())
        .collect::<Vec<_>>();
    for key in keys {
        if let Some(named) = meta::with_named_indexes(state, &key) {
            state.put_model(named);
        }
    }
}

/// Models that are handed to a registry or get fields from outside are open.
fn open_models(state: &mut ProjectState, opened: &BTreeMap<ModelKey, Why>) {
    for (key, why) in opened {
        if let Some(model) = state.model(key) {
            let mut model = (**model).clone();
            open::open(&mut model, why);
            state.put_model(model);
        }
    }
}
