//! Schemas, types, extensions; and statements that change nothing that the schema models.

use super::{if_exists, if_not_exists};
use crate::schema::{Change, IfExists, Why, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::lexer::Kind;

/// After `CREATE`.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let change = if cursor.eat("SCHEMA") {
        let if_not_exists = if_not_exists(cursor);
        let schema = cursor.identifier()?;
        if cursor.eat("AUTHORIZATION") {
            cursor.identifier()?;
        }
        Change::CreateSchema {
            schema,
            if_not_exists,
        }
    } else if cursor.eat("EXTENSION") {
        let if_not_exists = if_not_exists(cursor);
        let extension = cursor.identifier()?;
        // SCHEMA, VERSION, CASCADE.
        cursor.take_rest();
        Change::CreateExtension {
            extension,
            if_not_exists,
        }
    } else if cursor.eat("TYPE") {
        create_enum(cursor)?
    } else if cursor.at("COLLATION") {
        cursor.take_rest();
        Change::NoEffect {
            what: "CREATE COLLATION".into(),
            relations: Vec::new(),
        }
    } else {
        return Err(unmodelled("CREATE", cursor));
    };
    cursor.expect_end()?;
    Ok(vec![change])
}

fn create_enum(cursor: &mut Cursor<'_>) -> Parsed<Change> {
    let name = cursor.name()?;
    cursor.expect("AS ENUM")?;
    cursor.expect_symbol("(")?;
    let labels = if cursor.at_symbol(")") {
        Vec::new()
    } else {
        cursor.list(Cursor::string)?
    };
    cursor.expect_symbol(")")?;
    Ok(Change::CreateEnum { name, labels })
}

/// After `ALTER`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    if !cursor.eat("TYPE") {
        return Err(unmodelled("ALTER", cursor));
    }
    let name = cursor.name()?;
    if cursor.eat("OWNER TO") || cursor.eat("RENAME VALUE") {
        cursor.take_rest();
        return Ok(vec![Change::NoEffect {
            what: "ALTER TYPE".into(),
            relations: Vec::new(),
        }]);
    }
    cursor.expect("ADD VALUE")?;
    let if_not_exists = if_not_exists(cursor);
    let label = cursor.string()?;
    // The order of labels is not modelled.
    if cursor.eat("BEFORE") || cursor.eat("AFTER") {
        cursor.string()?;
    }
    cursor.expect_end()?;
    Ok(vec![Change::AddEnumValue {
        name,
        label,
        if_not_exists,
    }])
}

fn unmodelled(verb: &str, cursor: &Cursor<'_>) -> Why {
    Why::new(match cursor.peek() {
        Some(kind) if kind.kind == Kind::Word => {
            format!("{verb} {} is not modelled", kind.text.to_ascii_uppercase())
        }
        _ => format!("what {verb} names is not understood"),
    })
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
            commented(cursor)
        }
        "GRANT" | "REVOKE" => granted(cursor),
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
