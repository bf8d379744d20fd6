//! Findings are data; renderers are elsewhere.

use std::fmt;

use crate::drift::Hurt;
use crate::repair::Repair;
use crate::schema::ObjectName;
use crate::source::Origin;

use super::RuleName;

/// How bad it is. The order is that of severity.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Good to know; nothing breaks.
    Note,
    /// May hurt under a rolling deploy or a load.
    Warning,
    /// Will break.
    Error,
}

impl Level {
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where a finding stands: in a file, or in a database alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Source(Origin),
    Database(ObjectName),
}

/// What a rule found, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: RuleName,
    /// As the linter settled it: of the page, of the rule, or of the configuration.
    pub level: Level,
    /// The level that the rule gives to this one finding in place of its page's.
    pub own_level: Option<Level>,
    /// Names the object and the effect in plain words; one sentence, no final stop.
    pub message: String,
    pub place: Place,
    /// What it is about: `table.column`.
    pub object: Option<Subject>,
    /// Words at `place` itself, short.
    pub label: Option<String>,
    /// Related places: the model's line for a migration's finding, and the reverse.
    pub labels: Vec<Label>,
    /// What to write instead, in the imperative.
    pub help: Option<String>,
    pub repairs: Vec<Repair>,
    /// What it does to running code, of a live database: the worst is said first.
    pub hurt: Option<Hurt>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub place: Place,
    pub text: String,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Object(ObjectName),
    /// What is no object of a database: a migration, a dependency, an index that only a model has.
    Named(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(object) => object.fmt(formatter),
            Self::Named(name) => formatter.write_str(name),
        }
    }
}

impl Finding {
    /// A finding of a rule; its level comes from the rule's page unless the rule sets another.
    pub fn at(origin: Origin, message: impl Into<String>) -> Self {
        Self::new(Place::Source(origin), message)
    }

    /// A finding on an object of a live database.
    pub fn in_database(object: ObjectName, message: impl Into<String>) -> Self {
        Self::new(Place::Database(object.clone()), message).about(object)
    }

    fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            rule: RuleName::default(),
            level: Level::Error,
            own_level: None,
            message: message.into(),
            place,
            object: None,
            label: None,
            labels: Vec::new(),
            help: None,
            repairs: Vec::new(),
            hurt: None,
        }
    }

    /// Gives this finding another level than the rule's page has: the same rule may know worse and better cases.
    #[must_use]
    pub fn at_level(mut self, level: Level) -> Self {
        self.own_level = Some(level);
        self.level = level;
        self
    }

    #[must_use]
    pub fn about(mut self, object: ObjectName) -> Self {
        self.object = Some(Subject::Object(object));
        self
    }

    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.object = Some(Subject::Named(name.into()));
        self
    }

    #[must_use]
    pub fn labelled(mut self, origin: Origin, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place: Place::Source(origin),
            text: text.into(),
        });
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn repaired_by(mut self, repair: Repair) -> Self {
        self.repairs.push(repair);
        self
    }
}
