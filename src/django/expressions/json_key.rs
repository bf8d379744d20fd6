//! Keys of JSON and of hstore: `data__a__b`, `KeyTransform("a", "data")`, `KT("data__a__b")`.
//!
//! `django/db/models/fields/json.py` and `django/contrib/postgres/fields/hstore.py`.

use super::compiler::Compiler;
use super::expr::{Expr, Form, Output};
use super::literal::Constant;
use super::outcome::{Outcome, Stop};
use super::transform::hstore_key;
use crate::django::project_state::FieldKind;
use crate::django::python::{Call, Value, ValueKind};

impl Compiler<'_> {
    /// One key deeper.
    pub(super) fn next_json_key(left: &Expr, key: &str) -> Outcome<Expr> {
        let (start, mut keys) = path(left);
        keys.push(key.to_owned());
        Self::json_key(start, keys, false)
    }

    /// `KeyTransform.as_postgresql`.
    pub(super) fn json_key(start: Expr, keys: Vec<String>, is_text: bool) -> Outcome<Expr> {
        let (operator, nested) = if is_text {
            ("->>", "#>>")
        } else {
            ("->", "#>")
        };
        let output = match &start.output {
            Output::Known(field) if is_text => Output::of(FieldKind::Text, &field.origin),
            Output::None if is_text => return Err(Stop::why("a key of what has no type")),
            other => other.clone(),
        };
        let mut whole = start.clone();
        let is_nested = keys.len() > 1;
        whole.params.push(match &*keys {
            [key] => one_key(key),
            keys => Constant::Array {
                items: keys
                    .iter()
                    .map(|key| Constant::text(key.as_str()))
                    .collect(),
                cast: None,
            },
        });
        let whole = whole.rewritten(|sql| {
            let operator = if is_nested { nested } else { operator };
            format!("({sql} {operator} %s)")
        });
        let start = Box::new(start);
        Ok(whole
            .with_output(output)
            .with_form(Form::JsonKey { start, keys }))
    }

    /// `KeyTransform(key, expression)` and `KeyTextTransform`.
    pub(super) fn json_key_call(&self, name: &str, call: &Call, value: &Value) -> Outcome<Expr> {
        let (Some(key), Some(inner)) = (call.arguments.first(), call.arguments.get(1)) else {
            return Err(Stop::why("a key of JSON that cannot be read"));
        };
        if !call.keywords.is_empty() {
            return Err(Stop::why("a key of JSON with options"));
        }
        let key = match &key.kind {
            ValueKind::Str(text) => text.text.to_string(),
            ValueKind::Int(number) => number.to_string(),
            _ => return Err(Stop::why("a key of JSON that cannot be read")),
        };
        let inner = self.argument(inner)?;
        let (start, mut keys) = path(&inner);
        keys.push(key);
        let is_text = name == "KeyTextTransform";
        let mut expr = Self::json_key(start, keys, is_text)?;
        if is_text {
            expr.output = Output::of(FieldKind::Text, &value.origin);
            expr.is_typed_early = true;
        }
        Ok(expr)
    }

    /// `KT("data__a__b")`.
    pub(super) fn json_path_call(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        let lookup = call
            .argument(0, "lookup")
            .and_then(Value::as_str)
            .ok_or_else(|| Stop::why("a path of JSON that cannot be read"))?;
        let mut keys = lookup.split("__").map(str::to_owned);
        let start = self.reference(&keys.next().unwrap_or_default())?;
        let keys = keys.collect::<Vec<_>>();
        if keys.is_empty() {
            return Err(Stop::why("a path of JSON without a key"));
        }
        let mut expr = Self::json_key(start, keys, true)?;
        expr.output = Output::of(FieldKind::Text, &value.origin);
        expr.is_typed_early = true;
        Ok(expr)
    }

    /// `KeyTransform("a", "labels")` of hstore.
    pub(super) fn hstore_key_call(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        let key = call.arguments.first().and_then(Value::as_str);
        let (Some(key), Some(inner)) = (key, call.arguments.get(1)) else {
            return Err(Stop::why("a key of hstore that cannot be read"));
        };
        let mut item = hstore_key(self.argument(inner)?, key);
        item.output = Output::of(FieldKind::Text, &value.origin);
        item.is_typed_early = true;
        Ok(item)
    }
}

/// Where a path begins, and its keys so far.
fn path(left: &Expr) -> (Expr, Vec<String>) {
    match &left.form {
        Form::JsonKey { start, keys } => ((**start).clone(), keys.clone()),
        _ => (left.clone(), Vec::new()),
    }
}

/// A key that reads as an integer is an index (`int(key)`).
fn one_key(key: &str) -> Constant {
    let digits = key.trim();
    let unsigned = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    let is_number = !unsigned.is_empty()
        && unsigned.len() < 18
        && unsigned.chars().all(|digit| digit.is_ascii_digit());
    match digits.trim_start_matches('+').parse::<i64>() {
        Ok(number) if is_number => Constant::Number(number.to_string()),
        _ => Constant::text(key),
    }
}
