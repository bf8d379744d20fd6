//! `class Migration` as data.

use std::sync::Arc;

use super::operation::OperationReader;
use super::signature::{items, text};
use crate::django::ancestry::{ancestry, inherited};
use crate::django::field::{NoModelClasses, RelationReader, truth};
use crate::django::migration::{Dependency, DependencyTarget, Migration, MigrationKey, Ownership};
use crate::django::operation::{LocatedOperation, Operation};
use crate::django::project_state::StateSettings;
use crate::django::python::Ancestor;
use crate::django::python::{ClassDefinition, Leaves, Python, Static, Value, ValueKind};
use crate::schema::Why;
use crate::source::{Origin, SourceFile};

/// What is known of a migration before its class is read.
#[derive(Debug, Clone)]
pub struct MigrationFile {
    pub key: MigrationKey,
    pub file: Arc<SourceFile>,
    pub ownership: Ownership,
}

/// What the migrations of a project are read with.
#[derive(Debug, Clone, Copy)]
pub struct MigrationContext<'a> {
    pub settings: &'a StateSettings,
    /// Looks into the methods of custom classes; without it they stay unknown.
    pub python: Option<&'a Python>,
}

/// Reads the class `Migration` of a file. A class that is not understood is a migration whose operations are not
/// analysed, never an empty one.
pub fn read_migration(
    file: &MigrationFile,
    class: &Arc<ClassDefinition>,
    context: MigrationContext<'_>,
) -> Migration {
    let body = MigrationBody {
        class,
        ancestors: ancestry(class),
        settings: context.settings,
        python: context.python,
        app_label: &file.key.app_label,
    };
    Migration {
        key: file.key.clone(),
        file: Arc::clone(&file.file),
        origin: class.origin.clone(),
        atomic: body.atomic(),
        initial: body.initial(),
        dependencies: body.all_dependencies(),
        run_before: body.dependencies("run_before"),
        replaces: body.replaces(),
        unread_replaces: body.unread_replaces().map(|_| unread_replaces()),
        operations: body.operations(),
        ownership: file.ownership,
    }
}

fn unread_replaces() -> Why {
    Why::new("what the squash `replaces` could not be read")
}

struct MigrationBody<'a> {
    class: &'a Arc<ClassDefinition>,
    ancestors: Vec<Ancestor>,
    settings: &'a StateSettings,
    python: Option<&'a Python>,
    app_label: &'a str,
}

impl MigrationBody<'_> {
    fn attribute(&self, name: &str) -> Option<&Value> {
        inherited(&self.ancestors, name).map(|(_, value)| value)
    }

    fn atomic(&self) -> Static<bool> {
        match self.attribute("atomic") {
            Some(value) => truth(value, "atomic"),
            None => Ok(true),
        }
    }

    fn initial(&self) -> Option<bool> {
        let value = self.attribute("initial")?;
        truth(value, "initial").ok()
    }

    /// Where `replaces` could not be read whole, it is not known which migrations are left to depend on.
    fn all_dependencies(&self) -> Vec<Dependency> {
        let mut dependencies = self.dependencies("dependencies");
        dependencies.extend(self.unread_replaces().map(|value| Dependency {
            target: Err(unread_replaces()),
            origin: value.origin.clone(),
        }));
        dependencies
    }

    /// What of `replaces` could not be read.
    fn unread_replaces(&self) -> Option<&Value> {
        let value = self.attribute("replaces")?;
        match value.items() {
            Some(items) => items.iter().find(|item| replaced_key(item).is_none()),
            None => Some(value),
        }
    }

    fn dependencies(&self, name: &str) -> Vec<Dependency> {
        let set = self.set_by_constructor();
        let set = set.iter().find(|(attribute, _)| &**attribute == name);
        let Some(value) = set.map(|(_, value)| value).or_else(|| self.attribute(name)) else {
            return Vec::new();
        };
        let Ok(listed) = items(value, name) else {
            let why = value
                .why_unknown()
                .cloned()
                .unwrap_or_else(|| Why::new(format!("`{name}` is not a list that can be read")));
            return vec![Dependency {
                target: Err(why),
                origin: value.origin.clone(),
            }];
        };
        listed
            .iter()
            .map(|item| Dependency {
                target: self.dependency(item),
                origin: item.origin.clone(),
            })
            .collect()
    }

    /// `("app", "name")`, `("app", "__first__")`, `migrations.swappable_dependency(settings.X)`.
    fn dependency(&self, value: &Value) -> Static<DependencyTarget> {
        if let Some([app, name]) = value.items() {
            let app = text(app, "app label")?;
            let name = match text(name, "migration") {
                Ok(name) => name,
                Err(why) if *app != *self.app_label => {
                    return Ok(DependencyTarget::Elsewhere(why));
                }
                Err(why) => return Err(why),
            };
            return Ok(match &*name {
                "__first__" => DependencyTarget::First(app),
                "__latest__" => DependencyTarget::Latest(app),
                _ => DependencyTarget::Migration(MigrationKey {
                    app_label: app,
                    name,
                }),
            });
        }
        if let ValueKind::Call(call) = &value.kind {
            return self.called_dependency(&call.callee, &call.arguments);
        }
        Err(value
            .why_unknown()
            .cloned()
            .unwrap_or_else(|| Why::new("the dependency is not a pair that can be read")))
    }

    fn called_dependency(&self, callee: &Value, arguments: &[Value]) -> Static<DependencyTarget> {
        let path = match &callee.kind {
            ValueKind::Name(name) => name.as_str(),
            _ => "",
        };
        match (path.rsplit('.').next(), arguments) {
            // The first migration of the app that the setting names (`swappable_dependency` in
            // `django/db/migrations/migration.py`).
            (Some("swappable_dependency"), [setting]) => {
                let relations = RelationReader {
                    app_label: self.app_label,
                    model: None,
                    settings: self.settings,
                    classes: &NoModelClasses,
                };
                Ok(match relations.model_of(setting).key {
                    Ok(key) => DependencyTarget::First(key.app_label),
                    Err(why) => DependencyTarget::Elsewhere(why),
                })
            }
            (Some("dependency"), [app, model]) if path.starts_with("swapper.") => {
                let setting = format!(
                    "{}_{}_MODEL",
                    text(app, "app label")?.to_uppercase(),
                    text(model, "model")?.to_uppercase()
                );
                let swapped = self.settings.swapped.get(&*setting);
                let app = swapped.map_or_else(
                    || text(app, "app label"),
                    |key| Ok(Arc::clone(&key.app_label)),
                )?;
                Ok(DependencyTarget::First(app))
            }
            _ => Err(Why::new(
                "the dependency is the result of a call that is not followed",
            )),
        }
    }

    fn replaces(&self) -> Vec<MigrationKey> {
        let listed = self.attribute("replaces").and_then(Value::items);
        listed
            .unwrap_or_default()
            .iter()
            .filter_map(replaced_key)
            .collect()
    }

    fn operations(&self) -> Vec<LocatedOperation> {
        let reader = OperationReader {
            app_label: self.app_label,
            settings: self.settings,
            classes: &NoModelClasses,
            python: self.python,
        };
        let listed = self
            .attribute("operations")
            .filter(|_| !self.runs_nothing());
        let mut operations = listed
            .map(|value| reader.read_all(value))
            .unwrap_or_default();
        operations.extend(
            self.unread()
                .into_iter()
                .map(|(origin, why)| LocatedOperation {
                    operation: Operation::NotAnalysed { why },
                    origin,
                    class: "Migration".into(),
                    call: None,
                }),
        );
        operations
    }

    /// A method that the project defines, and Django's `Migration` too.
    fn own_method(&self, name: &str) -> Option<(&Arc<ClassDefinition>, &Value)> {
        inherited(&self.ancestors, name)
            .filter(|(owner, _)| !is_django_migration(owner.name.as_str()))
    }

    /// What its own `__init__` says of its place in the graph; nothing where that may do more.
    fn set_by_constructor(&self) -> Vec<(Arc<str>, Value)> {
        self.constructor().unwrap_or_default()
    }

    fn constructor(&self) -> Option<Vec<(Arc<str>, Value)>> {
        match (&self.own_method("__init__")?.1.kind, self.python) {
            (ValueKind::Function(init), Some(python)) => python.sets_of_graph(self.class, init),
            _ => None,
        }
    }

    /// What its own `apply` does, where that is all or nothing.
    fn apply(&self) -> Option<Leaves> {
        match (&self.own_method("apply")?.1.kind, self.python) {
            (ValueKind::Function(method), Some(python)) => Some(python.leaves(method)),
            _ => None,
        }
    }

    /// Whether its own `apply` gives the state back as it was, and runs nothing.
    fn runs_nothing(&self) -> bool {
        matches!(self.apply(), Some(Leaves::Parameter(name)) if name == "project_state")
    }

    /// Ways for a migration to do more than its list says.
    fn unread(&self) -> Vec<(Origin, Why)> {
        let mut unread = Vec::new();
        for method in ["__init__", "__new__", "apply", "mutate_state"] {
            let is_followed = match method {
                "__init__" => self.constructor().is_some(),
                "apply" => self.apply() == Some(Leaves::ToBase) || self.runs_nothing(),
                _ => false,
            };
            let found = self.own_method(method).filter(|_| !is_followed);
            if let Some((owner, value)) = found {
                let why = Why::new(format!("`{}` has its own `{method}`", owner.name));
                unread.push((value.origin.clone(), why));
            }
        }
        for ancestor in &self.ancestors {
            let found = match ancestor {
                Ancestor::Class(class) if is_django_migration(class.name.as_str()) => None,
                Ancestor::Class(class) => class
                    .unknown_body
                    .clone()
                    .map(|why| (class.origin.clone(), why)),
                Ancestor::Name(name) if name.as_str().starts_with("django.db.migrations") => None,
                Ancestor::Name(name) if matches!(name.as_str(), "object" | "builtins.object") => {
                    None
                }
                Ancestor::Name(name) => Some((
                    self.class.origin.clone(),
                    Why::new(format!("the base `{name}` of the migration was not found")),
                )),
                Ancestor::Unknown(why) => Some((self.class.origin.clone(), why.clone())),
            };
            unread.extend(found);
        }
        unread
    }
}

/// An item of `replaces`.
fn replaced_key(item: &Value) -> Option<MigrationKey> {
    match item.items() {
        Some([app, name]) => Some(MigrationKey::new(app.as_str()?, name.as_str()?)),
        _ => None,
    }
}

/// Django's own base, where its file was read.
fn is_django_migration(path: &str) -> bool {
    path.starts_with("django.db.migrations.")
}

/// A file without a class `Migration` that can be read: nothing of it is known.
pub fn unread_migration(file: &MigrationFile, origin: &Origin, why: &Why) -> Migration {
    Migration {
        key: file.key.clone(),
        file: Arc::clone(&file.file),
        origin: origin.clone(),
        atomic: Err(why.clone()),
        initial: None,
        dependencies: vec![Dependency {
            target: Err(why.clone()),
            origin: origin.clone(),
        }],
        run_before: Vec::new(),
        replaces: Vec::new(),
        // As `squashmigrations` names what it writes.
        unread_replaces: file.key.name.contains("_squashed_").then(|| why.clone()),
        operations: vec![LocatedOperation {
            operation: Operation::NotAnalysed { why: why.clone() },
            origin: origin.clone(),
            class: "Migration".into(),
            call: None,
        }],
        ownership: file.ownership,
    }
}
