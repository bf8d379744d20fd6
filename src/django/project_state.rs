//! Django's own view of the models at a point of history: `django.db.migrations.state` without Django.

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
#[derive(Debug, Clone)]
pub struct Field {
    /// The class as written, for messages: `models.CharField`, `shop.fields.MoneyField`.
    pub class: Arc<str>,
    /// The class of Django that decides the column type (`get_internal_type`), followed through custom classes.
    pub kind: Static<FieldKind>,
    /// A `db_type` that a custom class returns in place of that of its kind.
    pub db_type: Option<Static<Arc<str>>>,
    pub null: Static<bool>,
    pub primary_key: Static<bool>,
    pub unique: Static<bool>,
    /// As Django resolves it: true for a ForeignKey and a SlugField unless said otherwise.
    pub db_index: Static<bool>,
    pub max_length: Static<Option<u32>>,
    pub db_column: Static<Option<Arc<str>>>,
    pub db_collation: Static<Option<Arc<str>>>,
    pub db_tablespace: Static<Option<Arc<str>>>,
    pub db_comment: Static<Option<Arc<str>>>,
    pub default: Option<Value>,
    pub db_default: Option<Value>,
    /// The stored values, groups flattened; `None` where the field has no choices.
    pub choices: Option<Static<Vec<Value>>>,
    /// Where `choices=` stands.
    pub relation: Option<FieldRelation>,
    /// The whole construction, to compare (`deconstruct`) and to write again.
    pub call: Arc<Call>,
    pub origin: Origin,
}

/// The target of a ForeignKey, OneToOneField or ManyToManyField.
#[derive(Debug, Clone)]
pub struct FieldRelation {
    pub to: Static<ModelKey>,
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

impl ProjectState {
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
