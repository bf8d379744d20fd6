//! Schemas and steps as SQL writes them.

use hhschema::repair::Step;
use hhschema::schema::{Outcome, Schema};
use hhschema::source::{SourceFile, SourceMap};
use hhschema::sql;

/// What these statements make of an empty database.
pub(crate) fn schema_of(text: &str) -> Schema {
    let mut schema = Schema::empty();
    let file = SourceFile::new("given.sql", text);
    for statement in sql::read(text, &SourceMap::identity(&file)) {
        for change in &statement.changes {
            let outcome = schema.apply(change);
            assert!(
                matches!(outcome, Outcome::Applied { .. }),
                "{outcome:?} of {change:?}"
            );
        }
    }
    schema
}

/// A step for each change.
pub(crate) fn run(text: &str) -> Vec<Step> {
    let file = SourceFile::new("repair.sql", text);
    sql::read(text, &SourceMap::identity(&file))
        .into_iter()
        .flat_map(|statement| statement.changes)
        .map(Step::Run)
        .collect()
}
