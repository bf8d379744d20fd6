//! What migrations execute: a replay that takes down the texts, and judges nothing.

use std::collections::BTreeSet;

use super::project::ReadProject;
use super::{Live, Request};
use crate::django::graph::MigrationGraph;
use crate::django::migration::MigrationKey;
use crate::django::schema_editor::Irreversible;
use crate::history::{Judged, Transcript};
use crate::lint::{Problem, did_you_mean};

/// Which migrations are wanted.
#[derive(Debug, Clone)]
pub(in crate::cli) enum Wanted {
    /// All of the project, those of installed packages included.
    All,
    /// Those of an app, by its label.
    App(String),
    /// One of an app, by the beginning of its name.
    One { app_label: String, prefix: String },
}

/// Which way they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Way {
    Forward,
    /// Each is rolled back right after it ran, the last first.
    Reverse,
}

/// What was taken down, and what could not be read.
pub(in crate::cli) struct Executed {
    pub transcripts: Vec<Transcript>,
    pub problems: Vec<Problem>,
    /// What may be missing.
    pub missing: Missing,
}

/// Apps whose migrations are not among those that were read.
#[derive(Debug, Default)]
pub(in crate::cli) struct Missing {
    /// Labels of apps that were not found.
    pub absent: Vec<String>,
    /// Why there may be more apps than were read.
    pub unknown: Vec<String>,
}

/// Replays a project as far as that is needed, and takes down what the wanted migrations execute.
///
/// # Errors
/// When nothing of the project can be read, or there is no such migration.
pub(in crate::cli) fn executed(
    request: &Request<'_>,
    wanted: &Wanted,
    way: Way,
) -> Result<Executed, Problem> {
    let project = ReadProject::read(request.paths, request)?;
    let mut problems = project.problems().to_vec();
    let transcripts = if let Some(live) = request.live {
        unapplied(&project, live, wanted, request)?
    } else {
        let planned = planned(&project, wanted, way, request)?;
        sorted_out(planned, &mut problems)
    };
    let missing = project.missing();
    // As in `analyse`: the process ends with what is printed.
    std::mem::forget(project);
    Ok(Executed {
        transcripts,
        problems,
        missing,
    })
}

/// On a database at the state before each migration.
fn planned(
    project: &ReadProject,
    wanted: &Wanted,
    way: Way,
    request: &Request<'_>,
) -> Result<Vec<Result<Transcript, Irreversible>>, Problem> {
    let chosen = chosen(project, wanted)?;
    let without_squash = without_squash(project, wanted, &chosen)?;
    let graph = without_squash.as_ref().unwrap_or(project.graph());
    let mut replay = project.begun(graph, request);
    let mut left = chosen;
    let mut transcripts = Vec::new();
    let by_key = project.by_key();
    for migration in graph.plan().iter().filter_map(|key| by_key.get(key)) {
        if left.is_empty() {
            break;
        }
        if left.remove(&migration.key) {
            transcripts.push(match way {
                Way::Forward => Ok(replay.recorded(migration)),
                Way::Reverse => replay.rolled_back(migration),
            });
        } else {
            replay.migration(migration, Judged::Old);
        }
    }
    if way == Way::Reverse {
        transcripts.reverse();
    }
    Ok(transcripts)
}

/// What was taken down; what Django refuses to roll back is a problem.
fn sorted_out(
    planned: Vec<Result<Transcript, Irreversible>>,
    problems: &mut Vec<Problem>,
) -> Vec<Transcript> {
    let mut transcripts = Vec::new();
    for result in planned {
        match result {
            Ok(transcript) => transcripts.push(transcript),
            Err(refused) => problems.push(
                Problem::new(refused.to_string())
                    .in_file(refused.place.file.path())
                    .at_line(refused.place.line_column().line),
            ),
        }
    }
    transcripts
}

/// What the next `migrate` runs on a live catalog.
fn unapplied(
    project: &ReadProject,
    live: &Live,
    wanted: &Wanted,
    request: &Request<'_>,
) -> Result<Vec<Transcript>, Problem> {
    let graph = project.graph();
    let chosen = chosen(project, wanted)?;
    let mut replay = project.recorded_replay(graph, request);
    replay.go_on_in(live.schema.clone());
    let by_key = project.by_key();
    let unapplied = graph.unapplied();
    let migrations = unapplied.iter().filter_map(|key| by_key.get(key));
    let transcripts = migrations.map(|migration| replay.recorded(migration));
    Ok(transcripts
        .filter(|transcript| chosen.contains(&transcript.migration.key))
        .collect())
}

/// The plan in which a wanted migration stands that a squash replaces: the squash gives way to it there.
fn without_squash(
    project: &ReadProject,
    wanted: &Wanted,
    chosen: &BTreeSet<MigrationKey>,
) -> Result<Option<MigrationGraph>, Problem> {
    let (Wanted::One { .. }, Some(one)) = (wanted, chosen.first()) else {
        return Ok(None);
    };
    let Some(squash) = project.graph().replaced_by(one) else {
        return Ok(None);
    };
    // Where a part of them is applied, `migrate` goes on with the replaced ones.
    let partly = BTreeSet::from([one.clone()]);
    let without = project.graph_for(&partly);
    if without.plan().contains(one) {
        Ok(Some(without))
    } else {
        Err(Problem::new(format!(
            "`{squash}` stands in the place of `{one}`, and `migrate` runs that: name `{squash}`"
        )))
    }
}

/// The migrations that are wanted, by key.
fn chosen(project: &ReadProject, wanted: &Wanted) -> Result<BTreeSet<MigrationKey>, Problem> {
    let of_app = |label: &str| -> Result<BTreeSet<MigrationKey>, Problem> {
        let keys = project.by_key();
        let keys = keys.into_keys().filter(|key| &*key.app_label == label);
        let keys: BTreeSet<MigrationKey> = keys.cloned().collect();
        if keys.is_empty() {
            Err(no_such_app(project, label))
        } else {
            Ok(keys)
        }
    };
    match wanted {
        Wanted::All => Ok(project.by_key().into_keys().cloned().collect()),
        Wanted::App(label) => of_app(label),
        Wanted::One { app_label, prefix } => one(&of_app(app_label)?, app_label, prefix),
    }
}

/// The one whose name is, or begins with, what was given (`MigrationLoader.get_migration_by_prefix`).
fn one(
    of_app: &BTreeSet<MigrationKey>,
    app_label: &str,
    prefix: &str,
) -> Result<BTreeSet<MigrationKey>, Problem> {
    let exact = MigrationKey::new(app_label, prefix);
    if of_app.contains(&exact) {
        return Ok(BTreeSet::from([exact]));
    }
    let fitting: BTreeSet<MigrationKey> = of_app
        .iter()
        .filter(|key| key.name.starts_with(prefix))
        .cloned()
        .collect();
    match fitting.len() {
        1 => Ok(fitting),
        0 => {
            let names = of_app.iter().map(|key| &*key.name);
            let meant = did_you_mean(prefix, names);
            Err(Problem::new(format!(
                "`{app_label}` has no migration whose name begins with `{prefix}`{meant}"
            )))
        }
        _ => {
            let names: Vec<&str> = fitting.iter().map(|key| &*key.name).collect();
            Err(Problem::new(format!(
                "several migrations of `{app_label}` begin with `{prefix}`: {}",
                names.join(", ")
            )))
        }
    }
}

fn no_such_app(project: &ReadProject, label: &str) -> Problem {
    let labels = project.labels();
    if labels.contains(label) {
        return Problem::new(format!("the app `{label}` has no migrations"));
    }
    let meant = did_you_mean(label, labels.iter().map(|label| &**label));
    Problem::new(format!(
        "no app with the label `{label}` was found below `--project`, nor by `--settings` and `--python-path`{meant}"
    ))
}
