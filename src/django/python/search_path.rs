//! Where modules are looked for, as `sys.path` would have it: the project's roots, then site-packages.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use rustc_hash::FxHashMap;

use crate::source;

/// Folders that hold importable modules, in the order in which they are searched.
#[derive(Debug, Default)]
pub struct SearchPath {
    roots: Vec<PathBuf>,
    site_packages: Vec<PathBuf>,
    found: RwLock<FxHashMap<Arc<str>, Option<FoundModule>>>,
    /// What lies in each of the folders, so that Python's own modules, which lie in none, are not asked for in each.
    listings: Vec<Listing>,
}

/// The names in a folder, listed when one is first looked for; `None` where it cannot be listed.
#[derive(Debug, Default)]
struct Listing(OnceLock<Option<HashSet<OsString>>>);

impl Listing {
    /// Whether a module of this name may lie in the folder.
    fn may_hold(&self, folder: &Path, module: &str) -> bool {
        let names = self.0.get_or_init(|| names_in(folder));
        names.as_ref().is_none_or(|names| {
            names.contains(OsStr::new(module))
                || names.contains(OsStr::new(&format!("{module}.py")))
        })
    }
}

fn names_in(folder: &Path) -> Option<HashSet<OsString>> {
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let entries = source::list(here).ok()?;
    let names = entries.iter().filter_map(|entry| entry.file_name());
    Some(names.map(OsStr::to_owned).collect())
}

/// A module on the search path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundModule {
    /// `a/b.py`
    File(PathBuf),
    /// `a/b/__init__.py`
    Package { folder: PathBuf, init: PathBuf },
    /// A folder without `__init__.py`.
    Namespace(PathBuf),
}

impl FoundModule {
    /// The file that is evaluated for it; a namespace package has none.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) | Self::Package { init: path, .. } => Some(path),
            Self::Namespace(_) => None,
        }
    }

    /// The folder of its submodules.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::File(_) => None,
            Self::Package { folder, .. } | Self::Namespace(folder) => Some(folder),
        }
    }
}

impl Clone for SearchPath {
    fn clone(&self) -> Self {
        Self::new(self.roots.clone(), self.site_packages.clone())
    }
}

impl SearchPath {
    pub fn new(roots: Vec<PathBuf>, site_packages: Vec<PathBuf>) -> Self {
        let folders = roots.iter().chain(&site_packages);
        Self {
            listings: folders.map(|_| Listing::default()).collect(),
            roots,
            site_packages,
            found: RwLock::default(),
        }
    }

    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    pub fn site_packages(&self) -> &[PathBuf] {
        &self.site_packages
    }

    /// Whether a file belongs to an installed package and not to the project.
    pub fn is_site_packages(&self, path: &Path) -> bool {
        self.site_packages.iter().any(|root| path.starts_with(root))
    }

    /// Finds `a.b.c`; `None` where it is in no folder of the path.
    pub fn find(&self, dotted: &str) -> Option<FoundModule> {
        if let Ok(found) = self.found.read()
            && let Some(known) = found.get(dotted)
        {
            return known.clone();
        }
        let answer = self.look_up(dotted);
        if let Ok(mut found) = self.found.write() {
            found.insert(dotted.into(), answer.clone());
        }
        answer
    }

    fn look_up(&self, dotted: &str) -> Option<FoundModule> {
        let valid = |part: &str| !part.is_empty() && !part.contains(['/', '\\']);
        if !dotted.split('.').all(valid) {
            return None;
        }
        if let Some((parent, name)) = dotted.rsplit_once('.') {
            return self
                .find(parent)?
                .folder()
                .and_then(|folder| in_folder(folder, name));
        }
        let mut namespace = None;
        let folders = self.roots.iter().chain(&self.site_packages);
        for (root, listing) in folders.zip(&self.listings) {
            if !listing.may_hold(root, dotted) {
                continue;
            }
            match in_folder(root, dotted) {
                Some(FoundModule::Namespace(folder)) => {
                    namespace.get_or_insert(FoundModule::Namespace(folder));
                }
                Some(found) => return Some(found),
                None => {}
            }
        }
        namespace
    }

    /// The dotted name under which a file would be imported: from the longest root that holds it, else from the
    /// outermost folder of its chain of `__init__.py`.
    pub fn module_name(&self, file: &Path) -> Arc<str> {
        let root = self
            .site_packages
            .iter()
            .chain(&self.roots)
            .filter(|root| file.starts_with(root))
            .max_by_key(|root| root.components().count())
            .cloned()
            .unwrap_or_else(|| import_root(file));
        let relative = file.strip_prefix(&root).unwrap_or(file).with_extension("");
        let mut parts = relative
            .components()
            .filter_map(|part| part.as_os_str().to_str())
            .collect::<Vec<_>>();
        if parts.last() == Some(&"__init__") {
            parts.pop();
        }
        parts.join(".").into()
    }
}

/// The folder above the outermost package that holds a file or a package folder.
pub fn import_root(path: &Path) -> PathBuf {
    let mut folder = path.parent().unwrap_or(path);
    while source::is_file(&folder.join("__init__.py")) {
        match folder.parent() {
            Some(parent) => folder = parent,
            None => break,
        }
    }
    folder.to_owned()
}

fn in_folder(folder: &Path, name: &str) -> Option<FoundModule> {
    let package = folder.join(name);
    let init = package.join("__init__.py");
    if source::is_file(&init) {
        return Some(FoundModule::Package {
            folder: package,
            init,
        });
    }
    let file = folder.join(format!("{name}.py"));
    if source::is_file(&file) {
        return Some(FoundModule::File(file));
    }
    source::is_folder(&package).then_some(FoundModule::Namespace(package))
}
