//! CreateModel, DeleteModel, RenameModel.

use std::sync::Arc;

use super::StateError;
use crate::django::operation::{CreateModel, LocatedOperation, Operation};
use crate::django::project_state::{Field, FieldKey, ModelKey, ModelState, ProjectState};
use crate::source::Origin;

/// The operations on a whole model.
pub(super) fn operation(
    state: &mut ProjectState,
    app_label: &str,
    located: &LocatedOperation,
) -> Result<(), StateError> {
    let key = |name: &str| ModelKey::new(app_label, name);
    match &located.operation {
        Operation::CreateModel(create) => {
            state.create_model(app_label, create, &located.origin);
            Ok(())
        }
        Operation::DeleteModel { name } => state.delete_model(&key(name)),
        Operation::RenameModel { old_name, new_name } => {
            state.rename_model(&key(old_name), new_name)
        }
        _ => Ok(()),
    }
}

impl ProjectState {
    /// A model of the same name is replaced without a word (`ProjectState.add_model`).
    pub(super) fn create_model(&mut self, app_label: &str, create: &CreateModel, origin: &Origin) {
        self.put_model(ModelState {
            key: ModelKey::new(app_label, &create.name),
            name: Arc::clone(&create.name),
            fields: create.fields.clone(),
            options: create.options.clone(),
            bases: create.bases.clone(),
            origin: origin.clone(),
            fields_known: create.fields_known.clone(),
            unresolved_bases: Vec::new(),
        });
    }

    pub(super) fn delete_model(&mut self, key: &ModelKey) -> Result<(), StateError> {
        self.required_model(key)?;
        self.take_model(key);
        Ok(())
    }

    /// Fields that point at the model follow it; the `bases` of children and proxies do not.
    pub(super) fn rename_model(
        &mut self,
        old: &ModelKey,
        new_name: &Arc<str>,
    ) -> Result<(), StateError> {
        let model = self.required_model(old)?;
        let new = ModelKey::new(&old.app_label, new_name);
        let references = self.referenced_by(old).cloned().collect::<Vec<_>>();
        let mut renamed = (*model).clone();
        renamed.key = new.clone();
        renamed.name = Arc::clone(new_name);
        self.take_model(old);
        self.put_model(renamed);
        for reference in references {
            let holder = if reference.model == *old {
                new.clone()
            } else {
                reference.model
            };
            self.repoint(
                &FieldKey {
                    model: holder,
                    field: reference.field,
                },
                old,
                &new,
            );
        }
        Ok(())
    }

    fn repoint(&mut self, holder: &FieldKey, old: &ModelKey, new: &ModelKey) {
        let Some(model) = self.model(&holder.model) else {
            return;
        };
        let mut model = (**model).clone();
        for (name, field) in &mut model.fields {
            if *name == holder.field {
                *field = Arc::new(repointed(field, old, new));
            }
        }
        self.put_model(model);
    }
}

fn repointed(field: &Field, old: &ModelKey, new: &ModelKey) -> Field {
    let mut field = field.clone();
    if let Some(relation) = &mut field.relation {
        if relation.to.as_ref() == Ok(old) {
            relation.to = Ok(new.clone());
            // The renamed model is named outright (`rename_model` writes `app.Model` over the setting).
            relation.to_setting = None;
        }
        if relation.through == Ok(Some(old.clone())) {
            relation.through = Ok(Some(new.clone()));
        }
    }
    field
}
