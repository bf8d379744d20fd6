//! The order in which Django applies migrations, and what is wrong with the graph.
//!
//! As `django/db/migrations/loader.py` and `graph.py` (4.2 to 6.0) build it for a database where nothing is applied, except that
//! a fault is reported and the rest still gets an order.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::migration::{Dependency, DependencyTarget, Migration, MigrationKey};
use crate::schema::Why;
use crate::source::Origin;

/// The migrations of a project with their dependencies, squashes carried out.
#[derive(Debug, Clone, Default)]
pub struct MigrationGraph {
    nodes: BTreeMap<MigrationKey, Node>,
    origins: HashMap<(MigrationKey, MigrationKey), Declared>,
    replaced: BTreeMap<MigrationKey, MigrationKey>,
    plan: Vec<MigrationKey>,
    problems: Vec<GraphProblem>,
    order_doubts: BTreeMap<MigrationKey, OrderDoubt>,
}

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
    /// Builds the graph. `unmigrated` are the labels of apps that are installed and have no migrations: a
    /// dependency on their `__first__` means nothing.
    pub fn build(migrations: &[Arc<Migration>], unmigrated: &BTreeSet<Arc<str>>) -> Self {
        let mut graph = Self::default();
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
        graph.plan = graph.migrate_order();
        graph
    }

    /// The migrations that a fresh database applies, in the order in which `migrate` applies them.
    pub fn plan(&self) -> &[MigrationKey] {
        &self.plan
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
        self.nodes
            .iter()
            .filter(|(key, node)| {
                &*key.app_label == app_label
                    && node.migration.is_some()
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

    /// The migrations that dependencies name and no file holds.
    fn gone(&self) -> BTreeMap<MigrationKey, Vec<Declared>> {
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

    /// On a fresh database every squash replaces what it names. A squash that another squash replaces goes first, as in Django 6.0.
    fn replace(&mut self, migrations: &[&Arc<Migration>]) {
        let squashes = migrations
            .iter()
            .filter(|migration| !migration.replaces.is_empty())
            .map(|migration| (&migration.key, *migration))
            .collect::<BTreeMap<_, _>>();
        let mut done = HashSet::new();
        for squash in squashes.values() {
            let mut stack = vec![(*squash, false)];
            while let Some((squash, inner_done)) = stack.pop() {
                if inner_done {
                    self.remove_replaced(squash);
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

    fn report_replaced(&mut self, gone: &BTreeMap<MigrationKey, Vec<Declared>>) {
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

    #[expect(
        clippy::too_many_lines,
        reason = "one pass whose steps need each other's results"
    )]
    fn remove_missing(&mut self, unmigrated: &BTreeSet<Arc<str>>) {
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
            let app_is_read = unmigrated.contains(&key.app_label)
                || self
                    .nodes
                    .keys()
                    .any(|other| other.app_label == key.app_label);
            let missing = if app_is_read {
                Missing::Migration {
                    nearest: self.nearest(&key),
                }
            } else {
                Missing::App {
                    nearest: self.nearest_label(&key.app_label),
                }
            };
            let edges = node
                .children
                .iter()
                .map(|child| (child.clone(), key.clone()))
                .chain(
                    node.parents
                        .iter()
                        .map(|parent| (key.clone(), parent.clone())),
                );
            for edge in edges {
                self.remove_edge(&edge.0, &edge.1);
                let Some(declared) = self.origins.get(&edge) else {
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

    fn nearest_label(&self, label: &str) -> Option<Arc<str>> {
        self.nodes
            .keys()
            .map(|key| (strsim::jaro_winkler(&key.app_label, label), &key.app_label))
            .filter(|(likeness, other)| *likeness > 0.85 && ***other != *label)
            .max_by(|left, right| left.0.total_cmp(&right.0))
            .map(|(_, label)| Arc::clone(label))
    }

    /// Finds each edge that closes a cycle, reports the cycle, and takes the edge out.
    #[expect(
        clippy::too_many_lines,
        reason = "one pass whose steps need each other's results"
    )]
    fn break_cycles(&mut self) {
        let mut finished = HashSet::new();
        let mut closing = Vec::new();
        for start in self.nodes.keys() {
            let mut path: Vec<(&MigrationKey, Vec<&MigrationKey>)> = Vec::new();
            let mut on_path = HashSet::new();
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
        for ((child, parent), cycle) in closing {
            let next = cycle
                .iter()
                .skip(1)
                .chain(cycle.first())
                .cloned()
                .collect::<Vec<_>>();
            let path = cycle
                .into_iter()
                .zip(next)
                .map(|(key, next)| {
                    let declared = self.origins.get(&(key.clone(), next));
                    (key, declared.map(|declared| declared.origin.clone()))
                })
                .collect();
            self.problems.push(GraphProblem::Cycle { path });
            self.remove_edge(&child, &parent);
        }
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

    /// Follows each dependency that could not be read to all whose place hangs on it. What one is missing, or which
    /// migrations of its app are the last, is then not known.
    fn doubt_orders(&mut self, migrations: &[&Arc<Migration>]) {
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
        let mut seen = BTreeSet::new();
        while let Some(next) = reached.pop() {
            if let (true, Some(node)) = (seen.insert(next.clone()), self.nodes.get(&next)) {
                reached.extend(node.children.iter().cloned());
            }
        }
        for other in seen {
            self.order_doubts
                .entry(other)
                .or_insert_with(|| OrderDoubt::Elsewhere(why.clone()));
        }
        if matches!(doubt, OrderDoubt::WithinItsApp(_)) {
            self.order_doubts.insert(key, doubt);
        }
    }

    /// `migrate` without arguments: for each leaf, in order of label and name, what it needs, depth first
    /// (`MigrationGraph.iterative_dfs`), each migration once.
    fn migrate_order(&self) -> Vec<MigrationKey> {
        let mut plan = Vec::with_capacity(self.nodes.len());
        let mut planned = HashSet::new();
        let is_leaf = |(key, node): &(&MigrationKey, &Node)| {
            node.children
                .iter()
                .all(|child| child.app_label != key.app_label)
        };
        for (leaf, _) in self.nodes.iter().filter(is_leaf) {
            let mut visited = HashSet::new();
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
