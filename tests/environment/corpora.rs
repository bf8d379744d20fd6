//! The real packages of `corpora.toml`, installed in the cache.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::django::Project;

/// One installed package (or a few that belong together), with a settings module.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// The name in `corpora.toml`: `django-oscar`.
    pub name: String,
    /// Holds `settings.py` and `site-packages`.
    pub folder: PathBuf,
    /// What is linted.
    pub lint: Vec<PathBuf>,
    /// How many migration files `lint` holds.
    pub migrations: usize,
}

#[derive(Deserialize)]
struct Manifest {
    name: String,
    lint: Vec<PathBuf>,
    migrations: usize,
}

impl Corpus {
    /// All of them, installed first where they are not there yet.
    ///
    /// # Panics
    /// When one cannot be installed, with the reason.
    pub fn all() -> Vec<Self> {
        Self::install(&[])
    }

    /// One of them, by name.
    pub fn named(name: &str) -> Self {
        Self::install(&[name]).remove(0)
    }

    pub fn settings(&self) -> PathBuf {
        self.folder.join("settings.py")
    }

    pub fn site_packages(&self) -> PathBuf {
        self.folder.join("site-packages")
    }

    /// The package as a project that real Django can migrate.
    pub fn project(&self) -> Project {
        let program = "import sys; sys.path.insert(0, sys.argv[1]); import corpora; print(corpora.interpreter())";
        let scripts = super::repository().join("tests/environment");
        let python = super::run(
            "python3",
            ["-c".as_ref(), program.as_ref(), scripts.as_os_str()],
        );
        Project {
            python: PathBuf::from(python.trim_end()),
            paths: vec![self.site_packages(), self.folder.clone()],
            settings: "settings".to_owned(),
        }
    }

    fn install(names: &[&str]) -> Vec<Self> {
        let script = super::repository().join("scripts/corpora");
        let printed = super::run(script, [&["--json"], names].concat());
        let folders: Vec<PathBuf> =
            serde_json::from_str(&printed).expect("scripts/corpora prints a list of folders");
        folders.iter().map(|folder| Self::read(folder)).collect()
    }

    fn read(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join("corpus.json"))
            .expect("scripts/corpora writes corpus.json");
        let manifest: Manifest =
            serde_json::from_str(&text).expect("corpus.json is as corpora.py writes it");
        let packages = folder.join("site-packages");
        Self {
            name: manifest.name,
            folder: folder.to_owned(),
            lint: manifest
                .lint
                .iter()
                .map(|path| packages.join(path))
                .collect(),
            migrations: manifest.migrations,
        }
    }
}
