//! What RunSQL and RunPython carry.

use crate::django::operation::{RunPythonCode, SqlStatementText, SqlText};
use crate::django::python::{Static, Value, ValueKind};
use crate::schema::Why;

/// A string, a list of strings and of `(sql, params)`, `RunSQL.noop` (`RunSQL._run_sql` in
/// `django/db/migrations/operations/special.py`).
pub(super) fn read_sql(value: &Value) -> Static<SqlText> {
    match &value.kind {
        ValueKind::Str(text) if text.text.is_empty() => Ok(SqlText::Noop),
        ValueKind::Str(text) => Ok(SqlText::Whole(text.clone())),
        ValueKind::Name(name) if name.as_str().ends_with("RunSQL.noop") => Ok(SqlText::Noop),
        ValueKind::List(items) | ValueKind::Tuple(items) => items
            .iter()
            .map(read_statement)
            .collect::<Static<Vec<_>>>()
            .map(SqlText::Statements),
        ValueKind::Unknown(why) => Err(why.clone()),
        _ => Err(Why::new("the SQL is not a text that can be read")),
    }
}

fn read_statement(value: &Value) -> Static<SqlStatementText> {
    let unread = || Why::new("a statement is not a text that can be read");
    match &value.kind {
        ValueKind::Str(text) => Ok(SqlStatementText {
            text: text.clone(),
            parameters: None,
        }),
        ValueKind::List(pair) | ValueKind::Tuple(pair) => match &**pair {
            [
                Value {
                    kind: ValueKind::Str(text),
                    ..
                },
                parameters,
            ] => Ok(SqlStatementText {
                text: text.clone(),
                parameters: (!parameters.is_none()).then(|| parameters.clone()),
            }),
            _ => Err(unread()),
        },
        ValueKind::Unknown(why) => Err(why.clone()),
        _ => Err(unread()),
    }
}

pub(super) fn read_code(value: &Value) -> RunPythonCode {
    match &value.kind {
        ValueKind::Function(function) => RunPythonCode::Function(function.clone()),
        ValueKind::Name(name) if name.as_str().ends_with("RunPython.noop") => RunPythonCode::Noop,
        ValueKind::Unknown(why) => RunPythonCode::Unknown(why.clone()),
        ValueKind::Name(name) => {
            RunPythonCode::Unknown(Why::new(format!("the function `{name}` was not found")))
        }
        _ => RunPythonCode::Unknown(Why::new("the code is not a function that can be read")),
    }
}
