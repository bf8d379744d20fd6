//! Reads SQL text as statements and their effects.

use std::borrow::Cow;
use std::sync::Arc;

use super::cursor::{Cursor, Holes, hole_number, identifier};
use super::lexer::{Kind, Lexeme};
use super::split::{Piece, script};
use super::statement::{CutName, DECLARES, Statement};
use super::{grammar, opaque};
use crate::schema::{Change, LONGEST_IDENTIFIER, Touches, Why, WrittenName};
use crate::source::{SourceMap, Span};

/// How a text is to be read beside its grammar.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Tells why the hole of a number (`"\u{FFFC}7"`) could not be known.
    pub holes: Holes<'a>,
    pub parameters: Parameters,
}

/// Whether the driver puts values into the text before the server sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Parameters {
    /// `%` is an operator.
    #[default]
    None,
    /// `%s` and `%(name)s` stand for values, `%%` for `%`: RunSQL with params.
    Percent,
}

/// Reads every statement of a text. Never fails: see the module.
pub fn read(text: &str, map: &SourceMap) -> Vec<Statement> {
    let generic = |_| Why::new("part of the statement could not be known");
    let reading = Reading {
        holes: &generic,
        parameters: Parameters::None,
    };
    read_with(text, map, reading)
}

/// As [`read`], with the reasons of holes and the values that a driver fills in.
pub fn read_with(text: &str, map: &SourceMap, reading: Reading<'_>) -> Vec<Statement> {
    let source = match reading.parameters {
        Parameters::None => Cow::Borrowed(text),
        Parameters::Percent => Cow::Owned(without_placeholders(text)),
    };
    let script = script(&source);
    let reader = Reader {
        original: text,
        source: &source,
        map,
        holes: reading.holes,
    };
    let pieces = script.pieces.iter();
    pieces
        .map(|piece| match piece {
            Piece::Statement(range) => {
                reader.statement(script.lexemes.get(range.clone()).unwrap_or_default())
            }
            Piece::MetaCommand(span) => reader.meta_command(*span),
            Piece::Broken { span, why } => reader.unread(*span, why, Touches::Anything),
        })
        .collect()
}

struct Reader<'a> {
    original: &'a str,
    /// The original with its placeholders replaced by others of the same length.
    source: &'a str,
    map: &'a SourceMap,
    holes: Holes<'a>,
}

impl Reader<'_> {
    fn statement(&self, lexemes: &[Lexeme<'_>]) -> Statement {
        let start = lexemes.first().map_or(0, |first| first.span.start);
        let end = lexemes.last().map_or(start, |last| last.span.end);
        let span = Span::new(start, end);
        let text: Arc<str> = self.original.get(span.range()).unwrap_or_default().into();
        let cursor = Cursor::new(self.source, lexemes, self.holes);
        let declared = declared(&cursor, self.holes);
        let is_guarded = declared.is_some();
        let (changes, unread) = match declared {
            Some(changes) => (changes, None),
            None => Self::changes(&text, &cursor),
        };
        Statement {
            text,
            changes,
            unread,
            needs: needed(&cursor),
            is_guarded,
            map: self.map.part(span),
            cuts: cut_names(lexemes, start),
        }
    }

    /// The effects of a statement, and why it is not understood.
    fn changes(text: &Arc<str>, cursor: &Cursor<'_>) -> (Vec<Change>, Option<Why>) {
        let why = match grammar::statement(cursor) {
            Ok(changes) => return (changes, None),
            Err(why) => why,
        };
        // What could not be known says more than what the parser missed in its place.
        let mut lexemes = cursor.rest().iter();
        let hole = lexemes.find_map(|lexeme| cursor.hole(lexeme));
        let why = hole.unwrap_or(why);
        let change = Change::Opaque {
            text: Arc::clone(text),
            why: why.clone(),
            touches: opaque::touches(cursor),
        };
        (vec![change], Some(why))
    }

    /// A command of `psql` or a line of a template: one that brings in other statements may do anything.
    fn meta_command(&self, span: Span) -> Statement {
        const READS_MORE: [&str; 8] = [
            "\\i",
            "\\ir",
            "\\include",
            "\\include_relative",
            "\\c",
            "\\connect",
            "\\gexec",
            "\\!",
        ];
        let line = self.original.get(span.range()).unwrap_or_default();
        let command = line.split_whitespace().next().unwrap_or_default();
        if command.starts_with('{') {
            let why = "a template decides what stands here";
            return self.unread(span, why, Touches::Anything);
        }
        let touches = if READS_MORE.contains(&command) {
            Touches::Anything
        } else {
            Touches::Nothing
        };
        let why = format!("`{command}` is a command of psql, not SQL");
        self.unread(span, &why, touches)
    }

    fn unread(&self, span: Span, why: &str, touches: Touches) -> Statement {
        let text: Arc<str> = self
            .original
            .get(span.range())
            .unwrap_or_default()
            .trim_end()
            .into();
        Statement {
            needs: None,
            is_guarded: false,
            unread: Some(Why::new(why)),
            changes: vec![Change::Opaque {
                text: Arc::clone(&text),
                why: Why::new(why),
                touches,
            }],
            map: self.map.part(span),
            text,
            cuts: Vec::new(),
        }
    }
}

/// The names of a statement that PostgreSQL will cut, holes left out.
fn cut_names(lexemes: &[Lexeme<'_>], start: u32) -> Vec<CutName> {
    lexemes
        .iter()
        .filter(|lexeme| lexeme.is_name() && lexeme.text.len() > LONGEST_IDENTIFIER)
        .filter(|lexeme| hole_number(lexeme).is_none())
        .filter_map(|lexeme| {
            let written = match lexeme.kind {
                Kind::Delimited => lexeme.undelimited(),
                _ => lexeme.text.to_ascii_lowercase(),
            };
            (written.len() > LONGEST_IDENTIFIER).then(|| CutName {
                written: written.into(),
                stored: identifier(lexeme),
                span: Span::new(lexeme.span.start - start, lexeme.span.end - start),
            })
        })
        .collect()
}

/// The text with `%s` and `%(name)s` replaced by `$1`, padded to the same length, and `%%` by `%`.
fn without_placeholders(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(percent) = rest.find('%') {
        let (before, from) = rest.split_at(percent);
        result.push_str(before);
        let length = placeholder_length(from);
        match length {
            Some(length) => {
                result.push_str("$1");
                result.push_str(&" ".repeat(length - 2));
            }
            None if from.starts_with("%%") => result.push_str("% "),
            None => result.push('%'),
        }
        let taken = length.unwrap_or(if from.starts_with("%%") { 2 } else { 1 });
        rest = from.get(taken..).unwrap_or_default();
    }
    result.push_str(rest);
    result
}

fn placeholder_length(from: &str) -> Option<usize> {
    if from.starts_with("%s") {
        return Some(2);
    }
    let name = from.strip_prefix("%(")?;
    let end = name.find(")s")?;
    let is_name = name
        .get(..end)?
        .chars()
        .all(|character| character.is_alphanumeric() || character == '_');
    is_name.then_some(end + 4)
}

/// What a `DO` block declares to do; `None` where it declares nothing, or nothing that can be read.
fn declared(cursor: &Cursor<'_>, holes: Holes<'_>) -> Option<Vec<Change>> {
    if !cursor.at("DO") {
        return None;
    }
    let mut lexemes = cursor.rest().iter();
    let body = lexemes.find(|lexeme| lexeme.kind == Kind::String)?.string();
    let does = body.trim_start().strip_prefix(DECLARES)?.lines().next()?;
    let script = script(does);
    let mut changes = Vec::new();
    for piece in &script.pieces {
        let Piece::Statement(range) = piece else {
            return None;
        };
        let lexemes = script.lexemes.get(range.clone())?;
        let inner = Cursor::new(does, lexemes, holes);
        if inner.at("DO") {
            return None;
        }
        changes.extend(grammar::statement(&inner).ok()?);
    }
    Some(changes)
}

/// The table of an `ALTER TABLE IF EXISTS`.
fn needed(cursor: &Cursor<'_>) -> Option<WrittenName> {
    let mut cursor = cursor.clone();
    let guarded = cursor.eat("ALTER TABLE IF EXISTS");
    cursor.eat("ONLY");
    guarded.then(|| cursor.name().ok()).flatten()
}
