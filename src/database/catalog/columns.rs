//! Columns: type, nullability, and what the server supplies.

use std::collections::HashMap;

use super::Load;
use super::loader::{Attribute, Names};
use super::scope::Scope;
use super::types::Types;
use crate::database::{Row, Session};
use crate::schema::{
    Column, Expr, Generated, GeneratedKind, Identifier, Identity, Nullability, SqlType, Supply,
};
use crate::sql;

/// The columns of every relation, in order of creation; `names` learns their numbers.
pub(super) fn read(
    session: &mut Session,
    scope: &Scope,
    names: &mut Names,
) -> Load<HashMap<u32, Vec<Column>>> {
    let mut defaults = defaults(session, scope)?;
    let rows = session.rows(&scope.query(include_str!("queries/columns.sql")))?;
    let types = Types::of(session, &rows)?;
    let mut found: HashMap<u32, Vec<(Attribute, Column)>> = HashMap::new();
    for row in &rows {
        let relation: u32 = row.number(0)?;
        let attribute = Attribute {
            number: row.number(1)?,
            name: Identifier::quoted(row.text(2)?),
            type_oid: row.number(3)?,
            collation: row.number(9)?,
        };
        let default = defaults.remove(&(relation, attribute.number));
        let column = column(row, &attribute, (names, &types, default))?;
        found.entry(relation).or_default().push((attribute, column));
    }
    let mut columns = HashMap::with_capacity(found.len());
    for (relation, mut parts) in found {
        parts.sort_by_key(|(attribute, _)| attribute.number);
        let (attributes, made) = parts.into_iter().unzip();
        names.attributes.insert(relation, attributes);
        columns.insert(relation, made);
    }
    Ok(columns)
}

fn defaults(session: &mut Session, scope: &Scope) -> Load<HashMap<(u32, i16), Expr>> {
    let query = scope.query(include_str!("queries/defaults.sql"));
    let mut found = HashMap::new();
    for row in session.rows(&query)? {
        let expression = sql::expression(row.text(2)?);
        found.insert((row.number(0)?, row.number(1)?), expression);
    }
    Ok(found)
}

fn column(
    row: &Row,
    attribute: &Attribute,
    (names, types, default): (&Names, &Types, Option<Expr>),
) -> Load<Column> {
    let found = types.get(row)?;
    let other_collation = attribute.collation != found.usual_collation;
    Ok(Column {
        name: attribute.name.clone(),
        data_type: with_dimensions(&found.data_type, row.number(5)?),
        nullability: if row.flag(6)? {
            Nullability::NotNull
        } else {
            Nullability::Nullable
        },
        supply: supply(row, default)?,
        collation: names
            .collations
            .named(attribute.collation)
            .filter(|_| other_collation)
            .cloned(),
    })
}

/// `format_type` leaves out how many dimensions an array was declared with.
fn with_dimensions(data_type: &SqlType, dimensions: u8) -> SqlType {
    let mut found = data_type.clone();
    if let SqlType::Known(known) = &mut found
        && known.dimensions > 0
    {
        known.dimensions = known.dimensions.max(dimensions);
    }
    found
}

fn supply(row: &Row, default: Option<Expr>) -> Load<Supply> {
    match row.letter(7)? {
        'a' => return Ok(Supply::Identity(Identity::Always)),
        'd' => return Ok(Supply::Identity(Identity::ByDefault)),
        _ => {}
    }
    let Some(expression) = default else {
        return Ok(Supply::Nothing);
    };
    let kind = match row.letter(8)? {
        's' => GeneratedKind::Stored,
        'v' => GeneratedKind::Virtual,
        _ => return Ok(Supply::Default(expression)),
    };
    Ok(Supply::Generated(Generated { expression, kind }))
}
