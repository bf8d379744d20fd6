//! Lookups: `status__in=[...]` of a `Q`, and `In(F("status"), [...])` as an expression (`django/db/models/lookups.py`).

use std::sync::Arc;

use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::lookup_class::{LookupClass, Operator};
use super::lookup_right::Right;
use super::outcome::{Outcome, Stop};
use crate::django::project_state::FieldKind;
use crate::django::python::{Call, Value, ValueKind};

/// A condition `name__lookup=value` of a `Q`.
pub(super) struct FilterLookup {
    pub compiled: Outcome<Expr>,
    /// The field without transforms, for the guard against NULL.
    pub column: String,
    /// Below a negation NULL is looked after.
    pub takes_guard: bool,
}

impl Compiler<'_> {
    /// `build_filter` and `build_lookup` (`django/db/models/sql/query.py`).
    pub(super) fn filter_lookup(&self, path: &str, value: &Value) -> Outcome<FilterLookup> {
        let resolved = self.scope.resolve(path)?;
        let mut rest = resolved.rest.clone();
        let column = before_lookups(path, &rest);
        let name = rest.pop().unwrap_or_else(|| "exact".to_owned());
        let mut left = self.reference(&column)?;
        for transform in &rest {
            left = self
                .transform(&left, transform)?
                .ok_or_else(|| Stop::why(format!("the transform `{transform}` of a condition")))?;
        }
        let class = if resolved.is_relation {
            LookupClass::of_relation(&name)
        } else {
            Self::lookup_class(&left, &name)?
        };
        let (left, class, name) = if let Some(class) = class {
            (left, class, name)
        } else {
            let left = self
                .transform(&left, &name)?
                .ok_or_else(|| Stop::why(format!("the lookup `{name}` of a condition")))?;
            let class = Self::lookup_class(&left, "exact")?
                .ok_or_else(|| Stop::why("a type without an exact lookup"))?;
            (left, class, "exact".to_owned())
        };
        let is_none_test = value.is_none() && !class.accepts_none();
        if is_none_test && !matches!(&*name, "exact" | "iexact") {
            return Err(Stop::why("a lookup with None, which Django refuses"));
        }
        let takes_guard = !(is_none_test || class.operator == Operator::IsNull || value.is_none());
        let compiled = if is_none_test {
            Ok(Self::null_test(left, true))
        } else {
            self.lookup(left, class, Right::Given(value))
        };
        Ok(FilterLookup {
            compiled,
            column,
            takes_guard,
        })
    }

    /// An expression that is true or false, in place of a lookup.
    pub(super) fn boolean(&self, value: &Value) -> Outcome<Expr> {
        let expr = self.expression(value)?;
        if matches!(expr.form, Form::Lookup) {
            return Ok(expr);
        }
        // Anything else goes through `Exact(expression, True)`, which resolves it once more.
        let expr = self.once_more().expression(value)?;
        if !expr.is_conditional()? {
            return Err(Stop::why("a condition that is not known to be one"));
        }
        Ok(expr)
    }

    /// A lookup written as an expression; `None`: the class is no lookup.
    pub(super) fn lookup_call(&self, name: &str, call: &Call) -> Outcome<Option<Expr>> {
        let Some(class) = LookupClass::named(name) else {
            return Ok(None);
        };
        let (Some(left), Some(right)) = (call.argument(0, "lhs"), call.argument(1, "rhs")) else {
            return Err(Stop::why("a lookup without two sides"));
        };
        // The left side is an expression, or a constant; a text is no name here.
        let left = self.once_more().expression(left)?;
        let right = if left.is_typed_early
            || class.keeps_right()
            || super::expression::is_expression(right)
        {
            Right::Given(right)
        } else if class.is_list() {
            Right::Prepared(right)
        } else {
            Right::Value(right)
        };
        if let (Right::Given(value), false) = (&right, class.accepts_none())
            && value.is_none()
        {
            return Err(Stop::why("a lookup with None"));
        }
        self.lookup(left, class, right).map(Some)
    }

    /// The SQL of a lookup.
    pub(super) fn lookup(&self, left: Expr, class: LookupClass, right: Right<'_>) -> Outcome<Expr> {
        let boolean = Self::boolean_output(&right);
        let mut expr = self.lookup_text(left, class, right)?;
        expr.is_typed_early = true;
        Ok(expr.with_output(boolean).with_form(Form::Lookup))
    }

    fn boolean_output(right: &Right<'_>) -> Output {
        Output::of(FieldKind::Boolean, &right.value().origin)
    }

    fn lookup_text(&self, left: Expr, class: LookupClass, right: Right<'_>) -> Outcome<Expr> {
        if let Form::Year { date, is_iso } = &left.form
            && class.is_year
            && !right.is_expression()
        {
            let (date, is_iso) = (date.clone(), *is_iso);
            return self.year_range(*date, class, (right, is_iso));
        }
        if class.operator == Operator::IsNull {
            return match (&right.value().kind, &left.form) {
                (ValueKind::Bool(_), Form::Constant { is_null }) => {
                    let wanted = matches!(right.value().kind, ValueKind::Bool(true));
                    Err(if *is_null == wanted {
                        Stop::Full
                    } else {
                        Stop::Empty
                    })
                }
                (ValueKind::Bool(is_null), _) => {
                    Ok(Self::null_test(wrapped_lookup(left), *is_null))
                }
                _ => Err(Stop::why("`isnull` of something that is not True or False")),
            };
        }
        if let Some(text) = self.truth_test(&left, class, &right)? {
            return Ok(text);
        }
        match class.operator {
            Operator::Postgres(_) => self.postgres_lookup(left, class, right),
            Operator::Search => self.search_lookup(left, right),
            _ => self.builtin_lookup(left, class, right),
        }
    }

    /// `flag=True` is the flag itself (`Exact.as_sql`).
    fn truth_test(
        &self,
        left: &Expr,
        class: LookupClass,
        right: &Right<'_>,
    ) -> Outcome<Option<Expr>> {
        if class.operator != Operator::Exact || class.is_json || !left.is_conditional()? {
            return Ok(None);
        }
        let Right::Given(value) = right else {
            return Ok(None);
        };
        if right.is_expression() {
            return Ok(None);
        }
        let truth = super::field_constant(value, left.output.field()?, self.settings())?;
        Ok(match truth {
            super::Constant::Bool(true) => Some(wrapped_lookup(left.clone())),
            super::Constant::Bool(false) => {
                Some(wrapped_lookup(left.clone()).rewritten(|sql| format!("NOT {sql}")))
            }
            _ => None,
        })
    }

    fn null_test(left: Expr, is_null: bool) -> Expr {
        let test = if is_null { "IS NULL" } else { "IS NOT NULL" };
        left.rewritten(|sql| format!("{sql} {test}"))
    }

    /// The left side with its casts, the operator, the right side.
    fn builtin_lookup(&self, left: Expr, class: LookupClass, right: Right<'_>) -> Outcome<Expr> {
        let left = match (&left.form, class.is_key_text) {
            (Form::JsonKey { start, keys }, true) => {
                Self::json_key((**start).clone(), keys.clone(), true)?
            }
            _ => left,
        };
        let kind = left.output.kind()?;
        let mut whole = Expr::text("", Output::None);
        let right = self.right_side(&left, class, right)?;
        let text = whole.take(wrapped_lookup(left));
        let cast = self.cast_left(&text, class, kind);
        let mut right_text = whole.take(right.expr);
        if class.is_array {
            right_text = format!("{right_text}::{}", right.array_cast);
        }
        let right_text = if right.is_pattern {
            class.pattern(&right_text)
        } else {
            class.comparison(&right_text)
        };
        whole.sql = format!("{cast} {right_text}");
        Ok(whole)
    }

    /// `lookup_cast` (`django/db/backends/postgresql/operations.py`).
    fn cast_left(&self, text: &str, class: LookupClass, kind: FieldKind) -> String {
        if !class.operator.is_textual() {
            return text.to_owned();
        }
        let is_citext = matches!(
            kind,
            FieldKind::CiText | FieldKind::CiChar | FieldKind::CiEmail
        );
        let cast = if matches!(kind, FieldKind::GenericIpAddress | FieldKind::IpAddress) {
            format!("HOST({text})")
        } else if is_citext && self.scope.version.casts_to_citext() {
            format!("{text}::citext")
        } else {
            format!("{text}::text")
        };
        if class.operator.ignores_case() {
            format!("UPPER({cast})")
        } else {
            cast
        }
    }
}

/// The part of a path that names the field.
fn before_lookups(path: &str, rest: &[String]) -> String {
    let length = rest.iter().map(|part| part.len() + 2).sum::<usize>();
    path.get(..path.len().saturating_sub(length))
        .unwrap_or(path)
        .to_owned()
}

/// A lookup on the left stands in parentheses (`Lookup.process_lhs`).
pub(super) fn wrapped_lookup(left: Expr) -> Expr {
    if !matches!(left.form, Form::Lookup) {
        return left;
    }
    let output = left.output.clone();
    left.rewritten(|sql| format!("({sql})")).with_output(output)
}

/// The last field of a chain of arrays, and its own type.
pub(super) fn base_of_array(expr: &Expr) -> Outcome<Arc<crate::django::project_state::Field>> {
    use crate::django::project_state::FieldDetail;
    match &expr.output.field()?.detail {
        FieldDetail::Array { base, .. } => Ok(base.clone()?),
        FieldDetail::Plain
        | FieldDetail::Generated { .. }
        | FieldDetail::CompositePrimaryKey { .. } => Err(Stop::why("no array")),
    }
}
