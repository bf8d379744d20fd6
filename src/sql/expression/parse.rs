//! The operators of expressions with PostgreSQL's precedence (documentation section 4.1.6).

use super::Extent;
use super::operand::is_query;
use super::tree::{Connective, Node, between, call, cast, chain, in_list, infix, quantified};
use crate::schema::Why;
use crate::sql::cursor::{Cursor, Parsed};
use crate::sql::lexer::{Kind, Lexeme};
use crate::sql::types;

const OR: u8 = 1;
const AND: u8 = 2;
pub(super) const NOT: u8 = 3;
const IS: u8 = 4;
const COMPARISON: u8 = 5;
const MATCH: u8 = 6;
pub(super) const OTHER: u8 = 7;
const SUM: u8 = 8;
const PRODUCT: u8 = 9;
const POWER: u8 = 10;
const ZONE: u8 = 11;
const COLLATION: u8 = 12;
pub(super) const SIGN: u8 = 13;
const PRIMARY: u8 = 14;

/// Deeper nesting than a person writes: with the next, it bounds the height of the tree.
pub(super) const DEEPEST: usize = 40;
/// More operators in a row than a person writes, AND and OR apart (they make one flat chain): each
/// makes the tree higher by one.
const LONGEST_RUN: usize = 32;

/// Reads one expression from the cursor.
pub(super) fn parse(cursor: &mut Cursor<'_>, extent: Extent) -> Parsed<Node> {
    let mut parser = Parser {
        cursor,
        depth: 0,
        restricted: extent == Extent::Restricted,
    };
    match extent {
        Extent::Full => parser.expression(OR),
        Extent::Restricted => parser.expression(COMPARISON),
        Extent::Primary => parser.expression(PRIMARY),
    }
}

pub(super) struct Parser<'c, 'a> {
    pub(super) cursor: &'c mut Cursor<'a>,
    pub(super) depth: usize,
    restricted: bool,
}

impl Parser<'_, '_> {
    pub(super) fn expression(&mut self, weakest: u8) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Why::new("the expression is nested too deeply"));
        }
        let mut left = self.operand()?;
        let mut run = 0;
        loop {
            let before = self.cursor.position();
            let is_flat = self.cursor.at("AND") || self.cursor.at("OR");
            left = self.operator(left, weakest)?;
            if self.cursor.position() == before {
                break;
            }
            run += usize::from(!is_flat);
            if run > LONGEST_RUN {
                return Err(Why::new("the expression has too many operators in a row"));
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    /// One operator with its right side, if one that binds tightly enough comes next.
    fn operator(&mut self, left: Node, weakest: u8) -> Parsed<Node> {
        let Some(next) = self.cursor.peek() else {
            return Ok(left);
        };
        match next.kind {
            Kind::Symbol => self.symbol_operator(left, next, weakest),
            Kind::Word => self.word_operator(left, weakest),
            Kind::Delimited | Kind::String | Kind::Number | Kind::Parameter => Ok(left),
        }
    }

    fn symbol_operator(&mut self, left: Node, next: &Lexeme<'_>, weakest: u8) -> Parsed<Node> {
        match next.text {
            "::" => {
                self.cursor.advance();
                let to = types::parse_type(self.cursor)?;
                return Ok(cast(left, &to));
            }
            "[" => {
                self.cursor.advance();
                return self.subscript(left);
            }
            "." if matches!(left, Node::Row(_) | Node::Call(..) | Node::Column(_)) => {
                self.cursor.advance();
                return Ok(Node::Field(Box::new(left), self.cursor.identifier()?));
            }
            _ => {}
        }
        let Some(precedence) = infix_precedence(next.text).filter(|found| *found >= weakest) else {
            return Ok(left);
        };
        self.cursor.advance();
        let operator = if next.text == "!=" { "<>" } else { next.text };
        self.right_side(left, operator, precedence)
    }

    /// The right side of an infix operator: a value, or `ANY (...)`.
    fn right_side(&mut self, left: Node, operator: &str, precedence: u8) -> Parsed<Node> {
        for quantifier in ["ANY", "SOME", "ALL"] {
            if self.cursor.at(quantifier) && self.next_is("(", 1) {
                self.cursor.advance();
                self.cursor.expect_symbol("(")?;
                let right = self.unrestricted()?;
                self.cursor.expect_symbol(")")?;
                let word = if quantifier == "ALL" { "ALL" } else { "ANY" };
                return Ok(quantified(left, operator, word, right));
            }
        }
        let right = self.expression(precedence + 1)?;
        Ok(infix(left, operator, right))
    }

    fn word_operator(&mut self, left: Node, weakest: u8) -> Parsed<Node> {
        let cursor = &mut *self.cursor;
        if weakest <= OR && cursor.eat("OR") {
            let right = self.expression(AND)?;
            return Ok(chain(Connective::Or, left, right));
        }
        if weakest <= AND && cursor.eat("AND") {
            let right = self.expression(NOT)?;
            return Ok(chain(Connective::And, left, right));
        }
        if cursor.at("OPERATOR") && weakest <= OTHER {
            return self.named_operator(left);
        }
        if weakest <= ZONE && cursor.eat("AT TIME ZONE") {
            let right = self.expression(ZONE + 1)?;
            let operator = "AT TIME ZONE".to_owned();
            return Ok(Node::Infix(Box::new(left), operator, Box::new(right)));
        }
        if self.restricted {
            return Ok(left);
        }
        if weakest <= COLLATION && cursor.eat("COLLATE") {
            let name = cursor.name()?;
            return Ok(Node::Postfix(Box::new(left), format!("COLLATE {name}")));
        }
        if weakest <= IS
            && let Some(test) = is_test(cursor)
        {
            return self.tested(left, test);
        }
        if weakest <= MATCH {
            return self.matched(left);
        }
        Ok(left)
    }

    /// `OPERATOR(schema.=)`: the operator by its name alone.
    fn named_operator(&mut self, left: Node) -> Parsed<Node> {
        self.cursor.expect("OPERATOR")?;
        let inside = self.cursor.parenthesised()?;
        let Some(symbol) = inside.last() else {
            return Err(self.cursor.unexpected("an operator"));
        };
        self.right_side(left, symbol.text, OTHER)
    }

    /// `IS ...` after its words are read.
    fn tested(&mut self, left: Node, test: &'static str) -> Parsed<Node> {
        let left = Box::new(left);
        match test {
            "IS DISTINCT FROM" | "IS NOT DISTINCT FROM" => {
                let right = Box::new(self.expression(COMPARISON)?);
                let compared = Node::Infix(left, "IS DISTINCT FROM".to_owned(), right);
                Ok(if test == "IS DISTINCT FROM" {
                    compared
                } else {
                    Node::Prefix("NOT".to_owned(), Box::new(compared))
                })
            }
            test => Ok(Node::Postfix(left, test.to_owned())),
        }
    }

    /// `[NOT] IN`, `LIKE`, `ILIKE`, `SIMILAR TO`, `BETWEEN`.
    fn matched(&mut self, left: Node) -> Parsed<Node> {
        let negated = self.cursor.at("NOT");
        let after = usize::from(negated);
        let is = |word: &str| {
            self.cursor
                .peek_at(after)
                .is_some_and(|next| next.is_word(word))
        };
        let word = ["IN", "LIKE", "ILIKE", "SIMILAR", "BETWEEN"]
            .into_iter()
            .find(|word| is(word));
        let Some(word) = word else {
            return Ok(left);
        };
        for _ in 0..=after {
            self.cursor.advance();
        }
        match word {
            "IN" => self.in_list(&left, negated),
            "BETWEEN" => self.between(left, negated),
            "SIMILAR" => {
                self.cursor.expect("TO")?;
                let operator = if negated { "!~" } else { "~" };
                let pattern = self.pattern("similar_to_escape")?;
                Ok(infix(left, operator, pattern))
            }
            word => {
                let operator = match (word, negated) {
                    ("LIKE", false) => "~~",
                    ("LIKE", true) => "!~~",
                    (_, false) => "~~*",
                    (_, true) => "!~~*",
                };
                self.like(left, operator)
            }
        }
    }

    fn like(&mut self, left: Node, operator: &str) -> Parsed<Node> {
        if ["ANY", "ALL", "SOME"]
            .iter()
            .any(|word| self.cursor.at(word))
        {
            return self.right_side(left, operator, MATCH);
        }
        let pattern = self.pattern("like_escape")?;
        Ok(infix(left, operator, pattern))
    }

    /// A pattern; ESCAPE is a function of it, as is SIMILAR TO without ESCAPE.
    fn pattern(&mut self, escaping: &str) -> Parsed<Node> {
        let pattern = self.expression(OTHER)?;
        if self.cursor.eat("ESCAPE") {
            let escape = self.expression(OTHER)?;
            return Ok(call(escaping.to_owned(), vec![pattern, escape]));
        }
        Ok(match escaping {
            "similar_to_escape" => call(escaping.to_owned(), vec![pattern]),
            _ => pattern,
        })
    }

    fn in_list(&mut self, left: &Node, negated: bool) -> Parsed<Node> {
        self.cursor.expect_symbol("(")?;
        if is_query(self.cursor) {
            return Err(Why::new("a query stands within the expression"));
        }
        Ok(in_list(left, self.items(")")?, negated))
    }

    fn between(&mut self, left: Node, negated: bool) -> Parsed<Node> {
        self.cursor.eat("ASYMMETRIC");
        if self.cursor.at("SYMMETRIC") {
            return Err(self.cursor.unexpected("the lower bound"));
        }
        let low = self.expression(OTHER)?;
        self.cursor.expect("AND")?;
        let high = self.expression(OTHER)?;
        Ok(between(left, [low, high], negated))
    }

    fn subscript(&mut self, left: Node) -> Parsed<Node> {
        let mut bounds = Vec::new();
        while !self.cursor.eat_symbol("]") {
            if self.cursor.eat_symbol(":") {
                bounds.push(Node::Word(":".to_owned()));
            } else {
                bounds.push(self.unrestricted()?);
            }
        }
        Ok(Node::Subscript(Box::new(left), bounds))
    }

    /// A whole expression inside brackets, where no restriction holds.
    pub(super) fn unrestricted(&mut self) -> Parsed<Node> {
        let outside = std::mem::replace(&mut self.restricted, false);
        let node = self.expression(OR);
        self.restricted = outside;
        node
    }

    /// Expressions with commas between them up to the closing symbol, which it steps over.
    pub(super) fn items(&mut self, closing: &str) -> Parsed<Vec<Node>> {
        let mut items = Vec::new();
        if self.cursor.eat_symbol(closing) {
            return Ok(items);
        }
        loop {
            items.push(self.unrestricted()?);
            if !self.cursor.eat_symbol(",") {
                break;
            }
        }
        self.cursor.expect_symbol(closing)?;
        Ok(items)
    }

    pub(super) fn next_is(&self, symbol: &str, ahead: usize) -> bool {
        self.cursor
            .peek_at(ahead)
            .is_some_and(|next| next.is_symbol(symbol))
    }
}

fn infix_precedence(symbol: &str) -> Option<u8> {
    Some(match symbol {
        "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => COMPARISON,
        "+" | "-" => SUM,
        "*" | "/" | "%" => PRODUCT,
        "^" => POWER,
        "(" | ")" | "[" | "]" | "," | ";" | "." | ":" | "::" | ":=" | "=>" | "{" | "}" | "\\" => {
            return None;
        }
        _ => OTHER,
    })
}

fn is_test(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    const TESTS: [&str; 12] = [
        "IS NOT NULL",
        "IS NULL",
        "IS NOT TRUE",
        "IS TRUE",
        "IS NOT FALSE",
        "IS FALSE",
        "IS NOT UNKNOWN",
        "IS UNKNOWN",
        "IS NOT DISTINCT FROM",
        "IS DISTINCT FROM",
        "IS NOT DOCUMENT",
        "IS DOCUMENT",
    ];
    if cursor.eat("NOTNULL") {
        return Some("IS NOT NULL");
    }
    if cursor.eat("ISNULL") {
        return Some("IS NULL");
    }
    if !cursor.at("IS") {
        return None;
    }
    TESTS.into_iter().find(|test| cursor.eat(test))
}
