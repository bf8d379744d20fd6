//! One form of a change: how its names are written, and no clause that would hide a collision.

use crate::schema::{
    Change, ConstraintDefinition, ConstraintKind, IfExists, IfNotExists, Lookup, Schema,
    WrittenName,
};

/// How statements name what they are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Names {
    /// With their schema: a script that a person runs in whatever session they have.
    #[default]
    Qualified,
    /// Without the first schema of the search path: a migration follows the connection that it is given.
    Bare,
}

/// The change with its names written as wanted and without `IF EXISTS` and `IF NOT EXISTS`.
pub(super) fn normalised(change: &Change, before: &Schema, names: Names) -> Change {
    let mut change = change.clone();
    for written in type_names(&mut change) {
        let known = match before.enum_labels(written) {
            Lookup::Found((name, _)) => name,
            Lookup::Absent | Lookup::Unsure(_) => before.resolve_new(written),
        };
        *written = in_form(&WrittenName::from(&known), before, names);
    }
    for written in relation_names(&mut change) {
        let known = before.resolve(written);
        *written = in_form(&WrittenName::from(&known), before, names);
    }
    unconditional(&mut change);
    change
}

pub(super) fn in_form(qualified: &WrittenName, before: &Schema, names: Names) -> WrittenName {
    let home = before.search_path().first();
    if names == Names::Bare && qualified.schema.as_ref() == home {
        WrittenName::bare(qualified.name.clone())
    } else {
        qualified.clone()
    }
}

fn type_names(change: &mut Change) -> Vec<&mut WrittenName> {
    match change {
        Change::CreateEnum { name, .. } | Change::AddEnumValue { name, .. } => vec![name],
        Change::DropType(drop) => vec![&mut drop.name],
        _ => Vec::new(),
    }
}

fn relation_names(change: &mut Change) -> Vec<&mut WrittenName> {
    match change {
        Change::CreateTable(create) => {
            let references = create.constraints.iter_mut().filter_map(referenced);
            std::iter::once(&mut create.table)
                .chain(references)
                .chain(&mut create.partition_of)
                .collect()
        }
        Change::AddConstraint { table, constraint } => std::iter::once(table)
            .chain(referenced(constraint))
            .collect(),
        Change::RenameTable { table, .. }
        | Change::SetTableSchema { table, .. }
        | Change::AddColumn { table, .. }
        | Change::DropColumn { table, .. }
        | Change::RenameColumn { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::AddConstraintUsingIndex { table, .. }
        | Change::DropConstraint { table, .. }
        | Change::RenameConstraint { table, .. }
        | Change::ValidateConstraint { table, .. }
        | Change::AlterConstraint { table, .. }
        | Change::CreateTrigger { table, .. }
        | Change::DropTrigger { table, .. } => vec![table],
        Change::CreateIndex(create) => vec![&mut create.table],
        Change::DropTable(drop)
        | Change::DropIndex { drop, .. }
        | Change::DropSequence(drop)
        | Change::DropView { drop, .. } => vec![&mut drop.name],
        Change::RenameIndex { index, .. } => vec![index],
        Change::CreateView { view, .. } => vec![view],
        _ => of_sequence_or_rows(change),
    }
}

fn of_sequence_or_rows(change: &mut Change) -> Vec<&mut WrittenName> {
    match change {
        Change::RenameSequence { sequence, .. } => vec![sequence],
        Change::CreateSequence {
            sequence, owner, ..
        }
        | Change::AlterSequence {
            sequence, owner, ..
        } => {
            let owner = owner.as_mut().and_then(|owner| owner.column.as_mut());
            std::iter::once(sequence)
                .chain(owner.map(|(table, _)| table))
                .collect()
        }
        Change::SetConstraints { constraints, .. } => constraints.iter_mut().collect(),
        Change::Data { relations, .. } | Change::NoEffect { relations, .. } => {
            relations.iter_mut().collect()
        }
        _ => Vec::new(),
    }
}

fn referenced(constraint: &mut ConstraintDefinition) -> Option<&mut WrittenName> {
    match &mut constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(&mut key.references),
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Check(_)
        | ConstraintKind::Exclusion(_) => None,
    }
}

fn unconditional(change: &mut Change) {
    match change {
        Change::CreateTable(create) => create.if_not_exists = IfNotExists::No,
        Change::CreateIndex(create) => create.if_not_exists = IfNotExists::No,
        Change::DropTable(drop)
        | Change::DropIndex { drop, .. }
        | Change::DropSequence(drop)
        | Change::DropView { drop, .. }
        | Change::DropType(drop) => drop.if_exists = IfExists::No,
        Change::RenameTable { if_exists, .. }
        | Change::DropColumn { if_exists, .. }
        | Change::DropConstraint { if_exists, .. }
        | Change::RenameIndex { if_exists, .. }
        | Change::AlterSequence { if_exists, .. }
        | Change::RenameSequence { if_exists, .. }
        | Change::DropTrigger { if_exists, .. }
        | Change::DropSchema { if_exists, .. }
        | Change::DropExtension { if_exists, .. } => *if_exists = IfExists::No,
        Change::AddColumn { if_not_exists, .. }
        | Change::CreateSequence { if_not_exists, .. }
        | Change::CreateView { if_not_exists, .. }
        | Change::CreateSchema { if_not_exists, .. }
        | Change::AddEnumValue { if_not_exists, .. }
        | Change::CreateExtension { if_not_exists, .. } => *if_not_exists = IfNotExists::No,
        _ => {}
    }
}
