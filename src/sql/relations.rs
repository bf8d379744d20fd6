//! The relations that a query or a statement of rows names, found on its tokens.
//!
//! No tree is built: a long or deep query costs one pass, and a form of the language that nobody taught
//! us hides nothing but itself.

use std::collections::BTreeSet;

use super::cursor::{Cursor, identifier};
use super::lexer::{Kind, Lexeme};
use crate::schema::{Identifier, WrittenName};

/// Relations in order of appearance, each once, names of WITH queries left out.
pub(super) fn relations(cursor: &Cursor<'_>) -> Vec<WrittenName> {
    let mut scan = Scan {
        cursor: cursor.clone(),
        frames: vec![Frame::query()],
        named_queries: named_queries(cursor),
        found: Vec::new(),
        seen: BTreeSet::new(),
    };
    scan.run();
    scan.found
}

struct Scan<'a> {
    cursor: Cursor<'a>,
    frames: Vec<Frame>,
    /// Names that WITH gives; they hide relations of the same bare name.
    named_queries: BTreeSet<Identifier>,
    found: Vec<WrittenName>,
    seen: BTreeSet<WrittenName>,
}

/// What an open parenthesis holds.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// A query or a join, not the arguments of a call (`extract(year FROM x)`).
    is_query: bool,
    /// Between FROM and the next clause: a comma brings the next relation.
    in_from: bool,
}

impl Frame {
    fn query() -> Self {
        Self {
            is_query: true,
            in_from: false,
        }
    }
}

impl Scan<'_> {
    fn run(&mut self) {
        let mut before: Option<&Lexeme<'_>> = None;
        while let Some(next) = self.cursor.peek() {
            self.cursor.advance();
            match next.kind {
                Kind::Symbol => self.symbol(next.text, before),
                Kind::Word => self.word(next, before),
                Kind::Delimited | Kind::String | Kind::Number | Kind::Parameter => {}
            }
            before = Some(next);
        }
    }

    fn symbol(&mut self, symbol: &str, before: Option<&Lexeme<'_>>) {
        match symbol {
            "(" => {
                let begins = [
                    "SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE", "TABLE",
                ];
                let is_query = begins.iter().any(|word| self.cursor.at(word));
                let is_join = self.in_from() && starts_relation(before);
                self.frames.push(Frame {
                    is_query: is_query || is_join,
                    in_from: is_join && !is_query,
                });
                if is_join && !is_query {
                    self.relation();
                }
            }
            ")" if self.frames.len() > 1 => {
                self.frames.pop();
            }
            "," if self.in_from() => self.relation(),
            _ => {}
        }
    }

    fn word(&mut self, next: &Lexeme<'_>, before: Option<&Lexeme<'_>>) {
        let is_query = self.frames.last().is_some_and(|frame| frame.is_query);
        let after_dot = before.is_some_and(|token| token.is_symbol("."));
        if !is_query || after_dot {
            return;
        }
        match next.text.to_ascii_uppercase().as_str() {
            "FROM" if !before.is_some_and(|token| token.is_word("DISTINCT")) => {
                self.set_from(true);
                self.relation();
            }
            "JOIN" | "INTO" => self.relation(),
            "USING" if !self.cursor.at_symbol("(") => {
                self.set_from(true);
                self.relation();
            }
            "UPDATE" if self.is_statement_start(before) => self.relation(),
            "TABLE" if self.is_statement_start(before) => self.relation(),
            "WHERE" | "GROUP" | "HAVING" | "ORDER" | "LIMIT" | "OFFSET" | "WINDOW" | "UNION"
            | "INTERSECT" | "EXCEPT" | "SET" | "RETURNING" | "SELECT" | "FOR" | "FETCH"
            | "VALUES" => self.set_from(false),
            _ => {}
        }
    }

    /// UPDATE that begins a statement, not `FOR UPDATE`, `ON CONFLICT DO UPDATE`, `FOR NO KEY UPDATE`.
    fn is_statement_start(&self, before: Option<&Lexeme<'_>>) -> bool {
        before.is_none_or(|token| token.is_symbol("(") || token.is_symbol(")"))
            && !self.cursor.is_at_end()
    }

    fn in_from(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.in_from)
    }

    fn set_from(&mut self, value: bool) {
        if let Some(frame) = self.frames.last_mut() {
            frame.in_from = value;
        }
    }

    /// Reads the relation that stands here, if one does: not a function, not a query.
    fn relation(&mut self) {
        self.cursor.eat("LATERAL");
        self.cursor.eat("ONLY");
        let mut ahead = self.cursor.clone();
        let Ok(name) = ahead.name() else {
            return;
        };
        if ahead.at_symbol("(") && !is_insert_target(&self.cursor) {
            return;
        }
        self.cursor = ahead;
        let hidden = name.schema.is_none() && self.named_queries.contains(&name.name);
        if !hidden && self.seen.insert(name.clone()) {
            self.found.push(name);
        }
    }
}

/// `INSERT INTO t (a, b)`: the parenthesis after the name is no call.
fn is_insert_target(before: &Cursor<'_>) -> bool {
    before.previous().is_some_and(|word| word.is_word("INTO"))
}

fn starts_relation(before: Option<&Lexeme<'_>>) -> bool {
    before.is_some_and(|token| {
        token.is_symbol("(")
            || token.is_symbol(",")
            || ["FROM", "JOIN", "LATERAL", "USING"]
                .iter()
                .any(|word| token.is_word(word))
    })
}

/// The names that stand before `AS (` or `(columns) AS (` after WITH or a comma.
fn named_queries(cursor: &Cursor<'_>) -> BTreeSet<Identifier> {
    if !cursor.rest().iter().any(|token| token.is_word("WITH")) {
        return BTreeSet::new();
    }
    let tokens = cursor.rest();
    tokens
        .iter()
        .enumerate()
        .filter(|(at, token)| {
            token.is_name()
                && at
                    .checked_sub(1)
                    .and_then(|before| tokens.get(before))
                    .is_some_and(|before| {
                        before.is_word("WITH")
                            || before.is_word("RECURSIVE")
                            || before.is_symbol(",")
                    })
                && is_query_name(cursor, tokens.get(at + 1..).unwrap_or_default())
        })
        .map(|(_, token)| identifier(token))
        .collect()
}

/// Whether `[(columns)] AS [NOT MATERIALIZED] (` follows.
fn is_query_name<'a>(cursor: &Cursor<'a>, after: &'a [Lexeme<'a>]) -> bool {
    let mut ahead = cursor.within(after);
    if ahead.at_symbol("(") && ahead.identifiers().is_err() {
        return false;
    }
    if !ahead.eat("AS") {
        return false;
    }
    ahead.eat("NOT");
    ahead.eat("MATERIALIZED");
    ahead.at_symbol("(")
}
