//! Places as they are printed.

use crate::lint::Place;
use std::path::{Component, Path};

use super::Style;
use crate::schema::{ObjectName, RelationName};

/// A path relative to the current folder where it lies below it, with forward slashes.
pub(super) fn path(path: &Path, style: &Style) -> String {
    let below = path.strip_prefix(&style.current_folder).unwrap_or(path);
    let mut printed = String::new();
    for component in below.components() {
        match component {
            Component::CurDir => continue,
            Component::RootDir => {
                printed.push('/');
                continue;
            }
            Component::Prefix(_) | Component::ParentDir | Component::Normal(_) => {}
        }
        if !printed.is_empty() && !printed.ends_with('/') {
            printed.push('/');
        }
        printed.push_str(&component.as_os_str().to_string_lossy());
    }
    printed
}

/// `path:line:column`, or `db:schema.table.column`.
pub(super) fn place(place: &Place, style: &Style) -> String {
    match place {
        Place::Source(origin) => {
            let at = origin.line_column();
            format!(
                "{}:{}:{}",
                path(origin.file.path(), style),
                at.line,
                at.column
            )
        }
        Place::Database(object) => format!("db:{}", qualified(object)),
    }
}

/// The whole name, `public` included: a machine is not to guess it.
pub(super) fn qualified(object: &ObjectName) -> String {
    let relation = |name: &RelationName| format!("{}.{}", name.schema, name.name);
    match object {
        ObjectName::Schema(schema) => schema.to_string(),
        ObjectName::Relation(name) | ObjectName::Index(name) | ObjectName::Type(name) => {
            relation(name)
        }
        ObjectName::Column(table, part) | ObjectName::Constraint(table, part) => {
            format!("{}.{part}", relation(table))
        }
    }
}

/// A text on one line.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
