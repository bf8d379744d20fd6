//! Which model has which table, and which field has which column.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::django::project_state::{Field, FieldsKnown, ModelState, NamedField, ProjectState};
use crate::schema::{Identifier, RelationName, Schema, Why, WrittenName};

/// A model with a table of its own, as the models (or, where none were read, the migrations) have it.
#[derive(Debug, Clone)]
pub struct ModelTable {
    pub model: Arc<ModelState>,
    pub table: RelationName,
    pub columns: Vec<ModelColumn>,
    pub openness: TableOpenness,
    /// Where the table is one that Django makes for a many-to-many field without `through`: that field.
    pub joins: Option<Joins>,
}

/// A field that has a column in the table of its model.
#[derive(Debug, Clone)]
pub struct ModelColumn {
    pub field_name: Arc<str>,
    pub field: Arc<Field>,
    pub column: Identifier,
}

/// Whether the columns are all that the model has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableOpenness {
    Closed,
    /// Bases that could not be found bring the same fields to every model that has them; nothing else is unknown.
    UnresolvedBases(BTreeSet<Arc<str>>),
    Open(Why),
}

/// The many-to-many field that a table stands for.
#[derive(Debug, Clone)]
pub struct Joins {
    pub model: Arc<ModelState>,
    pub model_table: RelationName,
    pub field_name: Arc<str>,
}

impl ModelTable {
    pub fn has_column(&self, column: &Identifier) -> bool {
        self.columns.iter().any(|known| known.column == *column)
    }
}

/// The tables of the models of `apps`, in order of app and model.
///
/// What an open model does not tell of itself (its `Meta` extends one that was not found) the migrations know.
pub fn model_tables(
    state: &ProjectState,
    migrated: &ProjectState,
    apps: &BTreeSet<Arc<str>>,
    schema: &Schema,
) -> Vec<ModelTable> {
    state
        .models()
        .filter(|model| apps.contains(&model.key.app_label))
        .filter(|model| {
            let has_table = state.has_table(&model.key);
            has_table.or_else(|_| migrated.has_table(&model.key)) == Ok(true)
        })
        .filter_map(|model| {
            let written = model
                .own_table_name()
                .or_else(|why| migrated.model(&model.key).ok_or(why)?.own_table_name());
            Some(model_table(state, model, &written.ok()?, schema))
        })
        .collect()
}

fn model_table(
    state: &ProjectState,
    model: &Arc<ModelState>,
    written: &str,
    schema: &Schema,
) -> ModelTable {
    let table = schema.resolve(&WrittenName::bare(Identifier::quoted(written)));
    let (fields, unreadable) = fields_of(state, model);
    let mut columns = Vec::new();
    let mut unknown_column = None;
    for (field_name, field) in fields {
        match field.column(&field_name) {
            Ok(Some(column)) => columns.push(ModelColumn {
                field_name,
                field,
                column: Identifier::quoted(&column),
            }),
            Ok(None) => {}
            Err(why) => unknown_column = Some(why),
        }
    }
    let openness = match (&model.fields_known, unknown_column) {
        (FieldsKnown::Open(_), None) if !model.unresolved_bases.is_empty() => {
            TableOpenness::UnresolvedBases(model.unresolved_bases.iter().cloned().collect())
        }
        (FieldsKnown::Open(why), _) => TableOpenness::Open(why.clone()),
        (FieldsKnown::All, Some(why)) => TableOpenness::Open(why),
        (FieldsKnown::All, None) => unreadable
            .or_else(|| state.doubt(&model.key.app_label).cloned())
            .map_or(TableOpenness::Closed, TableOpenness::Open),
    };
    ModelTable {
        model: Arc::clone(model),
        table,
        columns,
        openness,
        joins: None,
    }
}

/// The fields of a model's table, and why they may not be all.
fn fields_of(state: &ProjectState, model: &ModelState) -> (Vec<NamedField>, Option<Why>) {
    // A table between two models has no model of its own in the state.
    if state.model(&model.key).is_none() {
        return (model.fields.clone(), None);
    }
    match state.local_fields(&model.key) {
        Ok(fields) => (fields, None),
        Err(why) => (model.fields.clone(), Some(why)),
    }
}

/// The tables between two models, of the many-to-many fields that a model of `apps` has.
pub fn join_tables(
    state: &ProjectState,
    apps: &BTreeSet<Arc<str>>,
    schema: &Schema,
) -> Vec<ModelTable> {
    state
        .models()
        .filter(|model| apps.contains(&model.key.app_label))
        .filter(|model| state.has_table(&model.key) == Ok(true))
        .flat_map(|model| {
            let joins = state.join_models(model).into_iter();
            joins.filter_map(move |join| join_table(state, model, join, schema))
        })
        .collect()
}

fn join_table(
    state: &ProjectState,
    model: &Arc<ModelState>,
    (field_name, join): (Arc<str>, ModelState),
    schema: &Schema,
) -> Option<ModelTable> {
    let table = |written: &str| schema.resolve(&WrittenName::bare(Identifier::quoted(written)));
    let joins = Joins {
        model: Arc::clone(model),
        model_table: table(&model.own_table_name().ok()?),
        field_name,
    };
    let written = join.own_table_name().ok()?;
    Some(ModelTable {
        joins: Some(joins),
        ..model_table(state, &Arc::new(join), &written, schema)
    })
}

/// All models of one table: a table may have several, one that Django manages and others that read it.
pub fn by_table(tables: &[ModelTable]) -> BTreeMap<&RelationName, Vec<&ModelTable>> {
    let mut grouped: BTreeMap<&RelationName, Vec<&ModelTable>> = BTreeMap::new();
    for table in tables {
        grouped.entry(&table.table).or_default().push(table);
    }
    grouped
}

/// Whether it is certain that no model of a table has a column.
///
/// On an open model it can be reasoned: an unresolved base gives the same columns to every model that has it,
/// so a column that a sibling's whole table lacks does not come from the base.
pub fn is_in_no_model(
    column: &Identifier,
    models: &[&ModelTable],
    all: &[ModelTable],
    end: &Schema,
) -> bool {
    models.iter().all(|model| {
        !model.has_column(column)
            && match &model.openness {
                TableOpenness::Closed => true,
                TableOpenness::Open(_) => false,
                TableOpenness::UnresolvedBases(bases) => all.iter().any(|sibling| {
                    sibling.table != model.table
                        && brings_the_same(sibling, bases)
                        && end.column(&sibling.table, column).is_absent()
                        && end.table_named(&sibling.table).is_found()
                }),
            }
    })
}

fn brings_the_same(sibling: &ModelTable, bases: &BTreeSet<Arc<str>>) -> bool {
    match &sibling.openness {
        TableOpenness::UnresolvedBases(theirs) => bases.is_subset(theirs),
        TableOpenness::Closed | TableOpenness::Open(_) => false,
    }
}
