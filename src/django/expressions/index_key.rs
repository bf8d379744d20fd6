//! Keys of indexes and of exclusion constraints: `IndexExpression` (`django/db/models/indexes.py`).

use std::sync::Arc;

use super::Scope;
use super::callee::{Callee, callee};
use super::compiler::Compiler;
use super::expr::Form;
use super::literal::quote_name;
use super::outcome::{Outcome, Stop};
use super::template::merged;
use crate::django::python::{Call, Static, Value, ValueKind};

/// An expression as SQL.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    pub sql: String,
    /// The columns that it names.
    pub columns: Vec<Arc<str>>,
    /// A single constant: needs no parentheses.
    pub is_constant: bool,
    /// Constants stand in it that Django hands over as parameters.
    pub has_parameters: bool,
}

/// What stands around the expression of a key.
#[derive(Default)]
struct Wrappers<'v> {
    order: Option<&'static str>,
    opclass: Option<&'v str>,
    collation: Option<&'v str>,
}

/// A key of an index, with parentheses around all but a column.
///
/// # Errors
/// Why it is not known what Django writes.
pub fn index_expression(value: &Value, scope: &Scope<'_>) -> Static<Compiled> {
    key(value, scope).map_err(Stop::into_why)
}

/// An expression of an exclusion constraint, which is wrapped as a key of an index is.
///
/// # Errors
/// Why it is not known what Django writes.
pub fn exclusion_expression(value: &Value, scope: &Scope<'_>) -> Static<Compiled> {
    index_expression(value, scope)
}

fn key(value: &Value, scope: &Scope<'_>) -> Outcome<Compiled> {
    let (value, wrappers) = unwrapped(value)?;
    let compiler = Compiler::new(*scope);
    let expr = match compiler.argument(value) {
        // `Func.as_sql` of the parentheses takes what matches everything as a constant.
        Err(Stop::Full) => Compiler::truth_value(value),
        other => other?,
    };
    let doubled = scope.version.doubles_percent_of_text();
    let mut sql = merged(&expr, |constant| constant.sql_in_condition(doubled))?;
    if !matches!(expr.form, Form::Column) {
        sql = format!("({sql})");
    }
    if let Some(collation) = wrappers.collation {
        sql = format!("{sql} COLLATE {}", quote_name(collation));
    }
    if let Some(opclass) = wrappers.opclass {
        sql = format!("{sql} {opclass}");
    }
    if let Some(order) = wrappers.order {
        sql = format!("{sql} {order}");
    }
    Ok(Compiled {
        sql,
        columns: expr.columns,
        is_constant: false,
        has_parameters: !expr.params.is_empty(),
    })
}

fn unwrapped(mut value: &Value) -> Outcome<(&Value, Wrappers<'_>)> {
    let mut wrappers = Wrappers::default();
    while let Some(call) = value.as_call() {
        if let Some((inner, order)) = ordering(call) {
            wrappers.order = Some(order);
            value = inner;
            continue;
        }
        let inner = || {
            call.argument(0, "expression")
                .ok_or_else(|| Stop::why("a wrapper without an expression"))
        };
        match callee(call) {
            Callee::Postgres("OpClass") => {
                wrappers.opclass = Some(
                    call.argument(1, "name")
                        .and_then(Value::as_str)
                        .ok_or_else(|| Stop::why("an operator class that cannot be read"))?,
                );
                value = inner()?;
            }
            Callee::Orm("Collate") => {
                wrappers.collation = Some(
                    call.argument(1, "collation")
                        .and_then(Value::as_str)
                        .ok_or_else(|| Stop::why("a collation that cannot be read"))?,
                );
                value = inner()?;
            }
            _ => break,
        }
    }
    Ok((value, wrappers))
}

/// `expression.desc(nulls_last=True)` and `OrderBy(...)`: what is ordered, and how.
fn ordering(call: &Call) -> Option<(&Value, &'static str)> {
    let is_true = |name: &str, position: usize| {
        let value = call.keyword(name).or_else(|| match callee(call) {
            Callee::Orm("OrderBy") => call.arguments.get(position),
            _ => None,
        });
        matches!(value.map(|value| &value.kind), Some(ValueKind::Bool(true)))
    };
    let (inner, descending) = match callee(call) {
        Callee::Orm("OrderBy") => (call.argument(0, "expression")?, is_true("descending", 1)),
        Callee::Method(inner, "desc") => (inner, true),
        Callee::Method(inner, "asc") => (inner, false),
        _ => return None,
    };
    let nulls = (is_true("nulls_first", 2), is_true("nulls_last", 3));
    Some((
        inner,
        match (descending, nulls.0, nulls.1) {
            (false, true, _) => "ASC NULLS FIRST",
            (false, _, true) => "ASC NULLS LAST",
            (false, ..) => "ASC",
            (true, true, _) => "DESC NULLS FIRST",
            (true, _, true) => "DESC NULLS LAST",
            (true, ..) => "DESC",
        },
    ))
}
