//! Indexes: of fields, of `Meta.indexes`, and the ones for LIKE.

use std::sync::Arc;

use super::constraints::{include_template, name_in_meta};
use super::holes::is_hole;
use super::introspection::Wanted;
use super::model::{Column, Model, Models};
use super::tables::{index_together, model_columns};
use super::template::{GeneratedName, GeneratedNameKind, Template};
use super::{SchemaEditor, States};
use crate::django::expressions::{index_expression, quote_name};
use crate::django::names::{NameSuffix, OrderedColumn, model_index_name};
use crate::django::operation::{IndexBuild, Operation, RenamedIndex};
use crate::django::project_state::{IndexKind, ModelIndex, ModelIndexKey};
use crate::django::python::{Static, Value, ValueKind};
use crate::schema::Why;

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
                let hole = models.holes.text(&why);
                self.defer(
                    Template::default()
                        .text("ALTER TABLE ")
                        .table(&model.table)
                        .text(format!(" {hole}")),
                );
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
            .text(format!("){}", tablespace_sql(model.tablespace.as_ref())))
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
    #[expect(clippy::too_many_lines, reason = "the clauses of one statement")]
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
            .or_else(|| single_tablespace(model, &columns))
            .or_else(|| model.tablespace.clone());
        let extra = format!(
            "{}{}",
            with_parameters(index),
            tablespace_sql(tablespace.as_ref())
        );
        Template::default()
            .text(format!("CREATE INDEX {concurrently}"))
            .name(name)
            .text(" ON ")
            .table(&model.table)
            .text(format!("{using} ("))
            .then(keys)
            .text(")")
            .then(include_template(model, &include))
            .text(format!("{extra}{condition}"))
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

    /// `_delete_index_sql`.
    pub(super) fn drop_index(&mut self, table: &str, name: &str, build: IndexBuild) {
        if self.dialect.discards_deferred_index() {
            self.discard(|template| template.references_index(table, name));
        }
        let concurrently = match build {
            IndexBuild::Blocking => "",
            IndexBuild::Concurrently => "CONCURRENTLY ",
        };
        let name = quote_name(name);
        self.execute(&format!("DROP INDEX {concurrently}IF EXISTS {name}"));
    }

    /// `AddIndex`, `RemoveIndex`, `RenameIndex` and their kin.
    pub(super) fn index_operation(&mut self, operation: &Operation, states: &States<'_>) {
        match operation {
            Operation::AddIndex {
                model_name,
                index,
                build,
            } => {
                let key = self.key(model_name);
                if self.migrates(&states.to, &key) {
                    let model = states.to.model(&key);
                    let template = Self::create_index(&states.to, &model, (index, *build));
                    self.execute_template(&template);
                }
            }
            Operation::RemoveIndex {
                model_name,
                name,
                build,
            } => {
                let key = self.key(model_name);
                if self.migrates(&states.from, &key) {
                    let table = states.from.table(&key);
                    self.drop_index(&table, name, *build);
                }
            }
            Operation::RenameIndex {
                model_name,
                new_name,
                old,
            } => self.rename_index(model_name, (old, new_name), states),
            _ => {}
        }
    }

    fn rename_index(
        &mut self,
        model_name: &str,
        (old, new_name): (&RenamedIndex, &Arc<str>),
        states: &States<'_>,
    ) {
        let key = self.key(model_name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let old_name = match old {
            RenamedIndex::Name(name) => Arc::clone(name),
            RenamedIndex::Fields(fields) => {
                let model = states.from.model(&key);
                let columns = model_columns(&states.from, &model, fields);
                let wanted = columns.iter().map(|column| &**column).collect::<Vec<_>>();
                let names = self.names_over(&model.table, Some(&wanted), Wanted::Index);
                let [name] = names.as_slice() else {
                    let why = Why::new(format!(
                        "Django finds {} indexes over the columns, not one",
                        names.len()
                    ));
                    return self.doubt(&model.table, &why);
                };
                Arc::clone(name)
            }
        };
        if old_name != *new_name {
            let (old, new) = (quote_name(&old_name), quote_name(new_name));
            self.execute(&format!("ALTER INDEX {old} RENAME TO {new}"));
        }
    }

    /// `AlterIndexTogether.database_forwards`.
    pub(super) fn alter_index_together(&mut self, name: &str, states: &States<'_>) {
        let key = self.key(name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let (from, model) = (states.from.model(&key), states.to.model(&key));
        let (old, new) = (index_together(&from), index_together(&model));
        for fields in old.iter().filter(|fields| !new.contains(fields)) {
            let columns = model_columns(&states.to, &model, fields);
            let wanted = columns.iter().map(|column| &**column).collect::<Vec<_>>();
            let mut names = self.names_over(&model.table, Some(&wanted), Wanted::Index);
            let in_meta = super::constraints::stated_names(&model);
            names.retain(|name| !in_meta.contains(name));
            if let [name] = names.as_slice() {
                self.drop_index_of_constraint(name);
            } else {
                let why = Why::new("Django does not find the index of these columns");
                self.doubt(&model.table, &why);
            }
        }
        for fields in new.iter().filter(|fields| !old.contains(fields)) {
            let index = Self::field_list_index(&states.to, &model, fields);
            self.execute_template(&index);
        }
    }

    /// `_delete_constraint_sql` with `sql_delete_index`: the queue is left alone.
    fn drop_index_of_constraint(&mut self, name: &str) {
        self.execute(&format!("DROP INDEX IF EXISTS {}", quote_name(name)));
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

/// The columns of keys that are fields, each with whether it descends.
fn key_columns(
    models: &Models<'_>,
    model: &Model,
    keys: &[ModelIndexKey],
) -> Vec<(Arc<str>, bool)> {
    keys.iter()
        .filter_map(|key| match key {
            ModelIndexKey::Field { name, descending } => {
                let column = model_columns(models, model, std::slice::from_ref(name));
                Some((column.into_iter().next()?, *descending))
            }
            ModelIndexKey::Expression(_) => None,
        })
        .collect()
}

/// The name that was given, or `set_name_with_model`.
fn index_name(models: &Models<'_>, model: &Model, index: &ModelIndex) -> Arc<str> {
    match &index.name {
        Ok(Some(name)) => Arc::clone(name),
        Err(why) => models.holes.name(why),
        Ok(None) => {
            let keys = index.keys.clone().unwrap_or_default();
            let columns = key_columns(models, model, &keys);
            if is_hole(&model.table) || columns.iter().any(|(column, _)| is_hole(column)) {
                let why = Why::new("the name is made of others that are not known");
                return models.holes.name(&why);
            }
            let ordered = columns
                .iter()
                .map(|(column, descending)| OrderedColumn {
                    column,
                    descending: *descending,
                })
                .collect::<Vec<_>>();
            let suffix = match index_kind(index) {
                Ok(Some(kind)) => method(kind),
                Ok(None) | Err(_) => "idx",
            };
            model_index_name(&model.table, &ordered, suffix).into()
        }
    }
}

/// The kind of an index class of `django.contrib.postgres`; `None`: `models.Index`, which names no method.
fn index_kind(index: &ModelIndex) -> Static<Option<IndexKind>> {
    let kind = index.kind.clone()?;
    let is_plain = kind == IndexKind::BTree
        && !matches!(&index.call.callee.kind, ValueKind::Name(name) if name.last() == "BTreeIndex");
    Ok((!is_plain).then_some(kind))
}

fn using_sql(index: &ModelIndex) -> Static<String> {
    Ok(index_kind(index)?.map_or_else(String::new, |kind| format!(" USING {}", method(kind))))
}

fn method(kind: IndexKind) -> &'static str {
    match kind {
        IndexKind::BTree => "btree",
        IndexKind::Hash => "hash",
        IndexKind::Gin => "gin",
        IndexKind::Gist => "gist",
        IndexKind::SpGist => "spgist",
        IndexKind::Brin => "brin",
        IndexKind::Bloom => "bloom",
    }
}

/// `get_with_params` of the index classes in `django/contrib/postgres/indexes.py`, in their order.
fn with_parameters(index: &ModelIndex) -> String {
    let call = &index.call;
    let number = |name: &str| match call.keyword(name).map(|value| &value.kind) {
        Some(ValueKind::Int(number)) => Some(format!("{name} = {number}")),
        _ => None,
    };
    let switch = |name: &str| match call.keyword(name).map(|value| &value.kind) {
        Some(ValueKind::Bool(true)) => Some(format!("{name} = on")),
        Some(ValueKind::Bool(false)) => Some(format!("{name} = off")),
        _ => None,
    };
    let mut parameters = [
        number("length"),
        switch("autosummarize"),
        number("pages_per_range"),
        switch("buffering"),
        number("fillfactor"),
        switch("deduplicate_items"),
        number("gin_pending_list_limit"),
        switch("fastupdate"),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>();
    let columns = call.keyword("columns").and_then(Value::items);
    for (place, column) in columns.unwrap_or_default().iter().enumerate() {
        if let ValueKind::Int(bits) = column.kind {
            parameters.push(format!("col{} = {bits}", place + 1));
        }
    }
    if parameters.is_empty() {
        String::new()
    } else {
        format!(" WITH ({})", parameters.join(", "))
    }
}

fn single_tablespace(model: &Model, columns: &[(Arc<str>, bool)]) -> Option<Arc<str>> {
    let [(only, _)] = columns else {
        return None;
    };
    model
        .columns
        .iter()
        .find(|column| column.column == *only)
        .and_then(|column| column.tablespace.clone())
}

fn tablespace_sql(tablespace: Option<&Arc<str>>) -> String {
    tablespace.map_or_else(String::new, |name| {
        format!(" TABLESPACE {}", quote_name(name))
    })
}

/// Whether a collation compares byte for byte in the end. Django asks `pg_collation`; of one that a migration
/// made only the name is known here, and such are made to be non-deterministic.
fn is_deterministic(collation: &str) -> bool {
    matches!(
        collation,
        "C" | "POSIX" | "default" | "ucs_basic" | "unicode"
    ) || collation.ends_with("-x-icu")
        || collation.contains(".utf8")
        || collation.contains(".UTF-8")
        || collation.len() == 5 && collation.get(2..3) == Some("_")
}
