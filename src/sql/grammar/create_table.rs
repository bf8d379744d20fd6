//! `CREATE TABLE`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::constraint::{Added, Unmodelled};
use super::unmodelled::{balanced_rest, opaque, relations};
use super::{column, constraint, if_not_exists};
use crate::schema::{
    Change, Column, ConstraintDefinition, ConstraintKind, CreateTable, Identifier, Nullability,
    WrittenName,
};
use crate::sql::cursor::{Cursor, Parsed};

/// After `CREATE TABLE`.
pub(super) fn statement(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let if_not_exists = if_not_exists(cursor);
    let table = cursor.name()?;
    if let Some(query) = cursor.after_outside("AS") {
        return created_as(&query, &table);
    }
    let mut elements = Elements::default();
    let mut partition_of = None;
    if cursor.eat("PARTITION OF") {
        partition_of = Some(cursor.name()?);
        elements.shape = Shape::Options;
    } else if cursor.eat("OF") {
        cursor.name()?;
        elements.shape = Shape::Options;
        elements.unmodelled = Some("a table of a composite type");
    }
    if cursor.at_symbol("(") {
        elements.read(cursor)?;
    } else if elements.shape == Shape::Columns {
        return Err(cursor.unexpected("the columns of the table"));
    }
    elements.inherit(cursor)?;
    if partition_of.is_some() {
        partition_bound(cursor)?;
    }
    let partition_by = partition_key(cursor)?;
    storage(cursor)?;
    cursor.expect_end()?;
    if let Some(what) = elements.unmodelled {
        return opaque(cursor, what, relations([table]));
    }
    elements.apply_not_null();
    let further = elements.further.iter();
    let further: Vec<Change> = further.map(|part| part.change(cursor, &table)).collect();
    let created = Change::CreateTable(CreateTable {
        table,
        columns: elements.columns,
        constraints: elements.constraints,
        if_not_exists,
        partition_by,
        partition_of,
    });
    Ok([created].into_iter().chain(further).collect())
}

/// `CREATE TABLE ... AS query`, from the query on.
fn created_as(query: &Cursor<'_>, table: &WrittenName) -> Parsed<Vec<Change>> {
    let verbs = ["SELECT", "TABLE", "VALUES", "WITH", "EXECUTE"];
    if !query.at_symbol("(") && !verbs.iter().any(|verb| query.at(verb)) {
        return Err(query.unexpected("a query"));
    }
    balanced_rest(&mut query.clone())?;
    opaque(query, "a table made of a query", relations([table.clone()]))
}

/// What stands in the parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Shape {
    #[default]
    Columns,
    /// Of columns that the table has already, what is added to them.
    Options,
}

#[derive(Default)]
struct Elements {
    shape: Shape,
    columns: Vec<Column>,
    constraints: Vec<ConstraintDefinition>,
    /// Constraints that the schema does not model.
    further: Vec<Unmodelled>,
    /// Columns that a constraint names so.
    not_null: BTreeSet<Identifier>,
    /// Why the schema does not know the table's columns.
    unmodelled: Option<&'static str>,
}

impl Elements {
    fn read(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        cursor.expect_symbol("(")?;
        if cursor.eat_symbol(")") {
            return Ok(());
        }
        loop {
            self.element(cursor)?;
            if !cursor.eat_symbol(",") {
                break;
            }
        }
        cursor.expect_symbol(")")
    }

    /// `INHERITS (parent, ...)`, if it comes.
    fn inherit(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        if !cursor.eat("INHERITS") {
            return Ok(());
        }
        self.unmodelled = Some("a table that inherits");
        cursor.expect_symbol("(")?;
        cursor.list(Cursor::name)?;
        cursor.expect_symbol(")")
    }

    fn element(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        if cursor.eat("LIKE") {
            self.unmodelled = Some("a table with the columns of another");
            return like(cursor);
        }
        if constraint::at_table_constraint(cursor) {
            self.constraint(constraint::table_constraint(cursor)?);
            return Ok(());
        }
        if self.shape == Shape::Options {
            self.unmodelled
                .get_or_insert("an option of an inherited column");
            return column::options(cursor);
        }
        let mut defined = column::definition(cursor)?;
        self.columns.push(defined.column);
        self.constraints.append(&mut defined.constraints);
        self.further.append(&mut defined.unmodelled);
        Ok(())
    }

    fn constraint(&mut self, added: Added) {
        match added {
            Added::Constraint(found) => self.constraints.push(found),
            Added::NotNull(column) => {
                self.not_null.insert(column);
            }
            Added::Unmodelled(found) => {
                self.not_null.extend(found.not_null().iter().cloned());
                self.further.push(found);
            }
        }
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

/// `TableLikeClause`, after `LIKE`.
fn like(cursor: &mut Cursor<'_>) -> Parsed<()> {
    cursor.name()?;
    while cursor.eat("INCLUDING") || cursor.eat("EXCLUDING") {
        let kinds = [
            "ALL",
            "COMMENTS",
            "COMPRESSION",
            "CONSTRAINTS",
            "DEFAULTS",
            "GENERATED",
            "IDENTITY",
            "INDEXES",
            "STATISTICS",
            "STORAGE",
        ];
        if !kinds.iter().any(|kind| cursor.eat(kind)) {
            return Err(cursor.unexpected("what to include"));
        }
    }
    Ok(())
}

/// `FOR VALUES ...` or `DEFAULT`, which the schema does not model.
pub(super) fn partition_bound(cursor: &mut Cursor<'_>) -> Parsed<()> {
    if cursor.eat("DEFAULT") {
        return Ok(());
    }
    cursor.expect("FOR VALUES")?;
    if cursor.eat("FROM") {
        cursor.parenthesised()?;
        cursor.expect("TO")?;
    } else if !cursor.eat("IN") && !cursor.eat("WITH") {
        return Err(cursor.unexpected("`FROM`, `IN` or `WITH`"));
    }
    cursor.parenthesised().map(drop)
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
    if cursor.eat("ON COMMIT") {
        let actions = ["DROP", "PRESERVE ROWS", "DELETE ROWS"];
        if !actions.iter().any(|action| cursor.eat(action)) {
            return Err(cursor.unexpected("an action on commit"));
        }
    }
    if cursor.eat("TABLESPACE") {
        cursor.identifier()?;
    }
    Ok(())
}
