//! What a server does: locks from `pg_locks`, files from `pg_class`, work from what it says.

use std::collections::{BTreeMap, BTreeSet};

use super::effects::{Done, Effects, Mode};
use super::notices;
use super::outside_block;
use crate::environment::{Database, Refused};

/// Relations of people's own schemas: how each is known, where its rows are, and the table that it is a part of.
const RELATIONS: &str = "SELECT 'relation', c.oid::text,
  CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname, c.relkind::text, c.relfilenode::text,
  coalesce(i.indrelid, d.refobjid, 0)::text, coalesce(p.inhparent, 0)::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_inherits p ON p.inhrelid = c.oid AND c.relkind = 'i'
LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_depend d ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
  AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid <> 0 AND d.deptype IN ('a', 'i')
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I')";

const LOCKS: &str = "SELECT 'lock', relation::text, mode, '', '', '', '' FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation'
UNION ALL SELECT 'key', conrelid::text, conname, '', '', '', '' FROM pg_constraint WHERE contype = 'f'";

#[derive(Debug, Clone)]
pub struct Relation {
    pub name: String,
    kind: String,
    file: String,
    pub part_of: String,
    /// The index of the partitioned table that an index of a partition belongs to.
    parent: String,
}

/// Relations by `oid`.
pub type Relations = BTreeMap<String, Relation>;

pub fn relations(database: &mut Database) -> Relations {
    collected(&database.query_rows(RELATIONS))
}

fn collected(rows: &[Vec<Option<String>>]) -> Relations {
    let text = |row: &[Option<String>], at: usize| row[at].clone().unwrap_or_default();
    let relations = rows.iter().filter(|row| text(row, 0) == "relation");
    relations
        .map(|row| {
            let relation = Relation {
                name: text(row, 2),
                kind: text(row, 3),
                file: text(row, 4),
                part_of: text(row, 5),
                parent: text(row, 6),
            };
            (text(row, 1), relation)
        })
        .collect()
}

/// Runs one statement in a transaction that is rolled back, or outside one where it must be; then everything that was
/// there has to be made anew (`Spoilt::Yes`).
pub fn observe(database: &mut Database, before: &Relations, statement: &str) -> (Done, Spoilt) {
    notices::listen();
    let script = format!("BEGIN; {statement}; {RELATIONS} UNION ALL {LOCKS}");
    let answer = rows(database, &script);
    let heard = notices::heard();
    database.run("ROLLBACK");
    match answer {
        Ok(rows) => {
            let mut effects = effects(before, &rows, &heard);
            if statement.starts_with("TRUNCATE") {
                // New files, but nothing is copied.
                effects.rewrites.clear();
            }
            (Done::Effects(effects), Spoilt::No)
        }
        Err(refused) if refused.state == "25001" => {
            outside_block::observe(database, before, statement)
        }
        Err(refused) => (Done::Refused(refused.state), Spoilt::No),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoilt {
    No,
    Yes,
}

/// The rows of the last query of a script; those of a statement before it are told apart by their first column.
fn rows(database: &mut Database, script: &str) -> Result<Vec<Vec<Option<String>>>, Refused> {
    let rows = database.try_query_rows(script)?;
    let marks = ["relation", "lock", "key"].map(|mark| Some(mark.to_owned()));
    Ok(rows
        .into_iter()
        .filter(|row| row.len() == 7 && marks.contains(&row[0]))
        .collect())
}

fn effects(before: &Relations, rows: &[Vec<Option<String>>], heard: &[String]) -> Effects {
    let after = collected(rows);
    let mut effects = Effects::default();
    for row in rows.iter().filter(|row| row[0].as_deref() == Some("lock")) {
        let relation = row[1].as_deref().and_then(|oid| before.get(oid));
        if let (Some(relation), Some(mode)) = (relation, &row[2]) {
            effects.lock(&relation.name, Mode::named(mode));
        }
    }
    let keys = rows.iter().filter(|row| row[0].as_deref() == Some("key"));
    let keys: Vec<(&str, &str)> = keys
        .filter_map(|row| Some((row[2].as_deref()?, row[1].as_deref()?)))
        .collect();
    work(&mut effects, before, &after, &Heard { heard, keys });
    without_implied(effects, before)
}

pub fn without_implied(effects: Effects, before: &Relations) -> Effects {
    effects.without_implied_locks(|name| {
        let part = before.values().find(|relation| relation.name == name)?;
        Some(before.get(&part.part_of)?.name.clone())
    })
}

/// What the server said, with the foreign keys of each name and the `oid` of their tables.
struct Heard<'a> {
    heard: &'a [String],
    keys: Vec<(&'a str, &'a str)>,
}

fn work(effects: &mut Effects, before: &Relations, after: &Relations, heard: &Heard<'_>) {
    let by_name = |name: &str| {
        let mut known = before.iter().filter(|(_, known)| bare(&known.name) == name);
        known
            .next()
            .map(|(oid, known)| (oid.clone(), known.name.clone()))
    };
    let (mut scans, mut builds) = (BTreeSet::new(), Vec::new());
    for message in heard.heard {
        let names: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
        match names.as_slice() {
            [table] if message.starts_with("rewriting table") => {
                effects
                    .rewrites
                    .extend(by_name(table).map(|(_, name)| name));
            }
            [table] if message.starts_with("verifying table") => {
                scans.extend(by_name(table).map(|(_, name)| name));
            }
            [index, table] if message.starts_with("building index") => {
                builds.extend(by_name(table).map(|(_, table)| ((*index).to_owned(), table)));
            }
            [key] if message.starts_with("validating foreign key") => {
                let tables = heard.keys.iter().filter(|(name, _)| name == key);
                let tables = tables.filter_map(|(_, oid)| before.get(*oid));
                // The keys of partitions may have the name of that of their parent.
                scans.extend(
                    tables
                        .filter(|table| table.kind == "r")
                        .map(|table| table.name.clone()),
                );
            }
            _ => {}
        }
    }
    effects.rewrites.extend(rewritten(before, after));
    effects.gone = gone(before, after);
    let rewrites = &effects.rewrites;
    scans.retain(|table| !rewrites.contains(table));
    builds.retain(|(_, table)| !rewrites.contains(table));
    effects.scans = scans;
    effects.builds = builds
        .iter()
        .map(|(index, _)| topmost(index, after))
        .collect();
}

/// What is there neither under its name nor under another one: a rebuilt index is another one of its name.
pub fn gone(before: &Relations, after: &Relations) -> BTreeSet<String> {
    let names: BTreeSet<&String> = after.values().map(|now| &now.name).collect();
    let lost = before.iter().filter(|(oid, _)| !after.contains_key(*oid));
    lost.map(|(_, known)| known.name.clone())
        .filter(|name| !names.contains(name))
        .collect()
}

/// Tables and materialized views that have another file.
pub fn rewritten(before: &Relations, after: &Relations) -> BTreeSet<String> {
    let changed = before.iter().filter(|(oid, known)| {
        let now = after.get(*oid);
        ["r", "m"].contains(&known.kind.as_str()) && now.is_some_and(|now| now.file != known.file)
    });
    changed.map(|(_, known)| known.name.clone()).collect()
}

/// The index of the partitioned table, for one of a partition: that is how a statement and its reader know it.
fn topmost(index: &str, after: &Relations) -> String {
    let mut at = after
        .values()
        .find(|relation| bare(&relation.name) == index);
    let mut name = index.to_owned();
    while let Some(parent) = at.and_then(|relation| after.get(&relation.parent)) {
        bare(&parent.name).clone_into(&mut name);
        at = Some(parent);
    }
    name
}

/// The name without its schema, as the server's messages have it.
fn bare(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, name)| name)
}
