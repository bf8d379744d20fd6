//! AddField, RemoveField, AlterField, RenameField.

use std::sync::Arc;

use super::StateError;
use crate::django::operation::Operation;
use crate::django::project_state::{
    Field, FieldDetail, FieldKey, ModelKey, ModelOptions, ModelState, ProjectState,
};
use crate::django::python::{Static, Value};

/// The operations on one field.
pub(super) fn operation(
    state: &mut ProjectState,
    app_label: &str,
    operation: &Operation,
) -> Result<(), StateError> {
    let key = |name: &str| ModelKey::new(app_label, name);
    match operation {
        Operation::AddField {
            model_name,
            name,
            field,
            preserve_default,
        } => state.add_field(&key(model_name), name, &in_future(field, preserve_default)),
        Operation::RemoveField { model_name, name } => state.remove_field(&key(model_name), name),
        Operation::AlterField {
            model_name,
            name,
            field,
            preserve_default,
        } => state.alter_field(&key(model_name), name, &in_future(field, preserve_default)),
        Operation::RenameField {
            model_name,
            old_name,
            new_name,
        } => state.rename_field(&key(model_name), old_name, new_name),
        _ => Ok(()),
    }
}

/// The field as later states know it: `preserve_default=False` keeps its default for the rows of that day alone.
fn in_future(field: &Arc<Field>, preserve_default: &Static<bool>) -> Arc<Field> {
    if field.default.is_none() || *preserve_default == Ok(true) {
        return Arc::clone(field);
    }
    let default = match preserve_default {
        Ok(_) => None,
        Err(why) => Some(Value::unknown(why.clone(), field.origin.clone())),
    };
    let mut call = (*field.call).clone();
    call.keywords.retain(|(name, _)| &**name != "default");
    Arc::new(Field {
        default,
        call: Arc::new(call),
        ..(**field).clone()
    })
}

impl ProjectState {
    /// A field of the same name is replaced without a word; the database then says that the column exists.
    fn add_field(
        &mut self,
        key: &ModelKey,
        name: &Arc<str>,
        field: &Arc<Field>,
    ) -> Result<(), StateError> {
        let mut model = (*self.required_model(key)?).clone();
        set_field(&mut model, name, field);
        self.put_model(model);
        Ok(())
    }

    fn remove_field(&mut self, key: &ModelKey, name: &Arc<str>) -> Result<(), StateError> {
        let mut model = (*self.required_model(key)?).clone();
        if model.field(name).is_none() {
            return Err(self.missing_field(&model, name));
        }
        model.fields.retain(|(bound, _)| bound != name);
        self.put_model(model);
        Ok(())
    }

    fn alter_field(
        &mut self,
        key: &ModelKey,
        name: &Arc<str>,
        field: &Arc<Field>,
    ) -> Result<(), StateError> {
        let mut model = (*self.required_model(key)?).clone();
        if model.field(name).is_none() {
            return Err(self.missing_field(&model, name));
        }
        set_field(&mut model, name, field);
        self.put_model(model);
        Ok(())
    }

    /// Follows the new name in `unique_together`, `index_together`, composite keys and the `to_field` of others;
    /// `indexes`, `constraints` and `order_with_respect_to` keep the old name, as in Django.
    fn rename_field(
        &mut self,
        key: &ModelKey,
        old: &Arc<str>,
        new: &Arc<str>,
    ) -> Result<(), StateError> {
        let mut model = (*self.required_model(key)?).clone();
        let Some(found) = model.field(old).cloned() else {
            return Err(self.missing_field(&model, old));
        };
        model.fields.retain(|(bound, _)| bound != old);
        set_field(&mut model, new, &found);
        for (_, field) in &mut model.fields {
            if let Some(renamed) = composite_renamed(field, old, new) {
                *field = Arc::new(renamed);
            }
        }
        rename_in_options(&mut model.options, old, new);
        self.put_model(model);
        let references = self.referenced_by(key).cloned().collect::<Vec<_>>();
        for reference in references {
            self.rename_target(&reference, old, new);
        }
        Ok(())
    }

    fn rename_target(&mut self, reference: &FieldKey, old: &Arc<str>, new: &Arc<str>) {
        let Some(model) = self.model(&reference.model) else {
            return;
        };
        let mut model = (**model).clone();
        let mut changed = false;
        for (name, field) in &mut model.fields {
            let points = field
                .relation
                .as_ref()
                .is_some_and(|relation| relation.to_field == Ok(Some(Arc::clone(old))));
            if *name == reference.field && points {
                let mut renamed = (**field).clone();
                if let Some(relation) = &mut renamed.relation {
                    relation.to_field = Ok(Some(Arc::clone(new)));
                }
                *field = Arc::new(renamed);
                changed = true;
            }
        }
        if changed {
            self.put_model(model);
        }
    }

    fn missing_field(&self, model: &ModelState, name: &Arc<str>) -> StateError {
        let key = FieldKey {
            model: model.key.clone(),
            field: Arc::clone(name),
        };
        self.missing(model, StateError::MissingField(key))
    }
}

fn set_field(model: &mut ModelState, name: &Arc<str>, field: &Arc<Field>) {
    match model.fields.iter_mut().find(|(bound, _)| bound == name) {
        Some((_, held)) => *held = Arc::clone(field),
        None => model.fields.push((Arc::clone(name), Arc::clone(field))),
    }
}

fn composite_renamed(field: &Field, old: &Arc<str>, new: &Arc<str>) -> Option<Field> {
    let FieldDetail::CompositePrimaryKey { fields: Ok(fields) } = &field.detail else {
        return None;
    };
    Some(Field {
        detail: FieldDetail::CompositePrimaryKey {
            fields: Ok(renamed(fields, old, new)),
        },
        ..field.clone()
    })
}

fn rename_in_options(options: &mut ModelOptions, old: &Arc<str>, new: &Arc<str>) {
    for groups in [&mut options.unique_together, &mut options.index_together]
        .into_iter()
        .flatten()
    {
        for group in groups {
            *group = renamed(group, old, new);
        }
    }
}

fn renamed(names: &[Arc<str>], old: &Arc<str>, new: &Arc<str>) -> Vec<Arc<str>> {
    names
        .iter()
        .map(|name| Arc::clone(if name == old { new } else { name }))
        .collect()
}
