//! The models of a discovered project, and the settings that decide what they are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::elsewhere::{Elsewhere, Missing, UnfoundModel, missing};
use super::{AppModels, ModelProblem, ProjectModels, app_models, read_models};
use crate::django::discover::{App, Project};
use crate::django::field::django_field_kind;
use crate::django::migration::Ownership;
use crate::django::project_state::{FieldKind, ModelKey, ProjectState, StateSettings};
use crate::django::python::{Python, Static};
use crate::django::settings::{Setting, Settings};
use crate::postgres::Version;
use crate::schema::Why;

/// The settings of a project as far as its models depend on them. Without a settings module the type of keys that no
/// app decides stays unknown; the user model is Django's own, as every reusable app has it in its tests.
pub fn state_settings(project: &Project) -> StateSettings {
    let (default_auto_field, swapped) = match &project.settings {
        Some(settings) => (
            settings
                .default_auto_field()
                .and_then(|path| field_kind(&path)),
            swapped(&project.python, settings),
        ),
        None => (
            Err(Why::new(
                "no settings module was read, so DEFAULT_AUTO_FIELD is not known",
            )),
            BTreeMap::from([("AUTH_USER_MODEL".into(), ModelKey::new("auth", "user"))]),
        ),
    };
    let app_auto_fields = project
        .apps
        .iter()
        .filter_map(|app| {
            let path = app.default_auto_field.clone()?;
            Some((
                Arc::clone(&app.label),
                path.and_then(|path| field_kind(&path)),
            ))
        })
        .collect();
    let unread = || {
        Err(Why::new(
            "no settings module was read, so TIME_ZONE is not known",
        ))
    };
    StateSettings {
        default_auto_field,
        app_auto_fields,
        swapped,
        time_zone: project
            .settings
            .as_ref()
            .map_or_else(unread, Settings::time_zone),
        postgres: Version::default(),
    }
}

/// The models of a project, and what was not understood or found of them.
#[derive(Debug)]
pub struct ReadModels {
    pub state: ProjectState,
    pub problems: Vec<ModelProblem>,
    /// Models of the project's own apps that migrations make, and that are in no module that was read.
    pub unfound: Vec<UnfoundModel>,
    /// The files of the project's own apps in which models were looked for.
    pub files: BTreeSet<PathBuf>,
}

/// The models of all apps of a project; `migrated` is what its migrations lead to.
pub fn read_project_models(
    project: &Project,
    settings: &Arc<StateSettings>,
    migrated: Option<&ProjectState>,
) -> ReadModels {
    let packages: Vec<Arc<str>> = project
        .apps
        .iter()
        .map(|app| Arc::clone(&app.name))
        .collect();
    let mut apps = modules_of_apps(project, &packages, migrated);
    let read = |apps: &[AppModels]| {
        let (mut state, problems) = read_models(ProjectModels {
            apps,
            unlinted: &project.unlinted,
            settings,
            python: Some(&project.python),
            migrated,
        });
        put_told_models(&mut state, project, migrated);
        (state, problems)
    };
    let (mut state, mut problems) = read(&apps);
    let mut unfound = Vec::new();
    if let Some(migrated) = migrated {
        let missing = missing(project, &state, migrated);
        let searched = searched(project, (&packages, &missing), &mut apps);
        if searched.found {
            (state, problems) = read(&apps);
        }
        unfound = searched.unfound;
        unfound.retain(|model| state.model(&model.key).is_none());
    }
    ReadModels {
        state,
        problems,
        unfound,
        files: own_files(project, &apps),
    }
}

/// What a search for missing models came to.
struct Searched {
    found: bool,
    /// Every one that was looked for, with what is to be said where it was not found.
    unfound: Vec<UnfoundModel>,
}

fn searched(
    project: &Project,
    (packages, missing): (&[Arc<str>], &Missing),
    apps: &mut [AppModels],
) -> Searched {
    let mut searched = Searched {
        found: false,
        unfound: Vec::new(),
    };
    for known in apps {
        let (Some(app), Some(missing)) = (project.app(&known.label), missing.get(&known.label))
        else {
            continue;
        };
        let elsewhere = Elsewhere {
            python: &project.python,
            app,
            packages,
            missing,
        };
        let before = known.modules.len();
        elsewhere.add_to(known);
        searched.found |= known.modules.len() > before;
        let unfound = missing.iter().map(|model| elsewhere.unfound(known, model));
        searched.unfound.extend(unfound);
    }
    searched
}

fn own_files(project: &Project, apps: &[AppModels]) -> BTreeSet<PathBuf> {
    let own = apps.iter().filter_map(|known| {
        let app = project.app(&known.label)?;
        (app.ownership == Ownership::Project).then_some((known, app))
    });
    own.flat_map(|(known, app)| {
        let paths = known.modules.iter().map(|module| module.file.path());
        paths.filter(|path| app.holds(path))
    })
    .map(Path::to_owned)
    .collect()
}

/// The modules in which the models of each app are looked for; none where its migrations tell them.
fn modules_of_apps(
    project: &Project,
    packages: &[Arc<str>],
    migrated: Option<&ProjectState>,
) -> Vec<AppModels> {
    let apps = project.apps.iter();
    apps.filter(|app| app.models_module.is_some() || app.migrations.is_some())
        .map(|app| {
            if migrated.is_some_and(|state| is_told_by_migrations(app, state)) {
                AppModels::told_elsewhere(&app.label, &app.name)
            } else {
                app_models(&project.python, &app.label, &app.name, packages)
            }
        })
        .collect()
}

/// Adds the models that the migrations of their apps tell.
fn put_told_models(state: &mut ProjectState, project: &Project, migrated: Option<&ProjectState>) {
    let Some(migrated) = migrated else {
        return;
    };
    for app in &project.apps {
        if !is_told_by_migrations(app, migrated) {
            continue;
        }
        for model in migrated.models() {
            if model.key.app_label == app.label && state.model(&model.key).is_none() {
                state.put_model((**model).clone());
            }
        }
    }
}

/// Whether the migrations of an app tell all that the project's own models can ask of its models: the tables and keys
/// that foreign keys point at. Those of a released package are made from its models, and are what the database has; so
/// its models, and all that they import, need not be read.
fn is_told_by_migrations(app: &App, migrated: &ProjectState) -> bool {
    let has_migrations = app
        .migrations
        .as_ref()
        .is_some_and(|package| !package.files.is_empty());
    app.ownership == Ownership::SitePackages
        && has_migrations
        && migrated.doubt(&app.label).is_none()
}

fn field_kind(path: &str) -> Static<FieldKind> {
    django_field_kind(path)
        .ok_or_else(|| Why::new(format!("the key class `{path}` is none of Django's")))
}

/// Settings that name a model: `AUTH_USER_MODEL`, and others by their ending.
fn swapped(python: &Python, settings: &Settings) -> BTreeMap<Arc<str>, ModelKey> {
    let mut found = BTreeMap::new();
    let mut note = |name: &Arc<str>, model: &str| {
        if let Some((app, model)) = model.split_once('.') {
            found.insert(Arc::clone(name), ModelKey::new(app, model));
        }
    };
    if let Ok(user) = settings.auth_user_model() {
        note(&"AUTH_USER_MODEL".into(), &user);
    }
    let module = python.module(settings.path()).ok();
    let names = module.iter().flat_map(|module| module.names());
    for name in names.filter(|name| name.ends_with("_MODEL")) {
        if let Setting::Known(value) = settings.get(name) {
            note(name, value.as_str().unwrap_or_default());
        }
    }
    found
}
