//! The reader of Python files: loads modules when they are asked for, and keeps them.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use rustc_hash::FxHashMap;

use super::evaluate::Evaluator;
use super::module::Module;
use super::search_path::SearchPath;
use super::value::{Value, ValueKind};
use crate::source::{self, ReadError, SourceFile};

/// Bytes from which on it pays to skim a file.
const SKIMMED_FROM: usize = 1024;

type Loaded = Result<Arc<Module>, Arc<ReadError>>;

/// Reads Python files and tells what their names are bound to, without running Python. Safe to share between threads.
#[derive(Debug)]
pub struct Python {
    search_path: SearchPath,
    settings: OnceLock<PathBuf>,
    /// Settings that are said elsewhere than in the project: they come before those of its module.
    given: OnceLock<Arc<Module>>,
    django_version: (u16, u16),
    /// By their paths, each in one spelling: as text, a path is hashed in a tenth of the time.
    modules: RwLock<FxHashMap<OsString, Loaded>>,
    /// The same by dotted names, as imports ask for them.
    named: RwLock<FxHashMap<Arc<str>, Named>>,
}

/// What lies at a dotted name.
#[derive(Debug, Clone)]
pub(super) enum Named {
    Nothing,
    /// A folder without `__init__.py`.
    Namespace,
    Module(Arc<Module>),
    Unreadable(Arc<ReadError>),
}

impl Python {
    pub fn new(search_path: SearchPath) -> Self {
        Self {
            search_path,
            settings: OnceLock::new(),
            given: OnceLock::new(),
            django_version: (6, 0),
            modules: RwLock::default(),
            named: RwLock::default(),
        }
    }

    /// What `django.VERSION` is where code asks for it; the newest that is known unless said otherwise.
    #[must_use]
    pub fn with_django_version(mut self, major: u16, minor: u16) -> Self {
        self.django_version = (major, minor);
        self
    }

    /// The settings module that `django.conf.settings` stands for. The first one stays.
    pub fn set_settings(&self, path: &Path) {
        let _kept = self.settings.set(path.to_owned());
    }

    /// Settings that stand for `django.conf.settings` before those of its module: a text of Python that only assigns. The
    /// first one stays.
    pub fn give_settings(&self, file: &Arc<SourceFile>) {
        let _kept = self.given.set(self.module_of(file));
    }

    /// What the settings that were given bind.
    pub fn given_settings(&self) -> Option<&Arc<Module>> {
        self.given.get()
    }

    pub fn search_path(&self) -> &SearchPath {
        &self.search_path
    }

    pub fn django_version(&self) -> (u16, u16) {
        self.django_version
    }

    pub(super) fn settings_module(&self) -> Option<Arc<Module>> {
        self.module(self.settings.get()?).ok()
    }

    /// A file, parsed once.
    ///
    /// # Errors
    /// When the file cannot be read as text.
    pub fn module(&self, path: &Path) -> Result<Arc<Module>, Arc<ReadError>> {
        let key = one_spelling(path);
        if let Ok(modules) = self.modules.read()
            && let Some(loaded) = modules.get(&*key)
        {
            return loaded.clone();
        }
        let loaded = source::read(path).map_err(Arc::new).map(|file| {
            let name = self.search_path.module_name(path);
            Arc::new(if self.is_skimmed(&file, &name) {
                Module::skimmed(file, name)
            } else {
                Module::new(file, name)
            })
        });
        let Ok(mut modules) = self.modules.write() else {
            return loaded;
        };
        // Another thread may have been first: one file has one module.
        modules.entry(key.into_owned()).or_insert(loaded).clone()
    }

    /// Lets go of the syntax tree of a file whose names are evaluated: memory of one file serves the next. What is asked
    /// for all the same is parsed again.
    pub fn let_go_of_tree(&self, path: &Path) {
        drop(self.change(path, |module| module.tree.let_go()));
    }

    /// Lets go of the values, too, of a file that was read whole and that others hardly ask for.
    pub fn let_go(&self, path: &Path) {
        drop(self.change(path, |module| {
            (module.tree.let_go(), module.forget_values())
        }));
    }

    /// Changes a module that nobody else holds.
    fn change<T>(&self, path: &Path, change: impl FnOnce(&mut Module) -> T) -> Option<T> {
        let mut modules = self.modules.write().ok()?;
        let loaded = modules.get_mut(&*one_spelling(path))?.as_mut().ok()?;
        Arc::get_mut(loaded).map(change)
    }

    /// Whether the bodies of a module's functions can wait: not in migrations, where they run, nor in the project's own
    /// models, where a fault anywhere is to be told.
    fn is_skimmed(&self, file: &SourceFile, name: &str) -> bool {
        let has_part = |part: &str| name.split('.').any(|own| own == part);
        file.text().len() >= SKIMMED_FROM
            && !has_part("migrations")
            && (!has_part("models") || self.search_path.is_site_packages(file.path()))
    }

    /// A text that stands in no file now, read as the file whose path it bears: an earlier form of a migration.
    pub fn module_of(&self, file: &Arc<SourceFile>) -> Arc<Module> {
        let name = self.search_path.module_name(file.path());
        Arc::new(Module::new(Arc::clone(file), name))
    }

    /// A module by its dotted name; `None` where it is not on the search path or has no file.
    pub fn module_named(&self, dotted: &str) -> Option<Arc<Module>> {
        match self.named(dotted) {
            Named::Module(module) => Some(module),
            Named::Nothing | Named::Namespace | Named::Unreadable(_) => None,
        }
    }

    pub(super) fn named(&self, dotted: &str) -> Named {
        if let Ok(named) = self.named.read()
            && let Some(known) = named.get(dotted)
        {
            return known.clone();
        }
        let answer = match self.search_path.find(dotted) {
            None => Named::Nothing,
            Some(found) => match found.file().map(|path| self.module(path)) {
                None => Named::Namespace,
                Some(Ok(module)) => Named::Module(module),
                Some(Err(error)) => Named::Unreadable(error),
            },
        };
        if let Ok(mut named) = self.named.write() {
            named.insert(dotted.into(), answer.clone());
        }
        answer
    }

    /// What a top-level name of a module is bound to; `None` where the file does not bind it.
    pub fn binding(&self, module: &Arc<Module>, name: &str) -> Option<Value> {
        Evaluator::new(self).global(module, name)
    }

    /// Every top-level name of a module with its value, in order of first binding.
    pub fn bindings(&self, module: &Arc<Module>) -> Vec<(Arc<str>, Value)> {
        module
            .names()
            .iter()
            .filter_map(|name| Some((Arc::clone(name), self.binding(module, name)?)))
            .collect()
    }

    /// A class and its ancestors in the order in which Python looks for attributes.
    pub fn ancestry(&self, class: &Value) -> Vec<super::ancestry::Ancestor> {
        super::ancestry::ancestry_of(class)
    }

    /// What `dotted.path.Name` stands for: a class or function that can be read, else a name.
    pub fn look_up(&self, dotted: &str, origin: &source::Origin) -> Value {
        let mut evaluator = Evaluator::new(self);
        match dotted.rsplit_once('.') {
            Some((base, name)) => evaluator.imported_from(base, name, origin.clone()),
            None => Value {
                kind: ValueKind::Name(super::value::DottedName::new(dotted)),
                origin: origin.clone(),
            },
        }
    }
}

/// A path without what makes no difference: paths that are equal are spelled alike.
fn one_spelling(path: &Path) -> Cow<'_, OsStr> {
    let written = path.as_os_str();
    let bytes = written.as_encoded_bytes();
    let is_plain = std::path::MAIN_SEPARATOR == '/'
        && !bytes.ends_with(b"/")
        && !bytes.windows(2).any(|pair| pair == b"//" || pair == b"/.");
    if is_plain {
        Cow::Borrowed(written)
    } else {
        Cow::Owned(path.components().collect::<PathBuf>().into_os_string())
    }
}
