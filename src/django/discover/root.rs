//! Upward from a path to the root of its project.

use std::path::{Path, PathBuf};

use super::walk::canonical;
use crate::django::python::import_root;
use crate::source;

/// Where a project begins, by absolute paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Root {
    pub(super) folder: PathBuf,
    /// A `site-packages` folder in which the path lies: then the package named is the project.
    pub(super) inside_site_packages: Option<PathBuf>,
}

/// The nearest folder above with `manage.py`; else with `pyproject.toml`, `setup.py` or `setup.cfg`; else the
/// repository; else the folder above the package. The search ends at the repository.
pub(super) fn root_of(path: &Path) -> Option<Root> {
    let absolute = canonical(path)?;
    let start = if source::is_folder(&absolute) {
        absolute.as_path()
    } else {
        absolute.parent()?
    };
    if let Some(root) = package_root(start) {
        return Some(root);
    }
    let has = |folder: &Path, names: &[&str]| {
        names.iter().any(|name| source::is_file(&folder.join(name)))
    };
    let mut above = Vec::new();
    for folder in start.ancestors() {
        above.push(folder);
        if source::is_folder(&folder.join(".git")) || source::is_file(&folder.join(".git")) {
            break;
        }
    }
    let in_repository = above.last().filter(|folder| {
        source::is_folder(&folder.join(".git")) || source::is_file(&folder.join(".git"))
    });
    let nearest = |names: &[&str]| above.iter().find(|folder| has(folder, names)).copied();
    let folder = nearest(&["manage.py"])
        .or_else(|| nearest(&["pyproject.toml", "setup.py", "setup.cfg"]))
        .or(in_repository.copied())
        .map_or_else(|| outermost_package(start), Path::to_owned);
    Some(Root {
        folder,
        inside_site_packages: None,
    })
}

fn package_root(start: &Path) -> Option<Root> {
    let site = start.ancestors().find(|folder| {
        folder
            .file_name()
            .is_some_and(|name| name == "site-packages" || name == "dist-packages")
    })?;
    let inside = start.strip_prefix(site).ok()?.components().next();
    let folder = inside.map_or_else(|| site.to_owned(), |package| site.join(package));
    Some(Root {
        folder,
        inside_site_packages: Some(site.to_owned()),
    })
}

/// The folder above the outermost package; for a folder that is no package, itself.
fn outermost_package(start: &Path) -> PathBuf {
    if source::is_file(&start.join("__init__.py")) {
        import_root(start)
    } else if start.file_name().is_some_and(|name| name == "migrations") {
        start.parent().map_or_else(|| start.to_owned(), import_root)
    } else {
        start.to_owned()
    }
}

/// How paths are spelled: relative to the working folder where that holds the whole project, else absolute. One
/// file has one spelling.
#[derive(Debug, Clone, Default)]
pub(super) struct Spelling {
    working_folder: Option<PathBuf>,
}

impl Spelling {
    pub(super) fn for_roots(roots: &[Root]) -> Self {
        let here = canonical(Path::new("")).filter(|here| {
            let whole = |root: &Root| {
                root.folder.starts_with(here)
                    && root
                        .inside_site_packages
                        .as_ref()
                        .is_none_or(|site| site.starts_with(here))
            };
            roots.iter().all(whole)
        });
        Self {
            working_folder: here,
        }
    }

    /// An absolute path as it is printed; empty for the working folder.
    pub(super) fn of(&self, path: &Path) -> PathBuf {
        let relative = self
            .working_folder
            .as_ref()
            .and_then(|here| path.strip_prefix(here).ok());
        relative.unwrap_or(path).to_owned()
    }

    /// Brings a path that a user gave to the form of all others; `None` where it does not exist.
    pub(super) fn normal(&self, path: &Path) -> Option<PathBuf> {
        canonical(path).map(|path| self.of(&path))
    }
}
