//! What a column that must be given a value is given: never a value that somebody made up.

use std::sync::Arc;

use super::Remedy;
use crate::django::operation::{LocatedOperation, Operation};
use crate::django::project_state::{Field, ModelKey, NamedField, ProjectState};
use crate::django::schema_editor::kept_default;
use crate::schema::{Column, Expr, Identifier, Supply, Why};
use crate::sql;

impl Remedy<'_> {
    /// What the recorded migrations keep in the database; else what the model's field says; else what the field said
    /// that the migrations know.
    pub(super) fn value_for(&self, column: &Identifier) -> Result<Expr, Why> {
        let sides = self.table.sides;
        let recorded = sides.recorded.column(self.table.name, column).found();
        if let Some(Supply::Default(expr)) = recorded.map(|column| &column.supply) {
            return Ok(expr.clone());
        }
        let mut reason = Why::new("no field of a model or migration has this column");
        for (state, key, name, field) in self.fields_of(column) {
            match kept_default(state, (&key, &name, &field), sides.django) {
                Ok(Some(text)) => match sql::expression(&text) {
                    Expr::Unknown(why) => reason = why,
                    known @ Expr::Known(_) => return Ok(known),
                },
                Ok(None) => reason = Why::new("its field has no default"),
                Err(why) => reason = why,
            }
        }
        Err(reason)
    }

    /// The fields with this column: the models', the migrations' own, and the last that a migration wrote, of those that
    /// have left the state.
    fn fields_of(&self, column: &Identifier) -> Vec<FieldOf<'_>> {
        let history = self.table.sides.history;
        let models = history.models.iter().map(|models| &models.state);
        let mut fields = Vec::new();
        for model in self.table.models {
            let key = &model.model.key;
            for state in models.clone().chain([&history.end_state]) {
                let local = state.local_fields(key).unwrap_or_default();
                let found = local
                    .into_iter()
                    .find(|(name, field)| is_in(column, name, field));
                fields.extend(found.map(|(name, field)| (state, key.clone(), name, field)));
            }
            let written = history
                .migrations
                .iter()
                .filter(|replayed| replayed.migration.key.app_label == key.app_label)
                .flat_map(|replayed| written_fields(&replayed.migration.operations, key))
                .filter(|(name, field)| is_in(column, name, field));
            let last = written.last();
            fields.extend(last.map(|(name, field)| (&history.end_state, key.clone(), name, field)));
        }
        fields
    }

    /// Whether rows may stand in the table: then a NOT NULL column needs a value.
    pub(super) fn needs_value(column: &Column) -> bool {
        column.must_be_given()
    }
}

/// A field as a state has it, or as a migration wrote it.
type FieldOf<'a> = (&'a ProjectState, ModelKey, Arc<str>, Arc<Field>);

fn is_in(column: &Identifier, name: &str, field: &Field) -> bool {
    matches!(field.column(name), Ok(Some(known)) if Identifier::quoted(&known) == *column)
}

/// The fields that operations give to a model, in their order.
fn written_fields(operations: &[LocatedOperation], model: &ModelKey) -> Vec<NamedField> {
    let is_of = |name: &str| name.to_lowercase() == *model.model_name;
    let mut fields = Vec::new();
    for located in operations {
        match &located.operation {
            Operation::CreateModel(create) if is_of(&create.name) => {
                fields.extend(create.fields.iter().cloned());
            }
            Operation::AddField {
                model_name,
                name,
                field,
                ..
            }
            | Operation::AlterField {
                model_name,
                name,
                field,
                ..
            } if is_of(model_name) => fields.push((Arc::clone(name), Arc::clone(field))),
            Operation::SeparateDatabaseAndState {
                database_operations,
                ..
            } => fields.extend(written_fields(database_operations, model)),
            _ => {}
        }
    }
    fields
}
