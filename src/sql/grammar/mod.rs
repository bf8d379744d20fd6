//! The grammar of the statements that are understood, one file for each family; names are those of
//! PostgreSQL's own `gram.y`.

mod alter_column;
mod alter_table;
mod column;
mod constraint;
mod create_table;
mod data;
mod define_type;
mod do_block;
mod drop;
mod exclusion;
mod extension;
mod foreign_table;
mod index;
mod object;
mod object_type;
mod rule;
mod schema;
mod sequence;
mod session;
mod trigger;
mod unmodelled;
mod view;

use super::cursor::{Cursor, Parsed};
use super::lexer::Kind;
use super::opaque::{touched_by, union};
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
        | "SAVEPOINT" | "RELEASE" | "DISCARD" | "PREPARE" => session::statement(cursor),
        "COMMENT" | "GRANT" | "REVOKE" | "ANALYZE" | "ANALYSE" | "VACUUM" | "CLUSTER"
        | "REINDEX" | "REFRESH" | "SHOW" | "EXPLAIN" | "NOTIFY" | "LISTEN" | "UNLISTEN"
        | "CHECKPOINT" | "SECURITY" | "LOAD" | "DECLARE" | "FETCH" | "MOVE" | "CLOSE"
        | "DEALLOCATE" | "EXECUTE" => object::no_effect(cursor),
        "DO" => do_block::statement(cursor),
        "IMPORT" => foreign_table::import(cursor),
        "REASSIGN" => object::reassigned(cursor),
        "CALL" => Err(Why::new("what a procedure runs is not followed")),
        other => Err(Why::new(format!("`{other}` is not understood"))),
    }
}

fn create(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.expect("CREATE")?;
    let or_replace = cursor.eat("OR REPLACE");
    if let Some(found) = create_relation(cursor, or_replace) {
        return found;
    }
    if cursor.at("TRIGGER") || cursor.at("CONSTRAINT TRIGGER") {
        return trigger::create(cursor, or_replace);
    }
    let families: [(&str, Family); 7] = [
        ("SCHEMA", schema::create),
        ("EXTENSION", extension::create),
        ("TYPE", define_type::create),
        ("DOMAIN", define_type::create_domain),
        ("RULE", rule::create),
        ("POLICY", rule::create_policy),
        ("FOREIGN TABLE", foreign_table::create),
    ];
    match families.into_iter().find(|(words, _)| cursor.eat(words)) {
        Some((_, family)) => family(cursor),
        None => object_type::create(cursor),
    }
}

/// What stands after the words that name a kind of object.
type Family = fn(&mut Cursor<'_>) -> Parsed<Vec<Change>>;

/// Tables, indexes, sequences and views; of temporary ones the schema knows the name only.
fn create_relation(cursor: &mut Cursor<'_>, or_replace: bool) -> Option<Parsed<Vec<Change>>> {
    for scope in ["LOCAL", "GLOBAL"] {
        let kinds = ["TEMP", "TEMPORARY"];
        if kinds
            .iter()
            .any(|kind| cursor.at(&format!("{scope} {kind}")))
        {
            cursor.eat(scope);
        }
    }
    let is_temporary = cursor.eat("TEMPORARY") || cursor.eat("TEMP");
    if !is_temporary {
        cursor.eat("UNLOGGED");
    }
    let replaceable = cursor.at("VIEW") || cursor.at("RECURSIVE VIEW");
    let made = if or_replace && !replaceable {
        return None;
    } else if cursor.eat("TABLE") {
        create_table::statement(cursor)
    } else if cursor.at("INDEX") || cursor.at("UNIQUE INDEX") {
        index::create(cursor)
    } else if cursor.eat("SEQUENCE") {
        sequence::create(cursor)
    } else if cursor.at("VIEW") || cursor.at("MATERIALIZED VIEW") || cursor.at("RECURSIVE VIEW") {
        view::create(cursor, or_replace)
    } else {
        return None;
    };
    match made {
        Ok(changes) if is_temporary => Some(temporary(cursor, &changes)),
        made => Some(made),
    }
}

/// A temporary relation hides another of its name until the session ends.
fn temporary(cursor: &Cursor<'_>, changes: &[Change]) -> Parsed<Vec<Change>> {
    let touches = union(changes.iter().map(touched_by));
    unmodelled::opaque(cursor, "a temporary relation", touches)
}

fn alter(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    cursor.expect("ALTER")?;
    let families: [(&str, Family); 13] = [
        ("TABLE", alter_table::statement),
        ("INDEX", index::alter),
        ("SEQUENCE", sequence::alter),
        ("MATERIALIZED VIEW", view::alter_materialized),
        ("VIEW", view::alter),
        ("FOREIGN TABLE", foreign_table::alter),
        ("TYPE", define_type::alter),
        ("DOMAIN", define_type::alter_domain),
        ("SCHEMA", schema::alter),
        ("EXTENSION", extension::alter),
        ("TRIGGER", trigger::alter),
        ("DEFAULT PRIVILEGES", object::altered),
        ("SYSTEM", object::altered),
    ];
    if let Some((_, family)) = families.into_iter().find(|(words, _)| cursor.eat(words)) {
        return family(cursor);
    }
    for kind in ["RULE", "POLICY"] {
        if cursor.eat(kind) {
            return rule::alter(cursor, kind);
        }
    }
    object_type::alter(cursor)
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
