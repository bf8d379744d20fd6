//! What a statement is lowered to that is read whole and does what the schema does not model.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::schema::{Change, Identifier, IfExists, Touches, Why, WrittenName};
use crate::sql::cursor::{Cursor, Parsed};

/// A statement that changes nothing that the schema models, and needs these relations.
#[expect(clippy::unnecessary_wraps, reason = "it ends a grammar function")]
pub(super) fn without_effect(
    what: impl Into<Arc<str>>,
    relations: Vec<WrittenName>,
) -> Parsed<Vec<Change>> {
    Ok(vec![Change::NoEffect {
        what: what.into(),
        relations,
    }])
}

/// A statement that changes these, in a way that the schema does not model.
#[expect(clippy::unnecessary_wraps, reason = "it ends a grammar function")]
pub(super) fn opaque(cursor: &Cursor<'_>, what: &str, touches: Touches) -> Parsed<Vec<Change>> {
    Ok(vec![opaque_change(cursor, what, touches)])
}

pub(super) fn opaque_change(cursor: &Cursor<'_>, what: &str, touches: Touches) -> Change {
    Change::Opaque {
        text: cursor.statement_text().into(),
        why: Why::new(format!("{what} is not modelled")),
        touches,
    }
}

pub(super) fn relations(names: impl IntoIterator<Item = WrittenName>) -> Touches {
    Touches::Relations(names.into_iter().collect())
}

/// The relation that has to be there: with IF EXISTS none has.
pub(super) fn needed(relation: WrittenName, if_exists: IfExists) -> Vec<WrittenName> {
    match if_exists {
        IfExists::No => vec![relation],
        IfExists::Yes => Vec::new(),
    }
}

/// A part is added to this table that the schema does not model; what it has stays as it is.
pub(super) fn grows(table: &WrittenName) -> Touches {
    Touches::Grows(BTreeSet::from([table.clone()]))
}

/// The name that a relation has after `RENAME TO`.
pub(super) fn renamed(relation: &WrittenName, to: Identifier) -> WrittenName {
    WrittenName {
        schema: relation.schema.clone(),
        name: to,
    }
}

/// Steps over the rest of a statement, in which every parenthesis is closed and no part is unknown.
pub(super) fn balanced_rest(cursor: &mut Cursor<'_>) -> Parsed<()> {
    while let Some(next) = cursor.peek() {
        if let Some(why) = cursor.hole(next) {
            return Err(why);
        }
        match next.text {
            "(" => {
                cursor.parenthesised()?;
            }
            // A semicolon within a statement is one of `BEGIN ATOMIC ... END`.
            ")" => return Err(cursor.unexpected("the end of the statement")),
            _ => {
                cursor.advance();
            }
        }
    }
    Ok(())
}
