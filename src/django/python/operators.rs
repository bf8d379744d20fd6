//! Operators and loops over values.

use std::sync::Arc;

use ruff_python_ast::UnaryOp;

use super::compare::{self, distinct, last_wins};
use super::evaluate::Evaluator;
use super::format;
use super::growth::grown_by_unknown;
use super::methods::{has_methods, str_value};
use super::text::{TextBuilder, part};
use super::value::{Operation, Operator, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

impl Evaluator<'_> {
    /// The items that a loop over the value gives.
    ///
    /// # Errors
    /// When it has none, or there may be others.
    pub(super) fn iterate(&mut self, value: &Value) -> Result<Vec<Value>, Why> {
        match value.why_open() {
            Some(why) => Err(why.clone()),
            None => self.iterate_open(value),
        }
    }

    /// The same with a [`ValueKind::Rest`] where there may be others.
    pub(super) fn iterate_open(&mut self, value: &Value) -> Result<Vec<Value>, Why> {
        let items = match &value.kind {
            ValueKind::List(items) | ValueKind::Tuple(items) | ValueKind::Set(items) => {
                items.to_vec()
            }
            ValueKind::Dict(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
            ValueKind::Str(text) => text
                .text
                .char_indices()
                .filter_map(|(at, character)| part(text, at, at + character.len_utf8()))
                .map(|text| str_value(text, &value.origin))
                .collect(),
            ValueKind::Class(class) => super::choices::members(class)
                .ok_or_else(|| Why::new(format!("`{}` is not an enum", class.name)))?,
            ValueKind::Unknown(why) => return Err(why.clone()),
            ValueKind::Name(name) => {
                return Err(Why::new(format!("the value of `{name}` is not known")));
            }
            _ => return Err(Why::new("it cannot be looped over")),
        };
        self.spend(items.len() / 8)?;
        Ok(items)
    }

    pub(super) fn binary(
        &mut self,
        operator: ruff_python_ast::Operator,
        (left, right): (Value, Value),
        origin: Origin,
    ) -> Value {
        let kind = self
            .operate(operator, (left, right), &origin)
            .unwrap_or_else(ValueKind::Unknown);
        Value { kind, origin }
    }

    fn operate(
        &mut self,
        operator: ruff_python_ast::Operator,
        (left, right): (Value, Value),
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        use ruff_python_ast::Operator as Python;
        if operator == Python::Add
            && let Some(grown) = grown_by_unknown(&left, &right, origin)
        {
            return Ok(grown);
        }
        match (&left.kind, operator, &right.kind) {
            // The text is known: what fills it may be, too.
            (ValueKind::Str(text), Python::Mod, _) => {
                self.spend(text.text.len() / 64)?;
                return format::percent(text, &right, origin).map(ValueKind::Str);
            }
            (ValueKind::Unknown(why), _, _) | (_, _, ValueKind::Unknown(why)) => {
                return Err(why.clone());
            }
            (_, Python::Mult, _) if has_methods(&left) || has_methods(&right) => {
                return self.repeat(&left, &right, origin);
            }
            _ => {}
        }
        if let Some(joined) = self.joined(operator, (&left, &right), origin)? {
            return Ok(joined);
        }
        if let (Some(left), Some(right)) = (integer(&left), integer(&right)) {
            return arithmetic(operator, left, right)
                .ok_or_else(|| Why::new("the arithmetic is not followed"));
        }
        if is_symbolic(&left.kind) || is_symbolic(&right.kind) {
            let operator =
                symbol(operator).ok_or_else(|| Why::new("the operator is not followed"))?;
            let operands = vec![left, right];
            return Ok(ValueKind::Operation(Arc::new(Operation {
                operator,
                operands,
            })));
        }
        Err(Why::new("the operator does not fit its operands"))
    }

    /// Two texts or collections made into one; `None` for other operands.
    fn joined(
        &mut self,
        operator: ruff_python_ast::Operator,
        (left, right): (&Value, &Value),
        origin: &Origin,
    ) -> Result<Option<ValueKind>, Why> {
        use ruff_python_ast::Operator as Python;
        Ok(Some(match (&left.kind, operator, &right.kind) {
            (ValueKind::Str(left), Python::Add, ValueKind::Str(right)) => {
                let length = left.text.len() + right.text.len();
                self.spend(length / 64)?;
                if length > format::LONGEST_TEXT {
                    return Err(Why::new("the text is too long"));
                }
                let mut text = TextBuilder::default();
                text.push_text(left);
                text.push_text(right);
                ValueKind::Str(text.finish(origin.clone()))
            }
            (ValueKind::List(left), Python::Add, ValueKind::List(right)) => {
                self.spend((left.len() + right.len()) / 8)?;
                ValueKind::List(left.iter().chain(right.iter()).cloned().collect())
            }
            // `operations += (...)` extends a list by any iterable.
            (ValueKind::List(left), Python::Add, ValueKind::Tuple(right)) => {
                ValueKind::List(left.iter().chain(right.iter()).cloned().collect())
            }
            (ValueKind::Tuple(left), Python::Add, ValueKind::Tuple(right)) => {
                self.spend((left.len() + right.len()) / 8)?;
                ValueKind::Tuple(left.iter().chain(right.iter()).cloned().collect())
            }
            (ValueKind::Dict(left), Python::BitOr, ValueKind::Dict(right)) => {
                let entries = left.iter().chain(right.iter()).cloned().collect();
                ValueKind::Dict(last_wins(entries).into())
            }
            (ValueKind::Set(left), Python::BitOr, ValueKind::Set(right)) => {
                let items = left.iter().chain(right.iter()).cloned().collect();
                ValueKind::Set(distinct(items).into())
            }
            _ => return Ok(None),
        }))
    }

    fn repeat(&mut self, left: &Value, right: &Value, origin: &Origin) -> Result<ValueKind, Why> {
        let (many, times) = match (&left.kind, &right.kind) {
            (ValueKind::Int(times), _) => (right, *times),
            (_, ValueKind::Int(times)) => (left, *times),
            _ => return Err(Why::new("the operator does not fit its operands")),
        };
        let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
        let size = match &many.kind {
            ValueKind::Str(text) => text.text.len() / 8 + 1,
            _ => many.items().map_or(1, <[Value]>::len),
        };
        self.spend(size.saturating_mul(times))?;
        match &many.kind {
            ValueKind::Str(text) => {
                let mut made = TextBuilder::default();
                for _ in 0..times {
                    made.push_text(text);
                }
                Ok(ValueKind::Str(made.finish(origin.clone())))
            }
            ValueKind::List(items) => Ok(ValueKind::List(repeated(items, times))),
            ValueKind::Tuple(items) => Ok(ValueKind::Tuple(repeated(items, times))),
            _ => Err(Why::new("the operator does not fit its operands")),
        }
    }
}

fn repeated(items: &[Value], times: usize) -> Arc<[Value]> {
    let mut made = Vec::new();
    for _ in 0..times {
        made.extend_from_slice(items);
    }
    made.into()
}

/// Whether a value stays an expression: Django's, or Python's own that is not followed.
fn is_symbolic(kind: &ValueKind) -> bool {
    matches!(
        kind,
        ValueKind::Call(_) | ValueKind::Operation(_) | ValueKind::Name(_)
    )
}

fn integer(value: &Value) -> Option<i128> {
    match value.kind {
        ValueKind::Int(value) => Some(value),
        ValueKind::Bool(value) => Some(i128::from(value)),
        _ => None,
    }
}

fn arithmetic(operator: ruff_python_ast::Operator, left: i128, right: i128) -> Option<ValueKind> {
    use ruff_python_ast::Operator as Python;
    let small = |number: i128| u32::try_from(number).ok().filter(|bits| *bits < 127);
    let floored = |quotient: i128, remainder: i128| {
        if remainder != 0 && (remainder < 0) != (right < 0) {
            quotient - 1
        } else {
            quotient
        }
    };
    Some(ValueKind::Int(match operator {
        Python::Add => left.checked_add(right)?,
        Python::Sub => left.checked_sub(right)?,
        Python::Mult => left.checked_mul(right)?,
        Python::FloorDiv => floored(left.checked_div(right)?, left.checked_rem(right)?),
        Python::Mod => left.checked_sub(
            right.checked_mul(floored(left.checked_div(right)?, left.checked_rem(right)?))?,
        )?,
        Python::Pow => left.checked_pow(small(right)?)?,
        Python::LShift => left.checked_mul(1i128.checked_shl(small(right)?)?)?,
        Python::RShift => left >> small(right)?,
        Python::BitOr => left | right,
        Python::BitXor => left ^ right,
        Python::BitAnd => left & right,
        Python::Div | Python::MatMult => return None,
    }))
}

fn symbol(operator: ruff_python_ast::Operator) -> Option<Operator> {
    use ruff_python_ast::Operator as Python;
    Some(match operator {
        Python::Add => Operator::Add,
        Python::Sub => Operator::Subtract,
        Python::Mult => Operator::Multiply,
        Python::Div => Operator::Divide,
        Python::FloorDiv => Operator::FloorDivide,
        Python::Mod => Operator::Modulo,
        Python::Pow => Operator::Power,
        Python::BitOr => Operator::Or,
        Python::BitXor => Operator::Xor,
        Python::BitAnd => Operator::And,
        Python::MatMult | Python::LShift | Python::RShift => return None,
    })
}

pub(super) fn unary(operator: UnaryOp, operand: Value) -> ValueKind {
    let symbolic = |operator, operand: Value| {
        ValueKind::Operation(Arc::new(Operation {
            operator,
            operands: vec![operand],
        }))
    };
    match (operator, &operand.kind) {
        (UnaryOp::Not, _) => compare::truth(&operand)
            .map_or_else(ValueKind::Unknown, |truth| ValueKind::Bool(!truth)),
        (_, ValueKind::Unknown(why)) => ValueKind::Unknown(why.clone()),
        (UnaryOp::USub, ValueKind::Int(value)) => value.checked_neg().map_or_else(
            || ValueKind::Unknown(Why::new("the number has too many digits")),
            ValueKind::Int,
        ),
        (UnaryOp::USub, ValueKind::Float(value)) => {
            let negated = value
                .strip_prefix('-')
                .map_or_else(|| format!("-{value}"), str::to_owned);
            ValueKind::Float(negated.into())
        }
        (UnaryOp::USub | UnaryOp::UAdd | UnaryOp::Invert, ValueKind::Bool(value)) => {
            let value = i128::from(*value);
            ValueKind::Int(match operator {
                UnaryOp::USub => -value,
                UnaryOp::Invert => !value,
                UnaryOp::UAdd | UnaryOp::Not => value,
            })
        }
        (UnaryOp::UAdd, _) => operand.kind,
        (UnaryOp::Invert, ValueKind::Int(value)) => ValueKind::Int(!value),
        (UnaryOp::Invert, kind) if is_symbolic(kind) => symbolic(Operator::Not, operand),
        (UnaryOp::USub, kind) if is_symbolic(kind) => symbolic(Operator::Negate, operand),
        _ => ValueKind::Unknown(Why::new("the operator does not fit its operand")),
    }
}
