//! `hhschema sql` writes what real Django executes: every statement of Django's own apps, of the synthetic project of
//! `testdata/editor` and of that whose migrations compute what they do (`testdata/workshop`), on every release of Django that is supported. `scripts/compare-with-django` holds it against many more packages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::process::Command;

use environment::DjangoVersion;
use serde_json::Value;

/// What the comparer says of a package, for the releases of Django that the tests have.
fn compared(package: &str) -> Value {
    let mut command = Command::new(environment::repository().join("scripts/compare-with-django"));
    command.args([
        package,
        "--json",
        "--binary",
        env!("CARGO_BIN_EXE_hhschema"),
    ]);
    for django in DjangoVersion::ALL {
        command.args(["--django", django.name()]);
    }
    let output = command.output().expect("Python is there");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn every_statement_is_equal(package: &str, at_least: u64) {
    if environment::left_out(&format!(
        "the statements of {package} are what Django executes"
    )) {
        return;
    }
    let told = compared(package);
    assert_eq!(told["missing"], Value::Array(Vec::new()));
    let rows = told["compared"].as_array().unwrap();
    assert_eq!(rows.len(), DjangoVersion::ALL.len());
    for row in rows {
        let statements = row["statements"].as_u64().unwrap();
        assert!(statements >= at_least, "only {statements} were recorded");
        let wrong = format!(
            "{package} on Django {}: {:#}\n{:#}",
            row["django"], row["problems"], row["differences"]
        );
        assert_eq!(row["equal"], row["statements"], "{wrong}");
        // An extra statement is no statement of Django's.
        assert_eq!(row["different"], 0, "{wrong}");
        assert_eq!(row["operations_not_analysed"], 0, "{wrong}");
        assert_eq!(row["problems"], Value::Array(Vec::new()), "{wrong}");
    }
}

#[test]
fn every_statement_of_the_apps_that_come_with_django_is_written() {
    every_statement_is_equal("django", 60);
}

#[test]
fn every_statement_of_the_synthetic_project_is_written() {
    every_statement_is_equal("editor", 800);
}

#[test]
fn every_statement_of_migrations_that_compute_what_they_do_is_written() {
    every_statement_is_equal("workshop", 15);
}
