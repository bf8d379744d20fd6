//! Operators, loops and subscripts over values.

use std::sync::Arc;

use ruff_python_ast::Expr;

use super::compare::{distinct, last_wins};
use super::evaluate::{Evaluator, Frame};
use super::format;
use super::methods::{has_methods, str_value};
use super::text::{TextBuilder, part};
use super::value::{Operation, Operator, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

impl Evaluator<'_> {
    /// The items that a loop over the value gives.
    pub(super) fn iterate(&mut self, value: &Value) -> Result<Vec<Value>, Why> {
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

    #[expect(clippy::too_many_lines, reason = "one arm for each case, each short")]
    fn operate(
        &mut self,
        operator: ruff_python_ast::Operator,
        (left, right): (Value, Value),
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        use ruff_python_ast::Operator as Python;
        match (&left.kind, operator, &right.kind) {
            // The text is known: what fills it may be, too.
            (ValueKind::Str(text), Python::Mod, _) => {
                self.spend(text.text.len() / 64)?;
                return format::percent(text, &right, origin).map(ValueKind::Str);
            }
            (ValueKind::Unknown(why), _, _) | (_, _, ValueKind::Unknown(why)) => {
                return Err(why.clone());
            }
            (ValueKind::Str(left), Python::Add, ValueKind::Str(right)) => {
                let length = left.text.len() + right.text.len();
                self.spend(length / 64)?;
                if length > format::LONGEST_TEXT {
                    return Err(Why::new("the text is too long"));
                }
                let mut text = TextBuilder::default();
                text.push_text(left);
                text.push_text(right);
                return Ok(ValueKind::Str(text.finish(origin.clone())));
            }
            (ValueKind::List(left), Python::Add, ValueKind::List(right)) => {
                self.spend((left.len() + right.len()) / 8)?;
                return Ok(ValueKind::List(
                    left.iter().chain(right.iter()).cloned().collect(),
                ));
            }
            // `operations += (...)` extends a list by any iterable.
            (ValueKind::List(left), Python::Add, ValueKind::Tuple(right)) => {
                return Ok(ValueKind::List(
                    left.iter().chain(right.iter()).cloned().collect(),
                ));
            }
            (ValueKind::Tuple(left), Python::Add, ValueKind::Tuple(right)) => {
                self.spend((left.len() + right.len()) / 8)?;
                return Ok(ValueKind::Tuple(
                    left.iter().chain(right.iter()).cloned().collect(),
                ));
            }
            (ValueKind::Dict(left), Python::BitOr, ValueKind::Dict(right)) => {
                let entries = left.iter().chain(right.iter()).cloned().collect();
                return Ok(ValueKind::Dict(last_wins(entries).into()));
            }
            (ValueKind::Set(left), Python::BitOr, ValueKind::Set(right)) => {
                let items = left.iter().chain(right.iter()).cloned().collect();
                return Ok(ValueKind::Set(distinct(items).into()));
            }
            (_, Python::Mult, _) if has_methods(&left) || has_methods(&right) => {
                return self.repeat(&left, &right, origin);
            }
            _ => {}
        }
        if let (Some(left), Some(right)) = (integer(&left), integer(&right)) {
            return arithmetic(operator, left, right)
                .ok_or_else(|| Why::new("the arithmetic is not followed"));
        }
        let symbolic = |value: &Value| {
            matches!(
                value.kind,
                ValueKind::Call(_) | ValueKind::Operation(_) | ValueKind::Name(_)
            )
        };
        if symbolic(&left) || symbolic(&right) {
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

    #[expect(clippy::too_many_lines, reason = "one arm for each case, each short")]
    pub(super) fn subscript(
        &mut self,
        frame: &mut Frame<'_>,
        owner: Value,
        (slice, origin): (&Expr, Origin),
    ) -> Value {
        if let ValueKind::Name(name) = &owner.kind
            && matches!(name.as_str(), "django.db.connections")
        {
            let kind = ValueKind::Name(super::value::DottedName::new("django.db.connection"));
            return Value { kind, origin };
        }
        if let Expr::Slice(slice) = slice {
            let mut bound = |bound: &Option<Box<Expr>>| match bound {
                None => Ok(None),
                Some(bound) => match self.eval(frame, bound).kind {
                    ValueKind::Int(number) => Ok(Some(number)),
                    ValueKind::None => Ok(None),
                    _ => Err(Why::new("a bound of the slice is not known")),
                },
            };
            let kind = match (bound(&slice.lower), bound(&slice.upper), bound(&slice.step)) {
                (Ok(lower), Ok(upper), Ok(step)) => sliced(&owner, (lower, upper, step)),
                (Err(why), _, _) | (_, Err(why), _) | (_, _, Err(why)) => Err(why),
            };
            let kind = kind.unwrap_or_else(ValueKind::Unknown);
            return Value { kind, origin };
        }
        let key = self.eval(frame, slice);
        let why = match (&owner.kind, &key.kind) {
            (ValueKind::Unknown(why), _) | (_, ValueKind::Unknown(why)) => why.clone(),
            (ValueKind::List(items) | ValueKind::Tuple(items), ValueKind::Int(index)) => {
                match place(items.len(), *index).and_then(|at| items.get(at)) {
                    Some(item) => return item.clone(),
                    None => Why::new("the index is out of range"),
                }
            }
            (ValueKind::Dict(entries), _) => match format::find(entries, &key) {
                Ok(Some(value)) => return value.clone(),
                Ok(None) => Why::new("the dict has no such key"),
                Err(why) => why,
            },
            (ValueKind::Str(text), ValueKind::Int(index)) => {
                let at = place(text.text.chars().count(), *index)
                    .and_then(|at| text.text.char_indices().nth(at));
                match at.and_then(|(at, found)| part(text, at, at + found.len_utf8())) {
                    Some(text) => return str_value(text, &origin),
                    None => Why::new("the index is out of range"),
                }
            }
            // `Status["OPEN"]`; `list[int]` and other annotations.
            (ValueKind::Class(class), ValueKind::Str(name)) => {
                let (class, name) = (Arc::clone(class), Arc::clone(&name.text));
                return super::choices::as_plain(Self::class_attribute(&class, &name, origin));
            }
            (ValueKind::Class(_) | ValueKind::Name(_), _) => match &owner.kind {
                // `models.ForeignKey["Order"]`, `Generic[T]`: the class itself.
                ValueKind::Name(name) if name.as_str() == "os.environ" => {
                    Why::new("an environment variable is not known")
                }
                _ => return owner,
            },
            _ => Why::new("this subscript is not followed"),
        };
        Value::unknown(why, origin)
    }
}

fn repeated(items: &[Value], times: usize) -> Arc<[Value]> {
    let mut made = Vec::new();
    for _ in 0..times {
        made.extend_from_slice(items);
    }
    made.into()
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

/// Python's index, negative from the end, as an offset.
pub(super) fn place(length: usize, index: i128) -> Option<usize> {
    let length = i128::try_from(length).ok()?;
    let at = if index < 0 {
        index.checked_add(length)?
    } else {
        index
    };
    (0..length)
        .contains(&at)
        .then(|| usize::try_from(at).ok())
        .flatten()
}

type Bounds = (Option<i128>, Option<i128>, Option<i128>);

fn sliced(owner: &Value, (lower, upper, step): Bounds) -> Result<ValueKind, Why> {
    let clamp = |bound: Option<i128>, default: usize, length: usize| {
        let size = i128::try_from(length).unwrap_or(i128::MAX);
        let Some(bound) = bound else { return default };
        let at = if bound < 0 {
            bound.saturating_add(size).max(0)
        } else {
            bound.min(size)
        };
        usize::try_from(at).unwrap_or(0)
    };
    let range = |length: usize| {
        let from = clamp(lower, 0, length);
        (from, clamp(upper, length, length).max(from))
    };
    match (&owner.kind, step) {
        (ValueKind::Unknown(why), _) => Err(why.clone()),
        (ValueKind::List(items), None | Some(1)) => {
            let (from, to) = range(items.len());
            Ok(ValueKind::List(
                items.get(from..to).unwrap_or_default().into(),
            ))
        }
        (ValueKind::Tuple(items), None | Some(1)) => {
            let (from, to) = range(items.len());
            Ok(ValueKind::Tuple(
                items.get(from..to).unwrap_or_default().into(),
            ))
        }
        (ValueKind::List(items), Some(-1)) if lower.is_none() && upper.is_none() => {
            Ok(ValueKind::List(items.iter().rev().cloned().collect()))
        }
        (ValueKind::Str(text), None | Some(1)) => {
            let (from, to) = range(text.text.chars().count());
            let byte = |at: usize| {
                let mut places = text.text.char_indices().map(|(byte, _)| byte);
                places.nth(at).unwrap_or(text.text.len())
            };
            part(text, byte(from), byte(to))
                .map(ValueKind::Str)
                .ok_or_else(|| Why::new("the text cannot be cut there"))
        }
        _ => Err(Why::new("this slice is not followed")),
    }
}
