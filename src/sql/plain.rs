//! The tokens of plain SQL, such as Django writes: what the full tokenizer gives, at a fraction of its cost.
//!
//! It knows names, strings, integers and the marks between them. Whatever else stands in a text (a comment, a
//! prefixed string, an operator of several characters), the whole text is left to the full tokenizer.

use super::lexer::{Kind, Lexeme, offset};
use crate::source::Span;

/// The tokens of a text that holds nothing but what is known here.
pub(super) fn plain(text: &str, base: u32) -> Option<Vec<Lexeme<'_>>> {
    let bytes = text.as_bytes();
    let mut lexemes = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        if matches!(first, b' ' | b'\n' | b'\t') {
            at += 1;
            continue;
        }
        let (kind, length) = token(bytes.get(at..)?)?;
        if bytes.get(at..)?.starts_with(b"._") && !follows_a_name(bytes.get(..at)?) {
            return None;
        }
        let written = text.get(at..at + length)?;
        let span = Span::new(base + offset(at), base + offset(at + length));
        lexemes.push(Lexeme::plain(kind, written, span));
        at += length;
    }
    Some(lexemes)
}

/// The kind of the token that a text begins with, and its length in bytes.
fn token(rest: &[u8]) -> Option<(Kind, usize)> {
    let (first, after) = rest.split_first()?;
    let next = after.first();
    match first {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
            let length = run(rest, is_name_part);
            ends(rest, length).then_some((Kind::Word, length))
        }
        b'0'..=b'9' => {
            let length = run(rest, |byte| byte.is_ascii_digit());
            ends(rest, length).then_some((Kind::Number, length))
        }
        b'"' => quoted(rest, b'"').map(|length| (Kind::Delimited, length)),
        b'\'' => quoted(rest, b'\'').map(|length| (Kind::String, length)),
        b'(' | b')' | b',' | b';' => Some((Kind::Symbol, 1)),
        b'.' if matches!(next, Some(b'"' | b'a'..=b'z' | b'A'..=b'Z' | b'_')) => {
            Some((Kind::Symbol, 1))
        }
        b':' if rest.starts_with(b"::") && after.get(1).is_some_and(u8::is_ascii_alphabetic) => {
            Some((Kind::Symbol, 2))
        }
        b'=' | b'<' | b'>' if next == Some(&b' ') => Some((Kind::Symbol, 1)),
        b'<' | b'>' if next == Some(&b'=') && after.get(1) == Some(&b' ') => {
            Some((Kind::Symbol, 2))
        }
        _ => None,
    }
}

/// The length of a quoted name or string in which no quote and no backslash stands.
fn quoted(rest: &[u8], quote: u8) -> Option<usize> {
    let inner = rest.get(1..)?;
    let length = inner
        .iter()
        .position(|byte| *byte == quote || *byte == b'\\')?;
    let is_end = inner.get(length) == Some(&quote) && length > 0;
    (is_end && ends(rest, length + 2)).then_some(length + 2)
}

fn is_name_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The full tokenizer takes `._` for a broken number where no name stands right before it.
fn follows_a_name(before: &[u8]) -> bool {
    before
        .last()
        .is_some_and(|byte| is_name_part(*byte) || *byte == b'"')
}

fn run(bytes: &[u8], part: impl Fn(u8) -> bool) -> usize {
    let end = bytes.iter().position(|byte| !part(*byte));
    end.unwrap_or(bytes.len())
}

/// Whether a token of this length surely ends there: what follows cannot be a part of it, nor change what it means.
fn ends(rest: &[u8], length: usize) -> bool {
    matches!(
        rest.get(length),
        None | Some(b' ' | b'\n' | b'\t' | b'(' | b')' | b',' | b';' | b':')
    ) || (rest.get(length) == Some(&b'.')
        && rest
            .get(length + 1)
            .is_some_and(|next| matches!(next, b'"' | b'_') || next.is_ascii_alphabetic())
        && !rest.first().is_some_and(u8::is_ascii_digit))
}
