//! `hhschema fix` on real servers, as people run it: what it emits runs under psql, ends what `drift` finds, is safe to
//! run again, and is taken back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::path::PathBuf;
use std::process::Command;

use environment::django::Project;
use environment::{Database, DjangoVersion, PostgresVersion, Server};

/// Stands in every URL: the servers ask for none.
const PASSWORD: &str = "pass%27word-that-nobody-may-see";

fn ferry() -> PathBuf {
    environment::repository().join("testdata/ferry")
}

fn migrated(version: PostgresVersion) -> Database {
    let database = Server::shared(version).database();
    Project::at(&ferry(), DjangoVersion::V5_2)
        .manage(&database, &["migrate", "--verbosity", "0", "--skip-checks"])
        .unwrap_or_else(|printed| panic!("{printed}"));
    database
}

struct Ran {
    code: i32,
    out: String,
    beside: String,
}

fn hhschema(database: &Database, arguments: &[&str]) -> Ran {
    let url = database
        .url()
        .replace("postgres@", &format!("postgres:{PASSWORD}@"));
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(arguments)
        .args(["--database-url", &url, "--settings"])
        .arg(ferry().join("settings.py"))
        .arg(ferry())
        .env_remove("VIRTUAL_ENV")
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let ran = Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        beside: String::from_utf8(output.stderr).unwrap(),
    };
    for text in [&ran.out, &ran.beside] {
        assert!(!text.contains("nobody-may-see"), "the password: {text}");
    }
    ran
}

/// Two that are repaired by themselves, and two where a person has to choose.
const FAULTS: &str = "
DROP INDEX ship_tugs_by_year;
ALTER TABLE harbour_port ALTER COLUMN notes DROP NOT NULL;
ALTER TABLE harbour_ship ADD COLUMN region text NOT NULL DEFAULT '';
ALTER TABLE harbour_ship ALTER COLUMN region DROP DEFAULT;
ALTER TABLE harbour_port ADD COLUMN \"a \"\"b\"\"\n'c'\" integer;";

const CHOICES: [&str; 2] = ["--choose", "drop-column"];

fn with<'a>(first: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [first, rest].concat()
}

#[test]
fn the_script_ends_the_drift_runs_twice_and_is_taken_back() {
    if environment::left_out("the script of fix") {
        return;
    }
    for version in [PostgresVersion::OLDEST, PostgresVersion::NEWEST] {
        let mut database = migrated(version);
        let whole = database.dump();
        assert_eq!(hhschema(&database, &["fix"]).out, "nothing to repair\n");
        database.run(FAULTS);
        let broken = database.dump();

        let undecided = hhschema(&database, &["fix", "--emit-sql"]);
        assert_eq!(undecided.code, 1, "{}", undecided.beside);
        for name in ["drop-not-null", "drop-column"] {
            assert!(undecided.beside.contains(name), "{}", undecided.beside);
            assert!(
                undecided.out.contains(&format!("={name}'")),
                "{}",
                undecided.out
            );
        }
        assert!(
            !undecided.out.contains("DROP COLUMN"),
            "nobody chose it: {}",
            undecided.out
        );

        let script = hhschema(&database, &with(&["fix", "--emit-sql"], &CHOICES));
        assert_eq!(script.code, 0, "{}", script.beside);
        let rollback = hhschema(
            &database,
            &with(&["fix", "--emit-sql", "--rollback"], &CHOICES),
        );
        assert_eq!(database.dump(), broken, "to emit is to read");

        for _ in 0..2 {
            database
                .psql(&script.out)
                .unwrap_or_else(|printed| panic!("{printed}"));
        }
        let drift = hhschema(
            &database,
            &["drift", "--format", "concise", "--fail-on", "note"],
        );
        assert_eq!((drift.code, &*drift.out), (0, ""), "{}", drift.beside);
        assert_eq!(database.dump(), whole);
        assert_eq!(hhschema(&database, &["fix"]).out, "nothing to repair\n");

        database
            .psql(&rollback.out)
            .unwrap_or_else(|printed| panic!("{printed}"));
        let left = hhschema(&database, &["fix"]);
        assert_eq!(
            left.code, 1,
            "what the rollback brings back is found again: {}",
            left.out
        );
    }
}

#[test]
fn a_trial_leaves_nothing_and_says_what_it_saw() {
    if environment::left_out("a trial") {
        return;
    }
    let mut database = migrated(PostgresVersion::NEWEST);
    database.run("INSERT INTO harbour_port (name, code, depth, notes, is_open) VALUES ('Bergen', 'B', 9, '', true)");
    database.run(FAULTS);
    let broken = database.dump();
    let trial = hhschema(
        &database,
        &[
            "fix",
            "--verify",
            "--scratch",
            "--choose",
            "drop-not-null",
            "--choose",
            "drop-column",
        ],
    );
    assert_eq!(trial.code, 0, "{}{}", trial.out, trial.beside);
    for words in [
        "harbour_ship.region: refused before (23502), works after",
        "insert-fails:harbour_ship.region: gone",
        "rollback: the catalog is as before, but for what the rollback does not bring back",
        "the script on an empty copy: runs again",
        "the whole: verified",
    ] {
        assert!(trial.out.contains(words), "{words}\n{}", trial.out);
    }
    assert_eq!(database.dump(), broken);
    let copies = "SELECT datname FROM pg_database WHERE datname LIKE 'hhschema%'";
    assert_eq!(database.query_column(copies), Vec::<String>::new());
}

#[test]
fn a_trial_that_fails_is_exit_1() {
    if environment::left_out("a trial that fails") {
        return;
    }
    let mut database = migrated(PostgresVersion::NEWEST);
    database.run(
        "ALTER TABLE harbour_port ALTER COLUMN notes DROP NOT NULL;
         ALTER TABLE harbour_port ALTER COLUMN name DROP NOT NULL;
         INSERT INTO harbour_port (code, depth, is_open) VALUES ('a', 1, true)",
    );
    let trial = hhschema(&database, &["fix", "--verify"]);
    assert_eq!(trial.code, 1, "{}{}", trial.out, trial.beside);
    assert!(trial.out.contains("FAILED"), "{}", trial.out);
}

#[test]
fn migrations_are_shown_as_a_diff_and_nothing_is_written_unasked() {
    if environment::left_out("migrations of fix") {
        return;
    }
    let mut database = migrated(PostgresVersion::NEWEST);
    database.run("DROP INDEX ship_tugs_by_year");
    let diff = hhschema(&database, &["fix", "--emit-migration"]);
    assert_eq!(diff.code, 0, "{}", diff.beside);
    assert!(
        diff.out.starts_with("--- /dev/null\n+++ b/"),
        "{}",
        diff.out
    );
    assert!(
        diff.out.contains("+class Migration(migrations.Migration):"),
        "{}",
        diff.out
    );
    let status = environment::run(
        "git",
        [
            "-C",
            ferry().to_str().unwrap(),
            "status",
            "--short",
            "--",
            ".",
        ],
    );
    assert!(!status.contains("repair"), "{status}");
}

#[test]
fn a_choice_that_fits_nothing_is_exit_2() {
    if environment::left_out("a choice that fits nothing") {
        return;
    }
    let mut database = migrated(PostgresVersion::NEWEST);
    database.run(FAULTS);
    let refused = hhschema(&database, &["fix", "--emit-sql", "--choose", "drop-colum"]);
    assert_eq!((refused.code, &*refused.out), (2, ""));
    assert!(
        refused.beside.contains("did you mean `drop-column`?"),
        "{}",
        refused.beside
    );
}

#[test]
fn a_hostile_column_can_be_chosen_as_it_is_shown() {
    if environment::left_out("a hostile column") {
        return;
    }
    let mut database = migrated(PostgresVersion::NEWEST);
    let whole = database.dump();
    database.run("ALTER TABLE harbour_port ADD COLUMN \"a \"\"b\"\"\n'c'\" integer");
    let choice = "column-without-field:harbour_port.a \"b\"\\n'c'=drop-column";
    let script = hhschema(&database, &["fix", "--emit-sql", "--choose", choice]);
    assert_eq!(script.code, 0, "{}", script.beside);
    database
        .psql(&script.out)
        .unwrap_or_else(|printed| panic!("{printed}"));
    assert_eq!(database.dump(), whole);
}
