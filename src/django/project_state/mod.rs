//! Django's own view of the models at a point of history: `django.db.migrations.state` without Django.

mod field;
mod join_tables;
mod options;
mod rendered;

pub use field::*;
pub use options::*;
pub use rendered::*;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::python::Static;
use super::version::DjangoVersion;
use crate::postgres::Version;
use crate::schema::{OrderedMap, OrderedSet, Why};
use crate::source::Origin;

/// `app_label.modelname`, the name in lower case, as Django keys its models.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelKey {
    pub app_label: Arc<str>,
    pub model_name: Arc<str>,
}

/// All models at a point of history. Cloning is a snapshot in constant time.
#[derive(Debug, Clone)]
pub struct ProjectState {
    pub(in crate::django) models: OrderedMap<ModelKey, Arc<ModelState>>,
    /// For each model the fields of other models (or its own) that point at it.
    pub(in crate::django) referenced_by: OrderedMap<ModelKey, OrderedSet<FieldKey>>,
    /// For each model those that name it among their bases.
    pub(in crate::django) extended_by: OrderedMap<ModelKey, OrderedSet<ModelKey>>,
    /// By app label: an operation that was not understood may have changed the app's models, and from then on
    /// neither an absence nor what is there is certain. Operations change the models of their own app alone.
    pub(in crate::django) doubts: OrderedMap<Arc<str>, Doubt>,
    pub(in crate::django) settings: Arc<StateSettings>,
}

/// What an operation that was not understood leaves of an app.
#[derive(Debug, Clone)]
pub(in crate::django) struct Doubt {
    why: Why,
    /// The models that the last such operation found: what has not changed since may be another thing by now.
    models: OrderedMap<ModelKey, Arc<ModelState>>,
}

/// The settings of a project that decide what its models are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSettings {
    /// `DEFAULT_AUTO_FIELD`: the class of primary keys that no model writes out.
    pub default_auto_field: Static<FieldKind>,
    /// `AppConfig.default_auto_field` of apps that set it; models use it, migrations do not
    /// (`AppConfigStub` in `django/db/migrations/state.py`).
    pub app_auto_fields: BTreeMap<Arc<str>, Static<FieldKind>>,
    /// Models in place of others, by setting: `AUTH_USER_MODEL`.
    pub swapped: BTreeMap<Arc<str>, ModelKey>,
    /// `TIME_ZONE`, which stands in expressions over moments; `Ok(None)`: `USE_TZ` is off.
    pub time_zone: Static<Option<Arc<str>>>,
    /// The server that `connection.features` would speak of; the newest where nothing says.
    pub postgres: Version,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldKey {
    pub model: ModelKey,
    pub field: Arc<str>,
}

/// One model: `ModelState` of Django, with where each part was written.
#[derive(Debug, Clone)]
pub struct ModelState {
    pub key: ModelKey,
    /// The class name as written: `OrderLine`.
    pub name: Arc<str>,
    /// Local fields in order of definition, many-to-many fields included.
    pub fields: Vec<(Arc<str>, Arc<Field>)>,
    pub options: ModelOptions,
    pub bases: Vec<Base>,
    /// The class statement, or the operation that created the model.
    pub origin: Origin,
    pub fields_known: FieldsKnown,
    /// Bases outside of all that could be read, by dotted name, abstract ancestors' ones included: what they
    /// bring is the same for every model that has them.
    pub unresolved_bases: Vec<Arc<str>>,
}

/// Whether the fields are all there is: fields also arrive by metaclass, decorator, `contribute_to_class`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldsKnown {
    All,
    /// An *open model*: an absence is never reported on it.
    Open(Why),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    Model(ModelKey),
    /// A class that is no concrete model, by its dotted name.
    Class(Arc<str>),
}

impl ModelKey {
    pub fn new(app_label: &str, model_name: &str) -> Self {
        Self {
            app_label: app_label.into(),
            model_name: model_name.to_lowercase().into(),
        }
    }
}

impl std::fmt::Display for ModelKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.app_label, self.model_name)
    }
}

impl ModelState {
    /// Whether an index of `Meta.indexes` has this name.
    pub fn has_index(&self, name: &str) -> bool {
        let indexes = self.options.indexes.iter().flatten();
        let mut names = indexes.filter_map(|index| index.name.as_ref().ok());
        names.any(|known| known.as_deref() == Some(name))
    }

    pub fn field(&self, name: &str) -> Option<&Arc<Field>> {
        self.fields
            .iter()
            .find(|(bound, _)| &**bound == name)
            .map(|(_, field)| field)
    }
}

impl StateSettings {
    /// What Django takes when no settings say otherwise (`django/conf/global_settings.py`; since 6.0 keys
    /// are big integers).
    pub fn of(version: DjangoVersion) -> Self {
        let key = if version < DjangoVersion::V6_0 {
            FieldKind::Auto
        } else {
            FieldKind::BigAuto
        };
        Self {
            default_auto_field: Ok(key),
            app_auto_fields: BTreeMap::new(),
            swapped: BTreeMap::from([("AUTH_USER_MODEL".into(), ModelKey::new("auth", "user"))]),
            time_zone: Err(Why::new("TIME_ZONE is not known")),
            postgres: Version::default(),
        }
    }
}

impl Default for StateSettings {
    fn default() -> Self {
        Self::of(DjangoVersion::default())
    }
}

impl ProjectState {
    /// No models yet, as before the first migration.
    pub fn new(settings: Arc<StateSettings>) -> Self {
        Self {
            models: OrderedMap::new_sync(),
            referenced_by: OrderedMap::new_sync(),
            extended_by: OrderedMap::new_sync(),
            doubts: OrderedMap::new_sync(),
            settings,
        }
    }

    pub fn settings(&self) -> &StateSettings {
        &self.settings
    }

    /// Why it is not certain what models and fields an app has.
    pub fn doubt(&self, app_label: &str) -> Option<&Why> {
        self.doubts.get(app_label).map(|doubt| &doubt.why)
    }

    /// Why it is not certain what a field is by now: it stood when an operation of its app was not understood, and no
    /// other has set it since.
    pub fn doubt_of_field(&self, key: &ModelKey, field: &str) -> Option<&Why> {
        let doubt = self.doubts.get(&key.app_label)?;
        let now = self.model(key)?.field(field)?;
        let mut then = doubt.models.get(key)?.fields.iter();
        then.any(|(_, then)| Arc::ptr_eq(then, now))
            .then_some(&doubt.why)
    }

    /// Whether the models of any app are not certain.
    pub fn is_in_doubt(&self) -> bool {
        !self.doubts.is_empty()
    }

    /// From here on it is not certain what models and fields an app has.
    pub fn doubt_app(&mut self, app_label: &str, why: &Why) {
        let why = self.doubt(app_label).unwrap_or(why).clone();
        let models = self.models.clone();
        self.doubts
            .insert_mut(app_label.into(), Doubt { why, models });
    }

    pub fn model(&self, key: &ModelKey) -> Option<&Arc<ModelState>> {
        self.models.get(key)
    }

    /// In order of app label and model name.
    pub fn models(&self) -> impl Iterator<Item = &Arc<ModelState>> {
        self.models.iter().map(|(_, model)| model)
    }

    /// The models that name this one among their bases.
    pub fn extended_by(&self, key: &ModelKey) -> impl Iterator<Item = &ModelKey> {
        self.extended_by
            .get(key)
            .into_iter()
            .flat_map(|models| models.iter())
    }

    pub fn referenced_by(&self, key: &ModelKey) -> impl Iterator<Item = &FieldKey> {
        self.referenced_by
            .get(key)
            .into_iter()
            .flat_map(|fields| fields.iter())
    }
}
