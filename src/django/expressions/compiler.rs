//! What is compiled for: the model, the release, and how Django treats names at that place.

use std::sync::Arc;

use super::expr::{Expr, Form, Output};
use super::literal::Constant;
use super::outcome::{Outcome, Stop};
use super::zone::in_current_zone;
use super::{Scope, field_constant, python_constant};
use crate::django::field::{Columns, FieldReader, NoModelClasses, RelationReader};
use crate::django::project_state::{Field, FieldDetail, FieldKind};
use crate::django::python::{Value, ValueKind};

/// How deep expressions may nest.
const DEEPEST: usize = 48;

#[derive(Debug, Clone, Copy)]
pub(super) struct Compiler<'a> {
    pub scope: Scope<'a>,
    /// `resolve_expression` runs before: everywhere but in a `db_default`, which is compiled as it was written
    /// (`db_default_sql`, `django/db/backends/base/schema.py`).
    pub resolves: bool,
    /// It runs once more: a condition on the left of a lookup then stands in parentheses (`WhereNode.resolved`).
    pub again: bool,
    left: usize,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(scope: Scope<'a>) -> Self {
        Self {
            scope,
            resolves: true,
            again: false,
            left: DEEPEST,
        }
    }

    /// For the left side of a lookup.
    pub(super) fn once_more(self) -> Self {
        Self {
            again: true,
            ..self
        }
    }

    /// For a part of what is compiled.
    pub(super) fn deeper(self) -> Outcome<Self> {
        let left = self
            .left
            .checked_sub(1)
            .ok_or_else(|| Stop::why("the expression is nested too deeply"))?;
        Ok(Self { left, ..self })
    }

    pub(super) fn columns(&self) -> Columns<'a> {
        Columns {
            state: self.scope.state,
            version: self.scope.version,
        }
    }

    /// The field that a value such as `models.CharField(max_length=5)` constructs.
    pub(super) fn field(&self, value: &Value) -> Outcome<Arc<Field>> {
        if let ValueKind::Unknown(why) = &value.kind {
            return Err(why.clone().into());
        }
        let relations = RelationReader {
            app_label: &self.scope.model.app_label,
            model: Some(&self.scope.model.model_name),
            settings: self.scope.state.settings(),
            classes: &NoModelClasses,
        };
        // `output_field=models.IntegerField` without a call is no field.
        if value.as_call().is_none() {
            return Err(Stop::why("an output field that cannot be read"));
        }
        let field = FieldReader {
            relations,
            python: None,
        }
        .read(value);
        field.kind.clone()?;
        Ok(Arc::new(field))
    }

    /// `Value(value, output_field)`.
    pub(super) fn value(&self, value: &Value, field: Option<&Arc<Field>>) -> Outcome<Expr> {
        let Some(field) = field else {
            return self.untyped(value);
        };
        let output = Output::Known(Arc::clone(field));
        let form = Form::Constant {
            is_null: value.is_none(),
        };
        let is_json = field.kind == Ok(FieldKind::Json);
        let constant = if value.is_none() && is_json {
            Constant::Typed {
                text: "null".to_owned(),
                cast: "jsonb",
            }
        } else {
            field_constant(value, field, self.settings())?
        };
        let mut expr = if let Some(placeholder) = self.placeholder(field)? {
            let mut expr = Expr::text(placeholder, Output::None);
            expr.params.push(constant);
            expr
        } else if constant == Constant::Null {
            Expr::text("NULL", Output::None)
        } else {
            Expr::parameter(constant)
        };
        expr.is_typed_early = true;
        Ok(expr.with_output(output).with_form(form))
    }

    /// `get_placeholder` of arrays and ranges: with a cast.
    fn placeholder(&self, field: &Field) -> Outcome<Option<String>> {
        let kind = field.kind.clone()?;
        let is_cast =
            matches!(field.detail, FieldDetail::Array { .. }) || super::output::is_range(kind);
        if !is_cast {
            return Ok(None);
        }
        let data_type = self
            .columns()
            .db_type(field)?
            .ok_or_else(|| Stop::why("a type without a column"))?;
        Ok(Some(format!("%s::{data_type}")))
    }

    /// A `Value` whose type is that of the Python value.
    fn untyped(&self, value: &Value) -> Outcome<Expr> {
        let form = Form::Constant {
            is_null: value.is_none(),
        };
        let mut constant = python_constant(value)?;
        let kind = python_type(value);
        if kind == Some(FieldKind::DateTime) {
            constant = in_current_zone(constant, &self.settings().time_zone)?;
        }
        let output = match kind {
            Some(kind) => Output::of(kind, &value.origin),
            None => Output::None,
        };
        let mut expr = if constant == Constant::Null {
            Expr::text("NULL", output)
        } else {
            Expr::parameter(constant).with_output(output)
        };
        expr.is_typed_early = true;
        Ok(expr.with_form(form))
    }

    /// A `Value` of a text that Django itself puts in.
    pub(super) fn text_value(text: &str, value: &Value) -> Expr {
        let mut expr = Expr::parameter(Constant::text(text))
            .with_output(Output::of(FieldKind::Char, &value.origin))
            .with_form(Form::Constant { is_null: false });
        expr.is_typed_early = true;
        expr
    }

    /// A `Value` of an integer that Django itself puts in.
    pub(super) fn number_value(number: i64, value: &Value) -> Expr {
        let mut expr = Expr::parameter(Constant::Number(number.to_string()))
            .with_output(Output::of(FieldKind::Integer, &value.origin))
            .with_form(Form::Constant { is_null: false });
        expr.is_typed_early = true;
        expr
    }
}

/// `Value._resolve_output_field`.
fn python_type(value: &Value) -> Option<FieldKind> {
    Some(match &value.kind {
        ValueKind::Str(_) => FieldKind::Char,
        ValueKind::Bool(_) => FieldKind::Boolean,
        ValueKind::Int(_) => FieldKind::Integer,
        ValueKind::Float(_) => FieldKind::Float,
        ValueKind::Bytes(_) => FieldKind::Binary,
        ValueKind::Call(call) => match &call.callee.kind {
            ValueKind::Name(name) => match name.as_str() {
                "datetime.datetime" => FieldKind::DateTime,
                "datetime.date" => FieldKind::Date,
                "datetime.time" => FieldKind::Time,
                "datetime.timedelta" => FieldKind::Duration,
                "decimal.Decimal" => FieldKind::Decimal,
                "uuid.UUID" => FieldKind::Uuid,
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    })
}
