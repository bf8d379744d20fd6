//! Objects that have no place in the schema, by the words that name their kind (`object_type_any_name` and
//! `object_type_name` of `gram.y`): what they are called is read, their options are not looked into.

use super::drop;
use super::unmodelled::{balanced_rest, opaque, without_effect};
use crate::schema::{Change, DropBehavior, Touches, Why, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::lexer::Kind;

/// What a CASCADE takes along when an object of a kind is dropped (`pg_depend`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dependents {
    /// Nothing that the schema models.
    Unmodelled,
    /// Columns, defaults, constraints, indexes, views or triggers may use it.
    Modelled,
}

/// A kind with a name of several words stands before the one that begins it.
const KINDS: [(&str, Dependents); 29] = [
    ("ACCESS METHOD", Dependents::Modelled),
    ("AGGREGATE", Dependents::Modelled),
    ("CAST", Dependents::Modelled),
    ("COLLATION", Dependents::Modelled),
    ("CONVERSION", Dependents::Unmodelled),
    ("DATABASE", Dependents::Unmodelled),
    ("EVENT TRIGGER", Dependents::Unmodelled),
    ("FOREIGN DATA WRAPPER", Dependents::Modelled),
    ("FUNCTION", Dependents::Modelled),
    ("GROUP", Dependents::Unmodelled),
    ("LANGUAGE", Dependents::Modelled),
    ("LARGE OBJECT", Dependents::Unmodelled),
    ("OPERATOR CLASS", Dependents::Modelled),
    ("OPERATOR FAMILY", Dependents::Modelled),
    ("OPERATOR", Dependents::Modelled),
    ("PROCEDURE", Dependents::Unmodelled),
    ("PUBLICATION", Dependents::Unmodelled),
    ("ROLE", Dependents::Unmodelled),
    ("ROUTINE", Dependents::Modelled),
    ("SERVER", Dependents::Modelled),
    ("STATISTICS", Dependents::Unmodelled),
    ("SUBSCRIPTION", Dependents::Unmodelled),
    ("TABLESPACE", Dependents::Unmodelled),
    ("TEXT SEARCH CONFIGURATION", Dependents::Modelled),
    ("TEXT SEARCH DICTIONARY", Dependents::Modelled),
    ("TEXT SEARCH PARSER", Dependents::Modelled),
    ("TEXT SEARCH TEMPLATE", Dependents::Modelled),
    ("TRANSFORM", Dependents::Unmodelled),
    ("USER", Dependents::Unmodelled),
];

/// After `CREATE [OR REPLACE]`.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let (kind, _) = kind(cursor, "CREATE")?;
    cursor.eat("IF NOT EXISTS");
    let relations = named(cursor, kind)?;
    balanced_rest(cursor)?;
    without_effect(format!("CREATE {kind}"), relations)
}

/// After `ALTER`.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let (kind, _) = kind(cursor, "ALTER")?;
    cursor.eat("IF EXISTS");
    named(cursor, kind)?;
    if cursor.is_at_end() {
        return Err(cursor.unexpected(&format!("an action of ALTER {kind}")));
    }
    balanced_rest(cursor)?;
    without_effect(format!("ALTER {kind}"), Vec::new())
}

/// After `DROP`.
pub(super) fn drop(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let (kind, dependents) = kind(cursor, "DROP")?;
    cursor.eat("IF EXISTS");
    named(cursor, kind)?;
    // Signatures and further objects; CASCADE is a reserved word of no object's name here.
    let behavior = drop::behavior_at_end(cursor);
    balanced_rest(cursor)?;
    if behavior == DropBehavior::Cascade && dependents == Dependents::Modelled {
        return opaque(
            cursor,
            &format!("what depends on the {}", kind.to_ascii_lowercase()),
            Touches::Anything,
        );
    }
    without_effect(format!("DROP {kind}"), Vec::new())
}

fn kind(cursor: &mut Cursor<'_>, verb: &str) -> Parsed<(&'static str, Dependents)> {
    // A key word for the whole kind.
    cursor.eat("TRUSTED");
    cursor.eat("PROCEDURAL");
    if verb == "CREATE" {
        cursor.eat("DEFAULT");
    }
    let found = KINDS.into_iter().find(|(words, _)| cursor.eat(words));
    found.ok_or_else(|| {
        Why::new(match cursor.peek() {
            Some(kind) if kind.kind == Kind::Word => {
                format!("{verb} {} is not known", kind.text.to_ascii_uppercase())
            }
            _ => format!("what {verb} names is not understood"),
        })
    })
}

/// Steps over what the object is called by, and gives the relations that it is of.
fn named(cursor: &mut Cursor<'_>, kind: &str) -> Parsed<Vec<WrittenName>> {
    match kind {
        "CAST" => {
            cursor.parenthesised()?;
        }
        "TRANSFORM" => {
            cursor.eat("IF EXISTS");
            cursor.expect("FOR")?;
            cursor.name()?;
        }
        "USER" if cursor.eat("MAPPING") => {
            let _ = cursor.eat("IF NOT EXISTS") || cursor.eat("IF EXISTS");
            cursor.expect("FOR")?;
            cursor.identifier()?;
        }
        "OPERATOR" => operator(cursor)?,
        "LARGE OBJECT" => {
            cursor.advance();
        }
        "STATISTICS" => {
            if !cursor.at("ON") {
                cursor.name()?;
            }
            let table = cursor.after_outside("FROM");
            return Ok(table
                .and_then(|mut at| at.name().ok())
                .into_iter()
                .collect());
        }
        _ => {
            cursor.name()?;
        }
    }
    Ok(Vec::new())
}

/// `[schema.]===`.
fn operator(cursor: &mut Cursor<'_>) -> Parsed<()> {
    while cursor.peek_at(1).is_some_and(|next| next.is_symbol(".")) {
        cursor.identifier()?;
        cursor.advance();
    }
    let start = cursor.position();
    while cursor.peek().is_some_and(|next| {
        next.kind == Kind::Symbol && !matches!(next.text, "(" | ")" | "," | ";")
    }) {
        cursor.advance();
    }
    if cursor.position() == start {
        return Err(cursor.unexpected("an operator"));
    }
    Ok(())
}
