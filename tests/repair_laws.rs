//! Laws of plans, over random schemas and changes: what a plan leads to, what its rollback leads back to, and that the
//! guarded statements do on a real server what the bare changes would.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    dead_code,
    reason = "a failure here is a failure of the test"
)]

mod environment;

#[path = "laws/catalog.rs"]
mod catalog;
#[path = "laws/generate.rs"]
mod generate;

use environment::{Database, PostgresVersion, Server};
use hhschema::postgres::{Version, render};
use hhschema::repair::{Options, Plan, Repair, Step, Unit, plan, to_sql};
use hhschema::schema::{Change, Outcome, Schema};
use proptest::prelude::*;

/// The changes of a history that had an effect, and the schema that they led to.
fn carried_out(history: &[Change]) -> (Vec<Change>, Schema) {
    let mut schema = Schema::empty();
    let mut changes = Vec::new();
    for change in history {
        let mut next = schema.clone();
        if matches!(next.apply(change), Outcome::Applied { .. }) {
            schema = next;
            changes.push(change.clone());
        }
    }
    (changes, schema)
}

/// A schema, and a repair of its last few changes.
struct Situation {
    before: Vec<Change>,
    schema: Schema,
    plan: Plan,
}

fn situation(history: &[Change], steps: usize, version: Version) -> Option<Situation> {
    let (changes, _) = carried_out(history);
    let before = changes[..changes.len().checked_sub(steps)?].to_vec();
    let (_, schema) = carried_out(&before);
    let repair = Repair::new(
        "last",
        "Do the last again",
        changes[before.len()..]
            .iter()
            .cloned()
            .map(Step::Run)
            .collect(),
    );
    let options = Options {
        version,
        ..Options::default()
    };
    let plan = plan(&[&repair], &schema, &options)
        .unwrap_or_else(|error| panic!("{error}\n{}", written(&changes)));
    Some(Situation {
        before,
        schema,
        plan,
    })
}

fn written(changes: &[Change]) -> String {
    let lines: Vec<String> = changes
        .iter()
        .map(|change| render(change).unwrap_or_else(|error| format!("-- {error}")))
        .collect();
    lines.join(";\n")
}

fn changes(units: &[Unit]) -> Vec<Change> {
    units
        .iter()
        .flat_map(|unit| &unit.steps)
        .filter_map(|step| match &step.action {
            hhschema::repair::Action::Change(change) => Some(change.clone()),
            _ => None,
        })
        .collect()
}

fn cases(quick: u32) -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(quick)
}

fn config(quick: u32) -> ProptestConfig {
    ProptestConfig {
        cases: cases(quick),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_plan_leads_where_its_steps_lead_and_its_rollback_leads_back(
        history in generate::history(15),
        steps in 1usize..5,
    ) {
        if let Some(Situation { before, schema, plan }) = situation(&history, steps, Version::V15) {
            let mut reached = schema.clone();
            for change in changes(&plan.units) {
                reached.apply(&change);
            }
            prop_assert_eq!(reached.as_catalog(), plan.after.as_catalog());
            if plan.not_brought_back.is_empty() {
                for change in changes(&plan.rollback) {
                    // Whether a view reads a column is not known; the server knows it (below).
                    if matches!(reached.apply(&change), Outcome::Unsure(_)) {
                        return Ok(());
                    }
                }
                prop_assert_eq!(
                    reached.as_catalog(),
                    schema.as_catalog(),
                    "{}\nthen {}\nback {}",
                    written(&before),
                    written(&changes(&plan.units)),
                    written(&changes(&plan.rollback))
                );
            }
        }
    }
}

/// Runs units inside of the open transaction.
fn run(database: &mut Database, units: &[Unit]) -> Result<(), String> {
    for statement in units.iter().flat_map(Unit::statements) {
        let sql = statement.in_transaction.unwrap_or(statement.sql);
        database
            .execute(&sql)
            .map_err(|refused| format!("{refused} in\n{sql}"))?;
    }
    Ok(())
}

fn agrees(database: &mut Database, situation: &Situation, again: bool) -> Result<(), String> {
    for change in &situation.before {
        let sql = render(change).map_err(|error| error.to_string())?;
        database
            .execute(&sql)
            .map_err(|refused| format!("{refused} in\n{sql}"))?;
    }
    let (before, after) = (
        catalog::of_server(database),
        catalog::of_schema(&situation.plan.after),
    );
    let same = |database: &mut Database, wanted: &[String], what: &str| {
        let found = catalog::of_server(database);
        let missing: Vec<&String> = wanted.iter().filter(|line| !found.contains(line)).collect();
        let extra: Vec<&String> = found.iter().filter(|line| !wanted.contains(line)).collect();
        if found == wanted {
            Ok(())
        } else {
            Err(format!("{what}: missing {missing:#?}, extra {extra:#?}"))
        }
    };
    run(database, &situation.plan.units)?;
    same(database, &after, "forward")?;
    if again {
        run(database, &situation.plan.units)?;
        same(database, &after, "forward again")?;
    }
    run(database, &situation.plan.rollback)?;
    if situation.plan.not_brought_back.is_empty() {
        same(database, &before, "back")?;
    }
    if again {
        run(database, &situation.plan.rollback)?;
        if situation.plan.not_brought_back.is_empty() {
            same(database, &before, "back again")?;
        }
    }
    Ok(())
}

fn guarded_statements_do_what_the_changes_do(server: PostgresVersion, version: Version) {
    let database = std::cell::RefCell::new(Server::shared(server).database());
    database.borrow_mut().run("SET client_min_messages = error");
    proptest!(config(120), |(history in generate::history(12), steps in 1usize..4)| {
        // A chain of changes may use one name for several things; a single one must be safe to run again.
        if let Some(situation) = situation(&history, steps, version) {
            // OR REPLACE of a trigger is new in 14: no 13 has that schema in this way.
            let newer = |change: &Change| matches!(change, Change::CreateTrigger { or_replace: true, .. });
            if version == Version::V13 && situation.before.iter().any(newer) {
                return Ok(());
            }
            let mut database = database.borrow_mut();
            database.run("BEGIN");
            let answer = agrees(&mut database, &situation, steps == 1);
            database.run("ROLLBACK");
            if let Err(told) = answer {
                return Err(TestCaseError::fail(format!(
                    "{told}\n{}\n-- then\n{}\n-- back\n{}",
                    written(&situation.before),
                    to_sql(&situation.plan),
                    written(&changes(&situation.plan.rollback))
                )));
            }
        }
    });
}

#[test]
fn guarded_statements_do_what_the_changes_do_on_13() {
    if !environment::left_out("guarded_statements_do_what_the_changes_do_on_13") {
        guarded_statements_do_what_the_changes_do(PostgresVersion::V13, Version::V13);
    }
}

#[test]
fn guarded_statements_do_what_the_changes_do_on_18() {
    if !environment::left_out("guarded_statements_do_what_the_changes_do_on_18") {
        guarded_statements_do_what_the_changes_do(PostgresVersion::V18, Version::V18);
    }
}
