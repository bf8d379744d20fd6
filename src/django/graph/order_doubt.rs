//! Which migrations may have another place in the plan, as a dependency could not be read.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{GraphProblem, MigrationGraph};
use crate::django::migration::{DependencyTarget, Migration, MigrationKey};
use crate::schema::Why;

/// Why the place of a migration in the plan may be another than Django's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderDoubt {
    /// Other migrations of its app may run before it.
    WithinItsApp(Why),
    /// Migrations of other apps may run before it, or one that it depends on has its place in doubt.
    Elsewhere(Why),
}

impl OrderDoubt {
    pub fn why(&self) -> &Why {
        match self {
            Self::WithinItsApp(why) | Self::Elsewhere(why) => why,
        }
    }
}

impl MigrationGraph {
    /// Follows each dependency that could not be read to all whose place hangs on it. What one is missing, or which
    /// migrations of its app are the last, is then not known.
    pub(super) fn doubt_orders(&mut self, migrations: &[&Arc<Migration>]) {
        let mut doubtful_apps = BTreeSet::new();
        for migration in migrations {
            let entries = migration.dependencies.iter().chain(&migration.run_before);
            for dependency in entries {
                let doubt = match &dependency.target {
                    Err(why) => OrderDoubt::WithinItsApp(why.clone()),
                    Ok(DependencyTarget::Elsewhere(why)) => OrderDoubt::Elsewhere(why.clone()),
                    Ok(_) => continue,
                };
                if matches!(doubt, OrderDoubt::WithinItsApp(_)) {
                    doubtful_apps.insert(Arc::clone(&migration.key.app_label));
                }
                self.doubt_order(&migration.key, doubt);
            }
        }
        self.problems.retain(|problem| match problem {
            GraphProblem::SeveralLeaves { app_label, .. } => !doubtful_apps.contains(app_label),
            GraphProblem::MissingDependency {
                target: DependencyTarget::Migration(key),
                ..
            } => !doubtful_apps.contains(&key.app_label),
            _ => true,
        });
    }

    /// A squash may stand for any migration of its app but for those that depend on it.
    pub(super) fn doubt_replaced(&mut self, migrations: &[&Arc<Migration>]) {
        let unread = migrations
            .iter()
            .filter(|known| known.unread_replaces.is_some());
        for squash in unread {
            let after = self.with_descendants(vec![squash.key.clone()]);
            let siblings = self.nodes.keys();
            let siblings = siblings.filter(|key| key.app_label == squash.key.app_label);
            let perhaps: Vec<_> = siblings
                .filter(|key| !after.contains(*key))
                .cloned()
                .collect();
            self.perhaps_replaced.extend(perhaps);
        }
    }

    /// Migrations and all that depend on them, directly or not.
    fn with_descendants(&self, mut reached: Vec<MigrationKey>) -> BTreeSet<MigrationKey> {
        let mut seen = BTreeSet::new();
        while let Some(next) = reached.pop() {
            if let (true, Some(node)) = (seen.insert(next.clone()), self.nodes.get(&next)) {
                reached.extend(node.children.iter().cloned());
            }
        }
        seen
    }

    fn doubt_order(&mut self, key: &MigrationKey, doubt: OrderDoubt) {
        let key = self.replaced_by(key).unwrap_or(key).clone();
        let why = doubt.why().clone();
        let mut reached = vec![key.clone()];
        if matches!(doubt, OrderDoubt::WithinItsApp(_)) {
            let siblings = self.nodes.keys();
            reached.extend(
                siblings
                    .filter(|other| other.app_label == key.app_label)
                    .cloned(),
            );
        }
        for other in self.with_descendants(reached) {
            self.order_doubts
                .entry(other)
                .or_insert_with(|| OrderDoubt::Elsewhere(why.clone()));
        }
        if matches!(doubt, OrderDoubt::WithinItsApp(_)) {
            self.order_doubts.insert(key, doubt);
        }
    }
}
