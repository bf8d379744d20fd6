//! Facts about the whole of `apply` that no law states; the laws compare it with a real server.

use super::*;
use crate::schema::{
    Column, CreateTable, Drop, DropBehavior, IfExists, IfNotExists, Nullability, SqlType, Supply,
    TypeName,
};

fn id(name: &str) -> Identifier {
    Identifier::quoted(name)
}

fn bare(name: &str) -> WrittenName {
    WrittenName::bare(id(name))
}

fn column(name: &str, supply: Supply) -> Column {
    Column {
        name: id(name),
        data_type: SqlType::Known(TypeName::builtin("integer")),
        nullability: Nullability::Nullable,
        supply,
        collation: None,
    }
}

fn create(name: &str, columns: Vec<Column>) -> Change {
    Change::CreateTable(CreateTable {
        table: bare(name),
        columns,
        constraints: Vec::new(),
        if_not_exists: IfNotExists::No,
        partition_by: None,
        partition_of: None,
    })
}

fn add(table: &str, name: &str) -> Change {
    Change::AddColumn {
        table: bare(table),
        column: column(name, Supply::Nothing),
        if_not_exists: IfNotExists::No,
    }
}

#[test]
fn a_dropped_serial_table_takes_its_sequence_along() {
    let mut schema = Schema::empty();
    schema.apply(&create("t", vec![column("id", Supply::Serial)]));
    assert!(schema.sequence(&bare("t_id_seq")).is_found());
    let outcome = schema.apply(&Change::DropTable(Drop {
        name: bare("t"),
        if_exists: IfExists::No,
        behavior: DropBehavior::Restrict,
    }));
    assert!(matches!(outcome, Outcome::Applied { .. }));
    assert_eq!(schema, Schema::empty());
}

#[test]
fn what_an_unreadable_statement_may_have_changed_is_unsure_until_it_is_said_again() {
    let mut schema = Schema::empty();
    schema.apply(&create("t", vec![column("a", Supply::Nothing)]));
    let table = schema.resolve(&bare("t"));
    schema.apply(&Change::Opaque {
        text: "ALTER TABLE t FROBNICATE".into(),
        why: Why::new("not read"),
        touches: Touches::Relations([bare("t")].into()),
    });
    assert!(matches!(schema.column(&table, &id("a")), Lookup::Unsure(_)));
    assert!(matches!(schema.column(&table, &id("b")), Lookup::Unsure(_)));
    assert!(matches!(schema.apply(&add("t", "b")), Outcome::Unsure(_)));
    assert!(schema.column(&table, &id("b")).is_found());
    assert!(matches!(schema.column(&table, &id("a")), Lookup::Unsure(_)));
    assert!(schema.table(&bare("t")).is_found());
    assert!(schema.table(&bare("other")).is_absent());
}

#[test]
fn in_an_open_schema_a_table_is_met_half_way() {
    let mut schema = Schema::open(Why::new("standard input"));
    assert!(matches!(schema.table(&bare("t")), Lookup::Unsure(_)));
    assert!(matches!(schema.apply(&add("t", "a")), Outcome::Unsure(_)));
    let table = schema.resolve(&bare("t"));
    assert!(schema.column(&table, &id("a")).is_found());
    assert!(matches!(schema.column(&table, &id("b")), Lookup::Unsure(_)));
    let twice = schema.apply(&add("t", "a"));
    assert!(
        matches!(twice, Outcome::Rejected(rejection) if rejection.state == SqlState::DuplicateColumn)
    );
    // A table that is created from here on is known whole.
    schema.apply(&create("new", vec![column("a", Supply::Nothing)]));
    let new = schema.resolve(&bare("new"));
    assert!(schema.column(&new, &id("b")).is_absent());
}

#[test]
fn after_a_rejection_nothing_has_changed() {
    let mut schema = Schema::empty();
    schema.apply(&create("t", vec![column("a", Supply::Nothing)]));
    let before = schema.clone();
    let outcome = schema.apply(&create(
        "u",
        vec![column("a", Supply::Serial), column("a", Supply::Nothing)],
    ));
    assert!(matches!(outcome, Outcome::Rejected(_)));
    assert_eq!(schema, before);
}
