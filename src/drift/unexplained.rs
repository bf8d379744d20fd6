//! What of a database a set of migrations does not explain: how a record is told from a wrong one.

use crate::schema::{Relation, RelationName, Schema, TableDifference, compare};

/// What sets a database apart from what some migrations leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unexplained {
    relation: RelationName,
    what: Apart,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Apart {
    MissingRelation,
    ExtraRelation,
    Part(Box<TableDifference>),
}

/// All that sets the database apart; what is not certain is left out.
pub fn unexplained(expected: &Schema, database: &Schema) -> Vec<Unexplained> {
    let counts = |relation: &Relation| matches!(relation, Relation::Table(_) | Relation::View(_));
    let lacks = |one: &Schema, other: &Schema, what: &Apart| -> Vec<Unexplained> {
        one.relations()
            .filter(|(name, relation)| counts(relation) && other.relation_named(name).is_absent())
            .map(|(name, _)| Unexplained {
                relation: name.clone(),
                what: what.clone(),
            })
            .collect()
    };
    let mut found = lacks(expected, database, &Apart::MissingRelation);
    found.extend(lacks(database, expected, &Apart::ExtraRelation));
    for (name, _) in expected.tables() {
        let parts = compare(name, expected, database).into_iter();
        found.extend(parts.map(|part| Unexplained {
            relation: name.clone(),
            what: Apart::Part(Box::new(part)),
        }));
    }
    found
}

/// Whether the second explains all that the first does, and more; with how much more.
pub fn explains_more(first: &[Unexplained], second: &[Unexplained]) -> Option<usize> {
    let is_old = |one: &Unexplained| first.contains(one) || was_in_an_extra_relation(one, first);
    let more = first.iter().filter(|one| !second.contains(one)).count();
    (more > 0 && second.iter().all(is_old)).then_some(more)
}

/// Parts of a relation that was extra as a whole were, too.
fn was_in_an_extra_relation(one: &Unexplained, first: &[Unexplained]) -> bool {
    let Apart::Part(part) = &one.what else {
        return false;
    };
    let is_extra = matches!(
        **part,
        TableDifference::ExtraColumn(_)
            | TableDifference::ExtraIndex(..)
            | TableDifference::ExtraConstraint(..)
            | TableDifference::ExtraTrigger(..)
    );
    is_extra
        && first
            .iter()
            .any(|other| other.relation == one.relation && other.what == Apart::ExtraRelation)
}
