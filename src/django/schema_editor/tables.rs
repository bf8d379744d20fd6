//! Tables: created, dropped, renamed.

use std::sync::Arc;

use super::column_sql::WithDefault;
use super::model::{Column, Model, Models};
use super::{SchemaEditor, States};
use crate::django::expressions::{Constant, quote_name};

impl SchemaEditor<'_> {
    /// `CreateModel.database_forwards`.
    pub(super) fn create_model_operation(&mut self, name: &str, states: &States<'_>) {
        let key = self.key(name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let model = states.to.model(&key);
        self.create_table(&states.to, &model);
        if !self.dialect.defers_index_together() {
            for fields in index_together(&model) {
                let index = Self::field_list_index(&states.to, &model, &fields);
                self.execute_template(&index);
            }
        }
    }

    /// `create_model`: the table at once, its foreign keys and indexes at the end of the migration.
    pub(super) fn create_table(&mut self, models: &Models<'_>, model: &Model) {
        self.defer_unique_together(models, model);
        let (columns, has_parameters) = self.column_list(models, model);
        let constraints = self.table_constraints(models, model, has_parameters);
        // A column that is not known cannot stand in the statement: what is over it follows.
        let (inline, apart) = match model.unread_part() {
            None => (constraints, Vec::new()),
            Some(_) => (Vec::new(), constraints),
        };
        let definition = columns
            .into_iter()
            .chain(inline)
            .collect::<Vec<_>>()
            .join(", ");
        let tablespace = model.tablespace.as_ref().map_or_else(String::new, |name| {
            format!(" TABLESPACE {}", quote_name(name))
        });
        let table = quote_name(&model.table);
        self.execute(&format!("CREATE TABLE {table} ({definition}){tablespace}"));
        self.doubt_unread_parts(model);
        for constraint in apart {
            self.execute(&format!("ALTER TABLE {table} ADD {constraint}"));
        }
        self.comments(models, model);
        self.defer_indexes(models, model);
        for field in &model.many_to_many {
            if let Some(through) = &field.through {
                self.create_table(models, through);
            }
        }
    }

    /// The definitions of all columns; foreign keys go into the queue.
    fn column_list(&mut self, models: &Models<'_>, model: &Model) -> (Vec<String>, bool) {
        let mut has_parameters = false;
        let mut definitions = Vec::new();
        let known = model.columns.iter();
        for column in known.filter(|column| column.doubt.is_none()) {
            let definition = models.definition(model, column, WithDefault::No);
            has_parameters |= definition.has_parameters;
            let mut text = format!("{} {}", column.quoted(), definition.text);
            if let Some(check) = &column.check {
                text = format!("{text} CHECK ({check})");
            }
            if let Some(suffix) = column.suffix {
                text = format!("{text} {suffix}");
            }
            definitions.push(text);
            if column
                .target
                .as_ref()
                .is_some_and(|target| target.constrained)
                && let Some(foreign_key) = Self::foreign_key(model, column)
            {
                self.defer(foreign_key);
            }
        }
        (definitions, has_parameters)
    }

    fn comments(&mut self, models: &Models<'_>, model: &Model) {
        let comment = model
            .state
            .as_ref()
            .map_or(Ok(None), |state| state.options.db_table_comment.clone());
        match comment {
            Ok(Some(comment)) if !comment.is_empty() => self.table_comment(model, &comment),
            Ok(_) => {}
            Err(why) => {
                let hole = models.holes.name(&why);
                self.table_comment(model, &hole);
            }
        }
        for column in &model.columns {
            self.column_comment(model, column);
        }
    }

    fn table_comment(&mut self, model: &Model, comment: &str) {
        let table = quote_name(&model.table);
        let comment = Constant::text(comment).sql();
        self.execute(&format!("COMMENT ON TABLE {table} IS {comment}"));
    }

    /// The comment of a new column, if it has one.
    pub(super) fn column_comment(&mut self, model: &Model, column: &Column) {
        if let Some(comment) = column.comment.as_ref().filter(|text| !text.is_empty()) {
            let text = Self::column_comment_text(model, column, comment);
            self.execute(&text);
        }
    }

    /// `_alter_column_comment_sql`.
    pub(super) fn column_comment_text(model: &Model, column: &Column, comment: &str) -> String {
        let (table, name) = (quote_name(&model.table), column.quoted());
        let comment = Constant::text(comment).sql();
        format!("COMMENT ON COLUMN {table}.{name} IS {comment}")
    }

    /// `AlterModelTableComment.database_forwards`.
    pub(super) fn alter_table_comment(&mut self, name: &str, states: &States<'_>) {
        let key = self.key(name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let model = states.to.model(&key);
        let comment = model
            .state
            .as_ref()
            .map_or(Ok(None), |state| state.options.db_table_comment.clone());
        let comment = comment.unwrap_or_default().unwrap_or_default();
        self.table_comment(&model, &comment);
    }

    /// `DeleteModel.database_forwards`.
    pub(super) fn delete_model(&mut self, name: &str, states: &States<'_>) {
        let key = self.key(name);
        if self.migrates(&states.from, &key) {
            let model = states.from.model(&key);
            self.drop_table(&model);
        }
    }

    /// `delete_model`: the tables of many-to-many fields first.
    pub(super) fn drop_table(&mut self, model: &Model) {
        for field in &model.many_to_many {
            if let Some(through) = &field.through {
                self.drop_table(through);
            }
        }
        self.execute(&format!("DROP TABLE {} CASCADE", quote_name(&model.table)));
        self.discard(|template| template.references_table(&model.table));
    }

    /// `AlterModelTable.database_forwards`.
    pub(super) fn alter_model_table(&mut self, name: &str, states: &States<'_>) {
        let key = self.key(name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let (old, new) = (states.from.model(&key), states.to.model(&key));
        self.rename_table(&old.table, &new.table);
        for (old, new) in old.many_to_many.iter().zip(&new.many_to_many) {
            if let (Some(old), Some(new)) = (&old.through, &new.through) {
                self.rename_table(&old.table, &new.table);
            }
        }
    }

    /// `alter_db_table`.
    pub(super) fn rename_table(&mut self, old: &Arc<str>, new: &Arc<str>) {
        if old == new {
            return;
        }
        let (quoted_old, quoted_new) = (quote_name(old), quote_name(new));
        self.execute(&format!("ALTER TABLE {quoted_old} RENAME TO {quoted_new}"));
        for deferred in &mut self.deferred {
            deferred.template.rename_table(old, new);
        }
    }

    /// `RenameModel.database_forwards`.
    pub(super) fn rename_model(&mut self, old_name: &str, new_name: &str, states: &States<'_>) {
        let (old_key, new_key) = (self.key(old_name), self.key(new_name));
        if !self.migrates(&states.to, &new_key) {
            return;
        }
        let (old, new) = (states.from.model(&old_key), states.to.model(&new_key));
        self.rename_table(&old.table, &new.table);
        for related in states.from.related_objects(&old_key) {
            let key = if related.model == old_key {
                new_key.clone()
            } else {
                related.model.clone()
            };
            let field = &*related.field;
            let from = states.from.model_with(&related.model, &[field]);
            let to = states.to.model_with(&key, &[field]);
            self.alter_one((&from, &to), (field, field), states);
        }
        for (old_field, new_field) in old.many_to_many.iter().zip(&new.many_to_many) {
            let is_recursive = new_field
                .field
                .relation
                .as_ref()
                .is_some_and(|relation| relation.to.as_ref() == Ok(&new_key));
            if !is_recursive
                && let (Some(old), Some(new)) = (&old_field.through, &new_field.through)
            {
                self.alter_many_to_many(old, new, states);
            }
        }
    }

    /// `unique_together` of a new model.
    fn defer_unique_together(&mut self, models: &Models<'_>, model: &Model) {
        let lists = match &model.state {
            Some(state) => state.options.unique_together.clone(),
            // The two sides of a table between models.
            None => Ok(vec![
                model
                    .columns
                    .iter()
                    .skip(1)
                    .map(|column| Arc::clone(&column.name))
                    .collect(),
            ]),
        };
        match lists {
            Ok(lists) => {
                for fields in lists {
                    let columns = model_columns(models, model, &fields);
                    let unique = super::constraints::unique_over(&model.table, &columns);
                    self.defer(unique);
                }
            }
            Err(why) => {
                self.defer_unread(model, &why);
            }
        }
    }
}

/// The columns of fields of a model, through its own columns first: a table between models is in no state.
pub(super) fn model_columns(
    models: &Models<'_>,
    model: &Model,
    fields: &[Arc<str>],
) -> Vec<Arc<str>> {
    fields
        .iter()
        .map(|field| match model.column(field) {
            Some(column) => Arc::clone(&column.column),
            None => models.column_named(&model.key, field),
        })
        .collect()
}

/// What `index_together` says; unknown or absent: nothing.
pub(super) fn index_together(model: &Model) -> Vec<Vec<Arc<str>>> {
    model
        .state
        .as_ref()
        .and_then(|state| state.options.index_together.clone().ok())
        .unwrap_or_default()
}
