//! Strings that remember where each of their characters stands in the file.

use std::sync::Arc;

use crate::source::{Origin, Piece, SourceFile, SourceMap, Span};

use super::value::Text;

/// Joins pieces of text, each with its way back to the file.
#[derive(Debug, Default)]
pub(super) struct TextBuilder {
    text: String,
    pieces: Vec<Piece>,
}

impl TextBuilder {
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    fn offset(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }

    /// Text with no characters of its own in the file.
    pub(super) fn push_generated(&mut self, text: &str, origin: &Origin) {
        let start = self.offset();
        self.text.push_str(text);
        self.piece(start, origin.clone());
    }

    pub(super) fn push_text(&mut self, text: &Text) {
        let start = self.offset();
        self.text.push_str(&text.text);
        if text.map.pieces().is_empty() {
            self.piece(start, text.map.whole().clone());
            return;
        }
        for piece in text.map.pieces() {
            self.pieces.push(Piece {
                sql: Span::new(start + piece.sql.start, start + piece.sql.end),
                origin: piece.origin.clone(),
            });
        }
    }

    /// The inside of a literal: `source` is where it stands, `value` what Python makes of it.
    pub(super) fn push_literal(&mut self, literal: &Literal<'_>) {
        let start = self.offset();
        self.text.push_str(literal.value);
        let before = self.pieces.len();
        if self.push_runs(literal, start).is_none() {
            self.pieces.truncate(before);
            self.piece(start, Origin::new(literal.file, literal.inside));
        }
    }

    pub(super) fn finish(self, whole: Origin) -> Text {
        let map = if self.pieces.is_empty() {
            SourceMap::generated(whole)
        } else {
            SourceMap::piecewise(whole, self.pieces)
        };
        Text {
            text: self.text.into(),
            map: Arc::new(map),
        }
    }

    fn piece(&mut self, start: u32, origin: Origin) {
        let end = self.offset();
        if end > start {
            self.pieces.push(Piece {
                sql: Span::new(start, end),
                origin,
            });
        }
    }

    /// Identity for raw runs, one piece for each escape sequence. `None` where source and value do not agree.
    fn push_runs(&mut self, literal: &Literal<'_>, sql_start: u32) -> Option<()> {
        let source = literal.file.slice(literal.inside);
        if source == literal.value {
            return self.push_run(literal, (0, source.len()), (sql_start, 0));
        }
        let (mut at, mut made, mut run) = (0usize, 0usize, 0usize);
        while at < source.len() {
            let rest = source.get(at..)?;
            let Some((written, decoded)) = literal.escape(rest, literal.value.get(made..)?) else {
                let step = rest.chars().next()?.len_utf8();
                at += step;
                made += step;
                continue;
            };
            let run_made = made - (at - run);
            self.push_run(literal, (run, at), (sql_start, run_made))?;
            if decoded > 0 {
                let origin = literal.origin(at, at + written)?;
                let from = sql_start + u32::try_from(made).ok()?;
                self.pieces.push(Piece {
                    sql: Span::new(from, from + u32::try_from(decoded).ok()?),
                    origin,
                });
            }
            at += written;
            made += decoded;
            run = at;
        }
        let run_made = made.checked_sub(at - run)?;
        self.push_run(literal, (run, at), (sql_start, run_made))?;
        (made == literal.value.len()).then_some(())
    }

    fn push_run(
        &mut self,
        literal: &Literal<'_>,
        (from, to): (usize, usize),
        (sql_start, made): (u32, usize),
    ) -> Option<()> {
        if to > from {
            let start = sql_start + u32::try_from(made).ok()?;
            self.pieces.push(Piece {
                sql: Span::new(start, start + u32::try_from(to - from).ok()?),
                origin: literal.origin(from, to)?,
            });
        }
        Some(())
    }
}

/// One string literal, or one literal part of an f-string.
pub(super) struct Literal<'a> {
    pub(super) file: &'a Arc<SourceFile>,
    /// Between the quotes.
    pub(super) inside: Span,
    pub(super) value: &'a str,
    pub(super) raw: bool,
    /// `{{` and `}}` stand for one brace.
    pub(super) braces_doubled: bool,
}

impl Literal<'_> {
    fn origin(&self, from: usize, to: usize) -> Option<Origin> {
        let start = self.inside.start;
        Some(Origin::new(
            self.file,
            Span::new(
                start + u32::try_from(from).ok()?,
                start + u32::try_from(to).ok()?,
            ),
        ))
    }

    /// How many bytes an escape at the start of `source` has, in the file and in the value.
    fn escape(&self, source: &str, value: &str) -> Option<(usize, usize)> {
        if self.braces_doubled && (source.starts_with("{{") || source.starts_with("}}")) {
            return Some((2, 1));
        }
        if source.starts_with("\r\n") && value.starts_with('\n') {
            return Some((2, 1));
        }
        if self.raw || !source.starts_with('\\') {
            return None;
        }
        let decoded = value.chars().next().map_or(0, char::len_utf8);
        let mut rest = source.chars().skip(1);
        let written = match rest.next()? {
            '\n' => return Some((2, 0)),
            '\r' => return Some((if rest.next() == Some('\n') { 3 } else { 2 }, 0)),
            '\\' | '\'' | '"' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' => 2,
            'x' => 4,
            'u' => 6,
            'U' => 10,
            'N' => source.find('}')? + 1,
            '0'..='7' => {
                1 + source
                    .bytes()
                    .skip(1)
                    .take(3)
                    .take_while(|byte| (b'0'..=b'7').contains(byte))
                    .count()
            }
            // An unknown escape keeps its backslash.
            _ => return None,
        };
        (written <= source.len()).then_some((written, decoded))
    }
}

/// A part of a text, by bytes; `None` off a character's border.
pub(super) fn part(text: &Text, from: usize, to: usize) -> Option<Text> {
    let cut = text.text.get(from..to)?;
    let span = Span::new(u32::try_from(from).ok()?, u32::try_from(to).ok()?);
    Some(Text {
        text: cut.into(),
        map: Arc::new(text.map.part(span)),
    })
}

/// A text that stands nowhere by itself.
pub(super) fn generated(text: &str, origin: &Origin) -> Text {
    Text {
        text: text.into(),
        map: Arc::new(SourceMap::generated(origin.clone())),
    }
}
