//! Arithmetic: `CombinedExpression` and its kin (`django/db/models/expressions.py`).

use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::outcome::{Outcome, Stop};
use super::output::combined;
use crate::django::project_state::FieldKind;
use crate::django::python::{Call, Operator, Value, ValueKind};

impl Compiler<'_> {
    pub(super) fn operation(
        &self,
        operator: Operator,
        operands: &[Value],
        value: &Value,
    ) -> Outcome<Expr> {
        if super::search::is_vector(value) {
            return self.combined_vectors(operator, operands, value);
        }
        let connector = match operator {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Modulo => "%%",
            Operator::Power => "^",
            Operator::Negate => {
                // `-F("a")` is `F("a") * -1`.
                let [operand] = operands else {
                    return Err(Stop::why("a negation of nothing"));
                };
                let left = self.expression(operand)?;
                let minus = Self::number_value(-1, value);
                return self.combine("*", (left, minus), value);
            }
            Operator::FloorDivide
            | Operator::And
            | Operator::Or
            | Operator::Xor
            | Operator::Not => {
                return Err(Stop::why("an operator that Django has no SQL for here"));
            }
        };
        let [one, two] = operands else {
            return Err(Stop::why("an operator without two sides"));
        };
        let (one, two) = (self.expression(one)?, self.expression(two)?);
        self.combine(connector, (one, two), value)
    }

    /// `bitand` and the other methods of an expression.
    pub(super) fn method(
        &self,
        owner: &Value,
        name: &str,
        (call, value): (&Call, &Value),
    ) -> Outcome<Expr> {
        let connector = match name {
            "bitand" => "&",
            "bitor" => "|",
            "bitxor" => "#",
            "bitleftshift" => "<<",
            "bitrightshift" => ">>",
            "copy" => return self.expression(owner),
            _ => return Err(Stop::why(format!("the method `{name}` of an expression"))),
        };
        let other = call
            .argument(0, "other")
            .ok_or_else(|| Stop::why(format!("`{name}` of nothing")))?;
        let (one, two) = (self.expression(owner)?, self.expression(other)?);
        self.combine(connector, (one, two), value)
    }

    /// `CombinedExpression(lhs, connector, rhs, output_field=None)` as migrations write it.
    pub(super) fn combined_call(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        let is_subtraction = super::callee::orm_class(value) == Some("TemporalSubtraction");
        let (connector, right) = if is_subtraction {
            (Some("-"), call.argument(1, "rhs"))
        } else {
            (connector(call), call.argument(2, "rhs"))
        };
        let (Some(left), Some(connector), Some(right)) =
            (call.argument(0, "lhs"), connector, right)
        else {
            return Err(Stop::why("a combined expression that cannot be read"));
        };
        let (one, two) = (self.expression(left)?, self.expression(right)?);
        let whole = self.combine(connector, (one, two), value)?;
        match call.argument(3, "output_field") {
            Some(field) if !field.is_none() => {
                let field = self.field(field)?;
                Ok(whole.with_output(Output::Known(field)))
            }
            _ => Ok(whole),
        }
    }

    pub(super) fn combine(
        &self,
        connector: &str,
        (left, right): (Expr, Expr),
        value: &Value,
    ) -> Outcome<Expr> {
        let kinds = (left.output.kind_or_none()?, right.output.kind_or_none()?);
        let version = self.scope.version;
        let plain = connector.replace("%%", "%");
        let output = combined(
            &plain,
            (&left.output, &right.output),
            (version, &value.origin),
        )?;
        let mut whole = Expr::text("", output);
        whole.is_typed_early = left.is_typed_early && right.is_typed_early;
        let (one, two) = (whole.take(left), whole.take(right));
        let is_dates = connector == "-" && kinds == (Some(FieldKind::Date), Some(FieldKind::Date));
        // `TemporalSubtraction`; without resolving it stays a plain subtraction.
        let is_moments = connector == "-"
            && kinds.0 == kinds.1
            && matches!(kinds.0, Some(FieldKind::DateTime | FieldKind::Time));
        whole.sql = if is_dates && self.resolves {
            format!("(interval '1 day' * ({one} - {two}))")
        } else if is_moments && self.resolves {
            format!("({one} - {two})")
        } else {
            format!("({one} {connector} {two})")
        };
        Ok(whole.with_form(Form::Other))
    }
}

/// The operator's text, or a constant of `Combinable`.
fn connector(call: &Call) -> Option<&str> {
    let value = call.argument(1, "connector")?;
    let text = match &value.kind {
        ValueKind::Str(text) => &*text.text,
        ValueKind::Name(name) => match name.last() {
            "ADD" => "+",
            "SUB" => "-",
            "MUL" => "*",
            "DIV" => "/",
            "POW" => "^",
            "MOD" => "%%",
            "BITAND" => "&",
            "BITOR" => "|",
            "BITXOR" => "#",
            "BITLEFTSHIFT" => "<<",
            "BITRIGHTSHIFT" => ">>",
            _ => return None,
        },
        _ => return None,
    };
    Some(text)
}
