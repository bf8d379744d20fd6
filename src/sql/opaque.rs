//! What a statement that is not understood may have touched, as far as its first words tell.

use std::collections::BTreeSet;

use super::cursor::Cursor;
use super::grammar;
use super::lexer::{Kind, lex};
use super::split::{Piece, split};
use crate::schema::{Change, Touches, WrittenName};

/// What the statement may have changed of the catalog.
pub(super) fn touches(cursor: &Cursor<'_>) -> Touches {
    let mut cursor = cursor.clone();
    let Some(verb) = cursor.advance().filter(|first| first.kind == Kind::Word) else {
        return Touches::Anything;
    };
    match verb.text.to_ascii_uppercase().as_str() {
        "CREATE" => created(cursor),
        "ALTER" => altered(cursor),
        "DROP" => dropped(cursor),
        "DO" => block(&cursor),
        "SELECT" | "WITH" | "VALUES" | "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "COPY"
        | "TRUNCATE" | "LOCK" | "GRANT" | "REVOKE" | "COMMENT" | "ANALYZE" | "VACUUM"
        | "CLUSTER" | "REINDEX" | "REFRESH" | "SET" | "RESET" | "SHOW" | "EXPLAIN" | "BEGIN"
        | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "NOTIFY" | "LISTEN" | "UNLISTEN"
        | "SECURITY" | "DECLARE" | "FETCH" | "MOVE" | "CLOSE" | "PREPARE" | "DEALLOCATE"
        | "DISCARD" | "LOAD" | "CHECKPOINT" => Touches::Nothing,
        _ => Touches::Anything,
    }
}

/// The words between CREATE and the kind of object.
const MODIFIERS: [&str; 14] = [
    "OR",
    "REPLACE",
    "UNIQUE",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "LOCAL",
    "GLOBAL",
    "RECURSIVE",
    "MATERIALIZED",
    "TRUSTED",
    "PROCEDURAL",
    "CONSTRAINT",
    "DEFAULT",
];

fn created(mut cursor: Cursor<'_>) -> Touches {
    while MODIFIERS.iter().any(|word| cursor.eat(word)) {}
    if cursor.eat("INDEX") {
        return indexed(cursor);
    }
    let named = ["TABLE", "VIEW", "SEQUENCE", "FOREIGN TABLE"];
    if named.iter().any(|word| cursor.eat(word)) {
        cursor.eat("IF NOT EXISTS");
        return named_relation(cursor);
    }
    if cursor.at("SCHEMA") {
        return Touches::Anything;
    }
    // Functions, triggers, rules, types, operators, casts, policies, roles ...
    if cursor.peek().is_some_and(|kind| kind.kind == Kind::Word) {
        Touches::Nothing
    } else {
        Touches::Anything
    }
}

/// `CREATE INDEX ... ON table`.
fn indexed(mut cursor: Cursor<'_>) -> Touches {
    while !cursor.is_at_end() && !cursor.at("ON") {
        cursor.advance();
    }
    cursor.eat("ON");
    cursor.eat("ONLY");
    named_relation(cursor)
}

fn named_relation(mut cursor: Cursor<'_>) -> Touches {
    match cursor.name() {
        Ok(name) => Touches::Relations(BTreeSet::from([name])),
        Err(_) => Touches::Anything,
    }
}

fn altered(mut cursor: Cursor<'_>) -> Touches {
    let kinds = [
        "TABLE",
        "INDEX",
        "SEQUENCE",
        "MATERIALIZED VIEW",
        "VIEW",
        "FOREIGN TABLE",
    ];
    if !kinds.iter().any(|kind| cursor.eat(kind)) {
        return match cursor.at("SCHEMA") || cursor.at("EXTENSION") {
            true => Touches::Anything,
            false => Touches::Nothing,
        };
    }
    if cursor.at("ALL IN TABLESPACE") {
        return Touches::Nothing;
    }
    cursor.eat("IF EXISTS");
    cursor.eat("ONLY");
    let Ok(table) = cursor.name() else {
        return Touches::Anything;
    };
    let mut touched = BTreeSet::from([table]);
    touched.extend(other_tables(cursor));
    Touches::Relations(touched)
}

/// The other table of ATTACH, DETACH, INHERIT, REFERENCES.
fn other_tables(mut cursor: Cursor<'_>) -> Vec<WrittenName> {
    let words = [
        "ATTACH PARTITION",
        "DETACH PARTITION",
        "INHERIT",
        "REFERENCES",
    ];
    let mut found = Vec::new();
    while !cursor.is_at_end() {
        if words.iter().any(|word| cursor.eat(word)) {
            found.extend(cursor.name());
        } else {
            cursor.advance();
        }
    }
    found
}

fn dropped(mut cursor: Cursor<'_>) -> Touches {
    let relations = [
        "TABLE",
        "INDEX",
        "SEQUENCE",
        "MATERIALIZED VIEW",
        "VIEW",
        "FOREIGN TABLE",
    ];
    let everything = ["SCHEMA", "OWNED", "DATABASE", "EXTENSION", "TYPE"];
    if everything.iter().any(|kind| cursor.at(kind)) {
        return Touches::Anything;
    }
    let cascades = cursor
        .rest()
        .last()
        .is_some_and(|last| last.is_word("CASCADE"));
    if !relations.iter().any(|kind| cursor.eat(kind)) {
        // What depends on a function or a domain goes with it: generated columns, defaults.
        let harmless = ["TRIGGER", "POLICY", "RULE", "EVENT TRIGGER", "ROLE", "USER"];
        return match cascades && !harmless.iter().any(|kind| cursor.at(kind)) {
            true => Touches::Anything,
            false => Touches::Nothing,
        };
    }
    cursor.eat("CONCURRENTLY");
    cursor.eat("IF EXISTS");
    match cursor.list(Cursor::name) {
        Ok(names) if !cascades => Touches::Relations(names.into_iter().collect()),
        Ok(_) | Err(_) => Touches::Anything,
    }
}

/// A `DO` block: the relations of the statements within it, if each can be read, else anything.
fn block(cursor: &Cursor<'_>) -> Touches {
    let body = cursor
        .rest()
        .iter()
        .find(|lexeme| lexeme.kind == Kind::String);
    let Some(body) = body.map(super::lexer::Lexeme::string) else {
        return Touches::Anything;
    };
    let lexed = lex(&body, 0);
    let unknown = |_| crate::schema::Why::new("not known");
    let mut touched = BTreeSet::new();
    for piece in split(&lexed) {
        let Piece::Statement(range) = piece else {
            return Touches::Anything;
        };
        let lexemes = lexed.lexemes.get(range).unwrap_or_default();
        match guarded(Cursor::new(&body, lexemes, &unknown)) {
            Touches::Nothing => {}
            Touches::Relations(more) => touched.extend(more),
            Touches::Anything => return Touches::Anything,
        }
    }
    if touched.is_empty() {
        Touches::Nothing
    } else {
        Touches::Relations(touched)
    }
}

/// One statement of PL/pgSQL: its control words are stepped over, what they guard is read.
fn guarded(mut cursor: Cursor<'_>) -> Touches {
    if cursor.at("DECLARE") {
        while !cursor.is_at_end() && !cursor.at("BEGIN") {
            cursor.advance();
        }
        // The declaration of one variable; the next ones look like unknown verbs and are refused.
    }
    loop {
        let guards = ["BEGIN", "ELSE", "LOOP", "EXCEPTION"];
        if guards.iter().any(|word| cursor.eat(word)) {
            continue;
        }
        if ["IF", "ELSIF", "ELSEIF", "WHEN"]
            .iter()
            .any(|word| cursor.at(word))
        {
            while !cursor.is_at_end() && !cursor.eat("THEN") {
                cursor.advance();
            }
            continue;
        }
        break;
    }
    let control = [
        "END", "NULL", "RAISE", "RETURN", "EXIT", "CONTINUE", "PERFORM",
    ];
    if cursor.is_at_end() || control.iter().any(|word| cursor.at(word)) {
        return Touches::Nothing;
    }
    let rest = cursor.within(cursor.rest());
    match grammar::statement(&rest) {
        Ok(changes) => union(changes.iter().map(of_change)),
        Err(_) => touches(&rest),
    }
}

fn union(all: impl Iterator<Item = Touches>) -> Touches {
    let mut touched = BTreeSet::new();
    for each in all {
        match each {
            Touches::Nothing => {}
            Touches::Relations(more) => touched.extend(more),
            Touches::Anything => return Touches::Anything,
        }
    }
    if touched.is_empty() {
        Touches::Nothing
    } else {
        Touches::Relations(touched)
    }
}

/// The relations of the catalog that a change would alter.
fn of_change(change: &Change) -> Touches {
    let one = |name: &WrittenName| Touches::Relations(BTreeSet::from([name.clone()]));
    match change {
        Change::CreateTable(created) => one(&created.table),
        Change::DropTable(drop)
        | Change::DropSequence(drop)
        | Change::DropIndex { drop, .. }
        | Change::DropView { drop, .. } => match drop.behavior {
            crate::schema::DropBehavior::Restrict => one(&drop.name),
            crate::schema::DropBehavior::Cascade => Touches::Anything,
        },
        Change::RenameTable { table, to, .. } => {
            let renamed = WrittenName {
                schema: table.schema.clone(),
                name: to.clone(),
            };
            Touches::Relations(BTreeSet::from([table.clone(), renamed]))
        }
        Change::AddColumn { table, .. }
        | Change::DropColumn { table, .. }
        | Change::RenameColumn { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::AddConstraint { table, .. }
        | Change::AddConstraintUsingIndex { table, .. }
        | Change::DropConstraint { table, .. }
        | Change::RenameConstraint { table, .. }
        | Change::ValidateConstraint { table, .. }
        | Change::AlterConstraint { table, .. } => one(table),
        Change::CreateIndex(created) => one(&created.table),
        Change::RenameIndex { index, .. } => one(index),
        Change::CreateSequence { sequence, .. }
        | Change::AlterSequence { sequence, .. }
        | Change::RenameSequence { sequence, .. } => one(sequence),
        Change::CreateView { view, .. } => one(view),
        Change::SetConstraints { .. }
        | Change::Transaction(_)
        | Change::Data { .. }
        | Change::NoEffect { .. } => Touches::Nothing,
        Change::Opaque { touches, .. } => touches.clone(),
        Change::SetTableSchema { .. }
        | Change::CreateSchema { .. }
        | Change::DropSchema { .. }
        | Change::CreateEnum { .. }
        | Change::AddEnumValue { .. }
        | Change::DropType(_)
        | Change::CreateExtension { .. }
        | Change::DropExtension { .. }
        | Change::SetParameter { .. } => Touches::Anything,
    }
}
