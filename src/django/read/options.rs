//! The options of a model, from the `options` of a CreateModel or from a `class Meta`.

use std::sync::Arc;

use super::constraint::read_constraint;
use super::index::read_index;
use super::signature::{items, texts};
use crate::django::field::{optional_text, truth};
use crate::django::project_state::ModelOptions;
use crate::django::python::{Static, Value, ValueKind};
use crate::schema::Why;

/// Where options are looked up by name: a mapping, or the body of a class.
pub(in crate::django) trait OptionSource {
    /// The value; `Ok(None)`: it is not set, for certain.
    fn option(&self, name: &str) -> Static<Option<Value>>;
}

/// The `options=` of a CreateModel.
impl OptionSource for Option<&Value> {
    fn option(&self, name: &str) -> Static<Option<Value>> {
        let Some(value) = self else {
            return Ok(None);
        };
        match &value.kind {
            ValueKind::None => Ok(None),
            ValueKind::Dict(entries) => {
                let found = entries
                    .iter()
                    .rev()
                    .find(|(key, _)| key.as_str() == Some(name));
                if let Some((_, value)) = found {
                    return match value.why_unknown() {
                        Some(why) => Err(why.clone()),
                        None => Ok(Some(value.clone())),
                    };
                }
                match entries.iter().find_map(|(key, _)| key.why_unknown()) {
                    Some(why) => Err(why.clone()),
                    None => Ok(None),
                }
            }
            ValueKind::Unknown(why) => Err(why.clone()),
            _ => Err(Why::new("the options are not a mapping that can be read")),
        }
    }
}

impl ModelOptions {
    /// What a model has when nothing is said.
    pub fn unset() -> Self {
        read_options(&None::<&Value>)
    }
}

pub(in crate::django) fn read_options(source: &impl OptionSource) -> ModelOptions {
    let flag = |name: &str, default: bool| match source.option(name)? {
        Some(value) => truth(&value, name),
        None => Ok(default),
    };
    let text = |name: &str| match source.option(name)? {
        Some(value) => optional_text(&value, name),
        None => Ok(None),
    };
    ModelOptions {
        managed: flag("managed", true),
        proxy: flag("proxy", false),
        swappable: swappable(source),
        db_table: text("db_table"),
        db_tablespace: text("db_tablespace"),
        db_table_comment: text("db_table_comment"),
        unique_together: together(source, "unique_together"),
        index_together: together(source, "index_together"),
        order_with_respect_to: text("order_with_respect_to"),
        indexes: list(source, "indexes", read_index),
        constraints: list(source, "constraints", read_constraint),
    }
}

fn list<T>(
    source: &impl OptionSource,
    name: &str,
    read: fn(&Value) -> Static<T>,
) -> Static<Vec<Arc<T>>> {
    match source.option(name)? {
        Some(value) if value.is_none() => Ok(Vec::new()),
        Some(value) => items(&value, name)?
            .iter()
            .map(|item| read(item).map(Arc::new))
            .collect(),
        None => Ok(Vec::new()),
    }
}

fn together(source: &impl OptionSource, name: &str) -> Static<Vec<Vec<Arc<str>>>> {
    match source.option(name)? {
        Some(value) => read_together(&value, name),
        None => Ok(Vec::new()),
    }
}

/// `[("a", "b"), ...]`, or `("a", "b")` for one (`normalize_together` in `django/db/models/options.py`).
pub(super) fn read_together(value: &Value, name: &str) -> Static<Vec<Vec<Arc<str>>>> {
    let is_empty = match &value.kind {
        ValueKind::None => true,
        // Nothing is nothing, whatever it is written as.
        ValueKind::Dict(entries) => entries.is_empty(),
        _ => false,
    };
    if is_empty {
        return Ok(Vec::new());
    }
    let groups = items(value, name)?;
    if groups.iter().any(|group| group.as_str().is_some()) {
        return Ok(vec![texts(value, name)?]);
    }
    groups.iter().map(|group| texts(group, name)).collect()
}

/// The name of a setting; `swapper.swappable_setting("app", "Model")` makes one.
fn swappable(source: &impl OptionSource) -> Static<Option<Arc<str>>> {
    let Some(value) = source.option("swappable")? else {
        return Ok(None);
    };
    if let Some(call) = value.as_call() {
        let named = matches!(&call.callee.kind, ValueKind::Name(name) if name.as_str() == "swapper.swappable_setting");
        if let (true, [app, model]) = (named, call.arguments.as_slice())
            && let (Some(app), Some(model)) = (app.as_str(), model.as_str())
        {
            let setting = format!("{}_{}_MODEL", app.to_uppercase(), model.to_uppercase());
            return Ok(Some(setting.into()));
        }
    }
    optional_text(&value, "swappable")
}
