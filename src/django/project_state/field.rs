//! A field of a model, as data.

use std::sync::Arc;

use super::ModelKey;
use crate::django::python::{Call, Static, Value};
use crate::schema::Why;
use crate::source::Origin;

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
    SearchQuery,
    CiText,
    CiChar,
    CiEmail,
}
