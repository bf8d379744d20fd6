//! How compiling a part can end: with SQL, with the news that it can match nothing or everything, or not at all.

use crate::schema::Why;

/// Why a part has no SQL of its own.
#[derive(Debug, Clone)]
pub(super) enum Stop {
    /// It is not known here what Django writes.
    Unknown(Why),
    /// Nothing can match: `EmptyResultSet` (`django/core/exceptions.py`).
    Empty,
    /// Everything matches: `FullResultSet`.
    Full,
}

pub(super) type Outcome<T> = Result<T, Stop>;

impl From<Why> for Stop {
    fn from(why: Why) -> Self {
        Self::Unknown(why)
    }
}

impl Stop {
    pub(super) fn why(reason: impl Into<std::sync::Arc<str>>) -> Self {
        Self::Unknown(Why::new(reason))
    }

    /// What is left where Django lets the exception reach the migration, which then fails.
    pub(super) fn into_why(self) -> Why {
        match self {
            Self::Unknown(why) => why,
            Self::Empty => Why::new("the condition can match nothing, and Django refuses it"),
            Self::Full => Why::new("the condition matches everything, and Django refuses it"),
        }
    }
}
