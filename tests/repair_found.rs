//! Repairs on databases that are other than the file says: objects under other names, rows in the way, locks, a role
//! with few rights.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a failure here is a failure of the test"
)]

mod environment;

#[path = "repair/written.rs"]
mod written;

use environment::{Database, PostgresVersion, Server};
use hhschema::postgres::Version;
use hhschema::repair::{
    Options, Plan, Probe, Repair, Step, Timeouts, plan, set_not_null, to_rollback_sql, to_sql,
};
use hhschema::schema::{Identifier, RelationName};
use hhschema::sql;
use written::{run, schema_of};

const VERSIONS: [(PostgresVersion, Version); 2] = [
    (PostgresVersion::V13, Version::V13),
    (PostgresVersion::V18, Version::V18),
];

fn planned(known: &str, steps: Vec<Step>, version: Version) -> Plan {
    let repair = Repair::new("mend", "Mend it", steps);
    let options = Options {
        version,
        ..Options::default()
    };
    plan(&[&repair], &schema_of(known), &options).unwrap_or_else(|error| panic!("{error}"))
}

fn table(name: &str) -> RelationName {
    RelationName::new(Identifier::quoted("public"), Identifier::quoted(name))
}

/// What the schema knows, what the server has, the steps, a query, and what it tells after the script ran twice.
struct Found {
    known: &'static str,
    server: &'static str,
    steps: &'static str,
    query: &'static str,
    after: &'static [&'static str],
}

const INDEXES: &str = "SELECT indexname || ' ' || regexp_replace(indexdef, '.*USING ', '') FROM pg_indexes WHERE tablename = 't' AND indexname <> 't_pkey' ORDER BY 1";
const CONSTRAINTS: &str = "SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 't'::regclass AND contype NOT IN ('p', 'n') ORDER BY 1";

const FOUND: &[Found] = &[
    // An index to be renamed bears a third name here.
    Found {
        known: "CREATE TABLE t (id integer PRIMARY KEY, a integer, b text); CREATE INDEX of_file ON t (a DESC, b); CREATE INDEX upper_of_file ON t (upper(b)) WHERE a > 1;",
        server: "CREATE TABLE t (id integer PRIMARY KEY, a integer, b text); CREATE INDEX by_hand ON t (a DESC, b); CREATE INDEX lookalike ON t (a, b);
            CREATE INDEX upper_by_hand ON t (upper(b)) WHERE a > 1; CREATE INDEX upper_lookalike ON t (upper(b)) WHERE a > 2;",
        steps: "ALTER INDEX of_file RENAME TO right_name; ALTER INDEX upper_of_file RENAME TO right_upper;",
        query: INDEXES,
        after: &[
            "lookalike btree (a, b)",
            "right_name btree (a DESC, b)",
            "right_upper btree (upper(b)) WHERE (a > 1)",
            "upper_lookalike btree (upper(b)) WHERE (a > 2)",
        ],
    },
    // What is to be added is there under other names, and was never validated.
    Found {
        known: "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);",
        server: "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
            ALTER TABLE t ADD CONSTRAINT fk_by_hand FOREIGN KEY (a) REFERENCES p NOT VALID;
            ALTER TABLE t ADD CONSTRAINT check_by_hand CHECK (b = ANY (ARRAY['x', 'y']::text[])) NOT VALID;
            ALTER TABLE t ADD CONSTRAINT unique_by_hand UNIQUE (b, a);",
        steps: "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT fk;
            ALTER TABLE t ADD CONSTRAINT k CHECK (b IN ('x', 'y')); ALTER TABLE t ADD CONSTRAINT u UNIQUE (b, a);
            ALTER TABLE t ADD CONSTRAINT other UNIQUE (a, b);",
        query: CONSTRAINTS,
        after: &[
            "check_by_hand CHECK ((b = ANY (ARRAY['x'::text, 'y'::text])))",
            "fk_by_hand FOREIGN KEY (a) REFERENCES p(id)",
            "other UNIQUE (a, b)",
            "unique_by_hand UNIQUE (b, a)",
        ],
    },
    // What bears the name of what is to be dropped is another constraint, another index.
    Found {
        known: "CREATE TABLE t (id integer PRIMARY KEY, a integer, b text, CONSTRAINT k CHECK (a > 0), CONSTRAINT u UNIQUE (a)); CREATE INDEX i ON t (a); CREATE INDEX e ON t (upper(b));",
        server: "CREATE TABLE t (id integer PRIMARY KEY, a integer, b text, CONSTRAINT k CHECK (a > 1), CONSTRAINT u UNIQUE (b)); CREATE INDEX i ON t (b); CREATE INDEX e ON t (lower(b));",
        steps: "ALTER TABLE t DROP CONSTRAINT k; ALTER TABLE t DROP CONSTRAINT u; DROP INDEX CONCURRENTLY i; DROP INDEX CONCURRENTLY e;",
        query: "SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass AND contype IN ('c', 'u') UNION ALL SELECT indexname FROM pg_indexes WHERE tablename = 't' AND indexname IN ('i', 'e') ORDER BY 1",
        after: &["e", "i", "k", "u"],
    },
    // An INVALID index is in the way of one with the same name, in a schema of its own.
    Found {
        known: "CREATE SCHEMA s; CREATE TABLE s.t (id integer PRIMARY KEY, a integer);",
        server: "CREATE SCHEMA s; CREATE TABLE s.t (id integer PRIMARY KEY, a integer); CREATE INDEX i ON s.t (a); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 's.i'::regclass;",
        steps: "CREATE INDEX CONCURRENTLY i ON s.t (a)",
        query: "SELECT i.indexrelid::regclass || ' ' || i.indisvalid FROM pg_index i WHERE i.indrelid = 's.t'::regclass ORDER BY 1",
        after: &["s.i true", "s.t_pkey true"],
    },
    // The numbers of an identity go on after those that are there.
    Found {
        known: "CREATE TABLE t (id integer PRIMARY KEY);",
        server: "CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (41);",
        steps: "ALTER TABLE t ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY",
        query: "WITH new AS (INSERT INTO t DEFAULT VALUES RETURNING id) SELECT id::text FROM new",
        after: &["42"],
    },
];

#[test]
fn objects_are_found_by_their_structure() {
    if environment::left_out("objects_are_found_by_their_structure") {
        return;
    }
    for (server, version) in VERSIONS {
        for found in FOUND {
            let plan = planned(found.known, run(found.steps), version);
            let mut database = Server::shared(server).database();
            database.run(found.server);
            let script = to_sql(&plan);
            for _ in 0..2 {
                let told = database.psql(&script);
                assert!(told.is_ok(), "{}\n{script}", told.unwrap_err());
            }
            assert_eq!(
                database.query_column(found.query),
                found.after,
                "on {version}\n{script}"
            );
        }
    }
}

fn probing(version: Version) -> Plan {
    let mut steps = vec![Step::Probe(Probe {
        table: table("t"),
        violators: "status NOT IN ('a', 'b') -- as in the model".to_owned(),
        shown: vec![Identifier::quoted("status")],
        what: "`status` holds a value that is in no choice (100%)".to_owned(),
    })];
    steps.extend(run("ALTER TABLE t ADD CONSTRAINT k CHECK (status IN ('a', 'b')) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT k"));
    planned(
        "CREATE TABLE t (id integer PRIMARY KEY, status text);",
        steps,
        version,
    )
}

#[test]
fn a_probe_stops_the_script_before_harm_and_says_which_rows_are_in_the_way() {
    if environment::left_out("a_probe_stops_the_script_before_harm") {
        return;
    }
    for (server, version) in VERSIONS {
        let plan = probing(version);
        let mut database = Server::shared(server).database();
        database.run("CREATE TABLE t (id integer PRIMARY KEY, status text); INSERT INTO t SELECT n, CASE WHEN n < 3 THEN 'old' WHEN n < 4 THEN 'x%s' ELSE 'a' END FROM generate_series(1, 9) n");
        let told = database.psql(&to_sql(&plan)).unwrap_err();
        let wanted = "3 of the rows of t are in the way: `status` holds a value that is in no choice (100%): old (2), x%s (1)";
        assert!(told.contains(wanted), "{told}");
        assert!(
            database
                .query_column("SELECT conname FROM pg_constraint WHERE conname = 'k'")
                .is_empty()
        );
        database.run("UPDATE t SET status = 'b' WHERE status <> 'a'");
        database.psql(&to_sql(&plan)).unwrap();
        assert_eq!(
            database
                .query_column("SELECT convalidated::text FROM pg_constraint WHERE conname = 'k'"),
            ["true"]
        );
    }
}

#[test]
fn a_lock_that_is_not_given_in_time_stops_the_script_and_nothing_is_half_done() {
    if environment::left_out("a_lock_that_is_not_given_in_time_stops_the_script") {
        return;
    }
    let repair = Repair::new(
        "mend",
        "Mend it",
        run(
            "ALTER TABLE t ALTER COLUMN a SET DEFAULT 1; ALTER TABLE u ALTER COLUMN a SET DEFAULT 1",
        ),
    );
    let given = "CREATE TABLE t (a integer); CREATE TABLE u (a integer);";
    let options = Options {
        timeouts: Timeouts {
            lock: std::time::Duration::from_millis(200),
            ..Timeouts::default()
        },
        ..Options::default()
    };
    let plan = plan(&[&repair], &schema_of(given), &options).unwrap();
    let server = Server::shared(PostgresVersion::V15);
    let mut database = server.database();
    database.run(given);
    let mut reader = Database::connect(database.socket(), database.name());
    reader.run("BEGIN; SELECT * FROM u");
    let told = database.psql(&to_sql(&plan)).unwrap_err();
    assert!(told.contains("lock timeout"), "{told}");
    let defaults = "SELECT attrelid::regclass::text FROM pg_attribute WHERE attname = 'a' AND atthasdef ORDER BY 1";
    assert_eq!(database.query_column(defaults), ["t"]);
    reader.run("COMMIT");
    database.psql(&to_sql(&plan)).unwrap();
    assert_eq!(database.query_column(defaults), ["t", "u"]);
    database.psql(&to_rollback_sql(&plan)).unwrap();
    assert!(database.query_column(defaults).is_empty());
}

#[test]
fn the_proof_spares_the_scan_of_set_not_null() {
    if environment::left_out("the_proof_spares_the_scan_of_set_not_null") {
        return;
    }
    for (server, version) in VERSIONS {
        let given = "CREATE TABLE t (id integer PRIMARY KEY, a integer);";
        let plan = planned(
            given,
            set_not_null(&table("t"), &Identifier::quoted("a")),
            version,
        );
        let database = Server::shared(server).database();
        database.psql(given).unwrap();
        database
            .psql("INSERT INTO t SELECT n, n FROM generate_series(1, 100) n")
            .unwrap();
        let script = to_sql(&plan).replace(
            "SET client_encoding",
            "SET client_min_messages = debug1;\nSET client_encoding",
        );
        let told = database.psql(&script).unwrap();
        let proven = "existing constraints on column \"t.a\" are sufficient to prove that it does not contain nulls";
        assert!(told.contains(proven), "{told}");
    }
}

#[test]
fn a_build_that_failed_is_done_again() {
    if environment::left_out("a_build_that_failed_is_done_again") {
        return;
    }
    let given = "CREATE TABLE t (id integer PRIMARY KEY, a integer);";
    let steps = run(
        "CREATE UNIQUE INDEX CONCURRENTLY u ON t (a); ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u",
    );
    for (server, version) in VERSIONS {
        let script = to_sql(&planned(given, steps.clone(), version));
        let mut database = Server::shared(server).database();
        database.run(given);
        database.run("INSERT INTO t VALUES (1, 7), (2, 7)");
        let state = "SELECT relname || ' ' || indisvalid || ' ' || EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
            FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = 't'::regclass AND NOT indisprimary";
        for _ in 0..2 {
            let told = database.psql(&script).unwrap_err();
            assert!(told.contains("could not create unique index"), "{told}");
            assert_eq!(database.query_column(state), ["u false false"]);
        }
        database.run("UPDATE t SET a = 8 WHERE id = 2");
        for _ in 0..2 {
            database.psql(&script).unwrap();
            assert_eq!(database.query_column(state), ["u true true"]);
        }
    }
}

#[test]
fn a_role_that_may_make_no_temporary_tables_goes_by_names() {
    if environment::left_out("a_role_that_may_make_no_temporary_tables_goes_by_names") {
        return;
    }
    let given = "CREATE TABLE t (id integer PRIMARY KEY, a integer, CONSTRAINT old CHECK (a > 0));";
    let plan = planned(
        given,
        run("ALTER TABLE t DROP CONSTRAINT old; ALTER TABLE t ADD CONSTRAINT k CHECK (a > 1)"),
        Version::V15,
    );
    let mut database = Server::shared(PostgresVersion::V15).database();
    let name = database.name().to_owned();
    database.run(given);
    database.run(&format!(
        "CREATE ROLE plain; REVOKE TEMPORARY ON DATABASE \"{name}\" FROM PUBLIC; ALTER TABLE t OWNER TO plain; GRANT ALL ON SCHEMA public TO plain"
    ));
    let script = to_sql(&plan).replace(
        "SET client_encoding",
        "SET ROLE plain;\nSET client_encoding",
    );
    for _ in 0..2 {
        database.psql(&script).unwrap();
    }
    assert_eq!(
        database.query_column(
            "SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'c'"
        ),
        ["k"]
    );
}

#[test]
fn a_fill_ends_and_leaves_rows_whose_value_is_null() {
    if environment::left_out("a_fill_ends_and_leaves_rows_whose_value_is_null") {
        return;
    }
    let given = "CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);";
    let steps = vec![Step::Fill {
        table: table("t"),
        column: Identifier::quoted("a"),
        value: sql::expression("b + 1"),
    }];
    let plan = planned(given, steps, Version::V15);
    let mut database = Server::shared(PostgresVersion::V15).database();
    database.run(given);
    database.run("INSERT INTO t SELECT n, NULL, nullif(n % 2, 0) FROM generate_series(1, 30001) n");
    database.psql(&to_sql(&plan)).unwrap();
    let counts = "SELECT count(a) || ' ' || count(*) FILTER (WHERE a IS NULL) FROM t";
    assert_eq!(database.query_column(counts), ["15001 15000"]);
    let kept = to_rollback_sql(&plan);
    assert!(
        kept.contains("The rows of t keep the values that a was given where it was NULL."),
        "{kept}"
    );
}
