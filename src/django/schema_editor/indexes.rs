//! Indexes: of fields, of `Meta.indexes`, and the ones for LIKE.

use std::sync::Arc;

use super::SchemaEditor;
use super::constraints::include_template;
use super::constraints::name_in_meta;
use super::holes::is_hole;
use super::index_clauses::{
    index_name, is_deterministic, key_columns, single_tablespace, tablespace_sql, using_sql,
    with_parameters,
};
use super::model::{Column, Model, Models};
use super::tables::{index_together, model_columns};
use super::template::{GeneratedName, GeneratedNameKind, Template};
use crate::django::expressions::index_expression;
use crate::django::names::NameSuffix;
use crate::django::operation::IndexBuild;
use crate::django::project_state::{ModelIndex, ModelIndexKey};
use crate::django::python::Value;

impl SchemaEditor<'_> {
    /// `_model_indexes_sql`: those of fields, then those of `Meta`.
    pub(super) fn defer_indexes(&mut self, models: &Models<'_>, model: &Model) {
        for column in &model.columns {
            self.defer_field_indexes(models, model, column);
        }
        if self.dialect.defers_index_together() {
            for fields in index_together(model) {
                let index = Self::field_list_index(models, model, &fields);
                self.defer(index);
            }
        }
        match model
            .state
            .as_ref()
            .map(|state| state.options.indexes.clone())
        {
            None => {}
            Some(Ok(indexes)) => {
                for index in &indexes {
                    let mut index = (**index).clone();
                    index.name = index
                        .name
                        .map(|name| name.map(|name| name_in_meta(model, &name)));
                    let template =
                        Self::create_index(models, model, (&index, IndexBuild::Blocking));
                    self.defer(template);
                }
            }
            Some(Err(why)) => {
                self.defer_unread(model, &why);
            }
        }
    }

    /// `_field_indexes_sql`.
    pub(super) fn defer_field_indexes(
        &mut self,
        models: &Models<'_>,
        model: &Model,
        column: &Column,
    ) {
        if column.db_index && !column.unique {
            self.defer(Self::field_index(models, model, column));
        }
        if let Some(like) = self.like_index(models, model, column) {
            self.defer(like);
        }
    }

    /// `_create_index_sql` for one field.
    pub(super) fn field_index(_models: &Models<'_>, model: &Model, column: &Column) -> Template {
        plain_index(model, &[column], NameSuffix::FieldIndex, None)
    }

    /// `index_together`: `_create_index_sql(fields, suffix="_idx")`.
    pub(super) fn field_list_index(
        models: &Models<'_>,
        model: &Model,
        fields: &[Arc<str>],
    ) -> Template {
        let columns = model_columns(models, model, fields);
        let tablespace = match fields {
            [field] => model
                .column(field)
                .and_then(|column| column.tablespace.clone()),
            _ => None,
        };
        let tablespace = tablespace.as_ref().or(model.tablespace.as_ref());
        let name = GeneratedName {
            table: Arc::clone(&model.table),
            columns: columns.clone(),
            kind: GeneratedNameKind::Suffix(NameSuffix::Index),
        };
        Template::default()
            .text("CREATE INDEX ")
            .name(name)
            .text(" ON ")
            .table(&model.table)
            .text(" (")
            .columns(&model.table, &columns)
            .text(format!("){}", tablespace_sql(tablespace)))
    }

    /// `_create_like_index_sql`: LIKE needs an operator class of its own outside the C locale.
    pub(super) fn like_index(
        &self,
        models: &Models<'_>,
        model: &Model,
        column: &Column,
    ) -> Option<Template> {
        if !(column.db_index || column.unique) || column.data_type.contains('[') {
            return None;
        }
        let minds_target = self.dialect.like_index_minds_target_collation();
        let collation = column
            .collation
            .as_ref()
            .filter(|_| column.target.is_none() || minds_target);
        if collation.is_some_and(|collation| !is_deterministic(collation)) {
            return None;
        }
        let opclass = if column.data_type.starts_with("varchar") {
            "varchar_pattern_ops"
        } else if column.data_type.starts_with("text") {
            "text_pattern_ops"
        } else if is_hole(&column.data_type) {
            // A type that is not known may want one, too.
            return Some(
                Template::default()
                    .text(format!("CREATE INDEX {} ON ", column.data_type))
                    .table(&model.table)
                    .text(" (")
                    .columns(&model.table, &[Arc::clone(&column.column)])
                    .text(")"),
            );
        } else {
            return None;
        };
        let _ = models;
        Some(plain_index(
            model,
            &[column],
            NameSuffix::Like,
            Some(opclass),
        ))
    }

    /// `Index.create_sql`.
    pub(super) fn create_index(
        models: &Models<'_>,
        model: &Model,
        (index, build): (&ModelIndex, IndexBuild),
    ) -> Template {
        let concurrently = match build {
            IndexBuild::Blocking => "",
            IndexBuild::Concurrently => "CONCURRENTLY ",
        };
        let keys = match &index.keys {
            Ok(keys) => Self::index_keys(models, model, (index, keys)),
            Err(why) => Template::default().text(models.holes.text(why)),
        };
        let columns = index
            .keys
            .as_ref()
            .map(|keys| key_columns(models, model, keys))
            .unwrap_or_default();
        let name = GeneratedName {
            table: Arc::clone(&model.table),
            columns: columns
                .iter()
                .map(|(column, _)| Arc::clone(column))
                .collect(),
            kind: GeneratedNameKind::Given(index_name(models, model, index)),
        };
        let using = models.holes.or_hole(using_sql(index));
        let include = match &index.include {
            Ok(fields) => model_columns(models, model, fields),
            Err(why) => vec![models.holes.name(why)],
        };
        Template::default()
            .text(format!("CREATE INDEX {concurrently}"))
            .name(name)
            .text(" ON ")
            .table(&model.table)
            .text(format!("{using} ("))
            .then(keys)
            .text(")")
            .then(include_template(model, &include))
            .text(Self::index_extra(models, model, (index, &columns)))
    }

    /// What stands at the end: parameters, tablespace, condition.
    fn index_extra(
        models: &Models<'_>,
        model: &Model,
        (index, columns): (&ModelIndex, &[(Arc<str>, bool)]),
    ) -> String {
        let condition = index
            .condition
            .as_ref()
            .filter(|condition| !condition.is_none())
            .map_or_else(String::new, |condition| {
                format!(" WHERE {}", Self::condition(models, model, condition))
            });
        let own_tablespace = match &index.db_tablespace {
            Ok(name) => name.clone(),
            Err(why) => Some(models.holes.name(why)),
        };
        let tablespace = own_tablespace
            .or_else(|| single_tablespace(model, columns))
            .or_else(|| model.tablespace.clone());
        format!(
            "{}{}{condition}",
            with_parameters(index),
            tablespace_sql(tablespace.as_ref())
        )
    }

    fn index_keys(
        models: &Models<'_>,
        model: &Model,
        (index, keys): (&ModelIndex, &[ModelIndexKey]),
    ) -> Template {
        let expressions = keys
            .iter()
            .filter_map(|key| match key {
                ModelIndexKey::Expression(value) => Some(value.clone()),
                ModelIndexKey::Field { .. } => None,
            })
            .collect::<Vec<_>>();
        if !expressions.is_empty() {
            return Self::expression_list(models, model, &expressions);
        }
        let opclasses = match &index.opclasses {
            Ok(opclasses) => opclasses.clone(),
            Err(why) => return Template::default().text(models.holes.text(why)),
        };
        let columns = key_columns(models, model, keys)
            .into_iter()
            .enumerate()
            .map(|(place, (column, descending))| {
                let opclass = opclasses.get(place).map(|opclass| &**opclass);
                let order = descending.then_some("DESC");
                let suffix = opclass
                    .into_iter()
                    .chain(order)
                    .collect::<Vec<_>>()
                    .join(" ");
                (column, suffix)
            })
            .collect();
        Template::default().columns_with_suffixes(&model.table, columns)
    }

    /// `ExpressionList` of `IndexExpression`s.
    pub(super) fn expression_list(
        models: &Models<'_>,
        model: &Model,
        expressions: &[Value],
    ) -> Template {
        let scope = models.scope(&model.key);
        let mut columns = Vec::new();
        let mut texts = Vec::new();
        for expression in expressions {
            match index_expression(expression, &scope) {
                Ok(compiled) => {
                    columns.extend(compiled.columns);
                    texts.push(compiled.sql);
                }
                Err(why) => texts.push(models.holes.text(&why)),
            }
        }
        Template::default().expressions(&model.table, columns, texts.join(", "))
    }
}

/// An index over columns of fields with a generated name.
fn plain_index(
    model: &Model,
    columns: &[&Column],
    suffix: NameSuffix,
    opclass: Option<&str>,
) -> Template {
    let names = columns
        .iter()
        .map(|column| Arc::clone(&column.column))
        .collect::<Vec<_>>();
    let tablespace = match columns {
        [column] => column.tablespace.clone(),
        _ => None,
    }
    .or_else(|| model.tablespace.clone());
    let keys = names
        .iter()
        .map(|name| (Arc::clone(name), opclass.unwrap_or_default().to_owned()))
        .collect();
    let name = GeneratedName {
        table: Arc::clone(&model.table),
        columns: names,
        kind: GeneratedNameKind::Suffix(suffix),
    };
    Template::default()
        .text("CREATE INDEX ")
        .name(name)
        .text(" ON ")
        .table(&model.table)
        .text(" (")
        .columns_with_suffixes(&model.table, keys)
        .text(format!("){}", tablespace_sql(tablespace.as_ref())))
}
