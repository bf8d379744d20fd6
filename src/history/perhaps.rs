//! What a change that may not run makes doubtful.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::schema::{Change, Identifier, Outcome, RelationName, Schema, Touches, Why, WrittenName};

/// The change as far as it is certain: an unreadable one that touches what it names. `None` where the catalog is the
/// same whether it runs or not.
pub(super) fn perhaps(change: &Change, why: &Why, before: &Schema) -> Option<Change> {
    let mut after = before.clone();
    match after.apply(change) {
        Outcome::Skipped => return None,
        Outcome::Applied { .. } if after == *before => return None,
        Outcome::Applied { .. } | Outcome::Rejected(_) | Outcome::Unsure(_) => {}
    }
    let touches = touches(change, before);
    (touches != Touches::Nothing).then(|| Change::Opaque {
        text: Arc::from("a statement under a condition"),
        why: why.clone(),
        touches,
    })
}

fn touches(change: &Change, before: &Schema) -> Touches {
    match change {
        Change::CreateTable(create) => one(&create.table),
        Change::CreateView { view, .. } => one(view),
        Change::DropView { drop, .. } | Change::DropSequence(drop) => one(&drop.name),
        Change::CreateSequence { sequence, .. } | Change::AlterSequence { sequence, .. } => {
            one(sequence)
        }
        Change::RenameSequence { sequence, to, .. } => two(sequence, to),
        Change::RenameTable { table, to, .. } => two(table, to),
        Change::DropTable(drop) => Touches::Relations(with_dependents(&drop.name, before)),
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
        | Change::DropTrigger { table, .. } => Touches::Relations(with_dependents(table, before)),
        Change::CreateIndex(index) => one(&index.table),
        Change::DropIndex { drop, .. } => index_and_table(&drop.name, before),
        Change::RenameIndex { index, .. } => index_and_table(index, before),
        Change::SetConstraints { .. } | Change::Data { .. } | Change::NoEffect { .. } => {
            Touches::Nothing
        }
        Change::Opaque { touches, .. } => touches.clone(),
        Change::SetTableSchema { .. }
        | Change::CreateSchema { .. }
        | Change::DropSchema { .. }
        | Change::CreateEnum { .. }
        | Change::AddEnumValue { .. }
        | Change::DropType(_)
        | Change::CreateExtension { .. }
        | Change::DropExtension { .. }
        | Change::SetParameter { .. }
        | Change::Transaction(_) => Touches::Anything,
    }
}

fn one(name: &WrittenName) -> Touches {
    Touches::Relations(BTreeSet::from([name.clone()]))
}

/// A relation under its old and its new name.
fn two(name: &WrittenName, to: &Identifier) -> Touches {
    let renamed = WrittenName {
        schema: name.schema.clone(),
        name: to.clone(),
    };
    Touches::Relations(BTreeSet::from([name.clone(), renamed]))
}

/// A table, and those whose foreign keys lead to it: they may lose the constraint.
fn with_dependents(table: &WrittenName, before: &Schema) -> BTreeSet<WrittenName> {
    let name = before.resolve(table);
    let referring = before.table_named(&name).found().into_iter();
    referring
        .flat_map(|known| known.referenced_by.iter().map(written))
        .chain([table.clone()])
        .collect()
}

fn index_and_table(index: &WrittenName, before: &Schema) -> Touches {
    let owner = before.index(index).found();
    let owner = owner.map(|(_, found)| written(&found.table));
    Touches::Relations(owner.into_iter().chain([index.clone()]).collect())
}

fn written(name: &RelationName) -> WrittenName {
    WrittenName {
        schema: Some(name.schema.clone()),
        name: name.name.clone(),
    }
}
