//! ADD COLUMN, and what a column brings along: sequences, NOT NULL, expressions.

use std::sync::Arc;

use super::names::{self, Label};
use super::{Application, Step, Stop, is_system_column, reject};
use crate::schema::{
    Change, Column, ColumnRef, Expr, ExprPart, Identifier, IfExists, IfNotExists, KnownExpr,
    Lookup, Nullability, ObjectName, OrderedSet, Relation, RelationName, Sequence, SequencePurpose,
    SqlState, SqlType, Stamp, Stamped, Supply, TypeName, WrittenName,
};

impl Application {
    pub(super) fn run_on_column(&mut self, change: &Change) -> Step {
        match change {
            Change::AddColumn {
                table,
                column,
                if_not_exists,
            } => self.add_column(table, column, *if_not_exists),
            Change::DropColumn {
                table,
                column,
                if_exists,
                behavior,
            } => {
                let table = self.table(table)?;
                self.check_not_inherited(&table, column)?;
                match self.schema.column(&table, column) {
                    Lookup::Found(_) => self.drop_column(&table, column, *behavior),
                    Lookup::Absent if *if_exists == IfExists::Yes => Err(Stop::Skipped),
                    Lookup::Absent => undefined(table, column),
                    Lookup::Unsure(why) => {
                        self.unsure(why);
                        self.drop_column(&table, column, *behavior)
                    }
                }
            }
            Change::RenameColumn { table, column, to } => self.rename_column(table, column, to),
            Change::AlterColumn {
                table,
                column,
                action,
            } => {
                let table = self.table(table)?;
                self.column(&table, column)?;
                self.alter_column(&table, column, action)
            }
            _ => Ok(()),
        }
    }

    fn add_column(
        &mut self,
        table: &WrittenName,
        column: &Column,
        if_not_exists: IfNotExists,
    ) -> Step {
        let table = self.table(table)?;
        let skips = if_not_exists == IfNotExists::Yes;
        let stands = self.schema.column(&table, &column.name).map(|_| ());
        match stands {
            Lookup::Found(()) if skips => return Err(Stop::Skipped),
            Lookup::Found(()) => return duplicate(table, &column.name),
            Lookup::Absent if is_system_column(&column.name) => {
                return duplicate(table, &column.name);
            }
            Lookup::Absent => {}
            Lookup::Unsure(why) => {
                self.unsure(why);
                if skips {
                    self.meet_column(&table, column);
                    return Ok(());
                }
                // The statement did not fail, so a column of this name was not there.
                self.schema.alter_table(&table, |known| {
                    known
                        .columns
                        .retain(|known| known.value.name != column.name);
                });
            }
        }
        self.put_column(&table, column.clone());
        self.check_expression_of(&table, column)
    }

    /// A column that is there now, but perhaps since before, with another definition.
    fn meet_column(&mut self, table: &RelationName, column: &Column) {
        self.schema.alter_table(table, |known| {
            if known.column(&column.name).is_none() {
                let met = Arc::new(column.clone());
                known.columns.push(Stamped::new(met, Stamp::default()));
            }
        });
    }

    /// Puts a column at the end of a table, with its sequence.
    pub(super) fn put_column(&mut self, table: &RelationName, mut column: Column) {
        column.supply = column.supply.without_null_default();
        let sequence = match &column.supply {
            Supply::Serial => Some(SequencePurpose::Plain),
            Supply::Identity(_) => Some(SequencePurpose::Identity),
            Supply::Nothing | Supply::Default(_) | Supply::Generated(_) => None,
        };
        let name = column.name.clone();
        if sequence.is_some() {
            column.nullability = Nullability::NotNull;
        }
        let data_type = column.data_type.clone();
        let stamp = self
            .schema
            .now(self.schema.known_table(table).map(AsRef::as_ref));
        self.schema.alter_table(table, |known| {
            known.columns.push(Stamped::new(Arc::new(column), stamp));
        });
        if let Some(purpose) = sequence {
            self.own_sequence(table, &name, (data_type, purpose));
        }
        self.link_default(table, &name);
    }

    /// The sequence of a serial or identity column.
    pub(super) fn own_sequence(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        (data_type, purpose): (SqlType, SequencePurpose),
    ) {
        let own = names::choose(&self.schema, table, &[column.as_str()], Label::Sequence);
        let name = table.sibling(own.clone());
        let sequence = Sequence {
            owner: Some(ColumnRef {
                table: table.clone(),
                column: column.clone(),
            }),
            data_type,
            options: "".into(),
            purpose,
            used_by: OrderedSet::default(),
        };
        self.schema
            .put_relation(name.clone(), Relation::Sequence(sequence.into()));
        self.schema.alter_table(table, |known| {
            known.owned_sequences.insert_mut(own);
            if purpose == SequencePurpose::Plain
                && let Some(column) = known.column_mut(column)
            {
                column.supply = Supply::Default(Expr::nextval(&name));
            }
        });
    }

    /// Notes on the sequence that a column's default reads it.
    pub(super) fn link_default(&mut self, table: &RelationName, column: &Identifier) {
        self.schema
            .with_default_sequence(table, column, OrderedSet::insert_mut);
    }

    pub(super) fn unlink_default(&mut self, table: &RelationName, column: &Identifier) {
        self.schema
            .with_default_sequence(table, column, |used_by, user| {
                used_by.remove_mut(&user);
            });
    }

    /// Generation expressions may only name columns that are there.
    pub(super) fn check_expressions_of(&mut self, table: &RelationName) -> Step {
        let columns: Vec<Column> = self.schema.columns_of(table).cloned().collect();
        columns
            .iter()
            .try_for_each(|column| self.check_expression_of(table, column))
    }

    fn check_expression_of(&mut self, table: &RelationName, column: &Column) -> Step {
        match &column.supply {
            Supply::Generated(generated) => self.check_generation(table, &generated.expression),
            Supply::Nothing | Supply::Default(_) | Supply::Identity(_) | Supply::Serial => Ok(()),
        }
    }

    /// A generated column may not be made of another one, nor of the whole row (documentation section 5.4).
    pub(super) fn check_generation(&mut self, table: &RelationName, expr: &Expr) -> Step {
        for column in expr.columns() {
            let known = self.schema.column(table, column);
            let is_row = *column == table.name && known.is_absent();
            let generated = known
                .found()
                .is_some_and(|known| matches!(known.supply, Supply::Generated(_)));
            if generated || is_row {
                return reject(
                    SqlState::InvalidObjectDefinition,
                    ObjectName::Column(table.clone(), column.clone()),
                );
            }
            self.column(table, column)?;
        }
        Ok(())
    }

    /// An expression may name the columns of its table, and the table itself (the whole row).
    pub(super) fn check_columns_of(&mut self, table: &RelationName, expr: &Expr) -> Step {
        for column in expr.columns() {
            if *column != table.name {
                self.column(table, column)?;
            }
        }
        Ok(())
    }
}

pub(super) fn undefined(table: RelationName, column: &Identifier) -> Step {
    reject(
        SqlState::UndefinedColumn,
        ObjectName::Column(table, column.clone()),
    )
}

pub(super) fn duplicate(table: RelationName, column: &Identifier) -> Step {
    reject(
        SqlState::DuplicateColumn,
        ObjectName::Column(table, column.clone()),
    )
}

impl Supply {
    /// The server does not store a default of NULL (`AddRelationNewConstraints` in `heap.c`).
    pub(super) fn without_null_default(self) -> Self {
        match &self {
            Self::Default(Expr::Known(known)) => match &*known.canonical {
                [ExprPart::Text(text)] if text.eq_ignore_ascii_case("null") => Self::Nothing,
                _ => self,
            },
            Self::Default(Expr::Unknown(_))
            | Self::Nothing
            | Self::Identity(_)
            | Self::Generated(_)
            | Self::Serial => self,
        }
    }
}

const NEXTVAL: &str = "nextval('";

impl Expr {
    /// The default of a serial column.
    pub fn nextval(sequence: &RelationName) -> Self {
        let written = if sequence.is_public() {
            regclass(&sequence.name)
        } else {
            format!(
                "{}.{}",
                regclass(&sequence.schema),
                regclass(&sequence.name)
            )
        };
        let called = format!("{NEXTVAL}{}'", written.replace('\'', "''"));
        Self::Known(KnownExpr {
            text: format!("{called}::regclass)").into(),
            canonical: [ExprPart::Text(format!("{called})").into())].into(),
        })
    }

    /// The sequence whose `nextval` it is, if it is only that.
    pub fn sequence(&self) -> Option<WrittenName> {
        let rest = self.text()?.trim().strip_prefix(NEXTVAL)?;
        let (written, tail) = rest.rsplit_once('\'')?;
        let tail: String = tail.split_whitespace().collect();
        if !matches!(tail.as_str(), ")" | "::regclass)" | "::text)::regclass)") {
            return None;
        }
        written_name(&written.replace("''", "'"))
    }
}

/// As `regclass` prints a name: in quotes only where it needs them.
fn regclass(name: &Identifier) -> String {
    let text = name.as_str();
    let plain = text.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '_')
        && text
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    if plain {
        text.to_owned()
    } else {
        name.to_sql()
    }
}

/// `name`, `"Name"`, `schema.name` in the text of a `regclass`.
fn written_name(text: &str) -> Option<WrittenName> {
    let mut parts: Vec<Identifier> = Vec::new();
    let mut rest = text;
    loop {
        let after = if let Some(quoted) = rest.strip_prefix('"') {
            let end = closing_quote(quoted)?;
            parts.push(Identifier::quoted(
                &quoted.get(..end)?.replace("\"\"", "\""),
            ));
            quoted.get(end + 1..)?
        } else {
            let end = rest.find('.').unwrap_or(rest.len());
            parts.push(Identifier::unquoted(rest.get(..end)?));
            rest.get(end..)?
        };
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None if after.is_empty() => break,
            None => return None,
        }
    }
    let name = parts.pop()?;
    Some(match parts.pop() {
        Some(schema) => WrittenName::in_schema(schema, name),
        None => WrittenName::bare(name),
    })
}

/// Where a quoted name ends: at the first quote that is not doubled.
fn closing_quote(text: &str) -> Option<usize> {
    let mut quotes = text.match_indices('"').map(|(at, _)| at).peekable();
    while let Some(at) = quotes.next() {
        if quotes.peek() == Some(&(at + 1)) {
            quotes.next();
        } else {
            return Some(at);
        }
    }
    None
}

/// The type whose sequence a serial or identity column has, for a sequence written without a type.
pub(super) fn bigint() -> SqlType {
    SqlType::Known(TypeName::builtin("bigint"))
}
