//! What a change does, in words for the comments of a script.

use crate::schema::{
    Build, Change, ColumnAction, ConstraintDefinition, CreateIndex, Expr, Identifier, WrittenName,
};

/// In the imperative, without a final stop: "set the default of shop_order.note to ''".
pub fn describe(change: &Change) -> String {
    match change {
        Change::AddColumn { table, column, .. } => {
            format!(
                "add the column {}.{} ({})",
                shown(table),
                column.name,
                column.data_type
            )
        }
        Change::DropColumn { table, column, .. } => {
            format!("drop the column {}.{column}", shown(table))
        }
        Change::RenameColumn { table, column, to } => {
            format!("rename the column {}.{column} to {to}", shown(table))
        }
        Change::AlterColumn {
            table,
            column,
            action,
        } => altered(&format!("{}.{column}", shown(table)), action),
        Change::CreateIndex(create) => index(create),
        Change::DropIndex { drop, build } => {
            format!(
                "drop the index {}{}",
                shown(&drop.name),
                concurrently(*build)
            )
        }
        Change::RenameIndex { index, to, .. } => {
            format!("rename the index {} to {to}", shown(index))
        }
        Change::CreateTrigger { trigger, table, .. } => {
            format!("create the trigger {trigger} on {}", shown(table))
        }
        Change::DropTrigger { trigger, table, .. } => {
            format!("drop the trigger {trigger} on {}", shown(table))
        }
        _ => on_constraint(change),
    }
}

fn index(create: &CreateIndex) -> String {
    let name = create.name.as_ref();
    format!(
        "build the index {} on {}{}",
        name.map_or_else(String::new, ToString::to_string),
        shown(&create.table),
        concurrently(create.build)
    )
}

fn on_constraint(change: &Change) -> String {
    match change {
        Change::AddConstraint { table, constraint } => {
            format!("add the {} to {}", named(constraint), shown(table))
        }
        Change::AddConstraintUsingIndex { table, index, .. } => {
            format!("make a constraint of {} of the index {index}", shown(table))
        }
        Change::DropConstraint {
            table, constraint, ..
        } => format!("drop the constraint {constraint} of {}", shown(table)),
        Change::RenameConstraint {
            table,
            constraint,
            to,
        } => format!(
            "rename the constraint {constraint} of {} to {to}",
            shown(table)
        ),
        Change::ValidateConstraint { table, constraint } => {
            format!("validate the constraint {constraint} of {}", shown(table))
        }
        Change::AlterConstraint {
            table, constraint, ..
        } => format!(
            "change when the constraint {constraint} of {} is checked",
            shown(table)
        ),
        _ => on_relation(change),
    }
}

fn on_relation(change: &Change) -> String {
    match change {
        Change::CreateTable(create) => format!("create the table {}", shown(&create.table)),
        Change::DropTable(drop) => format!("drop the table {}", shown(&drop.name)),
        Change::RenameTable { table, to, .. } => {
            format!("rename the table {} to {to}", shown(table))
        }
        Change::CreateSequence { sequence, .. } => {
            format!("create the sequence {}", shown(sequence))
        }
        Change::AlterSequence { sequence, .. } => format!("alter the sequence {}", shown(sequence)),
        Change::DropSequence(drop) => format!("drop the sequence {}", shown(&drop.name)),
        Change::RenameSequence { sequence, to, .. } => {
            format!("rename the sequence {} to {to}", shown(sequence))
        }
        Change::CreateView { view, .. } => format!("create the view {}", shown(view)),
        Change::DropView { drop, .. } => format!("drop the view {}", shown(&drop.name)),
        Change::CreateEnum { name, .. } => format!("create the type {}", shown(name)),
        Change::AddEnumValue { name, label, .. } => {
            format!("add the value '{label}' to the type {}", shown(name))
        }
        Change::DropType(drop) => format!("drop the type {}", shown(&drop.name)),
        // What is left is short as it is.
        _ => crate::postgres::render(change).unwrap_or_else(|error| error.to_string()),
    }
}

fn altered(column: &str, action: &ColumnAction) -> String {
    match action {
        ColumnAction::SetType { data_type, .. } => {
            format!("change the type of {column} to {data_type}")
        }
        ColumnAction::SetNotNull => format!("set {column} NOT NULL"),
        ColumnAction::DropNotNull => format!("let {column} be NULL"),
        ColumnAction::SetDefault(default) => {
            format!("set the default of {column} to {}", expression(default))
        }
        ColumnAction::DropDefault => format!("drop the default of {column}"),
        ColumnAction::AddIdentity(_) => format!("make {column} an identity column"),
        ColumnAction::SetIdentity(_) => format!("change the identity of {column}"),
        ColumnAction::DropIdentity { .. } => format!("drop the identity of {column}"),
        ColumnAction::DropExpression { .. } => format!("make {column} a plain column"),
        ColumnAction::SetExpression(_) => format!("change the expression of {column}"),
        ColumnAction::SetStorage(_) => format!("change how {column} is stored"),
    }
}

fn expression(expr: &Expr) -> &str {
    expr.text().unwrap_or("a value that is not known")
}

fn named(constraint: &ConstraintDefinition) -> String {
    let term = constraint.kind.term();
    match &constraint.name {
        Some(name) => format!("{term} {name}"),
        None => term.to_owned(),
    }
}

fn concurrently(build: Build) -> &'static str {
    match build {
        Build::Blocking => "",
        Build::Concurrently => " concurrently",
    }
}

/// `public` goes without saying.
fn shown(written: &WrittenName) -> String {
    match &written.schema {
        Some(schema) if *schema != Identifier::quoted("public") => {
            format!("{schema}.{}", written.name)
        }
        _ => written.name.to_string(),
    }
}
