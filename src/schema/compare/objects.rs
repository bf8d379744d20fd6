//! Indexes and constraints of a table, matched by structure.

use std::sync::Arc;

use super::TableDifference;
use super::columns::is_unknown;
use crate::schema::{
    Constraint, ConstraintKind, Identifier, Index, IndexDefinition, IndexKey, IndexState, KeyPart,
    NameOrigin, RelationName, Schema, Validity, is_default_operator_class,
};

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
pub(super) struct Whole {
    pub(super) expected: bool,
    pub(super) actual: bool,
}

/// An index or constraint of one side.
#[derive(Clone)]
pub(super) struct Object<T> {
    name: Identifier,
    origin: NameOrigin,
    value: T,
    unknown: bool,
}

/// What was matched, and what is left on each side.
pub(super) struct Matching<T> {
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
    /// What sets apart two of the same structure, the second under its name.
    beside: fn(&T, &Identifier, &T) -> Vec<TableDifference>,
}

impl Matching<Arc<Index>> {
    pub(super) fn of_indexes(
        expected: Vec<Object<Arc<Index>>>,
        actual: Vec<Object<Arc<Index>>>,
    ) -> Self {
        Self {
            expected,
            actual,
            pairs: Vec::new(),
            same: |one, other| is_same_index(&one.definition, &other.definition),
            words: Words {
                missing: TableDifference::MissingIndex,
                extra: TableDifference::ExtraIndex,
                differs: |name, expected, actual| TableDifference::Index {
                    name,
                    expected,
                    actual,
                },
                renamed: |expected, actual| TableDifference::IndexName { expected, actual },
                beside: |expected, name, actual| {
                    let invalid =
                        expected.state == IndexState::Valid && actual.state == IndexState::Invalid;
                    let difference = invalid
                        .then(|| TableDifference::InvalidIndex(name.clone(), Arc::clone(actual)));
                    difference.into_iter().collect()
                },
            },
        }
        .matched()
    }
}

/// Of an expression or a domain the type is not known: a class that is the default of some type may be its default.
fn is_same_index(one: &IndexDefinition, other: &IndexDefinition) -> bool {
    let may_be_default = |key: &IndexKey| {
        key.operator_class.as_ref().is_some_and(|class| {
            is_default_operator_class(class.name.as_str(), one.method.as_str())
        })
    };
    let mut other = other.clone();
    for (key, counterpart) in other.keys.iter_mut().zip(&one.keys) {
        let only_one = key.operator_class.is_some() != counterpart.operator_class.is_some();
        if only_one && (may_be_default(key) || may_be_default(counterpart)) {
            key.operator_class.clone_from(&counterpart.operator_class);
        }
    }
    // The catalog names no tablespace where it is the default one of the database, which nearly always is this.
    let may_be_default = |tablespace: &Option<Identifier>| {
        tablespace
            .as_ref()
            .is_none_or(|name| name.as_str() == "pg_default")
    };
    if may_be_default(&one.tablespace) && may_be_default(&other.tablespace) {
        other.tablespace.clone_from(&one.tablespace);
    }
    *one == other
}

impl Matching<Constraint> {
    pub(super) fn of_constraints(
        expected: Vec<Object<Constraint>>,
        actual: Vec<Object<Constraint>>,
    ) -> Self {
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
                beside: beside_constraint,
            },
        }
        .matched()
    }
}

fn beside_constraint(
    expected: &Constraint,
    name: &Identifier,
    actual: &Constraint,
) -> Vec<TableDifference> {
    let mut differences = Vec::new();
    if expected.deferral != actual.deferral {
        differences.push(TableDifference::Deferral {
            name: name.clone(),
            expected: expected.deferral,
            actual: actual.deferral,
        });
    }
    if (expected.validity, actual.validity) == (Validity::Valid, Validity::NotValid) {
        differences.push(TableDifference::NotValidated(name.clone(), actual.clone()));
    }
    differences
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

    pub(super) fn differences(mut self, whole: Whole) -> Vec<TableDifference> {
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
        for (wanted, found) in &self.pairs {
            differences.extend((self.words.beside)(
                &wanted.value,
                &found.name,
                &found.value,
            ));
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
pub(super) fn match_unique_indexes(
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
pub(super) fn own_indexes(table: &RelationName, schema: &Schema) -> Vec<Object<Arc<Index>>> {
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

pub(super) fn own_constraints(table: &RelationName, schema: &Schema) -> Vec<Object<Constraint>> {
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
