//! The incident, on a real server with real Django: what production had on the bad night is built from the test project,
//! found by `hhschema drift`, repaired by what `hhschema fix` writes, and taken back.
//!
//! Django 4.2 runs a copy in its own spelling (`CheckConstraint(check=...)`, no `db_default`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

#[path = "incident/edited.rs"]
mod edited;
#[path = "incident/station.rs"]
mod station;

use std::collections::BTreeSet;

use environment::{Database, DjangoVersion, PostgresVersion, Server};
use station::Station;

/// The columns that stop INSERTs, with the models that they stop: 7 of one table, and those of tables that nobody had
/// looked at.
const OUTAGE: [(&str, &[&str]); 4] = [
    (
        "hedgehog_patient",
        &[
            "hibernates_outdoors",
            "hibernation_box",
            "hibernation_log",
            "sponsor_code",
            "sponsor_letter_sent",
            "sponsor_since",
            "target_weight",
        ],
    ),
    ("hedgehog_enclosure", &["cleaned_by", "heat_lamp_watts"]),
    ("hedgehog_medication", &["batch_code"]),
    ("night_patrol_sighting", &["lantern_code"]),
];

const MODELS: [&str; 4] = [
    "hedgehog.Patient",
    "hedgehog.Enclosure",
    "hedgehog.Medication",
    "night_patrol.Sighting",
];

fn outage() -> BTreeSet<String> {
    let columns = OUTAGE
        .iter()
        .flat_map(|(table, columns)| columns.iter().map(move |column| (table, column)));
    columns
        .map(|(table, column)| format!("{table}.{column}"))
        .collect()
}

/// The columns of which real Django's INSERTs are refused, as `table.column`.
fn refused(station: &Station, database: &Database) -> BTreeSet<String> {
    let tried = station.project.try_inserts(database, &MODELS);
    let refused = tried.values().flat_map(|inserted| &inserted.refused);
    refused
        .filter(|refused| refused.sqlstate == "23502")
        .map(|refused| {
            format!(
                "{}.{}",
                refused.table.as_deref().unwrap_or_default(),
                refused.column.as_deref().unwrap_or_default()
            )
        })
        .collect()
}

/// Two dumps are one; what differs is shown, not all that is there.
fn same(one: &str, other: &str, what: &str) {
    let diff = similar::TextDiff::from_lines(other, one);
    let shown = diff.unified_diff().context_radius(1).to_string();
    assert!(one == other, "{what}:\n{shown}");
}

fn found_by_drift(station: &Station, database: &Database) -> BTreeSet<String> {
    let report = station.drift(database);
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|finding| finding["rule"] == "insert-fails")
        .map(|finding| finding["object"].as_str().unwrap().to_owned())
        .collect()
}

/// `--choose set-default` for each: what is emitted ends the outage, however often and wherever it is stopped.
const ENDS_THE_OUTAGE: [&str; 4] = ["--select", "insert-fails", "--choose", "set-default"];

fn the_outage_ends(django: DjangoVersion, server: &Server) {
    let station = Station::of(django);
    let template = station.deployed(server);
    let mut deployed = server.copy_of(&template);
    let not_null = deployed.query_column(
        "SELECT count(*)::text FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         WHERE a.attrelid = 'hedgehog_patient'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull \
         AND a.attidentity = '' AND d.adbin IS NULL",
    );
    assert_eq!(
        not_null,
        ["32"],
        "columns that are NOT NULL without default"
    );
    assert_eq!(refused(&station, &deployed), outage(), "real Django");
    assert_eq!(found_by_drift(&station, &deployed), outage(), "drift");

    let script = station.fix(&deployed, &[&ENDS_THE_OUTAGE[..], &["--emit-sql"]].concat());
    let rollback = station.fix(
        &deployed,
        &[&ENDS_THE_OUTAGE[..], &["--emit-sql", "--rollback"]].concat(),
    );
    let before = deployed.dump();
    let mended = server.copy_of(&template);
    mended.psql(&script).unwrap();
    let after = mended.dump();
    assert_ne!(before, after);
    assert_eq!(
        refused(&station, &mended),
        BTreeSet::new(),
        "real Django after the script"
    );
    assert_eq!(found_by_drift(&station, &mended), BTreeSet::new());
    mended.psql(&script).unwrap();
    same(&mended.dump(), &after, "run twice");
    mended.psql(&rollback).unwrap();
    same(&mended.dump(), &before, "rolled back");

    cut_and_run_again(&script, &after, || server.copy_of(&template));
    verified(&station, &deployed);
    same(&deployed.dump(), &before, "nothing is left of a trial");
}

/// Stopped after any of its transactions, the script ends the outage when it is run again.
fn cut_and_run_again(script: &str, after: &str, copy: impl Fn() -> Database) {
    let ends: Vec<usize> = script
        .match_indices("\nCOMMIT;\n")
        .map(|(at, end)| at + end.len())
        .collect();
    assert_eq!(ends.len(), OUTAGE.len(), "a transaction for each table");
    for end in ends {
        let cut = copy();
        cut.psql(&script[..end]).unwrap();
        cut.psql(script).unwrap();
        same(&cut.dump(), after, "cut after {end} bytes, then run whole");
    }
}

fn verified(station: &Station, deployed: &Database) {
    let told = station.fix(deployed, &[&ENDS_THE_OUTAGE[..], &["--verify"]].concat());
    assert!(told.contains("the whole: verified"), "{told}");
    for column in outage() {
        assert!(
            told.contains(&format!("{column}: refused before (23502)")),
            "{column}: {told}"
        );
    }
}

/// The emitted migration runs on the broken database, on one where the script ran already and on a fresh one, and back.
fn the_migration_runs_everywhere(django: DjangoVersion, server: &Server) {
    let station = Station::of(django);
    let template = station.deployed(server);
    let deployed = server.copy_of(&template);
    let before = deployed.dump();
    let script = station.fix(&deployed, &[&ENDS_THE_OUTAGE[..], &["--emit-sql"]].concat());
    let mended = server.copy_of(&template);
    mended.psql(&script).unwrap();
    let changes_before = station.pending_changes(&deployed);

    // A fresh database passes the chain once what was created twice is created once.
    station.fix_files(&["--select", "created-twice", "--emit-migration", "--write"]);
    station.fix(
        &deployed,
        &[&ENDS_THE_OUTAGE[..], &["--emit-migration", "--write"]].concat(),
    );
    let fresh = server.database();
    for database in [&deployed, &mended, &fresh] {
        station.manage(database, &["migrate", "--verbosity", "0"]);
        assert_eq!(refused(&station, database), BTreeSet::new());
        assert_eq!(found_by_drift(&station, database), BTreeSet::new());
    }
    assert_eq!(
        deployed.dump(),
        mended.dump(),
        "with and without the script before"
    );
    assert_eq!(
        station.pending_changes(&deployed),
        changes_before,
        "what makemigrations would write"
    );
    for (app, last) in [("hedgehog", "0028"), ("night_patrol", "0002")] {
        station.manage(&deployed, &["migrate", "--verbosity", "0", app, last]);
    }
    same(&deployed.dump(), &before, "migrated backwards");
}

/// The name that stops Django at its start: an edit of the model ends that, and the index follows.
fn django_starts_again(django: DjangoVersion, server: &Server) {
    let station = Station::of(django);
    let template = station.deployed(server);
    let deployed = server.copy_of(&template);
    // Since Django 6.0 the check looks at indexes only where a command names a database.
    let checked = station.check(&deployed);
    assert!(checked.is_err_and(|told| told.contains("models.E034")));
    station.fix_files(&[
        "--select",
        "long-index-name,created-twice",
        "--emit-migration",
        "--write",
    ]);
    station.check(&deployed).unwrap();
    let names = "SELECT relname FROM pg_class WHERE relname LIKE 'hedgehog_patient_status_fo%'";
    let fresh = server.database();
    for database in [&deployed, &fresh] {
        station.manage(database, &["migrate", "--verbosity", "0"]);
        let mut asked = Database::connect(database.socket(), database.name());
        let [name] = asked.query_column(names).try_into().unwrap();
        assert!(name.len() <= 30, "{name}");
    }
    let pending = station.pending_changes(&deployed);
    assert!(
        !pending.contains("Rename index") && !pending.contains("hedgehog_patient_status"),
        "{pending}"
    );
    station.manage(
        &deployed,
        &["migrate", "--verbosity", "0", "hedgehog", "0028"],
    );
    let mut asked = Database::connect(deployed.socket(), deployed.name());
    assert_eq!(
        asked.query_column(names),
        ["hedgehog_patient_status_found_date"]
    );
}

/// A CHECK without what the choices offer, a way back that names no table: the write succeeds, and so does the way back.
fn checks_hold_the_choices(django: DjangoVersion, server: &Server) {
    let station = Station::of(django);
    let template = station.deployed(server);
    let deployed = server.copy_of(&template);
    let improved = "UPDATE hedgehog_treatment SET outcome = 'improved'";
    let definition = |database: &Database| {
        let mut asked = Database::connect(database.socket(), database.name());
        asked.query_column(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'hedgehog_treatment_outcome_valid'",
        )
    };
    assert!(!definition(&deployed)[0].contains("improved"));
    let before = deployed.dump();
    let chosen = ["--select", "choices-mismatch", "--emit-sql"];
    let script = station.fix(&deployed, &chosen);
    let rollback = station.fix(&deployed, &[&chosen[..], &["--rollback"]].concat());
    deployed.psql(&script).unwrap();
    assert!(
        definition(&deployed)[0].contains("improved"),
        "{:?}",
        definition(&deployed)
    );
    deployed.psql(improved).unwrap();
    let report = station.drift(&deployed);
    let findings = report["findings"].as_array().unwrap();
    let errors = findings
        .iter()
        .filter(|finding| finding["rule"] == "choices-mismatch" && finding["level"] == "error");
    assert_eq!(errors.count(), 0);
    deployed.psql(&rollback).unwrap();
    same(&deployed.dump(), &before, "taken back");

    station.fix_files(&[
        "--select",
        "broken-reverse,created-twice",
        "--emit-migration",
        "--write",
    ]);
    station.manage(
        &deployed,
        &["migrate", "--verbosity", "0", "hedgehog", "0025"],
    );
}

const WORLDS: [(DjangoVersion, PostgresVersion); 3] = [
    (DjangoVersion::V4_2, PostgresVersion::V13),
    (DjangoVersion::V5_2, PostgresVersion::V15),
    (DjangoVersion::V6_0, PostgresVersion::V18),
];

fn in_all_worlds(what: &str, chapter: fn(DjangoVersion, &Server)) {
    if environment::left_out(what) {
        return;
    }
    for (django, postgres) in WORLDS {
        eprintln!("Django {}, PostgreSQL {}", django.name(), postgres.major());
        chapter(django, Server::shared(postgres));
    }
}

#[test]
fn chapter_1_django_starts_again() {
    in_all_worlds("chapter 1", django_starts_again);
}

#[test]
fn chapter_2_the_outage_ends() {
    in_all_worlds("chapter 2", the_outage_ends);
}

#[test]
fn chapter_2_the_migration_runs_everywhere() {
    in_all_worlds("chapter 2, the migration", the_migration_runs_everywhere);
}

#[test]
fn chapter_3_what_was_edited_in_comes_into_the_database() {
    in_all_worlds(
        "chapter 3",
        edited::what_was_edited_in_comes_into_the_database,
    );
}

#[test]
fn chapter_4_checks_hold_the_choices_and_the_way_back_works() {
    in_all_worlds("chapter 4", checks_hold_the_choices);
}
