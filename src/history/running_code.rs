//! What the code that runs during a deployment knows: the models as they were when it began.

use std::sync::Arc;

use crate::django::names::many_to_many_table_name;
use crate::django::project_state::{FieldsKnown, ModelState, ProjectState};
use crate::django::python::Static;
use crate::schema::{Identifier, RelationName};

use super::{Cause, Moment};

impl Moment {
    /// Whether it is certain that no model of the running code has the table, or the column of it: it was
    /// taken out of Django's state in an earlier deployment, or never was there.
    ///
    /// Of hand-written SQL in a migration only: what Django itself sends is about models, and a script stands
    /// apart from them.
    pub fn models_lack(&self, table: &RelationName, column: Option<&Identifier>) -> bool {
        let in_migration = matches!(self.cause, Cause::Sql { migration: Some(_) });
        in_migration && lacks(self.created_here.models(), table, column) == Ok(true)
    }
}

fn lacks(state: &ProjectState, table: &RelationName, column: Option<&Identifier>) -> Static<bool> {
    if let Some(doubt) = state.doubt() {
        return Err(doubt.clone());
    }
    for model in state.models() {
        if uses(state, model, table, column)? {
            return Ok(false);
        }
    }
    Ok(state.models().next().is_some())
}

fn uses(
    state: &ProjectState,
    model: &Arc<ModelState>,
    table: &RelationName,
    column: Option<&Identifier>,
) -> Static<bool> {
    let own = state.table_name(&model.key)?;
    let is_own = Identifier::quoted(&own) == table.name;
    if let (FieldsKnown::Open(why), true) = (&model.fields_known, is_own) {
        return Err(why.clone());
    }
    if is_own && column.is_none() {
        return Ok(true);
    }
    for (name, field) in state.local_fields(&model.key)? {
        if field.is_many_to_many() {
            let given = match &field.relation {
                Some(relation) => relation.db_table.clone()?,
                None => None,
            };
            let through = given.unwrap_or_else(|| many_to_many_table_name(&own, &name).into());
            if Identifier::quoted(&through) == table.name {
                return Ok(true);
            }
        } else if is_own
            && field
                .column(&name)?
                .is_some_and(|own| Some(&Identifier::quoted(&own)) == column)
        {
            return Ok(true);
        }
    }
    Ok(false)
}
