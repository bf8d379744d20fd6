//! Dependencies on migrations that nobody has, with the nearest name that somebody has.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{GraphProblem, MigrationGraph, Missing};
use crate::django::migration::{DependencyTarget, MigrationKey};

impl MigrationGraph {
    pub(super) fn remove_missing(&mut self, unmigrated: &BTreeSet<Arc<str>>) {
        let missing = self
            .nodes
            .iter()
            .filter(|(_, node)| node.migration.is_none())
            .map(|(key, node)| (key.clone(), node.clone()))
            .collect::<Vec<_>>();
        for (key, _) in &missing {
            self.nodes.remove(key);
        }
        for (key, node) in missing {
            let missing = self.missing(&key, unmigrated);
            let children = node.children.iter().map(|child| (child, &key));
            let parents = node.parents.iter().map(|parent| (&key, parent));
            for (child, parent) in children.chain(parents) {
                self.remove_edge(child, parent);
                let Some(declared) = self.origins.get(&(child.clone(), parent.clone())) else {
                    continue;
                };
                self.problems.push(GraphProblem::MissingDependency {
                    migration: declared.by.clone(),
                    target: DependencyTarget::Migration(key.clone()),
                    origin: declared.origin.clone(),
                    missing: missing.clone(),
                });
            }
        }
    }

    fn missing(&self, key: &MigrationKey, unmigrated: &BTreeSet<Arc<str>>) -> Missing {
        let mut read = self.nodes.keys().map(|other| &other.app_label);
        if unmigrated.contains(&key.app_label) || read.any(|label| *label == key.app_label) {
            Missing::Migration {
                nearest: self.nearest(key),
            }
        } else {
            Missing::App {
                nearest: self.nearest_label(&key.app_label),
            }
        }
    }

    fn nearest(&self, key: &MigrationKey) -> Option<MigrationKey> {
        let likeness = |other: &MigrationKey| {
            let number = |name: &str| name.split('_').next().map(str::to_owned);
            let same_number = number(&other.name) == number(&key.name);
            strsim::jaro_winkler(&other.name, &key.name) + if same_number { 0.3 } else { 0.0 }
        };
        self.nodes
            .keys()
            .filter(|other| other.app_label == key.app_label)
            .map(|other| (likeness(other), other))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|left, right| left.0.total_cmp(&right.0))
            .map(|(_, other)| other.clone())
    }

    pub(super) fn nearest_label(&self, label: &str) -> Option<Arc<str>> {
        self.nodes
            .keys()
            .map(|key| (strsim::jaro_winkler(&key.app_label, label), &key.app_label))
            .filter(|(likeness, other)| *likeness > 0.85 && ***other != *label)
            .max_by(|left, right| left.0.total_cmp(&right.0))
            .map(|(_, label)| Arc::clone(label))
    }
}
