//! Facts about comparing that need no server.

use super::*;
use crate::schema::{Change, CreateTable, IfNotExists, SqlType, Touches, Why, WrittenName};

fn schema(columns: &[(&str, &str)]) -> (Schema, RelationName) {
    let columns = columns
        .iter()
        .map(|(name, data_type)| Column {
            name: Identifier::quoted(name),
            data_type: SqlType::Known(TypeName::builtin(data_type)),
            nullability: Nullability::Nullable,
            supply: Supply::Nothing,
            collation: None,
        })
        .collect();
    let table = WrittenName::bare(Identifier::quoted("t"));
    let mut schema = Schema::empty();
    schema.apply(&Change::CreateTable(CreateTable {
        table: table.clone(),
        columns,
        constraints: Vec::new(),
        if_not_exists: IfNotExists::No,
        partition_by: None,
        partition_of: None,
    }));
    let name = schema.resolve(&table);
    (schema, name)
}

#[test]
fn one_that_is_missing_and_one_like_it_is_a_column_of_another_name() {
    let (expected, table) = schema(&[("a", "integer"), ("b", "text")]);
    let (actual, _) = schema(&[("a", "integer"), ("c", "text")]);
    assert!(matches!(
        compare(&table, &expected, &actual).as_slice(),
        [TableDifference::ColumnName { expected, actual }]
            if expected.as_str() == "b" && actual.as_str() == "c"
    ));
}

#[test]
fn columns_differ_by_presence_and_type() {
    let (expected, table) = schema(&[("a", "integer"), ("b", "text")]);
    let (actual, _) = schema(&[("a", "bigint"), ("c", "boolean")]);
    let differences = compare(&table, &expected, &actual);
    assert!(matches!(
        differences.as_slice(),
        [
            TableDifference::Type { .. },
            TableDifference::MissingColumn(_),
            TableDifference::ExtraColumn(_)
        ]
    ));
    assert!(compare(&table, &expected, &expected).is_empty());
}

#[test]
fn what_is_doubtful_is_no_difference() {
    let (expected, table) = schema(&[("a", "integer")]);
    let (mut actual, _) = schema(&[("b", "integer")]);
    actual.apply(&Change::Opaque {
        text: "".into(),
        why: Why::new("not read"),
        touches: Touches::Relations([WrittenName::from(&table)].into()),
    });
    assert!(compare(&table, &expected, &actual).is_empty());
}
