//! Every finding on real packages was read by a person: `tests/verdicts/<package>.toml` says of each whether it is
//! true, whether anybody would act on it, and why. A finding without a verdict fails here, and so does one that was judged
//! false, one that nobody would act on and that is more than a note, and a verdict on what is found no more. The page of a
//! rule says how its findings were judged.
//!
//! All findings of the categories identifiers, nullability, mismatch and history need a verdict; of the others
//! (locks) the first twenty of each rule in what is installed together. A package may be installed with several others:
//! its verdicts stand once.
//!
//! ```text
//! HHSCHEMA_VERDICTS=new cargo test --test verdicts                  # what has no verdict, in the form of the file
//! HHSCHEMA_VERDICTS=table cargo test --test verdicts -- --nocapture # how many of each rule were read, and how they were judged
//! ```

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
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// Of a rule of events so many findings are read.
const READ_OF_EACH: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdicts {
    /// For whoever reads the file; the versions are pinned in `tests/environment/{corpora,more_corpora}.toml`.
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
    judgement: Judgement,
    why: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(untagged)]
enum Judgement {
    /// Whether it says what Django and PostgreSQL do; what is true a careful engineer acts on.
    Is(bool),
    Minor(Minor),
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
enum Minor {
    /// True, and nobody would change the migration for it.
    #[serde(rename = "not worth acting on")]
    NotWorthActingOn,
}

/// What tells one finding from another, and does not move with a line of code.
type Key = (String, String, String);

struct Found {
    key: Key,
    level: String,
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
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(found).collect()
}

fn found(finding: &Value) -> Found {
    let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    Found {
        key: (text("rule"), text("file"), text("object")),
        level: text("level"),
        line: finding["line"].as_u64().unwrap_or_default(),
        message: text("message"),
    }
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

/// The verdicts of all packages.
fn verdicts() -> BTreeMap<Key, Verdict> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdicts");
    let mut known = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let read: Verdicts =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for verdict in read.finding {
            let key = (
                verdict.rule.clone(),
                verdict.file.clone(),
                verdict.object.clone(),
            );
            let twice = known.insert(key.clone(), verdict);
            assert!(twice.is_none(), "{}: {key:?} again", path.display());
        }
    }
    known
}

/// Findings of one rule, by what their verdicts say.
#[derive(Default)]
struct Tally {
    worth: usize,
    minor: usize,
    wrong: usize,
}

/// Where a page says how its rule was judged.
const HEADING: &str = "## On real packages";

impl Tally {
    fn in_words(&self) -> String {
        let read = self.worth + self.minor + self.wrong;
        let findings = if read == 1 { "finding" } else { "findings" };
        let judged = match (self.worth, self.minor) {
            (_, 0) => "true, and worth acting on".to_owned(),
            (0, _) => "true, and no more than a note".to_owned(),
            (worth, minor) => {
                format!("true; {worth} worth acting on, {minor} no more than a note")
            }
        };
        format!(
            "{read} {findings} read, each held against what Django's `migrate` executes: {judged}."
        )
    }
}

/// What was found of all packages, by what their verdicts say.
#[derive(Default)]
struct Judged {
    /// Findings without a verdict that need one, each with its package.
    unread: Vec<(String, Found)>,
    /// Findings that were judged false, or are louder than they were judged, as they are shown.
    wrong: Vec<String>,
    /// Each verdict counts once.
    seen: BTreeSet<Key>,
    tallies: BTreeMap<String, Tally>,
}

impl Judged {
    fn take(&mut self, package: &str, found: Found, known: &BTreeMap<Key, Verdict>) {
        let Some(verdict) = known.get(&found.key) else {
            return self.unread.push((package.to_owned(), found));
        };
        let shown = format!(
            "{package}: {:?}: {} ({})",
            found.key, found.message, verdict.why
        );
        let is_first = self.seen.insert(found.key.clone());
        let tally = self.tallies.entry(found.key.0).or_default();
        let count = usize::from(is_first);
        match verdict.judgement {
            Judgement::Is(true) => tally.worth += count,
            Judgement::Minor(Minor::NotWorthActingOn) if found.level == "note" => {
                tally.minor += count;
            }
            Judgement::Minor(Minor::NotWorthActingOn) => {
                tally.minor += count;
                self.wrong.push(format!("{} {shown}", found.level));
            }
            Judgement::Is(false) => {
                tally.wrong += count;
                self.wrong.push(shown);
            }
        }
    }

    /// The pages that do not say how the findings of their rule were judged, each with what they should say.
    fn silent_pages(&self) -> Vec<String> {
        let rules = hhschema::rules::RULES.iter();
        let silent = rules.filter_map(|rule| {
            let judged = self.tallies.get(rule.name.as_str()).map(Tally::in_words);
            let says_so = match &judged {
                Some(words) => rule.page.contains(&format!("\n{HEADING}\n{words}\n")),
                None => !rule.page.contains(HEADING),
            };
            (!says_so).then(|| format!("{}: {}", rule.name, judged.unwrap_or_default()))
        });
        silent.collect()
    }

    fn print_table(&self) {
        println!("{:<28} read  true  not worth acting on  false", "rule");
        for (rule, tally) in &self.tallies {
            let Tally {
                worth,
                minor,
                wrong,
            } = tally;
            let read = worth + minor + wrong;
            println!("{rule:<28} {read:>4}  {worth:>4}  {minor:>19}  {wrong:>5}");
        }
    }
}

/// The findings of a package that need a verdict or have one.
fn to_be_read(found: Vec<Found>, known: &BTreeMap<Key, Verdict>) -> Vec<Found> {
    let whole = read_whole();
    let mut read: BTreeMap<String, usize> = BTreeMap::new();
    let is_read = |found: &Found| {
        let count = read.entry(found.key.0.clone()).or_default();
        *count += 1;
        *count <= READ_OF_EACH || whole.contains(&found.key.0) || known.contains_key(&found.key)
    };
    found.into_iter().filter(is_read).collect()
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
    let known = verdicts();
    let packages = [Corpus::all(), Corpus::further()].concat();
    let found: Vec<(&Corpus, Vec<Found>)> = packages
        .par_iter()
        .map(|corpus| (corpus, to_be_read(lint(corpus), &known)))
        .collect();
    let mut judged = Judged::default();
    for (corpus, found) in found {
        for one in found {
            judged.take(&corpus.name, one, &known);
        }
    }
    match std::env::var("HHSCHEMA_VERDICTS").as_deref() {
        Ok("table") => judged.print_table(),
        Ok(_) => print_for_the_file(&judged.unread),
        Err(_) => {}
    }
    let wrong = judged.wrong.join("\n");
    assert!(wrong.is_empty(), "judged false, or too loud:\n{wrong}");
    let unread: Vec<String> = judged
        .unread
        .iter()
        .map(|(corpus, found)| format!("{corpus}: {:?}: {}", found.key, found.message))
        .collect();
    let unread = unread.join("\n");
    assert!(unread.is_empty(), "without a verdict:\n{unread}");
    let left: Vec<&Key> = known
        .keys()
        .filter(|key| !judged.seen.contains(*key))
        .collect();
    assert!(
        left.is_empty(),
        "verdicts on what is found no more: {left:#?}"
    );
    let silent = judged.silent_pages();
    assert!(
        silent.is_empty(),
        "rules/*.md, under `{HEADING}`: {silent:#?}"
    );
}
