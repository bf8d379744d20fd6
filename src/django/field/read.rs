//! A field from the value that constructs it: `models.CharField(max_length=20)`.

use std::sync::Arc;

use super::arguments::{Argument, Arguments, optional_text};
use super::choices::stored_choices;
use super::class::{FieldClass, field_class};
use super::constructed::constructed;
use super::relation::{RelationReader, field_relation};
use crate::django::project_state::{Field, FieldDetail, FieldKind};
use crate::django::python::{Call, DottedName, Python, Static, Value, ValueKind};
use crate::schema::Why;

/// How deep fields may hold fields (`ArrayField(ArrayField(...))`).
const DEEPEST: usize = 16;

/// Reads fields of one model.
#[derive(Debug, Clone, Copy)]
pub struct FieldReader<'a> {
    pub relations: RelationReader<'a>,
    /// Looks into the methods of custom classes; without it they stay unknown.
    pub python: Option<&'a Python>,
}

impl FieldReader<'_> {
    /// The field that a value constructs. A value that is no call is a field of which nothing is known.
    pub fn read(self, value: &Value) -> Field {
        self.read_within(value, DEEPEST)
    }

    fn read_within(self, value: &Value, left: usize) -> Field {
        let ValueKind::Call(call) = &value.kind else {
            let elsewhere = || Why::new("the field is not constructed where it stands");
            let why = value.why_unknown().cloned().unwrap_or_else(elsewhere);
            return unknown_field(value, &why);
        };
        let mut class = field_class(&self.callee(call), self.python);
        let handed = constructed(call, &mut class, self.python);
        let arguments = Arguments {
            call: handed.as_ref().unwrap_or(call),
            class: &class,
        };
        let primary_key = arguments.truth("primary_key", is_composite(&class));
        let mut field = Field {
            class: Arc::clone(&class.name),
            kind: class.kind.clone(),
            db_type: class.db_type.clone(),
            null: arguments.truth("null", class.kind == Ok(FieldKind::NullBoolean)),
            blank: arguments.truth("blank", is_blank_by_default(&class)),
            unique: unique(&arguments, &primary_key),
            primary_key,
            db_index: db_index(&arguments),
            max_length: arguments.number("max_length", default_length(&class)),
            max_digits: arguments.number("max_digits", None),
            decimal_places: arguments.number("decimal_places", None),
            auto_now: auto_now(&arguments),
            db_column: arguments.text("db_column"),
            db_collation: arguments.text("db_collation"),
            db_tablespace: arguments.text("db_tablespace"),
            db_comment: arguments.text("db_comment"),
            default: default(&arguments, "default").map(|value| self.returned(value)),
            db_default: default(&arguments, "db_default"),
            choices: choices(&arguments),
            relation: field_relation(&arguments, self.relations),
            detail: self.detail(&arguments, left),
            call: Arc::clone(call),
            origin: value.origin.clone(),
        };
        set_by_class(&mut field);
        field
    }

    /// The class of the field; `import_string(settings.DEFAULT_AUTO_FIELD)` is the one that the settings name.
    fn callee(self, call: &Call) -> Value {
        let is_default = call.callee.as_call().is_some_and(|found| {
            let argument = found.arguments.first().map(|path| &path.kind);
            found.is_import_string()
                && matches!(argument, Some(ValueKind::Name(setting))
                    if setting.as_str() == "django.conf.settings.DEFAULT_AUTO_FIELD")
        });
        match &self.relations.settings.default_auto_field {
            Ok(kind) if is_default => Value {
                kind: ValueKind::Name(DottedName::new(kind.class_path())),
                origin: call.callee.origin.clone(),
            },
            _ => call.callee.clone(),
        }
    }

    /// A function of the project that returns one constant stands for it.
    fn returned(self, default: Value) -> Value {
        let (ValueKind::Function(function), Some(python)) = (&default.kind, self.python) else {
            return default;
        };
        let returned = python.returned(function);
        if is_constant(&returned) {
            returned
        } else {
            default
        }
    }

    fn detail(self, arguments: &Arguments<'_>, left: usize) -> FieldDetail {
        let inner = |name: &str| -> Static<Arc<Field>> {
            let Some(left) = left.checked_sub(1) else {
                return Err(Why::new("fields are nested too deeply"));
            };
            match arguments.get(name) {
                Argument::Given(value) => Ok(Arc::new(self.read_within(value, left))),
                Argument::Default => Err(Why::new(format!("`{name}` is not given"))),
                Argument::Unknown(why) => Err(why),
            }
        };
        match arguments.class.django.as_ref().map(|class| class.kind) {
            Ok(FieldKind::Array) => FieldDetail::Array {
                base: inner("base_field"),
                size: arguments.number("size", None),
            },
            Ok(FieldKind::Generated) => FieldDetail::Generated {
                expression: match arguments.get("expression") {
                    Argument::Given(value) => value.clone(),
                    Argument::Default => Value::unknown(
                        Why::new("`expression` is not given"),
                        arguments.call.callee.origin.clone(),
                    ),
                    Argument::Unknown(why) => {
                        Value::unknown(why, arguments.call.callee.origin.clone())
                    }
                },
                output: inner("output_field"),
                persisted: arguments.truth("db_persist", false),
            },
            Ok(FieldKind::CompositePrimaryKey) => FieldDetail::CompositePrimaryKey {
                fields: names(arguments.call),
            },
            _ => FieldDetail::Plain,
        }
    }
}

/// `None` where there is none; `NOT_PROVIDED` says the same.
fn default(arguments: &Arguments<'_>, name: &str) -> Option<Value> {
    match arguments.get(name) {
        Argument::Given(value) => match &value.kind {
            ValueKind::Name(path) if path.last() == "NOT_PROVIDED" => None,
            _ => Some(value.clone()),
        },
        Argument::Default => None,
        Argument::Unknown(why) => Some(Value::unknown(why, arguments.call.callee.origin.clone())),
    }
}

/// Plain data through and through.
fn is_constant(value: &Value) -> bool {
    match &value.kind {
        ValueKind::None
        | ValueKind::Bool(_)
        | ValueKind::Int(_)
        | ValueKind::Float(_)
        | ValueKind::Str(_)
        | ValueKind::Bytes(_) => true,
        ValueKind::List(items) | ValueKind::Tuple(items) | ValueKind::Set(items) => {
            items.iter().all(is_constant)
        }
        ValueKind::Dict(entries) => entries
            .iter()
            .all(|(key, item)| is_constant(key) && is_constant(item)),
        ValueKind::Name(_)
        | ValueKind::Call(_)
        | ValueKind::Operation(_)
        | ValueKind::Class(_)
        | ValueKind::Function(_)
        | ValueKind::Module(_)
        | ValueKind::Unknown(_)
        | ValueKind::Rest(_) => false,
    }
}

fn names(call: &Call) -> Static<Vec<Arc<str>>> {
    if let Some(why) = &call.unknown_arguments {
        return Err(why.clone());
    }
    call.arguments
        .iter()
        .map(|value| {
            optional_text(value, "a field name")?.ok_or_else(|| Why::new("a field name is `None`"))
        })
        .collect()
}

fn is_composite(class: &FieldClass) -> bool {
    class.kind == Ok(FieldKind::CompositePrimaryKey)
}

fn is_blank_by_default(class: &FieldClass) -> bool {
    class.kind.as_ref().is_ok_and(|kind| {
        kind.is_auto()
            || matches!(
                kind,
                FieldKind::Generated | FieldKind::CompositePrimaryKey | FieldKind::NullBoolean
            )
    })
}

fn default_length(class: &FieldClass) -> Option<u32> {
    class
        .django
        .as_ref()
        .ok()
        .and_then(|class| class.max_length)
}

/// `unique=True`, a primary key, a OneToOneField.
fn unique(arguments: &Arguments<'_>, primary_key: &Static<bool>) -> Static<bool> {
    let kind = arguments.class.django.as_ref().map(|class| class.kind);
    if kind == Ok(FieldKind::OneToOne) || *primary_key == Ok(true) {
        return Ok(true);
    }
    let said = arguments.truth("unique", false)?;
    Ok(said || primary_key.clone()?)
}

fn db_index(arguments: &Arguments<'_>) -> Static<bool> {
    let default = arguments
        .class
        .django
        .clone()
        .map(|class| class.kind.is_indexed_by_default());
    match arguments.get("db_index") {
        Argument::Given(_) => arguments.truth("db_index", false),
        Argument::Default => default,
        Argument::Unknown(why) => Err(why),
    }
}

fn auto_now(arguments: &Arguments<'_>) -> Static<bool> {
    let dated = arguments.class.django.as_ref().map(|class| class.kind);
    match dated {
        Ok(FieldKind::Date | FieldKind::DateTime | FieldKind::Time) => {
            Ok(arguments.truth("auto_now", false)? || arguments.truth("auto_now_add", false)?)
        }
        Ok(_) => Ok(false),
        Err(why) => Err(why.clone()),
    }
}

fn choices(arguments: &Arguments<'_>) -> Option<Static<Vec<Value>>> {
    match arguments.get("choices") {
        Argument::Given(value) if value.is_none() => None,
        Argument::Given(value) => Some(stored_choices(value)),
        Argument::Default => None,
        Argument::Unknown(why) => Some(Err(why)),
    }
}

fn unknown_field(value: &Value, why: &Why) -> Field {
    let callee = Value {
        kind: ValueKind::Name(DottedName::new("?")),
        origin: value.origin.clone(),
    };
    let call = Call {
        callee,
        arguments: Vec::new(),
        keywords: Vec::new(),
        unknown_arguments: Some(why.clone()),
    };
    let unknown = Value::unknown(why.clone(), value.origin.clone());
    Field {
        class: "?".into(),
        kind: Err(why.clone()),
        db_type: Some(Err(why.clone())),
        null: Err(why.clone()),
        blank: Err(why.clone()),
        primary_key: Err(why.clone()),
        unique: Err(why.clone()),
        db_index: Err(why.clone()),
        max_length: Err(why.clone()),
        max_digits: Err(why.clone()),
        decimal_places: Err(why.clone()),
        auto_now: Err(why.clone()),
        db_column: Err(why.clone()),
        db_collation: Err(why.clone()),
        db_tablespace: Err(why.clone()),
        db_comment: Err(why.clone()),
        default: Some(unknown.clone()),
        db_default: Some(unknown),
        choices: Some(Err(why.clone())),
        relation: None,
        detail: FieldDetail::Plain,
        call: Arc::new(call),
        origin: value.origin.clone(),
    }
}

/// What `__init__` of some classes sets over what is given.
fn set_by_class(field: &mut Field) {
    let null_boolean = field.kind == Ok(FieldKind::NullBoolean);
    if null_boolean {
        field.null = Ok(true);
    }
    if null_boolean || field.auto_now == Ok(true) {
        field.blank = Ok(true);
    }
}
