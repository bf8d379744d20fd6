//! Walking folders in search of apps: in one order, each folder once, without what is not source.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::DiscoverError;
use crate::source::{self, Entry, EntryKind};

/// Folders deeper than this hold no Django app, and links may make a tree without end.
const DEEPEST: usize = 24;

/// A folder that looks like an app: it has migrations or models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) folder: PathBuf,
}

/// The folders below `root` that look like apps, sorted by path.
pub(super) fn candidates(
    root: &Path,
    seen: &mut HashSet<PathBuf>,
    problems: &mut Vec<DiscoverError>,
) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut stack: Vec<Visit> = Visit::root(root).into_iter().collect();
    while let Some(visit) = stack.pop() {
        if visit.depth > DEEPEST || !seen.insert(visit.canonical.clone()) {
            continue;
        }
        let entries = match entries(&visit.folder) {
            Ok(entries) => entries,
            Err(error) => {
                problems.push(DiscoverError::UnreadableFolder {
                    path: visit.folder,
                    source: Arc::new(error),
                });
                continue;
            }
        };
        if visit.depth > 0 && has(&entries, "pyvenv.cfg") {
            continue;
        }
        let is_app = looks_like_an_app(&visit.folder, &entries);
        if is_app {
            found.push(Candidate {
                folder: visit.folder.clone(),
            });
        }
        let is_package = has(&entries, "__init__.py");
        // What a package holds that is no package itself is templates, styles, translations: a deep tree without apps.
        if visit.in_package && !is_package && !is_app {
            continue;
        }
        stack.extend(visit.below(entries, is_package));
    }
    found.sort_by(|left, right| left.folder.cmp(&right.folder));
    found
}

/// A folder on a walk.
struct Visit {
    folder: PathBuf,
    /// With links resolved, to visit each folder once.
    canonical: PathBuf,
    depth: usize,
    /// Whether the folder above it is a Python package.
    in_package: bool,
}

impl Visit {
    fn root(folder: &Path) -> Option<Self> {
        Some(Self {
            folder: folder.to_owned(),
            canonical: canonical(folder)?,
            depth: 0,
            in_package: false,
        })
    }

    /// The folders in it that may hold apps. Only a link leads away from the tree, and must be asked where.
    fn below(&self, entries: Vec<Entry>, in_package: bool) -> impl Iterator<Item = Self> {
        entries
            .into_iter()
            .filter(|entry| entry.kind != EntryKind::File && may_hold_apps(&entry.path))
            .filter_map(move |entry| {
                let canonical = match entry.kind {
                    EntryKind::Folder => self.canonical.join(entry.path.file_name()?),
                    EntryKind::Link if source::is_folder(&entry.path) => canonical(&entry.path)?,
                    EntryKind::Link | EntryKind::File => return None,
                };
                Some(Self {
                    folder: entry.path,
                    canonical,
                    depth: self.depth + 1,
                    in_package,
                })
            })
    }
}

/// The `.py` files of a migrations package that Django loads (`MigrationLoader.load_disk`), sorted.
pub(super) fn migration_files(folder: &Path) -> Result<Vec<PathBuf>, source::ReadError> {
    let is_loaded = |path: &Path| {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or("_");
        path.extension().is_some_and(|extension| extension == "py")
            && !name.starts_with(['_', '~', '.'])
            && !name.contains('.')
    };
    let is_file = |entry: &Entry| match entry.kind {
        EntryKind::File => true,
        EntryKind::Link => source::is_file(&entry.path),
        EntryKind::Folder => false,
    };
    Ok(entries(folder)?
        .into_iter()
        .filter(|entry| is_loaded(&entry.path) && is_file(entry))
        .map(|entry| entry.path)
        .collect())
}

/// Every `.py` file below a folder, sorted.
pub fn python_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    let mut stack: Vec<Visit> = Visit::root(folder).into_iter().collect();
    while let Some(visit) = stack.pop() {
        if visit.depth > DEEPEST || !seen.insert(visit.canonical.clone()) {
            continue;
        }
        let entries = entries(&visit.folder).unwrap_or_default();
        let (python, others): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| {
            let is_python = entry.path.extension().is_some_and(|kind| kind == "py");
            is_python && entry.kind != EntryKind::Folder
        });
        files.extend(python.into_iter().map(|entry| entry.path));
        stack.extend(visit.below(others, false));
    }
    files.sort();
    files
}

/// The entries of a folder; the empty path is the working folder, so that paths stay short in print.
pub(super) fn entries(folder: &Path) -> Result<Vec<Entry>, source::ReadError> {
    if !folder.as_os_str().is_empty() {
        return source::entries(folder);
    }
    let mut entries = source::entries(Path::new("."))?;
    for entry in &mut entries {
        if let Some(name) = entry.path.file_name() {
            entry.path = folder.join(name);
        }
    }
    Ok(entries)
}

/// As [`source::canonical`]; the empty path is the working folder.
pub(super) fn canonical(path: &Path) -> Option<PathBuf> {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    source::canonical(path).ok()
}

/// Folders that hold results, packages of others or settings of tools.
const SKIPPED: [&str; 7] = [
    "node_modules",
    "__pycache__",
    "site-packages",
    "dist-packages",
    "bower_components",
    "htmlcov",
    "__pypackages__",
];

/// The usual endings of files in a project.
const FILE_ENDINGS: [&str; 26] = [
    "py", "pyc", "pyi", "html", "js", "css", "txt", "md", "rst", "json", "po", "mo", "png", "svg",
    "jpg", "gif", "toml", "cfg", "yml", "yaml", "sql", "so", "ts", "scss", "map", "woff",
];

fn may_hold_apps(entry: &Path) -> bool {
    let Some(name) = entry.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let skipped = SKIPPED.contains(&name)
        || name.starts_with('.')
        || name.ends_with(".egg-info")
        || name.ends_with(".dist-info");
    // `build` and `dist` are results, unless they are packages themselves.
    let result = matches!(name, "build" | "dist") && !source::is_file(&entry.join("__init__.py"));
    // Files by their usual endings, without asking the file system.
    let file = entry
        .extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| FILE_ENDINGS.contains(&extension));
    !skipped && !result && !file
}

fn has(entries: &[Entry], name: &str) -> bool {
    entries
        .iter()
        .any(|entry| entry.path.file_name().is_some_and(|found| found == name))
}

fn looks_like_an_app(folder: &Path, entries: &[Entry]) -> bool {
    has(entries, "models.py")
        || (has(entries, "migrations") && source::is_file(&folder.join("migrations/__init__.py")))
        || (has(entries, "models") && source::is_file(&folder.join("models/__init__.py")))
}
