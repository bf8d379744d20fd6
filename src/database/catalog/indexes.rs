//! Indexes: from the numbers in `pg_index` where their keys are columns, from the server's text where they are not.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::loader::Names;
use super::scope::Scope;
use super::written::only_change;
use super::{Load, NotRead};
use crate::database::{Row, Session};
use crate::schema::{
    Change, Expr, Identifier, Index, IndexDefinition, IndexKey, IndexState, KeyOrder, KeyPart,
    NameOrigin, NullsDistinct, RelationName, Uniqueness, Why,
};
use crate::sql;

/// Indexes by their number: those that back a constraint are put with it.
pub(super) type Indexes = HashMap<u32, (RelationName, Index)>;

pub(super) fn read(
    session: &mut Session,
    scope: &Scope,
    (names, not_read): (&Names, &mut Vec<NotRead>),
) -> Load<Indexes> {
    let query = scope.query(include_str!("queries/indexes.sql"));
    let mut found = Indexes::new();
    for row in session.rows(&query)? {
        let table_oid: u32 = row.number(1)?;
        let Some(table) = names.relations.get(&table_oid) else {
            continue;
        };
        let own = Identifier::quoted(row.text(2)?);
        let index = Index {
            table: table.clone(),
            definition: definition(&row, table_oid, names)?,
            state: if row.flag(6)? {
                IndexState::Valid
            } else {
                IndexState::Invalid
            },
            backs: None,
            name_origin: NameOrigin::Given,
        };
        let name = table.sibling(own);
        if row.flag(16)? {
            let kind = "operator class parameters";
            not_read.push(NotRead::new(kind, name.clone(), None));
        }
        found.insert(row.number(0)?, (name, index));
    }
    Ok(found)
}

fn definition(row: &Row, table: u32, names: &Names) -> Load<IndexDefinition> {
    let written = row.optional(15)?;
    if let Some(Change::CreateIndex(create)) = written.and_then(only_change) {
        return Ok(create.definition);
    }
    let key_count: usize = row.number(7)?;
    let numbers: Vec<i16> = row.numbers(8)?;
    let (keys, include) = numbers.split_at(key_count.min(numbers.len()));
    Ok(IndexDefinition {
        uniqueness: uniqueness(row)?,
        method: Identifier::quoted(row.text(3)?),
        keys: index_keys(row, (table, keys), names)?,
        include: names.columns(table, include),
        predicate: row.optional(14)?.map(sql::expression),
        parameters: parameters(row)?,
        tablespace: row.optional(13)?.map(Identifier::quoted),
    })
}

fn uniqueness(row: &Row) -> Load<Uniqueness> {
    Ok(match (row.flag(4)?, row.flag(5)?) {
        (false, _) => Uniqueness::NotUnique,
        (true, false) => Uniqueness::Unique(NullsDistinct::Distinct),
        (true, true) => Uniqueness::Unique(NullsDistinct::NotDistinct),
    })
}

fn index_keys(row: &Row, (table, keys): (u32, &[i16]), names: &Names) -> Load<Vec<IndexKey>> {
    let classes: Vec<u32> = row.numbers(9)?;
    let collations: Vec<u32> = row.numbers(10)?;
    let options: Vec<i16> = row.numbers(11)?;
    let parts = keys.iter().zip(classes).zip(collations).zip(options);
    let found = parts.map(|(((number, class), collation), option)| {
        let Some(attribute) = names.attribute(table, *number) else {
            let why = Why::new("the expression of the index could not be read");
            return IndexKey {
                part: KeyPart::Expression(Expr::Unknown(why)),
                ..IndexKey::column(Identifier::quoted(""))
            };
        };
        let other_collation = collation != 0 && collation != attribute.collation;
        IndexKey {
            part: KeyPart::Column(attribute.name.clone()),
            collation: names
                .collations
                .named(collation)
                .filter(|_| other_collation)
                .cloned(),
            operator_class: names.operator_classes.written(class, attribute.type_oid),
            order: order(option),
        }
    });
    Ok(found.collect())
}

/// `indoption`: bit 1 is DESC, bit 2 NULLS FIRST (`pg_index.h`).
fn order(option: i16) -> KeyOrder {
    match (option & 1 != 0, option & 2 != 0) {
        (false, false) => KeyOrder::AscendingNullsLast,
        (false, true) => KeyOrder::AscendingNullsFirst,
        (true, true) => KeyOrder::DescendingNullsFirst,
        (true, false) => KeyOrder::DescendingNullsLast,
    }
}

fn parameters(row: &Row) -> Load<BTreeMap<Arc<str>, Arc<str>>> {
    if row.optional(12)?.is_none() {
        return Ok(BTreeMap::new());
    }
    let written = row.list(12)?;
    let pairs = written.iter().filter_map(|pair| pair.split_once('='));
    Ok(pairs
        .map(|(name, value)| (name.into(), value.into()))
        .collect())
}
