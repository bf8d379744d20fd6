//! A change as SQL text: the inverse of reading. Names are always in double quotes.

mod definition;
mod table;

use crate::schema::{
    Build, Change, ConstraintTiming, Drop, DropBehavior, Identifier, IfExists, IfNotExists,
    ParameterScope, SequenceOwner, SqlType, TransactionControl, ViewKind, Why, WrittenName,
};

/// A change that no SQL can be written for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    #[error("the SQL of this change cannot be written: {0}")]
    Unknown(Why),
    /// Rows, and statements that only their text describes.
    #[error("the SQL of this change cannot be written: {0} is not kept")]
    NotKept(&'static str),
}

type Rendered = Result<String, RenderError>;

/// One statement without its final semicolon.
pub fn render(change: &Change) -> Rendered {
    match change {
        Change::CreateTable(create) => table::create_table(create),
        Change::DropTable(drop) => Ok(drop_of("TABLE", drop)),
        Change::RenameTable {
            table,
            to,
            if_exists,
        } => Ok(rename_of("TABLE", table, to, *if_exists)),
        Change::SetTableSchema { .. }
        | Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::RenameColumn { .. }
        | Change::AlterColumn { .. }
        | Change::AddConstraint { .. }
        | Change::AddConstraintUsingIndex { .. }
        | Change::DropConstraint { .. }
        | Change::RenameConstraint { .. }
        | Change::ValidateConstraint { .. }
        | Change::AlterConstraint { .. } => table::alter_table(change),
        Change::CreateIndex(create) => definition::create_index(create),
        Change::DropIndex { drop, build } => Ok(drop_of(
            match build {
                Build::Blocking => "INDEX",
                Build::Concurrently => "INDEX CONCURRENTLY",
            },
            drop,
        )),
        Change::RenameIndex {
            index,
            to,
            if_exists,
        } => Ok(rename_of("INDEX", index, to, *if_exists)),
        Change::CreateSequence { .. }
        | Change::AlterSequence { .. }
        | Change::DropSequence(_)
        | Change::RenameSequence { .. } => sequence(change),
        Change::CreateView { .. } | Change::DropView { .. } => Ok(view(change)),
        _ => other(change),
    }
}

pub(super) fn name(written: &WrittenName) -> String {
    match &written.schema {
        Some(schema) => format!("{}.{}", schema.to_sql(), written.name.to_sql()),
        None => written.name.to_sql(),
    }
}

fn names(columns: &[Identifier]) -> String {
    let quoted: Vec<String> = columns.iter().map(Identifier::to_sql).collect();
    quoted.join(", ")
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn if_exists(clause: IfExists) -> &'static str {
    match clause {
        IfExists::No => "",
        IfExists::Yes => "IF EXISTS ",
    }
}

fn if_not_exists(clause: IfNotExists) -> &'static str {
    match clause {
        IfNotExists::No => "",
        IfNotExists::Yes => "IF NOT EXISTS ",
    }
}

fn behavior(behavior: DropBehavior) -> &'static str {
    match behavior {
        DropBehavior::Restrict => "",
        DropBehavior::Cascade => " CASCADE",
    }
}

fn drop_of(kind: &str, drop: &Drop) -> String {
    format!(
        "DROP {kind} {}{}{}",
        if_exists(drop.if_exists),
        name(&drop.name),
        behavior(drop.behavior)
    )
}

fn rename_of(kind: &str, from: &WrittenName, to: &Identifier, clause: IfExists) -> String {
    format!(
        "ALTER {kind} {}{} RENAME TO {}",
        if_exists(clause),
        name(from),
        to.to_sql()
    )
}

fn sequence(change: &Change) -> Rendered {
    match change {
        Change::CreateSequence {
            sequence,
            data_type,
            options,
            owner,
            if_not_exists: clause,
        } => Ok(format!(
            "CREATE SEQUENCE {}{}{}",
            if_not_exists(*clause),
            name(sequence),
            sequence_tail(data_type.as_ref(), options, owner.as_ref())?
        )),
        Change::AlterSequence {
            sequence,
            data_type,
            options,
            owner,
            if_exists: clause,
        } => Ok(format!(
            "ALTER SEQUENCE {}{}{}",
            if_exists(*clause),
            name(sequence),
            sequence_tail(data_type.as_ref(), options, owner.as_ref())?
        )),
        Change::DropSequence(drop) => Ok(drop_of("SEQUENCE", drop)),
        Change::RenameSequence {
            sequence,
            to,
            if_exists,
        } => Ok(rename_of("SEQUENCE", sequence, to, *if_exists)),
        _ => other(change),
    }
}

fn sequence_tail(
    data_type: Option<&SqlType>,
    options: &str,
    owner: Option<&SequenceOwner>,
) -> Rendered {
    let mut tail = String::new();
    if let Some(data_type) = data_type {
        tail.push_str(" AS ");
        tail.push_str(&definition::data_type(data_type)?);
    }
    if !options.is_empty() {
        tail.push(' ');
        tail.push_str(options);
    }
    match owner.map(|owner| &owner.column) {
        None => {}
        Some(None) => tail.push_str(" OWNED BY NONE"),
        Some(Some((table, column))) => {
            tail.push_str(" OWNED BY ");
            tail.push_str(&name(table));
            tail.push('.');
            tail.push_str(&column.to_sql());
        }
    }
    Ok(tail)
}

fn view(change: &Change) -> String {
    let word = |kind: ViewKind| match kind {
        ViewKind::Plain => "VIEW",
        ViewKind::Materialized => "MATERIALIZED VIEW",
    };
    match change {
        Change::CreateView {
            view,
            kind,
            query,
            reads: _,
            or_replace,
            if_not_exists: clause,
        } => format!(
            "CREATE {}{} {}{} AS {query}",
            if *or_replace { "OR REPLACE " } else { "" },
            word(*kind),
            if_not_exists(*clause),
            name(view)
        ),
        Change::DropView { drop, kind } => drop_of(word(*kind), drop),
        _ => String::new(),
    }
}

fn other(change: &Change) -> Rendered {
    Ok(match change {
        Change::CreateSchema {
            schema,
            if_not_exists: clause,
        } => format!(
            "CREATE SCHEMA {}{}",
            if_not_exists(*clause),
            schema.to_sql()
        ),
        Change::DropSchema {
            schema,
            if_exists: clause,
            behavior: how,
        } => format!(
            "DROP SCHEMA {}{}{}",
            if_exists(*clause),
            schema.to_sql(),
            behavior(*how)
        ),
        Change::CreateEnum { name: own, labels } => {
            let labels: Vec<String> = labels.iter().map(|label| literal(label)).collect();
            format!("CREATE TYPE {} AS ENUM ({})", name(own), labels.join(", "))
        }
        Change::AddEnumValue {
            name: own,
            label,
            if_not_exists: clause,
        } => format!(
            "ALTER TYPE {} ADD VALUE {}{}",
            name(own),
            if_not_exists(*clause),
            literal(label)
        ),
        Change::DropType(drop) => drop_of("TYPE", drop),
        _ => return trigger(change),
    })
}

fn trigger(change: &Change) -> Rendered {
    Ok(match change {
        Change::CreateTrigger {
            trigger,
            table,
            definition,
            or_replace,
        } => format!(
            "CREATE {}{}TRIGGER {} {} ON {} {}",
            if *or_replace { "OR REPLACE " } else { "" },
            if definition.is_constraint() {
                "CONSTRAINT "
            } else {
                ""
            },
            trigger.to_sql(),
            definition.events,
            name(table),
            definition.action
        ),
        Change::DropTrigger {
            trigger,
            table,
            if_exists: clause,
            behavior: how,
        } => format!(
            "DROP TRIGGER {}{} ON {}{}",
            if_exists(*clause),
            trigger.to_sql(),
            name(table),
            behavior(*how)
        ),
        _ => return extension(change),
    })
}

fn extension(change: &Change) -> Rendered {
    Ok(match change {
        Change::CreateExtension {
            extension,
            if_not_exists: clause,
        } => format!(
            "CREATE EXTENSION {}{}",
            if_not_exists(*clause),
            extension.to_sql()
        ),
        Change::DropExtension {
            extension,
            if_exists: clause,
            behavior: how,
        } => format!(
            "DROP EXTENSION {}{}{}",
            if_exists(*clause),
            extension.to_sql(),
            behavior(*how)
        ),
        _ => return session(change),
    })
}

fn session(change: &Change) -> Rendered {
    Ok(match change {
        Change::SetParameter {
            parameter,
            value,
            scope,
        } => match (value, scope) {
            (Some(value), ParameterScope::Session) => format!("SET {parameter} TO {value}"),
            (Some(value), ParameterScope::Local) => format!("SET LOCAL {parameter} TO {value}"),
            (None, ParameterScope::Session) => format!("RESET {parameter}"),
            (None, ParameterScope::Local) => format!("SET LOCAL {parameter} TO DEFAULT"),
        },
        Change::SetConstraints {
            constraints,
            timing,
        } => {
            let which: Vec<String> = constraints.iter().map(name).collect();
            let which = if which.is_empty() {
                "ALL".to_owned()
            } else {
                which.join(", ")
            };
            let timing = match timing {
                ConstraintTiming::Immediate => "IMMEDIATE",
                ConstraintTiming::Deferred => "DEFERRED",
            };
            format!("SET CONSTRAINTS {which} {timing}")
        }
        Change::Transaction(TransactionControl::Begin) => "BEGIN".to_owned(),
        Change::Transaction(TransactionControl::Commit) => "COMMIT".to_owned(),
        Change::Transaction(TransactionControl::Rollback) => "ROLLBACK".to_owned(),
        Change::Transaction(TransactionControl::Savepoint) => {
            return Err(RenderError::NotKept("the name of the savepoint"));
        }
        Change::Data { .. } => return Err(RenderError::NotKept("the text of a statement on rows")),
        Change::Opaque { text, .. } => text.to_string(),
        _ => return Err(RenderError::NotKept("the text of this statement")),
    })
}
