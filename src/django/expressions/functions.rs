//! Database functions: `django/db/models/functions/` as the PostgreSQL backend compiles them.

use super::Scope;
use super::expression::{Compiled, argument};
use crate::django::field::{Columns, django_field_class};
use crate::django::project_state::Field;
use crate::django::python::{Call, Static, Value, ValueKind};
use crate::schema::Why;

/// The name in SQL of functions that are written `NAME(arguments)`.
const PLAIN: &[(&str, &str)] = &[
    ("Abs", "ABS"),
    ("ACos", "ACOS"),
    ("ASin", "ASIN"),
    ("ATan", "ATAN"),
    ("ATan2", "ATAN2"),
    ("Ceil", "CEILING"),
    ("Chr", "CHR"),
    ("Coalesce", "COALESCE"),
    ("Cos", "COS"),
    ("Cot", "COT"),
    ("Degrees", "DEGREES"),
    ("Exp", "EXP"),
    ("Floor", "FLOOR"),
    ("Greatest", "GREATEST"),
    ("LTrim", "LTRIM"),
    ("Least", "LEAST"),
    ("Length", "LENGTH"),
    ("Ln", "LN"),
    ("Lower", "LOWER"),
    ("MD5", "MD5"),
    ("NullIf", "NULLIF"),
    ("Ord", "ASCII"),
    ("Power", "POWER"),
    ("RTrim", "RTRIM"),
    ("Radians", "RADIANS"),
    ("Replace", "REPLACE"),
    ("Reverse", "REVERSE"),
    ("Round", "ROUND"),
    ("Sign", "SIGN"),
    ("Sin", "SIN"),
    ("Sqrt", "SQRT"),
    ("Tan", "TAN"),
    ("Trim", "TRIM"),
    ("Upper", "UPPER"),
];

/// A function call as SQL.
pub(super) fn function(name: &str, call: &Call, scope: &Scope<'_>) -> Static<Compiled> {
    match name {
        "Now" => Ok(Compiled::text("STATEMENT_TIMESTAMP()")),
        "TransactionNow" => Ok(Compiled::text("CURRENT_TIMESTAMP")),
        "RandomUUID" => Ok(Compiled::text("GEN_RANDOM_UUID()")),
        "Pi" => Ok(Compiled::text("PI()")),
        "Random" => Ok(Compiled::text("RANDOM()")),
        "Cast" => cast(call, scope),
        "Collate" => collate(call, scope),
        "Func" => func(call, scope),
        _ => {
            let sql = PLAIN
                .iter()
                .find(|(django, _)| *django == name)
                .map(|(_, sql)| *sql)
                .ok_or_else(|| Why::new(format!("the function `{name}`")))?;
            plain(sql, call, scope)
        }
    }
}

fn plain(sql: &str, call: &Call, scope: &Scope<'_>) -> Static<Compiled> {
    let mut whole = Compiled::default();
    let parts = call
        .arguments
        .iter()
        .map(|value| Ok(whole.take(argument(value, scope)?)))
        .collect::<Static<Vec<_>>>()?;
    whole.sql = format!("{sql}({})", parts.join(", "));
    Ok(whole)
}

/// `Cast.as_postgresql`.
fn cast(call: &Call, scope: &Scope<'_>) -> Static<Compiled> {
    let inner = call
        .argument(0, "expression")
        .ok_or_else(|| Why::new("a Cast of nothing"))?;
    let output = call
        .argument(1, "output_field")
        .ok_or_else(|| Why::new("a Cast to nothing"))?;
    let field = output_field(output)?;
    let columns = Columns {
        state: scope.state,
        version: scope.version,
    };
    let data_type = columns
        .db_type(&field)?
        .ok_or_else(|| Why::new("a Cast to a field without a column"))?;
    let mut whole = Compiled::default();
    let sql = whole.take(argument(inner, scope)?);
    whole.sql = format!("({sql})::{data_type}");
    Ok(whole)
}

/// One of Django's own field classes, with the arguments that its type is made of.
fn output_field(value: &Value) -> Static<Field> {
    let unreadable = || Why::new("an output field that cannot be read");
    let call = value.as_call().ok_or_else(unreadable)?;
    let ValueKind::Name(class) = &call.callee.kind else {
        return Err(unreadable());
    };
    let class = django_field_class(class.as_str()).ok_or_else(unreadable)?;
    let number = |name: &str| match call.keyword(name).map(|value| &value.kind) {
        None => Ok(None),
        Some(ValueKind::Int(number)) => u32::try_from(*number).map(Some).map_err(|_| unreadable()),
        Some(_) => Err(unreadable()),
    };
    let mut field = Field::plain(class.kind, &value.origin);
    field.max_length = Ok(number("max_length")?.or(class.max_length));
    field.max_digits = Ok(number("max_digits")?);
    field.decimal_places = Ok(number("decimal_places")?);
    Ok(field)
}

fn collate(call: &Call, scope: &Scope<'_>) -> Static<Compiled> {
    let inner = call
        .argument(0, "expression")
        .ok_or_else(|| Why::new("a Collate of nothing"))?;
    let collation = call
        .argument(1, "collation")
        .and_then(Value::as_str)
        .ok_or_else(|| Why::new("a collation that cannot be read"))?;
    let mut whole = Compiled::default();
    let sql = whole.take(argument(inner, scope)?);
    whole.sql = format!("{sql} COLLATE {}", super::quote_name(collation));
    Ok(whole)
}

/// `Func(..., function="NAME")`, without a template of its own.
fn func(call: &Call, scope: &Scope<'_>) -> Static<Compiled> {
    if call.keyword("template").is_some() || call.keyword("arg_joiner").is_some() {
        return Err(Why::new("a Func with a template of its own"));
    }
    let name = call
        .keyword("function")
        .and_then(Value::as_str)
        .ok_or_else(|| Why::new("a Func whose function cannot be read"))?;
    plain(name, call, scope)
}
