//! Lookups that are an operator of PostgreSQL: of arrays, ranges, JSON, hstore and trigrams.
//!
//! `PostgresOperatorLookup` (`django/db/models/lookups.py`), `django/contrib/postgres/fields/ranges.py`,
//! `fields/array.py`, `lookups.py`, and `django/db/models/fields/json.py`.

use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::lookup::wrapped_lookup;
use super::lookup_class::{LookupClass, Operator, Preparation};
use super::lookup_right::Right;
use super::outcome::{Outcome, Stop};
use super::{Constant, field_constant, python_constant};
use crate::django::project_state::{Field, FieldKind};
use crate::django::python::{Value, ValueKind};

impl Compiler<'_> {
    pub(super) fn postgres_lookup(
        &self,
        left: Expr,
        class: LookupClass,
        right: Right<'_>,
    ) -> Outcome<Expr> {
        let Operator::Postgres(operator) = class.operator else {
            return Err(Stop::why("no operator of PostgreSQL"));
        };
        let mut whole = Expr::text("", Output::None);
        let (right, suffix) = if class.is_array {
            let side = self.right_side(&left, class, right)?;
            (side.expr, format!("::{}", side.array_cast))
        } else {
            self.operand(&left, class, right)?
        };
        let left_suffix = match (class.preparation, left.output.kind()?) {
            (Preparation::ToRange, FieldKind::Float) => "::numeric",
            (
                Preparation::ToRange,
                FieldKind::SmallInteger | FieldKind::PositiveSmallInteger | FieldKind::SmallAuto,
            ) => "::integer",
            _ => "",
        };
        let left = whole.take(wrapped_lookup(left));
        let right = whole.take(right);
        whole.sql = format!("{left}{left_suffix} {operator} {right}{suffix}");
        Ok(whole)
    }

    /// The right side, and what is written behind it.
    fn operand(
        &self,
        left: &Expr,
        class: LookupClass,
        right: Right<'_>,
    ) -> Outcome<(Expr, String)> {
        let value = right.value();
        if right.is_expression() || matches!(left.form, Form::Bilateral { .. }) {
            return self.expression_operand(left, class, right);
        }
        let field = left.output.field()?;
        let constant = match class.preparation {
            Preparation::Field => field_constant(value, field, self.settings())?,
            Preparation::None => python_constant(value)?,
            Preparation::Texts => texts(value)?,
            Preparation::ToRange => super::range::range_constant(value, None)?,
            Preparation::RangeBound if is_range_value(value) => {
                field_constant(value, field, self.settings())?
            }
            Preparation::RangeBound => {
                let inner = self.value(value, None)?;
                return self.bound(inner, field).map(|expr| (expr, String::new()));
            }
            Preparation::DateRangeBound if is_range_value(value) => {
                field_constant(value, field, self.settings())?
            }
            Preparation::DateRangeBound => return self.moment_operand(left, right),
        };
        let suffix = match class.preparation {
            Preparation::ToRange => Self::range_of(field)?,
            _ => String::new(),
        };
        Ok((Expr::parameter(constant), suffix))
    }

    fn expression_operand(
        &self,
        left: &Expr,
        class: LookupClass,
        right: Right<'_>,
    ) -> Outcome<(Expr, String)> {
        let field = left.output.field()?;
        match class.preparation {
            // `RangeContains.get_prep_lookup` casts whatever is no range value.
            Preparation::RangeBound => {
                let inner = match right {
                    Right::Value(value) => self.value(value, None)?,
                    Right::Given(value) | Right::Prepared(value) => self.expression(value)?,
                };
                Ok((self.bound(inner, field)?, String::new()))
            }
            Preparation::DateRangeBound => self.moment_operand(left, right),
            Preparation::ToRange => {
                let expr = self.wrapped_right(left, right)?;
                Ok((expr, Self::range_of(field)?))
            }
            Preparation::Field | Preparation::None | Preparation::Texts => {
                Ok((self.wrapped_right(left, right)?, String::new()))
            }
        }
    }

    /// `DateTimeRangeContains`: a moment is cast to the type of the bounds.
    fn moment_operand(&self, left: &Expr, right: Right<'_>) -> Outcome<(Expr, String)> {
        let value = right.value();
        let expr = if right.is_expression() {
            self.expression(value)?
        } else {
            self.value(value, None)?
        };
        let output = expr.output.clone();
        let keeps = expr.is_constant() && !self.scope.version.wraps_values();
        let expr = if keeps || expr.sql.starts_with('(') {
            expr
        } else {
            expr.rewritten(|sql| format!("({sql})"))
        };
        let kind = left.output.kind()?;
        let suffix = match output.kind_or_none()? {
            None => String::new(),
            Some(other) if other == kind => String::new(),
            Some(_) if kind == FieldKind::DateRange => "::date".to_owned(),
            Some(_) => "::timestamp with time zone".to_owned(),
        };
        Ok((expr, suffix))
    }

    /// `Cast(value, base_field)`.
    fn bound(&self, inner: Expr, field: &Field) -> Outcome<Expr> {
        let kind =
            super::range::bound_kind(field.kind.clone()?).ok_or_else(|| Stop::why("no range"))?;
        let base = std::sync::Arc::new(Field::plain(kind, &field.origin));
        self.cast(inner, &base)
    }

    /// `type_mapping` of `RangeContainedBy`.
    fn range_of(field: &Field) -> Outcome<String> {
        let cast = match field.kind.clone()? {
            FieldKind::Date => "daterange",
            FieldKind::DateTime => "tstzrange",
            FieldKind::Float | FieldKind::Decimal => "numrange",
            FieldKind::BigInteger | FieldKind::BigAuto | FieldKind::PositiveBigInteger => {
                "int8range"
            }
            _ => "int4range",
        };
        Ok(format!("::{cast}"))
    }
}

fn is_range_value(value: &Value) -> bool {
    match &value.kind {
        ValueKind::List(_) | ValueKind::Tuple(_) => true,
        ValueKind::Call(_) => super::range::is_range_call(value),
        _ => false,
    }
}

/// `[str(item) for item in value]`.
fn texts(value: &Value) -> Outcome<Constant> {
    let items = value
        .items()
        .ok_or_else(|| Stop::why("a list of keys that cannot be read"))?;
    let items = items
        .iter()
        .map(|item| match python_constant(item)? {
            Constant::Text(text) => Ok(Constant::Text(text)),
            Constant::Number(number) => Ok(Constant::text(number)),
            _ => Err(Stop::why("a key that is no text")),
        })
        .collect::<Outcome<Vec<_>>>()?;
    Ok(Constant::Array { items, cast: None })
}
