//! Lookups of a `Q`: `status__in=[...]` and the others, as `django/db/models/lookups.py` compiles them.

use std::sync::Arc;

use super::Scope;
use super::expression::{Compiled, compile, is_expression};
use super::literal::{Constant, quote_name};
use super::scope::Resolved;
use super::{field_constant, python_constant};
use crate::django::project_state::{Field, FieldKind};
use crate::django::python::{Static, Value, ValueKind};
use crate::django::version::DjangoVersion;
use crate::schema::Why;

/// The left side of a comparison.
struct Left {
    resolved: Resolved,
    sql: String,
    lookup: String,
}

fn left(path: &str, scope: &Scope<'_>) -> Static<Left> {
    let mut resolved = scope.resolve(path)?;
    let lookup = match resolved.rest.as_slice() {
        [] => "exact".to_owned(),
        [only] if is_lookup(only) => only.clone(),
        _ => {
            return Err(Why::new(format!(
                "the transform `{}` of a condition",
                resolved.rest.join("__")
            )));
        }
    };
    resolved.rest.clear();
    let sql = quote_name(&resolved.column);
    Ok(Left {
        resolved,
        sql,
        lookup,
    })
}

fn is_lookup(name: &str) -> bool {
    matches!(
        name,
        "exact"
            | "iexact"
            | "gt"
            | "gte"
            | "lt"
            | "lte"
            | "in"
            | "isnull"
            | "range"
            | "contains"
            | "icontains"
            | "startswith"
            | "istartswith"
            | "endswith"
            | "iendswith"
            | "regex"
            | "iregex"
    )
}

/// `name__lookup=value` as SQL.
pub(super) fn lookup(path: &str, value: &Value, scope: &Scope<'_>) -> Static<Compiled> {
    let left = left(path, scope)?;
    let mut compiled = Compiled {
        columns: vec![Arc::clone(&left.resolved.column)],
        has_parameters: true,
        ..Compiled::default()
    };
    let right = Right {
        value,
        field: &left.resolved.field,
        scope,
    };
    let column = &left.sql;
    compiled.sql = match left.lookup.as_str() {
        "isnull" => null_test(column, value)?,
        "exact" if value.is_none() => format!("{column} IS NULL"),
        "exact" => match (&value.kind, &left.resolved.field.kind) {
            (ValueKind::Bool(true), Ok(FieldKind::Boolean | FieldKind::NullBoolean)) => {
                column.clone()
            }
            (ValueKind::Bool(false), Ok(FieldKind::Boolean | FieldKind::NullBoolean)) => {
                format!("NOT {column}")
            }
            _ => format!("{column} = {}", right.sql(&mut compiled)?),
        },
        "gt" => format!("{column} > {}", right.sql(&mut compiled)?),
        "gte" => format!("{column} >= {}", right.rounded_up(&mut compiled)?),
        "lt" => format!("{column} < {}", right.rounded_up(&mut compiled)?),
        "lte" => format!("{column} <= {}", right.sql(&mut compiled)?),
        "in" => format!("{column} IN ({})", right.list(&mut compiled)?),
        "range" => {
            let bounds = right.items(&mut compiled)?;
            let [low, high] = bounds.as_slice() else {
                return Err(Why::new("a range without two bounds"));
            };
            format!("{column} BETWEEN {low} AND {high}")
        }
        pattern => right.pattern(column, pattern)?,
    };
    Ok(compiled)
}

/// Below a negation: `AND column IS NOT NULL` for a nullable column, and for one on the right side.
pub(super) fn null_guard(path: &str, value: &Value, scope: &Scope<'_>) -> Static<Vec<Compiled>> {
    let left = left(path, scope)?;
    if left.lookup == "isnull" || (left.lookup == "exact" && value.is_none()) {
        return Ok(Vec::new());
    }
    let mut guards = Vec::new();
    let mut guard = |resolved: &Resolved| -> Static<()> {
        if resolved.null.clone()? {
            guards.push(Compiled {
                sql: format!("{} IS NOT NULL", quote_name(&resolved.column)),
                columns: vec![Arc::clone(&resolved.column)],
                ..Compiled::default()
            });
        }
        Ok(())
    };
    guard(&left.resolved)?;
    if let Some(name) = super::expression::plain_reference(value) {
        guard(&scope.resolve(name)?)?;
    }
    Ok(guards)
}

fn null_test(column: &str, value: &Value) -> Static<String> {
    match value.kind {
        ValueKind::Bool(true) => Ok(format!("{column} IS NULL")),
        ValueKind::Bool(false) => Ok(format!("{column} IS NOT NULL")),
        _ => Err(Why::new("`isnull` of something that is not True or False")),
    }
}

struct Right<'a> {
    value: &'a Value,
    field: &'a Field,
    scope: &'a Scope<'a>,
}

impl Right<'_> {
    fn doubles_percent(&self) -> bool {
        self.scope.version < DjangoVersion::V5_0
    }

    fn sql(&self, compiled: &mut Compiled) -> Static<String> {
        self.one(self.value, compiled)
    }

    fn one(&self, value: &Value, compiled: &mut Compiled) -> Static<String> {
        if is_expression(value) {
            let right = compile(value, self.scope, Some(self.field))?;
            compiled.columns.extend(right.columns);
            // Parentheses keep precedence; since 5.0 a constant goes without.
            let bare = (right.is_constant && self.scope.version >= DjangoVersion::V5_0)
                || right.sql.starts_with('(');
            return Ok(if bare {
                right.sql
            } else {
                format!("({})", right.sql)
            });
        }
        let constant = field_constant(value, self.field)?;
        Ok(constant.sql_in_condition(self.doubles_percent()))
    }

    /// `IntegerFieldFloatRounding`: a fraction rounds up for an integer field.
    fn rounded_up(&self, compiled: &mut Compiled) -> Static<String> {
        if let ValueKind::Float(text) = &self.value.kind
            && let Ok(number) = text.parse::<f64>()
            && self.field.kind.as_ref().is_ok_and(|kind| is_integer(*kind))
        {
            return Ok(Constant::Number(format!("{:.0}", number.ceil())).sql());
        }
        self.sql(compiled)
    }

    fn items(&self, compiled: &mut Compiled) -> Static<Vec<String>> {
        let items = match &self.value.kind {
            ValueKind::Unknown(why) => return Err(why.clone()),
            _ => self
                .value
                .items()
                .ok_or_else(|| Why::new("a list of values that cannot be read"))?,
        };
        items.iter().map(|item| self.one(item, compiled)).collect()
    }

    /// Each value once, without None.
    fn list(&self, compiled: &mut Compiled) -> Static<String> {
        if matches!(self.value.kind, ValueKind::Set(_)) {
            // The order of a set is that of hashes; the condition means the same in any.
            let mut items = self.items(compiled)?;
            items.sort();
            return Ok(items.join(", "));
        }
        let mut unique: Vec<String> = Vec::new();
        for item in self.items(compiled)? {
            if item != "NULL" && !unique.contains(&item) {
                unique.push(item);
            }
        }
        if unique.is_empty() {
            return Err(Why::new("`in` over no values, which nothing can match"));
        }
        Ok(unique.join(", "))
    }

    /// The column as a text.
    fn as_text(&self, column: &str) -> String {
        let kind = self.field.kind.as_ref().ok();
        let is_address = kind
            .is_some_and(|kind| matches!(kind, FieldKind::GenericIpAddress | FieldKind::IpAddress));
        let is_case_insensitive = kind.is_some_and(|kind| {
            matches!(
                kind,
                FieldKind::CiText | FieldKind::CiChar | FieldKind::CiEmail
            )
        });
        if is_address {
            format!("HOST({column})")
        } else if is_case_insensitive && self.scope.version < DjangoVersion::V5_1 {
            format!("{column}::citext")
        } else {
            format!("{column}::text")
        }
    }

    /// LIKE and regular expressions over the text of the column.
    fn pattern(&self, column: &str, lookup: &str) -> Static<String> {
        if is_expression(self.value) {
            return Err(Why::new("a pattern that is an expression"));
        }
        let text = match python_constant(self.value)? {
            Constant::Text(text) => text,
            Constant::Number(number) => number.into(),
            _ => return Err(Why::new("a pattern that is not a text")),
        };
        let cast = self.as_text(column);
        let quoted = |text: String| Constant::text(text).sql_in_condition(self.doubles_percent());
        let around = |before: &str, after: &str| {
            let escaped = text
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_");
            quoted(format!("{before}{escaped}{after}"))
        };
        Ok(match lookup {
            "iexact" => format!("UPPER({cast}) = UPPER({})", quoted(text.to_string())),
            "contains" => format!("{cast} LIKE {}", around("%", "%")),
            "startswith" => format!("{cast} LIKE {}", around("", "%")),
            "endswith" => format!("{cast} LIKE {}", around("%", "")),
            "icontains" => format!("UPPER({cast}) LIKE UPPER({})", around("%", "%")),
            "istartswith" => format!("UPPER({cast}) LIKE UPPER({})", around("", "%")),
            "iendswith" => format!("UPPER({cast}) LIKE UPPER({})", around("%", "")),
            "regex" => format!("{cast} ~ {}", quoted(text.to_string())),
            "iregex" => format!("{cast} ~* {}", quoted(text.to_string())),
            other => return Err(Why::new(format!("the lookup `{other}`"))),
        })
    }
}

fn is_integer(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Auto
            | FieldKind::BigAuto
            | FieldKind::SmallAuto
            | FieldKind::Integer
            | FieldKind::BigInteger
            | FieldKind::SmallInteger
            | FieldKind::PositiveInteger
            | FieldKind::PositiveBigInteger
            | FieldKind::PositiveSmallInteger
    )
}
