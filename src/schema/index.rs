//! Indexes, those that back a constraint included.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Exclusion, Expr, Identifier, NameOrigin, NullsDistinct, RelationName, WrittenName};

/// An index as the catalog holds it; its name is its key among the relations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Index {
    pub table: RelationName,
    pub definition: IndexDefinition,
    pub state: IndexState,
    /// The constraint that it backs, whose name it shares.
    pub backs: Option<Identifier>,
    pub name_origin: NameOrigin,
}

/// What an index is, apart from its name and its table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IndexDefinition {
    pub uniqueness: Uniqueness,
    /// The access method: `btree` unless another is written.
    pub method: Identifier,
    pub keys: Vec<IndexKey>,
    pub include: Vec<Identifier>,
    pub predicate: Option<Expr>,
    /// Storage parameters of `WITH (...)`.
    pub parameters: BTreeMap<Arc<str>, Arc<str>>,
    pub tablespace: Option<Identifier>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Uniqueness {
    NotUnique,
    Unique(NullsDistinct),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IndexKey {
    pub part: KeyPart,
    pub collation: Option<WrittenName>,
    /// `None` is the default operator class of the type.
    pub operator_class: Option<WrittenName>,
    pub order: KeyOrder,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KeyPart {
    Column(Identifier),
    Expression(Expr),
}

/// Direction with the place of NULLs; the default of a direction and its explicit form are one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum KeyOrder {
    #[default]
    AscendingNullsLast,
    AscendingNullsFirst,
    DescendingNullsFirst,
    DescendingNullsLast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndexState {
    Valid,
    /// What a failed `CREATE INDEX CONCURRENTLY` leaves: kept up to date, never used.
    Invalid,
}

impl IndexDefinition {
    /// Every column that the index reads: keys, expressions, predicate and INCLUDE.
    pub fn columns(&self) -> impl Iterator<Item = &Identifier> {
        self.keys
            .iter()
            .flat_map(IndexKey::columns)
            .chain(&self.include)
            .chain(self.predicate.iter().flat_map(Expr::columns))
    }

    /// The key columns in order; `None` where a key is an expression.
    pub fn key_columns(&self) -> Option<Vec<&Identifier>> {
        self.keys
            .iter()
            .map(|key| match &key.part {
                KeyPart::Column(name) => Some(name),
                KeyPart::Expression(_) => None,
            })
            .collect()
    }

    /// Whether each of its expressions could be read.
    pub fn is_known(&self) -> bool {
        let expressions = self.keys.iter().filter_map(|key| match &key.part {
            KeyPart::Expression(expr) => Some(expr),
            KeyPart::Column(_) => None,
        });
        expressions
            .chain(&self.predicate)
            .all(|expr| matches!(expr, Expr::Known(_)))
    }

    pub fn is_unique(&self) -> bool {
        matches!(self.uniqueness, Uniqueness::Unique(_))
    }
}

impl Exclusion {
    /// What is modelled of the index that backs it: its method and its columns.
    pub fn index(&self) -> IndexDefinition {
        let mut words = self.definition.split_whitespace();
        let method = match (words.next(), words.next()) {
            (Some(using), Some(method)) if using.eq_ignore_ascii_case("USING") => {
                Identifier::quoted(method.trim_matches('"'))
            }
            _ => Identifier::quoted("btree"),
        };
        IndexDefinition {
            uniqueness: Uniqueness::NotUnique,
            method,
            keys: self.columns.iter().cloned().map(IndexKey::column).collect(),
            include: Vec::new(),
            predicate: None,
            parameters: BTreeMap::default(),
            tablespace: None,
        }
    }
}

impl IndexKey {
    pub fn column(name: Identifier) -> Self {
        Self {
            part: KeyPart::Column(name),
            collation: None,
            operator_class: None,
            order: KeyOrder::default(),
        }
    }

    fn columns(&self) -> Vec<&Identifier> {
        match &self.part {
            KeyPart::Column(name) => vec![name],
            KeyPart::Expression(expr) => expr.columns().collect(),
        }
    }
}
