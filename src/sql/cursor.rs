//! Walks over the tokens of one statement: what every grammar function is written with.

use std::sync::Arc;

use super::HOLE;
use super::lexer::{Kind, Lexeme};
use crate::schema::{Identifier, Why, WrittenName};
use crate::source::Span;

/// What a grammar function gives: a value, or why the statement is not understood.
pub(super) type Parsed<T> = Result<T, Why>;

/// Tells why the hole of a number could not be known.
pub(super) type Holes<'a> = &'a dyn Fn(usize) -> Why;

/// A place among the tokens of one statement.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    /// The whole text that the spans count in.
    source: &'a str,
    lexemes: &'a [Lexeme<'a>],
    at: usize,
    holes: Holes<'a>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a str, lexemes: &'a [Lexeme<'a>], holes: Holes<'a>) -> Self {
        Self {
            source,
            lexemes,
            at: 0,
            holes,
        }
    }

    pub(super) fn peek(&self) -> Option<&'a Lexeme<'a>> {
        self.lexemes.get(self.at)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<&'a Lexeme<'a>> {
        self.lexemes.get(self.at + ahead)
    }

    pub(super) fn previous(&self) -> Option<&'a Lexeme<'a>> {
        self.lexemes.get(self.at.checked_sub(1)?)
    }

    pub(super) fn advance(&mut self) -> Option<&'a Lexeme<'a>> {
        let lexeme = self.peek()?;
        self.at += 1;
        Some(lexeme)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.lexemes.len()
    }

    /// The tokens that are left.
    pub(super) fn rest(&self) -> &'a [Lexeme<'a>] {
        self.lexemes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Whether these key words, separated by spaces, come next.
    pub(super) fn at(&self, words: &str) -> bool {
        // Grammar functions try many words at each place: nearly all differ in the first letter.
        let begins = |text: &str| text.bytes().next().map(|first| first.to_ascii_lowercase());
        if self.peek().and_then(|next| begins(next.text)) != begins(words) {
            return false;
        }
        words
            .split(' ')
            .enumerate()
            .all(|(ahead, word)| self.peek_at(ahead).is_some_and(|next| next.is_word(word)))
    }

    /// Steps over these key words if they come next.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let found = self.at(words);
        if found {
            self.at += words.split(' ').count();
        }
        found
    }

    pub(super) fn expect(&mut self, words: &str) -> Parsed<()> {
        if self.eat(words) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{words}`")))
        }
    }

    pub(super) fn at_symbol(&self, symbol: &str) -> bool {
        self.peek().is_some_and(|next| next.is_symbol(symbol))
    }

    pub(super) fn eat_symbol(&mut self, symbol: &str) -> bool {
        let found = self.at_symbol(symbol);
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn expect_symbol(&mut self, symbol: &str) -> Parsed<()> {
        if self.eat_symbol(symbol) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{symbol}`")))
        }
    }

    /// Why the next token is not what was wanted; a hole says so itself.
    pub(super) fn unexpected(&self, wanted: &str) -> Why {
        if let Some(why) = self.peek().and_then(|next| self.hole(next)) {
            return why;
        }
        match self.peek() {
            Some(found) => Why::new(format!(
                "expected {wanted}, found `{}`",
                shorten(found.text)
            )),
            None => Why::new(format!("expected {wanted}, found the end of the statement")),
        }
    }

    /// Refuses what is left over: a form that is only half understood is not understood.
    pub(super) fn expect_end(&self) -> Parsed<()> {
        if self.is_at_end() {
            Ok(())
        } else {
            Err(self.unexpected("the end of the statement"))
        }
    }

    pub(super) fn hole(&self, lexeme: &Lexeme<'_>) -> Option<Why> {
        hole_number(lexeme).map(self.holes)
    }

    /// Steps over a hole that stands where a type or an expression may.
    pub(super) fn eat_hole(&mut self) -> Option<Why> {
        let why = self.hole(self.peek()?)?;
        self.at += 1;
        Some(why)
    }

    pub(super) fn identifier(&mut self) -> Parsed<Identifier> {
        let Some(lexeme) = self.peek().filter(|next| next.is_name()) else {
            return Err(self.unexpected("a name"));
        };
        if let Some(why) = self.hole(lexeme) {
            return Err(why);
        }
        self.at += 1;
        Ok(identifier(lexeme))
    }

    /// A name that may be qualified: `schema.name`; a database before them is dropped.
    pub(super) fn name(&mut self) -> Parsed<WrittenName> {
        let mut schema = None;
        let mut name = self.identifier()?;
        while self.eat_symbol(".") {
            schema = Some(name);
            name = self.identifier()?;
        }
        Ok(WrittenName { schema, name })
    }

    /// A name, or what stands for one that is not known: where a statement is understood all the same.
    pub(super) fn identifier_or_hole(&mut self) -> Parsed<Identifier> {
        match self.peek() {
            Some(lexeme) if self.hole(lexeme).is_some() => {
                self.at += 1;
                Ok(identifier(lexeme))
            }
            _ => self.identifier(),
        }
    }

    /// A list of items with commas between them.
    pub(super) fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.eat_symbol(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// `(name, ...)`.
    pub(super) fn identifiers(&mut self) -> Parsed<Vec<Identifier>> {
        self.expect_symbol("(")?;
        let names = self.list(Self::identifier)?;
        self.expect_symbol(")")?;
        Ok(names)
    }

    pub(super) fn string(&mut self) -> Parsed<Arc<str>> {
        match self.peek() {
            Some(lexeme) if lexeme.kind == Kind::String => {
                self.at += 1;
                Ok(lexeme.string().into())
            }
            _ => Err(self.unexpected("a string")),
        }
    }

    /// Steps over `( ... )` with whatever stands within, and gives the tokens inside.
    pub(super) fn parenthesised(&mut self) -> Parsed<&'a [Lexeme<'a>]> {
        self.expect_symbol("(")?;
        let start = self.at;
        let mut depth = 1_usize;
        while let Some(lexeme) = self.advance() {
            if lexeme.is_symbol("(") {
                depth += 1;
            } else if lexeme.is_symbol(")") {
                depth -= 1;
                if depth == 0 {
                    return Ok(self.lexemes.get(start..self.at - 1).unwrap_or_default());
                }
            }
        }
        Err(Why::new("a parenthesis is not closed"))
    }

    /// The place after these words, the first time that they stand outside parentheses.
    pub(super) fn after_outside(&self, words: &str) -> Option<Self> {
        let mut ahead = self.clone();
        while !ahead.is_at_end() {
            if ahead.at_symbol("(") {
                ahead.parenthesised().ok()?;
            } else if ahead.eat(words) {
                return Some(ahead);
            } else {
                ahead.advance();
            }
        }
        None
    }

    /// A cursor over some of the tokens, with the same holes.
    pub(super) fn within(&self, lexemes: &'a [Lexeme<'a>]) -> Self {
        Self::new(self.source, lexemes, self.holes)
    }

    /// The text from one position to another, as it stands in the source.
    pub(super) fn text_between(&self, start: usize, end: usize) -> &'a str {
        written(
            self.source,
            self.lexemes.get(start..end).unwrap_or_default(),
        )
    }

    /// The text of what is left, which it steps over.
    pub(super) fn take_rest(&mut self) -> &'a str {
        let text = written(self.source, self.rest());
        self.at = self.lexemes.len();
        text
    }

    /// The text of the whole statement, what was stepped over included.
    pub(super) fn statement_text(&self) -> &'a str {
        written(self.source, self.lexemes)
    }

    /// The text of these tokens, as it stands in the source.
    pub(super) fn text_of(&self, lexemes: &[Lexeme<'_>]) -> &'a str {
        written(self.source, lexemes)
    }
}

/// The text that these tokens cover.
pub(super) fn written<'a>(source: &'a str, lexemes: &[Lexeme<'_>]) -> &'a str {
    match (lexemes.first(), lexemes.last()) {
        (Some(first), Some(last)) => source
            .get(Span::new(first.span.start, last.span.end).range())
            .unwrap_or_default(),
        _ => "",
    }
}

/// The stored form of a name token.
pub(super) fn identifier(lexeme: &Lexeme<'_>) -> Identifier {
    match lexeme.kind {
        Kind::Delimited => Identifier::quoted(&lexeme.undelimited()),
        _ => Identifier::unquoted(lexeme.text),
    }
}

/// The number of a hole, if the token is one.
pub(super) fn hole_number(lexeme: &Lexeme<'_>) -> Option<usize> {
    if lexeme.kind != Kind::Delimited {
        return None;
    }
    let number = lexeme.text.strip_prefix('"')?.strip_prefix(HOLE)?;
    Some(number.trim_end_matches('"').parse().unwrap_or(usize::MAX))
}

/// Tokens for a message: a long string would drown it.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain("...".chars()).collect()
}
