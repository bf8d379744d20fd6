//! The names that Django generates: tables, indexes, constraints.
//!
//! The same in Django 4.2, 5.2 and 6.0: `django/db/backends/utils.py` (`truncate_name`, `names_digest`),
//! `django/db/backends/base/schema.py` (`_create_index_name`), `django/db/models/indexes.py`
//! (`Index.set_name_with_model`). Lengths here are characters, as Python counts them, not bytes.

use md5::{Digest, Md5};

/// `max_name_length` of the PostgreSQL backend (`django/db/backends/postgresql/operations.py`).
pub const MAX_NAME_LENGTH: usize = 63;

/// The longest name that the system check allows an index in `Meta.indexes` (`Index.max_name_length`,
/// models.E034).
pub const MAX_INDEX_NAME_LENGTH: usize = 30;

/// The end of an index or constraint name, which says what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NameSuffix {
    /// Of a field with `db_index`: no suffix.
    FieldIndex,
    /// Of `index_together`: `_idx`.
    Index,
    /// The index for `LIKE` beside that of a text column: `_like`.
    Like,
    /// `_uniq`.
    Unique,
    /// `_check`.
    Check,
    /// `_pk`.
    PrimaryKey,
    /// `_fk_<table>_<column>`.
    ForeignKey { to_table: String, to_column: String },
    /// `_fk`: a foreign key that `AlterField` makes again because the column that it points at changed.
    RecreatedForeignKey,
}

impl NameSuffix {
    /// Whether an index bears it, and no constraint.
    pub fn is_of_index(&self) -> bool {
        match self {
            Self::FieldIndex | Self::Index | Self::Like => true,
            Self::Unique
            | Self::Check
            | Self::PrimaryKey
            | Self::ForeignKey { .. }
            | Self::RecreatedForeignKey => false,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::FieldIndex => String::new(),
            Self::Index => "_idx".to_owned(),
            Self::Like => "_like".to_owned(),
            Self::Unique => "_uniq".to_owned(),
            Self::Check => "_check".to_owned(),
            Self::PrimaryKey => "_pk".to_owned(),
            Self::ForeignKey {
                to_table,
                to_column,
            } => format!("_fk_{to_table}_{to_column}"),
            Self::RecreatedForeignKey => "_fk".to_owned(),
        }
    }
}

/// The table of a model that names none.
pub fn default_table_name(app_label: &str, model_name: &str) -> String {
    let name = format!("{app_label}_{}", model_name.to_lowercase());
    truncate_name(&name, MAX_NAME_LENGTH)
}

/// The table of a many-to-many field without a `through` model (`ManyToManyField._get_m2m_db_table`).
pub fn many_to_many_table_name(model_table: &str, field: &str) -> String {
    let name = format!("{}_{field}", strip_quotes(model_table));
    truncate_name(&name, MAX_NAME_LENGTH)
}

/// The name of an index or constraint for which nobody gave one (`_create_index_name`).
pub fn create_index_name(table: &str, columns: &[&str], suffix: &NameSuffix) -> String {
    let table = split_identifier(table).1;
    let mut parts = vec![table];
    parts.extend(columns);
    let mut hash_suffix = format!("{}{}", names_digest(&parts, 8), suffix.text());
    let columns = columns.join("_");
    let whole = format!("{table}_{columns}_{hash_suffix}");
    if length(&whole) <= MAX_NAME_LENGTH {
        return whole;
    }
    if length(&hash_suffix) > MAX_NAME_LENGTH / 3 {
        hash_suffix = prefix(&hash_suffix, MAX_NAME_LENGTH / 3).to_owned();
    }
    let rest = ((MAX_NAME_LENGTH - length(&hash_suffix)) / 2).saturating_sub(1);
    let name = format!(
        "{}_{}_{hash_suffix}",
        prefix(table, rest),
        prefix(&columns, rest)
    );
    if starts_badly(&name) {
        let kept = prefix(&name, length(&name).saturating_sub(1));
        return format!("D{kept}");
    }
    name
}

/// A column of an index that has no name, with its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrderedColumn<'a> {
    pub column: &'a str,
    pub descending: bool,
}

/// The name that an index of `Meta.indexes` without one gets (`Index.set_name_with_model`).
///
/// `suffix` is that of the index class: `idx`, `gin`, `brin` ...
pub fn model_index_name(table: &str, columns: &[OrderedColumn<'_>], suffix: &str) -> String {
    let table = split_identifier(table).1;
    let ordered = columns.iter().map(|key| {
        let sign = if key.descending { "-" } else { "" };
        format!("{sign}{}", key.column)
    });
    let hashed = std::iter::once(table.to_owned())
        .chain(ordered)
        .chain(std::iter::once(suffix.to_owned()))
        .collect::<Vec<_>>();
    let hashed = hashed.iter().map(String::as_str).collect::<Vec<_>>();
    let first = columns.first().map_or("", |key| key.column);
    let name = format!(
        "{}_{}_{}_{suffix}",
        prefix(table, 11),
        prefix(first, 7),
        names_digest(&hashed, 6)
    );
    if starts_badly(&name) {
        let kept = name.chars().skip(1).collect::<String>();
        return format!("D{kept}");
    }
    name
}

/// Cuts a name and marks the cut with four digits of its hash.
pub fn truncate_name(identifier: &str, longest: usize) -> String {
    const HASH: usize = 4;
    let (namespace, name) = split_identifier(identifier);
    if length(name) <= longest {
        return identifier.to_owned();
    }
    let namespace = if namespace.is_empty() {
        String::new()
    } else {
        format!("{namespace}\".\"")
    };
    let kept = prefix(name, longest.saturating_sub(HASH));
    format!("{namespace}{kept}{}", names_digest(&[name], HASH))
}

/// The first `length` hexadecimal digits of the MD5 hash of all parts together.
pub fn names_digest(parts: &[&str], length: usize) -> String {
    let mut hasher = Md5::new();
    for part in parts {
        hasher.update(part.as_bytes());
    }
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    let hexadecimal = hasher
        .finalize()
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)])
        .collect::<String>();
    prefix(&hexadecimal, length).to_owned()
}

/// The schema and the table of a `db_table` such as `app"."table` (an idiom for tables in schemas).
pub fn split_identifier(identifier: &str) -> (&str, &str) {
    let (namespace, name) = match identifier.split_once("\".\"") {
        Some((namespace, name)) if !name.contains("\".\"") => (namespace, name),
        _ => ("", identifier),
    };
    (namespace.trim_matches('"'), name.trim_matches('"'))
}

fn strip_quotes(table: &str) -> &str {
    table
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(table)
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn prefix(text: &str, characters: usize) -> &str {
    let end = text
        .char_indices()
        .nth(characters)
        .map_or(text.len(), |(offset, _)| offset);
    text.get(..end).unwrap_or(text)
}

fn starts_badly(name: &str) -> bool {
    // Python's `isdigit` also knows digits of other scripts.
    name.chars()
        .next()
        .is_some_and(|first| first == '_' || first.is_numeric())
}
