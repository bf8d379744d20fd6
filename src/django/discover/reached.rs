//! Apps in site-packages that nobody named and migrations depend on.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::app::App;
use super::app_config::{default_config, likely_config};
use super::project::AbsentApp;
use super::search::Search;
use super::walk::candidates;
use crate::django::migration::Ownership;
use crate::django::python::{Python, Static, Value, ValueKind};
use crate::schema::Why;
use crate::source;

impl Search {
    /// Apps in site-packages that migrations depend on and nobody named: without settings, or where a part of
    /// INSTALLED_APPS could not be read.
    pub(super) fn reached_apps(&mut self) {
        let mut read = HashSet::new();
        let mut index = None;
        loop {
            let wanted = self.missing_labels(&mut read);
            if wanted.is_empty() {
                return;
            }
            let python = &self.python;
            let index = index.get_or_insert_with(|| site_index(python));
            for label in wanted {
                if let Some(app) = index.get(&label) {
                    self.add(app.clone());
                } else if !self.absent.iter().any(|absent| absent.label == label) {
                    self.absent.insert(AbsentApp { entry: None, label });
                }
            }
        }
    }

    /// The labels in the dependencies of migrations not read before that no app bears.
    fn missing_labels(&self, read: &mut HashSet<PathBuf>) -> BTreeSet<Arc<str>> {
        let files = self
            .apps
            .values()
            .filter_map(|app| app.migrations.as_ref())
            .flat_map(|package| &package.files)
            .filter(|path| read.insert((*path).clone()))
            .collect::<Vec<_>>();
        let python = &self.python;
        let labels = source::each_file(files, |path| {
            let labels = dependency_labels(python, path);
            python.let_go_of_tree(path);
            labels
        });
        let labels = labels.into_iter().flatten().collect::<BTreeSet<_>>();
        let known = |label: &Arc<str>| {
            self.apps.contains_key(label) || self.absent.iter().any(|absent| absent.label == *label)
        };
        labels.into_iter().filter(|label| !known(label)).collect()
    }
}

/// Every app of the site-packages folders by its label.
fn site_index(python: &Python) -> BTreeMap<Arc<str>, App> {
    let mut index = BTreeMap::new();
    for site in python.search_path().site_packages() {
        // A folder that cannot be listed in an environment is no fault of the project.
        let mut unreadable = Vec::new();
        let found = candidates(site, &mut HashSet::new(), &mut unreadable);
        let apps = source::each_file(found, |candidate| {
            let folder = candidate.folder;
            let name = python
                .search_path()
                .module_name(&folder.join("__init__.py"));
            let config = likely_config(python, (&folder, &name));
            App::new((&folder, &name), config, Ownership::SitePackages).or_else(|_| {
                // A dependency that names the label of Django's own choice says that this is its label.
                let config = default_config(python, &folder);
                App::new((&folder, &name), config, Ownership::SitePackages)
            })
        });
        // One whose label cannot be read is nobody's dependency by name.
        for app in apps.into_iter().flatten() {
            if app.migrations.is_some() {
                index.entry(Arc::clone(&app.label)).or_insert(app);
            }
        }
    }
    index
}

/// The app labels that a migration's dependencies name.
fn dependency_labels(python: &Python, path: &Path) -> Vec<Arc<str>> {
    let Ok(module) = python.module(path) else {
        return Vec::new();
    };
    let Some(value) = python.binding(&module, "Migration") else {
        return Vec::new();
    };
    let ValueKind::Class(class) = &value.kind else {
        return Vec::new();
    };
    ["dependencies", "run_before"]
        .iter()
        .filter_map(|name| class.attribute(name))
        .filter_map(Value::items)
        .flatten()
        .filter_map(|item| label_of(item).ok())
        .collect()
}

fn label_of(dependency: &Value) -> Static<Arc<str>> {
    let unread = || Why::new("the dependency cannot be read");
    if let Some([label, _]) = dependency.items() {
        return label.as_str().map(Arc::from).ok_or_else(unread);
    }
    let argument = dependency
        .as_call()
        .and_then(|call| call.arguments.first())
        .ok_or_else(unread)?;
    match &argument.kind {
        ValueKind::Str(text) => Ok(text.text.split('.').next().unwrap_or_default().into()),
        ValueKind::Name(name) if name.as_str() == "django.conf.settings.AUTH_USER_MODEL" => {
            Ok("auth".into())
        }
        _ => Err(unread()),
    }
}
