//! Statements that the server writes of its own objects, read like any other SQL.

use crate::schema::Change;
use crate::source::{SourceFile, SourceMap};
use crate::sql;

/// The change of the one statement of a text.
pub(super) fn only_change(text: &str) -> Option<Change> {
    let file = SourceFile::new("catalog.sql", text);
    let statements = sql::read(text, &SourceMap::identity(&file));
    let statement = statements.into_iter().next()?;
    statement.changes.into_iter().next()
}
