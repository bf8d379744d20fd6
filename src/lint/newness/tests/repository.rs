//! Repositories made by git itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::newness_in;
use crate::lint::Newness;

pub(super) struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    pub(super) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = Self { folder };
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    /// A repository whose first commit holds migrations 1 to `count`, and whose second holds something else.
    pub(super) fn with_migrations(count: usize) -> Self {
        let repository = Self::empty();
        for number in 1..=count {
            repository.write(number, "base");
        }
        repository.commit("first");
        std::fs::write(repository.top().join("README.md"), "x").unwrap();
        repository.commit("second");
        repository
    }

    pub(super) fn top(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub(super) fn git(&self, arguments: &[&str]) {
        git_in(&self.top(), arguments);
    }

    pub(super) fn migration(&self, number: usize) -> PathBuf {
        self.top()
            .join(format!("shop/migrations/{number:04}_step.py"))
    }

    pub(super) fn write(&self, number: usize, text: &str) {
        let path = self.migration(number);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("# {number} {text}\n")).unwrap();
    }

    pub(super) fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    pub(super) fn newness(&self) -> Newness {
        newness_in(&self.top())
    }

    /// The numbers, among 1 to 1,100, of the migrations that are new.
    pub(super) fn new_ones(&self) -> Vec<usize> {
        let newness = self.newness();
        (1..=1100)
            .filter(|number| self.migration(*number).exists())
            .filter(|number| newness.is_new(&self.migration(*number), None))
            .collect()
    }

    pub(super) fn words(&self) -> String {
        self.newness().basis.words
    }
}

fn git_in(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args([
            "-c",
            "protocol.file.allow=always",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A clone that shares nothing with its origin, as CI makes it.
pub(super) fn clone_of(origin: &Repository, arguments: &[&str]) -> Repository {
    let folder = tempfile::tempdir().unwrap();
    let source = format!("file://{}", origin.top().display());
    let mut all = vec!["clone", "-q"];
    all.extend(arguments);
    all.extend([source.as_str(), "."]);
    git_in(folder.path(), &all);
    Repository { folder }
}
