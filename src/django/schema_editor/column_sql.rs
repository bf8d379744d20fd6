//! The definition of a column, and the defaults that Django gives to existing rows.

use std::sync::Arc;

use super::holes::Holes;
use super::model::{Column, Model, Models};
use crate::django::expressions::{
    Constant, database_default, field_constant, generated_expression, quote_name,
    value_of_the_moment,
};
use crate::django::project_state::{Field, FieldDetail, FieldKind, ModelKey, StateSettings};
use crate::django::python::{Call, DottedName, Static, Text, Value, ValueKind};
use crate::schema::Why;
use crate::source::{Origin, SourceMap};

/// Whether a definition brings Django's default for existing rows along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WithDefault {
    No,
    Yes,
}

/// A definition without the column's name.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub text: String,
    /// Constants stand in it as parameters: Django then keeps constraints out of the same statement.
    pub has_parameters: bool,
}

fn key_text(column: &Column) -> Option<&'static str> {
    match (column.primary_key, column.unique) {
        (true, _) => Some("PRIMARY KEY"),
        (false, true) => Some("UNIQUE"),
        (false, false) => None,
    }
}

impl Models<'_> {
    /// `column_sql`: type, collation, default, nullability, key.
    pub(super) fn definition(
        &self,
        model: &Model,
        column: &Column,
        default: WithDefault,
    ) -> Definition {
        let mut parts = vec![type_text(column)];
        let mut has_parameters = false;
        if let Some(collation) = &column.collation {
            parts.push(format!("COLLATE {}", quote_name(collation)));
        }
        if let Some(database_default) = self.db_default_sql(model, column) {
            parts.push(format!("DEFAULT {}", database_default.text));
            has_parameters |= database_default.has_parameters;
        } else if default == WithDefault::Yes
            && let Some(constant) = self.effective_default(column)
        {
            parts.push(format!("DEFAULT {constant}"));
            has_parameters = true;
        }
        if let FieldDetail::Generated {
            expression,
            persisted,
            ..
        } = &column.field.detail
        {
            let generated = self.generated_sql(model, expression, persisted);
            parts.push(generated.text);
            has_parameters |= generated.has_parameters;
        } else {
            parts.push(if column.null { "NULL" } else { "NOT NULL" }.to_owned());
        }
        parts.extend(key_text(column).map(str::to_owned));
        let tablespace = column.tablespace.as_ref().or(model.tablespace.as_ref());
        if let Some(tablespace) = tablespace.filter(|_| column.unique) {
            parts.push(format!("USING INDEX TABLESPACE {}", quote_name(tablespace)));
        }
        Definition {
            text: parts.join(" "),
            has_parameters,
        }
    }

    /// `db_default_sql`: a constant as it is, an expression in parentheses.
    pub(super) fn db_default_sql(&self, model: &Model, column: &Column) -> Option<Definition> {
        let value = column.field.db_default.as_ref()?;
        let field = self.constant_field(&column.field);
        let scope = self.scope(&model.key);
        let compiled = database_default(value, &scope, field.as_ref());
        Some(match compiled {
            Ok(compiled) => Definition {
                text: if compiled.is_constant {
                    compiled.sql
                } else {
                    format!("({})", compiled.sql)
                },
                has_parameters: compiled.has_parameters,
            },
            Err(why) => Definition {
                text: self.holes.text(&why),
                has_parameters: false,
            },
        })
    }

    /// `generated_sql` and `db_persist` of a generated field, to compare; `None`: they are not known.
    pub(super) fn generation(&self, model: &ModelKey, field: &Field) -> Option<(String, bool)> {
        let FieldDetail::Generated {
            expression,
            persisted,
            ..
        } = &field.detail
        else {
            return None;
        };
        let compiled = generated_expression(expression, &self.scope(model)).ok()?;
        Some((compiled.sql, persisted.clone().ok()?))
    }

    fn generated_sql(
        &self,
        model: &Model,
        expression: &Value,
        persisted: &Static<bool>,
    ) -> Definition {
        let scope = self.scope(&model.key);
        let (text, has_parameters) = match generated_expression(expression, &scope) {
            Ok(compiled) => (compiled.sql, compiled.has_parameters),
            Err(why) => (self.holes.text(&why), false),
        };
        let persistency = match persisted {
            Ok(true) => "STORED".to_owned(),
            Ok(false) => "VIRTUAL".to_owned(),
            Err(why) => self.holes.text(why),
        };
        Definition {
            text: format!("GENERATED ALWAYS AS ({text}) {persistency}"),
            has_parameters,
        }
    }

    /// `effective_default`: the value that existing rows get, as a literal; `None`: they get NULL.
    pub(super) fn effective_default(&self, column: &Column) -> Option<String> {
        match self.effective_constant(column) {
            Ok(Constant::Null) => None,
            Ok(constant) => Some(constant.sql()),
            Err(why) => Some(self.holes.text(&why)),
        }
    }

    fn effective_constant(&self, column: &Column) -> Static<Constant> {
        let field = &column.field;
        if let Some(default) = &field.default {
            let target = self
                .constant_field(field)
                .ok_or_else(|| Why::new("the type of the default is not known"))?;
            return default_constant(default, &target, self.state.settings());
        }
        if column.is_generated() {
            return Ok(Constant::Null);
        }
        let Ok(kind) = field.kind else {
            return unknown_class_default(column);
        };
        if !column.null && field.blank.clone()? && kind.allows_empty_strings() {
            return Ok(if kind == FieldKind::Binary {
                Constant::Bytes(Vec::new())
            } else {
                Constant::text("")
            });
        }
        if field.auto_now.clone()? {
            return value_of_the_moment(kind, self.state.settings())
                .ok_or_else(|| Why::new("a value of the moment"));
        }
        Ok(Constant::Null)
    }

    /// The field that converts a constant: for a foreign key the one it points at.
    pub(super) fn constant_field(&self, field: &Arc<Field>) -> Option<Arc<Field>> {
        let mut field = Arc::clone(field);
        for _ in 0..LONGEST_CHAIN {
            if !field.kind.as_ref().is_ok_and(|kind| kind.is_foreign_key()) {
                return Some(field);
            }
            field = self.state.target_field(&field).ok()?.field;
        }
        None
    }
}

/// How many foreign keys may follow each other to the field that converts a value.
const LONGEST_CHAIN: usize = 32;

/// A class that is not known, without a default: Django may fill `''` in only where NULL is refused.
fn unknown_class_default(column: &Column) -> Static<Constant> {
    if column.null {
        return Ok(Constant::Null);
    }
    match (&column.field.blank, &column.field.kind) {
        (Ok(false), _) => Ok(Constant::Null),
        (_, Err(why)) => Err(why.clone()),
        (Err(why), _) => Err(why.clone()),
        (Ok(true), Ok(_)) => Ok(Constant::Null),
    }
}

/// `get_default`: the constant, or what a callable returns.
fn default_constant(default: &Value, field: &Field, settings: &StateSettings) -> Static<Constant> {
    let moment = |kind| value_of_the_moment(kind, settings);
    let name = match &default.kind {
        ValueKind::Name(name) => name.as_str(),
        // What it returns is known when the migration runs, as the time is.
        ValueKind::Function(function) => {
            let returned = || Why::new(format!("the default is what `{}` returns", function.name));
            return moment(field.kind.clone()?).ok_or_else(returned);
        }
        ValueKind::Class(class) => {
            return Err(Why::new(format!("the default is a `{}`", class.name)));
        }
        _ => return field_constant(default, field, settings),
    };
    match name.strip_prefix("builtins.").unwrap_or(name) {
        name if is_of_the_moment(name) => {
            let kind = field.kind.clone()?;
            moment(kind).ok_or_else(|| Why::new(format!("what `{name}` returns")))
        }
        name => match empty_of(name, &default.origin) {
            Some(value) => field_constant(&value, field, settings),
            // A constant of Python's library: `uuid.NAMESPACE_DNS`, `datetime.date.max`.
            None => field_constant(default, field, settings)
                .map_err(|_| Why::new(format!("the default is what `{name}` returns"))),
        },
    }
}

/// What a class of Python makes when nothing is given.
fn empty_of(class: &str, origin: &Origin) -> Option<Value> {
    let value = |kind| Value {
        kind,
        origin: origin.clone(),
    };
    let call = || {
        ValueKind::Call(Arc::new(Call {
            callee: value(ValueKind::Name(DottedName::new(class))),
            arguments: Vec::new(),
            keywords: Vec::new(),
            unknown_arguments: None,
        }))
    };
    Some(value(match class {
        "dict" | "collections.OrderedDict" => ValueKind::Dict(Arc::from([])),
        "list" => ValueKind::List(Arc::from([])),
        "tuple" => ValueKind::Tuple(Arc::from([])),
        "str" => ValueKind::Str(Text {
            text: "".into(),
            map: Arc::new(SourceMap::generated(origin.clone())),
        }),
        "int" => ValueKind::Int(0),
        "float" => ValueKind::Float("0.0".into()),
        "bool" => ValueKind::Bool(false),
        "bytes" => ValueKind::Bytes(Arc::from([])),
        "decimal.Decimal" | "datetime.timedelta" => call(),
        _ => return None,
    }))
}

pub(super) fn is_of_the_moment(name: &str) -> bool {
    matches!(
        name,
        "uuid.uuid1"
            | "uuid.uuid4"
            | "uuid.uuid6"
            | "uuid.uuid7"
            | "uuid.uuid8"
            | "django.utils.timezone.now"
            | "django.utils.timezone.localtime"
            | "django.utils.timezone.localdate"
            | "datetime.datetime.now"
            | "datetime.datetime.utcnow"
            | "datetime.datetime.today"
            | "datetime.date.today"
            | "time.time"
            | "django.utils.crypto.get_random_string"
            | "secrets.token_hex"
            | "secrets.token_urlsafe"
    )
}

/// The type as it is written; a hole stands in quotes.
pub(super) fn type_text(column: &Column) -> String {
    column.data_type.to_string()
}

impl Holes {
    /// The text of a compiled part, or a hole.
    pub(super) fn or_hole(&self, text: Static<String>) -> String {
        text.unwrap_or_else(|why| self.text(&why))
    }
}
