//! What the server receives at once, and what is known of it.

use std::sync::Arc;

use crate::schema::{Change, Identifier, Why, WrittenName};
use crate::source::{Origin, SourceMap, Span};

pub use crate::schema::HOLE;

/// One statement: its text, its effects, and the way back to the file.
///
/// `ALTER TABLE` with three actions is one statement, three changes, one lock.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Without the final semicolon and the space around it.
    pub text: Arc<str>,
    /// In the order of execution. Empty only for a statement without any effect (an empty string).
    pub changes: Vec<Change>,
    /// Why the grammar does not know its form, where it does not: what it may have touched is then told from its first
    /// words. `None` where it was read whole, whether or not the schema models what it does.
    pub unread: Option<Why>,
    /// The table without which it does nothing (`ALTER TABLE IF EXISTS`).
    pub needs: Option<WrittenName>,
    /// It looks before it acts: a change that is there already, or cannot be, is left out.
    pub is_guarded: bool,
    /// From bytes of `text` to the file.
    pub map: SourceMap,
    /// Names that PostgreSQL will cut.
    pub cuts: Vec<CutName>,
}

/// Begins the comment in which a `DO` block says what it does, as one statement of SQL: what a repair writes looks before
/// it acts, in PL/pgSQL that nobody should have to follow. An empty one says that it changes no structure.
pub const DECLARES: &str = "-- hhschema: does";

/// A name longer than PostgreSQL stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutName {
    /// Folded if it was bare, whole.
    pub written: Arc<str>,
    /// What the catalog will hold.
    pub stored: Identifier,
    /// In the text of the statement.
    pub span: Span,
}

impl Statement {
    pub fn origin(&self) -> Origin {
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.map.origin(Span::new(0, end))
    }
}
