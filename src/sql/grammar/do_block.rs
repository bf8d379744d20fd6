//! `DO`: what the static SQL of an anonymous block touches.

use crate::schema::{Change, Touches, Why};
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::opaque;

/// At `DO`.
pub(super) fn statement(cursor: &mut Cursor<'_>) -> Parsed<Vec<Change>> {
    let touches = opaque::touches(cursor);
    cursor.expect("DO")?;
    if cursor.eat("LANGUAGE") && cursor.string().is_err() {
        cursor.identifier()?;
    }
    cursor.string()?;
    if cursor.eat("LANGUAGE") && cursor.string().is_err() {
        cursor.identifier()?;
    }
    cursor.expect_end()?;
    if touches == Touches::Anything {
        return Err(Why::new("what a DO block runs is not followed"));
    }
    let why = Why::new("whether a DO block runs what it holds is not known");
    Ok(vec![Change::Opaque {
        text: cursor.statement_text().into(),
        why,
        touches,
    }])
}
