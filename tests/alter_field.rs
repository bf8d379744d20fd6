//! Each field turned into each other one, as real Django does it: a matrix of AlterField, keys that others point at, values of
//! every Python type as defaults, and each field added, renamed and removed.
//!
//! A fixed sample runs by default. `HHSCHEMA_WHOLE_MATRIX=1` takes every pair; `HHSCHEMA_MATRIX="--only key"` and the
//! like are handed on to `alter_field/generate.py`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod editor;
mod environment;

use std::collections::BTreeMap;
use std::io::Write as _;

use editor::{Compared, Way};
use environment::DjangoVersion;

/// Writes the project of the matrix for one release of Django, and compares it.
fn matrix(django: DjangoVersion) -> Compared {
    let folder = tempfile::tempdir().unwrap();
    let generator = environment::repository().join("tests/alter_field/generate.py");
    let mut arguments = vec![
        generator.display().to_string(),
        folder.path().display().to_string(),
    ];
    if std::env::var_os("HHSCHEMA_WHOLE_MATRIX").is_some_and(|value| value == *"1") {
        arguments.push("--whole".to_owned());
    }
    let more = std::env::var("HHSCHEMA_MATRIX").unwrap_or_default();
    arguments.extend(more.split_whitespace().map(str::to_owned));
    environment::run(django.python(), arguments);
    editor::compared_on(folder.path(), django, Way::AllThatRuns)
}

/// How many migrations were refused, by the kind of error.
fn refusals(compared: &Compared) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for refused in &compared.refused {
        let kind = refused.split(": ").nth(1).unwrap_or_default();
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

fn every_transition_is_written(django: DjangoVersion) {
    let title = format!(
        "every transition between two fields is written as Django {} executes it",
        django.name()
    );
    if environment::left_out(&title) {
        return;
    }
    let compared = matrix(django);
    // Written past the capture: what could not be compared must not read as compared.
    drop(writeln!(
        std::io::stderr(),
        "Django {}: {} migrations, {} statements, {} refused on the way: {:?}",
        django.name(),
        compared.migrations,
        compared.statements,
        compared.refused.len(),
        refusals(&compared)
    ));
    if let Some(path) = std::env::var_os("HHSCHEMA_MATRIX_REPORT") {
        let report = [&compared.refused[..], &compared.differences[..]].concat();
        std::fs::write(path, report.join("\n")).unwrap();
    }
    assert!(compared.statements > 0, "no statement was compared");
    compared.assert_nothing_differs(django);
}

#[test]
fn every_transition_is_written_as_django_4_2_executes_it() {
    every_transition_is_written(DjangoVersion::V4_2);
}

#[test]
fn every_transition_is_written_as_django_5_2_executes_it() {
    every_transition_is_written(DjangoVersion::V5_2);
}

#[test]
fn every_transition_is_written_as_django_6_0_executes_it() {
    every_transition_is_written(DjangoVersion::V6_0);
}
