//! The generated twin: random Django projects with random faults. Which INSERTs fail is learned by trying them on a
//! real server through real Django, and `hhschema lint` has to name exactly those columns.
//!
//! `HHSCHEMA_TWIN_SEEDS=100..140` tries other seeds than the usual ones. What a seed holds can be looked at with
//! `python3 tests/generated_twin/generate.py --seed 7 --django 5.2 --out folder`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use environment::django::{Inserted, Project};
use environment::{DjangoVersion, PostgresVersion, Server};
use rayon::prelude::*;
use tempfile::TempDir;

const USUAL_SEEDS: Range<usize> = 1..13;
const NOT_NULL_VIOLATION: &str = "23502";

/// One generated project, and what real Django said of it.
struct Twin {
    seed: usize,
    version: DjangoVersion,
    folder: TempDir,
    /// The faults that the generator put in, for whoever reads a failure.
    faults: String,
    inserted: BTreeMap<String, Inserted>,
    /// Tables with a trigger that is called before a row is inserted. What its function does is not read: lint has
    /// nothing to say about such a table, and must say nothing wrong.
    filled_by_trigger: BTreeSet<String>,
}

/// ROW, BEFORE and INSERT of `pg_trigger.tgtype` (`catalog/pg_trigger.h`).
const FILLED: &str = "
SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgtype & 7 = 7";

impl Twin {
    fn new(seed: usize) -> Self {
        let version = DjangoVersion::ALL[seed % DjangoVersion::ALL.len()];
        let folder = tempfile::tempdir().unwrap();
        let faults = generate(seed, version, folder.path());
        let mut database = Server::shared(PostgresVersion::NEWEST).database();
        let project = Project::at(folder.path(), version);
        project.record(&database);
        let inserted = project.try_inserts(&database, &[]);
        Self {
            seed,
            version,
            folder,
            faults,
            inserted,
            filled_by_trigger: database.query_column(FILLED).into_iter().collect(),
        }
    }

    /// All of them, made once.
    fn all() -> &'static [Self] {
        static TWINS: OnceLock<Vec<Twin>> = OnceLock::new();
        TWINS.get_or_init(|| seeds().into_par_iter().map(Self::new).collect())
    }

    fn name(&self) -> String {
        format!("seed {} on Django {}", self.seed, self.version.name())
    }

    /// The columns (`table.column`) that refused a row, by whether a field of the model has them.
    fn refusing(&self, of_a_field: bool) -> BTreeSet<String> {
        let mut columns = BTreeSet::new();
        for inserted in self.inserted.values() {
            for refusal in &inserted.refused {
                let column = format!(
                    "{}.{}",
                    refusal.table.as_deref().unwrap(),
                    refusal.column.as_deref().unwrap()
                );
                if inserted.columns.contains(&column) == of_a_field {
                    columns.insert(column);
                }
            }
        }
        columns
    }

    /// The columns of which our own linter says that they make every INSERT fail.
    fn reported(&self) -> BTreeSet<String> {
        let folder = self.folder.path();
        let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
            .args(["lint", "--all", "--format", "json", "--settings"])
            .arg(folder.join("settings.py"))
            .arg("--python-path")
            .arg(self.version.site_packages())
            .arg(folder)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            matches!(output.status.code(), Some(0 | 1)),
            "{}: {} {told}",
            self.name(),
            output.status
        );
        let report: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{}: no JSON ({error})\n{told}", self.name()));
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .filter(|finding| finding["rule"] == "insert-fails")
            .map(|finding| finding["object"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn seeds() -> Range<usize> {
    let Ok(chosen) = std::env::var("HHSCHEMA_TWIN_SEEDS") else {
        return USUAL_SEEDS;
    };
    let bounds = chosen
        .split_once("..")
        .and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    bounds
        .unwrap_or_else(|| panic!("HHSCHEMA_TWIN_SEEDS is `{chosen}`, and wants the form 100..140"))
}

fn generate(seed: usize, version: DjangoVersion, folder: &Path) -> String {
    let script = environment::repository().join("tests/generated_twin/generate.py");
    let seed = seed.to_string();
    let options = ["--seed", &seed, "--django", version.name(), "--out"].map(str::to_owned);
    let places = [script.display().to_string(), folder.display().to_string()];
    environment::run(
        "python3",
        places[..1].iter().chain(&options).chain(&places[1..]),
    )
}

#[test]
fn lint_names_exactly_the_columns_that_make_inserts_fail() {
    if environment::left_out("lint names exactly the columns that make INSERTs fail") {
        return;
    }
    let mut disagreements = Vec::new();
    for twin in Twin::all() {
        // A field whose column lost its identity or its db_default fails too, but it is in a model: that is
        // for other rules to say, and no false positive here.
        let (expected, of_fields) = (twin.refusing(false), twin.refusing(true));
        let reported = twin.reported();
        let is_filled = |column: &str| {
            let table = column.split('.').next().unwrap_or_default();
            twin.filled_by_trigger.contains(table)
        };
        let missed = expected
            .difference(&reported)
            .filter(|column| !is_filled(column))
            .collect::<Vec<_>>();
        let wrong = reported
            .iter()
            .filter(|column| !expected.contains(*column) && !of_fields.contains(*column));
        let wrong = wrong.collect::<Vec<_>>();
        println!(
            "{}: {} columns refuse an INSERT, {} reported",
            twin.name(),
            expected.len(),
            reported.len()
        );
        if !missed.is_empty() || !wrong.is_empty() {
            disagreements.push(format!(
                "{}: missed {missed:?}, wrong {wrong:?}\n{}",
                twin.name(),
                twin.faults
            ));
        }
    }
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
}

#[test]
fn real_django_runs_what_is_generated_and_says_which_inserts_fail() {
    if environment::left_out("real Django runs what is generated") {
        return;
    }
    let twins = Twin::all();
    for (twin, (model, inserted)) in twins
        .iter()
        .flat_map(|twin| twin.inserted.iter().map(move |told| (twin, told)))
    {
        assert_eq!(inserted.problem, None, "{}: {model}", twin.name());
        let others = inserted
            .refused
            .iter()
            .filter(|refusal| refusal.sqlstate != NOT_NULL_VIOLATION);
        assert_eq!(
            others.collect::<Vec<_>>(),
            Vec::<&environment::django::Refusal>::new(),
            "{}: {model}",
            twin.name()
        );
    }
    let (failing, working): (Vec<_>, Vec<_>) = twins
        .iter()
        .flat_map(|twin| twin.inserted.values())
        .partition(|inserted| !inserted.refused.is_empty());
    println!(
        "{} projects: {} models fail, {} work",
        twins.len(),
        failing.len(),
        working.len()
    );
    assert!(
        failing.len() >= twins.len() && working.len() >= twins.len(),
        "the faults are too rare or too many"
    );
    assert!(
        twins
            .iter()
            .any(|twin| twin.faults.contains("state-only removal"))
    );
    assert!(
        twins
            .iter()
            .any(|twin| twin.faults.contains("not in models.py"))
    );
}

#[test]
fn a_seed_gives_the_same_project_every_time() {
    if environment::left_out("a seed gives the same project every time") {
        return;
    }
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [&first, &second] {
        generate(3, DjangoVersion::V5_2, folder.path());
    }
    for path in [
        "shop/models.py",
        "shop/migrations/0001_initial.py",
        "shop/migrations/0002_change.py",
    ] {
        let text = |folder: &TempDir| std::fs::read_to_string(folder.path().join(path)).unwrap();
        assert_eq!(text(&first), text(&second), "{path}");
    }
}
