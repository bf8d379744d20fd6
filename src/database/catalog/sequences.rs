//! Sequences and the columns that own them.

use std::sync::Arc;

use super::Load;
use super::loader::Names;
use super::scope::Scope;
use crate::database::{Row, Session};
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

/// The options that are not the defaults (`CREATE SEQUENCE` in the documentation), as the reader of statements
/// writes them.
fn options(row: &Row, data_type: &str) -> Load<Arc<str>> {
    let (start, increment): (i64, i64) = (row.number(2)?, row.number(3)?);
    let (highest, lowest): (i64, i64) = (row.number(4)?, row.number(5)?);
    let (least, greatest) = match data_type {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let ascends = increment > 0;
    let (usual_lowest, usual_highest) = if ascends { (1, greatest) } else { (least, -1) };
    let usual_start = if ascends { lowest } else { highest };
    let mut options = Vec::new();
    for (word, value, usual) in [
        ("INCREMENT", increment, 1),
        ("MINVALUE", lowest, usual_lowest),
        ("MAXVALUE", highest, usual_highest),
        ("START", start, usual_start),
        ("CACHE", row.number(6)?, 1),
    ] {
        if value != usual {
            options.push(format!("{word} {value}"));
        }
    }
    if row.flag(7)? {
        options.push("CYCLE".to_owned());
    }
    Ok(options.join(" ").into())
}
