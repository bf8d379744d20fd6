//! What a database has applied: which squashes can be used, and what stands before its own dependency.

use std::collections::BTreeSet;

use super::MigrationGraph;
use crate::django::migration::{Migration, MigrationKey};

/// What becomes of a squash (`MigrationLoader.build_graph`).
pub(super) enum SquashUse {
    /// All that it replaces is applied, or nothing: it stands for that.
    Whole,
    /// A part of it is applied: the replaced migrations are run themselves.
    PartlyApplied,
}

/// A migration that is recorded as applied, though one that it depends on is not: Django refuses to go on
/// (`InconsistentMigrationHistory`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfOrder {
    pub migration: MigrationKey,
    pub dependency: MigrationKey,
}

impl MigrationGraph {
    /// Whether the database has applied a migration, or all that a squash replaces.
    pub fn is_applied(&self, key: &MigrationKey) -> bool {
        self.applied.contains(key)
    }

    /// Whether the graph has this migration, itself or in a squash that stands for it.
    pub fn knows(&self, key: &MigrationKey) -> bool {
        self.replaced.contains_key(key)
            || self
                .nodes
                .get(key)
                .is_some_and(|node| node.migration.is_some())
    }

    /// What `migrate` will apply next, in its order. It does not look below a leaf that is applied
    /// (`MigrationExecutor.migration_plan`).
    pub fn unapplied(&self) -> Vec<MigrationKey> {
        let mut plan = self.migrate_order(|leaf| !self.is_applied(leaf));
        plan.retain(|key| !self.is_applied(key));
        plan
    }

    /// `MigrationLoader.check_consistent_history`, in order of the migrations' names.
    pub fn out_of_order(&self) -> Vec<OutOfOrder> {
        let recorded = self
            .recorded
            .iter()
            .filter(|key| self.nodes.contains_key(*key));
        recorded
            .flat_map(|key| {
                let stands = |parent: &&MigrationKey| {
                    !self.recorded.contains(*parent) && !self.applied.contains(*parent)
                };
                let missing = self.parents(key).filter(stands);
                missing.map(|parent| OutOfOrder {
                    migration: key.clone(),
                    dependency: parent.clone(),
                })
            })
            .collect()
    }

    /// Takes note of what a squash's replaced migrations being applied make of it.
    pub(super) fn squash_use(&mut self, squash: &Migration) -> SquashUse {
        let is_applied = |key: &MigrationKey| self.applied.contains(key);
        let all = squash.replaces.iter().all(is_applied);
        let any = squash.replaces.iter().any(is_applied);
        if all {
            self.applied.insert(squash.key.clone());
        } else {
            self.applied.remove(&squash.key);
        }
        if all || !any {
            SquashUse::Whole
        } else {
            SquashUse::PartlyApplied
        }
    }

    /// `MigrationGraph.remove_replacement_node`: what depended on the squash depends on the last of what it replaces.
    pub(super) fn remove_squash(&mut self, squash: &Migration) {
        let Some(node) = self.nodes.remove(&squash.key) else {
            return;
        };
        let inside: BTreeSet<&MigrationKey> = squash
            .replaces
            .iter()
            .filter(|key| self.nodes.contains_key(*key))
            .collect();
        let earlier: BTreeSet<MigrationKey> = inside
            .iter()
            .flat_map(|key| self.parents(key).cloned())
            .collect();
        let last: Vec<MigrationKey> = inside
            .into_iter()
            .filter(|key| !earlier.contains(*key))
            .cloned()
            .collect();
        for child in &node.children {
            let declared = self
                .origins
                .get(&(child.clone(), squash.key.clone()))
                .cloned();
            self.remove_edge(child, &squash.key);
            for parent in &last {
                if let Some(declared) = declared.clone() {
                    self.add_edge(child, parent, declared);
                }
            }
        }
        for parent in &node.parents {
            self.remove_edge(&squash.key, parent);
        }
    }
}
