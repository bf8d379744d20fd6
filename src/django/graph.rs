//! The order in which Django applies migrations, and what is wrong with the graph.
//!
//! As `django/db/migrations/loader.py` and `graph.py` (4.2 to 6.0) build it, except that a fault is reported and the rest still
//! gets an order.

mod applied;
mod cycles;
mod missing;
mod order_doubt;
mod squashes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

pub use applied::OutOfOrder;
pub use order_doubt::OrderDoubt;

use super::migration::{Dependency, DependencyTarget, Migration, MigrationKey};
use crate::schema::Why;
use crate::source::Origin;

/// The migrations of a project with their dependencies, squashes carried out.
#[derive(Debug, Clone, Default)]
pub struct MigrationGraph {
    nodes: BTreeMap<MigrationKey, Node>,
    origins: FxHashMap<(MigrationKey, MigrationKey), Declared>,
    replaced: BTreeMap<MigrationKey, MigrationKey>,
    plan: Vec<MigrationKey>,
    problems: Vec<GraphProblem>,
    order_doubts: BTreeMap<MigrationKey, OrderDoubt>,
    perhaps_replaced: BTreeSet<MigrationKey>,
    /// What a database has recorded as applied, and what that comes to: squashes that stand for applied ones included.
    recorded: BTreeSet<MigrationKey>,
    applied: BTreeSet<MigrationKey>,
}

/// What is wrong with the dependencies of a project.
#[derive(Debug, Clone)]
pub enum GraphProblem {
    /// A migration that nobody has: Django refuses to load the project.
    MissingDependency {
        migration: MigrationKey,
        target: DependencyTarget,
        origin: Origin,
        missing: Missing,
    },
    /// The target's file is gone and a squash replaces it: a database that had applied a part of what the squash
    /// replaces cannot load the project.
    ReplacedDependency {
        migration: MigrationKey,
        target: MigrationKey,
        replaced_by: MigrationKey,
        origin: Origin,
    },
    /// Each migration depends on the next, the last on the first; with where each says so.
    Cycle {
        path: Vec<(MigrationKey, Option<Origin>)>,
    },
    /// Migrations of one app on which no other of the app depends: `migrate` refuses, `makemigrations --merge` mends it.
    SeveralLeaves {
        app_label: Arc<str>,
        leaves: Vec<(MigrationKey, Origin)>,
    },
    /// A dependency that could not be read: the order may be another.
    UnknownDependency {
        migration: MigrationKey,
        why: Why,
        origin: Origin,
    },
}

/// What is missing of a dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The app has migrations, but not this one; with the nearest name that it has.
    Migration { nearest: Option<MigrationKey> },
    /// No app of this label was read. It may be installed where nobody told us.
    App { nearest: Option<Arc<str>> },
}

#[derive(Debug, Clone, Default)]
struct Node {
    /// `None`: only named by a dependency.
    migration: Option<Origin>,
    parents: BTreeSet<MigrationKey>,
    children: BTreeSet<MigrationKey>,
}

/// Who declared an edge, and where.
#[derive(Debug, Clone)]
struct Declared {
    by: MigrationKey,
    origin: Origin,
}

impl MigrationGraph {
    /// Builds the graph for a database where nothing is applied. `unmigrated` are the labels of apps that are installed and
    /// have no migrations: a dependency on their `__first__` means nothing.
    pub fn build(migrations: &[Arc<Migration>], unmigrated: &BTreeSet<Arc<str>>) -> Self {
        Self::build_for_database(migrations, unmigrated, &BTreeSet::new())
    }

    /// Builds the graph for a database that has recorded these migrations as applied: they decide which squashes can be used.
    pub fn build_for_database(
        migrations: &[Arc<Migration>],
        unmigrated: &BTreeSet<Arc<str>>,
        recorded: &BTreeSet<MigrationKey>,
    ) -> Self {
        let mut graph = Self {
            recorded: recorded.clone(),
            applied: recorded.clone(),
            ..Self::default()
        };
        let mut migrations = migrations.iter().collect::<Vec<_>>();
        migrations.sort_by(|left, right| left.key.cmp(&right.key));
        for migration in &migrations {
            let node = graph.nodes.entry(migration.key.clone()).or_default();
            node.migration
                .get_or_insert_with(|| migration.origin.clone());
        }
        // Django adds the edges within an app first, so that `__first__` of others finds the root.
        for migration in &migrations {
            graph.add_internal(migration);
        }
        for migration in &migrations {
            graph.add_external(migration, unmigrated);
        }
        let gone = graph.gone();
        graph.replace(&migrations);
        graph.report_replaced(&gone);
        graph.remove_missing(unmigrated);
        graph.break_cycles();
        graph.find_leaves();
        graph.doubt_orders(&migrations);
        graph.doubt_replaced(&migrations);
        graph.plan = graph.migrate_order(|_| true);
        graph
    }

    /// The migrations of the project, in the order in which `migrate` applies them; those that the database has are among them.
    pub fn plan(&self) -> &[MigrationKey] {
        &self.plan
    }

    /// Whether a squash whose `replaces` could not be read whole may stand for the migration: then it may never run.
    pub fn is_perhaps_replaced(&self, key: &MigrationKey) -> bool {
        self.perhaps_replaced.contains(key)
    }

    /// The migrations whose place in the plan is not certain.
    pub fn order_doubts(&self) -> &BTreeMap<MigrationKey, OrderDoubt> {
        &self.order_doubts
    }

    pub fn problems(&self) -> &[GraphProblem] {
        &self.problems
    }

    /// The squash that stands in a migration's place; then the migration itself is not in the plan.
    pub fn replaced_by(&self, key: &MigrationKey) -> Option<&MigrationKey> {
        let mut by = self.replaced.get(key)?;
        for _ in 0..self.replaced.len() {
            match self.replaced.get(by) {
                Some(next) => by = next,
                None => break,
            }
        }
        Some(by)
    }

    /// The migrations on which one depends, squashes in the place of what they replace.
    pub fn parents(&self, key: &MigrationKey) -> impl Iterator<Item = &MigrationKey> {
        self.nodes
            .get(key)
            .into_iter()
            .flat_map(|node| &node.parents)
    }

    /// The migrations of an app on which no other of the app depends.
    pub fn leaves(&self, app_label: &str) -> Vec<&MigrationKey> {
        self.ends(app_label, |node| &node.children)
    }

    fn ends(
        &self,
        app_label: &str,
        next: impl Fn(&Node) -> &BTreeSet<MigrationKey>,
    ) -> Vec<&MigrationKey> {
        // The keys of an app stand together.
        self.nodes
            .range(MigrationKey::new(app_label, "")..)
            .take_while(|(key, _)| *key.app_label == *app_label)
            .filter(|(key, node)| {
                node.migration.is_some()
                    && next(node)
                        .iter()
                        .all(|other| other.app_label != key.app_label)
            })
            .map(|(key, _)| key)
            .collect()
    }

    fn add_edge(&mut self, child: &MigrationKey, parent: &MigrationKey, declared: Declared) {
        let node = self.nodes.entry(child.clone()).or_default();
        node.parents.insert(parent.clone());
        let node = self.nodes.entry(parent.clone()).or_default();
        node.children.insert(child.clone());
        let edge = (child.clone(), parent.clone());
        self.origins.entry(edge).or_insert(declared);
    }

    fn remove_edge(&mut self, child: &MigrationKey, parent: &MigrationKey) {
        if let Some(node) = self.nodes.get_mut(child) {
            node.parents.remove(parent);
        }
        if let Some(node) = self.nodes.get_mut(parent) {
            node.children.remove(child);
        }
    }

    fn add_internal(&mut self, migration: &Migration) {
        for dependency in &migration.dependencies {
            if let Ok(DependencyTarget::Migration(parent)) = &dependency.target
                && parent.app_label == migration.key.app_label
            {
                self.add_edge(&migration.key, parent, Declared::new(migration, dependency));
            }
        }
    }

    fn add_external(&mut self, migration: &Migration, unmigrated: &BTreeSet<Arc<str>>) {
        for dependency in &migration.dependencies {
            if let Some(parent) = self.outside(migration, dependency, unmigrated)
                && parent.app_label != migration.key.app_label
            {
                self.add_edge(
                    &migration.key,
                    &parent,
                    Declared::new(migration, dependency),
                );
            }
        }
        for dependency in &migration.run_before {
            if let Some(child) = self.outside(migration, dependency, unmigrated) {
                self.add_edge(&child, &migration.key, Declared::new(migration, dependency));
            }
        }
    }

    /// What a dependency outside the app stands for; `None` where Django ignores it, or it is a problem.
    fn outside(
        &mut self,
        migration: &Migration,
        dependency: &Dependency,
        unmigrated: &BTreeSet<Arc<str>>,
    ) -> Option<MigrationKey> {
        let target = match &dependency.target {
            Ok(target) => target,
            Err(why) => {
                self.problems.push(GraphProblem::UnknownDependency {
                    migration: migration.key.clone(),
                    why: why.clone(),
                    origin: dependency.origin.clone(),
                });
                return None;
            }
        };
        let (label, found) = match target {
            DependencyTarget::Migration(key) => return Some(key.clone()),
            DependencyTarget::First(label) => (label, self.ends(label, |node| &node.parents)),
            DependencyTarget::Latest(label) => (label, self.leaves(label)),
            DependencyTarget::Elsewhere(_) => return None,
        };
        if *label == migration.key.app_label || unmigrated.contains(label) {
            return None;
        }
        let found = found.first().copied().cloned();
        if found.is_none() {
            self.problems.push(GraphProblem::MissingDependency {
                migration: migration.key.clone(),
                target: target.clone(),
                origin: dependency.origin.clone(),
                missing: Missing::App {
                    nearest: self.nearest_label(label),
                },
            });
        }
        found
    }

    fn find_leaves(&mut self) {
        let labels = self
            .nodes
            .keys()
            .map(|key| Arc::clone(&key.app_label))
            .collect::<BTreeSet<_>>();
        for app_label in labels {
            let leaves = self
                .leaves(&app_label)
                .into_iter()
                .filter_map(|key| Some((key.clone(), self.nodes.get(key)?.migration.clone()?)))
                .collect::<Vec<_>>();
            if leaves.len() > 1 {
                self.problems
                    .push(GraphProblem::SeveralLeaves { app_label, leaves });
            }
        }
    }

    /// `migrate` without arguments: for each leaf, in order of label and name, what it needs, depth first
    /// (`MigrationGraph.iterative_dfs`), each migration once.
    fn migrate_order(&self, wanted: impl Fn(&MigrationKey) -> bool) -> Vec<MigrationKey> {
        let mut plan = Vec::with_capacity(self.nodes.len());
        let mut planned = FxHashSet::default();
        let is_leaf = |(key, node): &(&MigrationKey, &Node)| {
            node.children
                .iter()
                .all(|child| child.app_label != key.app_label)
        };
        let leaves = self.nodes.iter().filter(is_leaf);
        for (leaf, _) in leaves.filter(|(leaf, _)| wanted(leaf)) {
            let mut visited = FxHashSet::default();
            let mut stack = vec![(leaf, false)];
            while let Some((key, processed)) = stack.pop() {
                // What an earlier leaf brought is in the plan with all that it needs.
                if planned.contains(key) || visited.contains(key) {
                    continue;
                }
                if processed {
                    visited.insert(key);
                    plan.push(key.clone());
                    continue;
                }
                stack.push((key, true));
                stack.extend(self.parents(key).map(|parent| (parent, false)));
            }
            planned.extend(visited);
        }
        plan
    }
}

impl Declared {
    fn new(migration: &Migration, dependency: &Dependency) -> Self {
        Self {
            by: migration.key.clone(),
            origin: dependency.origin.clone(),
        }
    }
}
