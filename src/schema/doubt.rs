//! Unknown as a value: why something is not known, answers that may be "unsure", and stamps that
//! tell whether a fact is older than the last event that may have changed it.

use std::fmt;
use std::sync::Arc;

/// The reason that something could not be known, in words for the report.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Why(Arc<str>);

impl Why {
    pub fn new(reason: impl Into<Arc<str>>) -> Self {
        Self(reason.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Why {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Why {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Why({:?})", &*self.0)
    }
}

/// The answer of every look-up. No rule may read `Unsure` as `Absent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup<T> {
    Found(T),
    Absent,
    Unsure(Why),
}

impl<T> Lookup<T> {
    /// What is there for certain; `None` says nothing about absence.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(value) => Some(value),
            Self::Absent | Self::Unsure(_) => None,
        }
    }

    pub fn is_found(&self) -> bool {
        matches!(self, Self::Found(_))
    }

    /// Whether it is certain that nothing of this name is there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Lookup<U> {
        match self {
            Self::Found(value) => Lookup::Found(convert(value)),
            Self::Absent => Lookup::Absent,
            Self::Unsure(why) => Lookup::Unsure(why),
        }
    }

    pub fn and_then<U>(self, next: impl FnOnce(T) -> Lookup<U>) -> Lookup<U> {
        match self {
            Self::Found(value) => next(value),
            Self::Absent => Lookup::Absent,
            Self::Unsure(why) => Lookup::Unsure(why),
        }
    }
}

/// How many unreadable events a thing has lived through: of the whole database, and of its table.
///
/// A fact stamped before the latest event is no longer certain. Without such events every stamp
/// is zero, so two schemas that were reached by different ways compare equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Stamp {
    pub database: u32,
    pub relation: u32,
}

/// A fact with the stamp of when it was last certain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Stamped<T> {
    pub value: T,
    pub stamp: Stamp,
}
