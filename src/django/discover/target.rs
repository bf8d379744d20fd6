//! Which Django writes the SQL and has the defaults: the oldest release that the project supports.

use std::path::Path;

use crate::django::version::DjangoVersion;
use crate::source;

/// By the first of: the configuration, the classifiers of `pyproject.toml`, the Django of the environment, the newest.
pub(super) fn django(
    configured: Option<&str>,
    root: &Path,
    site_packages: &[std::path::PathBuf],
) -> DjangoVersion {
    configured
        .and_then(|version| version.parse().ok())
        .or_else(|| classified(root))
        .or_else(|| installed(site_packages))
        .unwrap_or_default()
}

/// `Framework :: Django :: 4.2`, the oldest of them.
fn classified(root: &Path) -> Option<DjangoVersion> {
    let file = source::read(&root.join("pyproject.toml")).ok()?;
    let document: toml::Table = file.text().parse().ok()?;
    let classifiers = document.get("project")?.get("classifiers")?.as_array()?;
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

/// The folder `django-5.2.19.dist-info` (or `Django-4.2.1.dist-info`) beside the package.
fn installed(site_packages: &[std::path::PathBuf]) -> Option<DjangoVersion> {
    site_packages.iter().find_map(|folder| {
        let entries = source::list(folder).ok()?;
        entries.iter().find_map(|entry| {
            let name = entry.file_name()?.to_str()?.to_lowercase();
            name.strip_prefix("django-")?
                .strip_suffix(".dist-info")?
                .parse()
                .ok()
        })
    })
}
