//! The site-packages of a project's virtual environment.

use std::path::{Path, PathBuf};

use super::root::Spelling;
use super::{DiscoverError, DiscoverOptions};
use crate::source;

/// What was asked for, else the active environment, else the one next to the root.
pub(super) fn site_packages(
    root: &Path,
    (options, spelling): (&DiscoverOptions, &Spelling),
    problems: &mut Vec<DiscoverError>,
) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in &options.python_path {
        match spelling.normal(path) {
            Some(path) => {
                let inside = of_environment(&path);
                if inside.is_empty() {
                    found.push(path);
                } else {
                    found.extend(inside);
                }
            }
            None => problems.push(DiscoverError::MissingPath { path: path.clone() }),
        }
    }
    if !options.python_path.is_empty() {
        return found;
    }
    if let Some(environment) = &options.virtual_env {
        let inside = spelling
            .normal(environment)
            .map(|path| of_environment(&path))
            .unwrap_or_default();
        if inside.is_empty() {
            problems.push(DiscoverError::NoSitePackages {
                path: environment.to_owned(),
            });
        }
        found.extend(inside);
    }
    if found.is_empty() {
        found.extend(
            [".venv", "venv"]
                .iter()
                .map(|name| of_environment(&root.join(name)))
                .find(|inside| !inside.is_empty())
                .unwrap_or_default(),
        );
    }
    found
}

/// `lib/python3.*/site-packages` of an environment (`Lib/site-packages` on Windows).
fn of_environment(environment: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for library in ["lib", "lib64"] {
        for entry in source::list(&environment.join(library)).unwrap_or_default() {
            let site = entry.join("site-packages");
            let is_python = entry
                .file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| name.starts_with("python3"));
            if is_python && source::is_folder(&site) {
                found.push(site);
            }
        }
        // `lib64` is a link to `lib` in most environments.
        if !found.is_empty() {
            return found;
        }
    }
    let windows = environment.join("Lib/site-packages");
    if source::is_folder(&windows) {
        found.push(windows);
    }
    found
}
