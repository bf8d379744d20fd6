//! `docs/postgres-costs.md`: what the servers did, for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::effects::{Done, Effects, Mode};
use super::sections::Section;
use crate::environment::PostgresVersion;

/// What each server did with each statement of a section, in the order of the statements.
pub type Measured = Vec<BTreeMap<PostgresVersion, Answer>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub done: Done,
    /// The SQLSTATE that it fails with on the rows of its section.
    pub fails: Option<String>,
}

const HEAD: &str = include_str!("head.md");

pub fn page(sections: &[(&Section, Measured)], types: &str) -> String {
    let mut page = HEAD.to_owned();
    for (section, measured) in sections {
        write!(page, "\n## {}\n\n```sql\n{}", section.title, section.given).unwrap();
        if !section.rows.is_empty() {
            write!(page, "-- What *may fail* is about.\n{}", section.rows).unwrap();
        }
        page.push_str("```\n\n");
        page.push_str("| statement | locks | work | versions |\n|---|---|---|---|\n");
        for (statement, done) in section.statements.iter().zip(measured) {
            for (versions, done) in spans(done) {
                let (locks, work) = cells(&done);
                let statement = statement.replace('|', "\\|");
                writeln!(page, "| `{statement}` | {locks} | {work} | {versions} |").unwrap();
            }
        }
    }
    page.push_str(types);
    page
}

/// Versions one after another that did the same.
fn spans(done: &BTreeMap<PostgresVersion, Answer>) -> Vec<(String, Answer)> {
    let mut spans: Vec<(u32, u32, Answer)> = Vec::new();
    for (version, done) in done {
        match spans.last_mut() {
            Some((_, last, same)) if same == done && *last + 1 == version.major() => {
                *last = version.major();
            }
            _ => spans.push((version.major(), version.major(), done.clone())),
        }
    }
    let newest = PostgresVersion::NEWEST.major();
    let unknown =
        |answer: &Answer| matches!(&answer.done, Done::Refused(state) if state == "42601");
    spans
        .into_iter()
        .filter(|(.., done)| !unknown(done))
        .map(|(first, last, done)| {
            let versions = match (first, last) {
                (13, last) if last == newest => "all".to_owned(),
                (first, last) if first == last => first.to_string(),
                (first, last) => format!("{first} to {last}"),
            };
            (versions, done)
        })
        .collect()
}

fn cells(answer: &Answer) -> (String, String) {
    match &answer.done {
        Done::Refused(state) => (String::new(), format!("refused: SQLSTATE {state}")),
        Done::Effects(effects) => {
            let mut told = work(effects);
            let fails = answer.fails.iter();
            told.extend(fails.map(|state| format!("may fail: SQLSTATE {state}")));
            (locks(effects), told.join("<br>"))
        }
    }
}

/// The strongest first, relations of one mode together.
fn locks(effects: &Effects) -> String {
    let mut by_mode: BTreeMap<Mode, Vec<&str>> = BTreeMap::new();
    for (relation, mode) in &effects.locks {
        by_mode.entry(*mode).or_default().push(relation);
    }
    let told = by_mode.iter().rev();
    let told: Vec<String> = told
        .map(|(mode, relations)| format!("{}: {}", mode.sql(), relations.join(", ")))
        .collect();
    told.join("<br>")
}

fn work(effects: &Effects) -> Vec<String> {
    let mut told = Vec::new();
    let kinds = [
        ("rewrites", &effects.rewrites),
        ("reads", &effects.scans),
        ("builds", &effects.builds),
        ("drops", &effects.gone),
    ];
    for (verb, names) in kinds {
        if !names.is_empty() {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            told.push(format!("{verb} {}", names.join(", ")));
        }
    }
    if effects.only_outside_block {
        told.push("not in a transaction block".to_owned());
    }
    told
}
