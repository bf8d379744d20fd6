//! `CREATE EXTENSION` and `ALTER EXTENSION`.

use super::if_not_exists;
use super::unmodelled::{balanced_rest, opaque, without_effect};
use crate::schema::{Change, Touches};
use crate::sql::cursor::{Cursor, Parsed};

/// After `CREATE EXTENSION`.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let if_not_exists = if_not_exists(cursor);
    let extension = cursor.identifier()?;
    // SCHEMA, VERSION, CASCADE.
    cursor.take_rest();
    Ok(vec![Change::CreateExtension {
        extension,
        if_not_exists,
    }])
}

/// After `ALTER EXTENSION`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.identifier()?;
    if cursor.eat("SET SCHEMA") {
        cursor.identifier()?;
        cursor.expect_end()?;
        // Columns may be of its types.
        return opaque(cursor, "ALTER EXTENSION SET SCHEMA", Touches::Anything);
    }
    let actions = ["UPDATE", "ADD", "DROP"];
    let Some(action) = actions.into_iter().find(|action| cursor.eat(action)) else {
        return Err(cursor.unexpected("an action of ALTER EXTENSION"));
    };
    if action != "UPDATE" && cursor.is_at_end() {
        return Err(cursor.unexpected("an object"));
    }
    balanced_rest(cursor)?;
    without_effect(format!("ALTER EXTENSION {action}"), Vec::new())
}
