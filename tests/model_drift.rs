//! Models that drift from their migrations: random Django projects and hand-made ones, changed after their last
//! `makemigrations`. What differs is learned from two databases on a real server, one that the migrations made and one
//! that real Django makes of the models, and `hhschema lint` has to name exactly that.
//!
//! `HHSCHEMA_DRIFT_SEEDS=100..140` tries other seeds than the usual ones. A hand-made project is a file in
//! `tests/model_drift/cases/`: `--- path` begins a file of it, `(removed)` removes one, `=== makemigrations` runs that, lines
//! before the first file say which models are open and which objects the linter need not name for that reason, and from
//! which Django on it runs. Each runs on one Django by turns; with `HHSCHEMA_DRIFT_SEEDS` set, on all.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use environment::{DjangoVersion, PostgresVersion, Server};
use rayon::prelude::*;
use serde::Deserialize;

const USUAL_SEEDS: Range<usize> = 1..7;
/// Seeds that found a fault once.
const FOUND: &[(DjangoVersion, usize)] = &[
    (DjangoVersion::V4_2, 101),
    (DjangoVersion::V4_2, 110),
    (DjangoVersion::V4_2, 122),
    (DjangoVersion::V5_2, 5),
    (DjangoVersion::V5_2, 14),
    (DjangoVersion::V5_2, 25),
    (DjangoVersion::V6_0, 138),
    (DjangoVersion::V6_0, 303),
    (DjangoVersion::V6_0, 429),
];

/// A difference: what kind, and the table with the column, index or constraint.
type Fact = (String, String, String);

/// What real Django said of a project.
#[derive(Debug, Deserialize)]
struct Drifted {
    name: String,
    folder: PathBuf,
    log: Vec<String>,
    /// What Django could not do itself.
    failed: Option<String>,
    facts: BTreeSet<Fact>,
    /// What `makemigrations` would write.
    pending: Vec<String>,
}

/// What the linter said of it.
struct Linted {
    facts: BTreeSet<Fact>,
    /// Open models and what was not analysed: the reasons for silence that the summary shows.
    silent: BTreeSet<String>,
    /// What else is wrong with the project by the linter's word; real Django runs it.
    wrong: Vec<String>,
}

/// What a hand-made project says of itself.
#[derive(Debug, Default)]
struct Expected {
    open: BTreeSet<String>,
    unnamed: BTreeSet<String>,
    since: Option<DjangoVersion>,
    until: Option<DjangoVersion>,
}

fn examined(version: DjangoVersion, out: &Path, projects: &[String]) -> Vec<Drifted> {
    let script = environment::repository().join("tests/model_drift/drift.py");
    let socket = Server::shared(PostgresVersion::NEWEST).socket();
    let mut arguments = vec![script.display().to_string()];
    arguments.extend(["--django".to_owned(), version.name().to_owned()]);
    arguments.extend(["--socket".to_owned(), socket.display().to_string()]);
    arguments.extend(["--out".to_owned(), out.display().to_string()]);
    arguments.extend(projects.iter().cloned());
    let printed = environment::run(version.python(), arguments);
    serde_json::from_str(&printed)
        .unwrap_or_else(|error| panic!("drift.py printed no report ({error}): {printed}"))
}

/// Rules that would say that real Django cannot run the project.
const FAULTS: &[&str] = &[
    "impossible-operation",
    "refused-statement",
    "created-twice",
    "unknown-name",
    "name-collision",
    "missing-dependency",
    "several-leaves",
    "dependency-cycle",
    "not-null-without-default",
];

/// The kind of fact that a finding states.
fn kind_of(rule: &str, finding: &serde_json::Value, is_table: bool) -> Option<&'static str> {
    let message = finding["message"].as_str().unwrap_or_default();
    let wants = message.contains(" wants the ");
    Some(match rule {
        "field-without-column" if is_table => "missing-table",
        "field-without-column" => "missing-column",
        "column-without-field" => "extra-column",
        "insert-fails" => "insert-fails",
        "column-type-mismatch" => "type",
        "nullability-mismatch" => "nullability",
        "index-mismatch" if wants => "missing-index",
        "index-mismatch" => "extra-index",
        "constraint-mismatch" if wants => "missing-constraint",
        "constraint-mismatch" => "extra-constraint",
        "choices-mismatch" if finding["level"] == "error" => "choices",
        _ => return None,
    })
}

fn linted(drifted: &Drifted, site_packages: &Path) -> Linted {
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(["lint", "--all", "--format", "json", "--settings"])
        .arg(drifted.folder.join("settings.py"))
        .arg("--python-path")
        .arg(site_packages)
        .arg(&drifted.folder)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: no JSON ({error})", drifted.name));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut linted = Linted {
        facts: BTreeSet::new(),
        silent: BTreeSet::new(),
        wrong: Vec::new(),
    };
    for finding in report["findings"].as_array().unwrap() {
        let (rule, message) = (text(&finding["rule"]), text(&finding["message"]));
        let object = text(&finding["object"]);
        let (table, name) = object.split_once('.').unwrap_or((&object, ""));
        let Some(kind) = kind_of(&rule, finding, name.is_empty()) else {
            if FAULTS.contains(&rule.as_str()) {
                linted.wrong.push(format!("{rule}: {message}"));
            }
            continue;
        };
        linted
            .facts
            .insert((kind.to_owned(), table.to_owned(), name.to_owned()));
    }
    linted.silent = open_models(&report, drifted);
    for not_analysed in report["not_analysed"].as_array().unwrap() {
        let (what, why) = (text(&not_analysed["operation"]), text(&not_analysed["why"]));
        linted
            .silent
            .insert(format!("{what} was not analysed: {why}"));
    }
    let problems = report["problems"].as_array().unwrap();
    linted
        .wrong
        .extend(problems.iter().map(ToString::to_string));
    linted
}

/// The open models, but for those that were deleted without a migration: real Django says so, too.
fn open_models(report: &serde_json::Value, drifted: &Drifted) -> BTreeSet<String> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let is_deleted = |model: &serde_json::Value| {
        let name = text(&model["name"]);
        let (app, class) = name.split_once('.').unwrap();
        let deleted = format!("{app}: Delete model {class}");
        text(&model["why"]).starts_with("no module of ") && drifted.pending.contains(&deleted)
    };
    let open = report["summary"]["open_models"].as_array().unwrap();
    open.iter()
        .filter(|model| !is_deleted(model))
        .map(|model| text(&model["name"]))
        .collect()
}

/// How the linter and real Django differ, in words; `None`: not at all.
fn disagreement(drifted: &Drifted, linted: &Linted, expected: &Expected) -> Option<String> {
    let is_excused = |(_, table, name): &&Fact| {
        expected.unnamed.contains(&format!("{table}.{name}")) || expected.unnamed.contains(table)
    };
    let missed = drifted.facts.difference(&linted.facts);
    let missed = missed.filter(|fact| !is_excused(fact)).collect::<Vec<_>>();
    let wrong = linted.facts.difference(&drifted.facts).collect::<Vec<_>>();
    let agrees = missed.is_empty()
        && wrong.is_empty()
        && linted.wrong.is_empty()
        && linted.silent == expected.open;
    (!agrees).then(|| {
        format!(
            "missed {missed:?}, wrong {wrong:?}, faults {:?}, silent {:?}\n    {}\n    makemigrations: {}",
            linted.wrong,
            linted.silent,
            drifted.log.join("\n    "),
            drifted.pending.join("\n                    "),
        )
    })
}

fn seeds() -> Range<usize> {
    let Ok(chosen) = std::env::var("HHSCHEMA_DRIFT_SEEDS") else {
        return USUAL_SEEDS;
    };
    let bounds = chosen
        .split_once("..")
        .and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    bounds.unwrap_or_else(|| {
        panic!("HHSCHEMA_DRIFT_SEEDS is `{chosen}`, and wants the form 100..140")
    })
}

#[test]
fn lint_names_exactly_what_differs_between_random_models_and_their_migrations() {
    if environment::left_out("lint names exactly what differs between models and migrations") {
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let (mut tried, mut failed, mut facts) = (0, 0, 0);
    let mut disagreements = Vec::new();
    let examined: Vec<_> = DjangoVersion::ALL
        .into_par_iter()
        .enumerate()
        .map(|(place, version)| {
            let found = FOUND.iter().filter(|(on, _)| *on == version);
            let mine = seeds().filter(|seed| seed % DjangoVersion::ALL.len() == place);
            let mut arguments = vec!["--seeds".to_owned()];
            arguments.extend(found.map(|(_, seed)| seed.to_string()));
            arguments.extend(mine.map(|seed| seed.to_string()));
            let projects = examined(version, &out.path().join(version.name()), &arguments);
            (version, version.site_packages(), projects)
        })
        .collect();
    for (version, site_packages, projects) in examined {
        for drifted in projects {
            tried += 1;
            if drifted.failed.is_some() {
                failed += 1;
                continue;
            }
            facts += drifted.facts.len();
            let linted = linted(&drifted, &site_packages);
            if let Some(words) = disagreement(&drifted, &linted, &Expected::default()) {
                let name = &drifted.name;
                disagreements.push(format!("{name} on Django {}: {words}", version.name()));
            }
        }
    }
    println!(
        "{tried} projects, {failed} that Django itself could not migrate, {facts} differences"
    );
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    assert!(facts >= tried, "the changes are too few to tell anything");
    assert!(failed * 4 <= tried, "Django itself fails too often");
}

/// The lines of a hand-made project before its first file: `open: shop.Order`, `unnamed: shop_order.total`,
/// `since: 5.2`, `until: 4.2`.
fn expected(case: &Path) -> Expected {
    let text = std::fs::read_to_string(case).unwrap();
    let mut expected = Expected::default();
    for line in text.lines().take_while(|line| !line.starts_with("--- ")) {
        let version = |name: &str| {
            let mut versions = DjangoVersion::ALL.into_iter();
            versions.find(|version| version.name() == name)
        };
        match line.split_once(": ") {
            Some(("open", model)) => drop(expected.open.insert(model.to_owned())),
            Some(("unnamed", object)) => drop(expected.unnamed.insert(object.to_owned())),
            Some(("since", name)) => expected.since = version(name),
            Some(("until", name)) => expected.until = version(name),
            _ => assert!(
                line.starts_with('#') || line.is_empty(),
                "{line} in {}",
                case.display()
            ),
        }
    }
    expected
}

fn judged(case: &Path, drifted: &Drifted, site_packages: &Path) -> Option<String> {
    if let Some(failed) = &drifted.failed {
        return Some(format!("Django failed: {failed}"));
    }
    disagreement(drifted, &linted(drifted, site_packages), &expected(case))
}

#[test]
fn lint_names_exactly_what_differs_in_hand_made_projects() {
    if environment::left_out("lint names exactly what differs in hand-made projects") {
        return;
    }
    let folder = environment::repository().join("tests/model_drift/cases");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let out = tempfile::tempdir().unwrap();
    let every_version = std::env::var_os("HHSCHEMA_DRIFT_SEEDS").is_some();
    let disagreements: Vec<String> = DjangoVersion::ALL
        .into_par_iter()
        .flat_map_iter(|version| {
            let runs = |(place, case): &(usize, &PathBuf)| {
                let expected = expected(case);
                let mut versions = DjangoVersion::ALL.to_vec();
                versions.retain(|version| {
                    expected.since.is_none_or(|since| *version >= since)
                        && expected.until.is_none_or(|until| *version <= until)
                });
                let is_turn = versions[place % versions.len()] == version;
                is_turn || every_version && versions.contains(&version)
            };
            let mine = cases.iter().enumerate().filter(runs);
            let mine = mine.map(|(_, case)| case).collect::<Vec<_>>();
            let mut arguments = vec!["--cases".to_owned()];
            arguments.extend(mine.iter().map(|case| case.display().to_string()));
            let site_packages = version.site_packages();
            let found = examined(version, &out.path().join(version.name()), &arguments);
            let differ = mine
                .into_iter()
                .zip(found)
                .filter_map(move |(case, drifted)| {
                    let words = judged(case, &drifted, &site_packages);
                    words.map(|words| {
                        format!("{} on Django {}: {words}", drifted.name, version.name())
                    })
                });
            differ.collect::<Vec<_>>()
        })
        .collect();
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
}
