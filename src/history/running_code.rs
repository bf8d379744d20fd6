//! What the code that runs during a deployment knows: the models as they were when it began.

use std::sync::Arc;

use crate::django::names::many_to_many_table_name;
use crate::django::project_state::{FieldsKnown, ModelState, ProjectState};
use crate::django::python::Static;
use crate::schema::{Identifier, RelationName};

use super::{Cause, Moment};

impl Moment {
    /// Whether the running code uses a table, or a column of it, as far as its models tell.
    ///
    /// A name that this deployment gave is none that the code knows: where it was renamed, that was said.
    /// What Django itself sends is about models, and a script stands apart from them. Hand-written SQL in a migration is
    /// about what a model of the running code has, or about what was taken out of Django's state in an earlier
    /// deployment and is in nobody's way; where that cannot be told, it is not said to be used.
    pub fn running_code_uses(&self, table: &RelationName, column: Option<&Identifier>) -> bool {
        if self.created_here.has_renamed(table, column) {
            return false;
        }
        match &self.cause {
            Cause::Django(_) | Cause::Sql { migration: None } => true,
            Cause::Sql { migration: Some(_) } => {
                let models = self.created_here.models();
                models.models().next().is_none() && !models.is_in_doubt()
                    || models
                        .models()
                        .any(|model| uses(models, model, table, column) == Ok(true))
            }
        }
    }
}

fn uses(
    state: &ProjectState,
    model: &Arc<ModelState>,
    table: &RelationName,
    column: Option<&Identifier>,
) -> Static<bool> {
    let own = state.table_name(&model.key)?;
    if Identifier::quoted(&own) == table.name {
        return match column {
            None => Ok(true),
            Some(column) => has_column(state, model, column),
        };
    }
    for (name, field) in &model.fields {
        if !field.is_many_to_many() {
            continue;
        }
        let given = match &field.relation {
            Some(relation) => relation.db_table.clone()?,
            None => None,
        };
        let through = given.unwrap_or_else(|| many_to_many_table_name(&own, name).into());
        if Identifier::quoted(&through) == table.name {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_column(state: &ProjectState, model: &Arc<ModelState>, column: &Identifier) -> Static<bool> {
    let fields = match state.local_fields(&model.key) {
        Ok(fields) => fields,
        Err(_) => model.fields.clone(),
    };
    for (name, field) in &fields {
        if field
            .column(name)?
            .is_some_and(|own| Identifier::quoted(&own) == *column)
        {
            return Ok(true);
        }
    }
    match &model.fields_known {
        FieldsKnown::All => Ok(false),
        FieldsKnown::Open(why) => Err(why.clone()),
    }
}
