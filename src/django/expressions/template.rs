//! Templates of `Func`, and parameters put into their places: both by Python's `%` operator.

use super::expr::Expr;
use super::literal::Constant;
use super::outcome::{Outcome, Stop};

/// `template % {name: text}`.
pub(super) fn fill<'t>(
    template: &str,
    named: impl Fn(&str) -> Option<std::borrow::Cow<'t, str>>,
) -> Outcome<String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('%') {
        filled.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            filled.push('%');
            rest = after;
            continue;
        }
        let (name, after) = after
            .strip_prefix('(')
            .and_then(|after| after.split_once(")s"))
            .ok_or_else(|| Stop::why("a template that is not followed"))?;
        let text = named(name).ok_or_else(|| {
            Stop::why(format!(
                "the template asks for `{name}`, which is not known"
            ))
        })?;
        filled.push_str(&text);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// `sql % params`, each parameter written by `write`.
pub(super) fn merged(expr: &Expr, write: impl Fn(&Constant) -> String) -> Outcome<String> {
    let mut params = expr.params.iter();
    let mut merged = String::with_capacity(expr.sql.len());
    let mut rest = expr.sql.as_str();
    while let Some((before, after)) = rest.split_once('%') {
        merged.push_str(before);
        let mut characters = after.chars();
        match characters.next() {
            Some('%') => merged.push('%'),
            Some('s') => match params.next() {
                Some(param) => merged.push_str(&write(param)),
                None => return Err(Stop::why("a place for a parameter that is not there")),
            },
            _ => return Err(Stop::why("a percent sign that Django cannot format")),
        }
        rest = characters.as_str();
    }
    merged.push_str(rest);
    match params.next() {
        None => Ok(merged),
        Some(_) => Err(Stop::why("a parameter without a place")),
    }
}
