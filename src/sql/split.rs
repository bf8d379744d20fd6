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

/// How often the reader takes up again after a quote that does not end: each time reads the rest anew.
const MOST_RESUMPTIONS: usize = 16;

/// Cuts a whole text; empty statements are left out.
pub(super) fn script(text: &str) -> Script<'_> {
    let mut script = Script::default();
    let lines = meta_lines(text);
    // A byte order mark is none of SQL's.
    let mut start = text.len() - text.trim_start_matches('\u{FEFF}').len();
    let mut next = 0;
    let mut resumed = 0;
    loop {
        let (lexed, taken) = stretch(text, start, lines.get(next..).unwrap_or_default());
        let line = lines.get(next + taken);
        let end = line.map_or(text.len(), |line| line.start);
        let may_resume = resumed < MOST_RESUMPTIONS;
        let seen = text.get(..end).unwrap_or_default();
        if let Some(at) = script.append(seen, lexed, may_resume) {
            resumed += 1;
            start = at;
            next = lines.partition_point(|line| line.start < at);
            continue;
        }
        let Some(line) = line else {
            return script;
        };
        script.meta_command(text, line);
        start = line.end;
        next += taken + 1;
    }
}

/// The lines that begin with a backslash, and those of a template (`{% if %}`); within a quote they are none of
/// `psql`'s.
fn meta_lines(text: &str) -> Vec<Range<usize>> {
    if !text.contains('\\') && !text.contains("{%") {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let written = line.trim();
        if written.starts_with('\\') || (written.starts_with("{%") && written.ends_with("%}")) {
            lines.push(start..start + line.len());
        }
        start += line.len();
    }
    lines
}

/// Where statements surely begin again after an unclosed quote: at the start of a line, with the word of one, after a
/// line that ends with a semicolon. A dollar-quoted body or a comment holds such lines itself.
fn resumption(text: &str, begins: usize, broken: usize) -> Option<usize> {
    const VERBS: [&str; 13] = [
        "ALTER", "BEGIN", "COMMENT", "COMMIT", "CREATE", "DELETE", "DO", "DROP", "GRANT", "INSERT",
        "SELECT", "SET", "UPDATE",
    ];
    let opens = text.get(broken..)?;
    if opens.starts_with('$') || opens.starts_with("/*") {
        return None;
    }
    let mut at = begins;
    let mut ends_statement = false;
    for line in text.get(begins..)?.split_inclusive('\n') {
        let word = line
            .split(|letter: char| !letter.is_ascii_alphabetic())
            .next()?;
        if ends_statement && VERBS.iter().any(|verb| word.eq_ignore_ascii_case(verb)) {
            return Some(at);
        }
        ends_statement = line.trim_end().ends_with(';');
        at += line.len();
    }
    None
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
    /// Adds the tokens at the end of the text so far; gives where to take up again after a quote that does not end.
    fn append(&mut self, text: &str, lexed: Lexed<'a>, may_resume: bool) -> Option<usize> {
        let first = self.lexemes.len();
        self.lexemes.extend(lexed.lexemes);
        self.comments.extend(lexed.comments);
        let rest = self.cut(text, first);
        let total = self.lexemes.len();
        let Some((broken, why)) = lexed.broken else {
            if rest < total {
                self.pieces.push(Piece::Statement(rest..total));
            }
            return None;
        };
        let begins = self.lexemes.get(rest).map(|lexeme| lexeme.span.start);
        let begins = begins.unwrap_or(broken).min(broken);
        let resumed = may_resume
            .then(|| resumption(text, begins as usize, broken as usize))
            .flatten();
        let ends = offset(resumed.unwrap_or(text.len()));
        if resumed.is_some() {
            self.lexemes.truncate(rest);
            self.comments.retain(|comment| comment.span.start < ends);
        }
        let span = Span::new(begins, ends);
        self.pieces.push(Piece::Broken { span, why });
        resumed
    }

    /// Cuts the tokens from `first` on at semicolons; gives where the unfinished rest begins.
    fn cut(&mut self, text: &str, first: usize) -> usize {
        let mut start = first;
        let mut nesting = Nesting::default();
        let mut line_end = 0;
        for (at, lexeme) in self.lexemes.iter().enumerate().skip(first) {
            if lexeme.span.start < line_end {
                start = at + 1;
                continue;
            }
            // `SELECT 1 \gset` ends a statement of `psql` as a semicolon does; in SQL no backslash stands alone.
            let sends = lexeme.is_symbol("\\");
            if sends || (lexeme.is_symbol(";") && nesting.is_outside()) {
                if start < at {
                    self.pieces.push(Piece::Statement(start..at));
                }
                start = at + 1;
                nesting = Nesting::default();
            } else {
                nesting.step(self.lexemes.get(start..=at).unwrap_or_default());
            }
            if sends {
                let command = text.get(lexeme.span.start as usize..).unwrap_or_default();
                let command = command.lines().next().unwrap_or_default().trim_end();
                line_end = lexeme.span.start.saturating_add(offset(command.len()));
                let span = Span::new(lexeme.span.start, line_end);
                self.pieces.push(Piece::MetaCommand(span));
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
