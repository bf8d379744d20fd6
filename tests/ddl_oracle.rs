//! All DDL of PostgreSQL 13 to 18 is read: what the grammar of a server accepts is understood, and what it refuses makes
//! no reader panic.
//!
//! The statements stand in `testdata/postgres/ddl`, a file for each family, in the order of PostgreSQL's reference. A
//! server parses the whole of a simple query before it runs any of it, so that `SELECT 1/0; <statement>` fails with 22012
//! (division by zero) where the grammar takes the statement, and with what the grammar says where it does not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

#[path = "ddl_oracle/families.rs"]
mod families;
#[path = "ddl_oracle/understanding.rs"]
mod understanding;

use std::collections::BTreeMap;
use std::panic::catch_unwind;

use environment::{Database, PostgresVersion, Server};
use families::{Family, accepted_families, rejected_families};
use understanding::{Share, Understanding, understanding};

/// How many statements the newest server accepts that are not understood. It only ever goes down: most of these are a
/// CASCADE that takes along what nobody names, and a rename that the columns of a type show.
const NOT_UNDERSTOOD: usize = 33;

/// How many statements that every server refuses are read all the same: nobody's migration has them, and a reader that
/// is stricter than it needs to be knows less of the others. It only ever goes down, too.
const READ_ALL_THE_SAME: usize = 40;

/// What a grammar answers beside 42601: its actions check some things that the rules do not (`gram.y`).
const REFUSED_BY_GRAMMAR: [&str; 4] = [
    "42601", // syntax_error
    "0A000", // feature_not_supported: MATCH PARTIAL, CREATE ASSERTION, a CHECK that is DEFERRABLE
    "42939", // reserved_name: a role called `public`
    "22023", // invalid_parameter_value: a precision out of range
];

/// What a server's grammar says of a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Accepted,
    Refused(String),
}

fn verdict(database: &mut Database, statement: &str) -> Verdict {
    let refused = database
        .execute(&format!("SELECT 1/0; {statement}"))
        .expect_err("a division by zero");
    match refused.state.as_str() {
        "22012" => Verdict::Accepted,
        state if REFUSED_BY_GRAMMAR.contains(&state) => Verdict::Refused(refused.state),
        _ => panic!("{refused}\nis no answer of a grammar, to: {statement}"),
    }
}

/// The answers of every version to every statement of these families.
fn verdicts(families: &[Family]) -> BTreeMap<PostgresVersion, Vec<Vec<Verdict>>> {
    let versions = PostgresVersion::ALL.into_iter();
    versions
        .map(|version| {
            let mut database = Server::shared(version).database();
            let answers = families.iter().map(|family| {
                let statements = family.statements.iter();
                statements
                    .map(|statement| verdict(&mut database, statement))
                    .collect()
            });
            (version, answers.collect())
        })
        .collect()
}

#[test]
fn what_a_server_accepts_is_understood() {
    if environment::left_out("what the grammars of the servers accept is understood") {
        return;
    }
    let families = accepted_families();
    let verdicts = verdicts(&families);
    let mut left = Vec::new();
    for (version, answers) in &verdicts {
        println!("\nPostgreSQL {}\n{}", version.major(), Share::HEADER);
        let mut total = Share::default();
        for (family, answers) in families.iter().zip(answers) {
            let mut share = Share::default();
            for (statement, answer) in family.statements.iter().zip(answers) {
                let how = understanding(statement);
                if *answer != Verdict::Accepted {
                    share.refused += 1;
                    continue;
                }
                share.count(&how);
                if let (Understanding::None(why), true) = (how, *version == PostgresVersion::NEWEST)
                {
                    left.push(format!("{}: {statement}\n    {why}", family.name));
                }
            }
            println!("{}", share.row(&family.name));
            total += share;
        }
        println!("{}", total.row("all"));
    }
    println!("\nnot understood:\n{}", left.join("\n"));
    assert!(
        left.len() <= NOT_UNDERSTOOD,
        "{} statements are not understood, {NOT_UNDERSTOOD} were",
        left.len()
    );
}

#[test]
fn every_statement_of_the_list_is_one_of_some_version() {
    if environment::left_out("every statement of the list is accepted by some server") {
        return;
    }
    let families = accepted_families();
    let verdicts = verdicts(&families);
    let mut wrong = Vec::new();
    for (at, family) in families.iter().enumerate() {
        for (position, statement) in family.statements.iter().enumerate() {
            let mut answers = verdicts.values().map(|answers| &answers[at][position]);
            if !answers.any(|answer| *answer == Verdict::Accepted) {
                wrong.push(format!("{}: {statement}", family.name));
            }
        }
    }
    assert!(wrong.is_empty(), "no server accepts\n{}", wrong.join("\n"));
}

#[test]
fn what_every_server_rejects_is_rejected_by_each_and_never_panics() {
    if environment::left_out("what the grammars of the servers refuse never panics") {
        return;
    }
    let families = rejected_families();
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (version, answers) in verdicts(&families) {
        for (family, answers) in families.iter().zip(&answers) {
            for (statement, answer) in family.statements.iter().zip(answers) {
                match answer {
                    Verdict::Refused(state) => *states.entry(state.clone()).or_default() += 1,
                    Verdict::Accepted => wrong.push(format!("{version:?} accepts {statement}")),
                }
                understanding(statement);
            }
        }
    }
    println!("refused with {states:?}");
    let statements = families.iter().flat_map(|family| &family.statements);
    let read: Vec<_> = statements
        .filter(|statement| !matches!(understanding(statement), Understanding::None(_)))
        .collect();
    println!("read all the same: {}\n{read:#?}", read.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read.len() <= READ_ALL_THE_SAME, "{} are read", read.len());
}

/// Needs no server: half of a statement is what an editor holds, and what a broken file leaves.
#[test]
fn no_beginning_of_a_statement_and_none_without_a_word_panics() {
    for family in accepted_families().iter().chain(&rejected_families()) {
        for statement in &family.statements {
            let words: Vec<&str> = statement.split(' ').collect();
            for at in 0..words.len() {
                let begun = words[..at].join(" ");
                let lacking = format!("{begun} {}", words[at + 1..].join(" "));
                for text in [begun, lacking] {
                    let read = catch_unwind(|| understanding(&text));
                    assert!(read.is_ok(), "panics: {text}");
                }
            }
        }
    }
}

#[test]
fn a_statement_is_read_as_one() {
    for family in accepted_families() {
        for statement in &family.statements {
            let read = understanding::statements(statement);
            let texts: Vec<&str> = read.iter().map(|read| &*read.text).collect();
            assert_eq!(texts, [statement.as_str()], "{}", family.name);
        }
    }
}
