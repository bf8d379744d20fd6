//! A migration file as data: what it depends on, and its operations.

use std::sync::Arc;

use super::operation::LocatedOperation;
use super::python::Static;
use crate::schema::Why;
use crate::source::{Origin, SourceFile};

/// `shop.0021_add_status`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MigrationKey {
    pub app_label: Arc<str>,
    pub name: Arc<str>,
}

impl MigrationKey {
    pub fn new(app_label: &str, name: &str) -> Self {
        Self {
            app_label: app_label.into(),
            name: name.into(),
        }
    }
}

impl std::fmt::Display for MigrationKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.app_label, self.name)
    }
}

/// One migration of the project or of a package that it uses.
#[derive(Debug, Clone)]
pub struct Migration {
    pub key: MigrationKey,
    pub file: Arc<SourceFile>,
    /// The `class Migration` line.
    pub origin: Origin,
    pub atomic: Static<bool>,
    pub initial: Option<bool>,
    pub dependencies: Vec<Dependency>,
    pub run_before: Vec<Dependency>,
    pub replaces: Vec<MigrationKey>,
    /// Why `replaces` may hold others, too.
    pub unread_replaces: Option<Why>,
    pub operations: Vec<LocatedOperation>,
    /// Whether it belongs to the project, or was read from site-packages (then it is never judged).
    pub ownership: Ownership,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ownership {
    Project,
    SitePackages,
}

/// An entry of `dependencies` or `run_before`.
#[derive(Debug, Clone)]
pub struct Dependency {
    pub target: Static<DependencyTarget>,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DependencyTarget {
    Migration(MigrationKey),
    /// `("app", "__first__")`, and `swappable_dependency(...)` brought to the app it names.
    First(Arc<str>),
    /// `("app", "__latest__")`.
    Latest(Arc<str>),
    /// Some migration of another app: `swappable_dependency(...)` of a setting, or a name, that could not be read.
    Elsewhere(Why),
}

/// As a dependency writes it: `shop.0021_add_status`, `shop.__first__`.
impl std::fmt::Display for DependencyTarget {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Migration(key) => write!(formatter, "{key}"),
            Self::First(app) => write!(formatter, "{app}.__first__"),
            Self::Latest(app) => write!(formatter, "{app}.__latest__"),
            Self::Elsewhere(_) => formatter.write_str("a migration of another app"),
        }
    }
}
