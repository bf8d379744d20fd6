//! The objects that a change names: those that it creates, and those whose names it takes along.

use crate::schema::{Change, ObjectName, RelationName, Schema};

/// Whether a change gives a name to something, which PostgreSQL may cut.
pub(super) fn names_something_new(change: &Change) -> bool {
    matches!(
        change,
        Change::CreateTable(_)
            | Change::RenameTable { .. }
            | Change::AddColumn { .. }
            | Change::RenameColumn { .. }
            | Change::AddConstraint { .. }
            | Change::AddConstraintUsingIndex { .. }
            | Change::RenameConstraint { .. }
            | Change::CreateIndex(_)
            | Change::RenameIndex { .. }
            | Change::CreateSequence { .. }
            | Change::RenameSequence { .. }
            | Change::CreateView { .. }
    )
}

/// The objects that a change creates under a name that it gives itself.
pub(super) fn created_objects(change: &Change, before: &Schema) -> Vec<ObjectName> {
    match change {
        Change::CreateTable(create) => {
            let table = before.resolve_new(&create.table);
            let columns = create
                .columns
                .iter()
                .map(|column| ObjectName::Column(table.clone(), column.name.clone()));
            std::iter::once(ObjectName::Relation(table.clone()))
                .chain(columns)
                .collect()
        }
        Change::AddColumn { table, column, .. } => {
            vec![ObjectName::Column(
                before.resolve(table),
                column.name.clone(),
            )]
        }
        Change::CreateIndex(index) => index
            .name
            .iter()
            .map(|name| ObjectName::Index(before.resolve(&index.table).sibling(name.clone())))
            .collect(),
        _ => Vec::new(),
    }
}

/// The constraints that a change brings, those too that the server names: `code varchar(9) UNIQUE`.
pub(super) fn new_constraints(change: &Change, before: &Schema, after: &Schema) -> Vec<ObjectName> {
    let table = match change {
        Change::CreateTable(create) => before.resolve_new(&create.table),
        Change::AddColumn { table, .. }
        | Change::AddConstraint { table, .. }
        | Change::AddConstraintUsingIndex { table, .. } => before.resolve(table),
        _ => return Vec::new(),
    };
    after
        .constraints_of(&table)
        .filter(|(name, _)| !before.constraint(&table, name).is_found())
        .map(|(name, _)| ObjectName::Constraint(table.clone(), name.clone()))
        .collect()
}

/// The objects whose names a change takes along: a table's columns and constraints are named by it.
pub(super) fn renamed_objects(change: &Change, before: &Schema) -> Vec<(ObjectName, ObjectName)> {
    match change {
        Change::RenameColumn { table, column, to } => {
            let table = before.resolve(table);
            vec![(
                ObjectName::Column(table.clone(), column.clone()),
                ObjectName::Column(table, to.clone()),
            )]
        }
        Change::RenameTable { table, to, .. } => {
            let table = before.resolve(table);
            let renamed = table.sibling(to.clone());
            renamed_parts(&table, &renamed, before)
        }
        Change::RenameIndex { index, to, .. } => {
            let index = before.resolve(index);
            let renamed = index.sibling(to.clone());
            vec![(ObjectName::Index(index), ObjectName::Index(renamed))]
        }
        Change::RenameConstraint {
            table,
            constraint,
            to,
        } => {
            let table = before.resolve(table);
            vec![(
                ObjectName::Constraint(table.clone(), constraint.clone()),
                ObjectName::Constraint(table, to.clone()),
            )]
        }
        _ => Vec::new(),
    }
}

fn renamed_parts(
    table: &RelationName,
    renamed: &RelationName,
    before: &Schema,
) -> Vec<(ObjectName, ObjectName)> {
    let columns = before.columns_of(table).map(|column| {
        (
            ObjectName::Column(table.clone(), column.name.clone()),
            ObjectName::Column(renamed.clone(), column.name.clone()),
        )
    });
    let constraints = before.constraints_of(table).map(|(name, _)| {
        (
            ObjectName::Constraint(table.clone(), name.clone()),
            ObjectName::Constraint(renamed.clone(), name.clone()),
        )
    });
    std::iter::once((
        ObjectName::Relation(table.clone()),
        ObjectName::Relation(renamed.clone()),
    ))
    .chain(columns)
    .chain(constraints)
    .collect()
}
