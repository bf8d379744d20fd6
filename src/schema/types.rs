//! Data types, spelled as `format_type` spells them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
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
///
/// Two are equal where they are one type to the server: `integer[]` and `integer[][]` are, as `pg_attribute.attndims`
/// holds nobody to anything and `pg_dump` does not keep it (PostgreSQL's documentation, "Arrays", 8.15.1).
#[derive(Debug, Clone)]
pub struct TypeName {
    /// `None` for what `pg_catalog` or the search path supplies.
    pub schema: Option<Identifier>,
    /// The base name without modifiers: `numeric` of `numeric(10,2)`.
    pub name: Arc<str>,
    /// `10`, `2` of `numeric(10,2)`; as written, for types whose modifiers are no numbers.
    pub modifiers: Vec<Arc<str>>,
    /// 1 for `integer[]`, 0 for a plain type. PostgreSQL does not enforce the count: it is for what is written.
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

    pub fn is_array(&self) -> bool {
        self.dimensions > 0
    }

    /// What makes it the type that it is.
    fn identity(&self) -> (&Option<Identifier>, &str, &[Arc<str>], bool) {
        (&self.schema, &self.name, &self.modifiers, self.is_array())
    }
}

impl PartialEq for TypeName {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for TypeName {}

impl Hash for TypeName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

impl PartialOrd for TypeName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for TypeName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.identity().cmp(&other.identity())
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

#[cfg(test)]
mod tests {
    use super::TypeName;

    #[test]
    fn an_array_is_one_type_however_many_dimensions_are_written() {
        let of = |dimensions| TypeName {
            dimensions,
            ..TypeName::builtin("integer")
        };
        assert_eq!(of(1), of(2));
        assert_ne!(of(0), of(1));
        assert_eq!(of(2).to_string(), "integer[][]");
    }
}
