//! Constraints of tables: foreign keys, unique, CHECK, exclusion.

use std::sync::Arc;

use super::SchemaEditor;
use super::model::{Column, Model, Models};
use super::tables::model_columns;
use super::template::{GeneratedName, GeneratedNameKind, Template};
use crate::django::expressions::{condition_sql, quote_name};
use crate::django::names::NameSuffix;
use crate::django::project_state::{Deferrable, ModelConstraint, ModelConstraintKind};
use crate::django::python::{Static, Value};

pub(super) const DEFERRABLE: &str = " DEFERRABLE INITIALLY DEFERRED";

/// A unique constraint or index as Django's model states it, all parts read.
pub(super) struct Unique<'a> {
    name: Arc<str>,
    columns: Vec<Arc<str>>,
    opclasses: Vec<Arc<str>>,
    expressions: &'a [Value],
    condition: Option<String>,
    include: Vec<Arc<str>>,
    deferrable: String,
    nulls: String,
}

impl Unique<'_> {
    /// Such a constraint exists as an index alone.
    pub(super) fn is_index(&self) -> bool {
        self.condition.is_some()
            || !self.include.is_empty()
            || !self.opclasses.is_empty()
            || !self.expressions.is_empty()
    }
}

impl SchemaEditor<'_> {
    /// `_create_fk_sql` with the whole suffix.
    pub(super) fn foreign_key(model: &Model, column: &Column) -> Option<Template> {
        let target = column.target.as_ref()?;
        let kind = GeneratedNameKind::ForeignKey {
            to_table: Arc::clone(&target.table),
            to_column: Arc::clone(&target.column),
        };
        foreign_key_named(model, column, kind)
    }

    /// The constraints that stand in CREATE TABLE; others go into the queue.
    pub(super) fn table_constraints(
        &mut self,
        models: &Models<'_>,
        model: &Model,
        has_parameters: bool,
    ) -> Vec<String> {
        let mut inline = Vec::new();
        match model
            .state
            .as_ref()
            .map(|state| state.options.constraints.clone())
        {
            None => {}
            Some(Err(why)) => {
                self.defer_unread(model, &why);
            }
            Some(Ok(constraints)) => {
                for constraint in &constraints {
                    let mut constraint = (**constraint).clone();
                    constraint.name = constraint.name.map(|name| name_in_meta(model, &name));
                    if has_parameters {
                        let template = Self::create_constraint(models, model, &constraint);
                        self.defer(template);
                    } else if let Some(text) = self.inline_constraint(models, model, &constraint) {
                        inline.push(text);
                    }
                }
            }
        }
        if !model.composite_key.is_empty() {
            let columns = quoted_list(&model.composite_key);
            inline.push(format!("PRIMARY KEY ({columns})"));
        }
        inline
    }

    /// `constraint_sql`: the text inside CREATE TABLE; `None`: it went into the queue.
    fn inline_constraint(
        &mut self,
        models: &Models<'_>,
        model: &Model,
        constraint: &ModelConstraint,
    ) -> Option<String> {
        let name = quote_name(&models.holes.name_or_hole(&constraint.name));
        match &constraint.kind {
            Ok(ModelConstraintKind::Check { condition }) => {
                let check = Self::condition(models, model, condition);
                Some(format!("CONSTRAINT {name} CHECK ({check})"))
            }
            Ok(ModelConstraintKind::Unique { .. }) => {
                let mut unique = Self::unique(models, model, constraint)?;
                if unique.is_index() || !unique.nulls.is_empty() {
                    // `_unique_sql` forgets it here.
                    unique.deferrable.clear();
                    let template = Self::create_unique(models, model, &unique);
                    self.defer(template);
                    return None;
                }
                let columns = quoted_list(&unique.columns);
                let deferrable = &unique.deferrable;
                Some(format!("CONSTRAINT {name} UNIQUE ({columns}){deferrable}"))
            }
            Ok(ModelConstraintKind::Exclusion) => {
                Some(Self::exclusion(models, model, constraint).render())
            }
            Err(why) => {
                self.defer_unread(model, why);
                None
            }
        }
    }

    /// `create_sql`: a statement of its own.
    pub(super) fn create_constraint(
        models: &Models<'_>,
        model: &Model,
        constraint: &ModelConstraint,
    ) -> Template {
        let name = quote_name(&models.holes.name_or_hole(&constraint.name));
        let alter = Template::default().text("ALTER TABLE ").table(&model.table);
        match &constraint.kind {
            Ok(ModelConstraintKind::Check { condition }) => {
                let check = Self::condition(models, model, condition);
                alter.text(format!(" ADD CONSTRAINT {name} CHECK ({check})"))
            }
            Ok(ModelConstraintKind::Unique { .. }) => {
                match Self::unique(models, model, constraint) {
                    Some(unique) => Self::create_unique(models, model, &unique),
                    None => alter,
                }
            }
            Ok(ModelConstraintKind::Exclusion) => alter
                .text(" ADD ")
                .then(Self::exclusion(models, model, constraint)),
            Err(why) => alter.text(format!(" {}", models.holes.text(why))),
        }
    }

    /// A condition of a CHECK or an index, or a hole.
    pub(super) fn condition(models: &Models<'_>, model: &Model, condition: &Value) -> String {
        let scope = models.scope(&model.key);
        models.holes.or_hole(condition_sql(condition, &scope))
    }

    pub(super) fn unique<'c>(
        models: &Models<'_>,
        model: &Model,
        constraint: &'c ModelConstraint,
    ) -> Option<Unique<'c>> {
        let Ok(ModelConstraintKind::Unique {
            fields,
            expressions,
            condition,
            include,
            opclasses,
            deferrable,
            nulls_distinct,
        }) = &constraint.kind
        else {
            return None;
        };
        let columns = |fields: &Static<Vec<Arc<str>>>| match fields {
            Ok(fields) => model_columns(models, model, fields),
            Err(why) => vec![models.holes.name(why)],
        };
        Some(Unique {
            name: models.holes.name_or_hole(&constraint.name),
            columns: columns(fields),
            opclasses: opclasses
                .clone()
                .unwrap_or_else(|why| vec![models.holes.name(&why)]),
            expressions,
            condition: condition
                .as_ref()
                .filter(|condition| !condition.is_none())
                .map(|condition| Self::condition(models, model, condition)),
            include: columns(include),
            deferrable: deferrable_sql(models, deferrable),
            nulls: match nulls_distinct {
                Ok(Some(false)) => " NULLS NOT DISTINCT".to_owned(),
                Ok(Some(true)) => " NULLS DISTINCT".to_owned(),
                Ok(None) => String::new(),
                Err(why) => format!(" {}", models.holes.text(why)),
            },
        })
    }

    /// `_create_unique_sql`.
    fn create_unique(models: &Models<'_>, model: &Model, unique: &Unique<'_>) -> Template {
        let name = quote_name(&unique.name);
        if !unique.is_index() {
            return Template::default()
                .text("ALTER TABLE ")
                .table(&model.table)
                .text(format!(" ADD CONSTRAINT {name} UNIQUE{} (", unique.nulls))
                .columns(&model.table, &unique.columns)
                .text(format!("){}", unique.deferrable));
        }
        let head = Template::default()
            .text(format!("CREATE UNIQUE INDEX {name} ON "))
            .table(&model.table)
            .text(" (");
        let keys = if unique.columns.is_empty() {
            Self::expression_list(models, model, unique.expressions)
        } else {
            let mut opclasses = unique.opclasses.iter().map(ToString::to_string);
            let columns = unique
                .columns
                .iter()
                .map(|column| (Arc::clone(column), opclasses.next().unwrap_or_default()))
                .collect();
            Template::default().columns_with_suffixes(&model.table, columns)
        };
        let condition = unique
            .condition
            .as_ref()
            .map_or_else(String::new, |condition| format!(" WHERE {condition}"));
        head.then(keys)
            .text(")")
            .then(include_template(model, &unique.include))
            .text(format!("{}{condition}", unique.nulls))
    }
}

/// `_create_unique_sql` with a name that Django makes.
pub(super) fn unique_over(table: &Arc<str>, columns: &[Arc<str>]) -> Template {
    Template::default()
        .text("ALTER TABLE ")
        .table(table)
        .text(" ADD CONSTRAINT ")
        .name(unique_name(table, columns))
        .text(" UNIQUE (")
        .columns(table, columns)
        .text(")")
}

pub(super) fn unique_name(table: &Arc<str>, columns: &[Arc<str>]) -> GeneratedName {
    GeneratedName {
        table: Arc::clone(table),
        columns: columns.to_vec(),
        kind: GeneratedNameKind::Suffix(NameSuffix::Unique),
    }
}

/// `_create_fk_sql` with a name of some kind.
pub(super) fn foreign_key_named(
    model: &Model,
    column: &Column,
    kind: GeneratedNameKind,
) -> Option<Template> {
    let target = column.target.as_ref()?;
    let columns = [Arc::clone(&column.column)];
    let name = GeneratedName {
        table: Arc::clone(&model.table),
        columns: columns.to_vec(),
        kind,
    };
    Some(
        Template::default()
            .text("ALTER TABLE ")
            .table(&model.table)
            .text(" ADD CONSTRAINT ")
            .name(name)
            .text(" FOREIGN KEY (")
            .columns(&model.table, &columns)
            .text(") REFERENCES ")
            .table(&target.table)
            .text(" (")
            .columns(&target.table, &[Arc::clone(&target.column)])
            .text(format!("){DEFERRABLE}")),
    )
}

fn deferrable_sql(models: &Models<'_>, deferrable: &Static<Option<Deferrable>>) -> String {
    match deferrable {
        Ok(Some(Deferrable::Deferred)) => DEFERRABLE.to_owned(),
        Ok(Some(Deferrable::Immediate)) => " DEFERRABLE INITIALLY IMMEDIATE".to_owned(),
        Ok(None) => String::new(),
        Err(why) => format!(" {}", models.holes.text(why)),
    }
}

/// The names of constraints and indexes that `Meta` states: look-ups by structure leave them out.
pub(super) fn stated_names(model: &Model) -> Vec<Arc<str>> {
    let mut names = stated_constraints(model);
    names.extend(stated_indexes(model));
    names
}

pub(super) fn stated_constraints(model: &Model) -> Vec<Arc<str>> {
    let state = model.state.iter();
    let stated = state.flat_map(|state| state.options.constraints.iter().flatten());
    stated
        .filter_map(|constraint| constraint.name.clone().ok())
        .map(|name| name_in_meta(model, &name))
        .collect()
}

pub(super) fn stated_indexes(model: &Model) -> Vec<Arc<str>> {
    let state = model.state.iter();
    let stated = state.flat_map(|state| state.options.indexes.iter().flatten());
    stated
        .filter_map(|index| index.name.clone().ok().flatten())
        .map(|name| name_in_meta(model, &name))
        .collect()
}

/// `_format_names` of `django/db/models/options.py`: `%(app_label)s` and `%(class)s` in names that `Meta` states.
pub(super) fn name_in_meta(model: &Model, name: &Arc<str>) -> Arc<str> {
    if !name.contains('%') {
        return Arc::clone(name);
    }
    name.replace("%(app_label)s", &model.key.app_label.to_lowercase())
        .replace("%(class)s", &model.key.model_name)
        .replace("%%", "%")
        .into()
}

/// `_index_include_sql`.
pub(super) fn include_template(model: &Model, include: &[Arc<str>]) -> Template {
    if include.is_empty() {
        return Template::default();
    }
    Template::default()
        .text(" INCLUDE (")
        .columns(&model.table, include)
        .text(")")
}

pub(super) fn quoted_list(columns: &[Arc<str>]) -> String {
    columns
        .iter()
        .map(|column| quote_name(column))
        .collect::<Vec<_>>()
        .join(", ")
}
