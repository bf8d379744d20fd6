//! Django's own view of the models at a point of history: `django.db.migrations.state` without Django.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::python::{Call, Static, Value};
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
    pub(super) models: OrderedMap<ModelKey, Arc<ModelState>>,
    /// For each model the fields of other models (or its own) that point at it.
    pub(super) referenced_by: OrderedMap<ModelKey, OrderedSet<FieldKey>>,
    /// An operation that was not understood may have changed the state: absences are unsure from then on.
    pub(super) doubt: Option<Why>,
    pub(super) settings: Arc<StateSettings>,
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

/// The options of `Meta` that concern the database.
#[derive(Debug, Clone)]
pub struct ModelOptions {
    pub managed: Static<bool>,
    pub proxy: Static<bool>,
    /// The setting that may put another model in its place: `AUTH_USER_MODEL`.
    pub swappable: Static<Option<Arc<str>>>,
    pub db_table: Static<Option<Arc<str>>>,
    pub db_tablespace: Static<Option<Arc<str>>>,
    pub db_table_comment: Static<Option<Arc<str>>>,
    pub unique_together: Static<Vec<Vec<Arc<str>>>>,
    pub index_together: Static<Vec<Vec<Arc<str>>>>,
    pub order_with_respect_to: Static<Option<Arc<str>>>,
    pub indexes: Static<Vec<Arc<ModelIndex>>>,
    pub constraints: Static<Vec<Arc<ModelConstraint>>>,
}

/// An item of `Meta.indexes` or the index of an `AddIndex`.
#[derive(Debug, Clone)]
pub struct ModelIndex {
    /// `None`: Django makes the name from the table and the columns.
    pub name: Static<Option<Arc<str>>>,
    pub kind: Static<IndexKind>,
    pub keys: Static<Vec<ModelIndexKey>>,
    pub opclasses: Static<Vec<Arc<str>>>,
    pub condition: Option<Value>,
    pub include: Static<Vec<Arc<str>>>,
    pub db_tablespace: Static<Option<Arc<str>>>,
    /// The whole construction: `models.Index(...)`, for options of its kind and for writing it again.
    pub call: Arc<Call>,
    pub origin: Origin,
}

#[derive(Debug, Clone)]
pub enum ModelIndexKey {
    Field { name: Arc<str>, descending: bool },
    Expression(Value),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndexKind {
    BTree,
    Hash,
    Gin,
    Gist,
    SpGist,
    Brin,
    Bloom,
}

/// An item of `Meta.constraints`.
#[derive(Debug, Clone)]
pub struct ModelConstraint {
    pub name: Static<Arc<str>>,
    pub kind: Static<ModelConstraintKind>,
    pub call: Arc<Call>,
    pub origin: Origin,
}

#[derive(Debug, Clone)]
pub enum ModelConstraintKind {
    Check {
        condition: Value,
    },
    Unique {
        fields: Static<Vec<Arc<str>>>,
        expressions: Vec<Value>,
        condition: Option<Value>,
        include: Static<Vec<Arc<str>>>,
        opclasses: Static<Vec<Arc<str>>>,
        deferrable: Static<Option<Deferrable>>,
        nulls_distinct: Static<Option<bool>>,
    },
    Exclusion,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deferrable {
    Deferred,
    Immediate,
}

/// A model field: its class and the arguments that matter to the database or to a rule.
///
/// `Err(why)` in an attribute is "set to something that could not be read", never "absent".
#[derive(Debug, Clone)]
pub struct Field {
    /// The class as written, for messages: `models.CharField`, `shop.fields.MoneyField`.
    pub class: Arc<str>,
    /// The class of Django that decides the column type (`get_internal_type`), followed through custom classes.
    pub kind: Static<FieldKind>,
    /// A `db_type` that a custom class returns in place of that of its kind; `Ok(None)`: it has no column.
    pub db_type: Option<Static<Option<Arc<str>>>>,
    pub null: Static<bool>,
    /// With `empty_strings_allowed` it decides whether Django fills `''` into existing rows.
    pub blank: Static<bool>,
    pub primary_key: Static<bool>,
    /// As Django resolves it: true for a primary key and a OneToOneField, too.
    pub unique: Static<bool>,
    /// As Django resolves it: true for a ForeignKey and a SlugField unless said otherwise.
    pub db_index: Static<bool>,
    pub max_length: Static<Option<u32>>,
    pub max_digits: Static<Option<u32>>,
    pub decimal_places: Static<Option<u32>>,
    /// `auto_now` or `auto_now_add`: Django fills the time of the migration into existing rows.
    pub auto_now: Static<bool>,
    pub db_column: Static<Option<Arc<str>>>,
    pub db_collation: Static<Option<Arc<str>>>,
    pub db_tablespace: Static<Option<Arc<str>>>,
    pub db_comment: Static<Option<Arc<str>>>,
    /// `None`: no default. A value that is unknown says so itself.
    pub default: Option<Value>,
    /// `None`: no default in the database. A value that is unknown says so itself.
    pub db_default: Option<Value>,
    /// The stored values, groups flattened; `None` where the field has no choices.
    pub choices: Option<Static<Vec<Value>>>,
    /// Of a ForeignKey, a OneToOneField or a ManyToManyField, and of custom classes over them.
    pub relation: Option<FieldRelation>,
    /// What only some kinds have.
    pub detail: FieldDetail,
    /// The whole construction, to compare (`deconstruct`) and to write again.
    pub call: Arc<Call>,
    pub origin: Origin,
}

/// The parts of a field that only one kind has.
#[derive(Debug, Clone)]
pub enum FieldDetail {
    Plain,
    Array {
        base: Static<Arc<Field>>,
        /// The fixed size, written `integer[3]` in the type.
        size: Static<Option<u32>>,
    },
    Generated {
        expression: Value,
        output: Static<Arc<Field>>,
        /// `db_persist`: STORED, else VIRTUAL.
        persisted: Static<bool>,
    },
    CompositePrimaryKey {
        fields: Static<Vec<Arc<str>>>,
    },
}

/// The target of a ForeignKey, OneToOneField or ManyToManyField.
#[derive(Debug, Clone)]
pub struct FieldRelation {
    /// Unresolved names (`"self"`, `"Model"`) are brought to the model they mean when the field enters a state.
    pub to: Static<ModelKey>,
    /// The setting that names the target: `AUTH_USER_MODEL`.
    pub to_setting: Option<Arc<str>>,
    /// ForeignKey and OneToOneField: the field of the target; `None`: its primary key.
    pub to_field: Static<Option<Arc<str>>>,
    pub db_constraint: Static<bool>,
    /// ManyToMany only: a model that stands between, else Django makes one.
    pub through: Static<Option<ModelKey>>,
    /// ManyToMany only: the table's name when it is given.
    pub db_table: Static<Option<Arc<str>>>,
    pub parent_link: bool,
}

/// The classes of Django that decide what column a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldKind {
    Auto,
    BigAuto,
    SmallAuto,
    BigInteger,
    Binary,
    Boolean,
    Char,
    Date,
    DateTime,
    Decimal,
    Duration,
    File,
    FilePath,
    Float,
    GenericIpAddress,
    Integer,
    IpAddress,
    Json,
    NullBoolean,
    PositiveBigInteger,
    PositiveInteger,
    PositiveSmallInteger,
    Slug,
    SmallInteger,
    Text,
    Time,
    Uuid,
    ForeignKey,
    /// `ForeignObject` itself: a relation over columns of other fields, with none of its own.
    ForeignObject,
    OneToOne,
    ManyToMany,
    Generated,
    CompositePrimaryKey,
    Array,
    HStore,
    IntegerRange,
    BigIntegerRange,
    DecimalRange,
    DateTimeRange,
    DateRange,
    SearchVector,
    CiText,
    CiChar,
    CiEmail,
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
    pub fn field(&self, name: &str) -> Option<&Arc<Field>> {
        self.fields
            .iter()
            .find(|(bound, _)| &**bound == name)
            .map(|(_, field)| field)
    }
}

impl Default for StateSettings {
    /// Django's own defaults (`django/conf/global_settings.py`, 3.2 to 5.2).
    fn default() -> Self {
        Self {
            default_auto_field: Ok(FieldKind::Auto),
            app_auto_fields: BTreeMap::new(),
            swapped: BTreeMap::from([("AUTH_USER_MODEL".into(), ModelKey::new("auth", "user"))]),
        }
    }
}

impl ProjectState {
    /// No models yet, as before the first migration.
    pub fn new(settings: Arc<StateSettings>) -> Self {
        Self {
            models: OrderedMap::new_sync(),
            referenced_by: OrderedMap::new_sync(),
            doubt: None,
            settings,
        }
    }

    pub fn settings(&self) -> &StateSettings {
        &self.settings
    }

    /// Why an absence of a model or a field is not certain.
    pub fn doubt(&self) -> Option<&Why> {
        self.doubt.as_ref()
    }

    pub fn model(&self, key: &ModelKey) -> Option<&Arc<ModelState>> {
        self.models.get(key)
    }

    /// In order of app label and model name.
    pub fn models(&self) -> impl Iterator<Item = &Arc<ModelState>> {
        self.models.iter().map(|(_, model)| model)
    }

    pub fn referenced_by(&self, key: &ModelKey) -> impl Iterator<Item = &FieldKey> {
        self.referenced_by
            .get(key)
            .into_iter()
            .flat_map(|fields| fields.iter())
    }
}
