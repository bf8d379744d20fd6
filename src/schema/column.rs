//! Columns: what a row holds, and what the server supplies when a statement does not.

use super::{Expr, Identifier, SqlType, WrittenName};

/// A column of a table, as a definition writes it and as the catalog holds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Column {
    pub name: Identifier,
    pub data_type: SqlType,
    pub nullability: Nullability,
    pub supply: Supply,
    /// `None` is the default collation of the type.
    pub collation: Option<WrittenName>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nullability {
    Nullable,
    NotNull,
}

/// What the server puts into the column when an INSERT leaves it out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Supply {
    /// NULL: an INSERT that leaves out a NOT NULL column fails with SQLSTATE 23502.
    Nothing,
    Default(Expr),
    Identity(Identity),
    Generated(Generated),
    /// The pseudo-types `smallserial`, `serial`, `bigserial`: stands only in a definition. Applied, it
    /// becomes a default of `nextval` on a sequence that the column owns.
    Serial,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identity {
    Always,
    ByDefault,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Generated {
    pub expression: Expr,
    pub kind: GeneratedKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GeneratedKind {
    Stored,
    /// PostgreSQL 18.
    Virtual,
}

impl Column {
    pub fn is_not_null(&self) -> bool {
        self.nullability == Nullability::NotNull
    }

    /// Whether an INSERT that leaves the column out fails: NOT NULL, and the server supplies nothing.
    pub fn must_be_given(&self) -> bool {
        self.is_not_null() && self.supply == Supply::Nothing
    }

    pub fn default(&self) -> Option<&Expr> {
        match &self.supply {
            Supply::Default(expr) => Some(expr),
            Supply::Nothing | Supply::Identity(_) | Supply::Generated(_) | Supply::Serial => None,
        }
    }
}
