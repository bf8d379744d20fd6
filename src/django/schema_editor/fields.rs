//! Fields: added, removed, and what `AlterField` and `RenameField` begin with.

use std::sync::Arc;

use super::column_sql::WithDefault;
use super::holes::is_hole;
use super::introspection::Wanted;
use super::model::{Column, Model, Models};
use super::template::{GeneratedName, GeneratedNameKind};
use super::{SchemaEditor, States};
use crate::django::expressions::quote_name;
use crate::django::names::split_identifier;
use crate::django::project_state::Field;

impl SchemaEditor<'_> {
    /// `AddField.database_forwards`; `given` is the field as the operation writes it, one-off default included;
    /// `None`: the field is that of the state.
    pub(super) fn add_field(
        &mut self,
        model_name: &str,
        (name, given): (&Arc<str>, Option<&Arc<Field>>),
        states: &States<'_>,
    ) {
        let key = self.key(model_name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let from = states.from.model_with(&key, &[]);
        let to = states.to.model_with(&key, &[name]);
        if let Some(field) = to.many_to_many(name) {
            if let Some(through) = &field.through {
                self.create_table(&states.to, through);
            }
            return;
        }
        if let Some(column) = to.column(name) {
            let mut column = column.clone();
            if let Some(given) = given {
                column.field = with_default_of(&column.field, given);
            }
            self.add_column(&states.to, &from, &column);
        } else if let Some(why) = &to.doubt {
            self.doubt(&to.table, why);
        }
    }

    /// `add_field` for a field with a column.
    pub(super) fn add_column(&mut self, models: &Models<'_>, model: &Model, column: &Column) {
        if let Some(why) = &column.doubt {
            return self.grow(&model.table, why);
        }
        let mut definition = models.definition(model, column, WithDefault::Yes).text;
        if let Some(suffix) = column.suffix {
            definition = format!("{definition} {suffix}");
        }
        if let Some(check) = &column.check {
            definition = format!("{definition} CHECK ({check})");
        }
        definition.push_str(&inline_foreign_key(model, column));
        let (table, name) = (quote_name(&model.table), column.quoted());
        self.execute(&format!(
            "ALTER TABLE {table} ADD COLUMN {name} {definition}"
        ));
        if column.field.db_default.is_none() && models.effective_default(column).is_some() {
            self.execute(&format!(
                "ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT"
            ));
        }
        self.column_comment(model, column);
        self.defer_field_indexes(models, model, column);
    }

    /// `RemoveField.database_forwards`.
    pub(super) fn remove_field(&mut self, model_name: &str, name: &str, states: &States<'_>) {
        let key = self.key(model_name);
        if !self.migrates(&states.from, &key) {
            return;
        }
        let model = states.from.model_with(&key, &[name]);
        if let Some(field) = model.many_to_many(name) {
            if let Some(through) = &field.through {
                self.drop_table(through);
            }
        } else if let Some(column) = model.column(name) {
            self.drop_column(&model, column);
        } else if let Some(why) = &model.doubt {
            self.doubt(&model.table, why);
        }
    }

    /// `remove_field` for a field with a column.
    pub(super) fn drop_column(&mut self, model: &Model, column: &Column) {
        if column.target.is_some() {
            let names = self.names_over(&model.table, Some(&[&column.column]), Wanted::ForeignKey);
            for name in names.iter().filter(|name| !is_hole(name)) {
                self.drop_foreign_key(&model.table, name);
            }
        }
        let (table, name) = (quote_name(&model.table), column.quoted());
        let behavior = self.dialect.drop_column();
        self.execute(&format!("ALTER TABLE {table} DROP COLUMN {name}{behavior}"));
        self.discard(|template| template.references_column(&model.table, &column.column));
    }

    /// `AlterOrderWithRespectTo.database_forwards`: the column `_order` comes and goes.
    pub(super) fn alter_order(&mut self, name: &str, states: &States<'_>) {
        let key = self.key(name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let from = states.from.model_with(&key, &["_order"]);
        let to = states.to.model_with(&key, &["_order"]);
        match (from.column("_order"), to.column("_order")) {
            (Some(column), None) => self.drop_column(&from, column),
            (None, Some(column)) => self.add_order(&states.to, &from, column),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }

    fn add_order(&mut self, models: &Models<'_>, model: &Model, column: &Column) {
        let mut column = column.clone();
        if column.field.default.is_none() {
            let mut field = (*column.field).clone();
            field.default = Some(crate::django::python::Value {
                kind: crate::django::python::ValueKind::Int(0),
                origin: self.origin.clone(),
            });
            column.field = Arc::new(field);
        }
        self.add_column(models, model, &column);
    }
}

/// The field of the state with the default of the operation, which `preserve_default=False` keeps out of the state.
/// Rolled back, the field may have another default of its own, which does not count.
pub(super) fn with_default_of(field: &Arc<Field>, given: &Field) -> Arc<Field> {
    if field.default.is_none() && given.default.is_none() {
        return Arc::clone(field);
    }
    let mut field = (**field).clone();
    field.default.clone_from(&given.default);
    Arc::new(field)
}

/// `sql_create_column_inline_fk`.
fn inline_foreign_key(model: &Model, column: &Column) -> String {
    let Some(target) = column.target.as_ref().filter(|target| target.constrained) else {
        return String::new();
    };
    let name = GeneratedName {
        table: Arc::clone(&model.table),
        columns: vec![Arc::clone(&column.column)],
        kind: GeneratedNameKind::ForeignKey {
            to_table: Arc::clone(&target.table),
            to_column: Arc::clone(&target.column),
        },
    }
    .render();
    let (namespace, _) = split_identifier(&model.table);
    let namespace = if namespace.is_empty() {
        String::new()
    } else {
        format!("{}.", quote_name(namespace))
    };
    let (table, to) = (quote_name(&target.table), quote_name(&target.column));
    format!(
        " CONSTRAINT {name} REFERENCES {table}({to}) DEFERRABLE INITIALLY DEFERRED; \
         SET CONSTRAINTS {namespace}{name} IMMEDIATE"
    )
}
