//! The right sides of lookups: `process_rhs` and `get_prep_lookup` of `django/db/models/lookups.py`.

use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::expression::is_expression;
use super::list_items::{are_one, are_one_number, is_same};
use super::lookup_class::{LookupClass, Operator};
use super::outcome::{Outcome, Stop};
use super::output::is_integer;
use super::{Constant, field_constant, python_constant};
use crate::django::project_state::{Field, FieldKind};
use crate::django::python::{Value, ValueKind};

/// What stands on the right of a lookup.
#[derive(Debug, Clone, Copy)]
pub(super) enum Right<'v> {
    /// A constant that the field converts, or an expression.
    Given(&'v Value),
    /// A constant beside an expression whose type was not known yet: it is a `Value`.
    Value(&'v Value),
    /// Items that no field has converted.
    Prepared(&'v Value),
}

impl<'v> Right<'v> {
    pub(super) fn value(&self) -> &'v Value {
        match *self {
            Self::Given(value) | Self::Value(value) | Self::Prepared(value) => value,
        }
    }

    pub(super) fn is_expression(&self) -> bool {
        match self {
            Self::Given(value) | Self::Prepared(value) => is_expression(value),
            Self::Value(_) => true,
        }
    }
}

/// The compiled right side.
pub(super) struct RightSide {
    pub expr: Expr,
    /// The pattern is an expression: `%` is put around it in SQL.
    pub is_pattern: bool,
    /// Of an array: what it is cast to.
    pub array_cast: String,
}

impl Compiler<'_> {
    pub(super) fn right_side(
        &self,
        left: &Expr,
        class: LookupClass,
        right: Right<'_>,
    ) -> Outcome<RightSide> {
        let side = |expr| RightSide {
            expr,
            is_pattern: false,
            array_cast: String::new(),
        };
        if class.is_array && !right.is_expression() {
            return self.array_side(left, class, right);
        }
        if class.is_list() && !right.is_expression() {
            return self.list_side(left, class, right).map(side);
        }
        if right.is_expression() || matches!(left.form, Form::Bilateral { .. }) {
            let expr = self.wrapped_right(left, right)?;
            let array_cast = if class.is_array {
                self.cast_type(left.output.field()?)?
            } else {
                String::new()
            };
            return Ok(RightSide {
                expr,
                is_pattern: class.operator.is_pattern(),
                array_cast,
            });
        }
        let constant = self.constant_right(left, class, right.value())?;
        Ok(side(Expr::parameter(constant)))
    }

    /// An expression, in parentheses where Django puts them.
    pub(super) fn wrapped_right(&self, left: &Expr, right: Right<'_>) -> Outcome<Expr> {
        let expr = if right.is_expression() {
            match right {
                Right::Given(value) | Right::Prepared(value) => self.expression(value)?,
                Right::Value(value) => self.value(value, None)?,
            }
        } else {
            self.value(right.value(), Some(left.output.field()?))?
        };
        let expr = bilateral(left, expr);
        let keeps = expr.is_constant() && !self.scope.version.wraps_values();
        Ok(
            if keeps || expr.sql.starts_with('(') || expr.sql.is_empty() {
                expr
            } else {
                let output = expr.output.clone();
                expr.rewritten(|sql| format!("({sql})")).with_output(output)
            },
        )
    }

    fn constant_right(&self, left: &Expr, class: LookupClass, value: &Value) -> Outcome<Constant> {
        if class.operator.is_pattern() {
            return like_pattern(class.operator, value);
        }
        if class.keeps_right() {
            return Ok(python_constant(value)?);
        }
        let field = left.output.field()?;
        if value.is_none() && class.is_json {
            return Ok(Constant::Typed {
                text: "null".to_owned(),
                cast: "jsonb",
            });
        }
        if !class.is_integer {
            return Ok(field_constant(value, field, self.settings())?);
        }
        let rounds = matches!(class.operator, Operator::Gte | Operator::Lt);
        let constant = match &value.kind {
            ValueKind::Float(text) if rounds => rounded_up(text)?,
            _ => field_constant(value, field, self.settings())?,
        };
        if self.scope.version.knows_integer_overflow() {
            overflow(&constant, class.operator, field)?;
        }
        Ok(constant)
    }

    /// `IN (1, 2)`, `BETWEEN 1 AND 2`.
    fn list_side(&self, left: &Expr, class: LookupClass, right: Right<'_>) -> Outcome<Expr> {
        let value = right.value();
        if let ValueKind::Unknown(why) = &value.kind {
            return Err(why.clone().into());
        }
        let items = value
            .items()
            .ok_or_else(|| Stop::why("a list of values that cannot be read"))?;
        let is_set = matches!(value.kind, ValueKind::Set(_)) && items.len() > 1;
        let mut parts: Vec<(&Value, Expr)> = Vec::new();
        let has_expressions = items.iter().any(is_expression) && self.scope.version.lists_values();
        // What has no hash is not made unique (`In.process_rhs`).
        let is_json = left.output.kind()? == FieldKind::Json;
        let keeps_all = is_json
            && items
                .iter()
                .any(|item| matches!(item.kind, ValueKind::List(_) | ValueKind::Dict(_)));
        for item in items {
            // NULL is never equal to anything.
            if item.is_none() && class.operator == Operator::In {
                continue;
            }
            let part = self.list_item(left, item, right)?;
            let is_known = parts.iter().any(|(known, compiled)| {
                (is_same(compiled, &part) && are_one((known, item), has_expressions))
                    || (is_json && are_one_number(known, item))
            });
            if class.operator == Operator::Range || keeps_all || !is_known {
                parts.push((item, part));
            }
        }
        if parts.is_empty() {
            return Err(Stop::Empty);
        }
        if is_set {
            // The order of a set is that of hashes; the condition means the same in any.
            parts.sort_by_key(|(_, part)| format!("{} {:?}", part.sql, part.params));
        }
        listed(class.operator, parts.into_iter().map(|(_, part)| part))
    }

    fn list_item(&self, left: &Expr, item: &Value, right: Right<'_>) -> Outcome<Expr> {
        if let ValueKind::Unknown(why) = &item.kind {
            return Err(why.clone().into());
        }
        let field = left.output.field()?;
        if is_expression(item) {
            // `resolve_expression_parameter` resolves it once more.
            return self.once_more().expression(item);
        }
        if matches!(left.form, Form::Bilateral { .. }) {
            return Ok(bilateral(left, self.value(item, Some(field))?));
        }
        let is_converted =
            matches!(right, Right::Given(_)) || converts_prepared(field.kind.clone()?);
        Ok(Expr::parameter(if is_converted {
            field_constant(item, field, self.settings())?
        } else {
            python_constant(item)?
        }))
    }

    /// `ArrayRHSMixin` (`django/contrib/postgres/fields/array.py`): `(ARRAY[...])::type[]`.
    pub(super) fn array_side(
        &self,
        left: &Expr,
        class: LookupClass,
        right: Right<'_>,
    ) -> Outcome<RightSide> {
        let array_cast = self.cast_type(left.output.field()?)?;
        let (ValueKind::List(items) | ValueKind::Tuple(items)) = &right.value().kind else {
            return Err(Stop::why("an array that cannot be read"));
        };
        let expr = if items.iter().all(is_all_none) {
            let _ = class;
            Expr::parameter(Constant::Array {
                items: items.iter().map(|_| Constant::Null).collect(),
                cast: None,
            })
        } else {
            let base = super::lookup::base_of_array(left)?;
            let mut whole = Expr::text("", Output::None);
            let mut parts = Vec::new();
            for item in items.iter() {
                let part = if is_expression(item) {
                    self.expression(item)?
                } else if item.is_none() || item.items().is_some() {
                    self.value(item, None)?
                } else {
                    Expr::parameter(field_constant(item, &base, self.settings())?)
                };
                parts.push(whole.take(part));
            }
            whole.sql = format!("(ARRAY[{}])", parts.join(", "));
            whole
        };
        Ok(RightSide {
            expr,
            is_pattern: false,
            array_cast,
        })
    }
}

/// Whether `get_db_prep_value(prepared=True)` converts at all.
fn converts_prepared(kind: FieldKind) -> bool {
    is_integer(kind)
        || matches!(
            kind,
            FieldKind::Decimal
                | FieldKind::Uuid
                | FieldKind::Json
                | FieldKind::GenericIpAddress
                | FieldKind::IpAddress
                | FieldKind::Array
        )
}

fn is_all_none(value: &Value) -> bool {
    match &value.kind {
        ValueKind::List(items) | ValueKind::Tuple(items) => items.iter().all(is_all_none),
        _ => value.is_none(),
    }
}

/// The right side goes through the transform of the left, too.
fn bilateral(left: &Expr, right: Expr) -> Expr {
    let Form::Bilateral { function } = left.form else {
        return right;
    };
    let output = right.output.clone();
    right
        .rewritten(|sql| format!("{function}({sql})"))
        .with_output(output)
}

/// `param_pattern % prep_for_like_query(value)`.
fn like_pattern(operator: Operator, value: &Value) -> Outcome<Constant> {
    if super::range::is_range_call(value) {
        return Err(Stop::why("a pattern that is a range"));
    }
    // `str(value)`.
    let text = match python_constant(value)? {
        Constant::Text(text) => text.to_string(),
        Constant::Number(number) => number,
        Constant::Bool(true) => "True".to_owned(),
        Constant::Bool(false) => "False".to_owned(),
        Constant::Typed {
            text,
            cast: "date" | "time" | "timestamp" | "timestamptz",
        } => text,
        _ => return Err(Stop::why("a pattern that is not a text")),
    };
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    Ok(Constant::text(match operator {
        Operator::StartsWith | Operator::IStartsWith => format!("{escaped}%"),
        Operator::EndsWith | Operator::IEndsWith => format!("%{escaped}"),
        _ => format!("%{escaped}%"),
    }))
}

/// `IntegerFieldFloatRounding`: a fraction rounds up for an integer field.
fn rounded_up(text: &str) -> Outcome<Constant> {
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite() && number.abs() < 9e15)
        .ok_or_else(|| Stop::why("a number that cannot be rounded"))?;
    // -0.5 rounds to 0, not to -0.
    Ok(Constant::Number(format!("{:.0}", number.ceil() + 0.0)))
}

/// `IntegerFieldOverflow`, with the ranges of `django/db/backends/base/operations.py`.
fn overflow(constant: &Constant, operator: Operator, field: &Field) -> Outcome<()> {
    let Constant::Number(number) = constant else {
        return Ok(());
    };
    let number = number
        .parse::<i128>()
        .map_err(|_| Stop::why("a number that is too large"))?;
    let kind = field.kind.clone()?;
    if !is_integer(kind) {
        return Ok(());
    }
    let (small, normal, big) = (
        i128::from(i16::MAX),
        i128::from(i32::MAX),
        i128::from(i64::MAX),
    );
    let (lowest, highest) = match kind {
        FieldKind::SmallInteger | FieldKind::SmallAuto => (-small - 1, small),
        FieldKind::PositiveSmallInteger => (0, small),
        FieldKind::PositiveInteger => (0, normal),
        FieldKind::PositiveBigInteger => (0, big),
        FieldKind::BigInteger | FieldKind::BigAuto => (-big - 1, big),
        _ => (-normal - 1, normal),
    };
    if number < lowest {
        return Err(match operator {
            Operator::Gt | Operator::Gte => Stop::Full,
            _ => Stop::Empty,
        });
    }
    if number > highest {
        return Err(match operator {
            Operator::Lt | Operator::Lte => Stop::Full,
            _ => Stop::Empty,
        });
    }
    Ok(())
}

/// The parts as one right side.
fn listed(operator: Operator, parts: impl Iterator<Item = Expr>) -> Outcome<Expr> {
    let mut whole = Expr::text("", Output::None);
    let parts = parts.map(|part| whole.take(part)).collect::<Vec<_>>();
    whole.sql = match (operator, &*parts) {
        (Operator::Range, [low, high, ..]) => format!("{low} AND {high}"),
        (Operator::Range, _) => return Err(Stop::why("a range without two bounds")),
        _ => format!("({})", parts.join(", ")),
    };
    Ok(whole)
}
