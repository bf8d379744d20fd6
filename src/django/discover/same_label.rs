//! Several apps of one label: Django installs one of them at most, and the settings tell which.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::app::{App, UnlintedApp};
use super::project::AbsentApp;
use super::search::Search;
use crate::django::python::{Ancestor, Python, Value, ValueKind};
use crate::schema::Why;
use crate::source;

impl Search {
    /// Adds apps that were found by their folders. Of those that share a label the one that was named goes first,
    /// then the only one with migrations; where that does not decide, none is linted.
    pub(super) fn add_found(&mut self, found: Vec<App>) {
        let mut groups = BTreeMap::<Arc<str>, Vec<App>>::new();
        for app in found {
            groups.entry(Arc::clone(&app.label)).or_default().push(app);
        }
        for (label, mut group) in groups {
            if group.len() > 1 {
                group.retain(|app| holds_something(&self.python, app));
            }
            if group.is_empty() {
                continue;
            }
            let chosen = self.decided(&group);
            if chosen.is_none() {
                let label = Arc::clone(&label);
                self.absent.insert(AbsentApp { entry: None, label });
            }
            let why = why_none(&group);
            for (place, app) in group.into_iter().enumerate() {
                if chosen == Some(place) {
                    self.add(app);
                } else {
                    self.unlinted.push(UnlintedApp {
                        path: app.path,
                        name: app.name,
                        label: Some(Arc::clone(&label)),
                        why: why.clone(),
                    });
                }
            }
        }
    }

    /// The place of the one that counts.
    fn decided(&self, group: &[App]) -> Option<usize> {
        let places = |wanted: &dyn Fn(&App) -> bool| {
            let apps = group.iter().enumerate();
            let wanted = apps.filter(|(_, app)| wanted(app));
            wanted.map(|(place, _)| place).collect::<Vec<_>>()
        };
        let named = places(&|app| self.is_asked_for(app));
        let migrated =
            places(&|app| app.migrations.is_some() && (named.is_empty() || self.is_asked_for(app)));
        match (group, named.as_slice(), migrated.as_slice()) {
            ([_], ..) => Some(0),
            (_, [only], _) | (_, _, [only]) => Some(*only),
            _ => None,
        }
    }
}

fn why_none(group: &[App]) -> Why {
    let mut folders = group.iter().map(|app| format!("`{}`", app.path.display()));
    let last = folders.next_back().unwrap_or_default();
    let others = folders.collect::<Vec<_>>().join(", ");
    let label = group.first().map_or("", |app| &*app.label);
    Why::new(format!(
        "{others} and {last} share the label `{label}`, so at most one of them is installed: say which with \
         `--settings path/to/settings.py`, or name its folder"
    ))
}

/// Whether there is anything in an app that could be linted, or a config that says it is one.
fn holds_something(python: &Python, app: &App) -> bool {
    app.migrations.is_some()
        || source::is_file(&app.path.join("apps.py"))
        || app.models.iter().any(|file| {
            let module = python.module(file);
            module.map_or(true, |module| {
                let names = module.class_names();
                let mut classes = names
                    .iter()
                    .filter_map(|name| python.binding(&module, name));
                classes.any(|class| may_be_model(python, &class))
            })
        })
}

/// Whether a class descends from Django's `Model`, or from what could not be read.
fn may_be_model(python: &Python, class: &Value) -> bool {
    if !matches!(class.kind, ValueKind::Class(_)) {
        return true;
    }
    let mut ancestors = python.ancestry(class).into_iter();
    ancestors.any(|ancestor| match ancestor {
        Ancestor::Name(name) if name.as_str() == "django.db.models.Model" => true,
        Ancestor::Name(name) => {
            !name.as_str().starts_with("django.db.") && name.as_str().contains('.')
        }
        Ancestor::Unknown(_) => true,
        Ancestor::Class(_) => false,
    })
}
