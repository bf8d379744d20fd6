//! `DROP` of every kind of object: a list of names is one change for each.

use super::unmodelled::{balanced_rest, opaque, relations};
use super::{define_type, foreign_table, if_exists, index, object_type, rule, trigger};
use crate::schema::{Change, Drop, DropBehavior, Touches, ViewKind};
use crate::sql::cursor::{Cursor, Parsed};

/// After `DROP DOMAIN` and the like: objects that the schema knows by name only. What a CASCADE takes along is not followed.
pub(super) fn by_name(cursor: &mut Cursor<'_>, what: &str) -> Parsed<Vec<Change>> {
    let drops = objects(cursor)?;
    cursor.expect_end()?;
    let cascades = |drop: &Drop| drop.behavior == DropBehavior::Cascade;
    let touches = if drops.iter().any(cascades) {
        Touches::Anything
    } else {
        relations(drops.into_iter().map(|drop| drop.name))
    };
    opaque(cursor, what, touches)
}

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

/// CASCADE as the last word of the statement, wherever the cursor stands.
pub(super) fn behavior_at_end(cursor: &Cursor<'_>) -> DropBehavior {
    match cursor.rest().last() {
        Some(last) if last.is_word("CASCADE") => DropBehavior::Cascade,
        _ => DropBehavior::Restrict,
    }
}

pub(super) fn statement(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.expect("DROP")?;
    let changes = changes(cursor)?;
    cursor.expect_end()?;
    Ok(changes)
}

fn changes(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    if cursor.eat("INDEX") {
        let build = index::build(cursor);
        let drops = objects(cursor)?.into_iter();
        return Ok(drops
            .map(|drop| Change::DropIndex { drop, build })
            .collect());
    }
    if cursor.eat("TRIGGER") {
        return trigger::drop(cursor);
    }
    if cursor.eat("FOREIGN TABLE") {
        return foreign_table::drop(cursor);
    }
    if cursor.eat("DOMAIN") {
        return define_type::drop_domain(cursor);
    }
    for kind in ["RULE", "POLICY"] {
        if cursor.eat(kind) {
            return rule::drop(cursor, kind);
        }
    }
    if cursor.eat("OWNED BY") {
        balanced_rest(cursor)?;
        return opaque(cursor, "DROP OWNED", Touches::Anything);
    }
    let Some((_, change)) = KINDS.into_iter().find(|(kind, _)| cursor.eat(kind)) else {
        return object_type::drop(cursor);
    };
    Ok(objects(cursor)?.into_iter().map(change).collect())
}

type Lowering = fn(Drop) -> Change;

/// The kinds of object whose drop is one name, and the change that it is.
const KINDS: [(&str, Lowering); 7] = [
    ("TABLE", Change::DropTable),
    ("SEQUENCE", Change::DropSequence),
    ("TYPE", Change::DropType),
    ("VIEW", |drop| Change::DropView {
        drop,
        kind: ViewKind::Plain,
    }),
    ("MATERIALIZED VIEW", |drop| Change::DropView {
        drop,
        kind: ViewKind::Materialized,
    }),
    ("SCHEMA", |drop| Change::DropSchema {
        schema: drop.name.name,
        if_exists: drop.if_exists,
        behavior: drop.behavior,
    }),
    ("EXTENSION", |drop| Change::DropExtension {
        extension: drop.name.name,
        if_exists: drop.if_exists,
        behavior: drop.behavior,
    }),
];
