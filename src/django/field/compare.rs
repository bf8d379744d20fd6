//! Whether `AlterField` has anything to do: `_field_should_be_altered` of `django/db/backends/base/schema.py`.

use std::sync::Arc;

use super::arguments::Arguments;
use super::class::{FieldClass, field_class};
use super::same;
use crate::django::expressions::{Scope, database_default};
use crate::django::project_state::{Field, FieldKind, ModelKey, ProjectState};
use crate::django::python::{Static, Value, ValueKind};
use crate::django::version::DjangoVersion;
use crate::schema::Why;

/// `Field.non_db_attrs` (`django/db/models/fields/__init__.py`, 4.1 to 6.0), and what `deconstruct` leaves out.
const IGNORED: &[&str] = &[
    "blank",
    "choices",
    "db_column",
    "editable",
    "error_messages",
    "help_text",
    "limit_choices_to",
    "on_delete",
    "related_name",
    "related_query_name",
    "validators",
    "verbose_name",
    "name",
    "rel",
    "from_fields",
    "to_fields",
    "symmetrical",
    "through_fields",
    "swappable",
];

/// How many foreign keys may follow each other to the field that converts a value.
const LONGEST_CHAIN: usize = 32;

/// Compared by what they mean, apart from the others.
const RELATION: &[&str] = &["to", "to_field", "through", "db_default"];

/// A field where it stands: its name, and the state in which its target is looked up.
#[derive(Debug, Clone, Copy)]
pub struct FieldSide<'a> {
    pub state: &'a ProjectState,
    pub name: &'a str,
    pub field: &'a Field,
}

/// Whether Django alters the column at all when `old` becomes `new`.
pub fn should_be_altered(
    old: FieldSide<'_>,
    new: FieldSide<'_>,
    version: DjangoVersion,
) -> Static<bool> {
    let (old_column, new_column) = (column(old, version)?, column(new, version)?);
    if old_column.is_none()
        && new_column.is_none()
        && is_bare(old, version)
        && is_bare(new, version)
    {
        return Ok(false);
    }
    if old_column != new_column {
        return Ok(true);
    }
    // Since 6.0 the table of a many-to-many field follows its name.
    let are_many = old.field.is_many_to_many() && new.field.is_many_to_many();
    if version >= DjangoVersion::V6_0 && are_many && old.name != new.name {
        return Ok(true);
    }
    let answers = [
        same_path(old.field, new.field),
        same_arguments(old.field, new.field),
        same_target(old, new, version),
        same_to_field(old, new),
        same_through(old.field, new.field),
        same_db_default(old, new, version),
    ];
    let mut unsure = None;
    for answer in answers {
        match answer {
            Ok(true) => {}
            Ok(false) => return Ok(true),
            Err(why) => unsure = unsure.or(Some(why)),
        }
    }
    unsure.map_or(Ok(false), Err)
}

/// `field.column`: until 5.2 a many-to-many field has one by name, though none in the table.
fn column(side: FieldSide<'_>, version: DjangoVersion) -> Static<Option<Arc<str>>> {
    if side.field.is_many_to_many() && version < DjangoVersion::V6_0 {
        return Ok(Some(side.name.into()));
    }
    side.field.column(side.name)
}

/// Since 6.0 many-to-many fields are looked at although they have no column.
fn is_bare(side: FieldSide<'_>, version: DjangoVersion) -> bool {
    version >= DjangoVersion::V5_0 && !side.field.is_many_to_many()
}

/// The class that `deconstruct` names.
fn same_path(old: &Field, new: &Field) -> Static<bool> {
    let (old_class, new_class) = (
        field_class(&old.call.callee, None),
        field_class(&new.call.callee, None),
    );
    match same(&old.call.callee, &new.call.callee) {
        Some(true) => Ok(true),
        _ if old_class.deconstruct.is_none() && new_class.deconstruct.is_none() => Ok(false),
        _ => Err(doubt(&old_class, &new_class)),
    }
}

fn doubt(old: &FieldClass, new: &FieldClass) -> Why {
    let why = old
        .deconstruct
        .as_ref()
        .or(new.deconstruct.as_ref())
        .or(old.init.unread.as_ref())
        .or(new.init.unread.as_ref());
    why.cloned()
        .unwrap_or_else(|| Why::new("the two fields cannot be compared"))
}

/// All arguments that concern the database and are not compared apart.
fn same_arguments(old: &Field, new: &Field) -> Static<bool> {
    let (old_class, new_class) = (
        field_class(&old.call.callee, None),
        field_class(&new.call.callee, None),
    );
    let olds = Arguments {
        call: &old.call,
        class: &old_class,
    };
    let news = Arguments {
        call: &new.call,
        class: &new_class,
    };
    let mut unsure = None;
    for name in names(olds).into_iter().chain(names(news)) {
        let defaults = Defaults {
            class: &old_class,
            name,
        };
        match same_argument(olds.written(name), news.written(name), defaults) {
            Some(true) => {}
            Some(false) if is_plain(&old_class) && is_plain(&new_class) => return Ok(false),
            _ => {
                unsure.get_or_insert_with(|| {
                    if is_plain(&old_class) && is_plain(&new_class) {
                        Why::new(format!("`{name}` of the two fields cannot be compared"))
                    } else {
                        doubt(&old_class, &new_class)
                    }
                });
            }
        }
    }
    let hidden = old
        .call
        .unknown_arguments
        .as_ref()
        .or(new.call.unknown_arguments.as_ref());
    unsure.or_else(|| hidden.cloned()).map_or(Ok(true), Err)
}

/// A class whose `deconstruct` gives back what the call says.
fn is_plain(class: &FieldClass) -> bool {
    class.deconstruct.is_none() && class.init.is_empty()
}

fn names(arguments: Arguments<'_>) -> Vec<&str> {
    arguments
        .written_names()
        .into_iter()
        .filter(|name| !IGNORED.contains(name) && !RELATION.contains(name))
        .collect()
}

#[derive(Clone, Copy)]
struct Defaults<'a> {
    class: &'a FieldClass,
    name: &'a str,
}

impl Defaults<'_> {
    /// Whether a value says what not saying anything says.
    fn is_default(self, value: &Value) -> bool {
        let kind = self.class.django.as_ref().ok();
        match (&value.kind, self.name) {
            (ValueKind::Bool(flag), "db_index") => {
                kind.is_some_and(|class| class.kind.is_indexed_by_default() == *flag)
            }
            (ValueKind::Bool(flag), "unique") => {
                kind.is_some_and(|class| (class.kind == FieldKind::OneToOne) == *flag)
            }
            (ValueKind::Bool(flag), "primary_key") => !*flag,
            (ValueKind::Bool(flag), "null") => {
                kind.is_some_and(|class| (class.kind == FieldKind::NullBoolean) == *flag)
            }
            (
                ValueKind::Bool(flag),
                "auto_now" | "auto_now_add" | "auto_created" | "parent_link" | "unpack_ipv4"
                | "recursive" | "allow_folders" | "allow_unicode",
            ) => !*flag,
            (ValueKind::Bool(flag), "serialize" | "db_constraint" | "allow_files") => *flag,
            // A default of `None` is a default; elsewhere it says nothing.
            (ValueKind::None, "default") => false,
            (ValueKind::None, "max_length") => kind.is_some_and(|class| class.max_length.is_none()),
            (ValueKind::None, _) => true,
            (ValueKind::Int(length), "max_length") => kind.is_some_and(|class| {
                class
                    .max_length
                    .is_some_and(|default| i128::from(default) == *length)
            }),
            (ValueKind::Str(text), "protocol") => text.text.eq_ignore_ascii_case("both"),
            (ValueKind::Str(text), "upload_to" | "path" | "db_collation") => text.text.is_empty(),
            (ValueKind::Name(name), "default") => name.last() == "NOT_PROVIDED",
            _ => false,
        }
    }
}

fn same_argument(old: Option<&Value>, new: Option<&Value>, defaults: Defaults<'_>) -> Option<bool> {
    match (old, new) {
        (Some(old), Some(new)) => match same(old, new) {
            Some(false) if defaults.is_default(old) && defaults.is_default(new) => Some(true),
            answer => answer,
        },
        (Some(value), None) | (None, Some(value)) => match value.kind {
            ValueKind::Unknown(_) => None,
            _ => Some(defaults.is_default(value)),
        },
        (None, None) => Some(true),
    }
}

/// The model that the fields point at; since 5.0 another model with the same table is the same.
fn same_target(old: FieldSide<'_>, new: FieldSide<'_>, version: DjangoVersion) -> Static<bool> {
    let (Some(old_relation), Some(new_relation)) = (&old.field.relation, &new.field.relation)
    else {
        return Ok(old.field.relation.is_some() == new.field.relation.is_some());
    };
    let (old_to, new_to) = (old_relation.to.clone()?, new_relation.to.clone()?);
    if old_to == new_to {
        return Ok(true);
    }
    if version >= DjangoVersion::V5_0 && !new.field.is_many_to_many() {
        return Ok(old.state.table_name(&old_to)? == new.state.table_name(&new_to)?);
    }
    Ok(false)
}

/// `to_field`, where it is not the primary key, which goes without saying.
fn same_to_field(old: FieldSide<'_>, new: FieldSide<'_>) -> Static<bool> {
    let (Some(old_relation), Some(new_relation)) = (&old.field.relation, &new.field.relation)
    else {
        return Ok(true);
    };
    let (old_name, new_name) = (
        old_relation.to_field.clone()?,
        new_relation.to_field.clone()?,
    );
    if old_name == new_name {
        return Ok(true);
    }
    let shown = |side: FieldSide<'_>, to: &Static<ModelKey>, name: Option<Arc<str>>| -> Static<_> {
        let key_name = side.state.primary_key(&to.clone()?)?.0;
        Ok(name.filter(|name| *name != key_name))
    };
    Ok(shown(old, &old_relation.to, old_name)? == shown(new, &new_relation.to, new_name)?)
}

fn same_through(old: &Field, new: &Field) -> Static<bool> {
    match (&old.relation, &new.relation) {
        (Some(old), Some(new)) => Ok(old.through.clone()? == new.through.clone()?),
        _ => Ok(true),
    }
}

/// Defaults in the database are the same when their SQL is.
fn same_db_default(old: FieldSide<'_>, new: FieldSide<'_>, version: DjangoVersion) -> Static<bool> {
    let (old_value, new_value) = match (&old.field.db_default, &new.field.db_default) {
        (None, None) => return Ok(true),
        (Some(_), None) | (None, Some(_)) => return Ok(false),
        (Some(old_value), Some(new_value)) => (old_value, new_value),
    };
    if same(old_value, new_value) == Some(true) {
        return Ok(true);
    }
    Ok(db_default_sql(old, old_value, version)? == db_default_sql(new, new_value, version)?)
}

/// The default in the database as SQL. It names no column, so that the model does not matter.
fn db_default_sql(side: FieldSide<'_>, value: &Value, version: DjangoVersion) -> Static<String> {
    let model = ModelKey::new("", "");
    let scope = Scope {
        state: side.state,
        model: &model,
        version,
    };
    let mut field = Arc::new(side.field.clone());
    // The field that a key points at in the end converts its value.
    for _ in 0..LONGEST_CHAIN {
        if !field.kind.clone()?.is_foreign_key() {
            break;
        }
        field = side.state.target_field(&field)?.field;
    }
    Ok(database_default(value, &scope, Some(&field))?.sql)
}

impl<'a> Arguments<'a> {
    /// The value that stands in the call.
    fn written(&self, name: &str) -> Option<&'a Value> {
        self.call.keyword(name).or_else(|| self.positional(name))
    }

    fn written_names(&self) -> Vec<&'a str> {
        let parameters: &'static [&'static str] = self
            .class
            .django
            .as_ref()
            .map_or(&[], |class| class.parameters);
        let positional = parameters.iter().take(self.call.arguments.len()).copied();
        self.call
            .keywords
            .iter()
            .map(|(name, _)| &**name)
            .chain(positional)
            .collect()
    }
}
