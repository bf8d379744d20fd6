//! Data types, spelled as `format_type` spells them.

use std::fmt;
use std::sync::Arc;

use super::{Identifier, Why};

/// The type of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SqlType {
    Known(TypeName),
    Unknown(Why),
}

/// A type with its modifiers, in the canonical spelling of `format_type(oid, typmod)`:
/// `integer` (not `int4`), `character varying` (not `varchar`), `timestamp with time zone`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeName {
    /// `None` for what `pg_catalog` or the search path supplies.
    pub schema: Option<Identifier>,
    /// The base name without modifiers: `numeric` of `numeric(10,2)`.
    pub name: Arc<str>,
    /// `10`, `2` of `numeric(10,2)`; as written, for types whose modifiers are no numbers.
    pub modifiers: Vec<Arc<str>>,
    /// 1 for `integer[]`, 0 for a plain type. PostgreSQL does not enforce the count.
    pub dimensions: u8,
}

impl TypeName {
    /// A plain built-in type.
    pub fn builtin(name: &str) -> Self {
        Self {
            schema: None,
            name: name.into(),
            modifiers: Vec::new(),
            dimensions: 0,
        }
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(formatter, "{schema}.")?;
        }
        let modifiers = if self.modifiers.is_empty() {
            String::new()
        } else {
            format!("({})", self.modifiers.join(","))
        };
        // The modifiers stand before the words on time zones: `timestamp(3) with time zone`.
        match self.name.split_once(" with") {
            Some((head, tail)) => write!(formatter, "{head}{modifiers} with{tail}")?,
            None => write!(formatter, "{}{modifiers}", self.name)?,
        }
        formatter.write_str(&"[]".repeat(usize::from(self.dimensions)))
    }
}

impl fmt::Display for SqlType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(name) => name.fmt(formatter),
            Self::Unknown(_) => formatter.write_str("a type that is not known"),
        }
    }
}
