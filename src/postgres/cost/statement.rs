//! What actions of one ALTER TABLE change about each other's cost: the server sorts them into passes, and goes through
//! the table once, at the end.

use crate::postgres::Version;
use crate::schema::{Change, ColumnAction, ConstraintKind, Identifier, Schema, Supply};

use super::{Cost, cost};

/// What a change costs as one of the actions of its statement.
pub fn cost_in_statement(
    change: &Change,
    actions: &[Change],
    before: &Schema,
    version: Version,
) -> Cost {
    match change {
        Change::AlterColumn {
            action: ColumnAction::SetNotNull,
            ..
        } => cost(change, &without_dropped(actions, before), version),
        Change::AddConstraint { table, constraint } => {
            let mut cost = cost(change, before, version);
            if let ConstraintKind::ForeignKey(key) = &constraint.kind
                && key.columns.iter().all(|column| is_new(column, actions))
            {
                let table = before.resolve(table);
                cost.scans.retain(|scanned| *scanned != table);
            }
            cost
        }
        _ => cost(change, before, version),
    }
}

/// Constraints are dropped in the first pass (`AT_PASS_DROP`), so none of them proves that a column holds no NULL.
fn without_dropped(actions: &[Change], before: &Schema) -> Schema {
    let mut schema = before.clone();
    for action in actions {
        if matches!(action, Change::DropConstraint { .. }) {
            schema.apply(action);
        }
    }
    schema
}

/// A foreign key of a column that the same statement adds without a default is not validated: the column is NULL in
/// every row (`skipValidation` of `transformAlterTableStmt`, `parse_utilcmd.c`).
fn is_new(column: &Identifier, actions: &[Change]) -> bool {
    let mut added = actions.iter().filter_map(|action| match action {
        Change::AddColumn { column, .. } => Some(column),
        _ => None,
    });
    added.clone().any(|new| new.name == *column) && added.all(|new| new.supply == Supply::Nothing)
}
