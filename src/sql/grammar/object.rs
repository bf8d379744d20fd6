//! Statements about any kind of object, and of upkeep, that change nothing that the schema models.

use super::if_exists;
use super::unmodelled::{balanced_rest, without_effect};
use crate::schema::{Change, IfExists, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};

/// After `ALTER DEFAULT PRIVILEGES` or `ALTER SYSTEM`.
pub(super) fn altered(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    if cursor.is_at_end() {
        return Err(cursor.unexpected("what to alter"));
    }
    balanced_rest(cursor)?;
    without_effect("ALTER", Vec::new())
}

/// At `REASSIGN OWNED BY`: who owns an object is not modelled.
pub(super) fn reassigned(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.expect("REASSIGN OWNED BY")?;
    cursor.list(Cursor::identifier)?;
    cursor.expect("TO")?;
    cursor.identifier()?;
    cursor.expect_end()?;
    without_effect("REASSIGN OWNED", Vec::new())
}

/// COMMENT, GRANT, ANALYZE and the like, with the relations that they are about where that is told
/// in the usual place.
pub(super) fn no_effect(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let Some(verb) = cursor.advance() else {
        return Err(cursor.unexpected("a statement"));
    };
    let mut what = verb.text.to_ascii_uppercase();
    let relations = match what.as_str() {
        "COMMENT" => {
            cursor.expect("ON")?;
            if let Some(kind) = cursor.peek() {
                what = format!("COMMENT ON {}", kind.text.to_ascii_uppercase());
            }
            let is_told = |mut at: Cursor<'_>| at.eat("NULL") || at.string().is_ok();
            if !cursor.after_outside("IS").is_some_and(is_told) {
                return Err(cursor.unexpected("`IS` and a string"));
            }
            commented(cursor)
        }
        "GRANT" | "REVOKE" => {
            let to = if what == "GRANT" { "TO" } else { "FROM" };
            if cursor.after_outside(to).is_none() {
                return Err(cursor.unexpected(&format!("a role after `{to}`")));
            }
            granted(cursor)
        }
        "REFRESH" => {
            cursor.expect("MATERIALIZED VIEW")?;
            what.push_str(" MATERIALIZED VIEW");
            cursor.eat("CONCURRENTLY");
            vec![cursor.name()?]
        }
        "ANALYZE" | "ANALYSE" | "VACUUM" | "CLUSTER" | "REINDEX" => maintained(cursor),
        _ => Vec::new(),
    };
    cursor.take_rest();
    Ok(vec![Change::NoEffect {
        what: what.into(),
        relations,
    }])
}

fn commented(cursor: &mut Cursor<'_>) -> Vec<WrittenName> {
    let kinds = ["TABLE", "VIEW", "MATERIALIZED VIEW", "INDEX", "SEQUENCE"];
    if kinds.iter().any(|kind| cursor.eat(kind)) {
        return cursor.name().into_iter().collect();
    }
    if cursor.eat("COLUMN") {
        return column_table(cursor).into_iter().collect();
    }
    Vec::new()
}

/// The table of `schema.table.column`.
fn column_table(cursor: &mut Cursor<'_>) -> Option<WrittenName> {
    let mut parts = vec![cursor.identifier().ok()?];
    while cursor.eat_symbol(".") {
        parts.push(cursor.identifier().ok()?);
    }
    parts.pop()?;
    let name = parts.pop()?;
    Some(WrittenName {
        schema: parts.pop(),
        name,
    })
}

fn granted(cursor: &mut Cursor<'_>) -> Vec<WrittenName> {
    while !cursor.is_at_end() && !cursor.eat("ON") {
        cursor.advance();
    }
    let explicit = cursor.eat("TABLE");
    let other = [
        "ALL", "SCHEMA", "FUNCTION", "SEQUENCE", "DATABASE", "TYPE", "LANGUAGE",
    ];
    if !explicit && other.iter().any(|kind| cursor.at(kind)) {
        return Vec::new();
    }
    cursor.list(Cursor::name).unwrap_or_default()
}

/// ANALYZE, VACUUM, CLUSTER, REINDEX: options, then what they work on.
fn maintained(cursor: &mut Cursor<'_>) -> Vec<WrittenName> {
    if cursor.at_symbol("(") && cursor.parenthesised().is_err() {
        return Vec::new();
    }
    let fillers = [
        "FULL",
        "FREEZE",
        "VERBOSE",
        "ANALYZE",
        "TABLE",
        "INDEX",
        "CONCURRENTLY",
    ];
    while fillers.iter().any(|word| cursor.eat(word)) {}
    if if_exists(cursor) == IfExists::Yes || cursor.at("SCHEMA") || cursor.at("DATABASE") {
        return Vec::new();
    }
    cursor.name().into_iter().collect()
}
