//! `CREATE TABLE`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{column, constraint, if_not_exists};
use crate::schema::{
    Change, Column, ConstraintDefinition, ConstraintKind, CreateTable, Identifier, Nullability,
    Why, WrittenName,
};
use crate::sql::cursor::{Cursor, Parsed};

/// After `CREATE TABLE`.
pub(super) fn statement(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let if_not_exists = if_not_exists(cursor);
    let table = cursor.name()?;
    let partition_of = if cursor.eat("PARTITION OF") {
        Some(cursor.name()?)
    } else {
        None
    };
    let mut elements = Elements::default();
    if cursor.at_symbol("(") {
        elements.read(cursor, &table)?;
    } else if partition_of.is_none() {
        return Err(cursor.unexpected("the columns of the table"));
    }
    if partition_of.is_some() {
        partition_bound(cursor)?;
    }
    let partition_by = partition_key(cursor)?;
    storage(cursor)?;
    cursor.expect_end()?;
    elements.apply_not_null();
    Ok(vec![Change::CreateTable(CreateTable {
        table,
        columns: elements.columns,
        constraints: elements.constraints,
        if_not_exists,
        partition_by,
        partition_of,
    })])
}

#[derive(Default)]
struct Elements {
    columns: Vec<Column>,
    constraints: Vec<ConstraintDefinition>,
    /// Columns that a constraint names so.
    not_null: BTreeSet<Identifier>,
}

impl Elements {
    fn read(&mut self, cursor: &mut Cursor<'_>, table: &WrittenName) -> Parsed<()> {
        cursor.expect_symbol("(")?;
        if cursor.eat_symbol(")") {
            return Ok(());
        }
        loop {
            self.element(cursor, table)?;
            if !cursor.eat_symbol(",") {
                break;
            }
        }
        cursor.expect_symbol(")")
    }

    fn element(&mut self, cursor: &mut Cursor<'_>, table: &WrittenName) -> Parsed<()> {
        if cursor.at("LIKE") {
            return Err(Why::new(format!(
                "the columns of {table} are those of another table"
            )));
        }
        if constraint::at_table_constraint(cursor) {
            match constraint::table_constraint(cursor)? {
                constraint::Added::Constraint(found) => self.constraints.push(found),
                constraint::Added::NotNull(column) => {
                    self.not_null.insert(column);
                }
            }
            return Ok(());
        }
        let mut defined = column::definition(cursor)?;
        self.columns.push(defined.column);
        self.constraints.append(&mut defined.constraints);
        Ok(())
    }

    /// Columns are NOT NULL, too, by a constraint that stands apart from them; a primary key implies
    /// it (`transformIndexConstraint` in `parse_utilcmd.c`).
    fn apply_not_null(&mut self) {
        for constraint in &self.constraints {
            if let ConstraintKind::PrimaryKey(key) = &constraint.kind {
                self.not_null.extend(key.columns.iter().cloned());
            }
        }
        for column in &mut self.columns {
            if self.not_null.contains(&column.name) {
                column.nullability = Nullability::NotNull;
            }
        }
    }
}

/// `FOR VALUES ...` or `DEFAULT`, which the schema does not model.
fn partition_bound(cursor: &mut Cursor<'_>) -> Parsed<()> {
    if cursor.eat("DEFAULT") {
        return Ok(());
    }
    cursor.expect("FOR VALUES")?;
    for word in ["IN", "FROM", "TO", "WITH"] {
        if cursor.eat(word) {
            cursor.parenthesised()?;
        }
    }
    Ok(())
}

fn partition_key(cursor: &mut Cursor<'_>) -> Parsed<Option<Arc<str>>> {
    if !cursor.eat("PARTITION BY") {
        return Ok(None);
    }
    let start = cursor.position();
    cursor.identifier()?;
    cursor.parenthesised()?;
    Ok(Some(cursor.text_between(start, cursor.position()).into()))
}

/// USING, WITH, TABLESPACE: nothing that the schema models.
fn storage(cursor: &mut Cursor<'_>) -> Parsed<()> {
    if cursor.eat("USING") {
        cursor.identifier()?;
    }
    if cursor.eat("WITH") {
        cursor.parenthesised()?;
    }
    cursor.eat("WITHOUT OIDS");
    if cursor.eat("TABLESPACE") {
        cursor.identifier()?;
    }
    Ok(())
}
