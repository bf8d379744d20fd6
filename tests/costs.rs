//! What `cost` says against what real servers of every supported version do: locks, scans, rewrites, index builds,
//! transaction blocks and refusals of each kind of change. What was measured is published as
//! `docs/postgres-costs.md`; `UPDATE_COSTS=1` writes it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a failure here is a failure of the test"
)]

#[path = "costs/effects.rs"]
mod effects;
mod environment;
#[path = "costs/notices.rs"]
mod notices;
#[path = "costs/observed.rs"]
mod observed;
#[path = "costs/outside_block.rs"]
mod outside_block;
#[path = "costs/published.rs"]
mod published;
#[path = "costs/sections.rs"]
mod sections;
#[path = "costs/tally.rs"]
mod tally;
#[path = "costs/told.rs"]
mod told;
#[path = "costs/type_pairs.rs"]
mod type_pairs;
#[path = "costs/verdict.rs"]
mod verdict;
#[path = "costs/with_rows.rs"]
mod with_rows;

use std::collections::BTreeMap;
use std::thread;

use environment::{Database, PostgresVersion, Server};
use hhschema::postgres::Version;
use observed::Spoilt;
use published::Answer;
use sections::{Section, sections};
use tally::Tally;
use told::told;
use type_pairs::ComparedPair;
use verdict::{Verdict, is_of_later_servers, verdict};

/// How many statements `cost` may be unsure of; each time it learns more this goes down.
const MOST_UNSURE: usize = 396;
/// How many statements may be said to fail on rows, and do not on those that the test has.
const MOST_UNSURE_WITH_ROWS: usize = 108;
const MOST_UNSURE_PAIRS: usize = 780;

/// What one server did with one statement, and what was told of it.
struct Compared {
    section: usize,
    statement: usize,
    version: PostgresVersion,
    answer: Answer,
    verdict: Verdict,
    with_rows: Option<Verdict>,
}

#[test]
fn the_servers_do_what_cost_tells() {
    if environment::left_out("the_servers_do_what_cost_tells") {
        return;
    }
    let sections = sections();
    let told: Vec<(Vec<Compared>, Vec<ComparedPair>)> = thread::scope(|scope| {
        let sections = &sections;
        let running: Vec<_> = PostgresVersion::ALL
            .into_iter()
            .map(|version| {
                scope.spawn(move || (on_server(sections, version), type_pairs::on_server(version)))
            })
            .collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let (compared, pairs): (Vec<_>, Vec<_>) = told.into_iter().unzip();
    let (compared, pairs): (Vec<Compared>, Vec<ComparedPair>) = (
        compared.into_iter().flatten().collect(),
        pairs.into_iter().flatten().collect(),
    );
    let (mut tally, mut with_rows) = (Tally::default(), Tally::default());
    for one in &compared {
        let statement = &sections[one.section].statements[one.statement];
        tally.count(statement, one.version, &one.verdict);
        if let Some(verdict) = &one.with_rows {
            with_rows.count(statement, one.version, verdict);
        }
    }
    let mut of_pairs = Tally::default();
    for one in &pairs {
        of_pairs.count(&format!("{:?}", one.pair), one.version, &one.verdict);
    }
    println!("statements: {tally}\nwith rows: {with_rows}\npairs of types: {of_pairs}");
    of_pairs.assert_right(MOST_UNSURE_PAIRS);
    tally.assert_right(MOST_UNSURE);
    with_rows.assert_right(MOST_UNSURE_WITH_ROWS);
    assert_published(&page(&sections, compared, &pairs));
}

fn on_server(sections: &[Section], version: PostgresVersion) -> Vec<Compared> {
    let mut database = Server::shared(version).database();
    database.run("SET client_min_messages = debug1; SET timezone = 'UTC'");
    let mut compared = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        let schema = told::schema(&section.given);
        let mut before = given(&mut database, section);
        for (position, statement) in section.statements.iter().enumerate() {
            let (done, spoilt) = observed::observe(&mut database, &before, statement);
            let told = told(statement, &schema, Version::ALL[version as usize]);
            let verdict = if is_of_later_servers(statement, version, &told) {
                Verdict::NotThere
            } else {
                verdict(&told, &done)
            };
            let asked = with_rows::is_asked(&section.rows, &done);
            let fails = asked.then(|| with_rows::failure(&mut database, &section.rows, statement));
            let fails_with = fails.clone().flatten();
            compared.push(Compared {
                section: number,
                statement: position,
                version,
                verdict,
                with_rows: fails.map(|state| with_rows::verdict(&told, state.as_deref())),
                answer: Answer {
                    done,
                    fails: fails_with,
                },
            });
            if spoilt == Spoilt::Yes {
                before = given(&mut database, section);
            }
        }
    }
    compared
}

/// Makes the schema of a section, and nothing else.
fn given(database: &mut Database, section: &Section) -> observed::Relations {
    database.reset();
    database.run("DROP SCHEMA IF EXISTS elsewhere CASCADE");
    database.run(&section.given);
    observed::relations(database)
}

fn page(sections: &[Section], compared: Vec<Compared>, pairs: &[ComparedPair]) -> String {
    let mut measured: Vec<published::Measured> = sections
        .iter()
        .map(|section| vec![BTreeMap::new(); section.statements.len()])
        .collect();
    for one in compared {
        measured[one.section][one.statement].insert(one.version, one.answer);
    }
    let sections: Vec<_> = sections.iter().zip(measured).collect();
    published::page(&sections, &type_pairs::page(pairs))
}

fn assert_published(page: &str) {
    let path = environment::repository().join("docs/postgres-costs.md");
    if std::env::var_os("UPDATE_COSTS").is_some_and(|value| value == *"1") {
        std::fs::write(&path, page).unwrap();
        return;
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == page,
        "{} is not what the servers say; UPDATE_COSTS=1 writes it",
        path.display()
    );
}
