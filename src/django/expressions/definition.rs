//! Expressions in the definition of a column: generated columns and defaults of the database.

use std::sync::Arc;

use super::compiler::Compiler;
use super::expr::Expr;
use super::index_key::Compiled;
use super::outcome::{Outcome, Stop};
use super::template::merged;
use super::{Constant, Scope};
use crate::django::project_state::Field;
use crate::django::python::{Static, Value};

/// The expression of a generated column.
///
/// # Errors
/// Why it is not known what Django writes.
pub fn generated_expression(value: &Value, scope: &Scope<'_>) -> Static<Compiled> {
    let compiler = Compiler::new(*scope);
    compiler
        .expression(value)
        .and_then(|expr| handed_over(&expr))
        .map_err(Stop::into_why)
}

/// A default of the database; `field` is the one whose constant it is.
///
/// # Errors
/// Why it is not known what Django writes.
pub fn database_default(
    value: &Value,
    scope: &Scope<'_>,
    field: Option<&Arc<Field>>,
) -> Static<Compiled> {
    let mut compiler = Compiler::new(*scope);
    compiler.resolves = false;
    let made = if super::expression::is_expression(value) {
        compiler.expression(value)
    } else {
        match value.why_unknown() {
            Some(why) => Err(why.clone().into()),
            None => compiler.value(value, field),
        }
    };
    made.and_then(|expr| handed_over(&expr))
        .map_err(Stop::into_why)
}

/// The statement and its parameters are merged when it is executed; without any it goes out as it stands.
fn handed_over(expr: &Expr) -> Outcome<Compiled> {
    let has_parameters = !expr.params.is_empty();
    let sql = if has_parameters {
        merged(expr, Constant::sql)?
    } else {
        expr.sql.clone()
    };
    Ok(Compiled {
        sql,
        columns: expr.columns.clone(),
        is_constant: expr.is_constant(),
        has_parameters,
    })
}
