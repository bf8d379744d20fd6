//! The way back from a text that was put together to the files that its parts came from.

use std::sync::Arc;

use super::{Origin, SourceFile, Span};

/// Takes a byte of SQL back to the file that it was written in.
///
/// Identity for a `.sql` file, piecewise for a Python string (escapes, concatenation), one origin
/// for the whole of a text that the schema editor generated.
#[derive(Debug, Clone)]
pub struct SourceMap {
    whole: Origin,
    /// Sorted by `sql.start`; empty where the whole text has one origin.
    pieces: Vec<Piece>,
}

/// A run of SQL that stands, byte for byte or as one escape, at a span of the file.
#[derive(Debug, Clone)]
pub struct Piece {
    pub sql: Span,
    pub origin: Origin,
}

impl SourceMap {
    /// Text that has no characters of its own in the file: every byte leads to `origin`.
    pub fn generated(origin: Origin) -> Self {
        Self {
            whole: origin,
            pieces: Vec::new(),
        }
    }

    /// Text that is the whole of a file.
    pub fn identity(file: &Arc<SourceFile>) -> Self {
        let span = Span::new(0, u32::try_from(file.text().len()).unwrap_or(u32::MAX));
        Self::piecewise(
            Origin::new(file, span),
            vec![Piece {
                sql: span,
                origin: Origin::new(file, span),
            }],
        )
    }

    pub fn piecewise(whole: Origin, mut pieces: Vec<Piece>) -> Self {
        pieces.sort_by_key(|piece| piece.sql);
        Self { whole, pieces }
    }

    /// The origin of the text as a whole: for generated text the operation, for a string its literal.
    pub fn whole(&self) -> &Origin {
        &self.whole
    }

    /// The runs of the text that have a place of their own; empty for text that was generated as a whole.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Where a span of the SQL stands in the file.
    ///
    /// A run of equal length maps byte for byte; a run whose lengths differ (an escape, a
    /// formatted value) maps to the whole of its source.
    pub fn origin(&self, sql: Span) -> Origin {
        let (Some(start), Some(end)) = (
            self.offset(sql.start, false),
            self.offset(sql.end.max(sql.start + 1) - 1, true),
        ) else {
            return self.whole.clone();
        };
        if Arc::ptr_eq(&start.file, &end.file) {
            return Origin {
                file: start.file,
                span: start.span.cover(end.span),
            };
        }
        start
    }

    /// The map of a part of this text, with offsets counted from the part's start.
    #[must_use]
    pub fn part(&self, sql: Span) -> Self {
        // Each statement of a long text has few of its many pieces.
        let first = self
            .pieces
            .partition_point(|piece| piece.sql.end <= sql.start);
        let from = self.pieces.get(first..).unwrap_or_default();
        let pieces = from
            .iter()
            .take_while(|piece| piece.sql.start < sql.end)
            .filter(|piece| sql.start < piece.sql.end)
            .map(|piece| piece.clip(sql))
            .collect::<Vec<_>>();
        let whole = if pieces.is_empty() {
            self.whole.clone()
        } else {
            self.origin(sql)
        };
        Self { whole, pieces }
    }

    fn offset(&self, byte: u32, is_end: bool) -> Option<Origin> {
        let after = self.pieces.partition_point(|piece| piece.sql.start <= byte);
        let piece = self.pieces.get(after.checked_sub(1)?)?;
        if byte >= piece.sql.end {
            return None;
        }
        if !piece.is_verbatim() {
            return Some(piece.origin.clone());
        }
        let start = piece.origin.span.start + (byte - piece.sql.start);
        let end = if is_end { start + 1 } else { start };
        Some(Origin {
            file: Arc::clone(&piece.origin.file),
            span: Span::new(start, end),
        })
    }
}

impl Piece {
    fn is_verbatim(&self) -> bool {
        self.sql.end - self.sql.start == self.origin.span.end - self.origin.span.start
    }

    fn clip(&self, part: Span) -> Self {
        let start = self.sql.start.max(part.start);
        let end = self.sql.end.min(part.end);
        let span = if self.is_verbatim() {
            let shift = self.origin.span.start;
            Span::new(
                shift + (start - self.sql.start),
                shift + (end - self.sql.start),
            )
        } else {
            self.origin.span
        };
        Self {
            sql: Span::new(start - part.start, end - part.start),
            origin: Origin {
                file: Arc::clone(&self.origin.file),
                span,
            },
        }
    }
}
