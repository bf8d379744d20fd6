//! What sets two tables apart that should be one: what the models expect, and what the migrations made.
//!
//! Objects match by structure; a name counts only where a person gave it on both sides. What is not certain, or
//! not known whole, is never a difference.

use std::sync::Arc;

use super::{
    Column, Constraint, ConstraintKind, Expr, Identifier, Index, IndexDefinition, KeyPart,
    NameOrigin, Nullability, RelationName, Schema, SqlType, Supply, TypeName,
};

/// One way in which a table is other than expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableDifference {
    /// Expected, and certainly not there.
    MissingColumn(Column),
    /// There, and certainly not expected.
    ExtraColumn(Column),
    Type {
        column: Identifier,
        expected: TypeName,
        actual: TypeName,
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
}

/// The differences of the table of this name in two schemas: columns first in the order of the expected table,
/// then indexes, then constraints, each in order of name. None where either has no such table for certain.
pub fn compare(table: &RelationName, expected: &Schema, actual: &Schema) -> Vec<TableDifference> {
    let both = expected.table_named(table).is_found() && actual.table_named(table).is_found();
    if !both {
        return Vec::new();
    }
    let mut differences = compare_columns(table, expected, actual);
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
    differences.extend(indexes.differences(whole));
    differences.extend(constraints.differences(whole));
    differences
}

fn compare_columns(
    table: &RelationName,
    expected: &Schema,
    actual: &Schema,
) -> Vec<TableDifference> {
    let mut differences = Vec::new();
    for wanted in expected.columns_of(table) {
        match actual.column(table, &wanted.name) {
            super::Lookup::Found(found) => compare_column(wanted, found, &mut differences),
            super::Lookup::Absent => {
                differences.push(TableDifference::MissingColumn(wanted.clone()));
            }
            super::Lookup::Unsure(_) => {}
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
/// made serial columns before 4.1 and identity columns since, and does not convert them.
fn same_supply(one: &Supply, other: &Supply) -> bool {
    let from_sequence = |supply: &Supply| match supply {
        Supply::Identity(_) | Supply::Serial => true,
        Supply::Default(expr) => expr.sequence().is_some(),
        Supply::Nothing | Supply::Generated(_) => false,
    };
    one == other || (from_sequence(one) && from_sequence(other))
}

fn is_unknown(expr: &Expr) -> bool {
    matches!(expr, Expr::Unknown(_))
}

fn is_unknown_index(definition: &IndexDefinition) -> bool {
    let key = definition.keys.iter().any(|key| match &key.part {
        KeyPart::Expression(expr) => is_unknown(expr),
        KeyPart::Column(_) => false,
    });
    key || definition.predicate.as_ref().is_some_and(is_unknown)
}

fn is_unknown_constraint(constraint: &Constraint) -> bool {
    match &constraint.kind {
        ConstraintKind::Check(check) => is_unknown(&check.condition),
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion(_) => false,
    }
}

/// Whether all parts of the table are known on each side.
#[derive(Clone, Copy)]
struct Whole {
    expected: bool,
    actual: bool,
}

/// An index or constraint of one side.
#[derive(Clone)]
struct Object<T> {
    name: Identifier,
    origin: NameOrigin,
    value: T,
    unknown: bool,
}

/// What was matched, and what is left on each side.
struct Matching<T> {
    expected: Vec<Object<T>>,
    actual: Vec<Object<T>>,
    pairs: Vec<(Object<T>, Object<T>)>,
    same: fn(&T, &T) -> bool,
    words: Words<T>,
}

/// How the differences of one kind of object are told.
struct Words<T> {
    missing: fn(Identifier, T) -> TableDifference,
    extra: fn(Identifier, T) -> TableDifference,
    differs: fn(Identifier, T, T) -> TableDifference,
    renamed: fn(Identifier, Identifier) -> TableDifference,
}

impl Matching<Arc<Index>> {
    fn of_indexes(expected: Vec<Object<Arc<Index>>>, actual: Vec<Object<Arc<Index>>>) -> Self {
        Self {
            expected,
            actual,
            pairs: Vec::new(),
            same: |one, other| one.definition == other.definition,
            words: Words {
                missing: TableDifference::MissingIndex,
                extra: TableDifference::ExtraIndex,
                differs: |name, expected, actual| TableDifference::Index {
                    name,
                    expected,
                    actual,
                },
                renamed: |expected, actual| TableDifference::IndexName { expected, actual },
            },
        }
        .matched()
    }
}

impl Matching<Constraint> {
    fn of_constraints(expected: Vec<Object<Constraint>>, actual: Vec<Object<Constraint>>) -> Self {
        Self {
            expected,
            actual,
            pairs: Vec::new(),
            same: |one, other| one.kind == other.kind,
            words: Words {
                missing: TableDifference::MissingConstraint,
                extra: TableDifference::ExtraConstraint,
                differs: |name, expected, actual| TableDifference::Constraint {
                    name,
                    expected,
                    actual,
                },
                renamed: |expected, actual| TableDifference::ConstraintName { expected, actual },
            },
        }
        .matched()
    }
}

impl<T: Clone> Matching<T> {
    /// Structure and name first, then structure alone.
    fn matched(mut self) -> Self {
        let same = self.same;
        self.take_pairs(|one, other| one.name == other.name && same(&one.value, &other.value));
        self.take_pairs(|one, other| same(&one.value, &other.value));
        self
    }

    fn take_pairs(&mut self, fits: impl Fn(&Object<T>, &Object<T>) -> bool) {
        let waiting = std::mem::take(&mut self.expected);
        for wanted in waiting {
            match self.actual.iter().position(|found| fits(&wanted, found)) {
                Some(position) => {
                    let found = self.actual.remove(position);
                    self.pairs.push((wanted, found));
                }
                None => self.expected.push(wanted),
            }
        }
    }

    fn differences(mut self, whole: Whole) -> Vec<TableDifference> {
        let given = |object: &Object<T>| object.origin == NameOrigin::Given;
        let mut differences = Vec::new();
        for (wanted, found) in &self.pairs {
            if wanted.name != found.name && given(wanted) && given(found) {
                differences.push((self.words.renamed)(
                    wanted.name.clone(),
                    found.name.clone(),
                ));
            }
        }
        let done = self.pairs.len();
        self.take_pairs(|one, other| one.name == other.name);
        for (wanted, found) in self.pairs.iter().skip(done) {
            if !wanted.unknown && !found.unknown {
                differences.push((self.words.differs)(
                    wanted.name.clone(),
                    wanted.value.clone(),
                    found.value.clone(),
                ));
            }
        }
        // One that is not read may be any of those that are left on the other side.
        let readable = |objects: &[Object<T>]| objects.iter().all(|object| !object.unknown);
        let (wanted_readable, found_readable) = (readable(&self.expected), readable(&self.actual));
        if whole.actual && found_readable {
            for wanted in self.expected.into_iter().filter(|object| !object.unknown) {
                differences.push((self.words.missing)(wanted.name, wanted.value));
            }
        }
        if whole.expected && wanted_readable {
            for found in self.actual.into_iter().filter(|object| !object.unknown) {
                differences.push((self.words.extra)(found.name, found.value));
            }
        }
        differences
    }
}

/// A unique index on plain columns holds what a unique constraint on them does.
fn match_unique_indexes(
    indexes: &mut Matching<Arc<Index>>,
    constraints: &mut Matching<Constraint>,
) {
    take_both(&mut constraints.expected, &mut indexes.actual);
    take_both(&mut constraints.actual, &mut indexes.expected);
}

fn take_both(constraints: &mut Vec<Object<Constraint>>, indexes: &mut Vec<Object<Arc<Index>>>) {
    constraints.retain(|constraint| {
        let ConstraintKind::Unique(key) = &constraint.value.kind else {
            return true;
        };
        let found = indexes.iter().position(|index| {
            let definition = &index.value.definition;
            definition.is_unique()
                && definition.predicate.is_none()
                && definition.key_columns() == Some(key.columns.iter().collect())
        });
        found.map(|position| indexes.remove(position)).is_none()
    });
}

/// Indexes that back no constraint.
fn own_indexes(table: &RelationName, schema: &Schema) -> Vec<Object<Arc<Index>>> {
    schema
        .indexes_of(table)
        .filter(|(_, index)| index.backs.is_none())
        .map(|(name, index)| Object {
            name: name.name,
            origin: index.name_origin,
            unknown: is_unknown_index(&index.definition),
            value: Arc::clone(index),
        })
        .collect()
}

fn own_constraints(table: &RelationName, schema: &Schema) -> Vec<Object<Constraint>> {
    schema
        .constraints_of(table)
        .map(|(name, constraint)| Object {
            name: name.clone(),
            origin: constraint.name_origin,
            unknown: is_unknown_constraint(constraint),
            value: constraint.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
