//! The columns of a table that are other than expected.

use super::TableDifference;
use crate::schema::{Column, Expr, Identifier, Lookup, RelationName, Schema, SqlType, Supply};

/// Columns that bear another name: `(expected, actual)`. Only where one alone is missing and one alone is extra, and
/// both are the same but for their names; else nobody could tell which was which.
pub(super) fn renamed_columns(
    table: &RelationName,
    expected: &Schema,
    actual: &Schema,
) -> Vec<(Identifier, Identifier)> {
    let mut missing = expected
        .columns_of(table)
        .filter(|wanted| actual.column(table, &wanted.name).is_absent());
    let mut extra = actual
        .columns_of(table)
        .filter(|found| expected.column(table, &found.name).is_absent());
    match (missing.next(), extra.next(), missing.next(), extra.next()) {
        (Some(wanted), Some(found), None, None) if is_alike(wanted, found) => {
            vec![(wanted.name.clone(), found.name.clone())]
        }
        _ => Vec::new(),
    }
}

fn is_alike(one: &Column, other: &Column) -> bool {
    matches!(one.data_type, SqlType::Known(_))
        && one.data_type == other.data_type
        && one.nullability == other.nullability
        && one.collation == other.collation
        && same_supply(&one.supply, &other.supply)
}

pub(super) fn compare_columns(
    table: &RelationName,
    expected: &Schema,
    actual: &Schema,
) -> Vec<TableDifference> {
    let mut differences = Vec::new();
    for wanted in expected.columns_of(table) {
        match actual.column(table, &wanted.name) {
            Lookup::Found(found) => compare_column(wanted, found, &mut differences),
            Lookup::Absent => {
                differences.push(TableDifference::MissingColumn(wanted.clone()));
            }
            Lookup::Unsure(_) => {}
        }
    }
    for found in actual.columns_of(table) {
        if expected.column(table, &found.name).is_absent() {
            differences.push(TableDifference::ExtraColumn(found.clone()));
        }
    }
    differences
}

fn compare_column(expected: &Column, actual: &Column, differences: &mut Vec<TableDifference>) {
    let column = expected.name.clone();
    if let (SqlType::Known(wanted), SqlType::Known(found)) =
        (&expected.data_type, &actual.data_type)
        && wanted != found
    {
        differences.push(TableDifference::Type {
            column: column.clone(),
            expected: wanted.clone(),
            actual: found.clone(),
        });
    }
    if expected.collation != actual.collation && !has_doubtful_collation(expected, actual) {
        differences.push(TableDifference::Collation {
            column: column.clone(),
            expected: expected.collation.clone(),
            actual: actual.collation.clone(),
        });
    }
    if expected.nullability != actual.nullability {
        differences.push(TableDifference::Nullability {
            column: column.clone(),
            expected: expected.nullability,
            actual: actual.nullability,
        });
    }
    let known = !has_unknown_supply(&expected.supply) && !has_unknown_supply(&actual.supply);
    if known && !same_supply(&expected.supply, &actual.supply) {
        differences.push(TableDifference::Supply {
            column,
            expected: expected.supply.clone(),
            actual: actual.supply.clone(),
        });
    }
}

fn has_unknown_supply(supply: &Supply) -> bool {
    match supply {
        Supply::Default(expr) => is_unknown(expr),
        Supply::Generated(generated) => is_unknown(&generated.expression),
        Supply::Nothing | Supply::Identity(_) | Supply::Serial => false,
    }
}

/// Numbers from a sequence are one thing, whatever the sequence is called and however it is declared: Django
/// made serial columns before 4.1 and identity columns since, and does not convert them. Of two identities it counts
/// whether a statement may give the number itself.
fn same_supply(one: &Supply, other: &Supply) -> bool {
    let from_sequence = |supply: &Supply| match supply {
        Supply::Identity(_) | Supply::Serial => true,
        Supply::Default(expr) => expr.sequence().is_some(),
        Supply::Nothing | Supply::Generated(_) => false,
    };
    match (one, other) {
        (Supply::Identity(one), Supply::Identity(other)) => one == other,
        _ => one == other || (from_sequence(one) && from_sequence(other)),
    }
}

pub(super) fn is_unknown(expr: &Expr) -> bool {
    matches!(expr, Expr::Unknown(_))
}

/// A collation is that of its column's type: where the types differ, or are not known, it says nothing of its own. The
/// schema of a collation that is written without one is not known.
fn has_doubtful_collation(one: &Column, other: &Column) -> bool {
    let names = |column: &Column| column.collation.as_ref().map(|name| name.name.clone());
    one.data_type != other.data_type
        || matches!(one.data_type, SqlType::Unknown(_))
        || names(one) == names(other)
}
