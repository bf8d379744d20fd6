//! What the static SQL of a PL/pgSQL block touches; the SQL that it puts together when it runs may do anything.

use super::cursor::Cursor;
use super::lexer::{Kind, Lexeme};
use super::opaque::{touched_by, union};
use super::split::{Piece, script};
use super::{grammar, opaque};
use crate::schema::{Touches, Why};

/// The relations of the statements within the body of a `DO`, if each can be read, else anything.
pub(super) fn touches(cursor: &Cursor<'_>) -> Touches {
    let mut lexemes = cursor.rest().iter();
    let body = lexemes.find(|lexeme| lexeme.kind == Kind::String);
    let Some(body) = body.map(Lexeme::string) else {
        return Touches::Anything;
    };
    let mut block = Block::default();
    union(statements(&body, |cursor| block.statement(cursor)))
}

/// What each statement of a text touches.
fn statements(text: &str, mut touches: impl FnMut(&mut Cursor<'_>) -> Touches) -> Vec<Touches> {
    let script = script(text);
    let unknown = |_| Why::new("not known");
    let pieces = script.pieces.iter();
    pieces
        .map(|piece| match piece {
            Piece::Statement(range) => {
                let lexemes = script.lexemes.get(range.clone()).unwrap_or_default();
                touches(&mut Cursor::new(text, lexemes, &unknown))
            }
            Piece::MetaCommand(_) | Piece::Broken { .. } => Touches::Anything,
        })
        .collect()
}

/// A block as its statements are read, one after the other.
#[derive(Default)]
struct Block {
    /// Between DECLARE and BEGIN.
    declares: bool,
}

impl Block {
    /// One statement of PL/pgSQL: its control words are stepped over, what they guard is read.
    fn statement(&mut self, cursor: &mut Cursor<'_>) -> Touches {
        loop {
            label(cursor);
            if cursor.eat("BEGIN") {
                self.declares = false;
            } else if self.declares {
                return Touches::Nothing;
            } else if cursor.eat("DECLARE") {
                self.declares = true;
            } else if !eat_control(cursor) {
                break;
            }
        }
        if cursor.is_at_end() || has_no_effect(cursor) {
            return Touches::Nothing;
        }
        if cursor.eat("EXECUTE") {
            return executed(cursor);
        }
        of_statement(cursor)
    }
}

/// `<<name>>`.
fn label(cursor: &mut Cursor<'_>) {
    let is_label =
        cursor.at_symbol("<<") && cursor.peek_at(2).is_some_and(|end| end.is_symbol(">>"));
    if is_label {
        for _ in 0..3 {
            cursor.advance();
        }
    }
}

/// Steps over the words of a control structure, up to the statement that it guards.
fn eat_control(cursor: &mut Cursor<'_>) -> bool {
    if ["ELSE", "LOOP", "EXCEPTION"]
        .iter()
        .any(|word| cursor.eat(word))
    {
        return true;
    }
    let heads = [
        (["IF", "ELSIF", "ELSEIF", "WHEN", "CASE"].as_slice(), "THEN"),
        (["FOR", "FOREACH", "WHILE"].as_slice(), "LOOP"),
    ];
    for (words, end) in heads {
        if words.iter().any(|word| cursor.at(word)) {
            while !cursor.is_at_end() && !cursor.eat(end) {
                cursor.advance();
            }
            return true;
        }
    }
    false
}

/// Whether it changes variables, rows or the flow of control only. `SELECT ... INTO` sets a variable here.
fn has_no_effect(cursor: &Cursor<'_>) -> bool {
    let control = [
        "END", "NULL", "RAISE", "RETURN", "EXIT", "CONTINUE", "PERFORM", "ASSERT", "GET", "OPEN",
        "FETCH", "MOVE", "CLOSE", "COMMIT", "ROLLBACK", "SELECT",
    ];
    if control.iter().any(|word| cursor.at(word)) {
        return true;
    }
    // `a := 1`, `a = 1`, `a[1] := 1`, `a.b := 1`.
    let operators = [":=", "="];
    let mut before = cursor.rest().iter().take_while(|token| {
        let is_place = token.is_name() || token.kind == Kind::Number;
        is_place || token.is_symbol(".") || token.is_symbol("[") || token.is_symbol("]")
    });
    let length = before.by_ref().count();
    let is_one_name = cursor.peek_at(1).is_some_and(|next| !next.is_name());
    is_one_name
        && cursor
            .peek_at(length)
            .is_some_and(|next| operators.iter().any(|operator| next.is_symbol(operator)))
}

/// `EXECUTE` of a constant string.
fn executed(cursor: &mut Cursor<'_>) -> Touches {
    match cursor.string() {
        Ok(text) if cursor.is_at_end() => union(statements(&text, |inner| of_statement(inner))),
        Ok(_) | Err(_) => Touches::Anything,
    }
}

/// A block within a block is not followed: the depth of what is read stays bounded.
fn of_statement(cursor: &Cursor<'_>) -> Touches {
    if cursor.at("DO") {
        return Touches::Anything;
    }
    let rest = cursor.within(cursor.rest());
    match grammar::statement(&rest) {
        Ok(changes) => union(changes.iter().map(touched_by)),
        Err(_) => opaque::touches(&rest),
    }
}
