//! What points at a model: the foreign keys to follow when it is renamed or its key changes.

use std::sync::Arc;

use super::model::{Column, Model, Models};
use crate::django::project_state::{Field, FieldKey, ModelKey};
use crate::django::python::ValueKind;

/// A foreign key to a model, and the model that has it.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    pub owner: Arc<Model>,
    pub column: Column,
    /// The name under which Django sorts it: `related_query_name`.
    name: Arc<str>,
}

impl Incoming {
    /// Where the field stands in its model.
    fn place(&self) -> Option<usize> {
        let fields = &self.owner.state.as_ref()?.fields;
        fields
            .iter()
            .position(|(name, _)| *name == self.column.name)
    }
}

impl Models<'_> {
    /// `_meta.related_objects`: fields of other models that point at this one and are not hidden, and all
    /// many-to-many fields.
    pub(super) fn related_objects(&self, key: &ModelKey) -> Vec<FieldKey> {
        let mut found = self
            .state
            .referenced_by(key)
            .filter(|reference| {
                self.state
                    .model(&reference.model)
                    .and_then(|model| model.field(&reference.field))
                    .is_some_and(|field| field.is_many_to_many() || !is_hidden(field))
            })
            .cloned()
            .collect::<Vec<_>>();
        let place = |reference: &FieldKey| {
            let fields = &self.state.model(&reference.model)?.fields;
            fields.iter().position(|(name, _)| *name == reference.field)
        };
        // The models come in the order of a set, the fields of each in that of the model.
        found.sort_by_key(|reference| (reference.model.clone(), place(reference)));
        found
    }

    /// Every foreign key to the model in the order of Django, tables between models included.
    fn incoming(&self, key: &ModelKey) -> Vec<Incoming> {
        let mut found = Vec::new();
        let names = self.state.with_proxies(key);
        let references = names.iter().flat_map(|name| {
            let written = self.state.referenced_by(name).cloned();
            written.chain(self.state.unwritten_links(name))
        });
        for reference in references {
            let owner = Arc::new(self.model_with(&reference.model, &[&reference.field]));
            if let Some(column) = owner.column(&reference.field) {
                found.push(Incoming {
                    name: query_name(&owner, column),
                    column: column.clone(),
                    owner: Arc::clone(&owner),
                });
            }
            if let Some(through) = owner
                .many_to_many(&reference.field)
                .and_then(|field| field.through.as_ref())
            {
                found.extend(sides(through, &names));
            }
        }
        let own = self.model(key);
        for through in own
            .many_to_many
            .iter()
            .filter_map(|field| field.through.as_ref())
        {
            found.extend(sides(through, &names));
        }
        // Models whose names are the same come in the order of a set.
        found.sort_by(|one, two| {
            let place = |incoming: &Incoming| (Arc::clone(&incoming.owner.table), incoming.place());
            one.name
                .cmp(&two.name)
                .then_with(|| place(one).cmp(&place(two)))
        });
        found.dedup_by(|one, two| {
            one.owner.table == two.owner.table && one.column.column == two.column.column
        });
        found
    }

    /// `_related_non_m2m_objects`: foreign keys whose column follows the type of this one, and those behind them.
    pub(super) fn dependent_keys(&self, key: &ModelKey, column: &Column) -> Vec<Incoming> {
        let mut found = Vec::new();
        self.collect_dependent_keys(key, column, &mut found);
        found
    }

    fn collect_dependent_keys(&self, key: &ModelKey, column: &Column, found: &mut Vec<Incoming>) {
        for incoming in self.incoming(key) {
            let seen = found.iter().any(|known: &Incoming| {
                known.owner.table == incoming.owner.table
                    && known.column.column == incoming.column.column
            });
            if seen || !points_at(&incoming.column, column) {
                continue;
            }
            found.push(incoming.clone());
            if incoming.owner.state.is_some() {
                self.collect_dependent_keys(&incoming.owner.key, &incoming.column, found);
            }
        }
    }
}

/// `_is_relevant_relation`.
fn points_at(foreign_key: &Column, column: &Column) -> bool {
    let to_field = foreign_key
        .field
        .relation
        .as_ref()
        .and_then(|relation| relation.to_field.clone().ok().flatten());
    match to_field {
        Some(name) => name == column.name,
        None => column.primary_key,
    }
}

/// The foreign keys of a table between models that point at one of them.
fn sides(through: &Arc<Model>, names: &[ModelKey]) -> Vec<Incoming> {
    through
        .columns
        .iter()
        .filter(|column| {
            column
                .field
                .relation
                .as_ref()
                .and_then(|relation| relation.to.as_ref().ok())
                .is_some_and(|target| names.contains(target))
        })
        .map(|column| Incoming {
            // `related_name="Order_tags+"`.
            name: format!("{}+", through.object_name).into(),
            column: column.clone(),
            owner: Arc::clone(through),
        })
        .collect()
}

fn query_name(owner: &Model, column: &Column) -> Arc<str> {
    let given = |name: &str| match column.field.call.keyword(name).map(|value| &value.kind) {
        Some(ValueKind::Str(text)) => Some(Arc::clone(&text.text)),
        _ => None,
    };
    given("related_query_name")
        .or_else(|| given("related_name"))
        .unwrap_or_else(|| Arc::clone(&owner.key.model_name))
}

/// `related_name` that ends in `+`: the relation is not among `related_objects`.
fn is_hidden(field: &Field) -> bool {
    field
        .call
        .keyword("related_name")
        .and_then(|name| name.as_str())
        .is_some_and(|name| name.ends_with('+'))
}
