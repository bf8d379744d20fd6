//! `CREATE TABLE`.

use super::super::cursor::{Cursor, Parsed};
use super::{column, constraint, if_not_exists};
use crate::schema::{
    Change, Column, ConstraintDefinition, ConstraintKind, CreateTable, Identifier, Nullability,
    Why, WrittenName,
};

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
    elements.apply_primary_keys();
    let mut changes = vec![Change::CreateTable(CreateTable {
        table,
        columns: elements.columns,
        constraints: elements.constraints,
        if_not_exists,
        partition_by,
        partition_of,
    })];
    changes.append(&mut elements.after);
    Ok(changes)
}

#[derive(Default)]
struct Elements {
    columns: Vec<Column>,
    constraints: Vec<ConstraintDefinition>,
    /// What cannot be said within the definition.
    after: Vec<Change>,
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
                constraint::Added::NotNull(column) => self.not_null(&column),
            }
            return Ok(());
        }
        let mut defined = column::definition(cursor)?;
        self.columns.push(defined.column);
        self.constraints.append(&mut defined.constraints);
        Ok(())
    }

    fn not_null(&mut self, name: &Identifier) {
        for column in self
            .columns
            .iter_mut()
            .filter(|column| column.name == *name)
        {
            column.nullability = Nullability::NotNull;
        }
    }

    /// A primary key makes its columns NOT NULL (`transformIndexConstraint`).
    fn apply_primary_keys(&mut self) {
        let keys: Vec<Identifier> = self
            .constraints
            .iter()
            .filter_map(|constraint| match &constraint.kind {
                ConstraintKind::PrimaryKey(key) => Some(key.columns.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        for name in &keys {
            self.not_null(name);
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

fn partition_key(cursor: &mut Cursor<'_>) -> Parsed<Option<std::sync::Arc<str>>> {
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
