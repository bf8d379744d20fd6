//! Expressions: from syntax to values.

use std::sync::Arc;

use ruff_python_ast::{
    Comprehension, DictItem, Expr, ExprFString, ExprNumberLiteral, ExprStringLiteral, FStringPart,
    InterpolatedStringElement, Number, StringFlags, StringLiteral, UnaryOp,
};
use ruff_text_size::Ranged;

use super::compare;
use super::evaluate::{Evaluator, Frame, Scope, ScopeKind};
use super::format;
use super::parse::span_of;
use super::text::{Literal, TextBuilder};
use super::value::{Operation, Operator, Value, ValueKind};
use crate::schema::Why;
use crate::source::{Origin, Span};

impl Evaluator<'_> {
    /// The value of an expression; a member of a choices class is its value.
    pub(super) fn eval(&mut self, frame: &mut Frame<'_>, expression: &Expr) -> Value {
        let value = self.member(frame, expression);
        super::choices::as_plain(value)
    }

    /// The value of an expression, where a member of an enum keeps its name and label.
    pub(super) fn member(&mut self, frame: &mut Frame<'_>, expression: &Expr) -> Value {
        let deeper = self
            .spend(1)
            .and_then(|()| self.deeper(|evaluator| evaluator.expression(frame, expression)));
        deeper.unwrap_or_else(|why| Value::unknown(why, frame.module.origin(expression)))
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each case, each short")]
    fn expression(&mut self, frame: &mut Frame<'_>, expression: &Expr) -> Value {
        let origin = frame.module.origin(expression);
        let kind = match expression {
            Expr::NoneLiteral(_) => ValueKind::None,
            Expr::BooleanLiteral(literal) => ValueKind::Bool(literal.value),
            Expr::NumberLiteral(literal) => number(frame, literal),
            Expr::StringLiteral(literal) => string(frame, literal, &origin),
            Expr::BytesLiteral(literal) => {
                ValueKind::Bytes(literal.value.bytes().collect::<Vec<_>>().into())
            }
            Expr::EllipsisLiteral(_) => {
                ValueKind::Name(super::value::DottedName::new("builtins.Ellipsis"))
            }
            Expr::FString(literal) => self.f_string(frame, literal, &origin),
            Expr::Name(name) => return self.name(frame, &name.id, origin),
            Expr::Attribute(attribute) => {
                let owner = self.member(frame, &attribute.value);
                if let Some(value) = self.attribute_set_here(frame, &owner, attribute) {
                    return value;
                }
                return self.attribute(owner, &attribute.attr.id, origin);
            }
            Expr::Call(call) => return self.call(frame, call, origin),
            Expr::List(list) => match self.items(frame, &list.elts) {
                Ok(items) => ValueKind::List(items.into()),
                Err(why) => ValueKind::Unknown(why),
            },
            Expr::Tuple(tuple) => match self.items(frame, &tuple.elts) {
                Ok(items) => ValueKind::Tuple(items.into()),
                Err(why) => ValueKind::Unknown(why),
            },
            Expr::Set(set) => match self.items(frame, &set.elts) {
                Ok(items) => ValueKind::Set(compare::distinct(items).into()),
                Err(why) => ValueKind::Unknown(why),
            },
            Expr::Dict(dict) => self.dict(frame, &dict.items),
            Expr::BinOp(_) => return self.operators(frame, expression),
            Expr::BoolOp(operation) => return self.bool_op(frame, operation, origin),
            Expr::UnaryOp(operation) => {
                let operand = self.eval(frame, &operation.operand);
                unary(operation.op, operand)
            }
            Expr::Compare(comparison) => {
                let mut left = self.eval(frame, &comparison.left);
                let mut result = Ok(true);
                for (operator, right) in comparison.ops.iter().zip(&comparison.comparators) {
                    let right = self.eval(frame, right);
                    if matches!(result, Ok(true)) {
                        result = compare::compare(*operator, &left, &right);
                    }
                    left = right;
                }
                result.map_or_else(ValueKind::Unknown, ValueKind::Bool)
            }
            Expr::If(conditional) => {
                return match self.condition(frame, &conditional.test) {
                    Ok(true) => self.eval(frame, &conditional.body),
                    Ok(false) => self.eval(frame, &conditional.orelse),
                    Err(why) => Value::unknown(why, origin),
                };
            }
            Expr::Subscript(subscript) => {
                let owner = self.eval(frame, &subscript.value);
                return self.subscript(frame, owner, (&subscript.slice, origin));
            }
            Expr::Named(named) => {
                let value = self.eval(frame, &named.value);
                self.assign(frame, &named.target, value.clone());
                return value;
            }
            Expr::Lambda(lambda) => return Self::function(frame, "<lambda>", lambda),
            Expr::ListComp(list) => match self.comprehension(frame, &list.generators, &list.elt) {
                Ok(items) => ValueKind::List(items.into()),
                Err(why) => ValueKind::Unknown(why),
            },
            Expr::Generator(list) => match self.comprehension(frame, &list.generators, &list.elt) {
                Ok(items) => ValueKind::List(items.into()),
                Err(why) => ValueKind::Unknown(why),
            },
            Expr::SetComp(set) => match self.comprehension(frame, &set.generators, &set.elt) {
                Ok(items) => ValueKind::Set(compare::distinct(items).into()),
                Err(why) => ValueKind::Unknown(why),
            },
            Expr::DictComp(dict) => self.dict_comprehension(frame, dict),
            Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Await(_) => {
                let why = Why::new("it is a generator or a coroutine");
                frame.lost = Some(why.clone());
                ValueKind::Unknown(why)
            }
            Expr::TString(_) => ValueKind::Unknown(Why::new("a template string is not followed")),
            Expr::Starred(starred) => return self.eval(frame, &starred.value),
            Expr::Slice(_) | Expr::IpyEscapeCommand(_) => {
                ValueKind::Unknown(Why::new("this expression is not followed"))
            }
        };
        Value { kind, origin }
    }

    /// The items of a display; a star of something unknown makes the whole unknown.
    fn items(&mut self, frame: &mut Frame<'_>, elements: &[Expr]) -> Result<Vec<Value>, Why> {
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            if let Expr::Starred(starred) = element {
                let value = self.eval(frame, &starred.value);
                items.extend(self.iterate(&value)?);
            } else {
                items.push(self.eval(frame, element));
            }
        }
        Ok(items)
    }

    fn dict(&mut self, frame: &mut Frame<'_>, items: &[DictItem]) -> ValueKind {
        let mut entries = Vec::with_capacity(items.len());
        let mut doubled = false;
        for item in items {
            let value = self.eval(frame, &item.value);
            match &item.key {
                Some(key) => entries.push((self.eval(frame, key), value)),
                None => match &value.kind {
                    ValueKind::Dict(more) => {
                        doubled = true;
                        entries.extend(more.iter().cloned());
                    }
                    ValueKind::Unknown(why) => return ValueKind::Unknown(why.clone()),
                    _ => return ValueKind::Unknown(Why::new("`**` of what is not a known dict")),
                },
            }
        }
        if doubled {
            entries = compare::last_wins(entries);
        }
        ValueKind::Dict(entries.into())
    }

    /// A chain of binary operators, walked to its left end without recursion.
    fn operators(&mut self, frame: &mut Frame<'_>, expression: &Expr) -> Value {
        let mut chain = Vec::new();
        let mut left = expression;
        while let Expr::BinOp(operation) = left {
            chain.push(operation);
            left = &operation.left;
        }
        let mut value = self.eval(frame, left);
        while let Some(operation) = chain.pop() {
            if let Err(why) = self.spend(1) {
                return Value::unknown(why, frame.module.origin(expression));
            }
            let right = self.eval(frame, &operation.right);
            let origin = frame.module.origin(operation);
            value = self.binary(operation.op, (value, right), origin);
        }
        value
    }

    fn bool_op(
        &mut self,
        frame: &mut Frame<'_>,
        operation: &ruff_python_ast::ExprBoolOp,
        origin: Origin,
    ) -> Value {
        let stops_at = operation.op == ruff_python_ast::BoolOp::Or;
        let mut last = None;
        for operand in &operation.values {
            let value = self.eval(frame, operand);
            match compare::truth(&value) {
                Ok(truth) if truth == stops_at => return value,
                Ok(_) => last = Some(value),
                Err(why) => return Value::unknown(why, origin),
            }
        }
        last.unwrap_or_else(|| Value::unknown(Why::new("nothing to evaluate"), origin))
    }

    pub(super) fn comprehension(
        &mut self,
        frame: &mut Frame<'_>,
        generators: &[Comprehension],
        element: &Expr,
    ) -> Result<Vec<Value>, Why> {
        let mut made = Vec::new();
        frame.scopes.push(Scope::new(ScopeKind::Comprehension));
        let result = self.generate(frame, generators, &mut |evaluator, frame| {
            made.push(evaluator.eval(frame, element));
        });
        frame.scopes.pop();
        result.map(|()| made)
    }

    fn dict_comprehension(
        &mut self,
        frame: &mut Frame<'_>,
        dict: &ruff_python_ast::ExprDictComp,
    ) -> ValueKind {
        let Some(key) = &dict.key else {
            return ValueKind::Unknown(Why::new("this comprehension is not followed"));
        };
        let mut made = Vec::new();
        frame.scopes.push(Scope::new(ScopeKind::Comprehension));
        let result = self.generate(frame, &dict.generators, &mut |evaluator, frame| {
            let key = evaluator.eval(frame, key);
            made.push((key, evaluator.eval(frame, &dict.value)));
        });
        frame.scopes.pop();
        match result {
            Ok(()) => ValueKind::Dict(compare::last_wins(made).into()),
            Err(why) => ValueKind::Unknown(why),
        }
    }

    fn generate(
        &mut self,
        frame: &mut Frame<'_>,
        generators: &[Comprehension],
        emit: &mut dyn FnMut(&mut Self, &mut Frame<'_>),
    ) -> Result<(), Why> {
        let Some((first, rest)) = generators.split_first() else {
            emit(self, frame);
            return Ok(());
        };
        let iterated = self.eval(frame, &first.iter);
        for item in self.iterate(&iterated)? {
            self.spend(1)?;
            self.assign(frame, &first.target, item);
            let mut holds = true;
            for test in &first.ifs {
                holds = holds && self.condition(frame, test)?;
            }
            if holds {
                self.generate(frame, rest, emit)?;
            }
        }
        Ok(())
    }

    fn f_string(
        &mut self,
        frame: &mut Frame<'_>,
        literal: &ExprFString,
        origin: &Origin,
    ) -> ValueKind {
        let mut text = TextBuilder::default();
        for part in &literal.value {
            let known = match part {
                FStringPart::Literal(literal) => {
                    push_string(frame, literal, &mut text);
                    Ok(())
                }
                FStringPart::FString(string) => {
                    let raw = string.flags.prefix().is_raw();
                    self.elements(frame, (&string.elements, raw), &mut text)
                }
            };
            if let Err(why) = known {
                return ValueKind::Unknown(why);
            }
        }
        ValueKind::Str(text.finish(origin.clone()))
    }

    fn elements(
        &mut self,
        frame: &mut Frame<'_>,
        (elements, raw): (&ruff_python_ast::InterpolatedStringElements, bool),
        text: &mut TextBuilder,
    ) -> Result<(), Why> {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => text.push_literal(&Literal {
                    file: &frame.module.file,
                    inside: span_of(literal.range()),
                    value: &literal.value,
                    raw,
                    braces_doubled: true,
                }),
                InterpolatedStringElement::Interpolation(hole) => {
                    if hole.debug_text.is_some() {
                        return Err(Why::new("`{x=}` in an f-string is not followed"));
                    }
                    let value = self.eval(frame, &hole.expression);
                    let mut spec = TextBuilder::default();
                    if let Some(written) = &hole.format_spec {
                        self.elements(frame, (&written.elements, raw), &mut spec)?;
                    }
                    let origin = frame.module.origin(hole);
                    let spec = spec.finish(origin.clone());
                    let conversion = hole.conversion.to_char();
                    text.push_text(&format::formatted(
                        (&value, conversion),
                        &spec.text,
                        &origin,
                    )?);
                }
            }
        }
        Ok(())
    }
}

fn number(frame: &Frame<'_>, literal: &ExprNumberLiteral) -> ValueKind {
    match &literal.value {
        Number::Int(value) => {
            let known = value.as_u64().map(i128::from).or_else(|| {
                let written = frame.module.file.slice(span_of(literal.range()));
                let digits = written.replace('_', "").to_ascii_lowercase();
                match digits.get(..2) {
                    Some("0x") => i128::from_str_radix(digits.get(2..)?, 16).ok(),
                    Some("0o") => i128::from_str_radix(digits.get(2..)?, 8).ok(),
                    Some("0b") => i128::from_str_radix(digits.get(2..)?, 2).ok(),
                    _ => digits.parse().ok(),
                }
            });
            known.map_or_else(
                || ValueKind::Unknown(Why::new("the number has too many digits")),
                ValueKind::Int,
            )
        }
        Number::Float(value) => ValueKind::Float(format::float_repr(*value).into()),
        Number::Complex { .. } => ValueKind::Unknown(Why::new("a complex number")),
    }
}

fn string(frame: &Frame<'_>, literal: &ExprStringLiteral, origin: &Origin) -> ValueKind {
    let mut text = TextBuilder::default();
    for part in &literal.value {
        push_string(frame, part, &mut text);
    }
    ValueKind::Str(text.finish(origin.clone()))
}

fn push_string(frame: &Frame<'_>, literal: &StringLiteral, text: &mut TextBuilder) {
    let whole = span_of(literal.range());
    let start = whole.start + literal.flags.opener_len().to_u32();
    let end = whole
        .end
        .saturating_sub(literal.flags.closer_len().to_u32());
    text.push_literal(&Literal {
        file: &frame.module.file,
        inside: Span::new(start, end),
        value: &literal.value,
        raw: literal.flags.prefix().is_raw(),
        braces_doubled: false,
    });
}

fn unary(operator: UnaryOp, operand: Value) -> ValueKind {
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
        (UnaryOp::Invert, ValueKind::Call(_) | ValueKind::Operation(_) | ValueKind::Name(_)) => {
            symbolic(Operator::Not, operand)
        }
        (UnaryOp::USub, ValueKind::Call(_) | ValueKind::Operation(_) | ValueKind::Name(_)) => {
            symbolic(Operator::Negate, operand)
        }
        _ => ValueKind::Unknown(Why::new("the operator does not fit its operand")),
    }
}
