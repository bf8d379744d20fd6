//! The table between two models that a many-to-many field makes.

use std::sync::Arc;

use super::holes::is_hole;
use super::model::{Column, ManyToMany, Model, Models};
use crate::django::names::many_to_many_table_name;
use crate::django::project_state::{Field, ModelKey};
use crate::django::python::Static;
use crate::schema::Why;

impl Models<'_> {
    pub(super) fn many_to_many(
        &self,
        model: &Model,
        name: &Arc<str>,
        field: &Arc<Field>,
    ) -> ManyToMany {
        let through = field
            .relation
            .as_ref()
            .map_or(Ok(None), |relation| relation.through.clone());
        // Managers of tags and the like are many-to-many relations, too, with a model of their own between.
        let is_django = field.class.contains("ManyToMany");
        let made = is_django && matches!(through, Ok(None));
        ManyToMany {
            name: Arc::clone(name),
            field: Arc::clone(field),
            through: made.then(|| Arc::new(self.through_model(model, name, field))),
        }
    }

    /// The table between two models (`create_many_to_many_intermediary_model` in
    /// `django/db/models/fields/related.py`).
    fn through_model(&self, model: &Model, name: &Arc<str>, field: &Arc<Field>) -> Model {
        let source = &model.key;
        let target = field.relation.as_ref().map_or_else(
            || Err(Why::new("a many-to-many field without a target")),
            |relation| relation.to.clone(),
        );
        let (from, to) = match &target {
            Ok(target) if target.model_name == source.model_name => (
                format!("from_{}", source.model_name).into(),
                format!("to_{}", target.model_name).into(),
            ),
            Ok(target) => (
                Arc::clone(&source.model_name),
                Arc::clone(&target.model_name),
            ),
            Err(why) => (Arc::clone(&source.model_name), self.holes.name(why)),
        };
        let fields = [
            ("id".into(), self.automatic_key(field)),
            (from, through_side(field, Ok(source.clone()))),
            (to, through_side(field, target)),
        ];
        let object_name = format!("{}_{name}", model.object_name);
        Model {
            key: ModelKey::new(&source.app_label, &object_name),
            object_name: object_name.into(),
            made_by: Some((source.clone(), Arc::clone(name))),
            table: self.through_table(model, name, field),
            tablespace: model.tablespace.clone(),
            state: None,
            columns: fields
                .into_iter()
                .filter_map(|(name, field)| self.column(&name, &Arc::new(field)))
                .map(keep_hole_in_column)
                .collect(),
            many_to_many: Vec::new(),
            composite_key: Vec::new(),
            doubt: None,
        }
    }

    /// The key of a table between two models: by the settings, not by the app.
    fn automatic_key(&self, field: &Field) -> Field {
        Field::automatic_key_of(&self.state.settings().default_auto_field, &field.origin)
    }

    fn through_table(&self, model: &Model, name: &str, field: &Field) -> Arc<str> {
        let given = field
            .relation
            .as_ref()
            .map_or(Ok(None), |relation| relation.db_table.clone());
        match given {
            Ok(Some(table)) => table,
            Ok(None) if is_hole(&model.table) => Arc::clone(&model.table),
            Ok(None) => many_to_many_table_name(&model.table, name).into(),
            Err(why) => self.holes.name(&why),
        }
    }
}

/// A column made from a name with a hole (`\u{FFFC}3_id`) is that hole.
fn keep_hole_in_column(mut column: Column) -> Column {
    if is_hole(&column.name) {
        column.column = Arc::clone(&column.name);
    }
    column
}

/// One side of the table between two models.
fn through_side(field: &Field, to: Static<ModelKey>) -> Field {
    let constrained = field
        .relation
        .as_ref()
        .map_or(Ok(true), |relation| relation.db_constraint.clone());
    let known = to.clone().unwrap_or_else(|_| ModelKey::new("", ""));
    let mut side = Field::through_side(&known, constrained.clone().unwrap_or(true), &field.origin);
    side.db_tablespace.clone_from(&field.db_tablespace);
    if let Some(relation) = &mut side.relation {
        relation.to = to;
        relation.db_constraint = constrained;
    }
    side
}
