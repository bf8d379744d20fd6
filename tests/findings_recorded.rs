//! What the rules say of a migration is what real `migrate` executes: each finding names what a recorded statement does,
//! and each recorded statement that makes older tables wait has its finding.
//!
//! ```text
//! HHSCHEMA_RECORDED=generic@5.2,wagtail@6.0 cargo test --test findings_recorded -- --ignored --nocapture
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;
#[path = "findings_recorded/executed.rs"]
mod executed;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use environment::DjangoVersion;
use environment::corpora::Recording;
use executed::Executed;
use hhschema::cli::history_of;
use hhschema::history::History;
use regex::Regex;
use serde_json::Value;

/// Rules that say of a migration that it fails whatever the rows are.
const FAILS: [&str; 4] = [
    "refused-statement",
    "impossible-operation",
    "created-twice",
    "concurrently-in-transaction",
];

/// A finding in a migration.
struct Found {
    rule: String,
    object: String,
    message: String,
}

impl Found {
    /// The table and the part of it.
    fn parts(&self) -> (String, String) {
        let (table, part) = self.object.split_once('.').unwrap_or((&self.object, ""));
        (regex::escape(table), regex::escape(part))
    }

    /// What a statement does of which the rule says this; `None` for rules that speak of no statement of `migrate`.
    fn claimed(&self) -> Option<Regex> {
        let (table, part) = self.parts();
        let altered = format!(r#"ALTER TABLE "?{table}"? "#);
        let claimed = match self.rule.as_str() {
            "blocking-index" => format!(r#"CREATE (UNIQUE )?INDEX "?{table}"? ON "#),
            "blocking-index-drop" => format!(r#"DROP INDEX (IF EXISTS )?"?{table}"?"#),
            "default-dropped" => {
                format!(r#"{altered}.*ALTER COLUMN "?{part}"? (DROP DEFAULT|SET NOT NULL)"#)
            }
            "dropped-column" => format!("{altered}DROP COLUMN"),
            "dropped-table" => format!(r#"DROP TABLE (IF EXISTS )?"?{table}"?"#),
            "renamed-table" => format!("{altered}RENAME TO"),
            "renamed-column" => format!(r#"{altered}RENAME COLUMN "?{part}"?"#),
            "type-change" => format!(r#"{altered}.*ALTER COLUMN "?{part}"? (TYPE|ADD GENERATED)"#),
            "set-not-null" => format!(r#"{altered}.*ALTER COLUMN "?{part}"? SET NOT NULL"#),
            "not-null-without-default" => {
                format!(r#"{altered}ADD COLUMN "?{part}"? .*NOT NULL"#)
            }
            "rewriting-column" => format!(r#"{altered}ADD COLUMN "?{part}"? "#),
            // A name of more than 63 bytes is longer in the statement; an unnamed constraint is told by its column.
            "validating-constraint" => format!(
                r#"{altered}.*(ADD CONSTRAINT "?{part}|ADD COLUMN "?{part}"? |CONSTRAINT "?{part}|FOREIGN KEY \("?{part}"?\))"#
            ),
            "foreign-key-parent" => format!(
                r#"({altered}.*("?{part}"?.* REFERENCES |DROP CONSTRAINT|DROP COLUMN))|DROP TABLE "?{table}"?"#
            ),
            _ => return None,
        };
        Some(Regex::new(&format!("(?is){claimed}")).unwrap())
    }
}

/// A migration that was judged, and what was recorded of it.
struct Judged<'a> {
    key: (String, String),
    executed: &'a Executed,
    found: Vec<Found>,
    /// Whether all of its operations were followed.
    whole: bool,
}

impl Judged<'_> {
    /// Findings that no statement bears out, and those that say of a migration which ran that it cannot.
    fn unfounded(&self) -> impl Iterator<Item = String> {
        self.found.iter().filter_map(|found| {
            if FAILS.contains(&found.rule.as_str()) {
                return Some(format!("{:?}: it ran: {}", self.key, found.message));
            }
            let claimed = found.claimed()?;
            let borne_out = self
                .executed
                .texts
                .iter()
                .any(|text| claimed.is_match(text));
            (!borne_out).then(|| {
                format!(
                    "{:?}: no statement: {} {}",
                    self.key, found.rule, found.message
                )
            })
        })
    }

    /// Statements that no finding speaks of.
    fn untold(&self) -> impl Iterator<Item = String> {
        let waits = self.executed.waits.iter().filter(|_| self.whole);
        waits
            .filter(|wait| {
                !self.found.iter().any(|found| {
                    found.rule == wait.rule
                        && (wait
                            .object
                            .starts_with(found.object.rsplit('.').next().unwrap())
                            || found.message.contains(&format!("`{}`", wait.object))
                            || found.message.contains(&format!(".{}`", wait.object)))
                })
            })
            .map(|wait| format!("{:?}: no finding: {} {}", self.key, wait.rule, wait.text))
    }
}

fn lint(recording: &Recording) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(["lint", "--all", "--format", "json", "--settings"])
        .arg(recording.project.join("settings.py"))
        .arg("--python-path")
        .arg(&recording.site_packages)
        .args(&recording.lint)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// What a report lists, by the file that it stands in.
fn by_file<'r>(report: &'r Value, list: &str) -> BTreeMap<PathBuf, Vec<&'r Value>> {
    let mut entries: BTreeMap<PathBuf, Vec<&Value>> = BTreeMap::new();
    for entry in report[list].as_array().unwrap() {
        // Absolute, or below the working folder.
        let told = entry["file"].as_str().unwrap_or_default();
        if let Ok(file) = std::fs::canonicalize(told) {
            entries.entry(file).or_default().push(entry);
        }
    }
    entries
}

fn found(entry: &Value) -> Found {
    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    Found {
        rule: text("rule"),
        object: text("object"),
        message: text("message"),
    }
}

fn judged<'a>(history: &History, report: &Value, executed: &'a [Executed]) -> Vec<Judged<'a>> {
    let findings = by_file(report, "findings");
    let missed = by_file(report, "not_analysed");
    let own = history.migrations.iter().filter(|replayed| {
        let key = &replayed.migration.key;
        history.own_apps.contains(&key.app_label)
    });
    own.filter_map(|replayed| {
        let key = &replayed.migration.key;
        let executed = executed
            .iter()
            .find(|executed| executed.is_of(&key.app_label, &key.name))?;
        let file = std::fs::canonicalize(replayed.migration.file.path()).unwrap();
        Some(Judged {
            key: (key.app_label.to_string(), key.name.to_string()),
            executed,
            found: findings
                .get(&file)
                .into_iter()
                .flatten()
                .copied()
                .map(found)
                .collect(),
            whole: !missed.contains_key(&file),
        })
    })
    .collect()
}

/// How many findings were borne out, and what is wrong.
fn compare(recording: &Recording) -> (usize, Vec<String>) {
    let history = history_of(
        &recording.lint,
        Some(recording.project.join("settings.py")),
        vec![recording.site_packages.clone()],
    )
    .unwrap();
    let executed = Executed::read(&recording.folder.join("recorded.json"));
    let mut borne_out = 0;
    let mut wrong = Vec::new();
    for judged in judged(&history, &lint(recording), &executed) {
        let unfounded: Vec<String> = judged.unfounded().collect();
        let claims = judged
            .found
            .iter()
            .filter(|found| found.claimed().is_some());
        borne_out += claims.count() - unfounded.len();
        wrong.extend(unfounded);
        wrong.extend(judged.untold());
    }
    let Recording { name, django, .. } = recording;
    println!("{name} on Django {django}: {borne_out} findings borne out");
    let wrong = wrong.iter().map(|line| format!("{name}@{django} {line}"));
    (borne_out, wrong.collect())
}

#[test]
fn findings_on_djangos_apps_and_the_synthetic_projects_are_what_migrate_executes() {
    if environment::left_out("findings are what migrate executes") {
        return;
    }
    let packages = ["django", "editor", "workshop"];
    let cases: Vec<String> = DjangoVersion::ALL
        .iter()
        .flat_map(|django| packages.map(|package| format!("{package}@{}", django.name())))
        .collect();
    let cases: Vec<&str> = cases.iter().map(String::as_str).collect();
    let mut borne_out = 0;
    let mut wrong = Vec::new();
    for recording in Recording::of(&cases) {
        let (count, lines) = compare(&recording);
        borne_out += count;
        wrong.extend(lines);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(borne_out > 100, "only {borne_out} findings were borne out");
}

#[test]
#[ignore = "needs HHSCHEMA_RECORDED, as `generic@5.2,wagtail@6.0`; migrating all takes half an hour"]
fn findings_on_named_packages_are_what_migrate_executes() {
    let named = std::env::var("HHSCHEMA_RECORDED").unwrap();
    let cases: Vec<&str> = named.split(',').collect();
    let recordings = Recording::of(&cases);
    let wrong: Vec<String> = recordings
        .iter()
        .flat_map(|recording| compare(recording).1)
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
