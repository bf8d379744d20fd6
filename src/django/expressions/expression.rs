//! Expressions: references, constants, arithmetic, `Case`; and how an index or an exclusion wraps them.

use std::sync::Arc;

use super::condition::{compile_condition, is_condition};
use super::functions::function;
use super::literal::quote_name;
use super::{Constant, Scope, field_constant, python_constant};
use crate::django::project_state::{Field, FieldKind};
use crate::django::python::{Call, Operator, Static, Value, ValueKind};
use crate::django::version::DjangoVersion;
use crate::schema::Why;

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

impl Compiled {
    pub(super) fn text(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            ..Self::default()
        }
    }

    /// The columns and parameters of a part, whose text goes where the caller puts it.
    pub(super) fn take(&mut self, part: Self) -> String {
        self.columns.extend(part.columns);
        self.has_parameters |= part.has_parameters;
        part.sql
    }
}

/// The last part of the name of what is called: `Q` of `django.db.models.Q(...)`.
pub(super) fn last_name(call: &Call) -> Option<&str> {
    match &call.callee.kind {
        ValueKind::Name(name) => Some(name.last()),
        _ => None,
    }
}

/// Whether a value is an expression of the ORM rather than a constant.
pub(super) fn is_expression(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Operation(_) => true,
        ValueKind::Call(call) => match &call.callee.kind {
            // Ranges stand in the backend, and are values.
            ValueKind::Name(name) => {
                name.as_str().starts_with("django.")
                    && !name.as_str().starts_with("django.db.backends.")
            }
            _ => true,
        },
        _ => false,
    }
}

/// The name in `F("name")`.
pub(super) fn plain_reference(value: &Value) -> Option<&str> {
    let call = value.as_call()?;
    if last_name(call) != Some("F") {
        return None;
    }
    call.argument(0, "name").and_then(Value::as_str)
}

/// An expression as SQL. `field` converts a constant, where one is known.
pub fn compile(value: &Value, scope: &Scope<'_>, field: Option<&Field>) -> Static<Compiled> {
    if is_condition(value) {
        return compile_condition(value, scope);
    }
    match &value.kind {
        ValueKind::Unknown(why) => Err(why.clone()),
        ValueKind::Operation(operation) => {
            arithmetic(&operation.operands, operation.operator, scope)
        }
        ValueKind::Call(call) if is_expression(value) => call_expression(call, scope, field),
        _ => constant(value, scope, field),
    }
}

/// An argument of a function: a text is the name of a field.
pub(super) fn argument(value: &Value, scope: &Scope<'_>) -> Static<Compiled> {
    match value.as_str() {
        Some(name) => reference(name, scope),
        None => compile(value, scope, None),
    }
}

fn constant(value: &Value, scope: &Scope<'_>, field: Option<&Field>) -> Static<Compiled> {
    let constant = match field {
        // JSON has a null of its own.
        Some(field) if value.is_none() && field.kind == Ok(FieldKind::Json) => Constant::Typed {
            text: "null".to_owned(),
            cast: "jsonb",
        },
        Some(field) => field_constant(value, field)?,
        None => python_constant(value)?,
    };
    let doubled = scope.version < DjangoVersion::V5_0;
    Ok(Compiled {
        sql: constant.sql_in_condition(doubled),
        is_constant: true,
        has_parameters: !value.is_none(),
        ..Compiled::default()
    })
}

fn reference(name: &str, scope: &Scope<'_>) -> Static<Compiled> {
    let resolved = scope.resolve(name)?;
    if !resolved.rest.is_empty() {
        return Err(Why::new(format!("the transform in `F(\"{name}\")`")));
    }
    Ok(Compiled {
        sql: quote_name(&resolved.column),
        columns: vec![resolved.column],
        ..Compiled::default()
    })
}

/// `CombinedExpression`.
fn arithmetic(operands: &[Value], operator: Operator, scope: &Scope<'_>) -> Static<Compiled> {
    let sign = match operator {
        Operator::Add => "+",
        Operator::Subtract => "-",
        Operator::Multiply => "*",
        Operator::Divide => "/",
        Operator::Modulo => "%",
        Operator::Power => "^",
        Operator::Negate => {
            // `-F("a")` is `F("a") * -1`.
            let [operand] = operands else {
                return Err(Why::new("a negation of nothing"));
            };
            let mut whole = Compiled {
                has_parameters: true,
                ..Compiled::default()
            };
            let sql = whole.take(compile(operand, scope, None)?);
            whole.sql = format!("({sql} *  -1)");
            return Ok(whole);
        }
        Operator::FloorDivide | Operator::And | Operator::Or | Operator::Xor | Operator::Not => {
            return Err(Why::new("an operator that Django has no SQL for here"));
        }
    };
    let [one, two] = operands else {
        return Err(Why::new("an operator without two sides"));
    };
    if involves_time(one, scope) || involves_time(two, scope) {
        return Err(Why::new("arithmetic with dates and times"));
    }
    let mut whole = Compiled::default();
    let left = whole.take(compile(one, scope, None)?);
    let right = whole.take(compile(two, scope, None)?);
    whole.sql = format!("({left} {sign} {right})");
    Ok(whole)
}

/// Dates and durations have forms of their own (`DurationExpression`, `TemporalSubtraction`).
fn involves_time(value: &Value, scope: &Scope<'_>) -> bool {
    let Some(name) = plain_reference(value) else {
        return value.as_call().is_some_and(|call| {
            matches!(
                last_name(call),
                Some("timedelta" | "date" | "datetime" | "Now")
            )
        });
    };
    scope.resolve(name).is_ok_and(|resolved| {
        matches!(
            resolved.field.kind,
            Ok(FieldKind::Date | FieldKind::DateTime | FieldKind::Time | FieldKind::Duration)
        )
    })
}

fn call_expression(call: &Call, scope: &Scope<'_>, field: Option<&Field>) -> Static<Compiled> {
    if let Some(why) = &call.unknown_arguments {
        return Err(why.clone());
    }
    let first = || {
        call.arguments
            .first()
            .ok_or_else(|| Why::new("an expression without arguments"))
    };
    match last_name(call) {
        Some("F") => {
            let name = call
                .argument(0, "name")
                .and_then(Value::as_str)
                .ok_or_else(|| Why::new("a reference to a field whose name cannot be read"))?;
            reference(name, scope)
        }
        Some("Value") => {
            let inner = call
                .argument(0, "value")
                .ok_or_else(|| Why::new("a Value without a value"))?;
            constant(inner, scope, field)
        }
        Some("ExpressionWrapper") => {
            let inner = call
                .argument(0, "expression")
                .ok_or_else(|| Why::new("a wrapper of nothing"))?;
            compile(inner, scope, field)
        }
        Some("Case") => case(call, scope),
        Some(name) => {
            let _ = first;
            function(name, call, scope)
        }
        None => Err(Why::new("a call that is no expression of Django's")),
    }
}

/// `Case(When(..., then=...), default=...)`.
fn case(call: &Call, scope: &Scope<'_>) -> Static<Compiled> {
    let mut whole = Compiled::default();
    let mut parts = vec!["CASE".to_owned()];
    for when in &call.arguments {
        let when = when
            .as_call()
            .filter(|call| last_name(call) == Some("When"))
            .ok_or_else(|| Why::new("a case that is no When"))?;
        let condition = when_condition(when, scope)?;
        let condition = whole.take(condition);
        let then = when
            .argument(1, "then")
            .ok_or_else(|| Why::new("a When without then"))?;
        let then = whole.take(argument(then, scope)?);
        parts.push(format!("WHEN {condition} THEN {then}"));
    }
    let default = match call.keyword("default") {
        Some(value) => whole.take(argument(value, scope)?),
        None => "NULL".to_owned(),
    };
    parts.push(format!("ELSE {default} END"));
    whole.sql = parts.join(" ");
    Ok(whole)
}

fn when_condition(when: &Call, scope: &Scope<'_>) -> Static<Compiled> {
    if let Some(condition) = when.argument(0, "condition") {
        return compile(condition, scope, None);
    }
    // `When(status="open", then=...)`: the lookups are a Q.
    let lookups = when
        .keywords
        .iter()
        .filter(|(name, _)| &**name != "then")
        .cloned()
        .collect();
    let mut callee = when.callee.clone();
    callee.kind = ValueKind::Name(crate::django::python::DottedName::new("django.db.models.Q"));
    let origin = callee.origin.clone();
    let q = Call {
        callee,
        arguments: Vec::new(),
        keywords: lookups,
        unknown_arguments: when.unknown_arguments.clone(),
    };
    let q = Value {
        kind: ValueKind::Call(Arc::new(q)),
        origin,
    };
    compile_condition(&q, scope)
}

/// An expression that is true or false, in place of a `Q`.
pub(super) fn boolean_expression(value: &Value) -> Static<Compiled> {
    match value.as_call().and_then(last_name) {
        // Lookups as expressions, and functions whose result is compared with True in a form of its own.
        Some("F" | "ExpressionWrapper" | "Exists") | None => {
            Err(Why::new("a condition that is an expression"))
        }
        Some(_) => Err(Why::new("a condition that is a function")),
    }
}

/// A key of an index: `IndexExpression` puts parentheses around all but a column.
pub fn index_expression(value: &Value, scope: &Scope<'_>) -> Static<Compiled> {
    let mut order = None;
    let mut opclass = None;
    let mut collation = None;
    let mut value = value;
    loop {
        if let Some((inner, direction)) = ordering(value) {
            order = Some(direction);
            value = inner;
            continue;
        }
        let Some(call) = value.as_call() else { break };
        match last_name(call) {
            Some("OpClass") => {
                opclass = call.argument(1, "name").and_then(Value::as_str);
                value = call.argument(0, "expression").ok_or_else(no_expression)?;
            }
            Some("Collate") => {
                collation = call.argument(1, "collation").and_then(Value::as_str);
                value = call.argument(0, "expression").ok_or_else(no_expression)?;
            }
            _ => break,
        }
    }
    let mut compiled = argument(value, scope)?;
    let is_column = value.as_str().is_some() || plain_reference(value).is_some();
    if !is_column {
        compiled.sql = format!("({})", compiled.sql);
    }
    if let Some(collation) = collation {
        compiled.sql = format!("{} COLLATE {}", compiled.sql, quote_name(collation));
    }
    if let Some(opclass) = opclass {
        compiled.sql = format!("{} {opclass}", compiled.sql);
    }
    if let Some(order) = order {
        compiled.sql = format!("{} {order}", compiled.sql);
    }
    Ok(compiled)
}

/// An expression of an exclusion constraint, which is wrapped as a key of an index is.
pub fn exclusion_expression(value: &Value, scope: &Scope<'_>) -> Static<Compiled> {
    index_expression(value, scope)
}

fn no_expression() -> Why {
    Why::new("a wrapper without an expression")
}

/// `expression.desc(nulls_last=True)` and `OrderBy(...)`: what is ordered, and how.
fn ordering(value: &Value) -> Option<(&Value, &'static str)> {
    let call = value.as_call()?;
    let is_true = |name: &str| {
        matches!(
            call.keyword(name).map(|value| &value.kind),
            Some(ValueKind::Bool(true))
        )
    };
    let (inner, descending) = if last_name(call) == Some("OrderBy") {
        (call.argument(0, "expression")?, is_true("descending"))
    } else {
        let method = call.callee.as_call()?;
        let name = method.arguments.get(1)?.as_str()?;
        match name {
            "desc" => (method.arguments.first()?, true),
            "asc" => (method.arguments.first()?, false),
            _ => return None,
        }
    };
    Some((
        inner,
        match (descending, is_true("nulls_first"), is_true("nulls_last")) {
            (false, true, _) => "ASC NULLS FIRST",
            (false, _, true) => "ASC NULLS LAST",
            (false, ..) => "ASC",
            (true, true, _) => "DESC NULLS FIRST",
            (true, _, true) => "DESC NULLS LAST",
            (true, ..) => "DESC",
        },
    ))
}
