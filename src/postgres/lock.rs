//! Table-level lock modes and what each lets through (documentation section 13.3.1, table 13.2).

/// A table-level lock mode. There is deliberately no order: conflicts are not a total one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LockMode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

/// What running code waits for while a lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Blocked {
    Nothing,
    /// INSERT, UPDATE and DELETE wait; SELECT does not.
    Writes,
    /// Every query waits.
    Everything,
}

impl LockMode {
    pub fn blocks(self) -> Blocked {
        match self {
            Self::AccessShare
            | Self::RowShare
            | Self::RowExclusive
            | Self::ShareUpdateExclusive => Blocked::Nothing,
            Self::Share | Self::ShareRowExclusive | Self::Exclusive => Blocked::Writes,
            Self::AccessExclusive => Blocked::Everything,
        }
    }

    /// The place in the documentation's table, where a mode conflicts with no fewer modes than those before it
    /// but for SHARE and SHARE UPDATE EXCLUSIVE, which the server never takes both on one table for one change.
    pub(super) fn strength(self) -> u8 {
        match self {
            Self::AccessShare => 0,
            Self::RowShare => 1,
            Self::RowExclusive => 2,
            Self::ShareUpdateExclusive => 3,
            Self::Share => 4,
            Self::ShareRowExclusive => 5,
            Self::Exclusive => 6,
            Self::AccessExclusive => 7,
        }
    }

    /// As `LOCK TABLE` and the documentation spell it.
    pub fn sql(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }
}
