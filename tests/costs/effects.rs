//! What a statement does, in one form for what `cost` tells and for what the server did.

use std::collections::{BTreeMap, BTreeSet};

use crate::environment::LOCK_MODES;

/// A lock mode by its place in [`LOCK_MODES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mode(usize);

impl Mode {
    /// ACCESS SHARE is what every statement takes on everything that it looks at: it is not compared.
    pub const WEAKEST_COMPARED: Self = Self(1);

    pub fn named(name: &str) -> Self {
        let found = LOCK_MODES
            .iter()
            .position(|(server, sql)| *server == name || *sql == name);
        Self(found.unwrap_or_else(|| panic!("no lock mode {name}")))
    }

    pub fn sql(self) -> &'static str {
        LOCK_MODES[self.0].1
    }
}

/// Everything that is compared. Relations that the statement makes do not stand here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// The strongest lock on each relation. An index, and a sequence that a column owns, stands here only with a lock
    /// that is stronger than that on its table: who uses it locks the table first.
    pub locks: BTreeMap<String, Mode>,
    pub rewrites: BTreeSet<String>,
    /// Tables that are read from end to end, but for those that are rewritten.
    pub scans: BTreeSet<String>,
    /// Indexes that are built, but for those of tables that are rewritten.
    pub builds: BTreeSet<String>,
    /// Relations that are gone afterwards.
    pub gone: BTreeSet<String>,
    /// SQLSTATE 25001 in a transaction block.
    pub only_outside_block: bool,
}

impl Effects {
    pub fn lock(&mut self, relation: &str, mode: Mode) {
        if mode >= Mode::WEAKEST_COMPARED {
            let held = self.locks.entry(relation.to_owned()).or_insert(mode);
            *held = mode.max(*held);
        }
    }

    /// Leaves out what is implied: locks on parts of a table that are not stronger than that on the table.
    pub fn without_implied_locks(mut self, table_of: impl Fn(&str) -> Option<String>) -> Self {
        let locks = self.locks.clone();
        self.locks.retain(|relation, mode| {
            let on_table = table_of(relation).and_then(|table| locks.get(&table).copied());
            on_table.is_none_or(|held| *mode > held)
        });
        self
    }
}

/// What came of a statement on one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    Effects(Effects),
    /// The SQLSTATE.
    Refused(String),
}
