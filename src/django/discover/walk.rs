//! Walking folders in search of apps: in one order, each folder once, without what is not source.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::DiscoverError;
use crate::source;

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
    let mut stack = vec![(root.to_owned(), 0)];
    while let Some((folder, depth)) = stack.pop() {
        if depth > DEEPEST || !first_visit(&folder, seen) {
            continue;
        }
        let entries = match list(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                problems.push(DiscoverError::UnreadableFolder {
                    path: folder,
                    source: Arc::new(error),
                });
                continue;
            }
        };
        let is_environment = depth > 0 && has(&entries, "pyvenv.cfg");
        if is_environment {
            continue;
        }
        if looks_like_an_app(&folder, &entries) {
            found.push(Candidate {
                folder: folder.clone(),
            });
        }
        let below = entries
            .into_iter()
            .filter(|entry| may_hold_apps(entry) && source::is_folder(entry));
        stack.extend(below.map(|entry| (entry, depth + 1)));
    }
    found.sort_by(|left, right| left.folder.cmp(&right.folder));
    found
}

/// The `.py` files of a migrations package that Django loads (`MigrationLoader.load_disk`), sorted.
pub(super) fn migration_files(folder: &Path) -> Result<Vec<PathBuf>, source::ReadError> {
    Ok(list(folder)?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .filter(|path| {
            let name = path
                .file_stem()
                .and_then(|name| name.to_str())
                .unwrap_or("_");
            !name.starts_with(['_', '~', '.']) && !name.contains('.')
        })
        .filter(|path| source::is_file(path))
        .collect())
}

/// Every `.py` file below a folder.
pub(super) fn python_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    let mut stack = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = stack.pop() {
        if depth > DEEPEST || !first_visit(&folder, &mut seen) {
            continue;
        }
        for entry in list(&folder).unwrap_or_default() {
            if entry.extension().is_some_and(|extension| extension == "py") {
                files.push(entry);
            } else if may_hold_apps(&entry) && source::is_folder(&entry) {
                stack.push((entry, depth + 1));
            }
        }
    }
    files.sort();
    files
}

/// The entries of a folder; the empty path is the working folder, so that paths stay short in print.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, source::ReadError> {
    if !folder.as_os_str().is_empty() {
        return source::list(folder);
    }
    let here = Path::new(".");
    let entries = source::list(here)?;
    Ok(entries
        .into_iter()
        .map(|entry| {
            entry
                .strip_prefix(here)
                .map(Path::to_owned)
                .unwrap_or(entry)
        })
        .collect())
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

fn first_visit(folder: &Path, seen: &mut HashSet<PathBuf>) -> bool {
    canonical(folder).is_some_and(|path| seen.insert(path))
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

fn has(entries: &[PathBuf], name: &str) -> bool {
    entries
        .iter()
        .any(|entry| entry.file_name().is_some_and(|found| found == name))
}

fn looks_like_an_app(folder: &Path, entries: &[PathBuf]) -> bool {
    has(entries, "models.py")
        || (has(entries, "migrations") && source::is_file(&folder.join("migrations/__init__.py")))
        || (has(entries, "models") && source::is_file(&folder.join("models/__init__.py")))
}
