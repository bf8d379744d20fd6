//! Rules and policies, which are of a table.

use super::unmodelled::{balanced_rest, needed, opaque, relations, without_effect};
use super::{drop, if_exists};
use crate::schema::Change;
use crate::sql::cursor::{Cursor, Parsed};

/// After `CREATE [OR REPLACE] RULE`.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.identifier()?;
    cursor.expect("AS ON")?;
    let events = ["SELECT", "INSERT", "UPDATE", "DELETE"];
    let Some(event) = events.into_iter().find(|event| cursor.eat(event)) else {
        return Err(cursor.unexpected("the event of a rule"));
    };
    cursor.expect("TO")?;
    let table = cursor.name()?;
    let Some(_) = cursor.after_outside("DO") else {
        return Err(cursor.unexpected("`DO`"));
    };
    balanced_rest(cursor)?;
    match event {
        // It may fill the rows that are inserted, or put a view in the place of the table.
        "SELECT" | "INSERT" => opaque(cursor, "CREATE RULE", relations([table])),
        _ => without_effect("CREATE RULE", vec![table]),
    }
}

/// After `CREATE POLICY`.
pub(super) fn create_policy(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.identifier()?;
    cursor.expect("ON")?;
    let table = cursor.name()?;
    let clauses = ["AS", "FOR", "TO", "USING", "WITH CHECK"];
    if !cursor.is_at_end() && !clauses.iter().any(|clause| cursor.at(clause)) {
        return Err(cursor.unexpected("a clause of CREATE POLICY"));
    }
    balanced_rest(cursor)?;
    without_effect("CREATE POLICY", vec![table])
}

/// After `ALTER RULE` or `ALTER POLICY`.
pub(super) fn alter(cursor: &mut Cursor<'_>, kind: &str) -> Parsed<Vec<Change>> {
    cursor.identifier()?;
    cursor.expect("ON")?;
    let table = cursor.name()?;
    let actions = ["RENAME TO", "TO", "USING", "WITH CHECK"];
    if !actions.iter().any(|action| cursor.eat(action)) {
        return Err(cursor.unexpected(&format!("an action of ALTER {kind}")));
    }
    balanced_rest(cursor)?;
    without_effect(format!("ALTER {kind}"), vec![table])
}

/// After `DROP RULE` or `DROP POLICY`.
pub(super) fn drop(cursor: &mut Cursor<'_>, kind: &str) -> Parsed<Vec<Change>> {
    let if_exists = if_exists(cursor);
    cursor.identifier()?;
    cursor.expect("ON")?;
    let table = cursor.name()?;
    drop::behavior(cursor);
    cursor.expect_end()?;
    without_effect(format!("DROP {kind}"), needed(table, if_exists))
}
