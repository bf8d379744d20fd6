//! Expressions: which class of Django compiles what.

use std::sync::Arc;

use super::callee::{Callee, callee, orm_class};
use super::compiler::Compiler;
use super::condition::is_condition;
use super::expr::{Expr, Form, Output};
use super::literal::quote_name;
use super::outcome::{Outcome, Stop};
use crate::django::project_state::FieldKind;
use crate::django::python::{Call, Operator, Value, ValueKind};

/// Whether a value is an expression of the ORM rather than a constant (`hasattr(value, "resolve_expression")`).
pub(super) fn is_expression(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Operation(_) => true,
        ValueKind::Call(call) => match callee(call) {
            Callee::Orm(_) | Callee::Postgres(_) | Callee::HstoreKey => true,
            Callee::Class(_) | Callee::Method(..) => true,
            Callee::Other => false,
        },
        _ => false,
    }
}

/// The name in `F("name")`.
pub(super) fn plain_reference(value: &Value) -> Option<&str> {
    if orm_class(value) != Some("F") {
        return None;
    }
    value.as_call()?.argument(0, "name").and_then(Value::as_str)
}

impl Compiler<'_> {
    /// An argument of a function: a text is the name of a field (`_parse_expressions`).
    pub(super) fn argument(&self, value: &Value) -> Outcome<Expr> {
        match value.as_str() {
            Some(name) => self.reference(name),
            None => self.expression(value),
        }
    }

    /// An expression; anything else is a `Value` of it.
    pub(super) fn expression(&self, value: &Value) -> Outcome<Expr> {
        let compiler = self.deeper()?;
        if let ValueKind::Unknown(why) = &value.kind {
            return Err(why.clone().into());
        }
        if super::search::is_query(value) {
            return compiler.search_query(value);
        }
        if is_condition(value) {
            return compiler.condition(value);
        }
        match &value.kind {
            ValueKind::Operation(operation) => match operation.operator {
                Operator::Not => match &*operation.operands {
                    [operand] => compiler.negated(operand),
                    _ => Err(Stop::why("`~` of nothing")),
                },
                operator => compiler.operation(operator, &operation.operands, value),
            },
            ValueKind::Call(call) if is_expression(value) => compiler.call(call, value),
            _ => self.value(value, None),
        }
    }

    fn call(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        if let Some(why) = &call.unknown_arguments {
            return Err(why.clone().into());
        }
        match callee(call) {
            Callee::Orm(name) => self.orm_call(name, call, value),
            Callee::Postgres(name) => match self.search_call(name, call, value)? {
                Some(expr) => Ok(expr),
                None => self.function_call(name, call, value),
            },
            Callee::HstoreKey => self.hstore_key_call(call, value),
            Callee::Class(class) => self.custom_function(class, call, value),
            Callee::Method(owner, name) => self.method(owner, name, (call, value)),
            Callee::Other => Err(Stop::why("a call that is no expression of Django's")),
        }
    }

    fn orm_call(&self, name: &str, call: &Call, value: &Value) -> Outcome<Expr> {
        let needed = |position, name: &str| {
            call.argument(position, name)
                .ok_or_else(|| Stop::why(format!("an expression without its argument `{name}`")))
        };
        match name {
            "F" => match needed(0, "name")?.as_str() {
                Some(name) => self.reference(name),
                None => Err(Stop::why("a reference whose name cannot be read")),
            },
            "Value" => {
                let field = match call.argument(1, "output_field") {
                    Some(field) if !field.is_none() => Some(self.field(field)?),
                    _ => None,
                };
                self.value(needed(0, "value")?, field.as_ref())
            }
            "ExpressionWrapper" => {
                let field = self.field(needed(1, "output_field")?)?;
                let mut inner = self.expression(needed(0, "expression")?)?;
                inner.is_typed_early = true;
                Ok(inner
                    .with_output(Output::Known(field))
                    .with_form(Form::Other))
            }
            "Case" => self.case(call, value),
            "OrderBy" => Err(Stop::why("an ordering inside an expression")),
            "CombinedExpression" | "TemporalSubtraction" | "DurationExpression" => {
                self.combined_call(call, value)
            }
            "RawSQL" => self.raw_sql(call, value),
            "Sliced" => self.sliced(call, value),
            "KeyTransform" | "KeyTextTransform" => self.json_key_call(name, call, value),
            "KT" => self.json_path_call(call, value),
            "JSONObject" => self.json_object(call, value),
            "JSONArray" => self.json_array(call, value),
            _ => match self.lookup_call(name, call)? {
                Some(lookup) => Ok(lookup),
                None => self.function_call(name, call, value),
            },
        }
    }

    /// A field by its name, with transforms: `F("on__year")`.
    pub(super) fn reference(&self, name: &str) -> Outcome<Expr> {
        if !self.resolves {
            return Err(Stop::why("a column in a default of the database"));
        }
        let resolved = self.scope.resolve(name)?;
        let mut expr = Expr::text(
            quote_name(&resolved.column),
            Output::Known(Arc::clone(&resolved.field)),
        )
        .with_form(Form::Column);
        expr.columns.push(resolved.column);
        for transform in &resolved.rest {
            expr = self
                .transform(&expr, transform)?
                .ok_or_else(|| Stop::why(format!("the transform `{transform}` of `{name}`")))?;
        }
        Ok(expr)
    }

    /// `NegatedExpression`.
    pub(super) fn negated(&self, operand: &Value) -> Outcome<Expr> {
        let boolean = || Output::of(FieldKind::Boolean, &operand.origin);
        // `~~x` is `x`.
        if let ValueKind::Operation(inner) = &operand.kind
            && inner.operator == Operator::Not
            && let [only] = &*inner.operands
            && !is_condition(only)
        {
            return self.expression(only);
        }
        match self.expression(operand) {
            Ok(inner) => {
                if !inner.is_conditional()? {
                    return Err(Stop::why("`~` of what is no condition"));
                }
                let mut negated = inner
                    .rewritten(|sql| format!("NOT {sql}"))
                    .with_output(boolean());
                negated.is_typed_early = true;
                Ok(negated)
            }
            Err(Stop::Empty) => Ok(Self::truth_value(operand)),
            Err(stop) => Err(stop),
        }
    }

    /// `Value(True)`.
    pub(super) fn truth_value(value: &Value) -> Expr {
        Expr::parameter(super::Constant::Bool(true))
            .with_output(Output::of(FieldKind::Boolean, &value.origin))
            .with_form(Form::Constant { is_null: false })
    }

    /// `F("name")[1:3]`: a part of a text or of an array (`slice_expression` of the field).
    fn sliced(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        if !self.scope.version.slices_references() {
            return Err(Stop::why("a slice of a reference before Django 5.1"));
        }
        let bound = |position: usize| match call.arguments.get(position).map(|bound| &bound.kind) {
            Some(ValueKind::Int(bound)) => i64::try_from(*bound).ok().filter(|bound| *bound >= 0),
            _ => None,
        };
        let inner = call
            .arguments
            .first()
            .ok_or_else(|| Stop::why("a slice of nothing"))?;
        let inner = self.expression(inner)?;
        let start = bound(1).unwrap_or(0);
        let length = bound(2).map(|end| end - start);
        let kind = inner.output.kind()?;
        if kind == FieldKind::Array {
            return Ok(self.array_slice(&inner, start + 1, length.map(|length| start + length)));
        }
        if !super::output::is_text(kind) {
            return Err(Stop::why("a slice of what has none"));
        }
        let mut whole = Expr::text("", Output::of(FieldKind::Char, &value.origin));
        let mut parts = vec![
            whole.take(inner),
            whole.take(Self::number_value(start + 1, value)),
        ];
        if let Some(length) = length {
            parts.push(whole.take(Self::number_value(length, value)));
        }
        whole.sql = format!("SUBSTRING({})", parts.join(", "));
        Ok(whole)
    }

    /// `RawSQL(sql, params)`.
    fn raw_sql(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        let sql = call
            .argument(0, "sql")
            .and_then(Value::as_str)
            .ok_or_else(|| Stop::why("a RawSQL whose text cannot be read"))?;
        let params = call
            .argument(1, "params")
            .and_then(Value::items)
            .ok_or_else(|| Stop::why("a RawSQL whose parameters cannot be read"))?;
        let output = match call.argument(2, "output_field") {
            Some(field) if !field.is_none() => Output::Known(self.field(field)?),
            _ => Output::None,
        };
        let mut expr = Expr::text(format!("({sql})"), output);
        for param in params {
            expr.params.push(super::python_constant(param)?);
        }
        expr.is_typed_early = true;
        let _ = value;
        Ok(expr)
    }
}
