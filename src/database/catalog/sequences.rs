//! Sequences and the columns that own them.

use std::sync::Arc;

use super::Load;
use super::loader::Names;
use super::scope::Scope;
use crate::database::{Row, Session};
use crate::postgres::SequenceOptions;
use crate::schema::{Assembly, ColumnRef, OrderedSet, Sequence, SequencePurpose};
use crate::sql;

pub(super) fn load(
    session: &mut Session,
    scope: &Scope,
    (names, assembly): (&Names, &mut Assembly),
) -> Load {
    let query = scope.query(include_str!("queries/sequences.sql"));
    for row in session.rows(&query)? {
        if let Some(name) = names.relations.get(&row.number(0)?) {
            assembly.sequence(name.clone(), sequence(&row, names)?);
        }
    }
    Ok(())
}

fn sequence(row: &Row, names: &Names) -> Load<Sequence> {
    let owner = match (row.optional_number(8)?, row.optional_number(9)?) {
        (Some(table), Some(number)) => names
            .relations
            .get(&table)
            .zip(names.attribute(table, number))
            .map(|(table, attribute)| ColumnRef {
                table: table.clone(),
                column: attribute.name.clone(),
            }),
        _ => None,
    };
    let data_type = row.text(1)?;
    Ok(Sequence {
        owner,
        options: options(row, data_type)?,
        data_type: sql::data_type(data_type),
        purpose: if row.letter(10)? == 'i' {
            SequencePurpose::Identity
        } else {
            SequencePurpose::Plain
        },
        used_by: OrderedSet::default(),
    })
}

/// The options that are not the defaults, as the reader of statements writes them.
fn options(row: &Row, data_type: &str) -> Load<Arc<str>> {
    let options = SequenceOptions {
        start: Some(row.number(2)?),
        increment: Some(row.number(3)?),
        highest: Some(row.number(4)?),
        lowest: Some(row.number(5)?),
        cache: Some(row.number(6)?),
        cycles: row.flag(7)?,
    };
    Ok(options.unusual(data_type).into())
}
