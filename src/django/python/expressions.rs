//! Expressions: from syntax to values.

use ruff_python_ast::{DictItem, Expr, ExprGenerator, ExprListComp};

use super::compare;
use super::evaluate::Evaluator;
use super::frame::Frame;
use super::literals::{number, string};
use super::operators::unary;
use super::value::{DottedName, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

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

    fn expression(&mut self, frame: &mut Frame<'_>, expression: &Expr) -> Value {
        let origin = frame.module.origin(expression);
        match expression {
            Expr::Name(name) => self.name(frame, &name.id, origin),
            Expr::Attribute(attribute) => {
                let owner = self.member(frame, &attribute.value);
                if let Some(value) = super::instances::attribute_set_here(frame, &owner, attribute)
                {
                    return value;
                }
                self.attribute(owner, &attribute.attr.id, origin)
            }
            Expr::Call(call) => self.call(frame, call, origin),
            Expr::BinOp(_) => self.operators(frame, expression),
            Expr::BoolOp(operation) => self.bool_op(frame, operation, origin),
            Expr::If(conditional) => match self.condition(frame, &conditional.test) {
                Ok(true) => self.eval(frame, &conditional.body),
                Ok(false) => self.eval(frame, &conditional.orelse),
                Err(why) => Value::unknown(why, origin),
            },
            Expr::Subscript(subscript) => {
                let owner = self.eval(frame, &subscript.value);
                self.subscript(frame, owner, (&subscript.slice, origin))
            }
            Expr::Named(named) => {
                let value = self.eval(frame, &named.value);
                self.assign(frame, &named.target, value.clone());
                value
            }
            Expr::Lambda(lambda) => Self::function(frame, "<lambda>", lambda),
            Expr::Starred(starred) => self.eval(frame, &starred.value),
            _ => {
                let made = self.made(frame, expression, &origin);
                let kind = made.unwrap_or_else(ValueKind::Unknown);
                Value { kind, origin }
            }
        }
    }

    /// Expressions that make a value of their own where they stand: literals, displays, comprehensions, tests.
    fn made(
        &mut self,
        frame: &mut Frame<'_>,
        expression: &Expr,
        origin: &Origin,
    ) -> Result<ValueKind, Why> {
        Ok(match expression {
            Expr::NoneLiteral(_) => ValueKind::None,
            Expr::BooleanLiteral(literal) => ValueKind::Bool(literal.value),
            Expr::NumberLiteral(literal) => number(frame, literal),
            Expr::StringLiteral(literal) => string(frame, literal, origin),
            Expr::BytesLiteral(literal) => {
                ValueKind::Bytes(literal.value.bytes().collect::<Vec<_>>().into())
            }
            Expr::EllipsisLiteral(_) => ValueKind::Name(DottedName::new("builtins.Ellipsis")),
            Expr::FString(literal) => self.f_string(frame, literal, origin),
            Expr::List(list) => ValueKind::List(self.items(frame, &list.elts)?.into()),
            Expr::Tuple(tuple) => ValueKind::Tuple(self.items(frame, &tuple.elts)?.into()),
            Expr::Set(set) => {
                ValueKind::Set(compare::distinct(self.items(frame, &set.elts)?).into())
            }
            Expr::Dict(dict) => self.dict(frame, &dict.items),
            Expr::UnaryOp(operation) => unary(operation.op, self.eval(frame, &operation.operand)),
            Expr::Compare(comparison) => ValueKind::Bool(self.comparison(frame, comparison)?),
            Expr::ListComp(ExprListComp {
                generators, elt, ..
            })
            | Expr::Generator(ExprGenerator {
                generators, elt, ..
            }) => ValueKind::List(self.comprehension(frame, generators, elt)?.into()),
            Expr::SetComp(set) => {
                let items = self.comprehension(frame, &set.generators, &set.elt)?;
                ValueKind::Set(compare::distinct(items).into())
            }
            Expr::DictComp(dict) => self.dict_comprehension(frame, dict)?,
            Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Await(_) => {
                frame.lost = Some(Why::new("it is a generator or a coroutine"));
                return Err(Why::new("it is a generator or a coroutine"));
            }
            Expr::TString(_) => return Err(Why::new("a template string is not followed")),
            _ => return Err(Why::new("this expression is not followed")),
        })
    }

    fn comparison(
        &mut self,
        frame: &mut Frame<'_>,
        comparison: &ruff_python_ast::ExprCompare,
    ) -> Result<bool, Why> {
        let mut left = self.eval(frame, &comparison.left);
        let mut result = Ok(true);
        for (operator, right) in comparison.ops.iter().zip(&comparison.comparators) {
            let right = self.eval(frame, right);
            if matches!(result, Ok(true)) {
                result = match self.is_table(*operator, &left, &right) {
                    Some(answer) => Ok(answer),
                    None => compare::compare(*operator, &left, &right),
                };
            }
            left = right;
        }
        result
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
}
