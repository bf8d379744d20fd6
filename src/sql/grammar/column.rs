//! `columnDef`: a column with the constraints that stand at it.

use super::constraint::{self, Added, Attributes, Element, Unmodelled};
use crate::schema::{
    Column, ConstraintDefinition, ConstraintKind, Generated, GeneratedKind, Identifier, Identity,
    Nullability, NullsDistinct, SqlType, Supply, Why,
};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::expression::{self, Extent};
use crate::sql::types::{self, ColumnType};

/// A column, and the constraints that its definition makes on the table.
pub(super) struct Defined {
    pub(super) column: Column,
    pub(super) constraints: Vec<ConstraintDefinition>,
    pub(super) unmodelled: Vec<Unmodelled>,
}

pub(super) fn definition(cursor: &mut Cursor<'_>) -> Parsed<Defined> {
    let name = cursor.identifier()?;
    let (data_type, supply) = match types::column_type(cursor)? {
        ColumnType::Plain(data_type) => (data_type, Supply::Nothing),
        ColumnType::Serial(data_type) => (data_type, Supply::Serial),
    };
    let nullability = match supply {
        Supply::Serial => Nullability::NotNull,
        _ => Nullability::Nullable,
    };
    let mut defined = Defined {
        column: Column {
            name,
            data_type,
            nullability,
            supply,
            collation: None,
        },
        constraints: Vec::new(),
        unmodelled: Vec::new(),
    };
    storage(cursor)?;
    while defined.qualifier(cursor)? {}
    Ok(defined)
}

/// `columnOptions`: what is added to a column that the table has from elsewhere.
pub(super) fn options(cursor: &mut Cursor<'_>) -> Parsed<()> {
    let name = cursor.identifier()?;
    cursor.eat("WITH OPTIONS");
    let mut added = Defined {
        column: Column {
            name,
            data_type: SqlType::Unknown(Why::new("the column is inherited")),
            nullability: Nullability::Nullable,
            supply: Supply::Nothing,
            collation: None,
        },
        constraints: Vec::new(),
        unmodelled: Vec::new(),
    };
    while added.qualifier(cursor)? {}
    Ok(())
}

/// STORAGE and COMPRESSION, which the schema does not model.
fn storage(cursor: &mut Cursor<'_>) -> Parsed<()> {
    while cursor.eat("STORAGE") || cursor.eat("COMPRESSION") {
        cursor.identifier()?;
    }
    Ok(())
}

impl Defined {
    /// `ColQualList`, one at a time; false where none comes.
    fn qualifier(&mut self, cursor: &mut Cursor<'_>) -> Parsed<bool> {
        if cursor.eat("COLLATE") {
            self.column.collation = Some(cursor.name()?);
            return Ok(true);
        }
        let name = constraint::name(cursor)?;
        if cursor.eat("NOT NULL") {
            self.column.nullability = Nullability::NotNull;
            cursor.eat("NO INHERIT");
        } else if cursor.at("OPTIONS") {
            cursor.advance();
            cursor.parenthesised()?;
        } else if cursor.eat("NULL") {
            self.column.nullability = Nullability::Nullable;
        } else if cursor.eat("DEFAULT") {
            let default = expression::prefix(cursor, Extent::Restricted)?;
            self.column.supply = Supply::Default(default);
        } else if cursor.eat("GENERATED") {
            self.generated(cursor)?;
        } else if let Some(kind) = self.key(cursor)? {
            return self.constraint(cursor, name, kind);
        } else if name.is_some() {
            return Err(cursor.unexpected("a column constraint"));
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn constraint(
        &mut self,
        cursor: &mut Cursor<'_>,
        name: Option<Identifier>,
        element: Element,
    ) -> Parsed<bool> {
        if matches!(element.kind, ConstraintKind::PrimaryKey(_)) {
            self.column.nullability = Nullability::NotNull;
        }
        match element.define(name, Attributes::read(cursor)?) {
            Added::Constraint(constraint) => self.constraints.push(constraint),
            Added::Unmodelled(unmodelled) => self.unmodelled.push(unmodelled),
            Added::NotNull(_) => {}
        }
        Ok(true)
    }

    /// A constraint of the table that is written at the column.
    fn key(&self, cursor: &mut Cursor<'_>) -> Parsed<Option<Element>> {
        let columns = vec![self.column.name.clone()];
        if cursor.eat("PRIMARY KEY") {
            let key = constraint::key_options(cursor, columns, NullsDistinct::default())?;
            return Ok(Some(ConstraintKind::PrimaryKey(key).into()));
        }
        if cursor.eat("UNIQUE") {
            let nulls = constraint::nulls(cursor);
            let key = constraint::key_options(cursor, columns, nulls)?;
            return Ok(Some(ConstraintKind::Unique(key).into()));
        }
        if cursor.eat("CHECK") {
            return constraint::check(cursor).map(|check| Some(check.into()));
        }
        if cursor.at("REFERENCES") {
            return constraint::references(cursor, columns).map(Some);
        }
        Ok(None)
    }

    fn generated(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        let identity = identity_kind(cursor);
        cursor.expect("AS")?;
        if cursor.eat("IDENTITY") {
            if cursor.at_symbol("(") {
                cursor.parenthesised()?;
            }
            let identity =
                identity.ok_or_else(|| Why::new("an identity needs ALWAYS or BY DEFAULT"))?;
            self.column.supply = Supply::Identity(identity);
            self.column.nullability = Nullability::NotNull;
            return Ok(());
        }
        let inside = cursor.parenthesised()?;
        let expression = expression::whole(&cursor.within(inside));
        let kind = if cursor.eat("STORED") {
            GeneratedKind::Stored
        } else {
            cursor.eat("VIRTUAL");
            GeneratedKind::Virtual
        };
        self.column.supply = Supply::Generated(Generated { expression, kind });
        Ok(())
    }
}

/// `ALWAYS` or `BY DEFAULT`.
pub(super) fn identity_kind(cursor: &mut Cursor<'_>) -> Option<Identity> {
    if cursor.eat("ALWAYS") {
        Some(Identity::Always)
    } else if cursor.eat("BY DEFAULT") {
        Some(Identity::ByDefault)
    } else {
        None
    }
}
