//! What sets two tables apart that should be one: what is expected, and what is there.
//!
//! Objects match by structure; a name counts only where a person gave it on both sides. What is not certain, or
//! not known whole, is never a difference. What follows from another difference is none of its own: an index goes with
//! the column that is missing.

mod columns;
mod objects;

use std::sync::Arc;

use self::columns::{compare_columns, renamed_columns};
use self::objects::{Matching, Whole, match_unique_indexes, own_constraints, own_indexes};
use super::{
    Change, Column, Constraint, ConstraintKind, Deferral, Identifier, Index, Nullability,
    RelationName, Schema, Supply, Trigger, TypeName, WrittenName,
};

/// One way in which a table is other than expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableDifference {
    /// Expected, and certainly not there.
    MissingColumn(Column),
    /// There, and certainly not expected.
    ExtraColumn(Column),
    /// The only one that is missing and the only one that is there beside the expected ones, alike but for the name.
    ColumnName {
        expected: Identifier,
        actual: Identifier,
    },
    Type {
        column: Identifier,
        expected: TypeName,
        actual: TypeName,
    },
    /// `None` is the default collation of the type.
    Collation {
        column: Identifier,
        expected: Option<WrittenName>,
        actual: Option<WrittenName>,
    },
    Nullability {
        column: Identifier,
        expected: Nullability,
        actual: Nullability,
    },
    /// Default, identity or generation.
    Supply {
        column: Identifier,
        expected: Supply,
        actual: Supply,
    },
    MissingIndex(Identifier, Arc<Index>),
    ExtraIndex(Identifier, Arc<Index>),
    /// One given name, two structures.
    Index {
        name: Identifier,
        expected: Arc<Index>,
        actual: Arc<Index>,
    },
    /// One structure, two given names.
    IndexName {
        expected: Identifier,
        actual: Identifier,
    },
    /// As expected, but INVALID: kept up to date and never used.
    InvalidIndex(Identifier, Arc<Index>),
    MissingConstraint(Identifier, Constraint),
    ExtraConstraint(Identifier, Constraint),
    /// One given name, two structures: a CHECK with another condition.
    Constraint {
        name: Identifier,
        expected: Constraint,
        actual: Constraint,
    },
    /// One structure, two given names.
    ConstraintName {
        expected: Identifier,
        actual: Identifier,
    },
    /// As expected, but rows that stood before were never looked at; under the name that it has.
    NotValidated(Identifier, Constraint),
    /// As expected, but checked at another time; under the name that it has.
    Deferral {
        name: Identifier,
        expected: Deferral,
        actual: Deferral,
    },
    MissingTrigger(Identifier, Trigger),
    ExtraTrigger(Identifier, Trigger),
}

/// The differences of the table of this name in two schemas: columns first in the order of the expected table,
/// then indexes, constraints and triggers, each in order of name. None where either has no such table for certain.
pub fn compare(table: &RelationName, expected: &Schema, actual: &Schema) -> Vec<TableDifference> {
    let both = expected.table_named(table).is_found() && actual.table_named(table).is_found();
    if !both {
        return Vec::new();
    }
    let renamed = renamed_columns(table, expected, actual);
    let mut differences: Vec<TableDifference> = renamed
        .iter()
        .map(|(expected, actual)| TableDifference::ColumnName {
            expected: expected.clone(),
            actual: actual.clone(),
        })
        .collect();
    let actual = &under_expected_names(table, actual, renamed);
    let columns = compare_columns(table, expected, actual);
    let mut objects = compare_objects(table, expected, actual);
    objects.retain(|difference| !follows(difference, &columns, actual));
    differences.extend(columns);
    differences.extend(objects);
    differences.extend(compare_triggers(table, expected, actual));
    differences
}

/// The schema with columns renamed to what is expected, so that what depends on them compares.
fn under_expected_names(
    table: &RelationName,
    actual: &Schema,
    renamed: Vec<(Identifier, Identifier)>,
) -> Schema {
    let mut actual = actual.clone();
    for (expected, found) in renamed {
        actual.apply(&Change::RenameColumn {
            table: WrittenName::from(table),
            column: found,
            to: expected,
        });
    }
    actual
}

fn compare_objects(
    table: &RelationName,
    expected: &Schema,
    actual: &Schema,
) -> Vec<TableDifference> {
    let mut indexes =
        Matching::of_indexes(own_indexes(table, expected), own_indexes(table, actual));
    let mut constraints = Matching::of_constraints(
        own_constraints(table, expected),
        own_constraints(table, actual),
    );
    match_unique_indexes(&mut indexes, &mut constraints);
    let whole = Whole {
        expected: expected.is_whole(table),
        actual: actual.is_whole(table),
    };
    let mut differences = indexes.differences(whole);
    differences.extend(constraints.differences(whole));
    differences
}

/// Whether a difference is but what another one brings along: the index of a missing column, the key to a missing table.
fn follows(difference: &TableDifference, columns: &[TableDifference], actual: &Schema) -> bool {
    let (parts, references) = match difference {
        TableDifference::MissingIndex(_, index) | TableDifference::ExtraIndex(_, index) => {
            (index.definition.columns().collect(), None)
        }
        TableDifference::MissingConstraint(_, constraint)
        | TableDifference::ExtraConstraint(_, constraint) => {
            let references = match &constraint.kind {
                ConstraintKind::ForeignKey(key) => Some(&key.references),
                ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Check(_)
                | ConstraintKind::Exclusion(_) => None,
            };
            (constraint.kind.columns(), references)
        }
        _ => return false,
    };
    let is_gone = |name: &Identifier| {
        columns.iter().any(|other| match other {
            TableDifference::MissingColumn(column) | TableDifference::ExtraColumn(column) => {
                column.name == *name
            }
            _ => false,
        })
    };
    parts.into_iter().any(is_gone)
        || references.is_some_and(|table| actual.table_named(table).is_absent())
}

/// Triggers by their names: the texts of their definitions are the server's own on one side.
fn compare_triggers(
    table: &RelationName,
    expected: &Schema,
    actual: &Schema,
) -> Vec<TableDifference> {
    let of = |schema: &Schema| {
        let known = schema.table_named(table).found();
        known.map(|table| table.triggers.clone())
    };
    let (Some(wanted), Some(found)) = (of(expected), of(actual)) else {
        return Vec::new();
    };
    let mut differences = Vec::new();
    if actual.is_whole(table) {
        let missing = wanted.iter().filter(|(name, _)| !found.contains_key(*name));
        differences.extend(missing.map(|(name, trigger)| {
            TableDifference::MissingTrigger(name.clone(), trigger.value.clone())
        }));
    }
    if expected.is_whole(table) {
        let extra = found.iter().filter(|(name, _)| !wanted.contains_key(*name));
        differences.extend(extra.map(|(name, trigger)| {
            TableDifference::ExtraTrigger(name.clone(), trigger.value.clone())
        }));
    }
    differences
}

#[cfg(test)]
mod tests;
