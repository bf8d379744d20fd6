//! A Django settings module, as far as it can be read without running it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::project_state::ModelKey;
use super::python::{Module, Python, Static, SyntaxProblem, Value, ValueKind};
use crate::schema::Why;
use crate::source::ReadError;

/// The settings of a project. A setting that is not there has Django's default, which the caller knows.
#[derive(Debug, Clone)]
pub struct Settings {
    path: PathBuf,
    module: Arc<Module>,
    python: Arc<Python>,
}

/// `INSTALLED_APPS`, entry by entry.
#[derive(Debug, Clone, Default)]
pub struct InstalledApps {
    pub entries: Vec<Value>,
    /// Entries, or whole lists, that could not be read: apps may be missing.
    pub unknown: Vec<Why>,
}

/// What a setting is.
#[derive(Debug, Clone)]
pub enum Setting {
    Known(Value),
    /// The module does not set it.
    Unset,
    Unknown(Why),
}

impl Settings {
    /// Reads a settings module; from then on it is also what `django.conf.settings` stands for in `python`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(python: &Arc<Python>, path: &Path) -> Result<Self, Arc<ReadError>> {
        let module = python.module(path)?;
        python.set_settings(path);
        Ok(Self {
            path: path.to_owned(),
            module,
            python: Arc::clone(python),
        })
    }

    /// Settings that were given to `python` and stand in no settings module; `None` where none were given.
    pub fn given(python: &Arc<Python>) -> Option<Self> {
        let module = Arc::clone(python.given_settings()?);
        Some(Self {
            path: module.file.path().to_owned(),
            module,
            python: Arc::clone(python),
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the file is not Python.
    pub fn problems(&self) -> &[SyntaxProblem] {
        self.module.problems()
    }

    /// Any setting by its name: what was given, else what the module says, star imports followed.
    pub fn get(&self, name: &str) -> Setting {
        let given = self.python.given_settings();
        let given = given.and_then(|given| self.python.binding(given, name));
        match given.or_else(|| self.python.binding(&self.module, name)) {
            Some(value) => match &value.kind {
                ValueKind::Unknown(why) => Setting::Unknown(why.clone()),
                _ => Setting::Known(value),
            },
            None => Setting::Unset,
        }
    }

    pub fn installed_apps(&self) -> InstalledApps {
        match self.get("INSTALLED_APPS") {
            Setting::Known(value) => match value.items() {
                Some(items) => {
                    let (entries, unread) = items
                        .iter()
                        .cloned()
                        .partition::<Vec<_>, _>(|item| item.as_str().is_some());
                    let why = |item: Value| {
                        let unread =
                            Why::new("an entry of INSTALLED_APPS is not a text that can be read");
                        item.why_unknown().cloned().unwrap_or(unread)
                    };
                    InstalledApps {
                        entries,
                        unknown: unread.into_iter().map(why).collect(),
                    }
                }
                None => InstalledApps {
                    entries: Vec::new(),
                    unknown: vec![Why::new("INSTALLED_APPS is not a list that can be read")],
                },
            },
            Setting::Unset => InstalledApps {
                entries: Vec::new(),
                unknown: vec![Why::new("the settings module does not set INSTALLED_APPS")],
            },
            Setting::Unknown(why) => InstalledApps {
                entries: Vec::new(),
                unknown: vec![why],
            },
        }
    }

    /// Settings that name a model, for swappable models of any package: `OAUTH2_PROVIDER_APPLICATION_MODEL = "shop.Client"`.
    pub fn models(&self) -> Vec<(Arc<str>, ModelKey)> {
        let given = self.python.given_settings();
        let given = given.map_or_else(Vec::new, |given| self.python.bindings(given));
        let is_given = |name: &str| given.iter().any(|(given, _)| **given == *name);
        let of_module = self.python.bindings(&self.module).into_iter();
        of_module
            .filter(|(name, _)| !is_given(name))
            .chain(given.iter().cloned())
            .filter(|(name, _)| name.ends_with("_MODEL"))
            .filter_map(|(name, value)| {
                let (app_label, model) = value.as_str()?.split_once('.')?;
                Some((name, ModelKey::new(app_label, model)))
            })
            .collect()
    }

    /// `"auth.User"` where it is not set (`django/conf/global_settings.py`).
    pub fn auth_user_model(&self) -> Static<Arc<str>> {
        self.text("AUTH_USER_MODEL", "auth.User")
    }

    /// Django's own default is `AutoField` up to 5.2 and `BigAutoField` from 6.0 (`django/conf/global_settings.py`).
    pub fn default_auto_field(&self) -> Static<Arc<str>> {
        let default = if self.python.django_version() >= (6, 0) {
            "django.db.models.BigAutoField"
        } else {
            "django.db.models.AutoField"
        };
        self.text("DEFAULT_AUTO_FIELD", default)
    }

    /// True from Django 5.0 where it is not set.
    pub fn use_tz(&self) -> Static<bool> {
        match self.get("USE_TZ") {
            Setting::Known(value) => match value.kind {
                ValueKind::Bool(value) => Ok(value),
                _ => Err(Why::new("USE_TZ is not a boolean that can be read")),
            },
            Setting::Unset => Ok(self.python.django_version() >= (5, 0)),
            Setting::Unknown(why) => Err(why),
        }
    }

    /// The dotted module of an app's migrations by `MIGRATION_MODULES`: `Ok(None)` where the setting does not name the
    /// app, `Ok(Some(None))` where it says that the app has none.
    pub fn migration_module(&self, app_label: &str) -> Static<Option<Option<Arc<str>>>> {
        let value = match self.get("MIGRATION_MODULES") {
            Setting::Known(value) => value,
            Setting::Unset => return Ok(None),
            Setting::Unknown(why) => return Err(why),
        };
        let ValueKind::Dict(entries) = &value.kind else {
            return Err(Why::new("MIGRATION_MODULES is not a dict that can be read"));
        };
        let mut unread = false;
        for (key, module) in entries.iter() {
            match (key.as_str(), &module.kind) {
                (Some(label), _) if label != app_label => {}
                (Some(_), ValueKind::None) => return Ok(Some(None)),
                (Some(_), ValueKind::Str(text)) => return Ok(Some(Some(Arc::clone(&text.text)))),
                _ => unread = true,
            }
        }
        if unread {
            return Err(Why::new("an entry of MIGRATION_MODULES cannot be read"));
        }
        Ok(None)
    }

    fn text(&self, name: &str, default: &str) -> Static<Arc<str>> {
        match self.get(name) {
            Setting::Known(value) => match &value.kind {
                ValueKind::Str(text) => Ok(Arc::clone(&text.text)),
                _ => Err(Why::new(format!("{name} is not a text that can be read"))),
            },
            Setting::Unset => Ok(default.into()),
            Setting::Unknown(why) => Err(why),
        }
    }
}

/// The settings module that a `manage.py` names: `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")`.
pub fn named_by_manage(python: &Python, manage: &Path) -> Option<Arc<str>> {
    let module = python.module(manage).ok()?;
    module.first_call_text("setdefault", "DJANGO_SETTINGS_MODULE")
}
