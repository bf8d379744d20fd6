//! Views, plain and materialized.

use super::if_not_exists;
use crate::schema::{Change, Reads, ViewKind, Why};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::relations::relations;

/// From `VIEW`, `MATERIALIZED VIEW` or `RECURSIVE VIEW` on.
pub(super) fn create(cursor: &mut Cursor<'_>, or_replace: bool) -> Parsed<Vec<Change>> {
    let kind = if cursor.eat("MATERIALIZED VIEW") {
        ViewKind::Materialized
    } else {
        cursor.expect("VIEW")?;
        ViewKind::Plain
    };
    let if_not_exists = if_not_exists(cursor);
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
    let reads = match cursor.rest().iter().find_map(|token| cursor.hole(token)) {
        Some(why) => Reads::Unknown(why),
        None => Reads::Relations(relations(cursor).into_iter().collect()),
    };
    Ok(vec![Change::CreateView {
        view,
        kind,
        query: cursor.take_rest().into(),
        reads,
        or_replace,
        if_not_exists,
    }])
}

/// From `VIEW` or `MATERIALIZED VIEW` on.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    Err(Why::new(match cursor.peek() {
        Some(kind) => format!("ALTER {} is not modelled", kind.text.to_ascii_uppercase()),
        None => "ALTER names nothing".to_owned(),
    }))
}
