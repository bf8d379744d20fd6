//! Names as the server stores them, apart from names as a statement writes them.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The longest identifier that PostgreSQL stores, in bytes: `NAMEDATALEN - 1` (`pg_config_manual.h`,
/// all supported versions; documentation section 4.1.1).
pub const LONGEST_IDENTIFIER: usize = 63;

/// The reserved character of a hole: a name that begins with it stands for one that could not be known. It is no
/// character of Unicode's, so no name of a person has it.
pub const HOLE: char = '\u{FFFC}';

/// A name as the server stores it: folded when it was unquoted, cut at 63 bytes.
#[derive(Clone, Eq)]
pub struct Identifier {
    /// The first bytes of the text, which tell most names apart with no look at it: schemas are searched by name, and the
    /// texts lie all over the memory.
    head: u64,
    text: Arc<str>,
}

/// Most names that are compared are one name: all relations of a schema share that of the schema.
impl PartialEq for Identifier {
    fn eq(&self, other: &Self) -> bool {
        self.head == other.head && (Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
    }
}

impl Hash for Identifier {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Ord for Identifier {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.text, &other.text) {
            return Ordering::Equal;
        }
        let heads = self.head.cmp(&other.head);
        heads.then_with(|| self.text.cmp(&other.text))
    }
}

impl PartialOrd for Identifier {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Identifier {
    /// The stored form of a name that stood in double quotes (the quotes removed, `""` undone).
    pub fn quoted(written: &str) -> Self {
        Self::stored(cut(written))
    }

    fn stored(text: &str) -> Self {
        let mut head = [0; 8];
        for (into, byte) in head.iter_mut().zip(text.bytes()) {
            *into = byte;
        }
        Self {
            head: u64::from_be_bytes(head),
            text: text.into(),
        }
    }

    /// The stored form of a bare name: ASCII letters folded to lower case (`downcase_identifier` in
    /// `scansup.c`; other letters are left alone in a UTF-8 database).
    pub fn unquoted(written: &str) -> Self {
        Self::stored(cut(&written.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it stands for a name that could not be known. Two such names may be the same or not.
    pub fn is_unknown(&self) -> bool {
        self.text.starts_with(HOLE)
    }

    /// As a statement may always write it: in double quotes (documentation section 4.1.1).
    pub fn to_sql(&self) -> String {
        format!("\"{}\"", self.text.replace('"', "\"\""))
    }
}

/// What PostgreSQL stores of a name: at most 63 bytes, never half a character (`pg_mbcliplen`).
pub fn cut(written: &str) -> &str {
    let end = (0..=LONGEST_IDENTIFIER.min(written.len()))
        .rev()
        .find(|end| written.is_char_boundary(*end))
        .unwrap_or(0);
    written.get(..end).unwrap_or_default()
}

impl fmt::Display for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", &*self.text)
    }
}

/// A name as a statement gives it: the schema may be left to the search path.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WrittenName {
    pub schema: Option<Identifier>,
    pub name: Identifier,
}

impl WrittenName {
    pub fn bare(name: Identifier) -> Self {
        Self { schema: None, name }
    }

    pub fn in_schema(schema: Identifier, name: Identifier) -> Self {
        Self {
            schema: Some(schema),
            name,
        }
    }
}

impl fmt::Display for WrittenName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(formatter, "{schema}.")?;
        }
        write!(formatter, "{}", self.name)
    }
}

impl fmt::Debug for WrittenName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

impl From<&RelationName> for WrittenName {
    fn from(name: &RelationName) -> Self {
        Self::in_schema(name.schema.clone(), name.name.clone())
    }
}

/// A relation as the catalog knows it: always in one schema.
///
/// Tables, indexes, sequences and views share one name space, as in `pg_class`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelationName {
    pub schema: Identifier,
    pub name: Identifier,
}

impl RelationName {
    pub fn new(schema: Identifier, name: Identifier) -> Self {
        Self { schema, name }
    }

    /// A sibling in the same schema: an index of a table, a sequence of a column.
    #[must_use]
    pub fn sibling(&self, name: Identifier) -> Self {
        Self::new(self.schema.clone(), name)
    }

    pub fn is_public(&self) -> bool {
        self.schema.as_str() == "public"
    }
}

/// `public` goes without saying: people write their own names as in their own statements.
impl fmt::Display for RelationName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_public() {
            write!(formatter, "{}.", self.schema)?;
        }
        write!(formatter, "{}", self.name)
    }
}

impl fmt::Debug for RelationName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.schema, self.name)
    }
}

/// Anything in a database that a finding or a repair can be about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectName {
    Schema(Identifier),
    Relation(RelationName),
    Column(RelationName, Identifier),
    Constraint(RelationName, Identifier),
    Index(RelationName),
    Type(RelationName),
}

/// As people write it: `table`, `table.column`, `schema.table.constraint`; `public` is left out.
impl fmt::Display for ObjectName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema(schema) => write!(formatter, "{schema}"),
            Self::Relation(name) | Self::Index(name) | Self::Type(name) => {
                write!(formatter, "{name}")
            }
            Self::Column(table, part) | Self::Constraint(table, part) => {
                write!(formatter, "{table}.{part}")
            }
        }
    }
}
