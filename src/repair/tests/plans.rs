use super::{changes, repair, schema};
use crate::repair::{
    Options, PlanError, Repair, Step, Timeouts, UnitKind, plan, set_not_null, to_rollback_sql,
    to_sql,
};
use crate::schema::{Identifier, RelationName};

const GIVEN: &str = "
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE child (id integer PRIMARY KEY, parent_id integer, a integer DEFAULT 3, b text);";

fn units(repairs: &[Repair]) -> Vec<(UnitKind, String, Vec<String>)> {
    let repairs: Vec<&Repair> = repairs.iter().collect();
    let plan = plan(&repairs, &schema(GIVEN), &Options::default()).unwrap();
    plan.units
        .iter()
        .map(|unit| {
            let relation = unit.relation.as_ref().map(ToString::to_string);
            let statements = unit.statements().into_iter().map(|statement| statement.sql);
            (
                unit.kind,
                relation.unwrap_or_default(),
                statements.collect(),
            )
        })
        .collect()
}

#[test]
fn defaults_of_one_table_are_one_statement_whichever_repairs_they_come_from() {
    let units = units(&[
        repair(
            "one",
            "ALTER TABLE child ALTER a SET DEFAULT 1; ALTER TABLE parent ALTER id SET DEFAULT 0",
        ),
        repair(
            "two",
            "ALTER TABLE child ALTER b SET DEFAULT ''; ALTER TABLE child ALTER a SET DEFAULT 1",
        ),
    ]);
    let child = "ALTER TABLE \"public\".\"child\"\n  ALTER COLUMN \"a\" SET DEFAULT 1,\n  ALTER COLUMN \"b\" SET DEFAULT ''";
    let parent = "ALTER TABLE \"public\".\"parent\" ALTER COLUMN \"id\" SET DEFAULT 0";
    assert_eq!(
        units,
        [
            (
                UnitKind::Transaction,
                "child".to_owned(),
                vec![child.to_owned()]
            ),
            (
                UnitKind::Transaction,
                "parent".to_owned(),
                vec![parent.to_owned()]
            ),
        ]
    );
}

#[test]
fn not_null_is_never_set_in_one_statement_with_the_drop_of_its_proof() {
    let child = RelationName::new(Identifier::quoted("public"), Identifier::quoted("child"));
    let steps = set_not_null(&child, &Identifier::quoted("a"));
    let units = units(&[Repair::new("not-null", "Require a", steps)]);
    let kinds: Vec<UnitKind> = units.iter().map(|(kind, _, _)| *kind).collect();
    assert_eq!(
        kinds,
        [
            UnitKind::Probe,
            UnitKind::Transaction,
            UnitKind::Validation,
            UnitKind::Transaction
        ]
    );
    assert_eq!(
        units[3].2,
        [
            "ALTER TABLE \"public\".\"child\" ALTER COLUMN \"a\" SET NOT NULL",
            "ALTER TABLE \"public\".\"child\" DROP CONSTRAINT IF EXISTS \"hhschema_a_not_null\"",
        ]
    );
}

#[test]
fn a_step_waits_for_what_another_repair_makes() {
    let units = units(&[
        repair("index", "CREATE INDEX i ON child (new)"),
        repair("column", "ALTER TABLE child ADD COLUMN new integer"),
    ]);
    let statements: Vec<&String> = units.iter().flat_map(|unit| &unit.2).collect();
    assert_eq!(units.len(), 1);
    assert!(statements[0].contains("ADD COLUMN IF NOT EXISTS \"new\""));
    assert!(statements[2].starts_with("CREATE INDEX IF NOT EXISTS \"i\""));
}

fn error(repairs: &[Repair]) -> PlanError {
    let repairs: Vec<&Repair> = repairs.iter().collect();
    plan(&repairs, &schema(GIVEN), &Options::default()).unwrap_err()
}

#[test]
fn a_step_that_would_be_refused_is_named() {
    let told = error(&[repair(
        "two",
        "ALTER TABLE child ALTER a SET DEFAULT 1; ALTER TABLE child DROP COLUMN nothing",
    )]);
    assert_eq!(
        told.to_string(),
        "step 2 of \"Do two\" (drop the column child.nothing) would be refused with 42703 undefined_column: child.nothing; choose another repair for it, or leave it out"
    );
    // IF EXISTS hides no mistake of a repair.
    let hidden = error(&[repair(
        "one",
        "ALTER TABLE child DROP COLUMN IF EXISTS nothing",
    )]);
    assert!(matches!(hidden, PlanError::Rejected { step: 1, .. }));
}

#[test]
fn repairs_that_disagree_about_a_column_are_refused() {
    let told = error(&[
        repair("one", "ALTER TABLE child ALTER a SET DEFAULT 1"),
        repair("two", "ALTER TABLE child ALTER a SET DEFAULT 2"),
    ]);
    assert_eq!(
        told.to_string(),
        "\"Do one\" and \"Do two\" disagree about child.a; choose one of them"
    );
}

#[test]
fn what_cannot_run_twice_is_refused() {
    let told = error(&[repair("rows", "DELETE FROM child")]);
    assert!(matches!(told, PlanError::Guard { step: 1, .. }), "{told}");
}

#[test]
fn a_title_cannot_end_its_comment() {
    let mut repair = repair("x", "ALTER TABLE child ALTER a SET DEFAULT 1");
    repair.title = "a\nDROP TABLE child;\r\u{2028}b".to_owned();
    repair.warnings = vec!["one\ntwo".to_owned()];
    let plan = plan(&[&repair], &schema(GIVEN), &Options::default()).unwrap();
    for script in [to_sql(&plan), to_rollback_sql(&plan)] {
        assert!(
            !script.contains("\nDROP TABLE") && !script.contains("\ntwo"),
            "{script}"
        );
    }
}

#[test]
fn a_rollback_names_the_default_that_it_brings_back() {
    let repair = repair("x", "ALTER TABLE child ALTER a SET DEFAULT 1");
    let plan = plan(&[&repair], &schema(GIVEN), &Options::default()).unwrap();
    let script = to_rollback_sql(&plan);
    assert!(
        script.contains("--     set the default of child.a to 3\n"),
        "{script}"
    );
    assert!(
        script.contains("ALTER COLUMN \"a\" SET DEFAULT 3;"),
        "{script}"
    );
}

#[test]
fn short_changes_are_bounded_and_long_ones_are_not() {
    let timeouts = Timeouts::default();
    let settings = |text: &str| {
        let repair = repair("x", text);
        let plan = plan(&[&repair], &schema(GIVEN), &Options::default()).unwrap();
        plan.units[0].script(timeouts)
    };
    let short = settings("ALTER TABLE child ALTER a SET DEFAULT 1");
    assert_eq!(
        short[..3],
        [
            "BEGIN",
            "SET LOCAL lock_timeout = '5s'",
            "SET LOCAL statement_timeout = '30s'"
        ]
    );
    let rewriting = settings("ALTER TABLE child ALTER a TYPE bigint");
    assert_eq!(rewriting[2], "SET LOCAL statement_timeout = 0");
    let outside = settings("CREATE INDEX CONCURRENTLY i ON child (a)");
    assert_eq!(outside[0], "SET lock_timeout = 0");
    assert_eq!(outside.last().unwrap(), "RESET statement_timeout");
    assert!(!outside.iter().any(|sql| sql == "BEGIN"));
}

#[test]
fn edits_go_beside_the_units() {
    let file = crate::source::SourceFile::new("models.py", "x = 1\n");
    let place = crate::source::Origin::new(&file, crate::source::Span::new(0, 1));
    let edit = Step::Edit {
        place: place.clone(),
        text: "y".to_owned(),
    };
    let repair = Repair::new("edit", "Edit", vec![edit.clone(), edit]);
    let plan = plan(&[&repair], &schema(GIVEN), &Options::default()).unwrap();
    assert!(plan.units.is_empty());
    assert_eq!(plan.edits, [(place, "y".to_owned())]);
    assert!(changes("SELECT 1").len() == 1);
}
