//! Putting models into a state and taking them out, with the index of who points at whom kept right.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::django::project_state::{Base, Field, FieldKey, ModelKey, ModelState, ProjectState};
use crate::schema::OrderedSet;

impl ProjectState {
    /// Adds a model, or replaces the one of the same key.
    pub(in crate::django) fn put_model(&mut self, model: ModelState) {
        let before = self.model(&model.key).cloned();
        let pointed = |model: &ModelState| {
            model
                .fields
                .iter()
                .flat_map(|(name, field)| {
                    targets(field)
                        .map(|target| (target.clone(), Arc::clone(name)))
                        .collect::<Vec<_>>()
                })
                .collect::<BTreeSet<_>>()
        };
        let old = before.as_deref().map(pointed).unwrap_or_default();
        let new = pointed(&model);
        for (target, field) in old.difference(&new) {
            self.forget_reference(target, &model.key, field);
        }
        for (target, field) in new.difference(&old) {
            self.note_reference(target, &model.key, field);
        }
        if before.as_ref().map(|before| &before.bases) != Some(&model.bases) {
            for base in before.iter().flat_map(|before| bases(before)) {
                self.forget_base(base, &model.key);
            }
            for base in bases(&model) {
                let mut models = self.extended_by.get(base).cloned().unwrap_or_default();
                models.insert_mut(model.key.clone());
                self.extended_by.insert_mut(base.clone(), models);
            }
        }
        self.models.insert_mut(model.key.clone(), Arc::new(model));
    }

    /// Takes a model out; what points at it stays, as in Django.
    pub(in crate::django) fn take_model(&mut self, key: &ModelKey) -> Option<Arc<ModelState>> {
        let model = self.model(key).cloned()?;
        for (name, field) in &model.fields {
            for target in targets(field) {
                self.forget_reference(target, key, name);
            }
        }
        for base in bases(&model) {
            self.forget_base(base, key);
        }
        self.models.remove_mut(key);
        Some(model)
    }

    fn forget_base(&mut self, base: &ModelKey, model: &ModelKey) {
        if let Some(mut models) = self.extended_by.get(base).cloned() {
            models.remove_mut(model);
            self.extended_by.insert_mut(base.clone(), models);
        }
    }

    fn note_reference(&mut self, target: &ModelKey, model: &ModelKey, field: &Arc<str>) {
        let mut fields = self
            .referenced_by
            .get(target)
            .cloned()
            .unwrap_or_else(OrderedSet::new_sync);
        fields.insert_mut(field_key(model, field));
        self.referenced_by.insert_mut(target.clone(), fields);
    }

    fn forget_reference(&mut self, target: &ModelKey, model: &ModelKey, field: &Arc<str>) {
        let Some(mut fields) = self.referenced_by.get(target).cloned() else {
            return;
        };
        fields.remove_mut(&field_key(model, field));
        if fields.is_empty() {
            self.referenced_by.remove_mut(target);
        } else {
            self.referenced_by.insert_mut(target.clone(), fields);
        }
    }
}

fn bases(model: &ModelState) -> impl Iterator<Item = &ModelKey> {
    model.bases.iter().filter_map(|base| match base {
        Base::Model(parent) => Some(parent),
        Base::Class(_) => None,
    })
}

fn field_key(model: &ModelKey, field: &Arc<str>) -> FieldKey {
    FieldKey {
        model: model.clone(),
        field: Arc::clone(field),
    }
}

/// The models that a field names: its target, and the model between.
fn targets(field: &Field) -> impl Iterator<Item = &ModelKey> {
    field.relation.iter().flat_map(|relation| {
        let through = relation.through.as_ref().ok().and_then(Option::as_ref);
        relation.to.as_ref().ok().into_iter().chain(through)
    })
}
