//! The schema editor against real Django: what it writes is what Django executed, statement by statement.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod editor;
mod environment;

use environment::DjangoVersion;

/// Migrates the project with real Django, and writes the same migrations here.
fn every_statement_is_written(django: DjangoVersion) {
    if environment::left_out(&format!(
        "what is written for Django {} is what it executes",
        django.name()
    )) {
        return;
    }
    let folder = environment::repository().join("testdata/editor");
    let compared = editor::compared(&folder, django);
    assert!(
        compared.statements > 300,
        "only {} statements were written",
        compared.statements
    );
    assert!(
        compared.differences.is_empty(),
        "{} of {} statements differ with Django {}:\n{}",
        compared.differences.len(),
        compared.statements,
        django.name(),
        compared.differences.join("\n")
    );
}

#[test]
fn what_is_written_for_django_5_2_is_what_it_executes() {
    every_statement_is_written(DjangoVersion::V5_2);
}

#[test]
fn what_is_written_for_django_4_2_is_what_it_executes() {
    every_statement_is_written(DjangoVersion::V4_2);
}

#[test]
fn what_is_written_for_django_6_0_is_what_it_executes() {
    every_statement_is_written(DjangoVersion::V6_0);
}
