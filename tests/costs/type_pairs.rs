//! Every type turned into every other one, in an indexed column: which pairs rewrite the table, and which only read it,
//! build its index again, or cost nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hhschema::postgres::Version;

use super::effects::{Done, Effects};
use super::observed::{self, Spoilt};
use super::told::{self, told};
use super::verdict::{Verdict, verdict};
use crate::environment::{Database, PostgresVersion, Server};

/// Types that mean something to each other; the others would only add pairs that have no cast.
const FAMILIES: &[(&str, &[&str])] = &[
    (
        "numbers",
        &[
            "smallint",
            "integer",
            "bigint",
            "numeric",
            "numeric(10,2)",
            "numeric(12,2)",
            "numeric(12,4)",
            "numeric(8)",
            "real",
            "double precision",
            "money",
            "boolean",
            "oid",
            "regclass",
            "text",
        ],
    ),
    (
        "texts",
        &[
            "varchar(10)",
            "varchar(20)",
            "varchar",
            "text",
            "char(10)",
            "char(20)",
            "name",
            "bytea",
            "uuid",
            "xml",
            "mood",
            "other_mood",
        ],
    ),
    (
        "times",
        &[
            "date",
            "timestamp",
            "timestamp(3)",
            "timestamp(0)",
            "timestamptz",
            "timestamptz(3)",
            "time",
            "time(3)",
            "timetz",
            "interval",
            "interval(3)",
            "interval day to second",
            "text",
        ],
    ),
    (
        "bits, networks, documents",
        &[
            "bit(8)",
            "bit(16)",
            "varbit(8)",
            "varbit(16)",
            "varbit",
            "inet",
            "cidr",
            "macaddr",
            "json",
            "jsonb",
            "text",
        ],
    ),
    ("citext", &["citext", "varchar(10)", "varchar", "text"]),
    (
        "arrays",
        &[
            "integer[]",
            "bigint[]",
            "varchar(10)[]",
            "varchar(20)[]",
            "varchar[]",
            "text[]",
            "integer",
            "text",
            "short[]",
        ],
    ),
    (
        "domains and their bases",
        &[
            "integer",
            "plain_number",
            "positive",
            "other_number",
            "bigint",
            "varchar(10)",
            "short",
            "shorter",
            "words",
            "text",
        ],
    ),
];

const MADE: &str = "CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE other_mood AS ENUM ('sad', 'ok', 'great');
CREATE DOMAIN plain_number AS integer;
CREATE DOMAIN other_number AS integer;
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN short AS varchar(10);
CREATE DOMAIN shorter AS varchar(5);
CREATE DOMAIN words AS text;
";

/// `json` and `xml` have no order; and with an index `jsonb` could not become `json` at all.
const WITHOUT_INDEX: &[&str] = &["json", "xml", "jsonb"];

const ZONES: [&str; 2] = ["UTC", "Europe/Berlin"];

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    family: usize,
    from: &'static str,
    to: &'static str,
    zone: &'static str,
}

impl Pair {
    pub fn statement(&self) -> String {
        format!("ALTER TABLE t ALTER COLUMN c TYPE {}", self.to)
    }
}

/// What one server did with one pair.
pub struct ComparedPair {
    pub pair: Pair,
    pub version: PostgresVersion,
    pub done: Done,
    pub verdict: Verdict,
}

pub fn on_server(version: PostgresVersion) -> Vec<ComparedPair> {
    let mut database = Server::shared(version).database();
    database.run("SET client_min_messages = debug1");
    let mut compared = Vec::new();
    for (family, (_, types)) in FAMILIES.iter().enumerate() {
        for from in *types {
            let zones = if is_zoned(from) {
                &ZONES[..]
            } else {
                &ZONES[..1]
            };
            let pairs: Vec<Pair> = zones
                .iter()
                .flat_map(|zone| {
                    types.iter().map(move |to| Pair {
                        family,
                        from,
                        to,
                        zone,
                    })
                })
                .filter(|pair| pair.zone == "UTC" || is_zoned(pair.to))
                .collect();
            compared.extend(from_one_type(&mut database, version, &pairs));
        }
    }
    compared
}

fn is_zoned(data_type: &str) -> bool {
    data_type.starts_with("timestamp")
}

fn from_one_type(
    database: &mut Database,
    version: PostgresVersion,
    pairs: &[Pair],
) -> Vec<ComparedPair> {
    let Some(first) = pairs.first() else {
        return Vec::new();
    };
    let mut given = format!("{MADE}CREATE TABLE t (id integer, c {});\n", first.from);
    if !WITHOUT_INDEX.contains(&first.from) {
        given.push_str("CREATE INDEX t_c ON t (c);\n");
    }
    database.reset();
    database.run(&given);
    let (schema, before) = (told::schema(&given), observed::relations(database));
    let compare = |pair: &Pair| {
        database.run(&format!("SET timezone = '{}'", pair.zone));
        let statement = pair.statement();
        let (done, spoilt) = observed::observe(database, &before, &statement);
        assert_eq!(spoilt, Spoilt::No);
        let told = told(&statement, &schema, Version::ALL[version as usize]);
        ComparedPair {
            pair: pair.clone(),
            version,
            verdict: verdict(&told, &done),
            done,
        }
    };
    pairs.iter().map(compare).collect()
}

/// The part of the page about types: pairs by what they cost, where it is less than a rewrite.
pub fn page(compared: &[ComparedPair]) -> String {
    let mut by_pair: BTreeMap<&Pair, BTreeMap<PostgresVersion, &Done>> = BTreeMap::new();
    for one in compared {
        by_pair
            .entry(&one.pair)
            .or_default()
            .insert(one.version, &one.done);
    }
    let mut page = include_str!("types.md").to_owned();
    for (family, (title, types)) in FAMILIES.iter().enumerate() {
        write!(page, "\n### {title}\n\n| from / to |").unwrap();
        for to in *types {
            write!(page, " {to} |").unwrap();
        }
        write!(page, "\n|{}\n", "---|".repeat(types.len() + 1)).unwrap();
        for from in *types {
            write!(page, "| **{from}** |").unwrap();
            for to in *types {
                let cells = ZONES.map(|zone| {
                    by_pair
                        .get(&Pair {
                            family,
                            from,
                            to,
                            zone,
                        })
                        .map(cell)
                });
                write!(page, " {} |", in_zones(cells)).unwrap();
            }
            page.push('\n');
        }
    }
    page
}

fn in_zones([utc, other]: [Option<String>; 2]) -> String {
    let utc = utc.unwrap_or_default();
    match other {
        Some(other) if other != utc => format!("{utc} at UTC, else {other}"),
        Some(_) | None => utc,
    }
}

/// One word for all versions, else one for each span of them.
fn cell(done: &BTreeMap<PostgresVersion, &Done>) -> String {
    let words: Vec<(u32, &str)> = done
        .iter()
        .map(|(version, done)| (version.major(), word(done)))
        .collect();
    match words.split_first() {
        Some(((_, first), rest)) if rest.iter().all(|(_, word)| word == first) => {
            (*first).to_owned()
        }
        _ => {
            let each = words
                .iter()
                .map(|(version, word)| format!("{version}: {word}"));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

fn word(done: &Done) -> &'static str {
    match done {
        Done::Refused(state) if state == "42804" => "",
        Done::Refused(_) => "refused",
        Done::Effects(Effects { rewrites, .. }) if !rewrites.is_empty() => "rewrite",
        Done::Effects(Effects { builds, scans, .. }) => match (builds.is_empty(), scans.is_empty())
        {
            (true, true) => "**free**",
            (false, true) => "index",
            (true, false) => "read",
            (false, false) => "read, index",
        },
    }
}
