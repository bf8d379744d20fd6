//! The migrations that new ones would follow.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::django::graph::MigrationGraph;
use crate::django::migration::{Migration, Ownership};
use crate::repair::LeafMigration;

/// Those of the project's own apps on which no other of the app depends, in the order of the files.
pub(super) fn leaves(migrations: &[Arc<Migration>], graph: &MigrationGraph) -> Vec<LeafMigration> {
    let own = migrations
        .iter()
        .filter(|migration| migration.ownership == Ownership::Project);
    let labels: BTreeSet<&str> = own
        .clone()
        .map(|migration| &*migration.key.app_label)
        .collect();
    let leaves: BTreeSet<_> = labels
        .into_iter()
        .flat_map(|label| graph.leaves(label))
        .collect();
    own.filter(|migration| leaves.contains(&migration.key))
        .filter_map(|migration| {
            let folder = migration.file.path().parent().map(Path::to_owned)?;
            Some(LeafMigration {
                app_label: Arc::clone(&migration.key.app_label),
                name: migration.key.name.to_string(),
                folder,
            })
        })
        .collect()
}
