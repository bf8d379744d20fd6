//! What a server says of itself.

use std::fmt;

use super::Problem;
use crate::postgres::Version;

/// The server and the place of a session on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub version: ServerVersion,
    pub database: String,
    /// The role that statements run as.
    pub role: String,
    /// A standby, which takes no changes.
    pub is_standby: bool,
    pub is_superuser: bool,
}

/// A release of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerVersion {
    /// As the server writes it: `18.4`, `15.18 (Debian 15.18-1)`.
    pub text: String,
    /// The major version that it is treated as.
    pub treated_as: Version,
    /// Newer than any that is known: it is treated as the newest known one.
    pub is_newer: bool,
}

impl ServerVersion {
    /// From `server_version_num` (180004 is 18.4) and `server_version`. Versions before 13 are refused.
    pub(super) fn new(number: u32, text: &str) -> Result<Self, Problem> {
        let major = number / 10_000;
        let known = Version::ALL
            .into_iter()
            .find(|version| u32::from(version.major()) == major);
        let newest = Version::default();
        let is_newer = major > u32::from(newest.major());
        match known {
            Some(treated_as) => Ok((treated_as, false)),
            None if is_newer => Ok((newest, true)),
            None => Err(Problem::ServerTooOld(text.to_owned())),
        }
        .map(|(treated_as, is_newer)| Self {
            text: text.to_owned(),
            treated_as,
            is_newer,
        })
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PostgreSQL {}", self.text)?;
        if self.is_newer {
            write!(
                formatter,
                " (not known yet, treated as {})",
                self.treated_as
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_known_by_their_number() {
        let known = ServerVersion::new(130_023, "13.23").unwrap();
        assert_eq!((known.treated_as, known.is_newer), (Version::V13, false));
        let newer = ServerVersion::new(190_001, "19.1").unwrap();
        assert_eq!((newer.treated_as, newer.is_newer), (Version::V18, true));
        assert_eq!(
            newer.to_string(),
            "PostgreSQL 19.1 (not known yet, treated as 18)"
        );
        let old = ServerVersion::new(120_022, "12.22");
        assert_eq!(old, Err(Problem::ServerTooOld("12.22".to_owned())));
        assert_eq!(
            ServerVersion::new(90_624, "9.6.24"),
            Err(Problem::ServerTooOld("9.6.24".to_owned()))
        );
    }
}
