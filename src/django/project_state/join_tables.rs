//! The models that Django makes for the tables between two models (`create_many_to_many_intermediary_model` in
//! `django/db/models/fields/related.py`).

use std::sync::Arc;

use super::{
    Base, Field, FieldKind, FieldsKnown, ModelKey, ModelOptions, ModelState, NamedField,
    ProjectState,
};
use crate::django::names::many_to_many_table_name;

impl ProjectState {
    /// The models of the tables that the many-to-many fields of a model have, as far as they can be told: a field that
    /// names its own `through`, or whose target or table is not known, has none here. Each with the name of its field.
    pub fn join_models(&self, model: &ModelState) -> Vec<(Arc<str>, ModelState)> {
        let (Ok(table), Ok(fields)) = (model.own_table_name(), self.local_fields(&model.key))
        else {
            return Vec::new();
        };
        fields
            .iter()
            .filter_map(|field| {
                Some((Arc::clone(&field.0), self.join_model(model, &table, field)?))
            })
            .collect()
    }

    fn join_model(
        &self,
        model: &ModelState,
        table: &str,
        (name, field): &NamedField,
    ) -> Option<ModelState> {
        let relation = field.relation.as_ref()?;
        // Managers of tags and the like are many-to-many relations, too, with a model of their own between.
        let is_joined = field.kind == Ok(FieldKind::ManyToMany)
            && field.class.contains("ManyToMany")
            && relation.through == Ok(None);
        if !is_joined {
            return None;
        }
        let source = &model.key;
        let target = relation.to.as_ref().ok()?;
        let db_constraint = *relation.db_constraint.as_ref().ok()?;
        let table = match relation.db_table.clone().ok()? {
            Some(given) => given,
            None => many_to_many_table_name(table, name).into(),
        };
        let (from, to) = side_names(source, target);
        let origin = &field.origin;
        let side = |to| Arc::new(Field::through_side(to, db_constraint, origin));
        let key = Field::automatic_key_of(&self.settings().default_auto_field, origin);
        let object_name = format!("{}_{name}", model.name);
        Some(ModelState {
            key: ModelKey::new(&source.app_label, &object_name),
            name: object_name.into(),
            fields: vec![
                ("id".into(), Arc::new(key)),
                (from, side(source)),
                (to, side(target)),
            ],
            options: ModelOptions {
                db_table: Ok(Some(table)),
                ..ModelOptions::unset()
            },
            bases: vec![Base::Class("django.db.models.Model".into())],
            origin: origin.clone(),
            fields_known: FieldsKnown::All,
            unresolved_bases: Vec::new(),
        })
    }
}

/// The names of the two foreign keys.
fn side_names(source: &ModelKey, target: &ModelKey) -> (Arc<str>, Arc<str>) {
    if target.model_name == source.model_name {
        (
            format!("from_{}", source.model_name).into(),
            format!("to_{}", target.model_name).into(),
        )
    } else {
        (
            Arc::clone(&source.model_name),
            Arc::clone(&target.model_name),
        )
    }
}
