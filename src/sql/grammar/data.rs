//! Statements of rows: which relations they name, and which columns they write.

use crate::schema::{Change, DataVerb, Identifier, Why, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::relations as relations_of;

use super::session;
use super::unmodelled::{balanced_rest, opaque, relations};

pub(super) fn statement(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    if let Some(set) = session::set_config(cursor) {
        return Ok(vec![set]);
    }
    let verb = verb(cursor)?;
    has_its_words(cursor, verb)?;
    if verb == DataVerb::Select
        && let Some(made) = cursor.after_outside("INTO")
    {
        return selected_into(made);
    }
    let mut named = match verb {
        DataVerb::Truncate | DataVerb::Lock => listed(cursor)?,
        DataVerb::Copy => copied(cursor)?,
        _ => relations_of::relations(cursor),
    };
    let columns = match verb {
        DataVerb::Insert => insert_columns(cursor, &mut named),
        DataVerb::Update => update_columns(cursor, &mut named),
        DataVerb::Delete => {
            target(cursor, "DELETE FROM", &mut named);
            Vec::new()
        }
        _ => Vec::new(),
    };
    let hole = cursor.rest().iter().find_map(|token| cursor.hole(token));
    if let (Some(why), true) = (hole, named.is_empty()) {
        return Err(why);
    }
    Ok(vec![Change::Data {
        verb,
        relations: named,
        columns,
    }])
}

/// After `SELECT ... INTO`, which makes the table.
fn selected_into(mut made: Cursor<'_>) -> Parsed<Vec<Change>> {
    let words = ["LOCAL", "GLOBAL", "TEMP", "TEMPORARY", "UNLOGGED", "TABLE"];
    while words.iter().any(|word| made.eat(word)) {}
    let table = made.name()?;
    balanced_rest(&mut made)?;
    opaque(&made, "a table made of a query", relations([table]))
}

/// The verb that acts: after WITH queries, the one that stands outside them.
fn verb(cursor: &Cursor<'_>) -> Parsed<DataVerb> {
    let verbs = [
        ("INSERT", DataVerb::Insert),
        ("UPDATE", DataVerb::Update),
        ("DELETE", DataVerb::Delete),
        ("MERGE", DataVerb::Update),
        ("SELECT", DataVerb::Select),
        ("VALUES", DataVerb::Select),
        ("TABLE", DataVerb::Select),
        ("TRUNCATE", DataVerb::Truncate),
        ("COPY", DataVerb::Copy),
        ("LOCK", DataVerb::Lock),
    ];
    let mut depth = 0_usize;
    for token in cursor.rest() {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            let found = verbs.iter().find(|(word, _)| token.is_word(word));
            if let Some((_, verb)) = found {
                return Ok(*verb);
            }
        }
    }
    if cursor.at_symbol("(") {
        return Ok(DataVerb::Select);
    }
    Err(Why::new("no verb is found in the statement"))
}

/// Without these words, outside parentheses, no server takes the statement.
fn has_its_words(cursor: &Cursor<'_>, verb: DataVerb) -> Parsed<()> {
    let is_merge = cursor.after_outside("MERGE INTO").is_some();
    let wanted: &[&str] = match verb {
        DataVerb::Update if is_merge => &["USING"],
        DataVerb::Insert => &["INSERT INTO"],
        DataVerb::Update => &["SET"],
        DataVerb::Delete => &["DELETE FROM"],
        DataVerb::Copy => &["FROM", "TO"],
        DataVerb::Select | DataVerb::Truncate | DataVerb::Lock => return Ok(()),
    };
    if wanted
        .iter()
        .any(|words| cursor.after_outside(words).is_some())
    {
        return Ok(());
    }
    let words = wanted.join("` or `");
    Err(Why::new(format!("the statement lacks `{words}`")))
}

/// `TRUNCATE [TABLE] [ONLY] a, b`, `LOCK [TABLE] a IN ... MODE`.
fn listed(cursor: &mut Cursor<'_>) -> Parsed<Vec<WrittenName>> {
    let mut cursor = cursor.clone();
    cursor.advance();
    cursor.eat("TABLE");
    let names = cursor.list(|cursor| {
        cursor.eat("ONLY");
        let name = cursor.name()?;
        cursor.eat_symbol("*");
        Ok(name)
    })?;
    let options = [
        "RESTART IDENTITY",
        "CONTINUE IDENTITY",
        "CASCADE",
        "RESTRICT",
        "IN ACCESS SHARE MODE",
        "IN ROW SHARE MODE",
        "IN ROW EXCLUSIVE MODE",
        "IN SHARE UPDATE EXCLUSIVE MODE",
        "IN SHARE MODE",
        "IN SHARE ROW EXCLUSIVE MODE",
        "IN EXCLUSIVE MODE",
        "IN ACCESS EXCLUSIVE MODE",
        "NOWAIT",
    ];
    while options.iter().any(|option| cursor.eat(option)) {}
    cursor.expect_end()?;
    Ok(names)
}

/// `COPY table [(columns)]`, `COPY (query)`.
fn copied(cursor: &mut Cursor<'_>) -> Parsed<Vec<WrittenName>> {
    let mut ahead = cursor.clone();
    ahead.advance();
    if ahead.at_symbol("(") {
        return Ok(relations_of::relations(&ahead));
    }
    Ok(vec![ahead.name()?])
}

/// Puts the relation that is written to first.
fn put_first(target: WrittenName, named: &mut Vec<WrittenName>) {
    named.retain(|name| *name != target);
    named.insert(0, target);
}

/// A cursor after these words where they stand outside parentheses, and the relation named there.
fn target<'a>(
    cursor: &Cursor<'a>,
    words: &str,
    named: &mut Vec<WrittenName>,
) -> Option<Cursor<'a>> {
    let mut ahead = cursor.after_outside(words)?;
    ahead.eat("ONLY");
    put_first(ahead.name().ok()?, named);
    Some(ahead)
}

fn insert_columns(cursor: &Cursor<'_>, named: &mut Vec<WrittenName>) -> Vec<Identifier> {
    let Some(mut ahead) = target(cursor, "INSERT INTO", named) else {
        return Vec::new();
    };
    if ahead.eat("AS") && ahead.identifier().is_err() {
        return Vec::new();
    }
    let opens_query = ahead
        .peek_at(1)
        .is_some_and(|next| next.is_word("SELECT") || next.is_word("WITH"));
    if !ahead.at_symbol("(") || opens_query {
        return Vec::new();
    }
    ahead.identifiers().unwrap_or_default()
}

/// The columns on the left of SET.
fn update_columns(cursor: &Cursor<'_>, named: &mut Vec<WrittenName>) -> Vec<Identifier> {
    let Some(mut ahead) = target(cursor, "UPDATE", named) else {
        return Vec::new();
    };
    while !ahead.is_at_end() && !ahead.eat("SET") {
        ahead.advance();
    }
    let mut columns = Vec::new();
    let mut begins = true;
    while !ahead.is_at_end() {
        if begins && ahead.at_symbol("(") {
            columns.extend(ahead.identifiers().unwrap_or_default());
        } else if begins {
            columns.extend(ahead.identifier());
        }
        if ["FROM", "WHERE", "RETURNING"]
            .iter()
            .any(|word| ahead.at(word))
        {
            break;
        }
        begins = ahead.at_symbol(",");
        if ahead.at_symbol("(") {
            if ahead.parenthesised().is_err() {
                break;
            }
        } else {
            ahead.advance();
        }
    }
    columns
}
