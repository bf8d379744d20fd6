//! The apps that INSTALLED_APPS lists, and what that leaves of those that lie in the project.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::DiscoverError;
use super::app::{App, migrations_in, package_folder};
use super::app_config::{AppConfig, config_of, default_config, is_app_config};
use super::project::{AbsentApp, LeftOutApp};
use super::search::Search;
use crate::django::migration::Ownership;
use crate::source::{Origin, SourceFile, Span};

impl Search {
    pub(super) fn installed_apps(&mut self) {
        let Some(settings) = self.settings.clone() else {
            let found = std::mem::take(&mut self.found);
            return self.add_found(found);
        };
        let installed = settings.installed_apps();
        self.unknown_apps.clone_from(&installed.unknown);
        for entry in &installed.entries {
            if let Some(entry) = entry.as_str() {
                self.install(entry);
            }
        }
        self.beside_installed();
        for app in self.apps.values_mut() {
            if let Ok(Some(module)) = settings.migration_module(&app.label) {
                app.migrations = module
                    .and_then(|module| self.python.search_path().find(&module))
                    .and_then(|found| package_folder(&found))
                    .and_then(|folder| migrations_in(&folder));
            }
        }
    }

    /// What lies in the project and was not found by way of INSTALLED_APPS.
    fn beside_installed(&mut self) {
        let installed = self.apps.values().map(|app| app.path.clone());
        let folders = installed.collect::<HashSet<_>>();
        self.unlinted.retain(|app| !folders.contains(&app.path));
        let mut found = std::mem::take(&mut self.found);
        found.retain(|app| !folders.contains(&app.path));
        let mut wanted = Vec::new();
        for app in found {
            let asked_for = self.is_asked_for(&app);
            let may_be_installed =
                !self.unknown_apps.is_empty() && !self.apps.contains_key(&app.label);
            if asked_for && self.apps.contains_key(&app.label) {
                self.add(app);
            } else if asked_for || may_be_installed {
                wanted.push(app);
            } else if app
                .migrations
                .is_some_and(|package| !package.files.is_empty())
            {
                self.left_out.push(LeftOutApp {
                    label: app.label,
                    path: app.path,
                });
            }
        }
        self.add_found(wanted);
    }

    /// Whether a path in an app's folder was named.
    pub(super) fn is_asked_for(&self, app: &App) -> bool {
        self.named.iter().any(|named| named.starts_with(&app.path))
    }

    /// An entry of INSTALLED_APPS: a package, or the path of a config class.
    fn install(&mut self, entry: &str) {
        let python = Arc::clone(&self.python);
        if let Some(found) = python.search_path().find(entry)
            && let Some(folder) = package_folder(&found)
        {
            let config = default_config(&python, &folder);
            self.add_package(entry, &folder, config);
            return;
        }
        let class = python.look_up(entry, &nowhere());
        if is_app_config(&python, &class) {
            let config = config_of(&python, &class);
            if let Some(Ok(name)) = config.name.clone()
                && let Some(found) = python.search_path().find(&name)
                && let Some(folder) = package_folder(&found)
            {
                self.add_package(&name, &folder, config);
                return;
            }
        }
        self.absent.insert(AbsentApp {
            entry: Some(entry.into()),
            label: label_of_entry(entry),
        });
    }

    fn add_package(&mut self, name: &str, folder: &Path, config: AppConfig) {
        let own = self.roots.iter().any(|root| folder.starts_with(root))
            && !self.python.search_path().is_site_packages(folder)
            || self.folders.iter().any(|own| own == folder);
        let ownership = if own {
            Ownership::Project
        } else {
            Ownership::SitePackages
        };
        match App::new((folder, name), config, ownership) {
            Ok(app) => self.add(app),
            Err(unlinted) => {
                // Found by its folder already, where it lies in the project.
                self.unlinted.retain(|known| known.path != unlinted.path);
                self.unlinted.push(unlinted);
            }
        }
    }

    pub(super) fn add(&mut self, app: App) {
        match self.apps.get(&app.label) {
            Some(first) if first.path == app.path => {}
            Some(first) => {
                self.problems.push(DiscoverError::SameLabel {
                    label: Arc::clone(&app.label),
                    first: first.path.clone(),
                    second: app.path.clone(),
                });
                // Of two, the one with migrations tells more.
                if first.migrations.is_none() && app.migrations.is_some() {
                    self.apps.insert(Arc::clone(&app.label), app);
                }
            }
            None => {
                self.apps.insert(Arc::clone(&app.label), app);
            }
        }
    }
}

/// `auth` of `django.contrib.auth`, `shop` of `shop.apps.ShopConfig`.
fn label_of_entry(entry: &str) -> Arc<str> {
    let parts = entry.split('.').collect::<Vec<_>>();
    let package = parts
        .iter()
        .position(|part| *part == "apps")
        .unwrap_or(parts.len());
    let package = parts.get(..package).unwrap_or_default();
    package.last().copied().unwrap_or(entry).into()
}

/// The place of a look-up that nobody wrote in a file.
fn nowhere() -> Origin {
    Origin::new(&SourceFile::new("", ""), Span::default())
}
