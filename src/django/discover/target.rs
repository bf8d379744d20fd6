//! Which Django writes the SQL and has the defaults: the oldest release that the project supports.

use std::path::Path;

use super::walk;
use crate::django::version::DjangoVersion;
use crate::source;

/// By the first of: the configuration, the classifiers and the dependencies of `pyproject.toml`, the Django of the
/// environment, the newest.
pub(super) fn django(
    configured: Option<&str>,
    root: &Path,
    site_packages: &[std::path::PathBuf],
) -> DjangoVersion {
    configured
        .and_then(|version| version.parse().ok())
        .or_else(|| {
            let project = project(root)?;
            classified(&project).or_else(|| required(&project))
        })
        .or_else(|| installed(site_packages))
        .unwrap_or_default()
}

/// The table `[project]` of `pyproject.toml`.
fn project(root: &Path) -> Option<toml::Table> {
    let file = source::read(&root.join("pyproject.toml")).ok()?;
    let document: toml::Table = file.text().parse().ok()?;
    document.get("project")?.as_table().cloned()
}

/// `Framework :: Django :: 4.2`, the oldest of them.
fn classified(project: &toml::Table) -> Option<DjangoVersion> {
    let classifiers = project.get("classifiers")?.as_array()?;
    classifiers
        .iter()
        .filter_map(|classifier| {
            classifier
                .as_str()?
                .strip_prefix("Framework :: Django :: ")?
                .parse()
                .ok()
        })
        .min()
}

/// The oldest that a dependency allows: `Django>=5.2,<6`, `django ~= 5.2.1`, `Django==5.2.*` (PEP 508).
fn required(project: &toml::Table) -> Option<DjangoVersion> {
    let dependencies = project.get("dependencies")?.as_array()?;
    dependencies.iter().find_map(|dependency| {
        let written = dependency.as_str()?.trim().to_lowercase();
        let rest = written.strip_prefix("django")?;
        let rest = match rest.strip_prefix('[') {
            Some(extras) => extras.split_once(']')?.1,
            None => rest,
        };
        // Another package, whose name begins with the same letters.
        let specifiers = rest.trim_start();
        if !specifiers.starts_with(['>', '=', '~', '<', '!', '(']) {
            return None;
        }
        let specifiers = specifiers.split(';').next()?.trim_matches(['(', ')', ' ']);
        let mut lower = specifiers.split(',').filter_map(|one| {
            let one = one.trim();
            let bounds = [">=", "~=", "===", "=="];
            bounds.iter().find_map(|bound| one.strip_prefix(bound))
        });
        lower.find_map(|version| version.trim().parse().ok())
    })
}

/// The folder `django-5.2.19.dist-info` (or `Django-4.2.1.dist-info`) beside the package.
fn installed(site_packages: &[std::path::PathBuf]) -> Option<DjangoVersion> {
    site_packages.iter().find_map(|folder| {
        let entries = walk::entries(folder).ok()?;
        entries.iter().find_map(|entry| {
            let name = entry.path.file_name()?.to_str()?.to_lowercase();
            name.strip_prefix("django-")?
                .strip_suffix(".dist-info")?
                .parse()
                .ok()
        })
    })
}
