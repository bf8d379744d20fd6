//! Cuts a text into statements at the semicolons that end one, around what only `psql` understands.

use std::ops::Range;

use super::lexer::{Comment, Lexed, Lexeme, lex, offset};
use crate::source::Span;

/// A text cut into tokens and the tokens into pieces.
#[derive(Debug, Default)]
pub(super) struct Script<'a> {
    pub(super) lexemes: Vec<Lexeme<'a>>,
    pub(super) comments: Vec<Comment>,
    pub(super) pieces: Vec<Piece>,
}

/// A statement's tokens, or a text that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A range of the tokens, without the semicolon.
    Statement(Range<usize>),
    /// A command of `psql`, a line that begins with a backslash.
    MetaCommand(Span),
    /// A text that cannot be cut into tokens, for this reason.
    Broken { span: Span, why: String },
}

/// The comments of a text, in order, for suppressions (`-- hhschema: ignore[rule] reason`).
pub fn comments(text: &str) -> Vec<Comment> {
    script(text).comments
}

/// Cuts a whole text; empty statements are left out.
pub(super) fn script(text: &str) -> Script<'_> {
    let mut script = Script::default();
    let lines = meta_lines(text);
    let mut start = 0;
    let mut next = 0;
    loop {
        let (lexed, taken) = stretch(text, start, lines.get(next..).unwrap_or_default());
        let line = lines.get(next + taken);
        let end = line.map_or(text.len(), |line| line.start);
        script.append(lexed, end);
        let Some(line) = line else {
            return script;
        };
        script.meta_command(text, line);
        start = line.end;
        next += taken + 1;
    }
}

/// The lines that begin with a backslash; within a quote they are none of `psql`'s.
fn meta_lines(text: &str) -> Vec<Range<usize>> {
    if !text.contains('\\') {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('\\') {
            lines.push(start..start + line.len());
        }
        start += line.len();
    }
    lines
}

/// The tokens from `start` to the first of the lines that does not stand within a quote, and how many
/// lines do. Each try takes twice as many, so that no text costs more than a few passes.
fn stretch<'a>(text: &'a str, start: usize, lines: &[Range<usize>]) -> (Lexed<'a>, usize) {
    let mut taken = 0;
    loop {
        let line = lines.get(taken);
        let end = line.map_or(text.len(), |line| line.start);
        let mut lexed = lex(text.get(start..end).unwrap_or_default(), offset(start));
        let ends_data = line.is_some_and(|line| {
            let line = text.get(line.clone()).unwrap_or_default();
            line.trim() == "\\."
        });
        if ends_data {
            drop_copied_rows(&mut lexed);
        }
        if lexed.broken.is_none() || line.is_none() {
            return (lexed, taken.min(lines.len()));
        }
        taken = taken * 2 + 1;
    }
}

/// Leaves out the rows that follow `COPY ... FROM stdin;`.
fn drop_copied_rows(lexed: &mut Lexed<'_>) {
    let tokens = &lexed.lexemes;
    let copy = tokens.windows(2).position(|pair| match pair {
        [stdin, end] => stdin.is_word("STDIN") && end.is_symbol(";"),
        _ => false,
    });
    if let Some(stdin) = copy {
        lexed.lexemes.truncate(stdin + 2);
        lexed.broken = None;
    }
}

impl<'a> Script<'a> {
    /// Adds a stretch of text that ends at `end`.
    fn append(&mut self, lexed: Lexed<'a>, end: usize) {
        let first = self.lexemes.len();
        self.lexemes.extend(lexed.lexemes);
        self.comments.extend(lexed.comments);
        let rest = self.cut(first);
        let total = self.lexemes.len();
        match lexed.broken {
            Some((broken, why)) => {
                let begins = self.lexemes.get(rest).map(|lexeme| lexeme.span.start);
                let span = Span::new(begins.unwrap_or(broken).min(broken), offset(end));
                self.pieces.push(Piece::Broken { span, why });
            }
            None if rest < total => self.pieces.push(Piece::Statement(rest..total)),
            None => {}
        }
    }

    /// Cuts the tokens from `first` on at semicolons; gives where the unfinished rest begins.
    fn cut(&mut self, first: usize) -> usize {
        let mut start = first;
        let mut nesting = Nesting::default();
        for (at, lexeme) in self.lexemes.iter().enumerate().skip(first) {
            if lexeme.is_symbol(";") && nesting.is_outside() {
                if start < at {
                    self.pieces.push(Piece::Statement(start..at));
                }
                start = at + 1;
                nesting = Nesting::default();
            } else {
                nesting.step(self.lexemes.get(start..=at).unwrap_or_default());
            }
        }
        start
    }

    fn meta_command(&mut self, text: &str, line: &Range<usize>) {
        let written = text.get(line.clone()).unwrap_or_default();
        let start = line.start + written.len() - written.trim_start().len();
        if written.trim() != "\\." {
            let end = start + written.trim().len();
            let span = Span::new(offset(start), offset(end));
            self.pieces.push(Piece::MetaCommand(span));
        }
    }
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

    /// Takes the last of the tokens of a statement so far.
    fn step(&mut self, tokens: &[Lexeme<'_>]) {
        let ([first, ..], Some((this, before))) = (tokens, tokens.split_last()) else {
            return;
        };
        if !first.is_word("CREATE") {
            return;
        }
        let after_begin = before.last().is_some_and(|word| word.is_word("BEGIN"));
        let opens_body = this.is_word("ATOMIC") && after_begin;
        if opens_body || (self.blocks > 0 && this.is_word("CASE")) {
            self.blocks += 1;
        } else if self.blocks > 0 && this.is_word("END") {
            self.blocks -= 1;
        }
        let is_rule = before.iter().take(4).any(|word| word.is_word("RULE"));
        if is_rule && this.is_symbol("(") {
            self.parentheses += 1;
        } else if is_rule && this.is_symbol(")") {
            self.parentheses = self.parentheses.saturating_sub(1);
        }
    }
}
