//! `DROP` of every kind of object: a list of names is one change for each.

use super::super::cursor::{Cursor, Parsed};
use super::{if_exists, index};
use crate::schema::{Change, Drop, DropBehavior, ViewKind, Why};

/// A list of objects with the clauses around it.
fn objects(cursor: &mut Cursor<'_>) -> Parsed<Vec<Drop>> {
    let if_exists = if_exists(cursor);
    let names = cursor.list(Cursor::name)?;
    let behavior = behavior(cursor);
    let drops = names.into_iter().map(|name| Drop {
        name,
        if_exists,
        behavior,
    });
    Ok(drops.collect())
}

/// CASCADE or RESTRICT.
pub(super) fn behavior(cursor: &mut Cursor<'_>) -> DropBehavior {
    if cursor.eat("CASCADE") {
        DropBehavior::Cascade
    } else {
        cursor.eat("RESTRICT");
        DropBehavior::Restrict
    }
}

pub(super) fn statement(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.expect("DROP")?;
    let changes = changes(cursor)?;
    cursor.expect_end()?;
    Ok(changes)
}

fn changes(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let each =
        |drops: Vec<Drop>, change: fn(Drop) -> Change| drops.into_iter().map(change).collect();
    if cursor.eat("TABLE") {
        return Ok(each(objects(cursor)?, Change::DropTable));
    }
    if cursor.eat("INDEX") {
        let build = index::build(cursor);
        let drops = objects(cursor)?.into_iter();
        return Ok(drops
            .map(|drop| Change::DropIndex { drop, build })
            .collect());
    }
    if cursor.eat("SEQUENCE") {
        return Ok(each(objects(cursor)?, Change::DropSequence));
    }
    if cursor.eat("TYPE") {
        return Ok(each(objects(cursor)?, Change::DropType));
    }
    if cursor.eat("VIEW") {
        return Ok(each(objects(cursor)?, |drop| Change::DropView {
            drop,
            kind: ViewKind::Plain,
        }));
    }
    if cursor.eat("MATERIALIZED VIEW") {
        return Ok(each(objects(cursor)?, |drop| Change::DropView {
            drop,
            kind: ViewKind::Materialized,
        }));
    }
    if cursor.eat("SCHEMA") {
        return named(cursor, |drop| Change::DropSchema {
            schema: drop.name.name,
            if_exists: drop.if_exists,
            behavior: drop.behavior,
        });
    }
    if cursor.eat("EXTENSION") {
        return named(cursor, |drop| Change::DropExtension {
            extension: drop.name.name,
            if_exists: drop.if_exists,
            behavior: drop.behavior,
        });
    }
    Err(Why::new(match cursor.peek() {
        Some(kind) => format!("DROP {} is not modelled", kind.text.to_ascii_uppercase()),
        None => "DROP names nothing".to_owned(),
    }))
}

/// Objects that stand in no schema.
fn named(cursor: &mut Cursor<'_>, change: fn(Drop) -> Change) -> Parsed<Vec<Change>> {
    Ok(objects(cursor)?.into_iter().map(change).collect())
}
