//! `Lexeme` of Django 6.0: words of a search query, put together in Python (`django/contrib/postgres/search.py`).

use super::callee::{Callee, callee};
use super::literal::Constant;
use super::outcome::{Outcome, Stop};
use crate::django::python::{Call, Operator, Value, ValueKind};

/// The text of a lexeme, or of several; `None`: the value is none.
pub(super) fn text(value: &Value, is_inverted: bool) -> Outcome<Option<String>> {
    match &value.kind {
        ValueKind::Call(call) if matches!(callee(call), Callee::Postgres("Lexeme")) => {
            lexeme(call, is_inverted).map(Some)
        }
        ValueKind::Operation(operation) => {
            // By De Morgan where the whole is inverted.
            let connector = match (operation.operator, is_inverted) {
                (Operator::And, false) | (Operator::Or, true) => "&",
                (Operator::Or, false) | (Operator::And, true) => "|",
                (Operator::Not, _) => {
                    return match &*operation.operands {
                        [only] => text(only, !is_inverted),
                        _ => Ok(None),
                    };
                }
                _ => return Ok(None),
            };
            let mut parts = Vec::new();
            for operand in &operation.operands {
                match text(operand, is_inverted)? {
                    Some(part) => parts.push(part),
                    None => return Ok(None),
                }
            }
            let parts = parts.join(&format!(" {connector} "));
            Ok(Some(format!("({parts})")))
        }
        _ => Ok(None),
    }
}

fn lexeme(call: &Call, is_inverted: bool) -> Outcome<String> {
    let unreadable = || Stop::why("a lexeme that cannot be read");
    let word = call
        .argument(0, "value")
        .and_then(Value::as_str)
        .ok_or_else(unreadable)?;
    let flag = |name: &str| match call.keyword(name).map(|flag| &flag.kind) {
        None | Some(ValueKind::Bool(false)) => Ok(false),
        Some(ValueKind::Bool(true)) => Ok(true),
        Some(_) => Err(unreadable()),
    };
    let weight = match call.keyword("weight") {
        None => "",
        Some(weight) if weight.is_none() => "",
        Some(weight) => weight.as_str().ok_or_else(unreadable)?,
    };
    let star = if flag("prefix")? { "*" } else { "" };
    let label = match (star, weight) {
        ("", "") => String::new(),
        (star, weight) => format!(":{star}{weight}"),
    };
    let bang = if flag("invert")? == is_inverted {
        ""
    } else {
        "!"
    };
    let word = escaped(word).ok_or_else(unreadable)?;
    Ok(format!("{bang}{}{label}", Constant::text(word).sql()))
}

/// `psql_escape`: what has a meaning in a query becomes a space, and spaces become one.
fn escaped(word: &str) -> Option<String> {
    let without_signs = word.replace(|character| "'\0[]()|&:*!@<>\\".contains(character), " ");
    let trimmed = without_signs.trim();
    let mut escaped = String::new();
    let mut spaces = 0;
    for character in trimmed.chars() {
        if character.is_whitespace() {
            spaces += 1;
            if spaces == 2 {
                escaped.pop();
                escaped.push(' ');
            } else if spaces == 1 {
                escaped.push(character);
            }
        } else {
            spaces = 0;
            escaped.push(character);
        }
    }
    (!escaped.is_empty()).then_some(escaped)
}
