//! Which model has which table, and which field has which column.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::django::names::many_to_many_table_name;
use crate::django::project_state::{Field, FieldsKnown, ModelState, ProjectState};
use crate::schema::{Identifier, RelationName, Schema, Why, WrittenName};

/// A model with a table of its own, as the models (or, where none were read, the migrations) have it.
#[derive(Debug, Clone)]
pub struct ModelTable {
    pub model: Arc<ModelState>,
    /// As an unqualified name finds it in the catalog.
    pub table: RelationName,
    /// Those that are known, in the order of the fields.
    pub columns: Vec<ModelColumn>,
    /// Whether these are all.
    pub openness: TableOpenness,
}

/// A field that has a column in the table of its model.
#[derive(Debug, Clone)]
pub struct ModelColumn {
    /// The attribute of the model.
    pub field_name: Arc<str>,
    /// The field as the model states it.
    pub field: Arc<Field>,
    /// Its column, as the database has the name.
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

/// The table that Django makes for a many-to-many field without `through`.
#[derive(Debug, Clone)]
pub struct JoinTable {
    /// The attribute of the model.
    pub field_name: Arc<str>,
    /// The many-to-many field.
    pub field: Arc<Field>,
    /// The table between the two models.
    pub table: RelationName,
}

impl ModelTable {
    /// The tables of its many-to-many fields whose names are known
    /// (`ManyToManyField._get_m2m_db_table`, `django/db/models/fields/related.py`).
    pub fn join_tables<'a>(&'a self, schema: &'a Schema) -> impl Iterator<Item = JoinTable> + 'a {
        self.model.fields.iter().filter_map(move |(name, field)| {
            let relation = field
                .relation
                .as_ref()
                .filter(|_| field.is_many_to_many())?;
            // Managers of tags and the like are such relations, too, with a table of their own.
            if relation.through != Ok(None) || !field.class.contains("ManyToMany") {
                return None;
            }
            let table: Arc<str> = match relation.db_table.clone().ok()? {
                Some(given) => given,
                None => many_to_many_table_name(self.table.name.as_str(), name).into(),
            };
            Some(JoinTable {
                field_name: Arc::clone(name),
                field: Arc::clone(field),
                table: schema.resolve(&WrittenName::bare(Identifier::quoted(&table))),
            })
        })
    }

    /// Whether one of its fields has this column.
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
    let (fields, unreadable) = match state.model(&model.key) {
        Some(_) => state.local_fields(&model.key),
        // A table between two models has no model of its own in the state.
        None => Ok(model.fields.clone()),
    }
    .map_or_else(
        |why| (model.fields.clone(), Some(why)),
        |fields| (fields, None),
    );
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
    let doubt = || unreadable.or_else(|| state.doubt(&model.key.app_label).cloned());
    ModelTable {
        model: Arc::clone(model),
        table,
        columns,
        openness: openness(model, unknown_column, doubt),
    }
}

/// `doubt` is what else speaks against a model whose fields and columns are all known.
fn openness(
    model: &ModelState,
    unknown_column: Option<Why>,
    doubt: impl FnOnce() -> Option<Why>,
) -> TableOpenness {
    match (&model.fields_known, unknown_column) {
        (FieldsKnown::Open(_), None) if !model.unresolved_bases.is_empty() => {
            TableOpenness::UnresolvedBases(model.unresolved_bases.iter().cloned().collect())
        }
        (FieldsKnown::Open(why), _) => TableOpenness::Open(why.clone()),
        (FieldsKnown::All, Some(why)) => TableOpenness::Open(why),
        (FieldsKnown::All, None) => doubt().map_or(TableOpenness::Closed, TableOpenness::Open),
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
        .flat_map(|model| state.join_models(model))
        .filter_map(|join| {
            let written = join.own_table_name().ok()?;
            Some(model_table(state, &Arc::new(join), &written, schema))
        })
        .collect()
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
