//! Random expressions against real Django: each is placed in a constraint, an index, a generated column or a default
//! of the database, and the text that is written has to be the text that Django executes.
//!
//! `HHSCHEMA_EXPRESSION_SEEDS=100..160` tries more seeds than the fixed ones, and
//! `HHSCHEMA_EXPRESSIONS=500` more expressions of each. What Django refuses is left out; what is not covered is a hole,
//! which is counted and never text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod editor;
mod environment;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use environment::django::RecordedMigration;
use environment::{DjangoVersion, PostgresVersion, Server};
use serde::Deserialize;

/// What stands for a part that is not known (`schema_editor/holes.rs`).
const HOLE: char = '\u{FFFC}';

#[derive(Deserialize)]
struct Generated {
    migrations: Vec<RecordedMigration>,
    /// Expressions that Django refused, by what it said.
    refused: BTreeMap<String, Vec<String>>,
    /// The classes of everything that Django compiled, by their paths.
    compiled: Vec<String>,
    /// The classes of functions and lookups that this Django has.
    registered: Vec<String>,
}

fn generated(
    folder: &std::path::Path,
    django: DjangoVersion,
    (seed, count): (u64, usize),
) -> Generated {
    let database = Server::shared(PostgresVersion::NEWEST).database();
    let script = environment::repository().join("tests/random_expressions/generate.py");
    let printed = environment::run(
        django.python(),
        [
            script.display().to_string(),
            "--settings".to_owned(),
            "settings".to_owned(),
            "--path".to_owned(),
            folder.display().to_string(),
            "--socket".to_owned(),
            database.socket().display().to_string(),
            "--database".to_owned(),
            database.name().to_owned(),
            folder.display().to_string(),
            seed.to_string(),
            count.to_string(),
        ],
    );
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

/// The seeds and how many expressions each makes.
fn work() -> (std::ops::Range<u64>, usize) {
    let number = |text: &str| text.parse().expect("a number");
    let seeds = std::env::var("HHSCHEMA_EXPRESSION_SEEDS").ok();
    let seeds = seeds.as_deref().and_then(|seeds| seeds.split_once(".."));
    let seeds = seeds.map_or(1..3, |(from, to)| number(from)..number(to));
    let count = std::env::var("HHSCHEMA_EXPRESSIONS");
    (
        seeds,
        count.map_or(150, |count| count.parse().expect("a number")),
    )
}

fn every_expression_is_written(django: DjangoVersion) {
    if environment::left_out(&format!(
        "random expressions are what Django {} writes",
        django.name()
    )) {
        return;
    }
    compare_all(django, work(), &mut BTreeSet::new());
}

/// Every function and every registered lookup, on a column of every type: none may be left untried.
fn every_function_and_lookup_is_written(django: DjangoVersion) {
    if environment::left_out(&format!(
        "every function and lookup of Django {} is written",
        django.name()
    )) {
        return;
    }
    let mut untried = BTreeSet::new();
    compare_all(django, (0..1, 0), &mut untried);
    let known = std::fs::read_to_string(
        environment::repository().join("tests/random_expressions/untried.txt"),
    )
    .unwrap();
    let reasons = known
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .map(|(path, _)| path.to_owned())
        .collect::<BTreeSet<_>>();
    let missing = untried.difference(&reasons).collect::<Vec<_>>();
    assert!(
        missing.is_empty(),
        "Django {} has these, and none of them was compiled; try them in grid.py or say why not in untried.txt: {missing:#?}",
        django.name()
    );
}

/// Compares what the seeds make; `untried` takes the classes of Django that nothing of it was made of.
fn compare_all(
    django: DjangoVersion,
    (seeds, count): (std::ops::Range<u64>, usize),
    untried: &mut BTreeSet<String>,
) {
    let (mut statements, mut holes, mut refused) = (0, 0, 0);
    let mut report = String::new();
    let mut differences = 0;
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    for seed in seeds {
        let folder = tempfile::tempdir().unwrap();
        let generated = generated(folder.path(), django, (seed, count));
        refused += generated.refused.values().map(Vec::len).sum::<usize>();
        untried.extend(generated.registered.iter().cloned());
        for class in &generated.compiled {
            untried.remove(class);
        }
        let compared = editor::written_again(folder.path(), django, &generated.migrations);
        statements += compared.statements;
        let source =
            std::fs::read_to_string(folder.path().join("probe/migrations/0002_random.py")).unwrap();
        for (why, times) in compared.unknown {
            *unknown.entry(why).or_default() += times;
        }
        for difference in compared.differences {
            let is_hole = difference.contains(HOLE);
            holes += usize::from(is_hole);
            differences += usize::from(!is_hole);
            writeln!(report, "seed {seed}: {}", with_source(&difference, &source)).unwrap();
        }
        note_refused(&generated.refused, (django, seed));
    }
    println!(
        "Django {}: {statements} statements, {differences} different, {holes} with holes, {refused} refused by Django",
        django.name()
    );
    println!("  not known: {unknown:?}");
    if std::env::var_os("HHSCHEMA_EXPRESSIONS_REPORT").is_some() {
        println!("{report}");
    }
    assert!(
        statements > 0 && differences == 0,
        "{differences} of {statements} statements differ with Django {}:\n{report}",
        django.name()
    );
    assert!(
        // The grid has right sides that nobody writes: a list for a text, `str` of bytes.
        holes * if count == 0 { 7 } else { 100 } <= statements,
        "{holes} of {statements} statements have holes with Django {}:\n{report}",
        django.name()
    );
}

/// Writes what Django refused into the files that are asked for, to look at by hand.
fn note_refused(refused: &BTreeMap<String, Vec<String>>, (django, seed): (DjangoVersion, u64)) {
    if let Ok(file) = std::env::var("HHSCHEMA_EXPRESSIONS_REFUSED") {
        let refused = format!("{refused:#?}");
        std::fs::write(format!("{file}.{}.{seed}", django.name()), refused).unwrap();
    }
}

/// The difference with the line of the operation.
fn with_source(difference: &str, source: &str) -> String {
    let name = difference.split('"').find(|part| {
        ["x", "n_", "f_"]
            .iter()
            .any(|start| part.starts_with(start))
    });
    let line = name.and_then(|name| {
        let quoted = format!("'{name}'");
        source.lines().find(|line| line.contains(&quoted))
    });
    let difference = difference
        .split_once('\n')
        .map_or(difference, |(_, rest)| rest);
    format!("{}\n{difference}", line.unwrap_or_default().trim())
}

#[test]
fn random_expressions_are_what_django_4_2_writes() {
    every_expression_is_written(DjangoVersion::V4_2);
}

#[test]
fn random_expressions_are_what_django_5_2_writes() {
    every_expression_is_written(DjangoVersion::V5_2);
}

#[test]
fn random_expressions_are_what_django_6_0_writes() {
    every_expression_is_written(DjangoVersion::V6_0);
}

#[test]
fn every_function_and_lookup_of_django_4_2_is_written() {
    every_function_and_lookup_is_written(DjangoVersion::V4_2);
}

#[test]
fn every_function_and_lookup_of_django_5_2_is_written() {
    every_function_and_lookup_is_written(DjangoVersion::V5_2);
}

#[test]
fn every_function_and_lookup_of_django_6_0_is_written() {
    every_function_and_lookup_is_written(DjangoVersion::V6_0);
}
