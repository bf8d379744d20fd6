//! Squashes carried out: what they replace leaves the graph, and its edges lead to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::applied::SquashUse;
use super::{Declared, GraphProblem, MigrationGraph};
use crate::django::migration::{Migration, MigrationKey};

impl MigrationGraph {
    /// The migrations that dependencies name and no file holds.
    pub(super) fn gone(&self) -> BTreeMap<MigrationKey, Vec<Declared>> {
        let mut gone = BTreeMap::<_, Vec<_>>::new();
        for (key, node) in &self.nodes {
            if node.migration.is_some() {
                continue;
            }
            for child in &node.children {
                if let Some(declared) = self.origins.get(&(child.clone(), key.clone())) {
                    gone.entry(key.clone()).or_default().push(declared.clone());
                }
            }
        }
        gone
    }

    /// A squash replaces what it names where the database has applied all of that, or nothing; else it cannot be used itself.
    /// A squash that another squash replaces goes first, as in Django 6.0.
    pub(super) fn replace(&mut self, migrations: &[&Arc<Migration>]) {
        let squashes = migrations
            .iter()
            .filter(|migration| !migration.replaces.is_empty())
            .map(|migration| (&migration.key, *migration))
            .collect::<BTreeMap<_, _>>();
        let mut done = FxHashSet::default();
        for squash in squashes.values() {
            let mut stack = vec![(*squash, false)];
            while let Some((squash, inner_done)) = stack.pop() {
                if inner_done {
                    match self.squash_use(squash) {
                        SquashUse::Whole => self.remove_replaced(squash),
                        SquashUse::PartlyApplied => self.remove_squash(squash),
                    }
                } else if done.insert(&squash.key) {
                    stack.push((squash, true));
                    let inner = squash.replaces.iter().filter_map(|key| squashes.get(key));
                    stack.extend(inner.map(|squash| (*squash, false)));
                }
            }
        }
    }

    fn remove_replaced(&mut self, squash: &Migration) {
        let replaced = squash.replaces.iter().collect::<BTreeSet<_>>();
        for key in &squash.replaces {
            if *key == squash.key {
                continue;
            }
            self.replaced.insert(key.clone(), squash.key.clone());
            let Some(node) = self.nodes.remove(key) else {
                continue;
            };
            for child in node.children {
                self.move_edge((&child, key), &child, (&squash.key, &replaced));
            }
            for parent in node.parents {
                self.move_edge((key, &parent), &parent, (&squash.key, &replaced));
            }
        }
    }

    /// Repoints an edge of a replaced node, whose other end is `other`, to the squash, unless that is replaced, too.
    fn move_edge(
        &mut self,
        (child, parent): (&MigrationKey, &MigrationKey),
        other: &MigrationKey,
        (squash, replaced): (&MigrationKey, &BTreeSet<&MigrationKey>),
    ) {
        self.remove_edge(child, parent);
        let declared = self.origins.get(&(child.clone(), parent.clone())).cloned();
        let (Some(declared), false) = (declared, replaced.contains(other) || other == squash)
        else {
            return;
        };
        if other == child {
            self.add_edge(child, squash, declared);
        } else {
            self.add_edge(squash, parent, declared);
        }
    }

    pub(super) fn report_replaced(&mut self, gone: &BTreeMap<MigrationKey, Vec<Declared>>) {
        for (target, declared) in gone {
            let Some(squash) = self.replaced_by(target).cloned() else {
                continue;
            };
            for declared in declared {
                // A replaced migration's own dependency on another is what the squash stands for.
                if self.replaced_by(&declared.by) == Some(&squash) || declared.by == squash {
                    continue;
                }
                self.problems.push(GraphProblem::ReplacedDependency {
                    migration: declared.by.clone(),
                    target: target.clone(),
                    replaced_by: squash.clone(),
                    origin: declared.origin.clone(),
                });
            }
        }
    }
}
