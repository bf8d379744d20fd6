//! What a database has recorded in `django_migrations`, against the files.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::django::graph::{MigrationGraph, OutOfOrder};
use crate::django::migration::MigrationKey;
use crate::schema::{ObjectName, Rejection, RelationName};

/// The migrations of a database, by what is to be said of them.
#[derive(Debug, Clone)]
pub struct RecordedMigrations {
    /// The table of Django's recorder.
    pub table: RelationName,
    /// Recorded, and known by a file or by a squash that replaces them.
    pub applied: usize,
    /// What the next `migrate` runs, in its order.
    pub unapplied: Vec<MigrationKey>,
    /// Recorded as applied, of an app that was read, and no file holds them.
    pub gone: Vec<MigrationKey>,
    /// Recorded, of apps that were not read.
    pub other_apps: BTreeSet<Arc<str>>,
    pub out_of_order: Vec<OutOfOrder>,
    /// Not recorded, and the database has what they do: they are taken as applied.
    pub unrecorded: Vec<Unrecorded>,
    /// Recorded, and the database has nothing of what they do: they are taken as not applied, and are among the
    /// unapplied ones.
    pub not_applied: Vec<MigrationKey>,
}

/// A migration that was carried out and is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecorded {
    pub migration: MigrationKey,
    /// What has to be recorded for it: of a squash what it replaces, too (`MigrationExecutor.record_migration`).
    pub records: Vec<MigrationKey>,
    /// What the next `migrate` is refused with when it runs it all the same.
    pub refused: Option<Rejection>,
    /// It does more than its schema shows: rows are written, or something that was not understood.
    pub does_more: bool,
    /// A recorded migration that depends on it: then `migrate` does not even start.
    pub needed_by: Option<MigrationKey>,
}

impl RecordedMigrations {
    /// Sorts what is recorded in a table; `apps` are the labels of the apps that were read.
    pub fn of(
        graph: &MigrationGraph,
        (table, recorded): (&RelationName, &BTreeSet<MigrationKey>),
        apps: &BTreeSet<Arc<str>>,
    ) -> Self {
        let (known, unknown): (Vec<_>, Vec<_>) = recorded.iter().partition(|key| graph.knows(key));
        let (gone, other): (Vec<_>, Vec<_>) = unknown
            .into_iter()
            .partition(|key| apps.contains(&key.app_label));
        Self {
            table: table.clone(),
            applied: known.len(),
            unapplied: graph.unapplied(),
            gone: gone.into_iter().cloned().collect(),
            other_apps: other
                .into_iter()
                .map(|key| Arc::clone(&key.app_label))
                .collect(),
            out_of_order: graph.out_of_order(),
            unrecorded: Vec::new(),
            not_applied: Vec::new(),
        }
    }
    /// What findings about the record itself are about.
    pub fn object(&self) -> ObjectName {
        ObjectName::Relation(self.table.clone())
    }
}
