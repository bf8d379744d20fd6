//! Columns.

use super::look_up::{self, column_is};
use super::{Action, GuardError, Guarded, Situation, Statement, plain, unless};
use crate::postgres::render;
use crate::repair::quote::{block, indented, literal, name_literal, quoted, regclass};
use crate::schema::{
    Change, ColumnAction, Identifier, IfExists, IfNotExists, SqlType, WrittenName,
};

pub(super) fn guard(change: &Change, situation: Situation<'_>) -> Result<Guarded, GuardError> {
    let guarded = of_column(change)?;
    let there = match change {
        _ if !situation.goes => return Ok(guarded),
        Change::AlterColumn { table, column, .. } | Change::RenameColumn { table, column, .. } => {
            look_up::column_exists(table, column)
        }
        Change::AddColumn { table, .. } | Change::DropColumn { table, .. } => {
            look_up::relation_exists(table)
        }
        _ => return Ok(guarded),
    };
    let statements: Vec<_> = guarded
        .statements
        .iter()
        .map(|one| only_if(&there, &one.sql))
        .collect();
    Ok(Guarded {
        done: guarded.done.map(|done| format!("(NOT {there} OR {done})")),
        ..Guarded::many(statements)
    })
}

fn only_if(there: &str, sql: &str) -> Statement {
    let run = if sql.starts_with("DO ") {
        format!("EXECUTE {}", literal(sql))
    } else {
        sql.to_owned()
    };
    Statement::new(block(
        "",
        &format!("IF {there} THEN\n{};\nEND IF;", indented(&run)),
    ))
}

fn of_column(change: &Change) -> Result<Guarded, GuardError> {
    match change {
        Change::AddColumn { table, column, .. } => {
            let skipping = Change::AddColumn {
                table: table.clone(),
                column: column.clone(),
                if_not_exists: IfNotExists::Yes,
            };
            let done = look_up::column_exists(table, &column.name);
            Ok(action(&skipping, table, &column.name)?.done_when(done))
        }
        Change::DropColumn {
            table,
            column,
            behavior,
            ..
        } => {
            let skipping = Change::DropColumn {
                table: table.clone(),
                column: column.clone(),
                if_exists: IfExists::Yes,
                behavior: *behavior,
            };
            let done = format!("NOT {}", look_up::column_exists(table, column));
            Ok(action(&skipping, table, column)?.done_when(done))
        }
        Change::RenameColumn { table, column, to } => {
            let done = look_up::column_exists(table, to);
            let left = look_up::column_exists(table, column);
            let skip = format!("({done} AND NOT {left})");
            Ok(Guarded::one(unless(&skip, &render(change)?)).done_when(skip))
        }
        Change::AlterColumn {
            table,
            column,
            action,
        } => altered(change, (table, column), action),
        _ => plain(change),
    }
}

/// A statement that is safe to run again by itself, and that others of its table may join.
fn action(
    change: &Change,
    table: &WrittenName,
    column: &Identifier,
) -> Result<Guarded, GuardError> {
    let sql = render(change)?;
    let head = format!("ALTER TABLE {}", quoted(table));
    let text = sql
        .strip_prefix(&head)
        .map(|rest| rest.trim_start().to_owned());
    Ok(Guarded {
        action: text.map(|text| Action {
            head,
            text,
            column: column.clone(),
        }),
        ..Guarded::one(sql)
    })
}

type Place<'a> = (&'a WrittenName, &'a Identifier);

fn altered(
    change: &Change,
    (table, column): Place<'_>,
    what: &ColumnAction,
) -> Result<Guarded, GuardError> {
    let is = |condition: &str| column_is(table, column, condition);
    match what {
        ColumnAction::SetDefault(_) => action(change, table, column),
        ColumnAction::DropDefault => {
            Ok(action(change, table, column)?.done_when(is("NOT atthasdef")))
        }
        ColumnAction::SetNotNull => Ok(action(change, table, column)?.done_when(is("attnotnull"))),
        ColumnAction::DropNotNull => {
            Ok(action(change, table, column)?.done_when(is("NOT attnotnull")))
        }
        ColumnAction::SetType {
            data_type,
            collation,
            ..
        } => {
            let collation = has_collation(collation.as_ref());
            let done = has_type(data_type).map(|type_| is(&format!("{type_} AND {collation}")));
            Ok(unless_done(&render(change)?, done))
        }
        ColumnAction::AddIdentity(_) => Ok(add_identity(&render(change)?, (table, column))),
        ColumnAction::SetIdentity(_) | ColumnAction::SetExpression(_) => plain(change),
        ColumnAction::DropIdentity { .. } => {
            let skipping = ColumnAction::DropIdentity {
                if_exists: IfExists::Yes,
            };
            Ok(plain(&on(table, column, skipping))?.done_when(is("attidentity = ''")))
        }
        ColumnAction::DropExpression { .. } => {
            let skipping = ColumnAction::DropExpression {
                if_exists: IfExists::Yes,
            };
            Ok(plain(&on(table, column, skipping))?.done_when(is("attgenerated = ''")))
        }
        ColumnAction::SetStorage(_) => plain(change),
    }
}

fn unless_done(sql: &str, done: Option<String>) -> Guarded {
    match done {
        Some(done) => Guarded::one(unless(&done, sql)).done_when(done),
        None => Guarded::one(sql.to_owned()),
    }
}

fn on(table: &WrittenName, column: &Identifier, action: ColumnAction) -> Change {
    Change::AlterColumn {
        table: table.clone(),
        column: column.clone(),
        action,
    }
}

/// A condition on the row of `pg_attribute`. A type of the server's own is spelled as `format_type` spells it; any
/// other is compared by its identity, and by what stands in its parentheses.
fn has_type(data_type: &SqlType) -> Option<String> {
    let SqlType::Known(known) = data_type else {
        return None;
    };
    let written = known.to_string();
    let shown = "format_type(atttypid, atttypmod)";
    // The server shows one pair, however many there were.
    let brackets = if known.is_array() { "[]" } else { "" };
    let modifiers = if known.modifiers.is_empty() {
        "atttypmod = -1".to_owned()
    } else {
        let end = format!("({}){}", known.modifiers.join(","), brackets);
        format!(
            "right({shown}, {}) = {}",
            end.chars().count(),
            literal(&end)
        )
    };
    let own = Identifier::quoted(&known.name).to_sql();
    let own = match &known.schema {
        Some(schema) => format!("{}.{own}", schema.to_sql()),
        None => own,
    };
    let named = format!("{own}{brackets}");
    Some(format!(
        "({shown} = {} OR atttypid = to_regtype({}) AND {modifiers})",
        literal(&written),
        literal(&named)
    ))
}

/// A condition on the row of `pg_attribute`: without COLLATE a new type brings its own collation.
fn has_collation(collation: Option<&WrittenName>) -> String {
    match collation {
        Some(name) => format!("attcollation = to_regcollation({})", literal(&quoted(name))),
        None => "attcollation = (SELECT typcollation FROM pg_type WHERE pg_type.oid = atttypid)"
            .to_owned(),
    }
}

/// The numbers go on after the highest that the column holds: a new sequence would begin at 1 and collide.
fn add_identity(sql: &str, (table, column): Place<'_>) -> Guarded {
    let done = column_is(table, column, "attidentity <> ''");
    let sequence = format!(
        "pg_get_serial_sequence({}, {})",
        literal(&quoted(table)),
        name_literal(column)
    );
    let highest = format!(
        "SELECT greatest(coalesce(max({}), 0), 0) FROM {}",
        column.to_sql(),
        quoted(table)
    );
    let body = format!(
        "IF {} IS NOT NULL AND NOT {done} THEN\n  {sql};\n  PERFORM setval({sequence}, ({highest}) + 1, false);\nEND IF;",
        regclass(table)
    );
    Guarded::one(block("", &body)).done_when(done)
}
