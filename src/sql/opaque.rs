//! What a statement that is not understood may have touched, as far as its first words tell.

use std::collections::BTreeSet;

use super::cursor::Cursor;
use super::lexer::Kind;
use super::plpgsql;
use crate::schema::{Change, DropBehavior, Touches, WrittenName};

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
        "DO" => plpgsql::touches(&cursor),
        "SELECT" | "WITH" => selected(&cursor),
        "VALUES" | "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "COPY" | "TRUNCATE" | "LOCK"
        | "GRANT" | "REVOKE" | "COMMENT" | "ANALYZE" | "VACUUM" | "CLUSTER" | "REINDEX"
        | "REFRESH" | "SET" | "RESET" | "SHOW" | "EXPLAIN" | "BEGIN" | "COMMIT" | "ROLLBACK"
        | "SAVEPOINT" | "RELEASE" | "NOTIFY" | "LISTEN" | "UNLISTEN" | "SECURITY" | "DECLARE"
        | "FETCH" | "MOVE" | "CLOSE" | "PREPARE" | "DEALLOCATE" | "DISCARD" | "LOAD"
        | "CHECKPOINT" => Touches::Nothing,
        _ => Touches::Anything,
    }
}

/// `SELECT ... INTO table` makes the table.
fn selected(cursor: &Cursor<'_>) -> Touches {
    let Some(mut cursor) = cursor.after_outside("INTO") else {
        return Touches::Nothing;
    };
    let words = ["TEMP", "TEMPORARY", "UNLOGGED", "TABLE"];
    while words.iter().any(|word| cursor.eat(word)) {}
    named_relation(cursor)
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
    if cursor.eat("TRIGGER") {
        // It may fill rows of the table, whose columns are then no longer what they were for an INSERT.
        return match indexed(cursor) {
            Touches::Grows(table) => Touches::Relations(table),
            other => other,
        };
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
    match named_relation(cursor) {
        Touches::Relations(table) => Touches::Grows(table),
        other => other,
    }
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
        // Renamed types and attributes are those of columns, too.
        let everything = ["SCHEMA", "EXTENSION", "TYPE", "DOMAIN"];
        return if everything.iter().any(|kind| cursor.at(kind)) {
            Touches::Anything
        } else {
            Touches::Nothing
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
    if only_adds(&cursor) {
        return Touches::Grows(BTreeSet::from([table]));
    }
    let mut touched = BTreeSet::from([table]);
    touched.extend(other_tables(cursor));
    Touches::Relations(touched)
}

/// Whether an ALTER TABLE only adds a part, and what the table has stays. Several actions are not told apart, and
/// a primary key makes its columns NOT NULL.
fn only_adds(cursor: &Cursor<'_>) -> bool {
    let mut rest = cursor.clone();
    if !rest.at("ADD") {
        return false;
    }
    while !rest.is_at_end() {
        if rest.at_symbol(",") || rest.at("PRIMARY KEY") {
            return false;
        }
        if !rest.at_symbol("(") {
            rest.advance();
        } else if rest.parenthesised().is_err() {
            return false;
        }
    }
    true
}

/// The other table of ATTACH, DETACH, INHERIT, REFERENCES; the new name of a view.
fn other_tables(mut cursor: Cursor<'_>) -> Vec<WrittenName> {
    let words = [
        "ATTACH PARTITION",
        "DETACH PARTITION",
        "INHERIT",
        "REFERENCES",
        "RENAME TO",
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
        return if cascades && !harmless.iter().any(|kind| cursor.at(kind)) {
            Touches::Anything
        } else {
            Touches::Nothing
        };
    }
    cursor.eat("CONCURRENTLY");
    cursor.eat("IF EXISTS");
    match cursor.list(Cursor::name) {
        Ok(names) if !cascades => Touches::Relations(names.into_iter().collect()),
        Ok(_) | Err(_) => Touches::Anything,
    }
}

/// What several statements or changes touch together.
pub(super) fn union(all: impl IntoIterator<Item = Touches>) -> Touches {
    let mut touched = BTreeSet::new();
    for each in all {
        match each {
            Touches::Nothing => {}
            Touches::Relations(more) | Touches::Grows(more) => touched.extend(more),
            Touches::Anything => return Touches::Anything,
        }
    }
    if touched.is_empty() {
        Touches::Nothing
    } else {
        Touches::Relations(touched)
    }
}

/// What a change would alter of the catalog.
pub fn touched_by(change: &Change) -> Touches {
    match change {
        Change::SetConstraints { .. }
        | Change::Transaction(_)
        | Change::Data { .. }
        | Change::NoEffect { .. } => Touches::Nothing,
        Change::SetParameter { parameter, .. } if &**parameter != "search_path" => Touches::Nothing,
        // A type stands under its name among the relations (`pg_type` has the row type of each).
        Change::CreateEnum { name, .. } | Change::AddEnumValue { name, .. } => {
            Touches::Relations(BTreeSet::from([name.clone()]))
        }
        Change::SetTableSchema { table, to } => {
            let moved = WrittenName::in_schema(to.clone(), table.name.clone());
            Touches::Relations(BTreeSet::from([table.clone(), moved]))
        }
        Change::Opaque { touches, .. } => touches.clone(),
        Change::RenameTable { table, to, .. } => {
            let renamed = WrittenName {
                schema: table.schema.clone(),
                name: to.clone(),
            };
            Touches::Relations(BTreeSet::from([table.clone(), renamed]))
        }
        Change::DropTable(drop)
        | Change::DropSequence(drop)
        | Change::DropIndex { drop, .. }
        | Change::DropView { drop, .. } => match drop.behavior {
            DropBehavior::Restrict => Touches::Relations(BTreeSet::from([drop.name.clone()])),
            DropBehavior::Cascade => Touches::Anything,
        },
        change => one_relation(change).map_or(Touches::Anything, |name| {
            Touches::Relations(BTreeSet::from([name.clone()]))
        }),
    }
}

/// The relation that a change is about, where it is about one.
fn one_relation(change: &Change) -> Option<&WrittenName> {
    match change {
        Change::CreateTable(created) => Some(&created.table),
        Change::CreateIndex(created) => Some(&created.table),
        Change::AddColumn { table, .. }
        | Change::DropColumn { table, .. }
        | Change::RenameColumn { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::AddConstraint { table, .. }
        | Change::AddConstraintUsingIndex { table, .. }
        | Change::DropConstraint { table, .. }
        | Change::RenameConstraint { table, .. }
        | Change::ValidateConstraint { table, .. }
        | Change::AlterConstraint { table, .. }
        | Change::CreateTrigger { table, .. }
        | Change::DropTrigger { table, .. } => Some(table),
        Change::RenameIndex { index: name, .. }
        | Change::CreateSequence { sequence: name, .. }
        | Change::AlterSequence { sequence: name, .. }
        | Change::RenameSequence { sequence: name, .. }
        | Change::CreateView { view: name, .. } => Some(name),
        Change::DropTable(_)
        | Change::RenameTable { .. }
        | Change::SetTableSchema { .. }
        | Change::DropIndex { .. }
        | Change::DropSequence(_)
        | Change::DropView { .. }
        | Change::CreateSchema { .. }
        | Change::DropSchema { .. }
        | Change::CreateEnum { .. }
        | Change::AddEnumValue { .. }
        | Change::DropType(_)
        | Change::CreateExtension { .. }
        | Change::DropExtension { .. }
        | Change::SetParameter { .. }
        | Change::SetConstraints { .. }
        | Change::Transaction(_)
        | Change::Data { .. }
        | Change::NoEffect { .. }
        | Change::Opaque { .. } => None,
    }
}
