//! Which names of a hand-written statement lead nowhere: what two rules ask.

use crate::history::Moment;
use crate::lint::nearest;
use crate::schema::{Change, Identifier, IfExists, ObjectName, RelationName, Schema, WrittenName};

/// A table or column that is certainly not there when the statement runs.
pub(super) struct AbsentName {
    pub kind: AbsentKind,
    /// `table`, or `table.column`.
    pub written: String,
    /// What is there under a name that is nearly the same.
    pub meant: Option<String>,
}

pub(super) enum AbsentKind {
    Table,
    Column,
}

impl AbsentKind {
    pub(super) fn term(&self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Column => "column",
        }
    }
}

/// The absent names of a change. `IF EXISTS` says that an absence is expected.
pub(super) fn absent_names(moment: &Moment) -> Vec<AbsentName> {
    let before = &moment.before;
    let (tables, column) = named(&moment.change);
    let mut absent: Vec<AbsentName> = tables
        .iter()
        .filter_map(|table| absent_table(before, table))
        .collect();
    if let (true, Some((table, columns))) = (absent.is_empty(), column) {
        let table = before.resolve(table);
        absent.extend(
            columns
                .iter()
                .filter_map(|column| absent_column(before, &table, column)),
        );
    }
    absent
}

fn absent_table(before: &Schema, table: &WrittenName) -> Option<AbsentName> {
    let absence = before.relation(table);
    if absence.is_found() || before.was_there(&ObjectName::Relation(before.resolve(table))) {
        return None;
    }
    let known: Vec<String> = before
        .relations()
        .map(|(name, _)| name.to_string())
        .collect();
    let written = table.to_string();
    let meant = nearest(&written, known.iter().map(String::as_str)).map(str::to_owned);
    // Tables of apps that were not found may have any name, but hardly one that is nearly that of a known table.
    let is_slip = meant.is_some() && !before.has_been_in_doubt();
    if !absence.is_absent() && !is_slip {
        return None;
    }
    Some(AbsentName {
        kind: AbsentKind::Table,
        written,
        meant,
    })
}

fn absent_column(before: &Schema, table: &RelationName, column: &Identifier) -> Option<AbsentName> {
    if !before.column(table, column).is_absent() {
        return None;
    }
    let known: Vec<&str> = before
        .columns_of(table)
        .map(|known| known.name.as_str())
        .collect();
    let meant = nearest(column.as_str(), known).map(|name| format!("{table}.{name}"));
    Some(AbsentName {
        kind: AbsentKind::Column,
        written: format!("{table}.{column}"),
        meant,
    })
}

type Named<'a> = (
    Vec<&'a WrittenName>,
    Option<(&'a WrittenName, Vec<&'a Identifier>)>,
);

/// The tables and columns that must exist for the change to be carried out.
fn named(change: &Change) -> Named<'_> {
    let nothing = (Vec::new(), None);
    match change {
        Change::DropTable(drop) if drop.if_exists == IfExists::No => (vec![&drop.name], None),
        Change::RenameTable {
            table,
            if_exists: IfExists::No,
            ..
        } => (vec![table], None),
        Change::SetTableSchema { table, .. }
        | Change::AddColumn { table, .. }
        | Change::DropConstraint { table, .. }
        | Change::RenameConstraint { table, .. }
        | Change::ValidateConstraint { table, .. }
        | Change::AlterConstraint { table, .. }
        | Change::AddConstraintUsingIndex { table, .. } => (vec![table], None),
        Change::DropColumn {
            table,
            column,
            if_exists: IfExists::No,
            ..
        }
        | Change::RenameColumn { table, column, .. }
        | Change::AlterColumn { table, column, .. } => (vec![table], Some((table, vec![column]))),
        Change::AddConstraint { table, constraint } => {
            (vec![table], Some((table, constraint.kind.columns())))
        }
        Change::CreateIndex(index) => (
            vec![&index.table],
            Some((&index.table, index.definition.columns().collect())),
        ),
        Change::Data {
            relations, columns, ..
        } => (
            relations.iter().collect(),
            relations
                .first()
                .map(|table| (table, columns.iter().collect())),
        ),
        _ => nothing,
    }
}
