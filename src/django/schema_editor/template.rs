//! Statements whose names may still change before they run: `django/db/backends/ddl_references.py`.

use std::sync::Arc;

use super::holes::is_hole;
use crate::django::expressions::quote_name;
use crate::django::names::{NameSuffix, create_index_name, split_identifier};

/// A statement in pieces, some of which refer to tables and columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Table(Arc<str>),
    Columns(Columns),
    Expressions(Expressions),
    Name(GeneratedName),
}

/// A list of columns, each with what follows it: an operator class, an order.
#[derive(Debug, Clone)]
struct Columns {
    table: Arc<str>,
    columns: Vec<(Arc<str>, String)>,
}

/// Expressions over columns of a table, already compiled.
#[derive(Debug, Clone)]
struct Expressions {
    table: Arc<str>,
    columns: Vec<Arc<str>>,
    text: String,
}

/// The name of an index or constraint, made when the statement runs.
#[derive(Debug, Clone)]
pub(super) struct GeneratedName {
    pub table: Arc<str>,
    pub columns: Vec<Arc<str>>,
    pub kind: GeneratedNameKind,
}

#[derive(Debug, Clone)]
pub(super) enum GeneratedNameKind {
    /// A name that a person gave: kept, but still tied to its table and columns.
    Given(Arc<str>),
    Suffix(NameSuffix),
    /// `_fk_<table>_<column>` of the target.
    ForeignKey {
        to_table: Arc<str>,
        to_column: Arc<str>,
    },
}

impl Template {
    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.pieces.push(Piece::Text(text.into()));
        self
    }

    /// The quoted name of a table.
    pub(super) fn table(mut self, table: &Arc<str>) -> Self {
        self.pieces.push(Piece::Table(Arc::clone(table)));
        self
    }

    pub(super) fn columns(self, table: &Arc<str>, columns: &[Arc<str>]) -> Self {
        let plain = columns
            .iter()
            .map(|column| (Arc::clone(column), String::new()))
            .collect();
        self.columns_with_suffixes(table, plain)
    }

    /// Quoted columns in a list, each followed by its suffix.
    pub(super) fn columns_with_suffixes(
        mut self,
        table: &Arc<str>,
        columns: Vec<(Arc<str>, String)>,
    ) -> Self {
        self.pieces.push(Piece::Columns(Columns {
            table: Arc::clone(table),
            columns,
        }));
        self
    }

    /// Compiled expressions that name these columns.
    pub(super) fn expressions(
        mut self,
        table: &Arc<str>,
        columns: Vec<Arc<str>>,
        text: String,
    ) -> Self {
        self.pieces.push(Piece::Expressions(Expressions {
            table: Arc::clone(table),
            columns,
            text,
        }));
        self
    }

    pub(super) fn name(mut self, name: GeneratedName) -> Self {
        self.pieces.push(Piece::Name(name));
        self
    }

    /// The pieces of another statement, which stay live.
    pub(super) fn then(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    pub(super) fn references_table(&self, table: &str) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Text(_) => false,
            Piece::Table(own) => **own == *table,
            Piece::Columns(list) => *list.table == *table,
            Piece::Expressions(list) => *list.table == *table,
            Piece::Name(name) => {
                *name.table == *table || name.kind.target().is_some_and(|(to, _)| to == table)
            }
        })
    }

    pub(super) fn references_column(&self, table: &str, column: &str) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Text(_) | Piece::Table(_) => false,
            Piece::Columns(list) => {
                *list.table == *table && list.columns.iter().any(|(own, _)| **own == *column)
            }
            Piece::Expressions(list) => {
                *list.table == *table && list.columns.iter().any(|own| **own == *column)
            }
            Piece::Name(name) => {
                (*name.table == *table && name.columns.iter().any(|own| **own == *column))
                    || name.kind.target() == Some((table, column))
            }
        })
    }

    /// Whether it adds the foreign key of a column.
    pub(super) fn adds_foreign_key(&self, table: &str, column: &str) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Name(name) => {
                matches!(name.kind, GeneratedNameKind::ForeignKey { .. })
                    && *name.table == *table
                    && name.columns.iter().all(|own| **own == *column)
            }
            Piece::Text(_) | Piece::Table(_) | Piece::Columns(_) | Piece::Expressions(_) => false,
        })
    }

    /// Whether it creates the index of that name on the table. To compare it Django renders the name that
    /// `_create_index_sql` made, and keeps it from then on, whatever its columns are called later.
    pub(super) fn creates_index(&mut self, table: &str, index: &str) -> bool {
        self.pieces.iter_mut().any(|piece| match piece {
            Piece::Name(name) if *name.table == *table => {
                let rendered = name.bare();
                let is_of_index =
                    matches!(&name.kind, GeneratedNameKind::Suffix(suffix) if suffix.is_of_index());
                if is_of_index {
                    name.kind = GeneratedNameKind::Given(Arc::clone(&rendered));
                }
                quote_name(&rendered) == quote_name(index)
            }
            Piece::Name(_)
            | Piece::Text(_)
            | Piece::Table(_)
            | Piece::Columns(_)
            | Piece::Expressions(_) => false,
        })
    }

    pub(super) fn rename_table(&mut self, old: &str, new: &Arc<str>) {
        for piece in &mut self.pieces {
            match piece {
                Piece::Text(_) => {}
                Piece::Table(own) => replace(own, old, new),
                Piece::Columns(list) => replace(&mut list.table, old, new),
                Piece::Expressions(list) => replace(&mut list.table, old, new),
                Piece::Name(name) => {
                    replace(&mut name.table, old, new);
                    if let GeneratedNameKind::ForeignKey { to_table, .. } = &mut name.kind {
                        replace(to_table, old, new);
                    }
                }
            }
        }
    }

    pub(super) fn rename_column(&mut self, table: &str, old: &str, new: &Arc<str>) {
        for piece in &mut self.pieces {
            match piece {
                Piece::Text(_) | Piece::Table(_) => {}
                Piece::Columns(list) if *list.table == *table => {
                    for (own, _) in &mut list.columns {
                        replace(own, old, new);
                    }
                }
                Piece::Columns(_) => {}
                Piece::Expressions(list) if *list.table == *table => {
                    for own in &mut list.columns {
                        replace(own, old, new);
                    }
                    list.text = list.text.replace(&quote_name(old), &quote_name(new));
                }
                Piece::Expressions(_) => {}
                Piece::Name(name) => name.rename_column(table, old, new),
            }
        }
    }

    pub(super) fn render(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Table(table) => quote_name(table),
                Piece::Columns(list) => list.render(),
                Piece::Expressions(list) => list.text.clone(),
                Piece::Name(name) => name.render(),
            })
            .collect()
    }
}

impl Columns {
    fn render(&self) -> String {
        self.columns
            .iter()
            .map(|(column, suffix)| {
                let space = if suffix.is_empty() { "" } else { " " };
                format!("{}{space}{suffix}", quote_name(column))
            })
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl GeneratedName {
    fn rename_column(&mut self, table: &str, old: &str, new: &Arc<str>) {
        if *self.table == *table {
            for own in &mut self.columns {
                replace(own, old, new);
            }
        }
        if let GeneratedNameKind::ForeignKey {
            to_table,
            to_column,
        } = &mut self.kind
            && **to_table == *table
        {
            replace(to_column, old, new);
        }
    }

    /// The name in quotes.
    pub(super) fn render(&self) -> String {
        quote_name(&self.bare())
    }

    /// The name; a hole where one of the parts that it is made of is a hole.
    pub(super) fn bare(&self) -> Arc<str> {
        let suffix = match &self.kind {
            GeneratedNameKind::Given(name) => return Arc::clone(name),
            GeneratedNameKind::Suffix(suffix) => suffix.clone(),
            GeneratedNameKind::ForeignKey {
                to_table,
                to_column,
            } => NameSuffix::ForeignKey {
                to_table: split_identifier(to_table).1.to_owned(),
                to_column: to_column.to_string(),
            },
        };
        let target = self.kind.target();
        let unknown = std::iter::once(&*self.table)
            .chain(self.columns.iter().map(|column| &**column))
            .chain(
                target
                    .into_iter()
                    .flat_map(|(table, column)| [table, column]),
            )
            .find(|part| is_hole(part));
        if let Some(hole) = unknown {
            return hole.into();
        }
        let columns = self
            .columns
            .iter()
            .map(|column| &**column)
            .collect::<Vec<_>>();
        create_index_name(&self.table, &columns, &suffix).into()
    }
}

impl GeneratedNameKind {
    fn target(&self) -> Option<(&str, &str)> {
        match self {
            Self::ForeignKey {
                to_table,
                to_column,
            } => Some((to_table, to_column)),
            Self::Given(_) | Self::Suffix(_) => None,
        }
    }
}

fn replace(own: &mut Arc<str>, old: &str, new: &Arc<str>) {
    if **own == *old {
        *own = Arc::clone(new);
    }
}
