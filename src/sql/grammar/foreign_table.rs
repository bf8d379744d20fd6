//! Foreign tables, which the schema knows by name only.

use std::collections::BTreeSet;

use super::unmodelled::{balanced_rest, opaque, relations, without_effect};
use super::{alter_table, drop, if_exists};
use crate::schema::{Change, DropBehavior, Touches, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::opaque::touched_by;

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
    let mut touched: BTreeSet<WrittenName> = BTreeSet::new();
    for change in &changes {
        match touched_by(change) {
            Touches::Nothing => {}
            Touches::Relations(names) | Touches::Grows(names) => touched.extend(names),
            Touches::Anything => {
                return opaque(cursor, "ALTER FOREIGN TABLE", Touches::Anything);
            }
        }
    }
    if touched.is_empty() {
        return without_effect("ALTER FOREIGN TABLE", Vec::new());
    }
    opaque(cursor, "ALTER FOREIGN TABLE", relations(touched))
}

/// After `DROP FOREIGN TABLE`.
pub(super) fn drop(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    if_exists(cursor);
    let names = cursor.list(Cursor::name)?;
    let touches = match drop::behavior(cursor) {
        DropBehavior::Restrict => relations(names),
        // The views that read it go with it.
        DropBehavior::Cascade => Touches::Anything,
    };
    cursor.expect_end()?;
    opaque(cursor, "DROP FOREIGN TABLE", touches)
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
