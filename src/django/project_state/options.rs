//! `Meta`: the options, indexes and constraints of a model.

use std::sync::Arc;

use crate::django::python::{Call, Static, Value};
use crate::source::Origin;

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
