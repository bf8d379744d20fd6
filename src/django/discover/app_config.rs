//! Which AppConfig an app has, and what that says of its name and label.
//!
//! `AppConfig.create` (`django/apps/config.py`), 4.2 to 6.0.

use std::path::Path;
use std::sync::Arc;

use crate::django::python::{Ancestor, ClassDefinition, Module, Python, Static, Value, ValueKind};
use crate::schema::Why;
use crate::source;

/// What an app's AppConfig says; `None` where it says nothing, so that Django's own answer holds.
#[derive(Debug, Clone, Default)]
pub(super) struct AppConfig {
    pub(super) name: Option<Static<Arc<str>>>,
    pub(super) label: Option<Static<Arc<str>>>,
    pub(super) default_auto_field: Option<Static<Arc<str>>>,
}

/// A class of an `apps.py` that Django may choose.
struct Candidate {
    config: AppConfig,
    default: Default,
}

/// What `default` of a config class says.
#[derive(PartialEq, Eq)]
enum Default {
    Unsaid,
    Yes,
    No,
    Unknown,
}

/// What Django would do with the candidates of an `apps.py`.
enum Choice {
    One(AppConfig),
    /// None of them: the package has no config of its own. With those among which it would not choose.
    NoneOf(Vec<AppConfig>),
}

/// The config that Django chooses for a package which INSTALLED_APPS lists: the only AppConfig of its `apps.py` that
/// does not say `default = False`, else the only one that says `default = True`.
pub(super) fn default_config(python: &Python, folder: &Path) -> AppConfig {
    match chosen(python, folder) {
        Choice::One(config) => config,
        Choice::NoneOf(_) => AppConfig::default(),
    }
}

/// The config of a package of which nobody said how it is installed: Django's choice, else the one that names the
/// package itself, in its `apps.py` or its `__init__.py`. Such a config would have to be listed by its own path.
pub(super) fn likely_config(python: &Python, (folder, package): (&Path, &str)) -> AppConfig {
    let mut named = match chosen(python, folder) {
        Choice::One(config) => return config,
        Choice::NoneOf(configs) => configs,
    };
    if named.is_empty() {
        let module = python.module(&folder.join("__init__.py")).ok();
        let module = module.filter(|module| !module.class_names().is_empty());
        let found = module.map_or_else(Vec::new, |module| candidates(python, &module));
        named.extend(found.into_iter().map(|candidate| candidate.config));
    }
    named.retain(|config| config.is_of(package));
    let mut named = named.into_iter();
    let Some(first) = named.next() else {
        return AppConfig::default();
    };
    if named.all(|other| other.label == first.label) {
        return first;
    }
    AppConfig::unknown(Why::new(format!(
        "several AppConfigs of `{package}` give it different labels"
    )))
}

fn chosen(python: &Python, folder: &Path) -> Choice {
    let file = folder.join("apps.py");
    if !source::is_file(&file) {
        return Choice::NoneOf(Vec::new());
    }
    let unread = || Why::new(format!("`{}` cannot be read", file.display()));
    match python.module(&file) {
        Ok(module) if module.problems().is_empty() => choose(candidates(python, &module)),
        Ok(_) | Err(_) => Choice::One(AppConfig::unknown(unread())),
    }
}

fn choose(mut candidates: Vec<Candidate>) -> Choice {
    candidates.retain(|candidate| candidate.default != Default::No);
    let is_unsure = candidates
        .iter()
        .any(|candidate| candidate.default == Default::Unknown);
    let differ = candidates
        .iter()
        .any(|candidate| candidate.config.label.is_some());
    if is_unsure && differ {
        let why = Why::new("which AppConfig is the default cannot be read");
        return Choice::One(AppConfig::unknown(why));
    }
    if let [_] = candidates.as_slice() {
        let only = candidates.pop().map(|only| only.config);
        return Choice::One(only.unwrap_or_default());
    }
    let is_default = |candidate: &&Candidate| candidate.default == Default::Yes;
    let mut defaults = candidates.iter().filter(is_default);
    if let (Some(only), None) = (defaults.next(), defaults.next()) {
        return Choice::One(only.config.clone());
    }
    Choice::NoneOf(
        candidates
            .into_iter()
            .map(|candidate| candidate.config)
            .collect(),
    )
}

/// The config classes that a module binds, and what may be one.
fn candidates(python: &Python, module: &Arc<Module>) -> Vec<Candidate> {
    let bound = python.bindings(module).into_iter();
    bound
        .filter_map(|(name, value)| match &value.kind {
            ValueKind::Unknown(why) if name.ends_with("Config") => Some(Candidate {
                config: AppConfig::unknown(why.clone()),
                default: Default::Unknown,
            }),
            _ => is_app_config(python, &value).then(|| Candidate {
                config: config_of(python, &value),
                default: default_of(python, &value),
            }),
        })
        .collect()
}

impl AppConfig {
    fn unknown(why: Why) -> Self {
        Self {
            label: Some(Err(why)),
            ..Self::default()
        }
    }

    /// Whether it names a package, by its full name or from a folder further in.
    pub(super) fn is_of(&self, package: &str) -> bool {
        match &self.name {
            Some(Ok(name)) => package == &**name || package.ends_with(&format!(".{name}")),
            Some(Err(_)) => true,
            None => false,
        }
    }
}

/// What a config class says of its app.
pub(super) fn config_of(python: &Python, class: &Value) -> AppConfig {
    let text = |name: &str| {
        attribute(python, class, name).map(|value| match value.kind {
            ValueKind::Str(text) => Ok(text.text),
            ValueKind::Unknown(why) => Err(Why::new(format!(
                "`{name}` of its AppConfig cannot be read: {why}"
            ))),
            _ => Err(Why::new(format!(
                "`{name}` of its AppConfig is not a text that can be read"
            ))),
        })
    };
    AppConfig {
        name: text("name"),
        label: text("label"),
        default_auto_field: text("default_auto_field"),
    }
}

/// Django's own class, or one whose name says so where its ancestors cannot be read.
pub(super) fn is_app_config(python: &Python, value: &Value) -> bool {
    let ValueKind::Class(class) = &value.kind else {
        return false;
    };
    let mut unread = false;
    for ancestor in python.ancestry(value) {
        match ancestor {
            Ancestor::Name(name)
                if matches!(
                    name.as_str(),
                    "django.apps.AppConfig" | "django.apps.config.AppConfig"
                ) =>
            {
                return true;
            }
            Ancestor::Name(_) | Ancestor::Unknown(_) => unread = true,
            Ancestor::Class(_) => {}
        }
    }
    unread && class.name.last().ends_with("Config") && class.attribute("name").is_some()
}

fn default_of(python: &Python, class: &Value) -> Default {
    match attribute(python, class, "default").map(|value| value.kind) {
        None => Default::Unsaid,
        Some(ValueKind::Bool(true)) => Default::Yes,
        Some(ValueKind::Bool(false)) => Default::No,
        Some(_) => Default::Unknown,
    }
}

fn attribute(python: &Python, class: &Value, name: &str) -> Option<Value> {
    python
        .ancestry(class)
        .into_iter()
        .find_map(|ancestor| match ancestor {
            Ancestor::Class(class) => ClassDefinition::attribute(&class, name).cloned(),
            Ancestor::Name(_) | Ancestor::Unknown(_) => None,
        })
}
