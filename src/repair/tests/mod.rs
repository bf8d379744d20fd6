//! What plans refuse and how they are written; what they do is shown on real servers, in tests/repair*.rs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod edits;
mod migrations;
mod plans;

use super::{Repair, Step};
use crate::schema::{Change, Schema};
use crate::source::{SourceFile, SourceMap};

fn changes(text: &str) -> Vec<Change> {
    let file = SourceFile::new("repair.sql", text);
    crate::sql::read(text, &SourceMap::identity(&file))
        .into_iter()
        .flat_map(|statement| statement.changes)
        .collect()
}

fn schema(text: &str) -> Schema {
    let mut schema = Schema::empty();
    for change in changes(text) {
        schema.apply(&change);
    }
    schema
}

fn repair(name: &'static str, text: &str) -> Repair {
    let steps = changes(text).into_iter().map(Step::Run).collect();
    Repair::new(name, format!("Do {name}"), steps)
}
