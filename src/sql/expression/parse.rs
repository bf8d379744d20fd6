//! The grammar of expressions with PostgreSQL's precedence (documentation section 4.1.6), straight to a
//! tree in which the spellings that the server does not keep are gone.

use super::Extent;
use crate::schema::{Identifier, Why};
use crate::sql::cursor::{Cursor, Parsed, identifier};
use crate::sql::lexer::{Kind, Lexeme};
use crate::sql::types;

/// An expression, normalised as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sql) enum Node {
    Column(Identifier),
    /// A string by its value.
    Text(String),
    /// A number, `TRUE`, `NULL`, `CURRENT_DATE`, `*`, `DEFAULT`.
    Word(String),
    /// AND or OR over two or more, flattened.
    Chain(Connective, Vec<Node>),
    Prefix(String, Box<Node>),
    Postfix(Box<Node>, String),
    Infix(Box<Node>, String, Box<Node>),
    /// `left operator ANY (right)`, `ALL`.
    Quantified(Box<Node>, String, Box<Node>),
    /// Items with the words or commas that stand before each.
    Call(String, Vec<(&'static str, Node)>),
    Array(Vec<Node>),
    Row(Vec<Node>),
    Cast(Box<Node>, String),
    Subscript(Box<Node>, Vec<Node>),
    Field(Box<Node>, Identifier),
    Case(Vec<(&'static str, Node)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sql) enum Connective {
    And,
    Or,
}

const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const IS: u8 = 4;
const COMPARISON: u8 = 5;
const MATCH: u8 = 6;
const OTHER: u8 = 7;
const SUM: u8 = 8;
const PRODUCT: u8 = 9;
const POWER: u8 = 10;
const ZONE: u8 = 11;
const COLLATION: u8 = 12;
const SIGN: u8 = 13;
const PRIMARY: u8 = 14;

/// Deeper nesting than a person writes; the stack holds far more.
const DEEPEST: usize = 48;
/// More operators in one expression than a person writes: each may make the tree deeper by one.
const MOST_OPERATORS: usize = 400;

/// Reads one expression from the cursor.
pub(super) fn parse(cursor: &mut Cursor<'_>, extent: Extent) -> Parsed<Node> {
    let mut parser = Parser {
        cursor,
        depth: 0,
        operators: 0,
        restricted: extent == Extent::Restricted,
    };
    match extent {
        Extent::Full => parser.expression(OR),
        Extent::Restricted => parser.expression(COMPARISON),
        Extent::Primary => parser.expression(PRIMARY),
    }
}

struct Parser<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    depth: usize,
    operators: usize,
    restricted: bool,
}

impl Parser<'_, '_> {
    fn expression(&mut self, weakest: u8) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Why::new("the expression is nested too deeply"));
        }
        let mut left = self.operand()?;
        loop {
            let before = self.cursor.position();
            left = self.operator(left, weakest)?;
            if self.cursor.position() == before {
                break;
            }
            self.operators += 1;
            if self.operators > MOST_OPERATORS {
                return Err(Why::new("the expression has too many operators"));
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
        self.right_side(left, operator.to_owned(), precedence)
    }

    /// The right side of an infix operator: a value, or `ANY (...)`.
    fn right_side(&mut self, left: Node, operator: String, precedence: u8) -> Parsed<Node> {
        for quantifier in ["ANY", "SOME", "ALL"] {
            if self.cursor.at(quantifier) && self.next_is("(", 1) {
                self.cursor.advance();
                self.cursor.expect_symbol("(")?;
                let right = self.unrestricted()?;
                self.cursor.expect_symbol(")")?;
                let word = if quantifier == "ALL" { "ALL" } else { "ANY" };
                return Ok(quantified(left, &operator, word, right));
            }
        }
        let right = self.expression(precedence + 1)?;
        Ok(Node::Infix(Box::new(left), operator, Box::new(right)))
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
        if weakest <= IS {
            if let Some(test) = is_test(cursor) {
                return self.tested(left, test);
            }
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
        self.right_side(left, symbol.text.to_owned(), OTHER)
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
            "IN" => self.in_list(left, negated),
            "BETWEEN" => self.between(left, negated),
            "SIMILAR" => {
                self.cursor.expect("TO")?;
                self.pattern(
                    left,
                    if negated {
                        "NOT SIMILAR TO"
                    } else {
                        "SIMILAR TO"
                    },
                )
            }
            "LIKE" => self.pattern(left, if negated { "!~~" } else { "~~" }),
            _ => self.pattern(left, if negated { "!~~*" } else { "~~*" }),
        }
    }

    fn pattern(&mut self, left: Node, operator: &str) -> Parsed<Node> {
        let mut node = self.right_side(left, operator.to_owned(), MATCH)?;
        if self.cursor.eat("ESCAPE") {
            let escape = self.expression(OTHER)?;
            node = Node::Infix(Box::new(node), "ESCAPE".to_owned(), Box::new(escape));
        }
        Ok(node)
    }

    fn in_list(&mut self, left: Node, negated: bool) -> Parsed<Node> {
        self.cursor.expect_symbol("(")?;
        let items = self.items(")")?;
        let (operator, quantifier) = if negated { ("<>", "ALL") } else { ("=", "ANY") };
        Ok(quantified(left, operator, quantifier, Node::Array(items)))
    }

    fn between(&mut self, left: Node, negated: bool) -> Parsed<Node> {
        self.cursor.eat("ASYMMETRIC");
        if self.cursor.at("SYMMETRIC") {
            return Err(self.cursor.unexpected("the lower bound"));
        }
        let low = self.expression(OTHER)?;
        self.cursor.expect("AND")?;
        let high = self.expression(OTHER)?;
        let compare = |operator: &str, bound: Node| {
            Node::Infix(Box::new(left.clone()), operator.to_owned(), Box::new(bound))
        };
        Ok(if negated {
            chain(Connective::Or, compare("<", low), compare(">", high))
        } else {
            chain(Connective::And, compare(">=", low), compare("<=", high))
        })
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
    fn unrestricted(&mut self) -> Parsed<Node> {
        let outside = std::mem::replace(&mut self.restricted, false);
        let node = self.expression(OR);
        self.restricted = outside;
        node
    }

    /// Expressions with commas between them up to the closing symbol, which it steps over.
    fn items(&mut self, closing: &str) -> Parsed<Vec<Node>> {
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

    fn next_is(&self, symbol: &str, ahead: usize) -> bool {
        self.cursor
            .peek_at(ahead)
            .is_some_and(|next| next.is_symbol(symbol))
    }

    fn operand(&mut self) -> Parsed<Node> {
        let Some(next) = self.cursor.peek() else {
            return Err(self.cursor.unexpected("an expression"));
        };
        match next.kind {
            Kind::String => {
                self.cursor.advance();
                Ok(Node::Text(next.string()))
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
                if self.cursor.at("SELECT") || self.cursor.at("WITH") || self.cursor.at("VALUES") {
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
                let operand = self.expression(IS)?;
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
        let value = ahead.string().ok()?;
        *self.cursor = ahead;
        Some(cast(Node::Text(value.to_string()), &to))
    }

    /// `extract(year FROM x)`, `substring(x FROM 1 FOR 2)`, `position(a IN b)`.
    fn worded_call(&mut self, name: &str, words: &[&'static str]) -> Parsed<Node> {
        let mut items: Vec<(&'static str, Node)> = Vec::new();
        let mut before = "";
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

fn call(name: String, arguments: Vec<Node>) -> Node {
    let arguments = arguments.into_iter().enumerate();
    let separated = arguments.map(|(at, item)| (if at == 0 { "" } else { "," }, item));
    Node::Call(name, separated.collect())
}

/// `a AND (b AND c)` is one chain of three.
fn chain(connective: Connective, left: Node, right: Node) -> Node {
    let mut items = match left {
        Node::Chain(found, items) if found == connective => items,
        other => vec![other],
    };
    match right {
        Node::Chain(found, more) if found == connective => items.extend(more),
        other => items.push(other),
    }
    Node::Chain(connective, items)
}

/// `x = ANY (ARRAY['a'])` is `x = 'a'`, as the server prints an IN of one value.
fn quantified(left: Node, operator: &str, quantifier: &str, right: Node) -> Node {
    let single = match (operator, quantifier, right) {
        ("=", "ANY", Node::Array(items)) | ("<>", "ALL", Node::Array(items))
            if items.len() == 1 && !matches!(items.first(), Some(Node::Array(_))) =>
        {
            Err(items)
        }
        (_, _, right) => Ok(right),
    };
    match single {
        Ok(right) => {
            let operator = format!("{operator} {quantifier}");
            Node::Quantified(Box::new(left), operator, Box::new(right))
        }
        Err(items) => {
            let right = items.into_iter().next();
            let right = right.unwrap_or_else(|| Node::Word("NULL".to_owned()));
            Node::Infix(Box::new(left), operator.to_owned(), Box::new(right))
        }
    }
}

/// `-1` is a constant, not an operation.
fn signed(sign: &str, operand: Node) -> Node {
    match (sign, operand) {
        ("-", Node::Word(number)) if is_number(&number) => Node::Word(negated(&number)),
        ("+", Node::Word(number)) if is_number(&number) => Node::Word(number),
        (sign, operand) => Node::Prefix(sign.to_owned(), Box::new(operand)),
    }
}

fn negated(number: &str) -> String {
    number
        .strip_prefix('-')
        .map_or_else(|| format!("-{number}"), str::to_owned)
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
}

/// A cast, unless the server may have added it: of a constant or an array of them; of a column to a
/// type that comparisons convert to.
fn cast(value: Node, to: &crate::schema::SqlType) -> Node {
    match value {
        Node::Text(text) => {
            let number = text.trim();
            if types::is_numeric(to) && is_number(number) && number.parse::<f64>().is_ok() {
                return Node::Word(number.to_owned());
            }
            boolean(&text, to).unwrap_or(Node::Text(text))
        }
        Node::Word(word) => Node::Word(word),
        Node::Array(items) => Node::Array(items),
        value if is_implicit(&value, to) => value,
        value => Node::Cast(Box::new(value), to.to_string()),
    }
}

/// `'t'::boolean` is `TRUE`.
fn boolean(text: &str, to: &crate::schema::SqlType) -> Option<Node> {
    if to.to_string() != "boolean" {
        return None;
    }
    let word = match text.to_ascii_lowercase().as_str() {
        "t" | "true" | "yes" | "on" | "1" => "TRUE",
        "f" | "false" | "no" | "off" | "0" => "FALSE",
        _ => return None,
    };
    Some(Node::Word(word.to_owned()))
}

fn is_implicit(value: &Node, to: &crate::schema::SqlType) -> bool {
    if types::is_textual(to) {
        return true;
    }
    matches!(value, Node::Column(_) | Node::Infix(..) | Node::Call(..))
        && matches!(
            to.to_string().as_str(),
            "numeric" | "double precision" | "timestamp with time zone"
        )
}
