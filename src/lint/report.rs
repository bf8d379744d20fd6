//! The whole of what a run found: what the renderers are given.

use std::path::PathBuf;

use super::{Basis, Finding, Level, MissedOperation};

/// Findings, what was not analysed, what could not be read, and the summary.
#[derive(Debug, Clone)]
pub struct Report {
    /// In order of path, line, column, rule.
    pub findings: Vec<Finding>,
    /// In order of place.
    pub not_analysed: Vec<MissedOperation>,
    pub problems: Vec<Problem>,
    pub summary: Summary,
    /// Where a live database was compared: the sides.
    pub compared: Option<Compared>,
}

/// What a live database was compared with, for the first lines of the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// What was named on the command line.
    pub paths: Vec<String>,
    /// What is checked out there, in words; `None` where no repository tells.
    pub revision: Option<String>,
    /// Models that were read.
    pub models: usize,
    /// Those of which not all fields are known.
    pub open_models: Vec<String>,
    /// The version whose statements the migrations were replayed with.
    pub django: String,
    /// Where it is, without a password.
    pub database: String,
    /// Its version, and the role that looked at it.
    pub server: String,
    pub schemas: Vec<String>,
    /// How many of the migrations that were read it has applied.
    pub applied: usize,
    /// What the next `migrate` runs, in its order.
    pub unapplied: Vec<String>,
    /// Apps that it has recorded migrations of and that were not read.
    pub other_apps: Vec<String>,
    /// Tables that no installed app accounts for.
    pub foreign_tables: Vec<String>,
    /// What stands there and was not compared, with the reason.
    pub not_compared: Vec<(String, String)>,
    /// What the role may not see.
    pub unseen: Vec<String>,
}

/// Work that could not be done: a file that cannot be read, a syntax error. The rest is still linted, and the
/// exit code is 2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub path: Option<PathBuf>,
    /// Line and column, each counted from 1.
    pub line: Option<u32>,
    pub column: Option<u32>,
    /// Says what was being done and what to do next; one sentence, no final stop.
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Files of the project that were read; those of site-packages are not counted.
    pub files: usize,
    /// Migrations of the project.
    pub migrations: usize,
    /// Of these, the ones that event rules judged.
    pub new_migrations: usize,
    /// Operations of the project's migrations.
    pub operations: usize,
    pub basis: Basis,
    /// In order of their names.
    pub open_models: Vec<OpenModel>,
    /// In order of their labels.
    pub left_out: Vec<LeftOut>,
    /// In order of their folders.
    pub unlinted_apps: Vec<UnlintedApp>,
    /// Labels of apps that the project has or depends on, and that are not on disk where it was looked for them: in
    /// order.
    pub absent_apps: Vec<String>,
    /// Why INSTALLED_APPS may hold more apps than were read.
    pub unknown_apps: Vec<String>,
}

/// An app with migrations that the settings do not install: it is not linted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Its label.
    pub app: String,
    pub path: PathBuf,
}

/// An app of which it is not known by which label its tables and migrations go: it is not linted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnlintedApp {
    pub path: PathBuf,
    pub why: String,
}

/// A model whose fields are not all known: absences are not reported on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenModel {
    /// `shop.Order`.
    pub name: String,
    pub why: String,
}

impl Report {
    /// How many findings have a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.level == level)
            .count()
    }

    /// The worst level among the findings.
    pub fn worst(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.level).max()
    }
}

impl Problem {
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            path: None,
            line: None,
            column: None,
            message: message.into(),
        }
    }

    #[must_use]
    pub fn in_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    #[must_use]
    pub fn at_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }
}
