//! Foreign tables, which the schema knows by name only.

use super::unmodelled::{balanced_rest, opaque, relations, without_effect};
use super::{alter_table, drop};
use crate::schema::{Change, Touches, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::opaque::{touched_by, union};

/// After `CREATE FOREIGN TABLE`.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.eat("IF NOT EXISTS");
    let table = cursor.name()?;
    if cursor.eat("PARTITION OF") {
        cursor.name()?;
    } else {
        cursor.parenthesised()?;
    }
    if cursor.after_outside("SERVER").is_none() {
        return Err(cursor.unexpected("`SERVER`"));
    }
    balanced_rest(cursor)?;
    opaque(cursor, "CREATE FOREIGN TABLE", relations([table]))
}

/// After `ALTER FOREIGN TABLE`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let changes = alter_table::statement(cursor)?;
    match union(changes.iter().map(touched_by)) {
        Touches::Nothing => without_effect("ALTER FOREIGN TABLE", Vec::new()),
        touches => opaque(cursor, "ALTER FOREIGN TABLE", touches),
    }
}

/// After `DROP FOREIGN TABLE`.
pub(super) fn drop(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    // The views that read it go with it.
    drop::by_name(cursor, "DROP FOREIGN TABLE")
}

/// At `IMPORT`.
pub(super) fn import(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.expect("IMPORT FOREIGN SCHEMA")?;
    cursor.identifier()?;
    let mut limit = None;
    if cursor.eat("LIMIT TO") {
        limit = Some(cursor.identifiers()?);
    } else if cursor.eat("EXCEPT") {
        cursor.identifiers()?;
    }
    cursor.expect("FROM SERVER")?;
    cursor.identifier()?;
    cursor.expect("INTO")?;
    let schema = cursor.identifier()?;
    balanced_rest(cursor)?;
    let touches = match limit {
        Some(tables) => relations(
            tables
                .into_iter()
                .map(|table| WrittenName::in_schema(schema.clone(), table)),
        ),
        None => Touches::Anything,
    };
    opaque(cursor, "IMPORT FOREIGN SCHEMA", touches)
}
