//! SQL expressions to their canonical form, the nearest that is practical to what the server prints
//! of the same expression (`pg_get_expr`, `pg_get_constraintdef`).
//!
//! Not counted: spacing, redundant parentheses, the case of key words, casts of constants, the casts that
//! the server adds to columns, `IN` against `= ANY (ARRAY[...])`, `!=`, `BETWEEN`, `LIKE` against `~~`.

mod canonical;
mod operand;
mod parse;
mod tree;
mod values;

use super::cursor::{Cursor, Parsed, hole_number};
use super::lexer::{Kind, Lexeme, lex};
use crate::schema::{Expr, KnownExpr, Why};

pub use values::check_values;

/// Reads an expression that stands alone, such as a `db_default` or what `pg_get_expr` gives.
pub fn expression(text: &str) -> Expr {
    let lexed = lex(text, 0);
    if let Some((_, message)) = lexed.broken {
        return Expr::Unknown(Why::new(message));
    }
    let generic = |_| Why::new("part of the expression is not known");
    whole(&Cursor::new(text, &lexed.lexemes, &generic))
}

/// How much of the grammar of expressions may stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// `a_expr` of `gram.y`.
    Full,
    /// `b_expr`: what a column's DEFAULT takes, without AND, OR, NOT, IN, LIKE, IS NULL, COLLATE.
    Restricted,
    /// `func_expr_windowless` or a name: a key of an index without parentheses.
    Primary,
}

/// The expression that is all of the cursor's tokens: what cannot be read is unknown, with its reason.
pub(super) fn whole(cursor: &Cursor<'_>) -> Expr {
    let text = cursor.text_of(cursor.rest());
    if let Some(why) = unknown_part(cursor, cursor.rest()) {
        return Expr::Unknown(why);
    }
    let mut inner = cursor.clone();
    let parsed =
        parse::parse(&mut inner, Extent::Full).and_then(|node| inner.expect_end().map(|()| node));
    match parsed {
        Ok(node) => known(text, &node),
        Err(why) => Expr::Unknown(why),
    }
}

/// An expression that ends where its grammar ends.
pub(super) fn prefix(cursor: &mut Cursor<'_>, extent: Extent) -> Parsed<Expr> {
    let start = cursor.position();
    let before = cursor.clone();
    let node = parse::parse(cursor, extent)?;
    let end = cursor.position();
    let used = before.rest().get(..end - start).unwrap_or_default();
    if let Some(why) = unknown_part(cursor, used) {
        return Ok(Expr::Unknown(why));
    }
    Ok(known(cursor.text_between(start, end), &node))
}

fn known(text: &str, node: &tree::Node) -> Expr {
    Expr::Known(KnownExpr {
        text: text.into(),
        canonical: canonical::parts(node),
    })
}

/// A hole, or a parameter that the caller of the statement fills in.
fn unknown_part(cursor: &Cursor<'_>, lexemes: &[Lexeme<'_>]) -> Option<Why> {
    lexemes.iter().find_map(|lexeme| match lexeme.kind {
        Kind::Delimited if hole_number(lexeme).is_some() => cursor.hole(lexeme),
        Kind::Parameter => Some(Why::new("a parameter stands for part of the expression")),
        _ => None,
    })
}
