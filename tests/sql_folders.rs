//! Folders of SQL migrations: replayed in the order and in the transactions of the tool that they are written for, what
//! takes one back left alone.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

use std::process::{Command, Stdio};

use serde_json::Value;

/// A table, and then a statement that a server refuses where the table is not there yet: the files are in the right
/// order if there is no finding.
const CREATE: &str = "CREATE TABLE shop (id bigint PRIMARY KEY, name text);\n";
const REQUIRE: &str = "ALTER TABLE shop DROP COLUMN name;\n";
const CONCURRENTLY: &str = "CREATE INDEX CONCURRENTLY shop_name ON elsewhere (name);\n";

/// The findings on the folder of these files as `rule file:line`, and the files that were read.
fn lint(files: &[(&str, &str)], named: &[&str]) -> (Vec<String>, u64) {
    let folder = tempfile::tempdir().unwrap();
    let migrations = folder.path().join("migrations");
    std::fs::create_dir(&migrations).unwrap();
    std::fs::write(folder.path().join("empty.sql"), "").unwrap();
    for (name, text) in files {
        std::fs::write(migrations.join(name), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .current_dir(folder.path())
        .args(["lint", "--format", "json", "--schema", "empty.sql"])
        .args(named)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let json: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(json["problems"].as_array().unwrap().len(), 0, "{json:#}");
    let findings = json["findings"].as_array().unwrap().iter();
    let told = findings.map(|finding| {
        let file = finding["file"].as_str().unwrap();
        let rule = finding["rule"].as_str().unwrap();
        format!(
            "{rule} {}:{}",
            file.trim_start_matches("migrations/"),
            finding["line"]
        )
    });
    (told.collect(), json["summary"]["files"].as_u64().unwrap())
}

fn orders(files: &[(&str, &str)]) {
    let (found, read) = lint(files, &["migrations"]);
    let refused = found
        .iter()
        .filter(|line| !line.starts_with("dropped-column"));
    assert_eq!(refused.count(), 0, "{found:#?}");
    assert_eq!(usize::try_from(read).unwrap(), 2, "{found:#?}");
}

#[test]
fn numbers_are_in_order_as_numbers() {
    orders(&[("10_then.sql", REQUIRE), ("2_first.sql", CREATE)]);
    orders(&[("20260102_then.sql", REQUIRE), ("0003_first.sql", CREATE)]);
}

#[test]
fn flyway_is_in_order_of_version_then_repeatables_and_what_undoes_is_left_out() {
    orders(&[
        ("V1.10__then.sql", REQUIRE),
        ("V1.2__first.sql", CREATE),
        ("U1.2__first.sql", "DROP TABLE nowhere;"),
    ]);
    orders(&[("R__then.sql", REQUIRE), ("V2__first.sql", CREATE)]);
}

#[test]
fn what_goes_down_is_not_run_forward() {
    orders(&[
        ("1_first.up.sql", CREATE),
        ("1_first.down.sql", "DROP TABLE nowhere;"),
        ("2_then.up.sql", REQUIRE),
        ("2_then.down.sql", "DROP TABLE nowhere;"),
    ]);
    for (up, down) in [
        ("-- migrate:up", "-- migrate:down"),
        ("-- +goose Up", "-- +goose Down"),
    ] {
        let first = format!("{up}\n{CREATE}\n{down}\nDROP TABLE nowhere;\n");
        let then = format!("{up}\n{REQUIRE}\n{down}\nDROP TABLE nowhere;\n");
        orders(&[("1_first.sql", &first), ("2_then.sql", &then)]);
    }
    let (found, read) = lint(
        &[("1_first.down.sql", "DROP TABLE nowhere;")],
        &["migrations/1_first.down.sql"],
    );
    assert_eq!((found, read), (Vec::new(), 0));
}

#[test]
fn each_tool_has_its_transactions() {
    let in_transaction = |name: &str, text: &str| {
        let (found, _) = lint(&[(name, text)], &["migrations"]);
        found
            .iter()
            .any(|line| line.starts_with("concurrently-in-transaction"))
    };
    let marked = |up: &str| format!("{up}\n{CONCURRENTLY}");
    assert!(in_transaction("1_x.sql", &marked("-- migrate:up")));
    assert!(!in_transaction(
        "1_x.sql",
        &marked("-- migrate:up transaction:false")
    ));
    assert!(in_transaction("1_x.sql", &marked("-- +goose Up")));
    assert!(!in_transaction(
        "1_x.sql",
        &marked("-- +goose NO TRANSACTION\n-- +goose Up")
    ));
    assert!(in_transaction("1_x.up.sql", CONCURRENTLY));
    assert!(!in_transaction("1_x.up.sql", &marked("-- no-transaction")));
    assert!(!in_transaction("V1__x.sql", CONCURRENTLY));
    assert!(!in_transaction("1_x.sql", CONCURRENTLY));
}

#[test]
fn a_finding_stands_at_its_line_of_the_file() {
    let text = format!(
        "-- é\n-- +goose Up\n{CREATE}\nALTER TABLE nowhere ADD a int;\n-- +goose Down\nDROP TABLE shop;\n"
    );
    let (found, _) = lint(&[("1_x.sql", &text)], &["migrations"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("1_x.sql:5"), "{found:?}");
}
