//! Every finding on real packages was read by a person: `tests/verdicts/<package>.toml` says of each whether it is
//! true, and why. A finding without a verdict fails here, and so does one that was judged false.
//!
//! All findings of the categories identifiers, nullability, mismatch and history need a verdict; of the others
//! (locks) the first twenty of each rule. `HHSCHEMA_VERDICTS=new cargo test --test verdicts` prints what has none, in the form of the file.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use environment::corpora::Corpus;
use serde::Deserialize;
use serde_json::Value;

/// Of a rule of events so many findings are read.
const READ_OF_EACH: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdicts {
    /// For whoever reads the file; the versions are pinned in `tests/environment/corpora.toml`.
    #[serde(default)]
    #[expect(dead_code, reason = "read by people")]
    about: String,
    #[serde(default)]
    finding: Vec<Verdict>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdict {
    rule: String,
    file: String,
    object: String,
    #[serde(rename = "verdict")]
    is_true: bool,
    why: String,
}

/// What tells one finding from another, and does not move with a line of code.
type Key = (String, String, String);

struct Found {
    key: Key,
    line: u64,
    message: String,
}

fn lint(corpus: &Corpus) -> Vec<Found> {
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(["lint", "--all", "--format", "json", "--settings"])
        .arg(corpus.settings())
        .arg("--python-path")
        .arg(corpus.site_packages())
        .args(&corpus.lint)
        .current_dir(corpus.site_packages())
        .output()
        .unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}: {output:?}",
        corpus.name
    );
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}", corpus.name));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| Found {
            key: (
                text(&finding["rule"]),
                text(&finding["file"]),
                text(&finding["object"]),
            ),
            line: finding["line"].as_u64().unwrap_or_default(),
            message: text(&finding["message"]),
        })
        .collect()
}

/// The rules whose findings are all read, by the categories of their pages.
fn read_whole() -> BTreeSet<String> {
    hhschema::rules::RULES
        .iter()
        .filter(|rule| {
            [
                "identifiers",
                "nullability",
                "mismatch",
                "history",
                "hygiene",
            ]
            .iter()
            .any(|category| rule.page.contains(&format!("category = \"{category}\"")))
        })
        .map(|rule| rule.name.to_string())
        .collect()
}

fn verdicts(corpus: &Corpus) -> Verdicts {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/verdicts")
        .join(format!("{}.toml", corpus.name));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What was found of all packages, by what their verdicts say.
#[derive(Default)]
struct Judged {
    /// Findings without a verdict that need one, each with its package.
    unread: Vec<(String, Found)>,
    /// Findings that were judged false, as they are shown.
    wrong: Vec<String>,
}

fn judge(corpus: &Corpus, whole: &BTreeSet<String>, judged: &mut Judged) {
    let verdicts = verdicts(corpus);
    let known: BTreeMap<Key, &Verdict> = verdicts
        .finding
        .iter()
        .map(|verdict| {
            let key = (
                verdict.rule.clone(),
                verdict.file.clone(),
                verdict.object.clone(),
            );
            (key, verdict)
        })
        .collect();
    let mut read: BTreeMap<String, usize> = BTreeMap::new();
    for found in lint(corpus) {
        let count = read.entry(found.key.0.clone()).or_default();
        *count += 1;
        match known.get(&found.key) {
            Some(verdict) if !verdict.is_true => judged.wrong.push(format!(
                "{}: {:?}: {} ({})",
                corpus.name, found.key, found.message, verdict.why
            )),
            Some(_) => {}
            None if whole.contains(&found.key.0) || *count <= READ_OF_EACH => {
                judged.unread.push((corpus.name.clone(), found));
            }
            None => {}
        }
    }
}

/// In the form of `tests/verdicts/<package>.toml`.
fn print_for_the_file(unread: &[(String, Found)]) {
    for (corpus, found) in unread {
        let (rule, file, object) = &found.key;
        println!(
            "# {corpus} line {}: {}\n[[finding]]\nrule = {rule:?}\nfile = {file:?}\nobject = {object:?}\nverdict = true\nwhy = \"\"\n",
            found.line, found.message
        );
    }
}

#[test]
fn every_finding_on_real_packages_was_read_and_is_true() {
    if environment::left_out("verdicts on real packages") {
        return;
    }
    let whole = read_whole();
    let mut judged = Judged::default();
    for corpus in Corpus::all() {
        judge(&corpus, &whole, &mut judged);
    }
    let Judged { unread, wrong } = judged;
    if std::env::var_os("HHSCHEMA_VERDICTS").is_some() {
        print_for_the_file(&unread);
    }
    assert!(wrong.is_empty(), "judged false:\n{}", wrong.join("\n"));
    let listed: Vec<String> = unread
        .iter()
        .map(|(corpus, found)| format!("{corpus}: {:?}: {}", found.key, found.message))
        .collect();
    assert!(
        listed.is_empty(),
        "without a verdict:\n{}",
        listed.join("\n")
    );
}
