//! The tokens of SQL text with their places in bytes; the one file that `sqlparser`'s tokens reach.

use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace};

use super::plain::plain;
use crate::source::Span;

/// A token that is neither space nor comment.
#[derive(Debug, Clone)]
pub(super) struct Lexeme<'a> {
    pub(super) kind: Kind,
    /// As it stands in the text, quotes included.
    pub(super) text: &'a str,
    pub(super) span: Span,
    /// What an `E''` or `U&''` string or a `U&""` name means; other strings are decoded when asked for.
    decoded: Option<Box<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bare name or key word.
    Word,
    /// A name in double quotes.
    Delimited,
    /// A string constant, dollar-quoted ones included.
    String,
    Number,
    /// `$1`.
    Parameter,
    /// Operators, brackets, commas, semicolons.
    Symbol,
}

/// A comment, for suppressions: its text without the marks, and its span with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub text: Box<str>,
    pub span: Span,
}

/// All tokens of a text up to the first that cannot be read (a quote that does not end).
#[derive(Debug, Default)]
pub(super) struct Lexed<'a> {
    pub(super) lexemes: Vec<Lexeme<'a>>,
    pub(super) comments: Vec<Comment>,
    /// Where the unreadable rest starts, and what is wrong with it.
    pub(super) broken: Option<(u32, String)>,
}

/// Cuts a text into tokens; `base` is where it starts in the text that the spans count in.
pub(super) fn lex(text: &str, base: u32) -> Lexed<'_> {
    match plain(text, base) {
        Some(lexemes) => Lexed {
            lexemes,
            ..Lexed::default()
        },
        None => lex_in_full(text, base),
    }
}

fn lex_in_full(text: &str, base: u32) -> Lexed<'_> {
    let dialect = PostgreSqlDialect {};
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let outcome = Tokenizer::new(&dialect, text).tokenize_with_location_into_buf(&mut tokens);
    let mut lexed = Lexed {
        lexemes: Vec::with_capacity(tokens.len() / 2 + 1),
        ..Lexed::default()
    };
    let mut place = Place::new(text);
    let mut end = 0;
    for TokenWithSpan { token, span } in tokens {
        let start = place.advance(span.start);
        end = place.advance(span.end);
        let written = text.get(start..end).unwrap_or_default();
        let kept = start + written.trim_end().len();
        let span = Span::new(base + offset(start), base + offset(kept));
        match token {
            Token::Whitespace(Whitespace::SingleLineComment { comment, .. }) => {
                lexed.comment(&comment, span);
            }
            Token::Whitespace(Whitespace::MultiLineComment(comment)) => {
                lexed.comment(&comment, span);
            }
            Token::Whitespace(_) => {}
            token => {
                lexed.lexemes.push(Lexeme::new(token, written, span));
                lexed.join_unicode_name(text, base);
            }
        }
    }
    lexed.broken = outcome.err().map(|error| {
        let rest = text.get(end..).unwrap_or_default();
        let start = end + rest.len() - rest.trim_start().len();
        (base + offset(start), error.message)
    });
    lexed
}

impl<'a> Lexed<'a> {
    /// `U&"d\0061ta"`, which the tokenizer takes for three tokens, as the one name that it is.
    fn join_unicode_name(&mut self, source: &'a str, base: u32) {
        let [.., prefix, and, name] = self.lexemes.as_slice() else {
            return;
        };
        let is_one = prefix.is_word("U")
            && and.is_symbol("&")
            && name.kind == Kind::Delimited
            && prefix.span.end == and.span.start
            && and.span.end == name.span.start;
        if !is_one {
            return;
        }
        let span = Span::new(prefix.span.start, name.span.end);
        let place = Span::new(
            span.start.saturating_sub(base),
            span.end.saturating_sub(base),
        );
        let joined = Lexeme {
            kind: Kind::Delimited,
            text: source.get(place.range()).unwrap_or_default(),
            span,
            decoded: Some(without_escapes(&name.undelimited()).into_boxed_str()),
        };
        self.lexemes.truncate(self.lexemes.len().saturating_sub(3));
        self.lexemes.push(joined);
    }

    fn comment(&mut self, text: &str, span: Span) {
        self.comments.push(Comment {
            text: text.trim().into(),
            span,
        });
    }
}

impl<'a> Lexeme<'a> {
    /// A token that means what it says.
    pub(super) fn plain(kind: Kind, text: &'a str, span: Span) -> Self {
        Self {
            kind,
            text,
            span,
            decoded: None,
        }
    }

    fn new(token: Token, text: &'a str, span: Span) -> Self {
        let (kind, decoded) = match token {
            Token::Word(word) if word.quote_style.is_some() => (Kind::Delimited, None),
            Token::Word(_) => (Kind::Word, None),
            Token::Number(..) => (Kind::Number, None),
            Token::Placeholder(_) => (Kind::Parameter, None),
            Token::SingleQuotedString(_)
            | Token::DollarQuotedString(_)
            | Token::NationalStringLiteral(_)
            | Token::HexStringLiteral(_)
            | Token::SingleQuotedByteStringLiteral(_) => (Kind::String, None),
            Token::EscapedStringLiteral(value) | Token::UnicodeStringLiteral(value) => {
                (Kind::String, Some(value.into_boxed_str()))
            }
            _ => (Kind::Symbol, None),
        };
        Self {
            kind,
            text,
            span,
            decoded,
        }
    }

    /// Whether it is this key word, given in capitals or not.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text == symbol
    }

    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Delimited)
    }

    /// The name that stands in double quotes.
    pub(super) fn undelimited(&self) -> String {
        if let Some(decoded) = &self.decoded {
            return decoded.to_string();
        }
        let inner = self.text.strip_prefix('"').unwrap_or(self.text);
        inner
            .strip_suffix('"')
            .unwrap_or(inner)
            .replace("\"\"", "\"")
    }

    /// The value of a string constant.
    pub(super) fn string(&self) -> String {
        if let Some(decoded) = &self.decoded {
            return decoded.to_string();
        }
        if let Some(body) = self.dollar_body() {
            return body.to_owned();
        }
        let start = self.text.find('\'').map_or(0, |quote| quote + 1);
        let inner = self.text.get(start..).unwrap_or_default();
        inner.strip_suffix('\'').unwrap_or(inner).replace("''", "'")
    }

    fn dollar_body(&self) -> Option<&'a str> {
        let tag = self.text.strip_prefix('$')?;
        let length = tag.find('$')? + 2;
        let end = self.text.len().checked_sub(length)?;
        self.text.get(length..end)
    }
}

/// A name with its `\0061` and `\+000061` replaced; what is no such escape stays.
fn without_escapes(name: &str) -> String {
    let mut result = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('\\') {
        result.push_str(before);
        let (skipped, length) = if after.starts_with('+') {
            (1, 6)
        } else {
            (0, 4)
        };
        let digits = after.get(skipped..skipped + length);
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if let Some(character) = code.and_then(char::from_u32) {
            result.push(character);
            rest = after.get(skipped + length..).unwrap_or_default();
        } else {
            result.push('\\');
            rest = after.strip_prefix('\\').unwrap_or(after);
        }
    }
    result.push_str(rest);
    result
}

/// Follows the line and column of tokens, which come in order, through the bytes of the text.
struct Place<'a> {
    text: &'a str,
    byte: usize,
    line: u64,
    column: u64,
}

impl<'a> Place<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            byte: 0,
            line: 1,
            column: 1,
        }
    }

    fn advance(&mut self, to: Location) -> usize {
        let rest = self.text.get(self.byte..).unwrap_or_default();
        for character in rest.chars() {
            if self.line == to.line && self.column == to.column {
                break;
            }
            self.byte += character.len_utf8();
            if character == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.byte
    }
}

pub(super) fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::TestCaseError;

    use super::{Kind, Lexed, lex_in_full};
    use crate::source::Span;
    use crate::sql::plain::plain;

    fn shape<'a>(lexed: &'a Lexed<'_>) -> Vec<(Kind, &'a str, Span)> {
        let lexemes = lexed.lexemes.iter();
        lexemes
            .map(|lexeme| (lexeme.kind, lexeme.text, lexeme.span))
            .collect()
    }

    /// Nothing to say where plain reading leaves the text to the full tokenizer.
    fn is_read_alike(text: &str) -> Result<(), TestCaseError> {
        let Some(lexemes) = plain(text, 7) else {
            return Ok(());
        };
        let plain = Lexed {
            lexemes,
            ..Lexed::default()
        };
        let full = lex_in_full(text, 7);
        prop_assert_eq!(shape(&plain), shape(&full), "{}", text);
        prop_assert!(
            full.comments.is_empty() && full.broken.is_none(),
            "{}",
            text
        );
        prop_assert!(
            full.lexemes.iter().all(|lexeme| lexeme.decoded.is_none()),
            "{}",
            text
        );
        Ok(())
    }

    #[test]
    fn a_dot_before_an_underscore_is_read_alike() {
        for text in ["._", "a._b", "\"a\"._b", "'a'._b", "a ._b", "(._b)", "1._b"] {
            is_read_alike(text).unwrap();
        }
        assert!(plain("a._b", 7).is_some() && plain("\"a\"._b", 7).is_some());
    }

    proptest! {
        #[test]
        fn plain_text_has_the_tokens_that_the_full_tokenizer_finds(
            parts in prop::collection::vec(prop_oneof![
                "[a-zA-Z_][a-zA-Z0-9_]{0,3}",
                "[EeNnBbXxUuRr]",
                "[0-9]{1,3}",
                "\"[^\"]{0,3}\"",
                "'[^']{0,3}'",
                "[(),;. ]",
                "::|<=|>=|=|<|>",
                "[\"'$.:;,()=<>+*/|&%@#~!?^`\\[\\]{}\\\\-]{1,2}",
                "[ \n\t\r]{1,2}",
            ], 0..14)
        ) {
            is_read_alike(&parts.concat())?;
        }
    }
}
