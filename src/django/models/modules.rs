//! Which modules of an app hold its models: `models`, and what that imports of the same app.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{AppModels, ModelsModule};
use crate::django::python::{Module, Python};

/// The modules of an app that importing its `models` runs, in the order in which they are met.
///
/// Only those of the app itself: what it imports of others belongs to others.
pub fn app_models(python: &Python, label: &str, package: &str) -> AppModels {
    let mut app = AppModels {
        label: label.into(),
        package: package.into(),
        modules: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    let mut waiting = vec![Arc::<str>::from(format!("{package}.models"))];
    while let Some(name) = waiting.pop() {
        if !belongs(&name, package) || !seen.insert(Arc::clone(&name)) {
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
    // Registrations that give models more fields (`modeltranslation`).
    if let Some(module) = python.module_named(&format!("{package}.translation")) {
        app.modules.push(models_module(python, &module));
    }
    app
}

fn models_module(python: &Python, module: &Arc<Module>) -> ModelsModule {
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
fn belongs(name: &str, package: &str) -> bool {
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
