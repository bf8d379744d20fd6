//! The tree of an expression, built without the spellings that the server does not keep.

use crate::schema::{Identifier, SqlType};
use crate::sql::types;

/// An expression, normalised as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
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
pub(super) enum Connective {
    And,
    Or,
}

pub(super) fn call(name: String, arguments: Vec<Node>) -> Node {
    let arguments = arguments.into_iter().enumerate();
    let separated = arguments.map(|(at, item)| (if at == 0 { "" } else { "," }, item));
    Node::Call(name, separated.collect())
}

/// An operation; rows are compared column by column.
pub(super) fn infix(left: Node, operator: &str, right: Node) -> Node {
    match (left, operator, right) {
        (Node::Row(left), "=", Node::Row(right)) if left.len() == right.len() && left.len() > 1 => {
            let pairs = left.into_iter().zip(right);
            let equal = pairs.map(|(left, right)| infix(left, "=", right));
            Node::Chain(Connective::And, equal.collect())
        }
        (left, operator, right) => {
            Node::Infix(Box::new(left), operator.to_owned(), Box::new(right))
        }
    }
}

/// `x IN (...)`: the items that name no column as an array, each other one as a comparison
/// (`transformAExprIn` in `parse_expr.c`).
pub(super) fn in_list(left: &Node, items: Vec<Node>, negated: bool) -> Node {
    let (operator, quantifier, connective) = if negated {
        ("<>", "ALL", Connective::And)
    } else {
        ("=", "ANY", Connective::Or)
    };
    if !left.is_small() {
        return quantified(left.clone(), operator, quantifier, Node::Array(items));
    }
    let (named, constant): (Vec<_>, Vec<_>) = items.into_iter().partition(Node::names_a_column);
    let array = (!constant.is_empty())
        .then(|| quantified(left.clone(), operator, quantifier, Node::Array(constant)));
    let compared = named
        .into_iter()
        .map(|item| infix(left.clone(), operator, item));
    array
        .into_iter()
        .chain(compared)
        .reduce(|before, next| chain(connective, before, next))
        .unwrap_or_else(|| Node::Word(if negated { "TRUE" } else { "FALSE" }.to_owned()))
}

/// `x BETWEEN a AND b`, as the two comparisons that it is.
pub(super) fn between(value: Node, [low, high]: [Node; 2], negated: bool) -> Node {
    if !value.is_small() {
        let operator = if negated { "NOT BETWEEN" } else { "BETWEEN" };
        return infix(value, operator, Node::Row(vec![low, high]));
    }
    let other = value.clone();
    if negated {
        let below = infix(value, "<", low);
        chain(Connective::Or, below, infix(other, ">", high))
    } else {
        let above = infix(value, ">=", low);
        chain(Connective::And, above, infix(other, "<=", high))
    }
}

/// An operand with more nodes than this is not copied: copies of copies would double at each step.
const LARGEST_COPY: usize = 32;

impl Node {
    fn is_small(&self) -> bool {
        let mut nodes = 0;
        !self.any(&mut |_| {
            nodes += 1;
            nodes > LARGEST_COPY
        })
    }

    fn names_a_column(&self) -> bool {
        self.any(&mut |node| matches!(node, Self::Column(_)))
    }

    /// Whether the test holds of this node or of one below it.
    fn any(&self, test: &mut dyn FnMut(&Self) -> bool) -> bool {
        if test(self) {
            return true;
        }
        match self {
            Self::Column(_) | Self::Text(_) | Self::Word(_) => false,
            Self::Chain(_, items) | Self::Array(items) | Self::Row(items) => {
                items.iter().any(|item| item.any(test))
            }
            Self::Call(_, items) | Self::Case(items) => {
                items.iter().any(|(_, item)| item.any(test))
            }
            Self::Infix(left, _, right) | Self::Quantified(left, _, right) => {
                left.any(test) || right.any(test)
            }
            Self::Subscript(value, bounds) => {
                value.any(test) || bounds.iter().any(|bound| bound.any(test))
            }
            Self::Prefix(_, value)
            | Self::Postfix(value, _)
            | Self::Cast(value, _)
            | Self::Field(value, _) => value.any(test),
        }
    }
}

/// `a AND (b AND c)` is one chain of three.
pub(super) fn chain(connective: Connective, left: Node, right: Node) -> Node {
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
pub(super) fn quantified(left: Node, operator: &str, quantifier: &str, right: Node) -> Node {
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
pub(super) fn signed(sign: &str, operand: Node) -> Node {
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

pub(super) fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
}

/// A cast, unless the server may have added it: of a constant or an array of them; of a column to a
/// type that comparisons convert to.
pub(super) fn cast(value: Node, to: &SqlType) -> Node {
    match value {
        Node::Text(text) => {
            let number = text.trim();
            if types::is_numeric(to) && is_number(number) && number.parse::<f64>().is_ok() {
                return Node::Word(number.to_owned());
            }
            boolean(&text, to).unwrap_or_else(|| Node::Text(instant(text, to)))
        }
        Node::Word(word) => Node::Word(word),
        Node::Array(items) => Node::Array(items),
        value if is_implicit(&value, to) => value,
        value => Node::Cast(Box::new(value), shown(to)),
    }
}

/// As `format_type` shows a type: with one pair of brackets, however many dimensions were written.
fn shown(data_type: &SqlType) -> String {
    let mut shown = data_type.clone();
    if let SqlType::Known(name) = &mut shown {
        name.dimensions = name.dimensions.min(1);
    }
    shown.to_string()
}

/// A point in time in the server's own spelling, where that takes no arithmetic:
/// `2020-01-01T00:00:00+00:00` is `2020-01-01 00:00:00+00`.
fn instant(text: String, to: &SqlType) -> String {
    if !to.to_string().starts_with("timestamp") {
        return text;
    }
    let spaced = text.replacen('T', " ", 1);
    match spaced.strip_suffix("+00:00") {
        Some(head) => format!("{head}+00"),
        None => spaced,
    }
}

/// `'t'::boolean` is `TRUE`.
fn boolean(text: &str, to: &SqlType) -> Option<Node> {
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

fn is_implicit(value: &Node, to: &SqlType) -> bool {
    if types::is_textual(to) {
        return true;
    }
    matches!(value, Node::Column(_) | Node::Infix(..) | Node::Call(..))
        && matches!(
            to.to_string().as_str(),
            "numeric" | "double precision" | "timestamp with time zone"
        )
}
