//! A model as the schema editor sees it: tables and columns by name, unknown ones as holes.

use std::sync::Arc;

use super::holes::{Holes, is_hole, quote_name};
use crate::django::names::many_to_many_table_name;
use crate::django::project_state::{
    Field, FieldDetail, FieldKind, ModelKey, ModelState, ProjectState,
};
use crate::django::python::Static;
use crate::schema::{Lookup, Why};

/// What the schema editor asks of a model: its table, and the columns in order.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub key: ModelKey,
    pub table: Arc<str>,
    pub tablespace: Option<Arc<str>>,
    /// `None` for the table between two models, which no model states.
    pub state: Option<Arc<ModelState>>,
    pub columns: Vec<Column>,
    pub many_to_many: Vec<ManyToMany>,
    /// Columns of a primary key over several fields.
    pub composite_key: Vec<Arc<str>>,
    /// Why the columns may not be all there are, or not as they stand here.
    pub doubt: Option<Why>,
}

/// A field with a column. What of it could not be read has a usual value here and its reason in `doubt`.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub name: Arc<str>,
    pub column: Arc<str>,
    pub field: Arc<Field>,
    /// As Django writes it; a hole where it is not known.
    pub data_type: Arc<str>,
    pub collation: Option<Arc<str>>,
    pub null: bool,
    pub unique: bool,
    pub primary_key: bool,
    pub db_index: bool,
    pub tablespace: Option<Arc<str>>,
    pub comment: Option<Arc<str>>,
    pub target: Option<Target>,
    pub doubt: Option<Why>,
}

/// What a foreign key points at.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub table: Arc<str>,
    pub column: Arc<str>,
    /// `db_constraint`: whether the database has the foreign key, too.
    pub constrained: bool,
    pub collation: Option<Arc<str>>,
}

/// A many-to-many field whose table Django makes.
#[derive(Debug, Clone)]
pub(super) struct ManyToMany {
    pub name: Arc<str>,
    pub field: Arc<Field>,
    /// The table between the models; `None` when another model stands there.
    pub through: Option<Arc<Model>>,
}

/// One state of the project, with the holes of the statements that are made from it.
#[derive(Clone, Copy)]
pub(super) struct Models<'a> {
    pub state: &'a ProjectState,
    pub holes: &'a Holes,
}

impl Column {
    pub(super) fn kind(&self) -> Option<FieldKind> {
        self.field.kind.as_ref().ok().copied()
    }

    /// AutoField and its siblings: an identity column.
    pub(super) fn is_auto(&self) -> bool {
        self.kind().is_some_and(FieldKind::is_auto)
    }

    /// The condition that keeps positive integers positive (`data_type_check_constraints`).
    pub(super) fn check(&self) -> Option<String> {
        self.is_positive()
            .then(|| format!("{} >= 0", quote_name(&self.column)))
    }

    pub(super) fn is_positive(&self) -> bool {
        matches!(
            self.checked_kind(),
            Some(
                FieldKind::PositiveBigInteger
                    | FieldKind::PositiveInteger
                    | FieldKind::PositiveSmallInteger
            )
        )
    }

    /// A generated column has the check of its output field (`GeneratedField.db_parameters` has none
    /// in the databases that Django runs on PostgreSQL).
    fn checked_kind(&self) -> Option<FieldKind> {
        self.kind()
    }

    pub(super) fn is_generated(&self) -> bool {
        matches!(self.field.detail, FieldDetail::Generated { .. })
    }

    pub(super) fn has_type(&self) -> bool {
        !is_hole(&self.data_type)
    }
}

impl Model {
    pub(super) fn column(&self, field: &str) -> Option<&Column> {
        self.columns.iter().find(|column| *column.name == *field)
    }

    pub(super) fn many_to_many(&self, field: &str) -> Option<&ManyToMany> {
        self.many_to_many
            .iter()
            .find(|candidate| *candidate.name == *field)
    }
}

impl<'a> Models<'a> {
    pub(super) fn new(state: &'a ProjectState, holes: &'a Holes) -> Self {
        Self { state, holes }
    }

    /// The model with its columns. A model that is not known has a table without a name.
    pub(super) fn model(self, key: &ModelKey) -> Model {
        let state = self.state.model(key).cloned();
        let mut doubt = state.is_none().then(|| self.state.no_model(key));
        let fields = self.state.local_fields(key).unwrap_or_else(|why| {
            doubt.get_or_insert(why);
            state.as_ref().map(|model| model.fields.clone()).unwrap_or_default()
        });
        let tablespace = state.as_ref().and_then(|model| {
            self.optional_name(&model.options.db_tablespace)
        });
        let mut model = Model {
            key: key.clone(),
            table: self.table(key),
            tablespace,
            state,
            columns: Vec::new(),
            many_to_many: Vec::new(),
            composite_key: Vec::new(),
            doubt,
        };
        for (name, field) in &fields {
            if field.kind == Ok(FieldKind::ManyToMany) {
                let many = self.many_to_many(&model, name, field);
                model.many_to_many.push(many);
            } else if let FieldDetail::CompositePrimaryKey { fields } = &field.detail {
                match fields {
                    Ok(fields) => model.composite_key = self.columns_named(key, fields),
                    Err(why) => model.composite_key = vec![self.holes.name(why)],
                }
            } else if let Some(column) = self.column(name, field) {
                model.columns.push(column);
            }
        }
        model
    }

    /// The name of the table, or a hole.
    pub(super) fn table(self, key: &ModelKey) -> Arc<str> {
        self.holes.name_or_hole(&self.state.table_name(key))
    }

    /// The columns of fields by their names, those of parents included.
    pub(super) fn columns_named(self, key: &ModelKey, fields: &[Arc<str>]) -> Vec<Arc<str>> {
        fields
            .iter()
            .map(|field| self.column_named(key, field))
            .collect()
    }

    pub(super) fn column_named(self, key: &ModelKey, field: &str) -> Arc<str> {
        let field = if field == "pk" {
            self.state.primary_key(key)
        } else {
            match self.state.find_field(key, field) {
                Lookup::Found(found) => Ok((found.key.field, found.field)),
                Lookup::Absent => Err(Why::new(format!("`{key}` has no field `{field}`"))),
                Lookup::Unsure(why) => Err(why),
            }
        };
        let column = field.and_then(|(name, field)| {
            let none = || Why::new(format!("the field `{name}` of `{key}` has no column"));
            field.column(&name)?.ok_or_else(none)
        });
        self.holes.name_or_hole(&column)
    }

    /// The field as a column; `None` for a field without one.
    pub(super) fn column(self, name: &Arc<str>, field: &Arc<Field>) -> Option<Column> {
        let data_type = match self.state.db_type(field) {
            Ok(None) => return None,
            Ok(Some(known)) => known,
            Err(why) => self.holes.text(&why).trim_matches('"').into(),
        };
        let column = match field.column(name) {
            Ok(Some(column)) => column,
            Ok(None) => return None,
            Err(_) => Arc::clone(name),
        };
        let mut doubt = field.column(name).err();
        let mut read = |value: &Static<bool>, usual: bool| {
            value.clone().unwrap_or_else(|why| {
                doubt.get_or_insert(why);
                usual
            })
        };
        let (null, unique) = (read(&field.null, true), read(&field.unique, false));
        let (primary_key, db_index) =
            (read(&field.primary_key, false), read(&field.db_index, false));
        let target = field
            .kind
            .as_ref()
            .is_ok_and(|kind| kind.is_foreign_key())
            .then(|| self.target(field, &mut doubt));
        let collation = self
            .optional_name(&field.db_collation)
            .or_else(|| target.as_ref().and_then(|target| target.collation.clone()));
        Some(Column {
            name: Arc::clone(name),
            column,
            field: Arc::clone(field),
            data_type,
            collation,
            null,
            unique,
            primary_key,
            db_index,
            tablespace: self.optional_name(&field.db_tablespace),
            comment: self.optional_name(&field.db_comment),
            target,
            doubt,
        })
    }

    fn target(self, field: &Field, doubt: &mut Option<Why>) -> Target {
        let constrained = field
            .relation
            .as_ref()
            .map_or(Ok(true), |relation| relation.db_constraint.clone())
            .unwrap_or_else(|why| {
                doubt.get_or_insert(why);
                false
            });
        match self.state.target_field(field) {
            Ok(found) => Target {
                table: self.table(&found.key.model),
                column: self.column_named(&found.key.model, &found.key.field),
                constrained,
                collation: self.optional_name(&found.field.db_collation),
            },
            Err(why) => {
                let known = field.relation.as_ref().and_then(|relation| {
                    let key = relation.to.as_ref().ok()?;
                    self.state.table_name(key).ok()
                });
                let hole = self.holes.name(&why);
                Target {
                    table: known.unwrap_or_else(|| Arc::clone(&hole)),
                    column: hole,
                    constrained,
                    collation: None,
                }
            }
        }
    }

    fn many_to_many(self, model: &Model, name: &Arc<str>, field: &Arc<Field>) -> ManyToMany {
        let through = field
            .relation
            .as_ref()
            .map_or(Ok(None), |relation| relation.through.clone());
        let made = matches!(through, Ok(None));
        ManyToMany {
            name: Arc::clone(name),
            field: Arc::clone(field),
            through: made.then(|| Arc::new(self.through_model(model, name, field))),
        }
    }

    /// The table between two models (`create_many_to_many_intermediary_model` in
    /// `django/db/models/fields/related.py`).
    fn through_model(self, model: &Model, name: &Arc<str>, field: &Arc<Field>) -> Model {
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
        let key_kind = self.state.settings().default_auto_field.clone();
        let fields = [
            ("id".into(), Field::automatic_key_of(key_kind, &field.origin)),
            (from, field.link_to(Ok(source.clone()))),
            (to, field.link_to(target)),
        ];
        let object_name = model.state.as_ref().map_or("", |state| &*state.name);
        Model {
            key: ModelKey::new(&source.app_label, &format!("{object_name}_{name}")),
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

    fn through_table(self, model: &Model, name: &str, field: &Field) -> Arc<str> {
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

    fn optional_name(self, name: &Static<Option<Arc<str>>>) -> Option<Arc<str>> {
        match name {
            Ok(name) => name.clone().filter(|name| !name.is_empty()),
            Err(why) => Some(self.holes.name(why)),
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
