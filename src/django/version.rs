//! The feature releases of Django whose SQL is known.

use std::fmt;
use std::str::FromStr;

/// A feature release. The order is that of release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum DjangoVersion {
    V3_2,
    V4_0,
    V4_1,
    V4_2,
    V5_0,
    V5_1,
    V5_2,
    #[default]
    V6_0,
}

/// A release that is not among those known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a known release of Django; write one of 3.2, 4.0, 4.1, 4.2, 5.0, 5.1, 5.2, 6.0"
)]
pub struct UnknownDjangoVersion(String);

impl DjangoVersion {
    pub const ALL: [Self; 8] = [
        Self::V3_2,
        Self::V4_0,
        Self::V4_1,
        Self::V4_2,
        Self::V5_0,
        Self::V5_1,
        Self::V5_2,
        Self::V6_0,
    ];

    /// The first two parts of `django.VERSION`.
    pub fn numbers(self) -> (u16, u16) {
        match self {
            Self::V3_2 => (3, 2),
            Self::V4_0 => (4, 0),
            Self::V4_1 => (4, 1),
            Self::V4_2 => (4, 2),
            Self::V5_0 => (5, 0),
            Self::V5_1 => (5, 1),
            Self::V5_2 => (5, 2),
            Self::V6_0 => (6, 0),
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::V3_2 => "3.2",
            Self::V4_0 => "4.0",
            Self::V4_1 => "4.1",
            Self::V4_2 => "4.2",
            Self::V5_0 => "5.0",
            Self::V5_1 => "5.1",
            Self::V5_2 => "5.2",
            Self::V6_0 => "6.0",
        }
    }
}

impl fmt::Display for DjangoVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for DjangoVersion {
    type Err = UnknownDjangoVersion;

    /// Reads `5.2` and `5.2.19`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|version| {
                text.strip_prefix(version.as_str())
                    .is_some_and(|patch| patch.is_empty() || patch.starts_with('.'))
            })
            .ok_or_else(|| UnknownDjangoVersion(text.to_owned()))
    }
}
