//! The major versions that are supported.

use std::fmt;
use std::str::FromStr;

/// A major version of the server. The order is that of release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Version {
    V13,
    V14,
    V15,
    V16,
    V17,
    #[default]
    V18,
}

/// A version that is not among the supported ones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a supported PostgreSQL version; write one of 13, 14, 15, 16, 17, 18")]
pub struct UnknownVersion(String);

impl Version {
    pub const ALL: [Self; 6] = [
        Self::V13,
        Self::V14,
        Self::V15,
        Self::V16,
        Self::V17,
        Self::V18,
    ];

    pub fn major(self) -> u8 {
        match self {
            Self::V13 => 13,
            Self::V14 => 14,
            Self::V15 => 15,
            Self::V16 => 16,
            Self::V17 => 17,
            Self::V18 => 18,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.major().fmt(formatter)
    }
}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let major = text.split('.').next().unwrap_or(text);
        Self::ALL
            .into_iter()
            .find(|version| version.major().to_string() == major)
            .ok_or_else(|| UnknownVersion(text.to_owned()))
    }
}
