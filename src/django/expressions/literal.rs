//! Constants as psycopg 3 writes them into a statement.
//!
//! `Transformer.as_literal` of psycopg 3.2: a quoted form gets the cast of its type, except for text.

use std::fmt::Write as _;
use std::sync::Arc;

/// A Python value on its way into SQL, converted as its field would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constant {
    Null,
    Bool(bool),
    /// An integer, a decimal or a finite float, as Python prints it.
    Number(String),
    Text(Arc<str>),
    Bytes(Vec<u8>),
    /// Text with a cast to its type: `date`, `uuid`, `jsonb`, `interval`.
    Typed {
        text: String,
        cast: &'static str,
    },
    /// An array literal, with the type of its items where they are no text.
    Array {
        items: Vec<Constant>,
        cast: Option<&'static str>,
    },
}

/// `DatabaseOperations.quote_name` (`django/db/backends/postgresql/operations.py`): a name that stands in
/// quotes already is left as it is, and quotes inside are not doubled.
pub fn quote_name(name: &str) -> String {
    if name.starts_with('"') && name.ends_with('"') {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

impl Constant {
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn sql(&self) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Bool(true) => "true".to_owned(),
            Self::Bool(false) => "false".to_owned(),
            // The space keeps `- -1` from becoming a comment; since psycopg 3.3 a negative zero has it, too.
            Self::Number(number) if number.starts_with('-') => format!(" {number}"),
            Self::Number(number) => number.clone(),
            Self::Text(text) => quote_text(text),
            Self::Bytes(bytes) => format!("'\\x{}'::bytea", hexadecimal(bytes)),
            Self::Typed { text, cast } => format!("{}::{cast}", quote_text(text)),
            Self::Array { items, cast } => {
                let text = quote_text(&array_text(items));
                match cast {
                    Some(cast) if items.iter().any(has_item) => format!("{text}::{cast}[]"),
                    _ => text,
                }
            }
        }
    }

    /// As [`Self::sql`] for a literal in an index condition or a CHECK: before 5.0 Django doubled
    /// every `%` of a text there, and so it stands in the catalog (`quote_value`, ticket 34553).
    pub fn sql_in_condition(&self, doubled_percent: bool) -> String {
        match self {
            Self::Text(text) if doubled_percent => quote_text(&text.replace('%', "%%")),
            _ => self.sql(),
        }
    }
}

/// Whether psycopg learns the type of an array from an item: NULL has none.
fn has_item(item: &Constant) -> bool {
    match item {
        Constant::Null => false,
        Constant::Array { items, .. } => items.iter().any(has_item),
        Constant::Bool(_)
        | Constant::Number(_)
        | Constant::Text(_)
        | Constant::Bytes(_)
        | Constant::Typed { .. } => true,
    }
}

/// `PQescapeLiteral`: with a backslash inside, an escape string with a space before it.
fn quote_text(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') {
        format!(" E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn array_text(items: &[Constant]) -> String {
    let items = items.iter().map(array_item).collect::<Vec<_>>();
    format!("{{{}}}", items.join(","))
}

fn array_item(item: &Constant) -> String {
    match item {
        Constant::Null => "NULL".to_owned(),
        Constant::Bool(true) => "t".to_owned(),
        Constant::Bool(false) => "f".to_owned(),
        Constant::Number(number) => number.clone(),
        Constant::Text(text) => quote_item(text),
        Constant::Typed { text, cast } => quote_item(match (&**text, *cast) {
            // The quoted form alone has their long names.
            ("Infinity", "float8") => "inf",
            ("-Infinity", "float8") => "-inf",
            ("NaN", "float8") => "nan",
            (text, _) => text,
        }),
        Constant::Bytes(bytes) => quote_item(&format!("\\x{}", hexadecimal(bytes))),
        Constant::Array { items, .. } => array_text(items),
    }
}

/// An item of an array in text form stands in quotes where it could be misread.
fn quote_item(text: &str) -> String {
    let plain = !text.is_empty()
        && !text.eq_ignore_ascii_case("null")
        && !text.chars().any(|character| {
            matches!(character, '"' | '{' | '}' | ',' | '\\') || character.is_ascii_whitespace()
        });
    if plain {
        return text.to_owned();
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// A bound of a range stands in quotes where it could be misread (`psycopg/types/range.py`, `_re_needs_quotes`).
pub(super) fn quote_range_item(text: &str) -> String {
    let needs = text.is_empty()
        || text.chars().any(|character| {
            matches!(character, '"' | ',' | '\\' | '(' | ')' | '[' | ']')
                || character.is_whitespace()
        });
    if !needs {
        return text.to_owned();
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\"\"");
    format!("\"{escaped}\"")
}
