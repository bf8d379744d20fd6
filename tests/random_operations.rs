//! Migrations that nobody wrote, against real Django: of every seed, forwards and backwards, each statement.
//!
//! `HHSCHEMA_SEEDS=100..400 cargo test --test random_operations` tries other seeds than the fixed ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod editor;
mod environment;

use std::ops::Range;

use environment::django::RecordedMigration;
use environment::{DjangoVersion, PostgresVersion, Server};

/// The seeds to try: the fixed ones, or those that the environment names.
fn seeds() -> Range<u32> {
    let Ok(given) = std::env::var("HHSCHEMA_SEEDS") else {
        return 0..4;
    };
    let (from, to) = given.split_once("..").expect("HHSCHEMA_SEEDS is FROM..TO");
    from.parse().unwrap()..to.parse().unwrap()
}

fn every_statement_of_every_seed_is_written(django: DjangoVersion) {
    if environment::left_out(&format!(
        "what is written for made-up migrations with Django {} is what it executes",
        django.name()
    )) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let database = Server::shared(PostgresVersion::NEWEST).database();
    let script = environment::repository().join("tests/random_operations/generate.py");
    let mut arguments = vec![
        script.display().to_string(),
        "--socket".to_owned(),
        database.socket().display().to_string(),
        "--database".to_owned(),
        database.name().to_owned(),
        "--out".to_owned(),
        folder.path().display().to_string(),
    ];
    arguments.extend(seeds().map(|seed| seed.to_string()));
    let printed = environment::run(django.python(), arguments);
    let recorded: Vec<Vec<RecordedMigration>> = serde_json::from_str(&printed).unwrap();
    let mut statements = 0;
    let mut differences = Vec::new();
    for (seed, recorded) in seeds().zip(&recorded) {
        let folder = folder.path().join(seed.to_string());
        let compared = editor::written_again(&folder, django, recorded);
        statements += compared.statements;
        let found = compared.differences.into_iter();
        differences.extend(found.map(|difference| format!("seed {seed}: {difference}")));
    }
    eprintln!("Django {}: {statements} statements", django.name());
    assert!(statements > 100 * recorded.len(), "{statements} statements");
    if !differences.is_empty() {
        let kept = folder.keep();
        panic!(
            "{} of {statements} statements differ with Django {} ({}):\n{}",
            differences.len(),
            django.name(),
            kept.display(),
            differences.join("\n")
        );
    }
}

#[test]
fn what_is_written_for_made_up_migrations_with_django_4_2_is_what_it_executes() {
    every_statement_of_every_seed_is_written(DjangoVersion::V4_2);
}

#[test]
fn what_is_written_for_made_up_migrations_with_django_5_2_is_what_it_executes() {
    every_statement_of_every_seed_is_written(DjangoVersion::V5_2);
}

#[test]
fn what_is_written_for_made_up_migrations_with_django_6_0_is_what_it_executes() {
    every_statement_of_every_seed_is_written(DjangoVersion::V6_0);
}
