use super::counterpart::without_counterpart;
use super::{live, page};
use crate::history::{Author, ModelTable, TableOpenness};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Index, IndexDefinition, ObjectName, RelationName, Schema};
use crate::source::Origin;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("index-mismatch"),
    page: page!("index-mismatch"),
    checks: &[
        Check::History(check),
        Check::Drift(live::index_mismatch::check),
    ],
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
            let (wanted, found) = (
                plain_indexes(models.expected.indexes_of(&model.table)),
                plain_indexes(end.indexes_of(&model.table)),
            );
            let (missing, extra) =
                without_counterpart(&wanted, &found, is_alike, |one, other| one.0 == other.0);
            let missing = missing
                .into_iter()
                .filter(|_| !may_be_unread(end.indexes_of(&model.table)))
                .filter(|(_, index)| index.definition.is_known())
                .filter(|(_, index)| !is_served(index, (end, &models.expected), &model.table))
                // Of a field without column another rule speaks.
                .filter(|(_, index)| {
                    let mut columns = index.definition.columns();
                    columns.all(|name| !end.column(&model.table, name).is_absent())
                })
                .map(|(name, index)| self::missing(model, name, index));
            let extra = extra
                .into_iter()
                .filter(|_| !may_be_unread(models.expected.indexes_of(&model.table)))
                .filter(|_| model.openness == TableOpenness::Closed)
                .filter(|(_, index)| index.definition.is_known())
                .filter(|(_, index)| !is_served(index, (&models.expected, end), &model.table))
                // Of a column that no field has another rule speaks.
                .filter(|(_, index)| {
                    let mut columns = index.definition.columns();
                    columns.all(|name| model.has_column(name))
                })
                .filter_map(|(name, _)| self::extra(model, name, context));
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

fn is_alike((_, one): &Named<'_>, (_, other): &Named<'_>) -> bool {
    does_the_same(one, other) && one.definition.parameters == other.definition.parameters
}

fn does_the_same(one: &Index, other: &Index) -> bool {
    one.definition.keys == other.definition.keys
        && one.definition.method == other.definition.method
        && one.definition.predicate == other.definition.predicate
        && one.definition.include == other.definition.include
}

/// Whether a unique index that one side alone has does the work of a plain one: of it another rule speaks.
fn is_served(index: &Index, (here, there): (&Schema, &Schema), table: &RelationName) -> bool {
    let is_unique_in = |schema: &Schema| {
        schema
            .indexes_of(table)
            .any(|(_, other)| other.definition.is_unique() && does_the_same(other, index))
    };
    is_unique_in(here) && !is_unique_in(there)
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
