//! The real packages of `corpora.toml`, installed in the cache.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::django::Project;
use super::postgres::{Database, PostgresVersion, Server};

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

/// What real Django left when it migrated a package on one release, kept in the cache.
#[derive(Debug, Clone, Deserialize)]
pub struct Recording {
    pub name: String,
    /// The series of Django: `5.2`.
    pub django: String,
    /// Holds `recorded.json` and `database.sql`.
    pub folder: PathBuf,
    /// The folder of `settings.py`.
    pub project: PathBuf,
    pub site_packages: PathBuf,
    pub lint: Vec<PathBuf>,
}

impl Recording {
    /// Of packages and releases named as `wagtail@6.0`; made first where there is none.
    ///
    /// # Panics
    /// When one cannot be made, with the reason.
    pub fn of(cases: &[&str]) -> Vec<Self> {
        let script = super::script("recordings.py");
        let mut arguments = vec![script.display().to_string()];
        arguments.extend(cases.iter().map(|&case| case.to_owned()));
        let printed = super::run("python3", arguments);
        serde_json::from_str(&printed).expect("recordings.py prints a list of recordings")
    }

    /// A database that is as the migrated one was.
    ///
    /// # Panics
    /// When psql refuses what pg_dump wrote.
    pub fn database(&self) -> Database {
        let database = Server::shared(PostgresVersion::V18).database();
        let script = std::fs::read_to_string(self.folder.join("database.sql"))
            .expect("recordings.py writes database.sql");
        database
            .psql(&format!("\\set ON_ERROR_STOP on\n{script}"))
            .unwrap_or_else(|printed| panic!("{}: {printed}", self.folder.display()));
        database
    }
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

    /// The packages of `more_corpora.toml`, each on one release of Django.
    ///
    /// # Panics
    /// When one cannot be installed, with the reason.
    pub fn further() -> Vec<Self> {
        Self::install(&["--further"])
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
