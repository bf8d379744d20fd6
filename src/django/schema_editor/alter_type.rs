//! Type, default and nullability of a column: the middle of `_alter_field`, and `_alter_column_type_sql`.

use super::SchemaEditor;
use super::alter_field::Alteration;
use super::altered_parts::{like_index_name, type_doubt};
use super::column_sql::is_of_the_moment;
use super::holes::is_hole;
use super::introspection::owned_sequence;
use super::model::{Column, Models};
use super::relations::Incoming;
use crate::django::expressions::quote_name;
use crate::django::field::same;
use crate::django::names::split_identifier;
use crate::django::operation::IndexBuild;
use crate::django::project_state::{Field, FieldDetail, FieldKind};
use crate::django::python::ValueKind;

/// A type change: the action of ALTER TABLE, and statements that follow it.
pub(super) struct TypeChange {
    pub fragment: String,
    pub afterwards: Vec<String>,
}

impl Alteration<'_> {
    /// `_is_changing_type_of_indexed_text_column`: the index for LIKE does not fit the new type.
    pub(super) fn leaves_text_type(&self) -> bool {
        let leaves = |prefix: &str| {
            self.old.data_type.starts_with(prefix) && !self.new.data_type.starts_with(prefix)
        };
        !self.may_leave_text_type()
            && (self.old.db_index || self.old.unique)
            && (leaves("varchar") || leaves("text") || leaves("citext"))
    }

    /// The same where the new type is not known.
    fn may_leave_text_type(&self) -> bool {
        let is_text = ["varchar", "text", "citext"]
            .iter()
            .any(|prefix| self.old.data_type.starts_with(prefix));
        (self.old.db_index || self.old.unique) && is_text && is_hole(&self.new.data_type)
    }

    /// `_using_sql`: a cast where the kind of type changes, lengths aside.
    fn using(&self) -> String {
        if self.new.is_generated() {
            return String::new();
        }
        let (old, new) = (data_type(self.from, self.old), data_type(self.to, self.new));
        if old == new {
            return String::new();
        }
        format!(" USING {}::{}", self.new.quoted(), self.new.data_type)
    }
}

/// `_alter_column_null_sql`.
fn null_change(alteration: &Alteration<'_>) -> Option<String> {
    let (old, new) = (alteration.old, alteration.new);
    let verb = if new.null { "DROP" } else { "SET" };
    (old.null != new.null).then(|| format!("ALTER COLUMN {} {verb} NOT NULL", new.quoted()))
}

/// Whether Django's two looks at the same default, one for the old field and one for the new, are never alike:
/// `old_default != new_default` in `_alter_field` of `django/db/backends/base/schema.py`. A date is, but for midnight.
fn differs_each_time(field: &Field) -> bool {
    if matches!(field.kind, Ok(FieldKind::Date)) {
        return false;
    }
    match &field.default {
        Some(default) => {
            matches!(&default.kind, ValueKind::Name(name) if is_of_the_moment(name.as_str()))
        }
        None => field.auto_now == Ok(true),
    }
}

impl SchemaEditor<'_> {
    /// Type, default and nullability. Answers whether a default for existing rows has to be dropped at the end.
    pub(super) fn alter_type_and_default(&mut self, alteration: &Alteration<'_>) -> bool {
        let (old, new) = (alteration.old, alteration.new);
        let mut actions = Vec::new();
        let mut afterwards = Vec::new();
        if alteration.changes_type_or_comment() {
            let change = self.type_change(alteration);
            actions.push(change.fragment);
            afterwards = change.afterwards;
        }
        actions.extend(Self::database_default_change(alteration));
        let becomes_not_null = old.null && !new.null;
        let new_default = alteration.to.effective_default(new);
        let needs_default = becomes_not_null
            && new.field.db_default.is_none()
            && new_default.is_some()
            && (alteration.from.effective_default(old) != new_default
                || differs_each_time(&new.field));
        if let Some(default) = new_default.as_ref().filter(|_| needs_default) {
            actions.push(format!(
                "ALTER COLUMN {} SET DEFAULT {default}",
                new.quoted()
            ));
        }
        let null_action = null_change(alteration);
        let four_way =
            becomes_not_null && (new.field.default.is_some() || new.field.db_default.is_some());
        if !four_way {
            actions.extend(null_action.clone());
        }
        let table = alteration.table();
        if !actions.is_empty() {
            self.execute(&format!("ALTER TABLE {table} {}", actions.join(", ")));
        }
        if four_way {
            self.fill_nulls(alteration, new_default.as_deref());
            if let Some(action) = null_action {
                self.execute(&format!("ALTER TABLE {table} {action}"));
            }
        }
        for statement in afterwards {
            self.execute(&statement);
        }
        needs_default
    }

    /// `sql_update_with_default`: existing rows first.
    fn fill_nulls(&mut self, alteration: &Alteration<'_>, default: Option<&str>) {
        let database_default = alteration
            .to
            .db_default_sql(alteration.model, alteration.new)
            .map(|definition| definition.text);
        let value = database_default.unwrap_or_else(|| default.unwrap_or("NULL").to_owned());
        let (table, column) = (alteration.table(), alteration.new.quoted());
        self.execute(&format!(
            "UPDATE {table} SET {column} = {value} WHERE {column} IS NULL; SET CONSTRAINTS ALL IMMEDIATE"
        ));
    }

    /// `_alter_column_database_default_sql`.
    fn database_default_change(alteration: &Alteration<'_>) -> Option<String> {
        let (old, new) = (
            &alteration.old.field.db_default,
            &alteration.new.field.db_default,
        );
        let column = alteration.new.quoted();
        match (old, new) {
            (None, None) => None,
            (Some(_), None) => Some(format!("ALTER COLUMN {column} DROP DEFAULT")),
            (Some(old), Some(new)) if same(old, new) == Some(true) => None,
            (_, Some(_)) => {
                let default = alteration
                    .to
                    .db_default_sql(alteration.model, alteration.new)?;
                Some(format!(
                    "ALTER COLUMN {column} SET DEFAULT {}",
                    default.text
                ))
            }
        }
    }

    /// `_alter_column_type_sql`.
    pub(super) fn type_change(&mut self, alteration: &Alteration<'_>) -> TypeChange {
        let (old, new, model) = (alteration.old, alteration.new, alteration.model);
        if alteration.leaves_text_type() {
            let name = like_index_name(model, old);
            self.drop_index(&model.table, &name, IndexBuild::Blocking);
        } else if alteration.may_leave_text_type() {
            self.doubt(&model.table, &type_doubt());
        }
        let (table, column) = (alteration.table(), new.quoted());
        if new.is_auto() && !old.is_auto() {
            return TypeChange {
                fragment: plain_fragment(alteration, ""),
                afterwards: vec![format!(
                    "ALTER TABLE {table} ALTER COLUMN {column} ADD GENERATED BY DEFAULT AS IDENTITY"
                )],
            };
        }
        let collation = new.collation.as_ref();
        let collation = collation.map(|name| format!(" COLLATE {}", quote_name(name)));
        let fragment = plain_fragment(alteration, &collation.unwrap_or_default());
        let mut afterwards = Vec::new();
        if old.is_auto() && !new.is_auto() {
            self.execute(&format!(
                "ALTER TABLE {table} ALTER COLUMN {column} DROP IDENTITY IF EXISTS"
            ));
            if let Some(sequence) = self.sequence_of(alteration) {
                afterwards.push(format!("DROP SEQUENCE IF EXISTS {sequence} CASCADE"));
            }
        } else if old.is_auto() && new.is_auto() && old.kind() != new.kind() {
            if let (Some(sequence), Some(kind)) = (self.sequence_of(alteration), new.kind()) {
                let data_type = kind.type_template().unwrap_or("integer");
                afterwards.push(format!(
                    "ALTER SEQUENCE IF EXISTS {sequence} AS {data_type}"
                ));
            }
        } else if old.comment != new.comment {
            let comment = new.comment.as_deref().unwrap_or_default();
            afterwards.push(Self::column_comment_text(model, new, comment));
        }
        TypeChange {
            fragment,
            afterwards,
        }
    }

    fn sequence_of(&self, alteration: &Alteration<'_>) -> Option<String> {
        let column = split_identifier(&alteration.new.column).1;
        owned_sequence(self.database.catalog(), &alteration.model.table, column)
            .map(|sequence| quote_name(&sequence))
    }
}

impl Models<'_> {
    /// The column of a dependent key in this state, by its owner and its field.
    pub(super) fn dependent_column(&self, key: &Incoming) -> Option<Column> {
        if let Some(state) = &key.owner.state {
            let owner = self.model_with(&state.key, &[&key.column.name]);
            return owner.column(&key.column.name).cloned();
        }
        let (owner, field) = key.owner.made_by.as_ref()?;
        let owner = self.model_with(owner, &[field]);
        let through = owner.many_to_many(field)?.through.clone()?;
        through.column(&key.column.name).cloned()
    }
}

/// `ALTER COLUMN x TYPE y`, with a cast where the kind of type changes.
fn plain_fragment(alteration: &Alteration<'_>, collation: &str) -> String {
    let using = alteration.using();
    format!(
        "ALTER COLUMN {} TYPE {}{collation}{using}",
        alteration.new.quoted(),
        alteration.new.data_type
    )
}

/// `_field_data_type`, and for arrays those of their items.
fn data_type(models: &Models<'_>, column: &Column) -> String {
    field_data_type(models, &column.field)
}

fn field_data_type(models: &Models<'_>, field: &Field) -> String {
    if let FieldDetail::Array { base: Ok(base), .. } = &field.detail {
        let mut base = std::sync::Arc::clone(base);
        while let FieldDetail::Array {
            base: Ok(inner), ..
        } = &base.detail
        {
            base = std::sync::Arc::clone(inner);
        }
        return format!("array of {}", field_data_type(models, &base));
    }
    let whole = || match models.db_type(field) {
        Ok(Some(data_type)) => data_type.to_string(),
        Ok(None) => String::new(),
        Err(why) => models.holes.text(&why),
    };
    match &field.kind {
        Ok(kind) if kind.is_foreign_key() => whole(),
        Ok(FieldKind::Auto | FieldKind::BigAuto | FieldKind::SmallAuto) => whole(),
        Ok(kind) if is_in_data_types(*kind) => kind.type_template().unwrap_or_default().to_owned(),
        _ => whole(),
    }
}

/// Classes of `django.contrib.postgres` are not in `data_types`: their whole type is compared.
fn is_in_data_types(kind: FieldKind) -> bool {
    !matches!(
        kind,
        FieldKind::HStore
            | FieldKind::IntegerRange
            | FieldKind::BigIntegerRange
            | FieldKind::DecimalRange
            | FieldKind::DateTimeRange
            | FieldKind::DateRange
            | FieldKind::SearchVector
            | FieldKind::SearchQuery
            | FieldKind::CiText
            | FieldKind::CiChar
            | FieldKind::CiEmail
    )
}
