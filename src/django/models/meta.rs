//! `class Meta` of a model, with what it inherits.

use std::sync::Arc;

use crate::django::ancestry::{Ancestor, ancestry};
use crate::django::names::{OrderedColumn, model_index_name};
use crate::django::project_state::{
    ModelConstraint, ModelIndex, ModelIndexKey, ModelKey, ModelOptions, ModelState, ProjectState,
};
use crate::django::python::{ClassDefinition, Static, Value, ValueKind};
use crate::django::read::{OptionSource, read_options};
use crate::schema::{Lookup, Why};

/// The classes in which an option is looked up: the model's `Meta`, and what that extends.
struct MetaClasses(Vec<Ancestor>);

impl OptionSource for MetaClasses {
    fn option(&self, name: &str) -> Static<Option<Value>> {
        for ancestor in &self.0 {
            match ancestor {
                Ancestor::Defined(class) => match class.attribute(name) {
                    Some(value) => {
                        return match value.why_unknown() {
                            Some(why) => Err(why.clone()),
                            None => Ok(Some(value.clone())),
                        };
                    }
                    None => {
                        if let Some(why) = &class.unknown_body {
                            return Err(why.clone());
                        }
                    }
                },
                Ancestor::Named(path) if is_plain(path.as_str()) => {}
                Ancestor::Named(path) => {
                    return Err(Why::new(format!(
                        "`{path}`, which its Meta extends, was not found"
                    )));
                }
                Ancestor::Unknown(why) => return Err(why.clone()),
            }
        }
        Ok(None)
    }
}

fn is_plain(path: &str) -> bool {
    matches!(path, "object" | "builtins.object" | "typing.Protocol")
}

/// The options of a model: its own `Meta`, else that of the first abstract ancestor that has one.
pub(super) fn options(class: &Arc<ClassDefinition>, key: &ModelKey) -> ModelOptions {
    let mut options = read_options(&MetaClasses(meta_classes(class)));
    options.constraints = options.constraints.map(|list| {
        list.iter()
            .map(|item| Arc::new(named_constraint(item, key)))
            .collect()
    });
    options.indexes = options.indexes.map(|list| {
        list.iter()
            .map(|item| Arc::new(named_index(item, key)))
            .collect()
    });
    options
}

/// `abstract` counts where it is written: Django takes it off a `Meta` that others extend.
pub(super) fn is_abstract(class: &ClassDefinition) -> Static<bool> {
    match class.attribute("Meta").map(|meta| &meta.kind) {
        None => Ok(false),
        Some(ValueKind::Class(meta)) => match meta.attribute("abstract").map(|value| &value.kind) {
            None => Ok(false),
            Some(ValueKind::Bool(flag)) => Ok(*flag),
            Some(ValueKind::Unknown(why)) => Err(why.clone()),
            Some(_) => Err(Why::new("`abstract` is not a constant")),
        },
        Some(ValueKind::Unknown(why)) => Err(why.clone()),
        // `Meta = Other.Meta`, of a class that was not found.
        Some(_) => Ok(false),
    }
}

/// `Meta.app_label`, where it is a text.
pub(super) fn app_label(class: &Arc<ClassDefinition>) -> Option<Arc<str>> {
    let value = MetaClasses(meta_classes(class))
        .option("app_label")
        .ok()??;
    value.as_str().map(Into::into)
}

fn meta_classes(class: &Arc<ClassDefinition>) -> Vec<Ancestor> {
    let ancestors = ancestry(class);
    let own = class.attribute("Meta");
    let meta = own.or_else(|| {
        // A concrete parent keeps its Meta to itself.
        ancestors
            .iter()
            .skip(1)
            .find_map(|ancestor| match ancestor {
                Ancestor::Defined(parent) if is_abstract(parent) == Ok(true) => {
                    parent.attribute("Meta")
                }
                _ => None,
            })
    });
    match meta.map(|meta| &meta.kind) {
        Some(ValueKind::Class(meta)) => ancestry(meta),
        Some(ValueKind::Name(name)) => vec![Ancestor::Named(name.clone())],
        Some(ValueKind::Unknown(why)) => vec![Ancestor::Unknown(why.clone())],
        Some(_) => vec![Ancestor::Unknown(Why::new("its Meta is not a class that can be read"))],
        // An ancestor that was not found may have one.
        None => ancestors
            .into_iter()
            .filter(|ancestor| match ancestor {
                Ancestor::Named(name) => !name.as_str().starts_with("django.db."),
                Ancestor::Unknown(_) => true,
                Ancestor::Defined(_) => false,
            })
            .filter(|ancestor| !matches!(ancestor, Ancestor::Named(name) if name.as_str().starts_with("builtins.")))
            .take(1)
            .collect(),
    }
}

/// `%(app_label)s` and `%(class)s` filled in (`Options._format_names`).
fn filled(name: &str, key: &ModelKey) -> Arc<str> {
    name.replace("%(app_label)s", &key.app_label.to_lowercase())
        .replace("%(class)s", &key.model_name)
        .replace("%%", "%")
        .into()
}

fn named_constraint(constraint: &ModelConstraint, key: &ModelKey) -> ModelConstraint {
    ModelConstraint {
        name: constraint
            .name
            .as_ref()
            .map(|name| filled(name, key))
            .map_err(Clone::clone),
        ..constraint.clone()
    }
}

fn named_index(index: &ModelIndex, key: &ModelKey) -> ModelIndex {
    let name = index.name.as_ref().map_err(Clone::clone);
    ModelIndex {
        name: name.map(|name| name.as_ref().map(|name| filled(name, key))),
        ..index.clone()
    }
}

/// The model with names for the indexes that have none; `None`: there are none such.
pub(super) fn with_named_indexes(state: &ProjectState, key: &ModelKey) -> Option<ModelState> {
    let model = state.model(key)?;
    let indexes = model.options.indexes.as_ref().ok()?;
    if indexes.iter().all(|index| index.name != Ok(None)) {
        return None;
    }
    let mut named = (**model).clone();
    let list = indexes
        .iter()
        .map(|index| match index.name {
            Ok(None) => Arc::new(ModelIndex {
                name: generated_name(state, key, index).map(Some),
                ..(**index).clone()
            }),
            _ => Arc::clone(index),
        })
        .collect();
    named.options.indexes = Ok(list);
    Some(named)
}

fn generated_name(state: &ProjectState, key: &ModelKey, index: &ModelIndex) -> Static<Arc<str>> {
    let table = state.table_name(key)?;
    let suffix = index.kind.clone()?.name_suffix(&index.call);
    let mut columns = Vec::new();
    for item in &index.keys.clone()? {
        let ModelIndexKey::Field { name, descending } = item else {
            return Err(Why::new("an index on expressions has no name"));
        };
        let column = match state.find_field(key, name) {
            Lookup::Found(found) => found.field.column(name)?,
            Lookup::Absent => None,
            Lookup::Unsure(why) => return Err(why),
        };
        let column = column
            .ok_or_else(|| Why::new(format!("the index names a field `{name}` without column")))?;
        columns.push((column, *descending));
    }
    let columns = columns
        .iter()
        .map(|(column, descending)| OrderedColumn {
            column,
            descending: *descending,
        })
        .collect::<Vec<_>>();
    Ok(model_index_name(&table, &columns, suffix).into())
}
