//! The operations on constraints, and `unique_together` of a model that changes.

use std::sync::Arc;

use super::constraints::{stated_names, unique_name, unique_over};
use super::holes::is_hole;
use super::introspection::{Wanted, constraint_names};
use super::model::{Model, Models};
use super::tables::model_columns;
use super::{SchemaEditor, States};
use crate::django::expressions::quote_name;
use crate::django::operation::{Operation, Validation};
use crate::django::project_state::ModelConstraint;
use crate::schema::Why;

impl SchemaEditor<'_> {
    /// `AddConstraint`, `RemoveConstraint`, `ValidateConstraint` and their kin.
    pub(super) fn constraint_operation(&mut self, operation: &Operation, states: &States<'_>) {
        match operation {
            Operation::AddConstraint {
                model_name,
                constraint,
                validation,
            } => self.add_constraint(model_name, constraint, (*validation, states)),
            Operation::RemoveConstraint { model_name, name } => {
                self.remove_constraint(model_name, name, states);
            }
            Operation::ValidateConstraint { model_name, name } => {
                let key = self.key(model_name);
                if self.migrates(&states.from, &key) {
                    let table = quote_name(&states.from.table(&key));
                    let name = quote_name(name);
                    self.execute(&format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"));
                }
            }
            _ => {}
        }
    }

    pub(super) fn add_constraint(
        &mut self,
        model_name: &str,
        constraint: &ModelConstraint,
        (validation, states): (Validation, &States<'_>),
    ) {
        let key = self.key(model_name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let model = states.to.model(&key);
        let template = Self::create_constraint(&states.to, &model, constraint);
        let suffix = match validation {
            Validation::Validated => "",
            Validation::NotValid => " NOT VALID",
        };
        self.execute(&format!("{}{suffix}", template.render()));
    }

    pub(super) fn remove_constraint(
        &mut self,
        model_name: &str,
        name: &Arc<str>,
        states: &States<'_>,
    ) {
        let key = self.key(model_name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let model = states.to.model(&key);
        let old = states.from.model(&key);
        let constraints = old
            .state
            .as_ref()
            .map_or(Ok(Vec::new()), |state| state.options.constraints.clone());
        let constraint = constraints
            .unwrap_or_default()
            .into_iter()
            .find(|constraint| constraint.name.as_ref() == Ok(name));
        let is_index = constraint.is_some_and(|constraint| {
            Self::unique(&states.from, &old, &constraint).is_some_and(|unique| unique.is_index())
        });
        if is_index {
            self.execute(&format!("DROP INDEX IF EXISTS {}", quote_name(name)));
        } else {
            self.drop_constraint(&model.table, name);
        }
    }

    pub(super) fn drop_constraint(&mut self, table: &str, name: &str) {
        let (table, name) = (quote_name(table), quote_name(name));
        self.execute(&format!("ALTER TABLE {table} DROP CONSTRAINT {name}"));
    }

    /// `_delete_fk_sql`: pending checks run first, so that it can be dropped in the same transaction.
    pub(super) fn drop_foreign_key(&mut self, table: &str, name: &str) {
        let (table, name) = (quote_name(table), quote_name(name));
        self.execute(&format!(
            "SET CONSTRAINTS {name} IMMEDIATE; ALTER TABLE {table} DROP CONSTRAINT {name}"
        ));
    }

    /// The names of constraints or indexes over columns; a hole where there may be one whose name is not known.
    pub(super) fn names_over(
        &self,
        table: &str,
        columns: Option<&[&str]>,
        wanted: Wanted,
    ) -> Vec<Arc<str>> {
        if is_hole(table) || columns.is_some_and(|columns| columns.iter().any(|name| is_hole(name)))
        {
            return Vec::new();
        }
        let names = constraint_names(self.database.catalog(), table, columns, wanted);
        match names.unsure {
            Some(why) if names.found.is_empty() => vec![self.holes.name(&why)],
            _ => names.found,
        }
    }

    /// `AlterUniqueTogether.database_forwards`.
    pub(super) fn alter_unique_together(&mut self, name: &str, states: &States<'_>) {
        let key = self.key(name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let model = states.to.model(&key);
        let list = |models: &Models<'_>| {
            models.state.model(&key).map_or(Ok(Vec::new()), |state| {
                state.options.unique_together.clone()
            })
        };
        let (old, new) = match (list(&states.from), list(&states.to)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(why), _) | (_, Err(why)) => return self.doubt(&model.table, &why),
        };
        for fields in old.iter().filter(|fields| !new.contains(fields)) {
            self.drop_unique_together(&states.to, &model, fields);
        }
        for fields in new.iter().filter(|fields| !old.contains(fields)) {
            let columns = model_columns(&states.to, &model, fields);
            self.execute_template(&unique_over(&model.table, &columns));
        }
    }

    /// `_delete_composed_index` for a unique constraint.
    fn drop_unique_together(&mut self, models: &Models<'_>, model: &Model, fields: &[Arc<str>]) {
        let columns = model_columns(models, model, fields);
        let wanted = columns.iter().map(|column| &**column).collect::<Vec<_>>();
        let mut names = self.names_over(&model.table, Some(&wanted), Wanted::Unique);
        let stated = stated_names(model);
        names.retain(|name| !stated.contains(name));
        let usual = unique_name(&model.table, &columns).bare();
        let chosen = names
            .iter()
            .find(|name| **name == usual)
            .or_else(|| names.first())
            .cloned();
        if let Some(name) = chosen {
            return self.drop_constraint(&model.table, &name);
        }
        // Django stops here: the constraint that it has to drop is not in the database.
        let why = Why::new("Django finds no unique constraint over these columns");
        self.doubt(&model.table, &why);
    }
}
