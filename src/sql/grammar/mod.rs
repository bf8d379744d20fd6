//! The grammar of the statements that are understood, one file for each family; names are those of
//! PostgreSQL's own `gram.y`.

mod alter_column;
mod alter_table;
mod column;
mod constraint;
mod create_table;
mod data;
mod drop;
mod exclusion;
mod index;
mod object;
mod sequence;
mod session;
mod trigger;
mod view;

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use crate::schema::{Change, IfExists, IfNotExists, Why};

/// The effects of one statement, in order of execution.
pub(super) fn statement(cursor: &Cursor<'_>) -> Parsed<Vec<Change>> {
    let mut cursor = cursor.clone();
    let cursor = &mut cursor;
    let Some(verb) = cursor.peek() else {
        return Ok(Vec::new());
    };
    if verb.is_symbol("(") {
        return data::statement(cursor);
    }
    if verb.kind != Kind::Word {
        return Err(cursor.unexpected("a statement"));
    }
    match verb.text.to_ascii_uppercase().as_str() {
        "ALTER" => alter(cursor),
        "CREATE" => create(cursor),
        "DROP" => drop::statement(cursor),
        "SELECT" | "WITH" | "VALUES" | "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "TRUNCATE"
        | "COPY" | "LOCK" | "TABLE" => data::statement(cursor),
        "SET" | "RESET" | "BEGIN" | "START" | "COMMIT" | "END" | "ROLLBACK" | "ABORT"
        | "SAVEPOINT" | "RELEASE" | "DISCARD" => session::statement(cursor),
        "COMMENT" | "GRANT" | "REVOKE" | "ANALYZE" | "ANALYSE" | "VACUUM" | "CLUSTER"
        | "REINDEX" | "REFRESH" | "SHOW" | "EXPLAIN" | "NOTIFY" | "LISTEN" | "UNLISTEN"
        | "CHECKPOINT" | "SECURITY" => object::no_effect(cursor),
        "DO" => Err(Why::new("what a DO block runs is not followed")),
        other => Err(Why::new(format!("`{other}` is not understood"))),
    }
}

fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.expect("CREATE")?;
    let or_replace = cursor.eat("OR REPLACE");
    if cursor.eat("TABLE") || cursor.eat("UNLOGGED TABLE") {
        return create_table::statement(cursor);
    }
    if cursor.at("INDEX") || cursor.at("UNIQUE INDEX") {
        return index::create(cursor);
    }
    if cursor.eat("SEQUENCE") {
        return sequence::create(cursor);
    }
    if cursor.at("VIEW") || cursor.at("MATERIALIZED VIEW") || cursor.at("RECURSIVE VIEW") {
        return view::create(cursor, or_replace);
    }
    if cursor.at("TRIGGER") || cursor.at("CONSTRAINT TRIGGER") {
        return trigger::create(cursor, or_replace);
    }
    object::create(cursor)
}

fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.expect("ALTER")?;
    if cursor.eat("TABLE") {
        return alter_table::statement(cursor);
    }
    if cursor.eat("INDEX") {
        return index::alter(cursor);
    }
    if cursor.eat("SEQUENCE") {
        return sequence::alter(cursor);
    }
    if cursor.at("VIEW") || cursor.at("MATERIALIZED VIEW") {
        return view::alter(cursor);
    }
    object::alter(cursor)
}

fn if_exists(cursor: &mut Cursor<'_>) -> IfExists {
    if cursor.eat("IF EXISTS") {
        IfExists::Yes
    } else {
        IfExists::No
    }
}

fn if_not_exists(cursor: &mut Cursor<'_>) -> IfNotExists {
    if cursor.eat("IF NOT EXISTS") {
        IfNotExists::Yes
    } else {
        IfNotExists::No
    }
}
