//! The target of a ForeignKey, a OneToOneField or a ManyToManyField.

use std::sync::Arc;

use super::arguments::{Argument, Arguments};
use crate::django::project_state::{FieldKind, FieldRelation, ModelKey, StateSettings};
use crate::django::python::{ClassDefinition, Static, Value, ValueKind};
use crate::schema::Why;

/// Says which model a class statement makes: the app that a module belongs to is known by discovery alone.
pub trait ModelClasses {
    /// The key of the model that the class is; `None`: it is none that is known.
    fn model_key(&self, class: &Arc<ClassDefinition>) -> Option<ModelKey>;
}

/// No classes are models: in migrations relations are strings.
#[derive(Debug, Clone, Copy)]
pub struct NoModelClasses;

impl ModelClasses for NoModelClasses {
    fn model_key(&self, _class: &Arc<ClassDefinition>) -> Option<ModelKey> {
        None
    }
}

/// What names of models mean where they stand.
#[derive(Clone, Copy)]
pub struct RelationReader<'a> {
    /// The app of the model that has the field.
    pub app_label: &'a str,
    /// The model that has the field, for `"self"`; `None` where it is not known.
    pub model: Option<&'a str>,
    pub settings: &'a StateSettings,
    pub classes: &'a dyn ModelClasses,
}

impl std::fmt::Debug for RelationReader<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RelationReader")
            .field("app_label", &self.app_label)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

/// The model that a value names, and the setting that it was read from.
#[derive(Debug, Clone)]
pub(in crate::django) struct NamedModel {
    pub(in crate::django) key: Static<ModelKey>,
    pub(in crate::django) setting: Option<Arc<str>>,
}

impl RelationReader<'_> {
    /// `"app.Model"`, `"Model"`, `"self"`, `settings.AUTH_USER_MODEL`, a class.
    pub(in crate::django) fn model_of(self, value: &Value) -> NamedModel {
        let plain = |key| NamedModel { key, setting: None };
        match &value.kind {
            ValueKind::Str(text) => plain(self.model_named(&text.text)),
            ValueKind::Class(class) => {
                plain(self.classes.model_key(class).ok_or_else(|| {
                    Why::new(format!("`{}` is not a model that was read", class.name))
                }))
            }
            ValueKind::Name(name) => match name.as_str().strip_prefix("django.conf.settings.") {
                Some(setting) => NamedModel {
                    key: self.model_of_setting(setting),
                    setting: Some(setting.into()),
                },
                None => plain(contrib_model(name.as_str())),
            },
            ValueKind::Call(call) => plain(self.swapper_model(&call.callee, &call.arguments)),
            ValueKind::Unknown(why) => plain(Err(why.clone())),
            _ => plain(Err(Why::new("the target is not a model that can be read"))),
        }
    }

    fn model_named(self, name: &str) -> Static<ModelKey> {
        if name == "self" {
            let model = self
                .model
                .ok_or_else(|| Why::new("\"self\" stands where no model is known"))?;
            return Ok(ModelKey::new(self.app_label, model));
        }
        Ok(match name.split_once('.') {
            Some((app, model)) => ModelKey::new(app, model),
            None => ModelKey::new(self.app_label, name),
        })
    }

    fn model_of_setting(self, setting: &str) -> Static<ModelKey> {
        self.settings
            .swapped
            .get(setting)
            .cloned()
            .ok_or_else(|| Why::new(format!("the setting `{setting}` is not known")))
    }

    /// `swapper.get_model_name("app", "Model")`: the default, unless the setting puts another in its place.
    fn swapper_model(self, callee: &Value, arguments: &[Value]) -> Static<ModelKey> {
        let unread = || Why::new("the target is the result of a call that is not followed");
        let ValueKind::Name(name) = &callee.kind else {
            return Err(unread());
        };
        match (name.as_str(), arguments) {
            ("swapper.get_model_name", [app, model]) => {
                let (Some(app), Some(model)) = (app.as_str(), model.as_str()) else {
                    return Err(unread());
                };
                let setting = format!("{}_{}_MODEL", app.to_uppercase(), model.to_uppercase());
                let swapped = self.settings.swapped.get(&*setting).cloned();
                Ok(swapped.unwrap_or_else(|| ModelKey::new(app, model)))
            }
            ("django.contrib.auth.get_user_model", _) => self.model_of_setting("AUTH_USER_MODEL"),
            _ => Err(unread()),
        }
    }
}

/// A model of Django's own apps by the path of its class, which names the app: `django.contrib.auth.models.Group`.
fn contrib_model(path: &str) -> Static<ModelKey> {
    let unread = || Why::new(format!("`{path}` is not a model that was read"));
    let rest = path.strip_prefix("django.contrib.").ok_or_else(unread)?;
    let parts = rest.split('.').collect::<Vec<_>>();
    match parts.as_slice() {
        [app, "models", model] => Ok(ModelKey::new(app, model)),
        _ => Err(unread()),
    }
}

/// The relation of a field; `None`: its class has none.
pub(in crate::django) fn field_relation(
    arguments: &Arguments<'_>,
    reader: RelationReader<'_>,
) -> Option<FieldRelation> {
    let kind = arguments.class.django.as_ref().ok()?.kind;
    let is_many = kind == FieldKind::ManyToMany;
    if !is_many && !kind.is_foreign_key() && kind != FieldKind::ForeignObject {
        return None;
    }
    let to = match arguments.get("to") {
        Argument::Given(value) => reader.model_of(value),
        Argument::Default => NamedModel {
            key: Err(Why::new("the field has no target")),
            setting: None,
        },
        Argument::Unknown(why) => NamedModel {
            key: Err(why),
            setting: None,
        },
    };
    let through = match arguments.get("through") {
        Argument::Given(value) if value.is_none() => Ok(None),
        Argument::Given(value) => reader.model_of(value).key.map(Some),
        Argument::Default => Ok(None),
        Argument::Unknown(why) => Err(why),
    };
    Some(FieldRelation {
        to: to.key,
        to_setting: to.setting,
        to_field: if is_many {
            Ok(None)
        } else {
            arguments.text("to_field")
        },
        db_constraint: arguments.truth("db_constraint", true),
        through: if is_many { through } else { Ok(None) },
        db_table: if is_many {
            arguments.text("db_table")
        } else {
            Ok(None)
        },
        parent_link: arguments.truth("parent_link", false) == Ok(true),
    })
}
