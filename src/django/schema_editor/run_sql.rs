//! `RunSQL` and `SeparateDatabaseAndState`.

use std::sync::Arc;

use super::{SchemaEditor, States};
use crate::django::expressions::python_constant;
use crate::django::operation::{LocatedOperation, SqlStatementText, SqlText};
use crate::django::python::{Static, Value, ValueKind};
use crate::django::state_forwards::steps;
use crate::source::{Piece, SourceMap, Span};

impl SchemaEditor<'_> {
    /// `RunSQL._run_sql`: a string goes whole, a list statement by statement.
    ///
    /// Public for `reverse_sql`, which runs the same way.
    pub fn run_sql(&mut self, sql: &Static<SqlText>) {
        match sql {
            Ok(SqlText::Noop) => {}
            Ok(SqlText::Whole(text)) => self.send(&text.text, &text.map),
            Ok(SqlText::Statements(statements)) => {
                for statement in statements {
                    self.run_statement(statement);
                }
            }
            Err(why) => {
                let hole = self.holes.text(why);
                self.execute_doubt(&hole);
            }
        }
    }

    fn run_statement(&mut self, statement: &SqlStatementText) {
        let text = &statement.text;
        match statement
            .parameters
            .as_ref()
            .filter(|value| !value.is_none())
        {
            None => self.send(&text.text, &text.map),
            Some(parameters) => {
                let (merged, map) = self.merge(&text.text, &text.map, parameters);
                self.send(&merged, &map);
            }
        }
    }

    /// Puts parameters in place of `%s` and `%(name)s`, as psycopg's client-side cursor does; `%%` is `%`.
    fn merge(&self, text: &str, map: &SourceMap, parameters: &Value) -> (String, SourceMap) {
        let mut merged = Merged::default();
        let mut positional = parameters.items().unwrap_or_default().iter();
        let mut rest = text;
        let mut at = 0;
        while let Some(percent) = rest.find('%') {
            merged.verbatim(map, at, rest.get(..percent).unwrap_or_default());
            let from = rest.get(percent..).unwrap_or_default();
            let (length, value) = if from.starts_with("%%") {
                (2, None)
            } else if let Some(name) = placeholder_name(from) {
                (name.len() + 4, Some(named(parameters, name)))
            } else if from.starts_with("%s") {
                (2, Some(positional.next()))
            } else {
                (1, None)
            };
            match value {
                None => merged.replaced(map, (at + percent, length), "%"),
                Some(value) => {
                    let constant = value.map_or_else(
                        || Err(crate::schema::Why::new("a parameter that cannot be read")),
                        |value| python_constant(value).map(|constant| constant.sql()),
                    );
                    let text = self.holes.or_hole(constant);
                    merged.replaced(map, (at + percent, length), &text);
                }
            }
            at += percent + length;
            rest = from.get(length..).unwrap_or_default();
        }
        merged.verbatim(map, at, rest);
        let whole = map.whole().clone();
        (merged.text, SourceMap::piecewise(whole, merged.pieces))
    }

    /// `SeparateDatabaseAndState.database_forwards`: each on the state that the ones before it made.
    pub(super) fn database_operations(
        &mut self,
        operations: &[LocatedOperation],
        states: &States<'_>,
    ) {
        let app_label = Arc::clone(&self.app_label);
        for step in steps(states.from.state, &app_label, operations) {
            self.operation(step.operation, &step.before, &step.after);
        }
    }
}

/// A text with its way back, built from left to right.
#[derive(Default)]
struct Merged {
    text: String,
    pieces: Vec<Piece>,
}

impl Merged {
    fn verbatim(&mut self, map: &SourceMap, at: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        let part = map.part(Span::new(offset(at), offset(at + text.len())));
        let shift = offset(self.text.len());
        self.text.push_str(text);
        self.pieces.extend(part.pieces().iter().map(|piece| Piece {
            sql: Span::new(piece.sql.start + shift, piece.sql.end + shift),
            origin: piece.origin.clone(),
        }));
    }

    fn replaced(&mut self, map: &SourceMap, (at, length): (usize, usize), text: &str) {
        let start = offset(self.text.len());
        self.text.push_str(text);
        self.pieces.push(Piece {
            sql: Span::new(start, offset(self.text.len())),
            origin: map.origin(Span::new(offset(at), offset(at + length))),
        });
    }
}

fn placeholder_name(from: &str) -> Option<&str> {
    let inside = from.strip_prefix("%(")?;
    inside.get(..inside.find(")s")?)
}

fn named<'a>(parameters: &'a Value, name: &str) -> Option<&'a Value> {
    match &parameters.kind {
        ValueKind::Dict(items) => items
            .iter()
            .find(|(key, _)| key.as_str() == Some(name))
            .map(|(_, value)| value),
        _ => None,
    }
}

fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
