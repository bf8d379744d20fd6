//! What a CHECK that lists values allows.

use std::sync::Arc;

use super::Extent;
use super::parse;
use super::tree::{Connective, Node, is_number};
use crate::schema::{Expr, Identifier, Why};
use crate::sql::cursor::Cursor;
use crate::sql::lexer::lex;

/// The column and the values of a CHECK that is exactly a list of allowed constants: `column IN (...)`,
/// `= ANY (ARRAY[...])`, or equalities joined by OR; `column IS NULL` may stand beside them.
///
/// Values are in the order of the condition; a string and a number are given by their text.
pub fn check_values(condition: &Expr) -> Option<(Identifier, Vec<Arc<str>>)> {
    let text = condition.text()?;
    let lexed = lex(text, 0);
    let unknown = |_| Why::new("not known");
    let mut cursor = Cursor::new(text, &lexed.lexemes, &unknown);
    let node = parse::parse(&mut cursor, Extent::Full).ok()?;
    let alternatives = match &node {
        Node::Chain(Connective::Or, items) => items.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut column = None;
    let mut values = Vec::new();
    for alternative in alternatives {
        let (named, more) = alternative_values(alternative)?;
        if column.get_or_insert(named) != &named {
            return None;
        }
        values.extend(more);
    }
    let column = column?.clone();
    (!values.is_empty()).then_some((column, values))
}

fn alternative_values(node: &Node) -> Option<(&Identifier, Vec<Arc<str>>)> {
    match node {
        Node::Infix(left, operator, right) if operator == "=" => match (&**left, &**right) {
            (Node::Column(column), value) => Some((column, vec![constant(value)?])),
            _ => None,
        },
        Node::Quantified(left, operator, right) if operator == "= ANY" => {
            match (&**left, &**right) {
                (Node::Column(column), Node::Array(items)) => {
                    let values = items.iter().map(constant).collect::<Option<Vec<_>>>()?;
                    Some((column, values))
                }
                _ => None,
            }
        }
        Node::Postfix(operand, test) if test == "IS NULL" => match &**operand {
            Node::Column(column) => Some((column, Vec::new())),
            _ => None,
        },
        _ => None,
    }
}

fn constant(node: &Node) -> Option<Arc<str>> {
    match node {
        Node::Text(value) => Some(value.as_str().into()),
        Node::Word(word) if is_number(word) || word == "TRUE" || word == "FALSE" => {
            Some(word.as_str().into())
        }
        _ => None,
    }
}
