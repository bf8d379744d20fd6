//! What one change takes away from under another: run again, the other has to find it gone.

use crate::schema::{Change, ColumnAction, Identifier, WrittenName};

/// Whether `later` drops or renames what `change` is about.
pub(super) fn takes_away(later: &Change, change: &Change) -> bool {
    let Some(table) = table_of(change) else {
        return false;
    };
    match later {
        Change::DropTable(drop) => drop.name == *table,
        Change::RenameTable { table: own, .. } | Change::SetTableSchema { table: own, .. } => {
            own == table
        }
        Change::DropColumn {
            table: own, column, ..
        }
        | Change::RenameColumn {
            table: own, column, ..
        } => own == table && column_of(change) == Some(column),
        Change::DropConstraint {
            table: own,
            constraint,
            ..
        }
        | Change::RenameConstraint {
            table: own,
            constraint,
            ..
        } => own == table && constraint_of(change) == Some(constraint),
        Change::DropIndex { drop, .. } => match change {
            Change::RenameIndex { to, .. } => drop.name.name == *to,
            _ => false,
        },
        _ => false,
    }
}

/// What is made by `earlier` and so goes when that is taken back, with all that `change` did to it.
pub(super) fn belongs_to(change: &Change, earlier: &Change) -> bool {
    let Some(table) = table_of(change) else {
        return false;
    };
    match earlier {
        Change::CreateTable(create) => create.table == *table,
        Change::AddColumn {
            table: own, column, ..
        } => {
            own == table
                && matches!(change, Change::AlterColumn { column: altered, .. } if *altered == column.name)
        }
        Change::AddConstraint {
            table: own,
            constraint,
        } => {
            let same = match change {
                Change::ValidateConstraint {
                    constraint: name, ..
                }
                | Change::AlterConstraint {
                    constraint: name, ..
                } => constraint.name.as_ref() == Some(name),
                _ => false,
            };
            own == table && same
        }
        _ => false,
    }
}

fn table_of(change: &Change) -> Option<&WrittenName> {
    match change {
        // Its table is not written; only what is dropped under its new name counts.
        Change::RenameIndex { index, .. } => Some(index),
        other => other.altered_table(),
    }
}

fn column_of(change: &Change) -> Option<&Identifier> {
    match change {
        Change::AlterColumn {
            action: ColumnAction::SetStorage(_),
            ..
        } => None,
        Change::AlterColumn { column, .. } => Some(column),
        Change::RenameColumn { to, .. } => Some(to),
        _ => None,
    }
}

fn constraint_of(change: &Change) -> Option<&Identifier> {
    match change {
        Change::RenameConstraint { to, .. } => Some(to),
        Change::ValidateConstraint { constraint, .. }
        | Change::AlterConstraint { constraint, .. } => Some(constraint),
        _ => None,
    }
}
