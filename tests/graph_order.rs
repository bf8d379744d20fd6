//! The order of migrations is that of Django's own loader, and faults of the graph are named.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use environment::DjangoVersion;
use hhschema::django::graph::{GraphProblem, MigrationGraph, Missing};
use hhschema::django::migration::{
    Dependency, DependencyTarget, Migration, MigrationKey, Ownership,
};
use hhschema::source::{Origin, SourceFile, Span};

fn origin() -> Origin {
    Origin::new(&SourceFile::new("m.py", "x"), Span::new(0, 1))
}

fn key(text: &str) -> MigrationKey {
    let (label, name) = text.split_once('.').unwrap();
    MigrationKey::new(label, name)
}

fn dependency(text: &str) -> Dependency {
    let (label, name) = text.split_once('.').unwrap();
    let target = match name {
        "__first__" => DependencyTarget::First(label.into()),
        "__latest__" => DependencyTarget::Latest(label.into()),
        _ => DependencyTarget::Migration(key(text)),
    };
    Dependency {
        target: Ok(target),
        origin: origin(),
    }
}

#[derive(Clone, Default)]
struct Written {
    key: String,
    dependencies: Vec<String>,
    run_before: Vec<String>,
    replaces: Vec<String>,
}

fn migration(written: &Written) -> Arc<Migration> {
    Arc::new(Migration {
        key: key(&written.key),
        file: SourceFile::new("m.py", "x"),
        origin: origin(),
        atomic: Ok(true),
        initial: None,
        dependencies: written
            .dependencies
            .iter()
            .map(|text| dependency(text))
            .collect(),
        run_before: written
            .run_before
            .iter()
            .map(|text| dependency(text))
            .collect(),
        replaces: written.replaces.iter().map(|text| key(text)).collect(),
        unread_replaces: None,
        operations: Vec::new(),
        ownership: Ownership::Project,
    })
}

fn written(key: &str, dependencies: &[&str]) -> Written {
    Written {
        key: key.to_owned(),
        dependencies: dependencies.iter().map(|text| (*text).to_owned()).collect(),
        ..Written::default()
    }
}

fn build(all: &[Written]) -> MigrationGraph {
    let migrations = all.iter().map(migration).collect::<Vec<_>>();
    MigrationGraph::build(&migrations, &BTreeSet::new())
}

fn plan(graph: &MigrationGraph) -> Vec<String> {
    graph.plan().iter().map(ToString::to_string).collect()
}

/// Django's own loader over the same migrations: the plan of `migrate` on a fresh database, or the error.
const ORACLE: &str = r#"
import json, sys
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=[])
django.setup()
from django.db.migrations import loader as loader_module
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration

class Connection:
    alias = "default"

for line in sys.stdin:
    disk = {}
    asked = json.loads(line)
    for m in asked["migrations"]:
        label, name = m["key"].split(".")
        split = lambda many: [tuple(t.split(".")) for t in many]
        made = Migration(name, label)
        made.dependencies, made.run_before, made.replaces = split(m["dependencies"]), split(m["run_before"]), split(m["replaces"])
        disk[label, name] = made
    disk = dict(sorted(disk.items()))
    class Loader(MigrationLoader):
        def load_disk(self):
            self.disk_migrations = disk
            self.unmigrated_apps, self.migrated_apps = set(), {k[0] for k in disk}
    class Recorder:
        def __init__(self, connection):
            pass
        def applied_migrations(self):
            return {tuple(k.split(".")): None for k in asked["applied"]}
    loader_module.MigrationRecorder = Recorder
    try:
        loader = Loader(object() if asked["applied"] else None)
        executor = MigrationExecutor.__new__(MigrationExecutor)
        executor.loader = loader
        plan = executor.migration_plan(loader.graph.leaf_nodes())
        try:
            loader.check_consistent_history(Connection())
            consistent = True
        except InconsistentMigrationHistory:
            consistent = False
        print(json.dumps({"plan": ["%s.%s" % (m.app_label, m.name) for m, _ in plan], "consistent": consistent}))
    except Exception as error:
        print(json.dumps({"error": type(error).__name__}))
"#;

/// Migrations, and those that a database has recorded.
type Asked = (Vec<Written>, BTreeSet<String>);

fn ask_django(python: &Path, graphs: &[Asked]) -> Vec<serde_json::Value> {
    use std::io::Write;
    let mut child = Command::new(python)
        .args(["-c", ORACLE])
        .env("PYTHONHASHSEED", "0")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines = graphs
        .iter()
        .map(|(graph, applied)| {
            let all = graph.iter().map(|written| {
                serde_json::json!({"key": written.key, "dependencies": written.dependencies, "run_before": written.run_before, "replaces": written.replaces})
            });
            serde_json::json!({"migrations": all.collect::<Vec<_>>(), "applied": applied}).to_string()
        })
        .collect::<Vec<_>>();
    let writer = std::thread::spawn(move || {
        for line in lines {
            writeln!(input, "{line}").unwrap();
        }
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Numbers below the one that is asked with, from a seed.
fn random(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % below.max(1)
    }
}

/// Random graphs: chains, cross-app edges, squashes with and without their files.
fn random_graph(seed: u64) -> Vec<Written> {
    let mut next = random(seed);
    let mut all: Vec<Written> = Vec::new();
    for app in ["a", "b", "c"] {
        let mut chain: Vec<String> = Vec::new();
        for number in 0..=next(5) {
            let key = format!("{app}.{number:04}_x");
            let mut one = written(&key, &[]);
            if let Some(last) = chain.last() {
                one.dependencies.push(last.clone());
            }
            if next(3) == 0 && !all.is_empty() {
                let at = usize::try_from(next(all.len() as u64)).unwrap();
                one.dependencies.push(all[at].key.clone());
            }
            if next(8) == 0 && app != "a" {
                one.dependencies.push("a.__first__".to_owned());
            }
            if next(10) == 0 && app == "c" {
                one.dependencies.push("b.__latest__".to_owned());
            }
            if next(12) == 0 {
                one.dependencies.push(format!("{app}.9999_gone"));
            }
            if next(14) == 0 && !all.is_empty() {
                let at = usize::try_from(next(all.len() as u64)).unwrap();
                one.run_before.push(all[at].key.clone());
            }
            chain.push(key);
            all.push(one);
        }
        if chain.len() > 2 && next(2) == 0 {
            let upto = 1 + usize::try_from(next(chain.len() as u64 - 1)).unwrap();
            let mut squash = written(&format!("{app}.0001_squashed"), &[]);
            squash.replaces = chain[..=upto].to_vec();
            if next(3) == 0 {
                all.retain(|one| !squash.replaces.contains(&one.key));
            }
            all.push(squash);
        }
    }
    all
}

fn build_for(all: &[Written], applied: &BTreeSet<String>) -> MigrationGraph {
    let migrations = all.iter().map(migration).collect::<Vec<_>>();
    let applied = applied.iter().map(|text| key(text)).collect();
    MigrationGraph::build_for_database(&migrations, &BTreeSet::new(), &applied)
}

/// What a database may have recorded: nothing, a beginning of the order, or with gaps.
fn random_applied(seed: u64, graph: &[Written]) -> BTreeSet<String> {
    let mut next = random(seed ^ 0xABCD);
    let often = [0, 2, 5, 9][usize::try_from(next(4)).unwrap()];
    let upto = next(graph.len() as u64 + 1);
    let keys = graph.iter().map(|one| one.key.clone()).enumerate();
    keys.filter(|(at, _)| (*at as u64) < upto && next(10) < often + 1 && often > 0)
        .map(|(_, key)| key)
        .collect()
}

fn random_asked(seed: u64) -> Asked {
    let graph = random_graph(seed);
    let applied = random_applied(seed, &graph);
    (graph, applied)
}

#[test]
fn the_order_is_that_of_django_on_random_graphs() {
    if environment::left_out("the order is that of Django on random graphs") {
        return;
    }
    let python = DjangoVersion::V6_0.python();
    let graphs: Vec<Asked> = (1..=3_000).map(random_asked).collect();
    let (mut plans, mut inconsistent) = (0, 0);
    for (seed, ((graph, applied), theirs)) in
        graphs.iter().zip(ask_django(&python, &graphs)).enumerate()
    {
        let ours = build_for(graph, applied);
        let faults = ours.problems().iter().filter(|problem| {
            matches!(
                problem,
                GraphProblem::MissingDependency { .. } | GraphProblem::Cycle { .. }
            )
        });
        if let Some(error) = theirs.get("error") {
            assert!(faults.count() > 0, "seed {}: Django says {error}", seed + 1);
        } else {
            plans += 1;
            let unapplied: Vec<String> = ours.unapplied().iter().map(ToString::to_string).collect();
            assert_eq!(
                serde_json::json!(unapplied),
                theirs["plan"],
                "seed {}",
                seed + 1
            );
            assert_eq!(
                ours.out_of_order().is_empty(),
                theirs["consistent"] == true,
                "seed {}",
                seed + 1
            );
            inconsistent += usize::from(theirs["consistent"] == false);
            assert_eq!(faults.count(), 0, "seed {}", seed + 1);
        }
    }
    assert!(
        plans > 600 && inconsistent > 50,
        "{plans}, {inconsistent} of them inconsistent"
    );
}

#[test]
fn faults_of_the_graph_are_named_and_the_rest_has_an_order() {
    let graph = build(&[
        written("a.0001_initial", &["b.0002_y"]),
        written("b.0001_x", &["a.0001_initial"]),
        written("b.0002_y", &["b.0001_x"]),
        written("c.0001_initial", &["c.0000_gone", "aa.0001_initial"]),
        written("c.0002_one", &["c.0001_initial", "a.0001_inital"]),
        written("c.0002_two", &["c.0001_initial"]),
    ]);
    assert_eq!(graph.plan().len(), 6);
    let mut seen = [0; 4];
    for problem in graph.problems() {
        match problem {
            GraphProblem::Cycle { path } => {
                seen[0] += 1;
                assert_eq!(path.len(), 3);
                assert!(path.iter().all(|(_, origin)| origin.is_some()));
            }
            GraphProblem::SeveralLeaves { app_label, leaves } => {
                seen[1] += usize::from(&**app_label == "c");
                assert!(&**app_label != "c" || leaves.len() == 2);
            }
            GraphProblem::MissingDependency {
                target, missing, ..
            } => {
                seen[2] += 1;
                if *target == DependencyTarget::Migration(key("a.0001_inital")) {
                    let nearest = Some(key("a.0001_initial"));
                    assert_eq!(*missing, Missing::Migration { nearest });
                    seen[3] += 1;
                }
            }
            GraphProblem::ReplacedDependency { .. } | GraphProblem::UnknownDependency { .. } => {
                panic!("{problem:?}")
            }
        }
    }
    assert_eq!(seen, [1, 1, 3, 1]);
}

#[test]
fn a_dependency_on_what_only_a_squash_knows_is_told_apart() {
    let mut squash = written("a.0001_squashed", &[]);
    squash.replaces = vec!["a.0001_x".to_owned(), "a.0002_y".to_owned()];
    let graph = build(&[squash, written("b.0001_initial", &["a.0002_y"])]);
    assert_eq!(plan(&graph), ["a.0001_squashed", "b.0001_initial"]);
    let [
        GraphProblem::ReplacedDependency {
            migration,
            replaced_by,
            ..
        },
    ] = graph.problems()
    else {
        panic!("{:?}", graph.problems());
    };
    assert_eq!(
        (migration, replaced_by),
        (&key("b.0001_initial"), &key("a.0001_squashed"))
    );
}
