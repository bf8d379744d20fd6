//! What a column that must be given a value is given: never a value that somebody made up.

use super::Remedy;
use crate::django::project_state::{ModelKey, ProjectState};
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
        let states = sides
            .history
            .models
            .iter()
            .map(|models| &models.state)
            .chain([&sides.history.end_state]);
        for state in states {
            for key in self.models_with(state) {
                match value_in(state, &key, column, sides.django) {
                    Some(Ok(value)) => return Ok(value),
                    Some(Err(why)) => reason = why,
                    None => {}
                }
            }
        }
        Err(reason)
    }

    fn models_with(&self, state: &ProjectState) -> Vec<ModelKey> {
        let models = self
            .table
            .models
            .iter()
            .map(|model| model.model.key.clone());
        models.filter(|key| state.model(key).is_some()).collect()
    }

    /// Whether rows may stand in the table: then a NOT NULL column needs a value.
    pub(super) fn needs_value(column: &Column) -> bool {
        column.must_be_given()
    }
}

fn value_in(
    state: &ProjectState,
    key: &ModelKey,
    column: &Identifier,
    django: crate::django::version::DjangoVersion,
) -> Option<Result<Expr, Why>> {
    let fields = state.local_fields(key).ok()?;
    let (name, _) = fields.iter().find(|(name, field)| {
        matches!(field.column(name), Ok(Some(known)) if Identifier::quoted(&known) == *column)
    })?;
    Some(match kept_default(state, (key, name), django) {
        Ok(Some(text)) => match sql::expression(&text) {
            Expr::Unknown(why) => Err(why),
            known @ Expr::Known(_) => Ok(known),
        },
        Ok(None) => Err(Why::new("its field has no default")),
        Err(why) => Err(why),
    })
}
