//! A rule: its page, and one pure function of prepared context.

use std::fmt;

use crate::django::project_state::ModelState;
use crate::drift::{Difference, Drift};
use crate::history::{
    History, ModelColumn, ModelTable, Moment, OperationMoment, Replayed, ReplayedMigration,
};
use crate::postgres::Version;
use crate::schema::ObjectName;

use super::{Finding, Level};

/// The identity of a rule: the stem of its page, kebab-case; there are no numeric codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct RuleName(&'static str);

impl RuleName {
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// A rule as the register lists it.
#[derive(Debug)]
pub struct Rule {
    pub name: RuleName,
    /// The text of `rules/<name>.md`: documentation, metadata and test cases at once.
    pub page: &'static str,
    /// The same thing may be found in files, and found again in a live database.
    pub checks: &'static [Check],
}

/// What a rule looks at. *Event* checks (`Change`, `Gathered`, `Replayed`, `Operation`, `Migration`) see new migrations only; *state*
/// checks (`Model`, `History`) judge the end state, always.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    Change(fn(&Moment, &Context<'_>) -> Vec<Finding>),
    /// Changes of one migration or script of which the same is to be said, told once.
    Gathered(Gathering),
    /// A change of any migration that the server would refuse, or hand-written SQL that it may refuse, forward or
    /// in reverse: judged always.
    Refused(fn(&Moment, &Context<'_>) -> Vec<Finding>),
    Operation(fn(&OperationMoment, &Context<'_>) -> Vec<Finding>),
    /// All changes of one migration or script, where one alone does not tell.
    Replayed(fn(&Replayed<'_>, &Context<'_>) -> Vec<Finding>),
    Migration(fn(&ReplayedMigration, &Context<'_>) -> Vec<Finding>),
    Model(fn(&ModelState, &Context<'_>) -> Vec<Finding>),
    /// Each field of the project's models that has a column.
    Column(fn(&ModelTable, &ModelColumn, &Context<'_>) -> Option<Finding>),
    History(fn(&Context<'_>) -> Vec<Finding>),
    /// Each way in which a live database differs; nothing that a migration still to be applied explains.
    Drift(fn(&Difference, &Context<'_>) -> Option<Finding>),
    /// A live database as a whole.
    Database(fn(&Drift, &Context<'_>) -> Vec<Finding>),
    /// Found by the linter itself where it reads suppressions: the rule is its page alone.
    Suppression,
}

/// How changes that have something in common become one finding.
///
/// A comment silences a change where it stands, and the finding speaks of the others: so it is made once comments
/// have had their say.
#[derive(Debug, Clone, Copy)]
pub struct Gathering {
    /// What the changes have in common, such as their table, given all of the migration or script; `None` where there
    /// is nothing to find.
    pub subject: fn(&Moment, &Replayed<'_>, &Context<'_>) -> Option<ObjectName>,
    /// What is said of changes of one subject, in their order: of one alone, to be compared with the comments, or
    /// of several.
    pub finding: fn(&[&Moment]) -> Option<Finding>,
}

impl Check {
    /// Whether it judges new migrations only.
    pub fn is_event(self) -> bool {
        match self {
            Self::Change(_)
            | Self::Gathered(_)
            | Self::Replayed(_)
            | Self::Operation(_)
            | Self::Migration(_) => true,
            Self::Refused(_)
            | Self::Model(_)
            | Self::Column(_)
            | Self::History(_)
            | Self::Drift(_)
            | Self::Database(_)
            | Self::Suppression => false,
        }
    }

    /// Whether it looks at a live database.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Drift(_) | Self::Database(_))
    }
}

/// What every rule may ask beside what it looks at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub history: &'a History,
    pub postgres: Version,
    pub deploy: Deploy,
}

/// How the project deploys: whether old code runs while a migration does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deploy {
    #[default]
    Rolling,
    Downtime,
}

/// The front matter of a rule's page.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FrontMatter {
    pub category: Category,
    pub level: Level,
    /// Whether it is on without being selected.
    #[serde(default = "on")]
    pub default: bool,
    /// Versions it speaks of, in words: "all", "5.0 and later".
    #[serde(default)]
    pub django: Option<String>,
    #[serde(default)]
    pub postgres: Option<String>,
    #[serde(default)]
    pub claims: Option<Claims>,
    /// Whether `fix` can end what it finds in files: the page shows it in a `fixed` block.
    #[serde(default)]
    pub repairs: bool,
    /// Whether its findings stand before all others: what fails now, whatever file it came from.
    #[serde(default)]
    pub first: bool,
}

fn on() -> bool {
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    Identifiers,
    Nullability,
    Mismatch,
    History,
    Locks,
    Hygiene,
}

impl Category {
    pub fn word(self) -> &'static str {
        match self {
            Self::Identifiers => "identifiers",
            Self::Nullability => "nullability",
            Self::Mismatch => "mismatch",
            Self::History => "history",
            Self::Locks => "locks",
            Self::Hygiene => "hygiene",
        }
    }
}

/// What the page says that its `fail` block does on a server; checked on one.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// The strongest lock on the table that the rule is about: `ACCESS EXCLUSIVE`.
    pub lock: Option<String>,
    pub scan: Option<bool>,
    pub rewrite: Option<bool>,
    /// The SQLSTATE of the statement that fails.
    pub fails: Option<String>,
}
