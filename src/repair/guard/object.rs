//! Tables, sequences, views, triggers, types and what else has a name of its own.

use super::look_up::relation_exists;
use super::{GuardError, Guarded, Situation, Statement, plain, unless};
use crate::postgres::{Version, render};
use crate::repair::quote::{literal, name_literal, quoted, regclass};
use crate::schema::{
    Change, CreateTable, Drop, Identifier, IfExists, IfNotExists, ViewKind, WrittenName,
};

pub(super) fn guard(change: &Change, situation: Situation<'_>) -> Result<Guarded, GuardError> {
    match change {
        Change::CreateTable(create) => {
            let skipping = Change::CreateTable(CreateTable {
                if_not_exists: IfNotExists::Yes,
                ..create.clone()
            });
            Ok(plain(&skipping)?.done_when(relation_exists(&create.table)))
        }
        Change::DropTable(drop) => dropped(drop, Change::DropTable),
        Change::DropSequence(drop) => dropped(drop, Change::DropSequence),
        Change::DropView { drop, kind } => {
            dropped(drop, |drop| Change::DropView { drop, kind: *kind })
        }
        Change::DropType(drop) => plain(&Change::DropType(skipping(drop))),
        Change::RenameTable { table, to, .. } => renamed(change, table, to),
        Change::RenameSequence { sequence, to, .. } => renamed(change, sequence, to),
        Change::SetTableSchema { table, to } => {
            let moved = WrittenName::in_schema(to.clone(), table.name.clone());
            let done = relation_exists(&moved);
            Ok(Guarded::one(unless(&done, &render(change)?)).done_when(done))
        }
        Change::CreateTrigger { .. } | Change::DropTrigger { .. } => trigger(change, situation),
        Change::CreateView { .. } => view(change),
        _ => rest(change),
    }
}

fn skipping(drop: &Drop) -> Drop {
    Drop {
        if_exists: IfExists::Yes,
        ..drop.clone()
    }
}

fn dropped(drop: &Drop, change: impl FnOnce(Drop) -> Change) -> Result<Guarded, GuardError> {
    let done = format!("NOT {}", relation_exists(&drop.name));
    Ok(plain(&change(skipping(drop)))?.done_when(done))
}

fn renamed(change: &Change, from: &WrittenName, to: &Identifier) -> Result<Guarded, GuardError> {
    let new = WrittenName {
        schema: from.schema.clone(),
        name: to.clone(),
    };
    let done = format!(
        "({} AND NOT {})",
        relation_exists(&new),
        relation_exists(from)
    );
    Ok(Guarded::one(unless(&done, &render(change)?)).done_when(done))
}

fn trigger(change: &Change, situation: Situation<'_>) -> Result<Guarded, GuardError> {
    match change {
        Change::CreateTrigger {
            trigger,
            table,
            or_replace,
            ..
        } => {
            // OR REPLACE is new in 14 (release notes).
            if *or_replace && situation.version > Version::V13 {
                return plain(change);
            }
            let mut bare = change.clone();
            if let Change::CreateTrigger { or_replace, .. } = &mut bare {
                *or_replace = false;
            }
            let create = render(&bare)?;
            if *or_replace {
                let (trigger, table) = (trigger.to_sql(), quoted(table));
                let drop = format!("DROP TRIGGER IF EXISTS {trigger} ON {table}");
                return Ok(Guarded::many(vec![
                    Statement::new(drop),
                    Statement::new(create),
                ]));
            }
            let done = has_trigger(table, trigger);
            Ok(Guarded::one(unless(&done, &create)).done_when(done))
        }
        Change::DropTrigger {
            trigger,
            table,
            behavior,
            ..
        } => {
            let skipping = Change::DropTrigger {
                trigger: trigger.clone(),
                table: table.clone(),
                if_exists: IfExists::Yes,
                behavior: *behavior,
            };
            Ok(plain(&skipping)?.done_when(format!("NOT {}", has_trigger(table, trigger))))
        }
        _ => plain(change),
    }
}

fn has_trigger(table: &WrittenName, trigger: &Identifier) -> String {
    format!(
        "EXISTS (SELECT FROM pg_trigger WHERE tgrelid = {} AND tgname = {} AND NOT tgisinternal)",
        regclass(table),
        name_literal(trigger)
    )
}

fn view(change: &Change) -> Result<Guarded, GuardError> {
    let mut repeatable = change.clone();
    if let Change::CreateView {
        kind,
        or_replace,
        if_not_exists,
        ..
    } = &mut repeatable
    {
        match kind {
            ViewKind::Plain => *or_replace = true,
            ViewKind::Materialized => *if_not_exists = IfNotExists::Yes,
        }
    }
    plain(&repeatable)
}

fn rest(change: &Change) -> Result<Guarded, GuardError> {
    let mut repeatable = change.clone();
    match &mut repeatable {
        Change::CreateEnum { name, .. } => {
            let done = format!("(to_regtype({}) IS NOT NULL)", literal(&quoted(name)));
            return Ok(Guarded::one(unless(&done, &render(change)?)).done_when(done));
        }
        Change::AddEnumValue { if_not_exists, .. }
        | Change::CreateSequence { if_not_exists, .. }
        | Change::CreateSchema { if_not_exists, .. }
        | Change::CreateExtension { if_not_exists, .. } => *if_not_exists = IfNotExists::Yes,
        Change::AlterSequence { if_exists, .. }
        | Change::DropSchema { if_exists, .. }
        | Change::DropExtension { if_exists, .. } => *if_exists = IfExists::Yes,
        _ => return Err(GuardError::Unrepeatable),
    }
    plain(&repeatable)
}
