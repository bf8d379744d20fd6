//! Cuts a text into statements at the semicolons that end one.

use std::ops::Range;

use super::lexer::{Comment, Lexed, Lexeme, lex};

/// A statement's tokens, or a text that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A range of the tokens, without the semicolon.
    Statement(Range<usize>),
    /// From here to the end nothing can be read, for this reason.
    Broken { start: u32, why: String },
}

/// The comments of a text, in order, for suppressions (`-- hhschema: ignore[rule] reason`).
pub fn comments(text: &str) -> Vec<Comment> {
    lex(text, 0).comments
}

/// The statements of a text that was cut into tokens; empty ones are left out.
pub(super) fn split(lexed: &Lexed<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut nesting = Nesting::default();
    for (at, lexeme) in lexed.lexemes.iter().enumerate() {
        if lexeme.is_symbol(";") && nesting.is_outside() {
            if start < at {
                pieces.push(Piece::Statement(start..at));
            }
            start = at + 1;
            nesting = Nesting::default();
        } else {
            nesting.step(&lexed.lexemes, start, at);
        }
    }
    let end = lexed.lexemes.len();
    match &lexed.broken {
        Some((broken, why)) => {
            let first = lexed.lexemes.get(start).map(|lexeme| lexeme.span.start);
            pieces.push(Piece::Broken {
                start: first.unwrap_or(*broken).min(*broken),
                why: why.clone(),
            });
        }
        None if start < end => pieces.push(Piece::Statement(start..end)),
        None => {}
    }
    pieces
}

/// Whether a semicolon belongs to the body of a statement: `BEGIN ATOMIC ... END` of a function, the
/// parenthesised commands of a rule.
#[derive(Debug, Default)]
struct Nesting {
    blocks: usize,
    parentheses: usize,
}

impl Nesting {
    fn is_outside(&self) -> bool {
        self.blocks == 0 && self.parentheses == 0
    }

    fn step(&mut self, lexemes: &[Lexeme<'_>], start: usize, at: usize) {
        let (Some(first), Some(this)) = (lexemes.get(start), lexemes.get(at)) else {
            return;
        };
        if !first.is_word("CREATE") {
            return;
        }
        let before = at.checked_sub(1).and_then(|before| lexemes.get(before));
        if this.is_word("ATOMIC") && before.is_some_and(|word| word.is_word("BEGIN")) {
            self.blocks += 1;
        } else if self.blocks > 0 && this.is_word("CASE") {
            self.blocks += 1;
        } else if self.blocks > 0 && this.is_word("END") {
            self.blocks -= 1;
        }
        self.step_rule(lexemes.get(start..at).unwrap_or_default(), this);
    }

    fn step_rule(&mut self, before: &[Lexeme<'_>], this: &Lexeme<'_>) {
        let is_rule = before.iter().take(4).any(|word| word.is_word("RULE"));
        if is_rule && this.is_symbol("(") {
            self.parentheses += 1;
        } else if is_rule && this.is_symbol(")") {
            self.parentheses = self.parentheses.saturating_sub(1);
        }
    }
}
