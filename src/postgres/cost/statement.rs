//! What actions of one ALTER TABLE change about each other's cost: the server sorts them into passes, and goes through
//! the table once, at the end.

use crate::postgres::Version;
use crate::schema::{
    Change, ColumnAction, ConstraintKind, Identifier, RelationName, Schema, Supply,
};

use super::{Cost, Costing, TransactionBlock, cost};

/// What a whole statement costs: its changes one after another, each lock and each piece of work once.
///
/// A doubt about one of them is a doubt about the whole.
pub fn cost_of_statement(changes: &[Change], before: &Schema, version: Version) -> Cost {
    let mut whole = Costing::new(before, version);
    let mut now = before.clone();
    for change in changes {
        whole.join(cost_in_statement(change, changes, &now, version));
        now.apply(change);
    }
    let mut cost = whole.cost;
    let rewrites = cost.rewrites.clone();
    let is_rewritten = |table: &RelationName| rewrites.iter().any(|one| one.table == *table);
    cost.scans.retain(|table| !is_rewritten(table));
    cost.index_builds.retain(|index| {
        let table = now.index_named(index).found().map(|index| &index.table);
        !table.is_some_and(is_rewritten)
    });
    // What the statement itself makes stands in no transaction's way.
    cost.locks
        .retain(|lock| !before.relation_named(&lock.relation).is_absent());
    cost
}

impl Costing<'_> {
    fn join(&mut self, part: Cost) {
        for lock in part.locks {
            self.lock(lock.relation, lock.mode);
        }
        for table in part.scans {
            self.scan(&table);
        }
        for rewrite in part.rewrites {
            self.rewrite(&rewrite.table, rewrite.reason);
        }
        for index in part.index_builds {
            self.build(index);
        }
        if part.transaction == TransactionBlock::Refused {
            self.cost.transaction = TransactionBlock::Refused;
        }
        for violation in part.violations {
            self.may_violate(&violation.table, violation.error, violation.rows);
        }
        self.cost.refused = self.cost.refused.or(part.refused);
        if let Some(why) = part.unsure {
            self.unsure(why);
        }
    }
}

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
        Change::AddConstraint { constraint, .. } => {
            let mut cost = cost(change, before, version);
            if let ConstraintKind::ForeignKey(key) = &constraint.kind
                && key.columns.iter().all(|column| is_new(column, actions))
            {
                cost.scans.clear();
                cost.violations.clear();
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
