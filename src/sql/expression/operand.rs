//! What operators stand between: constants, columns, calls, CASE, arrays, parentheses.

use super::parse::{DEEPEST, NOT, OTHER, Parser, SIGN};
use super::tree::{Node, call, cast, signed};
use crate::schema::Why;
use crate::sql::cursor::{Cursor, Parsed, identifier};
use crate::sql::lexer::{Kind, Lexeme};
use crate::sql::types;

impl Parser<'_, '_> {
    pub(super) fn operand(&mut self) -> Parsed<Node> {
        let Some(next) = self.cursor.peek() else {
            return Err(self.cursor.unexpected("an expression"));
        };
        match next.kind {
            Kind::String => {
                self.cursor.advance();
                let mut value = next.string();
                // Strings with a line's end between them are one.
                while let Some(more) = self
                    .cursor
                    .peek()
                    .filter(|more| more.text.starts_with('\''))
                {
                    self.cursor.advance();
                    value.push_str(&more.string());
                }
                Ok(Node::Text(value))
            }
            Kind::Number => {
                self.cursor.advance();
                Ok(Node::Word(next.text.to_ascii_lowercase()))
            }
            // Whoever asked makes the whole unknown for it.
            Kind::Parameter => {
                self.cursor.advance();
                Ok(Node::Word(next.text.to_owned()))
            }
            Kind::Symbol => self.symbol_operand(next),
            Kind::Word => self.word_operand(next),
            Kind::Delimited => self.named_operand(),
        }
    }

    fn symbol_operand(&mut self, next: &Lexeme<'_>) -> Parsed<Node> {
        match next.text {
            "(" => {
                self.cursor.advance();
                if is_query(self.cursor) {
                    return Err(Why::new("a query stands within the expression"));
                }
                let mut items = self.items(")")?;
                Ok(match (items.pop(), items.is_empty()) {
                    (Some(only), true) => only,
                    (last, _) => {
                        items.extend(last);
                        Node::Row(items)
                    }
                })
            }
            "-" | "+" | "~" | "@" | "!!" | "|/" | "||/" => {
                self.cursor.advance();
                let precedence = if matches!(next.text, "-" | "+") {
                    SIGN
                } else {
                    OTHER
                };
                let operand = self.expression(precedence)?;
                Ok(signed(next.text, operand))
            }
            "*" => {
                self.cursor.advance();
                Ok(Node::Word("*".to_owned()))
            }
            _ => Err(self.cursor.unexpected("an expression")),
        }
    }

    fn word_operand(&mut self, next: &Lexeme<'_>) -> Parsed<Node> {
        let word = next.text.to_ascii_uppercase();
        match word.as_str() {
            "NOT" => {
                self.cursor.advance();
                let operand = self.expression(NOT)?;
                Ok(Node::Prefix(word, Box::new(operand)))
            }
            "TRUE" | "FALSE" | "NULL" | "DEFAULT" | "CURRENT_DATE" | "CURRENT_USER"
            | "SESSION_USER" | "USER" | "CURRENT_ROLE" | "CURRENT_CATALOG" | "CURRENT_SCHEMA"
                if !self.next_is("(", 1) =>
            {
                self.cursor.advance();
                Ok(Node::Word(word))
            }
            "CURRENT_TIME" | "CURRENT_TIMESTAMP" | "LOCALTIME" | "LOCALTIMESTAMP" => {
                self.cursor.advance();
                if self.cursor.eat_symbol("(") {
                    let items = self.items(")")?;
                    return Ok(call(word, items));
                }
                Ok(Node::Word(word))
            }
            "CASE" => self.case(),
            "CAST" => self.cast(),
            "ARRAY" => self.array(),
            "ROW" => {
                self.cursor.advance();
                self.cursor.expect_symbol("(")?;
                Ok(Node::Row(self.items(")")?))
            }
            "SELECT" | "FROM" | "WHERE" | "CHECK" | "CONSTRAINT" | "REFERENCES" | "UNIQUE"
            | "PRIMARY" | "COLLATE" | "USING" | "AND" | "OR" | "IN" | "IS" | "THEN" | "ELSE"
            | "END" | "WHEN" => Err(self.cursor.unexpected("an expression")),
            _ => self.named_operand(),
        }
    }

    /// A column, a call, or a typed constant (`date '2020-01-01'`).
    fn named_operand(&mut self) -> Parsed<Node> {
        if let Some(found) = self.typed_constant() {
            return Ok(found);
        }
        let first = self.cursor.advance();
        let mut name = first.map(identifier).ok_or_else(|| Why::new("no name"))?;
        let mut qualified = false;
        while self.cursor.at_symbol(".") {
            self.cursor.advance();
            if self.cursor.eat_symbol("*") {
                return Ok(Node::Word("*".to_owned()));
            }
            let Some(next) = self.cursor.peek().filter(|next| next.is_name()) else {
                return Err(self.cursor.unexpected("a name"));
            };
            self.cursor.advance();
            name = identifier(next);
            qualified = true;
        }
        if !self.cursor.eat_symbol("(") {
            return Ok(Node::Column(name));
        }
        let special = (!qualified).then(|| separators(name.as_str())).flatten();
        match special {
            Some(words) => self.worded_call(name.as_str(), words),
            None => Ok(call(name.as_str().to_owned(), self.items(")")?)),
        }
    }

    /// `interval '1 day'`, `timestamp with time zone '...'`: what the server keeps is the constant.
    fn typed_constant(&mut self) -> Option<Node> {
        let next = self.cursor.peek()?;
        let typed = next.kind == Kind::Word
            && self.cursor.peek_at(1).is_some_and(|after| {
                after.kind == Kind::String
                    || after.is_word("WITH")
                    || after.is_word("WITHOUT")
                    || after.is_word("PRECISION")
            });
        if !typed {
            return None;
        }
        let mut ahead = self.cursor.clone();
        let to = types::parse_type(&mut ahead).ok()?;
        let mut value = ahead.string().ok()?.to_string();
        // `interval '2' hour`: the field is the unit of the number.
        if next.is_word("INTERVAL")
            && let Some(field) = types::interval_field(&mut ahead)
        {
            value = format!("{value} {}", field.to_ascii_lowercase());
        }
        *self.cursor = ahead;
        Some(cast(Node::Text(value), &to))
    }

    /// `extract(year FROM x)`, `substring(x FROM 1 FOR 2)`, `position(a IN b)`.
    fn worded_call(&mut self, name: &str, words: &[&'static str]) -> Parsed<Node> {
        let mut items: Vec<(&'static str, Node)> = Vec::new();
        let mut before = "";
        if name == "extract" {
            items.extend(self.extracted_field().map(|field| (before, field)));
        }
        loop {
            if self.cursor.eat_symbol(")") {
                return Ok(Node::Call(name.to_owned(), items));
            }
            if let Some(word) = words.iter().find(|word| self.cursor.eat(word)) {
                before = word;
                continue;
            }
            if self.cursor.eat_symbol(",") {
                before = ",";
                continue;
            }
            items.push((before, self.expression(OTHER)?));
            before = "";
        }
    }

    /// `year` of `extract(year FROM x)`, which is no column: a name or a string (`extract_arg` of PostgreSQL's
    /// `src/backend/parser/gram.y`).
    fn extracted_field(&mut self) -> Option<Node> {
        let mut ahead = self.cursor.clone();
        let next = ahead.peek()?;
        let field = if next.is_name() {
            ahead.advance();
            identifier(next).as_str().to_ascii_lowercase()
        } else {
            ahead.string().ok()?.to_ascii_lowercase()
        };
        if !ahead.at("FROM") {
            return None;
        }
        *self.cursor = ahead;
        Some(Node::Word(field))
    }

    fn array(&mut self) -> Parsed<Node> {
        self.cursor.advance();
        if !self.cursor.at_symbol("[") {
            return Err(self.cursor.unexpected("the items of an array"));
        }
        self.array_items()
    }

    fn array_items(&mut self) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Why::new("the expression is nested too deeply"));
        }
        self.cursor.expect_symbol("[")?;
        let mut items = Vec::new();
        while !self.cursor.at_symbol("]") {
            items.push(if self.cursor.at_symbol("[") {
                self.array_items()?
            } else {
                self.unrestricted()?
            });
            if !self.cursor.eat_symbol(",") {
                break;
            }
        }
        self.cursor.expect_symbol("]")?;
        self.depth -= 1;
        Ok(Node::Array(items))
    }

    fn cast(&mut self) -> Parsed<Node> {
        self.cursor.advance();
        self.cursor.expect_symbol("(")?;
        let value = self.unrestricted()?;
        self.cursor.expect("AS")?;
        let to = types::parse_type(self.cursor)?;
        self.cursor.expect_symbol(")")?;
        Ok(cast(value, &to))
    }

    fn case(&mut self) -> Parsed<Node> {
        self.cursor.advance();
        let mut parts = Vec::new();
        if !self.cursor.at("WHEN") {
            parts.push(("", self.unrestricted()?));
        }
        while self.cursor.eat("WHEN") {
            parts.push(("WHEN", self.unrestricted()?));
            self.cursor.expect("THEN")?;
            parts.push(("THEN", self.unrestricted()?));
        }
        // The server writes out `ELSE NULL`.
        let last = if self.cursor.eat("ELSE") {
            self.unrestricted()?
        } else {
            Node::Word("NULL".to_owned())
        };
        parts.push(("ELSE", last));
        self.cursor.expect("END")?;
        Ok(Node::Case(parts))
    }
}

/// The words that a function of the SQL standard takes between its arguments.
fn separators(function: &str) -> Option<&'static [&'static str]> {
    Some(match function {
        "extract" => &["FROM"],
        "substring" => &["FROM", "FOR", "SIMILAR", "ESCAPE"],
        "position" => &["IN"],
        "overlay" => &["PLACING", "FROM", "FOR"],
        "trim" => &["BOTH", "LEADING", "TRAILING", "FROM"],
        _ => return None,
    })
}

/// Whether a query comes next, after an opening parenthesis.
pub(super) fn is_query(cursor: &Cursor<'_>) -> bool {
    ["SELECT", "WITH", "VALUES"]
        .iter()
        .any(|word| cursor.at(word))
}
