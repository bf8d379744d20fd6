//! Which modules of an app hold its models: `models`, and what that imports of the same app.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{AppModels, ModelsModule, meta};
use crate::django::python::{Module, Python, ValueKind};

/// The modules of an app that importing its `models` runs, in the order in which they are met; then those that its
/// `AppConfig` imports when it is ready.
///
/// What it imports of others belongs to others (`packages`: those of all apps), but for the project's own modules outside of
/// every app: a class there becomes a model of the app that its `Meta.app_label` names.
pub fn app_models(python: &Python, label: &str, package: &str, packages: &[Arc<str>]) -> AppModels {
    let mut app = AppModels {
        label: label.into(),
        package: package.into(),
        modules: Vec::new(),
        outside: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    let mut waiting = vec![Arc::<str>::from(format!("{package}.models"))];
    while let Some(name) = waiting.pop() {
        if !seen.insert(Arc::clone(&name)) {
            continue;
        }
        if !belongs(&name, package) {
            app.outside.push(name);
            continue;
        }
        let Some(module) = python.module_named(&name) else {
            continue;
        };
        let mut imported = module.imported();
        imported.reverse();
        waiting.extend(imported);
        app.modules.push(models_module(python, &module));
    }
    let ready = when_ready(python, package, &mut seen);
    app.modules.extend(ready);
    let labelled = app
        .outside
        .iter()
        .filter(|name| !packages.iter().any(|package| is_within(name, package)))
        .filter_map(|name| labelled_models(python, name))
        .collect::<Vec<_>>();
    app.modules.extend(labelled);
    // Registrations that give models more fields (`modeltranslation`).
    if let Some(module) = python.module_named(&format!("{package}.translation")) {
        app.modules.push(models_module(python, &module));
    }
    app
}

/// The modules of an app that its `AppConfig` imports when it is ready, without those that were seen.
fn when_ready(python: &Python, package: &str, seen: &mut BTreeSet<Arc<str>>) -> Vec<ModelsModule> {
    let config = python.module_named(&format!("{package}.apps"));
    let names = config.map_or_else(Vec::new, |config| config.imported_when_ready());
    let own = names
        .into_iter()
        .filter(|name| belongs(name, package) && seen.insert(Arc::clone(name)));
    own.filter_map(|name| {
        let module = python.module_named(&name)?;
        Some(models_module(python, &module))
    })
    .collect()
}

/// The classes of a module of the project that name their app themselves.
fn labelled_models(python: &Python, name: &str) -> Option<ModelsModule> {
    // Whose package is not the project's own, that is of no matter, and most imports are of such.
    let path = python.search_path().find(name)?;
    let path = path.file()?;
    if python.search_path().is_site_packages(path) {
        return None;
    }
    let module = python.module_named(name)?;
    let mut found = models_module(python, &module);
    found.bindings.retain(|(_, value)| match &value.kind {
        ValueKind::Class(class) => meta::app_label(class).is_some(),
        _ => false,
    });
    (!found.bindings.is_empty()).then_some(found)
}

pub(super) fn is_within(name: &str, package: &str) -> bool {
    name.strip_prefix(package)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

pub(super) fn models_module(python: &Python, module: &Arc<Module>) -> ModelsModule {
    let bindings = module
        .class_names()
        .into_iter()
        .chain(module.made_class_names())
        .filter_map(|name| {
            let value = python.binding(module, &name)?;
            Some((name, value))
        })
        .collect();
    ModelsModule {
        file: Arc::clone(&module.file),
        bindings,
    }
}

/// A module of the app that may define models.
pub(super) fn belongs(name: &str, package: &str) -> bool {
    let Some(rest) = name
        .strip_prefix(package)
        .and_then(|rest| rest.strip_prefix('.'))
    else {
        return false;
    };
    !matches!(
        rest.split('.').next(),
        Some("migrations" | "tests" | "management" | "templatetags")
    )
}
