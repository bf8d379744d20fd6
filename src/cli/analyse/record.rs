//! What a database has recorded, held against what it has: a row that is gone, and a row for nothing.
//!
//! A wrong row makes every object of its migration look extra, or missing. Which record explains the database better is
//! tried: the migration is replayed, or left out, and the catalog that this leaves is compared with the live one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::project::ReadProject;
use super::{Live, Request};
use crate::django::graph::MigrationGraph;
use crate::django::migration::{Migration, MigrationKey};
use crate::django::operation::{LocatedOperation, Operation, RunPythonCode};
use crate::drift::{Unexplained, Unrecorded, doubtful_tables, explains_more, unexplained};
use crate::history::{Direction, Judged, Replay, ReplayedMigration};
use crate::schema::{Outcome, Rejection, Schema};

/// A record that explains the database, and how it is another than the one that stands there.
pub(super) struct Judgement {
    pub recorded: BTreeSet<MigrationKey>,
    pub unrecorded: Vec<Unrecorded>,
    pub not_applied: Vec<MigrationKey>,
}

/// Objects that a row must account for before it is said to stand for nothing: of a single one that is missing, that
/// itself is said.
const FEWEST_MISSING: usize = 2;

/// Trials of one project on one database.
struct Trial<'a> {
    project: &'a ReadProject,
    request: &'a Request<'a>,
    live: &'a Live,
    by_key: BTreeMap<&'a MigrationKey, &'a Arc<Migration>>,
    judgement: Judgement,
}

/// Finds the rows that are gone, and those that stand for nothing; with the graph, and the replay of what is then
/// applied.
pub(super) fn judge<'a>(
    project: &'a ReadProject,
    live: &Live,
    request: &Request<'_>,
) -> (Judgement, MigrationGraph, Replay<'a>) {
    let mut trial = Trial {
        project,
        request,
        live,
        by_key: project.by_key(),
        judgement: Judgement {
            recorded: live.recorded.clone(),
            unrecorded: Vec::new(),
            not_applied: Vec::new(),
        },
    };
    trial.before_their_dependencies();
    let mut graph = project.graph_for(&trial.judgement.recorded);
    let mut replay = project.recorded_replay(&graph, request);
    if trial.rows_for_nothing(&graph, &replay) {
        graph = project.graph_for(&trial.judgement.recorded);
        replay = project.recorded_replay(&graph, request);
    }
    if trial.rows_that_are_gone(&graph, &replay) {
        graph = project.graph_for(&trial.judgement.recorded);
        replay = project.recorded_replay(&graph, request);
    }
    (trial.judgement, graph, replay)
}

impl Trial<'_> {
    fn left(&self, schema: &Schema) -> Vec<Unexplained> {
        unexplained(schema, &self.live.schema)
    }

    /// What recorded migrations depend on, and is not recorded itself.
    fn before_their_dependencies(&mut self) {
        let mut recorded = self.judgement.recorded.clone();
        let mut added: Vec<(MigrationKey, MigrationKey)> = Vec::new();
        loop {
            let missing = self.project.graph_for(&recorded).out_of_order();
            let new: Vec<_> = missing
                .into_iter()
                .filter(|found| self.by_key.contains_key(&found.dependency))
                .filter(|found| recorded.insert(found.dependency.clone()))
                .collect();
            if new.is_empty() {
                break;
            }
            added.extend(
                new.into_iter()
                    .map(|found| (found.dependency, found.migration)),
            );
        }
        if added.is_empty() {
            return;
        }
        let schema = |recorded: &BTreeSet<MigrationKey>| {
            let graph = self.project.graph_for(recorded);
            self.project
                .recorded_replay(&graph, self.request)
                .schema()
                .clone()
        };
        let (as_it_is, with_them) = (schema(&self.judgement.recorded), schema(&recorded));
        let (now, then) = (self.left(&as_it_is), self.left(&with_them));
        let is_certain = doubtful_tables(&with_them) <= doubtful_tables(&as_it_is);
        if !is_certain || (now != then && explains_more(&now, &then).is_none()) {
            return;
        }
        for (key, needed_by) in added {
            if let Some(migration) = self.by_key.get(&key).copied() {
                let unrecorded = Unrecorded {
                    needed_by: Some(needed_by),
                    ..of(migration, None)
                };
                self.take_as_applied(unrecorded);
            }
        }
    }

    fn take_as_applied(&mut self, unrecorded: Unrecorded) {
        let records = unrecorded.records.iter().cloned();
        self.judgement.recorded.extend(records);
        self.judgement.unrecorded.push(unrecorded);
    }

    /// Of each app the last recorded migrations, as far as the database has nothing of what they do; whether there are
    /// any.
    fn rows_for_nothing(&mut self, graph: &MigrationGraph, replay: &Replay<'_>) -> bool {
        let mut now = self.left(replay.schema());
        let mut found = false;
        while let Some((key, left)) = self.row_for_nothing(graph, replay, &now) {
            self.judgement.recorded.remove(&key);
            self.judgement.not_applied.insert(0, key);
            now = left;
            found = true;
        }
        found
    }

    fn row_for_nothing(
        &self,
        graph: &MigrationGraph,
        replay: &Replay<'_>,
        now: &[Unexplained],
    ) -> Option<(MigrationKey, Vec<Unexplained>)> {
        if now.len() < FEWEST_MISSING {
            return None;
        }
        let recorded = &self.judgement.recorded;
        let is_needed = |key: &MigrationKey| {
            let mut others = recorded.iter();
            others.any(|other| graph.parents(other).any(|parent| parent == key))
        };
        let migrations = replay.migrations();
        let start = self.project.start(self.request);
        let before =
            std::iter::once(&start).chain(migrations.iter().map(|replayed| &replayed.after));
        let mut with_before = migrations.iter().zip(before).collect::<Vec<_>>();
        with_before.reverse();
        with_before
            .into_iter()
            .filter(|(replayed, _)| recorded.contains(&replayed.migration.key))
            .filter(|(replayed, _)| !is_needed(&replayed.migration.key))
            .filter(|(replayed, before)| {
                // Only what touches something that is missing is worth a replay.
                let missing = |schema: &Schema| self.left(schema).len();
                missing(before) + FEWEST_MISSING <= missing(&replayed.after)
            })
            .find_map(|(replayed, _)| {
                let key = &replayed.migration.key;
                let mut without = recorded.clone();
                without.remove(key);
                let graph = self.project.graph_for(&without);
                let replay = self.project.recorded_replay(&graph, self.request);
                let left = self.left(replay.schema());
                let explained = explains_more(now, &left)?;
                (explained >= FEWEST_MISSING).then(|| (key.clone(), left))
            })
    }

    /// What the next `migrate` would run, as far as the database has it; whether there is any.
    fn rows_that_are_gone(&mut self, graph: &MigrationGraph, recorded: &Replay<'_>) -> bool {
        let known = self.judgement.unrecorded.len();
        if self.left(recorded.schema()).is_empty() {
            return false;
        }
        let mut candidates: Vec<&Arc<Migration>> = Vec::new();
        let mut waiting: BTreeSet<MigrationKey> =
            self.judgement.not_applied.iter().cloned().collect();
        for key in graph.unapplied() {
            if waiting.contains(&key) || graph.parents(&key).any(|parent| waiting.contains(parent))
            {
                waiting.insert(key);
            } else {
                candidates.extend(self.by_key.get(&key).copied());
            }
        }
        if !self.all_of(&candidates, recorded) {
            self.one_by_one(&candidates, graph, recorded);
        }
        self.judgement.unrecorded.len() > known
    }

    /// All together: what one makes, a later one may have changed. Those at the end without an effect stay.
    fn all_of(&mut self, candidates: &[&Arc<Migration>], recorded: &Replay<'_>) -> bool {
        let now = self.left(recorded.schema());
        let mut replay = recorded.fork(recorded.schema().clone());
        let mut before = now.clone();
        let mut carried_out = 0;
        let mut last = now.clone();
        for (migration, count) in candidates.iter().zip(1..) {
            replay.migration(migration, Judged::Old);
            let left = self.left(replay.schema());
            if left != before {
                carried_out = count;
                last.clone_from(&left);
            }
            before = left;
        }
        let is_certain = doubtful_tables(replay.schema()) <= doubtful_tables(recorded.schema());
        if !is_certain || explains_more(&now, &last).is_none() {
            return false;
        }
        let mut replay = recorded.fork(recorded.schema().clone());
        for migration in candidates.iter().take(carried_out) {
            let refused = self.refusal(&replay, migration);
            self.take_as_applied(of(migration, refused));
            replay.migration(migration, Judged::Old);
        }
        true
    }

    fn one_by_one(
        &mut self,
        candidates: &[&Arc<Migration>],
        graph: &MigrationGraph,
        recorded: &Replay<'_>,
    ) {
        let mut replay = recorded.fork(recorded.schema().clone());
        let mut waiting: BTreeSet<&MigrationKey> = BTreeSet::new();
        // Without an effect on the schema, they count as carried out once one that comes after them does.
        let mut silent: Vec<Unrecorded> = Vec::new();
        for migration in candidates {
            let key = &migration.key;
            if graph.parents(key).any(|parent| waiting.contains(parent)) {
                waiting.insert(key);
                continue;
            }
            let mut then = replay.fork(replay.schema().clone());
            then.migration(migration, Judged::Old);
            let (now, left) = (self.left(replay.schema()), self.left(then.schema()));
            if doubtful_tables(then.schema()) > doubtful_tables(replay.schema()) {
                waiting.insert(key);
                continue;
            }
            if now == left {
                silent.push(of(migration, None));
            } else if explains_more(&now, &left).is_some() {
                for earlier in silent.extract_if(.., |earlier| comes_before(graph, earlier, key)) {
                    self.take_as_applied(earlier);
                }
                let refused = self.refusal(&replay, migration);
                self.take_as_applied(of(migration, refused));
            } else {
                waiting.insert(key);
                continue;
            }
            replay = then;
        }
    }

    /// What the server refuses when a migration runs on the live database.
    fn refusal(&self, before: &Replay<'_>, migration: &Arc<Migration>) -> Option<Rejection> {
        let mut again = before.fork(self.live.schema.clone());
        again.migration(migration, Judged::Old);
        again.migrations().last().and_then(first_refusal).cloned()
    }
}

/// Whether a migration depends on another, at first or at second hand.
fn comes_before(graph: &MigrationGraph, earlier: &Unrecorded, key: &MigrationKey) -> bool {
    let mut above: Vec<&MigrationKey> = graph.parents(key).collect();
    let mut seen: BTreeSet<&MigrationKey> = BTreeSet::new();
    while let Some(parent) = above.pop() {
        if *parent == earlier.migration {
            return true;
        }
        if seen.insert(parent) {
            above.extend(graph.parents(parent));
        }
    }
    false
}

fn of(migration: &Migration, refused: Option<Rejection>) -> Unrecorded {
    let replaced = migration.replaces.iter().cloned();
    Unrecorded {
        migration: migration.key.clone(),
        records: replaced.chain([migration.key.clone()]).collect(),
        refused,
        does_more: migration.operations.iter().any(writes_rows),
        needed_by: None,
    }
}

fn first_refusal(replayed: &ReplayedMigration) -> Option<&Rejection> {
    replayed
        .moments
        .iter()
        .filter(|moment| moment.direction == Direction::Forward)
        .find_map(|moment| match &moment.outcome {
            Outcome::Rejected(rejection) => Some(rejection),
            Outcome::Applied { .. } | Outcome::Skipped | Outcome::Unsure(_) => None,
        })
}

/// Whether an operation may do what no schema shows.
fn writes_rows(operation: &LocatedOperation) -> bool {
    match &operation.operation {
        Operation::RunPython { code, .. } => !matches!(code, RunPythonCode::Noop),
        Operation::NotAnalysed { .. } | Operation::Conditional { .. } => true,
        Operation::SeparateDatabaseAndState {
            database_operations,
            ..
        } => database_operations.iter().any(writes_rows),
        _ => false,
    }
}
