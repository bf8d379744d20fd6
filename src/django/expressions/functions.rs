//! Database functions: `django/db/models/functions/` as the PostgreSQL backend compiles them.

use super::Scope;
use super::expression::{Compiled, argument, compile};
use crate::django::field::{Columns, FieldReader, NoModelClasses, RelationReader};
use crate::django::python::{Call, Static, Value};
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
    let reader = FieldReader {
        relations: RelationReader {
            app_label: &scope.model.app_label,
            model: None,
            settings: scope.state.settings(),
            classes: &NoModelClasses,
        },
    };
    let field = reader.read(output);
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
    let _ = compile;
    plain(name, call, scope)
}
