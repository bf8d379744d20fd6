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
