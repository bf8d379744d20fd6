//! Views, plain and materialized.

use super::unmodelled::{balanced_rest, needed, opaque, relations, renamed, without_effect};
use super::{if_exists, if_not_exists};
use crate::schema::{Change, IfNotExists, Reads, ViewKind, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::relations as relations_of;

/// From `VIEW`, `MATERIALIZED VIEW` or `RECURSIVE VIEW` on.
pub(super) fn create(cursor: &mut Cursor<'_>, or_replace: bool) -> Parsed<Vec<Change>> {
    let mut is_recursive = false;
    let kind = if cursor.eat("MATERIALIZED VIEW") {
        ViewKind::Materialized
    } else {
        is_recursive = cursor.eat("RECURSIVE");
        cursor.expect("VIEW")?;
        ViewKind::Plain
    };
    let if_not_exists = match kind {
        ViewKind::Plain => IfNotExists::No,
        ViewKind::Materialized => if_not_exists(cursor),
    };
    let view = cursor.name()?;
    if cursor.at_symbol("(") {
        cursor.identifiers()?;
    }
    for word in ["USING", "WITH", "TABLESPACE"] {
        if cursor.eat(word) && cursor.at_symbol("(") {
            cursor.parenthesised()?;
        } else if cursor.previous().is_some_and(|before| before.is_word(word)) {
            cursor.identifier()?;
        }
    }
    cursor.expect("AS")?;
    let queries = ["SELECT", "VALUES", "TABLE", "WITH"];
    if !cursor.at_symbol("(") && !queries.iter().any(|query| cursor.at(query)) {
        return Err(cursor.unexpected("a query"));
    }
    // A recursive view reads itself, as the query of its name that it is made from.
    let itself = is_recursive.then_some(&view);
    let reads = reads(cursor, itself);
    Ok(vec![Change::CreateView {
        view,
        kind,
        query: query(cursor, kind).into(),
        reads,
        or_replace,
        if_not_exists,
    }])
}

/// What the query that follows reads, but for the view itself.
fn reads(cursor: &Cursor<'_>, itself: Option<&WrittenName>) -> Reads {
    match cursor.rest().iter().find_map(|token| cursor.hole(token)) {
        Some(why) => Reads::Unknown(why),
        None => Reads::Relations(
            relations_of::relations(cursor)
                .into_iter()
                .filter(|read| itself.is_none_or(|view| read.name != view.name))
                .collect(),
        ),
    }
}

/// The query itself; whether a materialized view is filled at once is no part of it.
fn query<'a>(cursor: &mut Cursor<'a>, kind: ViewKind) -> &'a str {
    let rest = cursor.rest();
    let query = match (kind, rest) {
        (ViewKind::Materialized, [query @ .., with, no, data])
            if with.is_word("WITH") && no.is_word("NO") && data.is_word("DATA") =>
        {
            query
        }
        (ViewKind::Materialized, [query @ .., with, data])
            if with.is_word("WITH") && data.is_word("DATA") =>
        {
            query
        }
        _ => rest,
    };
    cursor.take_rest();
    cursor.text_of(query)
}

/// After `ALTER VIEW`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let if_exists = if_exists(cursor);
    let view = cursor.name()?;
    if let Some(moved) = moved(cursor, &view, "ALTER VIEW")? {
        return Ok(moved);
    }
    let actions = ["ALTER", "OWNER TO", "RENAME", "SET (", "RESET ("];
    known_action(cursor, &actions)?;
    balanced_rest(cursor)?;
    without_effect("ALTER VIEW", needed(view, if_exists))
}

/// After `ALTER MATERIALIZED VIEW`.
pub(super) fn alter_materialized(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    if cursor.eat("ALL IN TABLESPACE") {
        balanced_rest(cursor)?;
        return without_effect("ALTER MATERIALIZED VIEW ALL", Vec::new());
    }
    let if_exists = if_exists(cursor);
    let view = cursor.name()?;
    if let Some(moved) = moved(cursor, &view, "ALTER MATERIALIZED VIEW")? {
        return Ok(moved);
    }
    let actions = [
        "ALTER",
        "OWNER TO",
        "RENAME",
        "SET",
        "RESET (",
        "CLUSTER ON",
        "NO DEPENDS ON EXTENSION",
        "DEPENDS ON EXTENSION",
    ];
    known_action(cursor, &actions)?;
    balanced_rest(cursor)?;
    without_effect("ALTER MATERIALIZED VIEW", needed(view, if_exists))
}

/// `RENAME TO`, `SET SCHEMA`: another name.
fn moved(cursor: &mut Cursor<'_>, view: &WrittenName, what: &str) -> Parsed<Option<Vec<Change>>> {
    let to = if cursor.eat("RENAME TO") {
        renamed(view, cursor.identifier()?)
    } else if cursor.eat("SET SCHEMA") {
        WrittenName::in_schema(cursor.identifier()?, view.name.clone())
    } else {
        return Ok(None);
    };
    cursor.expect_end()?;
    opaque(cursor, what, relations([view.clone(), to])).map(Some)
}

fn known_action(cursor: &Cursor<'_>, actions: &[&str]) -> Parsed<()> {
    let is_known = actions
        .iter()
        .any(|action| match action.strip_suffix(" (") {
            Some(word) => {
                cursor.at(word) && cursor.peek_at(1).is_some_and(|next| next.is_symbol("("))
            }
            None => cursor.at(action),
        });
    if is_known {
        Ok(())
    } else {
        Err(cursor.unexpected("an action on a view"))
    }
}
