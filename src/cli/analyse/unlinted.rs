//! What of a project is not linted, or not for certain: for the summary.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::django::discover::{App, Project};
use crate::django::migration::Ownership;
use crate::django::models::ReadModels;
use crate::django::project_state::{FieldsKnown, ModelKey};
use crate::lint::{LeftOut, OpenModel, Problem, UnlintedApp};

/// Apps that the settings do not install.
pub(super) fn left_out(project: &Project) -> Vec<LeftOut> {
    let mut left_out: Vec<LeftOut> = project
        .left_out
        .iter()
        .map(|app| LeftOut {
            app: app.label.to_string(),
            path: app.path.clone(),
        })
        .collect();
    left_out.sort();
    left_out
}

/// Apps of which no label is known.
pub(super) fn unlinted_apps(project: &Project) -> Vec<UnlintedApp> {
    let unlinted = project.unlinted.iter();
    let unlinted = unlinted.map(|app| UnlintedApp {
        path: app.path.clone(),
        why: app.why.to_string(),
    });
    unlinted.collect()
}

/// Why INSTALLED_APPS may hold more than was read.
pub(super) fn unknown_apps(project: &Project) -> Vec<String> {
    let unknown = project.unknown_apps.iter();
    let mut unknown: Vec<String> = unknown.map(ToString::to_string).collect();
    unknown.dedup();
    unknown
}

/// Settings of which no app could be read: then nothing is known, and nothing is well.
pub(super) fn no_apps(project: &Project) -> Option<Problem> {
    let settings = project.settings.as_ref()?;
    let why = project.unknown_apps.first()?;
    project.apps.is_empty().then(|| {
        Problem::new(format!(
            "no app could be read from INSTALLED_APPS: {why}; name them in the configuration, \
             `django-settings = {{ INSTALLED_APPS = [...] }}`"
        ))
        .in_file(settings.path())
    })
}

/// The apps that were named, or were all that there is, and that cannot be linted.
pub(super) fn nothing_linted(project: &Project) -> Vec<Problem> {
    let is_own = |app: &App| app.ownership == Ownership::Project;
    let some_left = project.apps.iter().any(is_own);
    // An app may lie in the folder of another one.
    let lies_in = |named: &Path, folder: &Path| {
        let linted = project.apps.iter().map(|app| &app.path);
        named.starts_with(folder)
            && !linted
                .filter(|inner| inner.starts_with(folder))
                .any(|inner| named.starts_with(inner))
    };
    let unlinted = project.unlinted.iter();
    unlinted
        .filter(|app| {
            let mut named = project.named.iter();
            !some_left || named.any(|named| lies_in(named, &app.path))
        })
        .map(|app| {
            Problem::new(format!("the app cannot be linted: {}", app.why)).in_file(&app.path)
        })
        .collect()
}

/// Models of the project's own apps whose fields are not all known, or that were not found.
pub(super) fn open_models(models: &ReadModels, own_apps: &BTreeSet<Arc<str>>) -> Vec<OpenModel> {
    let name = |key: &ModelKey, name: &str| format!("{}.{name}", key.app_label);
    let open = models
        .state
        .models()
        .filter(|model| own_apps.contains(&model.key.app_label))
        // A proxy has no table: nothing is absent from it.
        .filter(|model| model.options.proxy != Ok(true))
        .filter_map(|model| match &model.fields_known {
            FieldsKnown::All => None,
            FieldsKnown::Open(why) => Some(OpenModel {
                name: name(&model.key, &model.name),
                why: why.to_string(),
            }),
        });
    let unfound = models.unfound.iter().map(|model| OpenModel {
        name: name(&model.key, &model.name),
        why: model.why.to_string(),
    });
    open.chain(unfound).collect()
}
