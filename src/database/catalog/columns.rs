//! Columns: type, nullability, and what the server supplies.

use std::collections::HashMap;

use super::Load;
use super::loader::{Attribute, Names};
use super::scope::Scope;
use crate::database::{Row, Session};
use crate::schema::{
    Column, Generated, GeneratedKind, Identifier, Identity, Nullability, SqlType, Supply,
};
use crate::sql;

/// The columns of every relation, in order of creation; `names` learns their numbers.
pub(super) fn read(
    session: &mut Session,
    scope: &Scope,
    names: &mut Names,
) -> Load<HashMap<u32, Vec<Column>>> {
    let query = scope.query(include_str!("queries/columns.sql"));
    let mut types: HashMap<String, SqlType> = HashMap::new();
    let mut found: HashMap<u32, Vec<Column>> = HashMap::new();
    for row in session.rows(&query)? {
        let relation: u32 = row.number(0)?;
        let attribute = Attribute {
            number: row.number(1)?,
            name: Identifier::quoted(row.text(2)?),
            type_oid: row.number(3)?,
            collation: row.number(10)?,
        };
        let column = column(&row, &attribute, (names, &mut types))?;
        found.entry(relation).or_default().push(column);
        names
            .attributes
            .entry(relation)
            .or_default()
            .push(attribute);
    }
    Ok(found)
}

fn column(
    row: &Row,
    attribute: &Attribute,
    (names, types): (&Names, &mut HashMap<String, SqlType>),
) -> Load<Column> {
    let collation = if row.flag(11)? {
        names.collations.named(attribute.collation).cloned()
    } else {
        None
    };
    Ok(Column {
        name: attribute.name.clone(),
        data_type: data_type(row, types)?,
        nullability: if row.flag(6)? {
            Nullability::NotNull
        } else {
            Nullability::Nullable
        },
        supply: supply(row)?,
        collation,
    })
}

/// A catalog has few types: each is read once. `format_type` leaves out how many dimensions an array was
/// declared with.
fn data_type(row: &Row, types: &mut HashMap<String, SqlType>) -> Load<SqlType> {
    let text = row.text(4)?;
    let mut found = if let Some(known) = types.get(text) {
        known.clone()
    } else {
        let read = sql::data_type(text);
        types.insert(text.to_owned(), read.clone());
        read
    };
    let dimensions: u8 = row.number(5)?;
    if let SqlType::Known(known) = &mut found
        && known.dimensions > 0
    {
        known.dimensions = known.dimensions.max(dimensions);
    }
    Ok(found)
}

fn supply(row: &Row) -> Load<Supply> {
    match row.letter(7)? {
        'a' => return Ok(Supply::Identity(Identity::Always)),
        'd' => return Ok(Supply::Identity(Identity::ByDefault)),
        _ => {}
    }
    let Some(text) = row.optional(9)? else {
        return Ok(Supply::Nothing);
    };
    let expression = sql::expression(text);
    let kind = match row.letter(8)? {
        's' => GeneratedKind::Stored,
        'v' => GeneratedKind::Virtual,
        _ => return Ok(Supply::Default(expression)),
    };
    Ok(Supply::Generated(Generated { expression, kind }))
}
