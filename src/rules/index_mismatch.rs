use super::page;
use crate::history::{Author, ModelTable, TableOpenness};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Index, IndexDefinition, ObjectName, RelationName};
use crate::source::Origin;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("index-mismatch"),
    page: page!("index-mismatch"),
    check: Check::History(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(models) = &context.history.models else {
        return Vec::new();
    };
    let end = &context.history.end;
    context
        .history
        .model_tables
        .iter()
        .filter(|model| end.is_whole(&model.table) && models.expected.is_whole(&model.table))
        .flat_map(|model| {
            let wanted = plain_indexes(models.expected.indexes_of(&model.table));
            let found = plain_indexes(end.indexes_of(&model.table));
            let missing = wanted
                .iter()
                .filter(|_| !may_be_unread(end.indexes_of(&model.table)))
                .filter(|(_, index)| index.definition.is_known())
                .filter(|(_, index)| {
                    !end.indexes_of(&model.table)
                        .any(|(_, other)| serves(other, index))
                })
                .map(|(name, index)| missing(model, name, index));
            let extra = found
                .iter()
                .filter(|_| !may_be_unread(models.expected.indexes_of(&model.table)))
                .filter(|_| model.openness == TableOpenness::Closed)
                .filter(|(_, index)| index.definition.is_known())
                // Of a column that no field has another rule speaks.
                .filter(|(_, index)| {
                    index
                        .definition
                        .columns()
                        .all(|name| model.has_column(name))
                })
                .filter(|(_, index)| {
                    !models
                        .expected
                        .indexes_of(&model.table)
                        .any(|(_, other)| serves(index, other))
                })
                .filter_map(|(name, _)| extra(model, name, context));
            missing.chain(extra).collect::<Vec<_>>()
        })
        .collect()
}

type Named<'a> = (RelationName, &'a Index);

/// Indexes that do not stand for a constraint.
fn plain_indexes<'a>(
    indexes: impl Iterator<Item = (RelationName, &'a std::sync::Arc<Index>)>,
) -> Vec<Named<'a>> {
    indexes
        .filter(|(_, index)| index.backs.is_none() && !index.definition.is_unique())
        .map(|(name, index)| (name, &**index))
        .collect()
}

/// Whether one index does what the other is for; a unique one does, too.
fn serves(there: &Index, wanted: &Index) -> bool {
    there.definition.keys == wanted.definition.keys
        && there.definition.method == wanted.definition.method
        && there.definition.predicate == wanted.definition.predicate
}

/// Whether an index that could not be read whole may be the one.
fn may_be_unread<'a>(
    mut indexes: impl Iterator<Item = (RelationName, &'a std::sync::Arc<Index>)>,
) -> bool {
    indexes.any(|(_, index)| !index.definition.is_known())
}

fn missing(model: &ModelTable, name: &RelationName, index: &Index) -> Finding {
    Finding::at(
        declaration(model, name, &index.definition),
        format!(
            "model `{}` wants the index `{}` on `{}`, and no migration creates it",
            model.model.name, name.name, model.table
        ),
    )
    .about(ObjectName::Constraint(
        model.table.clone(),
        name.name.clone(),
    ))
    .help("run `makemigrations`")
}

/// Indexes that only SQL asked for are left alone.
fn extra(model: &ModelTable, name: &RelationName, context: &Context<'_>) -> Option<Finding> {
    let created = context
        .history
        .provenance
        .creation(&ObjectName::Index(name.clone()))?;
    (created.author == Author::Django).then(|| {
        Finding::at(
            created.origin.clone(),
            format!(
                "the migrations create the index `{}` on `{}`, and model `{}` does not have it any more",
                name.name, model.table, model.model.name
            ),
        )
        .about(ObjectName::Constraint(model.table.clone(), name.name.clone()))
        .labelled(model.model.origin.clone(), "the model of this table")
        .help("run `makemigrations`, or put the index back into the model")
    })
}

/// Where the model asks for the index: in `Meta.indexes`, at the field, else the class.
fn declaration(model: &ModelTable, name: &RelationName, definition: &IndexDefinition) -> Origin {
    let in_meta = model
        .model
        .options
        .indexes
        .iter()
        .flatten()
        .find(|index| matches!(&index.name, Ok(Some(given)) if **given == *name.name.as_str()));
    if let Some(index) = in_meta {
        return index.origin.clone();
    }
    let field = match definition.key_columns().as_deref() {
        Some([column]) => model.columns.iter().find(|known| known.column == **column),
        _ => None,
    };
    field.map_or_else(
        || model.model.origin.clone(),
        |known| known.field.origin.clone(),
    )
}
