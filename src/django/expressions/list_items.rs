//! Which items of a list are one for Python, and stand in `IN (...)` once: `In.process_rhs` takes them through a set.

use super::expr::Expr;
use super::expression::is_expression;
use super::{Constant, python_constant};
use crate::django::python::{Value, ValueKind};

/// `1 == True == 1.0`, which JSON writes in three ways.
pub(super) fn are_one_number(one: &Value, two: &Value) -> bool {
    let number = |value: &Value| match &value.kind {
        ValueKind::Bool(truth) => Some(f64::from(u8::from(*truth))),
        ValueKind::Int(number) => number.to_string().parse().ok(),
        ValueKind::Float(text) => text.parse::<f64>().ok(),
        _ => None,
    };
    number(one).is_some_and(|one| number(two) == Some(one))
}

/// Whether items with one SQL are one for Python: expressions are equal by how they were constructed.
pub(super) fn are_one((one, two): (&Value, &Value), has_expressions: bool) -> bool {
    let plain_value = |value: &Value| {
        let call = value.as_call()?;
        let is_plain = super::callee::orm_class(value) == Some("Value")
            && call.arguments.len() + call.keywords.len() == 1;
        is_plain
            .then(|| call.argument(0, "value").cloned())
            .flatten()
    };
    match (is_expression(one), is_expression(two)) {
        (false, false) => true,
        (true, true) => is_constructed_alike(one, two),
        // A text among expressions gets the type of the field, which a `Value` of a project has not.
        (true, false) => has_expressions && two.as_str().is_none() && plain_value(one).is_some(),
        (false, true) => has_expressions && one.as_str().is_none() && plain_value(two).is_some(),
    }
}

/// The same classes with the same arguments, as `Expression.identity` compares them.
fn is_constructed_alike(one: &Value, two: &Value) -> bool {
    match (&one.kind, &two.kind) {
        (ValueKind::Call(one), ValueKind::Call(two)) => {
            let alike = |(one, two): (&Value, &Value)| is_constructed_alike(one, two);
            is_constructed_alike(&one.callee, &two.callee)
                && one.arguments.len() == two.arguments.len()
                && one.keywords.len() == two.keywords.len()
                && one.arguments.iter().zip(&two.arguments).all(alike)
                && one
                    .keywords
                    .iter()
                    .zip(&two.keywords)
                    .all(|(one, two)| one.0 == two.0 && is_constructed_alike(&one.1, &two.1))
        }
        (ValueKind::Operation(one), ValueKind::Operation(two)) => {
            let alike = |(one, two): (&Value, &Value)| is_constructed_alike(one, two);
            one.operator == two.operator && one.operands.iter().zip(&two.operands).all(alike)
        }
        (ValueKind::Name(one), ValueKind::Name(two)) => one == two,
        (ValueKind::Class(one), ValueKind::Class(two)) => one.name == two.name,
        _ => match (python_constant(one), python_constant(two)) {
            (Ok(one), Ok(two)) => one == two,
            _ => false,
        },
    }
}

/// Two items that Python holds equal: `1` and `Decimal("1.0")`.
pub(super) fn is_same(one: &Expr, two: &Expr) -> bool {
    if one.sql != two.sql || one.params.len() != two.params.len() {
        return false;
    }
    one.params.iter().zip(&two.params).all(|pair| match pair {
        (Constant::Number(one), Constant::Number(two)) => {
            one == two
                || (one.len() < 15
                    && two.len() < 15
                    && one.parse::<f64>().ok() == two.parse::<f64>().ok())
        }
        (one, two) => one == two,
    })
}
