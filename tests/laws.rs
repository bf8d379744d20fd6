//! The laws that hold the parts together: schema, apply, diff, inverse, render and reader, and the server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a failure here is a failure of the test"
)]

mod catalogs;
mod environment;

#[path = "laws/catalog.rs"]
mod catalog;
#[path = "laws/generate.rs"]
mod generate;

use environment::{PostgresVersion, Server};
use hhschema::postgres::render;
use hhschema::schema::{Change, Outcome, Schema, diff, inverse};
use hhschema::source::{SourceFile, SourceMap};
use hhschema::sql;
use proptest::prelude::*;

/// What is not known of a change's effect (which columns a view reads) is no matter of these laws: it is left out.
fn after(history: &[Change]) -> Schema {
    let mut schema = Schema::empty();
    for change in history {
        let mut next = schema.clone();
        if !matches!(next.apply(change), Outcome::Unsure(_)) {
            schema = next;
        }
    }
    schema
}

fn written(changes: &[Change]) -> String {
    let lines: Vec<String> = changes
        .iter()
        .map(|change| render(change).unwrap_or_else(|error| format!("-- {error}")))
        .collect();
    lines.join(";\n")
}

fn read(text: &str) -> Vec<Change> {
    let file = SourceFile::new("law.sql", text);
    sql::read(text, &SourceMap::identity(&file))
        .into_iter()
        .flat_map(|statement| statement.changes)
        .collect()
}

/// How many cases a law runs: `PROPTEST_CASES`, for a long search, else what is quick.
fn cases(quick: u32) -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(quick)
}

/// The machine's own major version of the server; the others differ in nothing that is modelled here.
const VERSION: PostgresVersion = PostgresVersion::V15;

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(200), failure_persistence: None, ..ProptestConfig::default() })]

    /// Law 1: `apply(A, diff(A, B)) == B`.
    #[test]
    fn the_difference_of_two_schemas_leads_from_one_to_the_other(
        one in generate::history(15),
        other in generate::history(15),
    ) {
        let (from, to) = (after(&one), after(&other));
        let changes = diff(&from, &to);
        let mut reached = from.clone();
        for change in &changes {
            let outcome = reached.apply(change);
            prop_assert!(
                matches!(outcome, Outcome::Applied { .. }),
                "{outcome:?} of {}",
                written(std::slice::from_ref(change))
            );
        }
        prop_assert_eq!(reached.as_catalog(), to.as_catalog(), "by\n{}", written(&changes));
        prop_assert!(diff(&to, &to).is_empty());
    }

    /// Law 2: `read(render(change)) == [change]`.
    #[test]
    fn what_is_written_is_read_as_the_same_change(change in generate::change()) {
        let text = render(&change).unwrap();
        prop_assert_eq!(read(&text), vec![change], "{}", text);
    }

    /// Law 4: `apply(apply(S, c), inverse(c, S)) == S`.
    #[test]
    fn a_change_and_its_inverse_leave_the_schema_as_it_was(history in generate::history(15)) {
        let mut before = Schema::empty();
        for change in &history {
            let mut schema = before.clone();
            let outcome = schema.apply(change);
            if matches!(outcome, Outcome::Unsure(_)) {
                continue;
            }
            let next = schema.clone();
            if let Some(back) = inverse(change, &before) {
                for change in &back {
                    schema.apply(change);
                }
                prop_assert_eq!(
                    schema.as_catalog(),
                    before.as_catalog(),
                    "{}\nwas taken back by\n{}",
                    written(std::slice::from_ref(change)),
                    written(&back)
                );
            } else {
                // PostgreSQL itself has nothing that takes a label out of an enum again.
                let cannot = matches!(change, Change::AddEnumValue { .. });
                let did = !cannot && matches!(outcome, Outcome::Applied { .. } | Outcome::Skipped);
                prop_assert!(!did, "no inverse of {}", written(std::slice::from_ref(change)));
            }
            before = next;
        }
    }
}

/// Law 5: `catalog(run(render(diff(empty, S)))) == S`.
#[test]
fn a_database_built_of_a_schema_has_that_schema() {
    if environment::left_out("a_database_built_of_a_schema_has_that_schema") {
        return;
    }
    let database = std::cell::RefCell::new(Server::shared(VERSION).database());
    let config = ProptestConfig {
        cases: cases(60),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    };
    let ran =
        proptest::test_runner::TestRunner::new(config).run(&generate::history(25), |history| {
            let wanted = after_true_views(&history);
            let mut database = database.borrow_mut();
            database.reset();
            catalogs::build(&wanted, &mut database);
            let built = catalogs::read(&database).schema;
            let (one, other) = (without_view_texts(&wanted), without_view_texts(&built));
            let found = catalogs::differences(&one, &other);
            prop_assert!(found.is_empty(), "{}", found.join("\n"));
            // What the server writes of views, it writes again of what is built of that.
            database.reset();
            catalogs::build(&built, &mut database);
            let again = catalogs::read(&database).schema;
            let found = catalogs::differences(&built, &again);
            prop_assert!(found.is_empty(), "again: {}", found.join("\n"));
            Ok(())
        });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
}

/// As [`after`], but for renames below a view: its query is kept as it was written.
fn after_true_views(history: &[Change]) -> Schema {
    let mut kept: Vec<Change> = Vec::new();
    for change in history {
        let before = after(&kept);
        let renamed = match change {
            Change::RenameTable { table, .. } | Change::RenameColumn { table, .. } => Some(table),
            _ => None,
        };
        let seen = renamed.is_some_and(|table| before.views_on(&before.resolve(table)).count() > 0);
        if !seen {
            kept.push(change.clone());
        }
    }
    after(&kept)
}

/// The server writes the query of a view in words of its own.
fn without_view_texts(schema: &Schema) -> Schema {
    let mut same = Schema::empty();
    for mut change in diff(&Schema::empty(), schema) {
        if let Change::CreateView { query, .. } = &mut change {
            *query = "SELECT".into();
        }
        let outcome = same.apply(&change);
        assert!(
            matches!(outcome, Outcome::Applied { .. }),
            "{outcome:?} of {change:?}"
        );
    }
    same
}

/// Law 3: server and `apply` agree on the catalog afterwards, or on the SQLSTATE.
#[test]
fn the_server_and_apply_agree() {
    if environment::left_out("the_server_and_apply_agree") {
        return;
    }
    let mut database = Server::shared(VERSION).database();
    database.run("SET client_min_messages = error");
    let config = ProptestConfig {
        cases: std::env::var("LAW_CASES")
            .ok()
            .and_then(|n| n.parse().ok())
            .unwrap_or(120),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    };
    let database = std::cell::RefCell::new(database);
    proptest!(config, |(history in generate::history(14))| {
        let mut database = database.borrow_mut();
        database.run("BEGIN");
        let answer = agrees(&mut database, &history);
        database.run("ROLLBACK");
        prop_assert!(answer.is_ok(), "{}", answer.unwrap_err());
    });
}

fn agrees(database: &mut environment::Database, history: &[Change]) -> Result<(), String> {
    let mut schema = Schema::empty();
    for (position, change) in history.iter().enumerate() {
        let text = render(change).map_err(|error| error.to_string())?;
        let so_far = || written(&history[..=position]);
        database.run("SAVEPOINT before");
        let server = database.execute(&text).map_err(|refused| refused.state);
        if server.is_err() {
            database.run("ROLLBACK TO before");
        }
        match (schema.apply(change), server) {
            (Outcome::Applied { .. } | Outcome::Skipped, Ok(())) => {
                if std::env::var("LAW_CASES").is_ok() {
                    eprintln!(
                        "APPLIED {}",
                        text.split_whitespace()
                            .filter(|w| w.chars().all(|c| c.is_ascii_uppercase()))
                            .take(4)
                            .collect::<Vec<_>>()
                            .join(" ")
                    );
                }
            }
            (Outcome::Rejected(rejection), Err(state)) if rejection.state.code() == state => {}
            // What is not known here cannot be compared, nor what comes after it.
            (Outcome::Unsure(_), _) => return Ok(()),
            (outcome, server) => {
                return Err(format!("{outcome:?}, the server: {server:?}\n{}", so_far()));
            }
        }
        let (ours, theirs) = (catalog::of_schema(&schema), catalog::of_server(database));
        if ours != theirs {
            let missing: Vec<&String> = theirs.iter().filter(|line| !ours.contains(line)).collect();
            let extra: Vec<&String> = ours.iter().filter(|line| !theirs.contains(line)).collect();
            return Err(format!(
                "only on the server: {missing:#?}\nonly here: {extra:#?}\n{}",
                so_far()
            ));
        }
    }
    Ok(())
}
