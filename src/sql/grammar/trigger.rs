//! CREATE TRIGGER and DROP TRIGGER.

use super::if_exists;
use super::unmodelled::{opaque, relations, without_effect};
use crate::schema::{Change, DropBehavior, Trigger};
use crate::sql::cursor::{Cursor, Parsed};

/// At `TRIGGER` or `CONSTRAINT TRIGGER`, after `CREATE`.
pub(super) fn create(cursor: &mut Cursor<'_>, or_replace: bool) -> Parsed<Vec<Change>> {
    // A constraint trigger is always an AFTER trigger.
    cursor.eat("CONSTRAINT");
    cursor.expect("TRIGGER")?;
    let trigger = cursor.identifier()?;
    let start = cursor.position();
    while !cursor.is_at_end() && !cursor.at("ON") {
        readable(cursor)?;
        cursor.advance();
    }
    if cursor.position() == start {
        return Err(cursor.unexpected("when the trigger fires"));
    }
    let events = cursor.text_between(start, cursor.position()).into();
    cursor.expect("ON")?;
    let table = cursor.name()?;
    let start = cursor.position();
    while !cursor.is_at_end() {
        readable(cursor)?;
        cursor.advance();
    }
    let action = cursor.text_between(start, cursor.position()).into();
    Ok(vec![Change::CreateTrigger {
        trigger,
        table,
        definition: Trigger { events, action },
        or_replace,
    }])
}

fn readable(cursor: &Cursor<'_>) -> Parsed<()> {
    match cursor.peek().and_then(|lexeme| cursor.hole(lexeme)) {
        Some(why) => Err(why),
        None => Ok(()),
    }
}

/// After `ALTER TRIGGER`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.identifier()?;
    cursor.expect("ON")?;
    let table = cursor.name()?;
    if cursor.eat("RENAME TO") {
        cursor.identifier()?;
        cursor.expect_end()?;
        return opaque(cursor, "ALTER TRIGGER RENAME", relations([table]));
    }
    cursor.eat("NO");
    cursor.expect("DEPENDS ON EXTENSION")?;
    cursor.identifier()?;
    cursor.expect_end()?;
    without_effect("ALTER TRIGGER", vec![table])
}

/// After `DROP TRIGGER`.
pub(super) fn drop(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let if_exists = if_exists(cursor);
    let trigger = cursor.identifier()?;
    cursor.expect("ON")?;
    let table = cursor.name()?;
    let behavior = if cursor.eat("CASCADE") {
        DropBehavior::Cascade
    } else {
        cursor.eat("RESTRICT");
        DropBehavior::Restrict
    };
    Ok(vec![Change::DropTrigger {
        trigger,
        table,
        if_exists,
        behavior,
    }])
}
