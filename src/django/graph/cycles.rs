//! Cycles of dependencies: found, reported, and opened, so that the rest gets an order.

use rustc_hash::FxHashSet;

use super::{GraphProblem, MigrationGraph};
use crate::django::migration::MigrationKey;

impl MigrationGraph {
    /// Reports each cycle, and takes out the edge that closes it.
    pub(super) fn break_cycles(&mut self) {
        for ((child, parent), cycle) in self.cycles() {
            let next = cycle
                .iter()
                .skip(1)
                .chain(cycle.first())
                .cloned()
                .collect::<Vec<_>>();
            let path = cycle
                .iter()
                .zip(next)
                .map(|(key, next)| {
                    let declared = self.origins.get(&(key.clone(), next));
                    (
                        key.clone(),
                        declared.map(|declared| declared.origin.clone()),
                    )
                })
                .collect();
            if !self.may_be_replaced(&cycle) {
                self.problems.push(GraphProblem::Cycle { path });
            }
            self.remove_edge(&child, &parent);
        }
    }

    /// Whether one of these may not be in the graph: a squash of its app, of which it is not known what it replaces, may
    /// stand in its place.
    fn may_be_replaced(&self, cycle: &[MigrationKey]) -> bool {
        self.problems.iter().any(|problem| {
            let GraphProblem::UnknownDependency { migration, .. } = problem else {
                return false;
            };
            cycle.iter().any(|key| key.app_label == migration.app_label)
        })
    }

    /// Each edge that closes a cycle, child before parent, and the cycle from the parent on.
    fn cycles(&self) -> Vec<((MigrationKey, MigrationKey), Vec<MigrationKey>)> {
        let mut finished = FxHashSet::default();
        let mut closing = Vec::new();
        for start in self.nodes.keys() {
            let mut path: Vec<(&MigrationKey, Vec<&MigrationKey>)> = Vec::new();
            let mut on_path = FxHashSet::default();
            if !finished.contains(start) {
                path.push((start, self.parents(start).collect()));
                on_path.insert(start);
            }
            while let Some((key, parents)) = path.last_mut() {
                let key = *key;
                let Some(parent) = parents.pop() else {
                    finished.insert(key);
                    on_path.remove(key);
                    path.pop();
                    continue;
                };
                if on_path.contains(parent) {
                    let cycle = path.iter().map(|(key, _)| *key);
                    let cycle = cycle
                        .skip_while(|key| *key != parent)
                        .cloned()
                        .collect::<Vec<_>>();
                    closing.push(((key.clone(), parent.clone()), cycle));
                } else if !finished.contains(parent) {
                    path.push((parent, self.parents(parent).collect()));
                    on_path.insert(parent);
                }
            }
        }
        closing
    }
}
