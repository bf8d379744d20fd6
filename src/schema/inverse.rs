//! What takes a change back.

use super::diff::diff;
use super::{Change, IfExists, Outcome, Schema, WrittenName};

/// The changes that take one back, given the schema before it; empty where it did nothing.
///
/// `None` where it is not known what it did, where it was refused, or where nothing can take it back. A rename is
/// renamed back, so that no row is lost; a dropped column comes back at the end of its table and without its values.
pub fn inverse(change: &Change, before: &Schema) -> Option<Vec<Change>> {
    let mut after = before.clone();
    match after.apply(change) {
        Outcome::Applied { .. } => {}
        Outcome::Skipped => return Some(Vec::new()),
        // What was renamed, if it was there, is renamed back.
        Outcome::Unsure(_) => return renamed_back(change, before).map(|rename| vec![rename]),
        Outcome::Rejected(_) => return None,
    }
    match renamed_back(change, before) {
        Some(rename) => Some(vec![rename]),
        None => match change {
            // "Existing values cannot be removed from an enum type" (documentation of data types, enums, 13 to 18).
            Change::Data { .. } | Change::Opaque { .. } | Change::AddEnumValue { .. } => None,
            _ => Some(diff(&after, before)),
        },
    }
}

/// The same name, under its new last part.
fn under(before: &Schema, written: &WrittenName, name: &super::Identifier) -> WrittenName {
    WrittenName::in_schema(before.resolve(written).schema, name.clone())
}

fn renamed_back(change: &Change, before: &Schema) -> Option<Change> {
    Some(match change {
        Change::RenameTable { table, to, .. } => Change::RenameTable {
            table: under(before, table, to),
            to: table.name.clone(),
            if_exists: IfExists::No,
        },
        Change::SetTableSchema { table, to } => Change::SetTableSchema {
            table: WrittenName::in_schema(to.clone(), table.name.clone()),
            to: before.resolve(table).schema,
        },
        Change::RenameColumn { table, column, to } => Change::RenameColumn {
            table: table.clone(),
            column: to.clone(),
            to: column.clone(),
        },
        Change::RenameConstraint {
            table,
            constraint,
            to,
        } => Change::RenameConstraint {
            table: table.clone(),
            constraint: to.clone(),
            to: constraint.clone(),
        },
        Change::RenameIndex { index, to, .. } => Change::RenameIndex {
            index: under(before, index, to),
            to: index.name.clone(),
            if_exists: IfExists::No,
        },
        Change::RenameSequence { sequence, to, .. } => Change::RenameSequence {
            sequence: under(before, sequence, to),
            to: sequence.name.clone(),
            if_exists: IfExists::No,
        },
        _ => return None,
    })
}
