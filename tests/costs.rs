//! What `cost` says against what a real server does: locks from `pg_locks`, rewrites and index builds from
//! `relfilenode`, each statement in a transaction that is rolled back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::collections::{BTreeMap, BTreeSet};

use environment::{Database, PostgresVersion, Server};
use hhschema::postgres::{Blocked, LockMode, Version, cost};
use hhschema::schema::{Change, Outcome, Schema};
use hhschema::source::{SourceFile, SourceMap};
use hhschema::sql;

const SETUP: &str = r"
CREATE TABLE parent (id integer PRIMARY KEY, other integer UNIQUE, label varchar(20));
CREATE TABLE child (
  id bigint PRIMARY KEY, parent_id integer REFERENCES parent (id), loose_id integer, n integer,
  name varchar(20), long text, amount numeric(10, 2), at timestamp without time zone, flag boolean, j json,
  checked integer, doc varchar(5));
ALTER TABLE child ADD CONSTRAINT checked_there CHECK (checked IS NOT NULL);
ALTER TABLE child ADD CONSTRAINT later CHECK (n > 0) NOT VALID;
ALTER TABLE child ADD CONSTRAINT doc_filled CHECK (doc <> '');
ALTER TABLE child ADD CONSTRAINT loose_later FOREIGN KEY (loose_id) REFERENCES parent (id) NOT VALID;
CREATE INDEX child_n ON child (n);
CREATE INDEX child_name ON child (name);
CREATE INDEX child_name_part ON child (n) WHERE name <> '';
CREATE INDEX child_name_upper ON child (upper(name));
CREATE UNIQUE INDEX child_flag ON child (flag);
";

const STATEMENTS: &[&str] = &[
    "ALTER TABLE child ADD COLUMN c integer",
    "ALTER TABLE child ADD COLUMN c integer NOT NULL DEFAULT 7",
    "ALTER TABLE child ADD COLUMN c timestamp with time zone DEFAULT now()",
    "ALTER TABLE child ADD COLUMN c uuid DEFAULT gen_random_uuid()",
    "ALTER TABLE child ADD COLUMN c serial",
    "ALTER TABLE child ADD COLUMN c integer GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE child ADD COLUMN c integer GENERATED ALWAYS AS (n * 2) STORED",
    "ALTER TABLE child DROP COLUMN n",
    "ALTER TABLE child DROP COLUMN parent_id",
    "ALTER TABLE child RENAME COLUMN n TO m",
    "ALTER TABLE child RENAME TO kid",
    "ALTER TABLE child ALTER COLUMN n SET NOT NULL",
    "ALTER TABLE child ALTER COLUMN checked SET NOT NULL",
    "ALTER TABLE child ALTER COLUMN n SET DEFAULT 1",
    "ALTER TABLE child ALTER COLUMN n SET STATISTICS 10",
    "ALTER TABLE child ALTER COLUMN n TYPE bigint",
    "ALTER TABLE child ALTER COLUMN name TYPE varchar(30)",
    "ALTER TABLE child ALTER COLUMN name TYPE text",
    "ALTER TABLE child ALTER COLUMN name TYPE varchar(10)",
    "ALTER TABLE child ALTER COLUMN name TYPE varchar(20) COLLATE \"C\"",
    "ALTER TABLE child ALTER COLUMN doc TYPE varchar(9)",
    "ALTER TABLE child ALTER COLUMN long TYPE varchar",
    "ALTER TABLE child ALTER COLUMN long TYPE varchar(5)",
    "ALTER TABLE child ALTER COLUMN amount TYPE numeric(12, 2)",
    "ALTER TABLE child ALTER COLUMN amount TYPE numeric",
    "ALTER TABLE child ALTER COLUMN amount TYPE numeric(12, 4)",
    "ALTER TABLE child ALTER COLUMN j TYPE jsonb USING j::jsonb",
    "ALTER TABLE child ALTER COLUMN name TYPE text USING name::text",
    "ALTER TABLE child ALTER COLUMN parent_id TYPE bigint",
    "ALTER TABLE parent ALTER COLUMN id TYPE bigint",
    "ALTER TABLE parent ALTER COLUMN label TYPE text",
    "ALTER TABLE child ADD CONSTRAINT k CHECK (n > 1)",
    "ALTER TABLE child ADD CONSTRAINT k CHECK (n > 1) NOT VALID",
    "ALTER TABLE child VALIDATE CONSTRAINT later",
    "ALTER TABLE child VALIDATE CONSTRAINT loose_later",
    "ALTER TABLE child ADD CONSTRAINT k FOREIGN KEY (loose_id) REFERENCES parent (id)",
    "ALTER TABLE child ADD CONSTRAINT k FOREIGN KEY (loose_id) REFERENCES parent (id) NOT VALID",
    "ALTER TABLE child ADD CONSTRAINT k UNIQUE (n)",
    "ALTER TABLE child ADD UNIQUE (n, name)",
    "ALTER TABLE child ADD CONSTRAINT k UNIQUE USING INDEX child_flag",
    "ALTER TABLE child DROP CONSTRAINT child_parent_id_fkey",
    "ALTER TABLE child DROP CONSTRAINT later",
    "ALTER TABLE parent DROP CONSTRAINT parent_pkey CASCADE",
    "ALTER TABLE parent DROP CONSTRAINT parent_other_key",
    "ALTER TABLE child RENAME CONSTRAINT later TO sooner",
    "ALTER TABLE child ALTER CONSTRAINT child_parent_id_fkey DEFERRABLE INITIALLY DEFERRED",
    "CREATE INDEX k ON child (long)",
    "CREATE INDEX ON child (long)",
    "DROP INDEX child_n",
    "ALTER INDEX child_n RENAME TO child_m",
    "DROP TABLE child",
    "DROP TABLE parent CASCADE",
    "CREATE TABLE grandchild (id integer, child_id bigint REFERENCES child (id))",
    "TRUNCATE child",
    "UPDATE child SET n = 1",
    "COMMENT ON TABLE child IS 'x'",
];

fn read(text: &str) -> Vec<Change> {
    let file = SourceFile::new("costs.sql", text);
    sql::read(text, &SourceMap::identity(&file))
        .into_iter()
        .flat_map(|statement| statement.changes)
        .collect()
}

/// What running code meets: locks that block it, tables written anew, indexes built.
#[derive(Debug, Default, PartialEq, Eq)]
struct Effects {
    locks: BTreeMap<String, String>,
    rewrites: BTreeSet<String>,
    builds: BTreeSet<String>,
}

#[test]
fn the_server_takes_the_locks_and_does_the_work_that_cost_tells() {
    if environment::left_out("the_server_takes_the_locks_and_does_the_work_that_cost_tells") {
        return;
    }
    let mut database = Server::shared(PostgresVersion::V15).database();
    database.run(SETUP);
    let mut schema = Schema::empty();
    for change in read(SETUP) {
        let outcome = schema.apply(&change);
        assert!(
            matches!(outcome, Outcome::Applied { .. }),
            "{outcome:?} of {change:?}"
        );
    }
    let mut wrong = Vec::new();
    for statement in STATEMENTS {
        let (told, done) = (told(statement, &schema), done(statement, &mut database));
        if told != done {
            wrong.push(format!("{statement}\n  told: {told:?}\n  done: {done:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn told(statement: &str, schema: &Schema) -> Effects {
    let mut effects = Effects::default();
    let mut now = schema.clone();
    for change in read(statement) {
        let cost = cost(&change, &now, Version::V15);
        assert_eq!(cost.unsure, None, "{statement}");
        for lock in &cost.locks {
            let name = lock.relation.to_string();
            if blocks_or_stops_ddl(lock.mode)
                && schema.tables().any(|(own, _)| *own == lock.relation)
            {
                effects.locks.insert(name, lock.mode.sql().to_owned());
            }
        }
        effects
            .rewrites
            .extend(cost.rewrites.iter().map(|one| one.table.to_string()));
        effects
            .builds
            .extend(cost.index_builds.iter().map(ToString::to_string));
        now.apply(&change);
    }
    effects
}

fn blocks_or_stops_ddl(mode: LockMode) -> bool {
    mode.blocks() != Blocked::Nothing || mode == LockMode::ShareUpdateExclusive
}

const FILES: &str = "SELECT c.oid, c.relname, c.relkind, c.relfilenode, coalesce(i.indrelid, 0)
FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')";

const LOCKS: &str = "SELECT l.relation, l.mode FROM pg_locks l
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation'";

fn done(statement: &str, database: &mut Database) -> Effects {
    let before = database.query_rows(FILES);
    database.run("BEGIN");
    database.run(statement);
    let locks = database.query_rows(LOCKS);
    let after = database.query_rows(FILES);
    database.run("ROLLBACK");
    let find = |rows: &[Vec<Option<String>>], oid: &str| {
        rows.iter()
            .find(|row| text(row, 0) == oid)
            .map(|row| (text(row, 1), text(row, 3)))
    };
    let mut effects = Effects {
        locks: strongest(&before, &locks),
        ..Effects::default()
    };
    let truncated = statement.starts_with("TRUNCATE");
    let mut rewritten = BTreeSet::new();
    for row in after.iter().filter(|row| text(row, 2) == "r" && !truncated) {
        if find(&before, &text(row, 0)).is_some_and(|(_, file)| file != text(row, 3)) {
            rewritten.insert(text(row, 0));
            effects.rewrites.insert(text(row, 1));
        }
    }
    for row in after.iter().filter(|row| text(row, 2) == "i" && !truncated) {
        // A kept file under a new oid is an index taken over.
        let kept = before.iter().any(|known| known[3] == row[3]);
        let of_old_table = find(&before, &text(row, 4)).is_some();
        if !kept && of_old_table && !rewritten.contains(&text(row, 4)) {
            effects.builds.insert(text(row, 1));
        }
    }
    effects
}

fn text(row: &[Option<String>], at: usize) -> String {
    row[at].clone().unwrap_or_default()
}

/// The strongest lock on each table that stood before.
fn strongest(
    before: &[Vec<Option<String>>],
    locks: &[Vec<Option<String>>],
) -> BTreeMap<String, String> {
    let mut strongest = BTreeMap::new();
    for row in locks {
        let mode = server_mode(&text(row, 1));
        let table = before
            .iter()
            .find(|known| known[0] == row[0] && text(known, 2) == "r");
        if let (Some(known), Some(mode)) = (table, mode) {
            let held: &mut String = strongest
                .entry(text(known, 1))
                .or_insert_with(|| mode.to_owned());
            if strength(mode) > strength(held) {
                mode.clone_into(held);
            }
        }
    }
    strongest
}

const MODES: [(&str, &str); 5] = [
    ("ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"),
    ("ShareLock", "SHARE"),
    ("ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"),
    ("ExclusiveLock", "EXCLUSIVE"),
    ("AccessExclusiveLock", "ACCESS EXCLUSIVE"),
];

fn server_mode(mode: &str) -> Option<&'static str> {
    MODES
        .iter()
        .find(|(own, _)| *own == mode)
        .map(|(_, sql)| *sql)
}

fn strength(sql: &str) -> usize {
    MODES.iter().position(|(_, own)| *own == sql).unwrap_or(0)
}
