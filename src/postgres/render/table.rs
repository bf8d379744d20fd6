//! CREATE TABLE and ALTER TABLE.

use super::definition::{self, deferral, identity};
use super::{RenderError, Rendered, behavior, if_exists, if_not_exists, name};
use crate::schema::{
    Change, ColumnAction, ConstraintDefinition, CreateTable, IfExists, KeyKind, WrittenName,
};

pub(super) fn create_table(create: &CreateTable) -> Rendered {
    if create.partition_of.is_some() {
        return Err(RenderError::NotKept("the bound of a partition"));
    }
    let mut parts: Vec<String> = Vec::new();
    for column in &create.columns {
        parts.push(definition::column(column)?);
    }
    for constraint in &create.constraints {
        parts.push(definition::constraint(&ConstraintDefinition {
            validity: constraint.validity.in_new_table(),
            ..constraint.clone()
        })?);
    }
    let text = format!(
        "CREATE TABLE {}{} ({})",
        if_not_exists(create.if_not_exists),
        name(&create.table),
        parts.join(", ")
    );
    Ok(match &create.partition_by {
        Some(key) => format!("{text} PARTITION BY {key}"),
        None => text,
    })
}

pub(super) fn alter_table(change: &Change) -> Rendered {
    let (table, action) = match change {
        Change::SetTableSchema { table, to } => (table, format!("SET SCHEMA {}", to.to_sql())),
        Change::AddColumn {
            table,
            column,
            if_not_exists: clause,
        } => (
            table,
            format!(
                "ADD COLUMN {}{}",
                if_not_exists(*clause),
                definition::column(column)?
            ),
        ),
        Change::DropColumn {
            table,
            column,
            if_exists: clause,
            behavior: how,
        } => (
            table,
            format!(
                "DROP COLUMN {}{}{}",
                if_exists(*clause),
                column.to_sql(),
                behavior(*how)
            ),
        ),
        Change::AlterColumn {
            table,
            column,
            action,
        } => (
            table,
            format!(
                "ALTER COLUMN {} {}",
                column.to_sql(),
                column_action(action)?
            ),
        ),
        _ => constraint_action(change)?,
    };
    Ok(format!("ALTER TABLE {} {action}", name(table)))
}

fn constraint_action(change: &Change) -> Result<(&WrittenName, String), RenderError> {
    Ok(match change {
        Change::AddConstraint { table, constraint } => (
            table,
            format!("ADD {}", definition::constraint(constraint)?),
        ),
        Change::AddConstraintUsingIndex {
            table,
            name: own,
            index,
            key,
            deferral: when,
        } => {
            let own = own
                .as_ref()
                .map(|own| format!("CONSTRAINT {} ", own.to_sql()))
                .unwrap_or_default();
            let key = match key {
                KeyKind::PrimaryKey => "PRIMARY KEY",
                KeyKind::Unique => "UNIQUE",
            };
            let index = index.to_sql();
            let action = format!("ADD {own}{key} USING INDEX {index}{}", deferral(*when));
            (table, action)
        }
        Change::DropConstraint {
            table,
            constraint,
            if_exists: clause,
            behavior: how,
        } => (
            table,
            format!(
                "DROP CONSTRAINT {}{}{}",
                if_exists(*clause),
                constraint.to_sql(),
                behavior(*how)
            ),
        ),
        _ => return rename_or_validation(change),
    })
}

fn rename_or_validation(change: &Change) -> Result<(&WrittenName, String), RenderError> {
    Ok(match change {
        Change::RenameColumn { table, column, to } => (
            table,
            format!("RENAME COLUMN {} TO {}", column.to_sql(), to.to_sql()),
        ),
        Change::RenameConstraint {
            table,
            constraint,
            to,
        } => (
            table,
            format!(
                "RENAME CONSTRAINT {} TO {}",
                constraint.to_sql(),
                to.to_sql()
            ),
        ),
        Change::ValidateConstraint { table, constraint } => (
            table,
            format!("VALIDATE CONSTRAINT {}", constraint.to_sql()),
        ),
        Change::AlterConstraint {
            table,
            constraint,
            deferral: when,
        } => {
            let when = match deferral(*when) {
                "" => " NOT DEFERRABLE",
                when => when,
            };
            (
                table,
                format!("ALTER CONSTRAINT {}{when}", constraint.to_sql()),
            )
        }
        _ => return Err(RenderError::NotKept("the text of this statement")),
    })
}

fn column_action(action: &ColumnAction) -> Rendered {
    let optional = |clause: IfExists| match clause {
        IfExists::No => "",
        IfExists::Yes => " IF EXISTS",
    };
    Ok(match action {
        ColumnAction::SetType {
            data_type,
            using,
            collation,
        } => {
            let mut clauses = vec![format!("TYPE {}", definition::data_type(data_type)?)];
            if let Some(collation) = collation {
                clauses.push(format!("COLLATE {}", name(collation)));
            }
            if let Some(using) = using {
                clauses.push(format!("USING {}", definition::expression(using)?));
            }
            clauses.join(" ")
        }
        ColumnAction::SetNotNull => "SET NOT NULL".to_owned(),
        ColumnAction::DropNotNull => "DROP NOT NULL".to_owned(),
        ColumnAction::SetDefault(expr) => {
            format!("SET DEFAULT {}", definition::expression(expr)?)
        }
        ColumnAction::DropDefault => "DROP DEFAULT".to_owned(),
        ColumnAction::AddIdentity(kind) => {
            format!("ADD GENERATED {} AS IDENTITY", identity(*kind))
        }
        ColumnAction::SetIdentity(kind) => format!("SET GENERATED {}", identity(*kind)),
        ColumnAction::DropIdentity { if_exists } => {
            format!("DROP IDENTITY{}", optional(*if_exists))
        }
        ColumnAction::DropExpression { if_exists } => {
            format!("DROP EXPRESSION{}", optional(*if_exists))
        }
        ColumnAction::SetExpression(expr) => {
            format!("SET EXPRESSION AS ({})", definition::expression(expr)?)
        }
        ColumnAction::SetStorage(what) => what.to_string(),
    })
}
