//! Plans of repairs on real servers: run, run again, cut after every point at which something is kept, and taken back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a failure here is a failure of the test"
)]

mod environment;

#[path = "repair/cases.rs"]
mod cases;

use cases::{CASES, Case, Given};
use environment::{Database, PostgresVersion, Server};
use hhschema::postgres::{TransactionBlock, Version, render};
use hhschema::repair::{
    Options, Plan, Probe, Repair, Step, Unit, plan, set_not_null, to_rollback_sql, to_sql,
};
use hhschema::schema::{Change, Identifier, Outcome, RelationName, Schema};
use hhschema::source::{SourceFile, SourceMap};
use hhschema::sql;

/// Names that break what is careless with them: each is 63 bytes at most, as the server keeps it.
const HOSTILE: &[(&str, &str)] = &[
    ("t1", "Order \"x\" 'y'; --\n$hhschema$ \\ %s"),
    ("t2", "select"),
    ("t3", "naïve\ttable ünïcödé 表"),
    ("t4", "\\'); DROP TABLE x; --"),
    ("c1", "user's \"name\"\n\\n"),
    ("c2", "$$ $hhschema$ %I %% :id"),
    ("c3", "🐘 column"),
    ("c4", "wanted"),
    ("c5", "target"),
    ("id", "violators"),
    ("r1", "a\\"),
    ("r2", "table"),
    ("n1", "examples"),
    ("n2", "n2\r\nx"),
    ("n3", "Ünïcode"),
    (
        "n4",
        "sixty-three bytes long it is, and not one byte more than that x",
    ),
    (
        "i1",
        "sixty-three bytes of an index, and not one byte more than that!",
    ),
    ("i2", "hhschema_drop_i2"),
    ("i3", "index\n-- 'quoted' \"twice\""),
    ("i4", "ïndex \\ $hhschema1$"),
    ("k1", "check \"it\" isn't\n$hhschema$"),
    ("k2", "k\\2"),
    ("k3", "k '3'"),
    (
        "k4",
        "sixty-three bytes of a constraint, and not a single byte more !",
    ),
    ("k5", "CONSTRAINT"),
    ("k6", "%s %I %L"),
    ("k7", "k\n7"),
    ("k8", "k\t8"),
    ("g1", "trigger \"1\""),
    ("g2", "trigger\n2"),
    ("v1", "vïew"),
    ("e1", "enum 'e'"),
    ("s1", "sequence \"s\""),
    ("s2", "s\n2"),
    ("s3", "s\\3"),
    ("s4", "s 'four'"),
];

#[derive(Clone, Copy, PartialEq)]
enum Names {
    Plain,
    Hostile,
}

impl Names {
    fn name(self, name: &str) -> &str {
        match self {
            Self::Plain => name,
            Self::Hostile => HOSTILE
                .iter()
                .find(|(plain, _)| *plain == name)
                .map_or(name, |(_, hostile)| hostile),
        }
    }

    /// The text with each name in double quotes in its hostile form, the quotes doubled where they have to be.
    fn within(self, text: &str) -> String {
        if self == Self::Plain {
            return text.to_owned();
        }
        HOSTILE
            .iter()
            .fold(text.to_owned(), |text, (plain, hostile)| {
                text.replace(
                    &format!("\"{plain}\""),
                    &Identifier::quoted(hostile).to_sql(),
                )
            })
    }
}

fn read(text: &str) -> Vec<Change> {
    let file = SourceFile::new("case.sql", text);
    sql::read(text, &SourceMap::identity(&file))
        .into_iter()
        .flat_map(|statement| statement.changes)
        .collect()
}

fn schema_of(text: &str) -> Schema {
    let mut schema = Schema::empty();
    for change in read(text) {
        let outcome = schema.apply(&change);
        let opaque = matches!(change, Change::Opaque { .. } | Change::NoEffect { .. });
        assert!(
            opaque || matches!(outcome, Outcome::Applied { .. }),
            "{outcome:?} of {change:?}"
        );
    }
    schema
}

fn relation(name: &str) -> RelationName {
    RelationName::new(Identifier::quoted("public"), Identifier::quoted(name))
}

fn steps(case: &Case, names: Names) -> Vec<Step> {
    case.steps
        .iter()
        .flat_map(|given| match given {
            Given::Sql(text) => read(&names.within(text))
                .into_iter()
                .map(Step::Run)
                .collect(),
            Given::NotNull(table, column) => set_not_null(
                &relation(names.name(table)),
                &Identifier::quoted(names.name(column)),
            ),
            Given::Fill(table, column, value) => vec![Step::Fill {
                table: relation(names.name(table)),
                column: Identifier::quoted(names.name(column)),
                value: sql::expression(value),
            }],
            Given::Probe(table, violators) => vec![Step::Probe(Probe {
                table: relation(names.name(table)),
                violators: names.within(violators),
                shown: vec![Identifier::quoted(names.name("id"))],
                what: "they are in the way".to_owned(),
            })],
        })
        .collect()
}

/// The texts that are kept together: what happens between two of them may be where a run was stopped.
fn kept_together(units: &[Unit], plan: &Plan) -> Vec<Vec<String>> {
    units
        .iter()
        .flat_map(|unit| match unit.transaction() {
            TransactionBlock::Allowed => vec![unit.script(plan.timeouts)],
            TransactionBlock::Refused => unit
                .statements()
                .into_iter()
                .map(|statement| vec![statement.sql])
                .collect(),
        })
        .collect()
}

/// A case on one server.
struct Trial<'a> {
    server: &'a Server,
    base: String,
    plan: Plan,
    label: String,
}

impl<'a> Trial<'a> {
    fn of(case: &Case, names: Names, server: &'a Server, version: Version) -> Self {
        let given = names.within(case.given);
        let schema = schema_of(&given);
        let repair = Repair::new(
            "mend",
            format!("Mend \n it: {}", case.name),
            steps(case, names),
        )
        .warning("It is\nonly a test.");
        let label = format!("{} on PostgreSQL {version}", case.name);
        let plan = plan(
            &[&repair],
            &schema,
            &Options {
                version,
                ..Options::default()
            },
        )
        .unwrap_or_else(|error| panic!("{label}: {error}"));
        let mut base = server.database();
        base.run(&given);
        base.run(&names.within(case.rows));
        if names == Names::Hostile {
            let name = base.name().to_owned();
            base.run(&format!(
                r#"ALTER DATABASE "{name}" SET standard_conforming_strings = off"#
            ));
        }
        Self {
            server,
            base: base.name().to_owned(),
            plan,
            label,
        }
    }

    fn copy(&self) -> Database {
        self.server.copy_of(&self.base)
    }

    fn forward(&self, database: &Database) {
        let script = to_sql(&self.plan);
        database
            .psql(&script)
            .unwrap_or_else(|told| panic!("{}: {told}\n{script}", self.label));
    }

    fn back(&self, database: &Database) {
        let script = to_rollback_sql(&self.plan);
        database
            .psql(&script)
            .unwrap_or_else(|told| panic!("{}: {told}\n{script}", self.label));
    }

    fn same(&self, what: &str, one: &str, other: &str) {
        assert!(
            one == other,
            "{}: {what}\n{}\n{}",
            self.label,
            similar_lines(one, other),
            to_sql(&self.plan)
        );
    }
}

fn similar_lines(one: &str, other: &str) -> String {
    similar::TextDiff::from_lines(one, other)
        .unified_diff()
        .to_string()
}

/// What the changes do without any guard: the oracle of the guarded script.
fn unguarded(trial: &Trial<'_>) -> String {
    let mut database = trial.copy();
    for step in trial.plan.units.iter().flat_map(|unit| &unit.steps) {
        match &step.action {
            hhschema::repair::Action::Change(change) => {
                database.run("SET standard_conforming_strings = on");
                database.run(&render(change).unwrap());
            }
            hhschema::repair::Action::Fill { .. } => {
                let sql = step.statements[0].in_transaction.as_ref().unwrap();
                database.run(sql);
            }
            hhschema::repair::Action::Probe(_) | hhschema::repair::Action::Record(_) => {}
        }
    }
    database.dump()
}

fn holds(case: &Case, names: Names, server: &Server, version: Version) {
    let trial = Trial::of(case, names, server, version);
    assert_eq!(
        trial.plan.units.len(),
        case.units,
        "{}: {}",
        trial.label,
        to_sql(&trial.plan)
    );
    let whole = trial.copy();
    let before = whole.dump();
    trial.forward(&whole);
    let after = whole.dump();
    if case.brings_back {
        trial.same("not what the bare changes do", &unguarded(&trial), &after);
    }
    trial.forward(&whole);
    trial.same("the second run changed something", &after, &whole.dump());
    trial.back(&whole);
    if case.brings_back {
        trial.same("the rollback brings back another", &before, &whole.dump());
    }
    trial.back(&whole);
    if case.brings_back {
        trial.same(
            "the second rollback changed something",
            &before,
            &whole.dump(),
        );
    }
    let points = kept_together(&trial.plan.units, &trial.plan);
    for stop in 1..points.len() {
        cut(&trial, &points[..stop], (&before, &after), case);
    }
}

fn cut(trial: &Trial<'_>, points: &[Vec<String>], (before, after): (&str, &str), case: &Case) {
    let mut database = trial.copy();
    database.run("SET standard_conforming_strings = on");
    for text in points.iter().flatten() {
        database.run(text);
    }
    trial.forward(&database);
    let what = format!("cut after {} of its parts", points.len());
    trial.same(&what, after, &database.dump());
    if case.brings_back {
        let mut database = trial.copy();
        database.run("SET standard_conforming_strings = on");
        for text in points.iter().flatten() {
            database.run(text);
        }
        trial.back(&database);
        let what = format!("taken back after {} of its parts", points.len());
        trial.same(&what, before, &database.dump());
    }
}

fn all_hold(names: Names, on: (PostgresVersion, Version)) {
    let server = Server::shared(on.0);
    let chosen = std::env::var("CASE").unwrap_or_default();
    let failed: Vec<&str> = CASES
        .iter()
        .filter(|case| case.name.contains(&chosen))
        .filter(|case| {
            let run = || holds(case, names, server, on.1);
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).is_err()
        })
        .map(|case| case.name)
        .collect();
    assert!(failed.is_empty(), "failed: {failed:#?}");
}

macro_rules! on_each_version {
    ($($name:ident: $names:expr, $server:expr, $version:expr;)*) => {
        $(#[test]
        fn $name() {
            if !environment::left_out(stringify!($name)) {
                all_hold($names, ($server, $version));
            }
        })*
    };
}

on_each_version! {
    scripts_may_be_run_again_cut_and_taken_back_on_13: Names::Plain, PostgresVersion::V13, Version::V13;
    scripts_may_be_run_again_cut_and_taken_back_on_15: Names::Plain, PostgresVersion::V15, Version::V15;
    scripts_may_be_run_again_cut_and_taken_back_on_18: Names::Plain, PostgresVersion::V18, Version::V18;
    hostile_names_survive_on_13: Names::Hostile, PostgresVersion::V13, Version::V13;
    hostile_names_survive_on_18: Names::Hostile, PostgresVersion::V18, Version::V18;
}
