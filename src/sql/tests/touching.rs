//! What is not understood, and what it may have touched.

use std::collections::BTreeSet;

use super::*;

fn touches(text: &str) -> Touches {
    let found = changes(text).into_iter().find_map(|change| match change {
        Change::Opaque { touches, .. } => Some(touches),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("understood: {text}"))
}

fn relations(names: &[&str]) -> Touches {
    let names = names
        .iter()
        .map(|name| WrittenName::bare(Identifier::quoted(name)));
    Touches::Relations(names.collect::<BTreeSet<_>>())
}

/// What is there stays; something is added.
fn grows(name: &str) -> Touches {
    Touches::Grows([WrittenName::bare(Identifier::quoted(name))].into())
}

#[test]
fn what_has_no_place_in_the_schema_has_no_effect() {
    for text in [
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $$ BEGIN DROP TABLE x; END $$ LANGUAGE plpgsql",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END",
        "DROP FUNCTION f(integer)",
        "CREATE POLICY p ON x USING (true)",
        "ALTER ROLE me SET search_path = x",
    ] {
        let found = changes(text);
        assert!(
            matches!(found.as_slice(), [Change::NoEffect { .. }]),
            "{text}: {found:?}"
        );
    }
    assert_eq!(touches(r"\set ON_ERROR_STOP on"), Touches::Nothing);
}

#[test]
fn what_the_schema_does_not_model_of_a_constraint_leaves_the_rest_of_the_table_known() {
    let found = changes("CREATE TABLE x (a int, b text, FOREIGN KEY (a) REFERENCES y MATCH FULL)");
    let [Change::CreateTable(created), Change::Opaque { touches, .. }] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(created.columns.len(), 2);
    let tables = ["x", "y"].map(|name| WrittenName::bare(Identifier::quoted(name)));
    assert_eq!(*touches, Touches::Grows(tables.into()));
}

#[test]
fn an_attribute_of_enforcement_is_none_of_deferral() {
    assert_eq!(
        touches("ALTER TABLE x ALTER CONSTRAINT c NOT ENFORCED"),
        relations(&["x"])
    );
    let inherits = changes("ALTER TABLE x ALTER CONSTRAINT c NO INHERIT");
    assert!(
        matches!(inherits.as_slice(), [Change::NoEffect { .. }]),
        "{inherits:?}"
    );
}

#[test]
fn a_type_that_is_no_enum_is_there_when_it_is_dropped() {
    for made in [
        "CREATE TYPE t AS (a int)",
        "CREATE DOMAIN t AS text",
        "CREATE TYPE t",
    ] {
        let mut schema = Schema::empty();
        for change in changes(&format!("{made}; DROP TYPE t")) {
            let outcome = schema.apply(&change);
            assert!(
                !matches!(outcome, Outcome::Rejected(_)),
                "{made}: {outcome:?}"
            );
        }
    }
}

#[test]
fn an_unread_trigger_may_fill_the_rows_of_its_table() {
    assert_eq!(touches("CREATE TRIGGER ON x"), relations(&["x"]));
    assert_eq!(
        touches("CREATE TRIGGER 7 BEFORE INSERT ON x FOR EACH ROW EXECUTE FUNCTION f()"),
        relations(&["x"])
    );
}

#[test]
fn an_unread_statement_on_a_table_touches_that_table() {
    assert_eq!(touches("ALTER TABLE x FROBNICATE y"), relations(&["x"]));
    assert_eq!(
        touches("ALTER TABLE IF EXISTS x ADD COLUMN y FROBNICATE 1"),
        grows("x")
    );
    assert_eq!(
        touches("ALTER TABLE x ATTACH PARTITION y FOR VALUES IN (1)"),
        relations(&["x", "y"])
    );
    assert_eq!(touches("CREATE TABLE x AS SELECT 1"), relations(&["x"]));
    assert_eq!(touches("CREATE TEMP TABLE x (a int)"), relations(&["x"]));
    assert_eq!(
        touches("CREATE TABLE x (LIKE y INCLUDING ALL)"),
        relations(&["x"])
    );
    assert_eq!(touches("CREATE INDEX i ON ONLY x (a)"), grows("x"));
    // A primary key makes its columns NOT NULL; of several actions one may be a DROP.
    for text in [
        "ALTER TABLE x ADD PRIMARY KEY (a) FROBNICATE",
        "ALTER TABLE x ADD COLUMN y FROBNICATE 1, DROP COLUMN z",
    ] {
        assert_eq!(touches(text), relations(&["x"]), "{text}");
    }
    assert_eq!(touches("DROP FOREIGN TABLE x"), relations(&["x"]));
    assert_eq!(touches("SELECT a INTO TEMP x FROM y"), relations(&["x"]));
    assert_eq!(touches("ALTER VIEW x RENAME TO y"), relations(&["x", "y"]));
}

#[test]
fn what_nobody_knows_may_touch_anything() {
    for text in [
        "FROBNICATE x",
        "DROP FUNCTION f() CASCADE",
        "DROP OWNED BY me",
        "'",
        r"\i more.sql",
    ] {
        assert_eq!(touches(text), Touches::Anything, "{text}");
    }
}

#[test]
fn a_do_block_touches_what_its_statements_name() {
    assert_eq!(
        touches(
            "DO $$ BEGIN ALTER TABLE x ADD COLUMN y int; EXCEPTION WHEN duplicate_column THEN NULL; END $$"
        ),
        relations(&["x"])
    );
    assert_eq!(
        touches(
            "DO $do$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_class) THEN CREATE INDEX i ON x (y); \
             UPDATE z SET a = 1; END IF; END $do$ LANGUAGE plpgsql"
        ),
        relations(&["x"])
    );
    assert_eq!(
        touches("DO $$ BEGIN UPDATE x SET y = 1; END $$"),
        Touches::Nothing
    );
    assert_eq!(
        touches("DO $$ DECLARE a int; b text; BEGIN a := 1; EXECUTE 'DROP TABLE x'; END $$"),
        relations(&["x"])
    );
    assert_eq!(
        touches("DO $$ BEGIN EXECUTE 'DROP TABLE ' || x; END $$"),
        Touches::Anything
    );
    assert_eq!(
        touches(
            "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE r.x; END LOOP; END $$"
        ),
        Touches::Anything
    );
    assert_eq!(
        touches(
            "DO $$ <<outside>> DECLARE a int; BEGIN FOR a IN 1..3 LOOP a := a + 1; ALTER TABLE x ADD b int; END LOOP; \
             SELECT count(*) INTO a FROM y; CREATE TYPE z AS ENUM ('k'); EXCEPTION WHEN OTHERS THEN NULL; END $$"
        ),
        relations(&["x", "z"])
    );
    assert_eq!(
        touches("DO $$ BEGIN DROP TABLE x CASCADE; END $$"),
        Touches::Anything
    );
}

#[test]
fn holes_in_names_touch_the_relations_that_are_known() {
    assert_eq!(
        touches("ALTER TABLE x DROP COLUMN \"\u{FFFC}3\""),
        relations(&["x"])
    );
    assert_eq!(touches("CREATE INDEX \"\u{FFFC}0\" ON x (a)"), grows("x"));
    assert_eq!(
        touches("ALTER TABLE \"\u{FFFC}0\" DROP COLUMN a"),
        Touches::Anything
    );
    assert_eq!(
        touches("CREATE TABLE \"\u{FFFC}0\" (a int)"),
        Touches::Anything
    );
}

#[test]
fn what_follows_a_broken_or_foreign_piece_is_still_read() {
    let script = "CREATE TABLE a (x int);\n\\echo it's\nCOPY a (x) FROM stdin;\n1\tdon't\n\\.\nDROP TABLE a;\nALTER x;\nDROP TABLE b; 'open";
    let verbs: Vec<String> = read(script, &map())
        .iter()
        .map(|statement| statement.text.chars().take(10).collect())
        .collect();
    assert_eq!(
        verbs,
        [
            "CREATE TAB",
            "\\echo it's",
            "COPY a (x)",
            "DROP TABLE",
            "ALTER x",
            "DROP TABLE",
            "'open"
        ]
    );
}

fn texts(script: &str) -> Vec<String> {
    let statements = read(script, &map());
    statements
        .iter()
        .map(|statement| statement.text.to_string())
        .collect()
}

#[test]
fn a_quote_that_does_not_end_loses_its_own_statement_only() {
    let script = "CREATE TABLE a (x int);\nINSERT INTO a VALUES ('open);\nCREATE TABLE b (x text DEFAULT 'k');\n\
                  DROP TABLE c;\n";
    assert_eq!(
        texts(script),
        [
            "CREATE TABLE a (x int)",
            "INSERT INTO a VALUES ('open);",
            "CREATE TABLE b (x text DEFAULT 'k')",
            "DROP TABLE c"
        ]
    );
    assert_eq!(touches(script), Touches::Anything);
    // What stands in a body that does not end is no statement.
    let body = "DROP TABLE a;\nDO $$ BEGIN\nDROP TABLE b;\nDROP TABLE c;\n";
    assert_eq!(texts(body).len(), 2);
}

#[test]
fn a_command_of_psql_at_the_end_of_a_line_ends_the_statement() {
    let script = "SELECT 1 AS x \\gset y;\nCREATE TABLE a (x int) \\g\nDROP TABLE b;";
    assert_eq!(
        texts(script),
        [
            "SELECT 1 AS x",
            "\\gset y;",
            "CREATE TABLE a (x int)",
            "\\g",
            "DROP TABLE b"
        ]
    );
}

#[test]
fn a_byte_order_mark_and_the_ends_of_windows_lines_are_no_part_of_a_statement() {
    let script = "\u{FEFF}CREATE TABLE a (x int);\r\n\r\nDROP TABLE b;\r\n";
    assert_eq!(texts(script), ["CREATE TABLE a (x int)", "DROP TABLE b"]);
}

#[test]
fn a_template_hides_what_it_decides_and_no_neighbour() {
    let script = "CREATE TABLE a (x int);\n{% if x %}\nDROP TABLE b;\n{% endif %}\n\
                  ALTER TABLE {{ c }} ADD y int;\nDROP TABLE d;";
    assert_eq!(
        texts(script),
        [
            "CREATE TABLE a (x int)",
            "{% if x %}",
            "DROP TABLE b",
            "{% endif %}",
            "ALTER TABLE {{ c }} ADD y int",
            "DROP TABLE d"
        ]
    );
    assert_eq!(touches(script), Touches::Anything);
}
