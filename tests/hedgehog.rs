//! Lints the hedgehog station with every migration as new, and holds what is said against `expected.toml`: every fault
//! and event is found where it stands, every trap is passed in silence, and nothing else is said.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde::Deserialize;

/// The rules that may say what a kind of `expected.toml` means.
const KINDS: [(&str, &[&str]); 30] = [
    (
        "index name over 30 characters in a model",
        &["long-index-name"],
    ),
    (
        "index name over 30 characters in a migration, still alive at the end",
        &["long-index-name-in-migration"],
    ),
    ("name over 63 bytes", &["cut-name"]),
    (
        "two names become equal when PostgreSQL cuts them",
        &["name-collision"],
    ),
    (
        "NOT NULL column without default that no model fills",
        &["insert-fails"],
    ),
    ("column without field", &["column-without-field"]),
    ("field without column", &["field-without-column"]),
    (
        "length differs between model and column",
        &["column-type-mismatch"],
    ),
    (
        "model allows NULL, column does not",
        &["nullability-mismatch"],
    ),
    (
        "index of the model that no migration creates",
        &["index-mismatch"],
    ),
    (
        "index of the migrations that no model has",
        &["index-mismatch"],
    ),
    (
        "constraint of the model that no migration creates",
        &["constraint-mismatch"],
    ),
    ("constraint that no model has", &["constraint-mismatch"]),
    ("CHECK does not hold all choices", &["choices-mismatch"]),
    (
        "CHECK holds values that the choices lack",
        &["choices-mismatch"],
    ),
    (
        "reverse_sql names a table that does not exist",
        &["broken-reverse"],
    ),
    ("column created twice", &["created-twice"]),
    ("index created twice", &["created-twice"]),
    (
        "dependency on a migration that does not exist",
        &["missing-dependency"],
    ),
    (
        "dependency on a migration that exists only in replaces",
        &["missing-dependency"],
    ),
    ("several leaves", &["several-leaves"]),
    (
        "NOT NULL column whose default Django drops",
        &["default-dropped"],
    ),
    (
        "NOT NULL column added without any default",
        &["not-null-without-default"],
    ),
    ("SET NOT NULL on an existing column", &["set-not-null"]),
    ("index built without CONCURRENTLY", &["blocking-index"]),
    (
        "constraint added with validation",
        &["validating-constraint"],
    ),
    (
        "column type change that rewrites the table",
        &["type-change"],
    ),
    ("column dropped under running code", &["dropped-column"]),
    (
        "foreign key locks its parent table",
        &["foreign-key-parent"],
    ),
    (
        "CONCURRENTLY in a transaction",
        &["concurrently-in-transaction"],
    ),
];

#[derive(Debug, Deserialize)]
struct Expected {
    fault: Vec<Entry>,
    event: Vec<Entry>,
    trap: Vec<Trap>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    kind: String,
    level: Option<String>,
    file: String,
    line: u64,
    last_line: u64,
    text: String,
    object: String,
    #[serde(default)]
    related: Vec<Related>,
}

#[derive(Debug, Deserialize)]
struct Related {
    file: String,
    line: u64,
}

#[derive(Debug, Deserialize)]
struct Trap {
    file: String,
    line: u64,
    last_line: u64,
    text: String,
    objects: Vec<String>,
    must_not_say: Vec<String>,
    why: String,
}

#[derive(Debug, Deserialize)]
struct Report {
    findings: Vec<Finding>,
}

#[derive(Debug, Deserialize)]
struct Finding {
    rule: String,
    level: String,
    message: String,
    file: Option<String>,
    line: Option<u64>,
    object: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}: {}[{}] {}",
            self.file(),
            self.line.unwrap_or_default(),
            self.level,
            self.rule,
            self.message
        )
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}-{}: {} ({})",
            self.file, self.line, self.last_line, self.kind, self.object
        )
    }
}

impl Finding {
    fn file(&self) -> &str {
        let file = self.file.as_deref().unwrap_or_default();
        file.strip_prefix("./").unwrap_or(file)
    }

    fn stands_at(&self, file: &str, lines: std::ops::RangeInclusive<u64>) -> bool {
        self.file() == file && self.line.is_some_and(|line| lines.contains(&line))
    }

    fn says(&self, kind: &str) -> bool {
        rules_of(kind).contains(&self.rule.as_str())
    }

    /// Whether it is about an object, by what it names; a name may be cut in the database.
    fn is_about(&self, object: &str) -> bool {
        let last = object.rsplit('.').next().unwrap();
        self.object.as_deref() == Some(object) || self.message.contains(&format!("{last}`"))
    }
}

impl Entry {
    fn is_found_by(&self, finding: &Finding) -> bool {
        let here = finding.stands_at(&self.file, self.line..=self.last_line);
        let near = self
            .related
            .iter()
            .any(|place| finding.stands_at(&place.file, place.line..=place.line));
        let level = self
            .level
            .as_ref()
            .is_none_or(|level| *level == finding.level);
        finding.says(&self.kind) && (here || near) && level
    }
}

fn rules_of(kind: &str) -> &'static [&'static str] {
    let kind = if kind.starts_with("CONCURRENTLY in ") {
        "CONCURRENTLY in a transaction"
    } else {
        kind
    };
    let found = KINDS.iter().find(|(known, _)| *known == kind);
    found
        .unwrap_or_else(|| panic!("no rule is known for the kind `{kind}`"))
        .1
}

fn station() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hedgehog")
}

fn expected() -> &'static Expected {
    static EXPECTED: OnceLock<Expected> = OnceLock::new();
    EXPECTED.get_or_init(|| {
        let text = std::fs::read_to_string(station().join("expected.toml")).unwrap();
        toml::from_str(&text).unwrap()
    })
}

fn findings() -> &'static [Finding] {
    static FINDINGS: OnceLock<Vec<Finding>> = OnceLock::new();
    FINDINGS.get_or_init(|| {
        let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
            .args(["lint", "--all", "--format", "json"])
            .current_dir(station())
            .env_remove("VIRTUAL_ENV")
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            output.status.code(),
            Some(1),
            "{printed}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_str::<Report>(&printed).unwrap().findings
    })
}

/// For each entry the finding that says it, no finding twice: the one about the same object first.
fn matched<'a>(entries: &[&Entry], findings: &'a [Finding]) -> Vec<Option<&'a Finding>> {
    let mut taken = BTreeSet::new();
    let mut found = vec![None; entries.len()];
    for exactly in [true, false] {
        for (entry, slot) in entries.iter().zip(&mut found) {
            if slot.is_some() {
                continue;
            }
            let fits = findings.iter().enumerate().find(|(index, finding)| {
                !taken.contains(index)
                    && entry.is_found_by(finding)
                    && (!exactly || finding.is_about(&entry.object))
            });
            if let Some((index, finding)) = fits {
                taken.insert(index);
                *slot = Some(finding);
            }
        }
    }
    found
}

fn listing(what: &str, lines: &[String]) {
    assert!(
        lines.is_empty(),
        "{} {what}:\n{}",
        lines.len(),
        lines.join("\n")
    );
}

fn missed(entries: &[Entry]) -> Vec<String> {
    let entries: Vec<&Entry> = entries.iter().collect();
    let found = matched(&entries, findings());
    let missed = entries
        .iter()
        .zip(found)
        .filter(|(_, found)| found.is_none());
    missed.map(|(entry, _)| entry.to_string()).collect()
}

#[test]
fn every_fault_is_found_where_it_stands() {
    listing("faults are missed", &missed(&expected().fault));
}

#[test]
fn every_event_is_found_where_it_stands() {
    listing("events are missed", &missed(&expected().event));
}

#[test]
fn every_trap_is_passed_in_silence() {
    let mut caught = Vec::new();
    for trap in &expected().trap {
        for finding in findings() {
            let forbidden = trap.must_not_say.iter().any(|kind| finding.says(kind));
            let about = trap.objects.iter().any(|object| {
                finding.object.as_deref() == Some(object)
                    || finding.stands_at(&trap.file, trap.line..=trap.last_line)
                        && finding.is_about(object)
            });
            if forbidden && about {
                caught.push(format!("{finding}\n    but {}", trap.why));
            }
        }
    }
    listing("traps are walked into", &caught);
}

#[test]
fn nothing_else_is_said() {
    let all = expected();
    let entries: Vec<&Entry> = all.fault.iter().chain(&all.event).collect();
    let found = matched(&entries, findings());
    let surplus: Vec<String> = findings()
        .iter()
        .filter(|finding| {
            !found
                .iter()
                .flatten()
                .any(|used| std::ptr::eq(*used, *finding))
        })
        .map(Finding::to_string)
        .collect();
    listing("findings are surplus", &surplus);
}

#[test]
fn the_lines_of_the_station_have_not_moved() {
    let all = expected();
    let entries = all.fault.iter().chain(&all.event);
    let entries = entries.map(|entry| (&entry.file, entry.line, entry.last_line, &entry.text));
    let traps = all.trap.iter();
    let traps = traps.map(|trap| (&trap.file, trap.line, trap.last_line, &trap.text));
    let mut moved = Vec::new();
    for (file, line, last_line, text) in entries.chain(traps) {
        let source = std::fs::read_to_string(station().join(file)).unwrap();
        let lines = source.lines().enumerate();
        let stands = lines
            .filter(|(index, _)| (line..=last_line).contains(&(*index as u64 + 1)))
            .any(|(_, found)| found.trim() == text);
        if !stands {
            moved.push(format!("{file}:{line}: {text}"));
        }
    }
    listing("lines have moved", &moved);
}
