//! Relations and the schema that holds them: a snapshot of a database that is cheap to keep.

use std::sync::Arc;

use rpds::{RedBlackTreeMapSync, RedBlackTreeSetSync};

use super::{Column, Constraint, Identifier, Index, RelationName, SqlType, Stamp, Stamped, Why};

pub type OrderedMap<K, V> = RedBlackTreeMapSync<K, V>;
pub type OrderedSet<T> = RedBlackTreeSetSync<T>;

/// What stands in `pg_class`: one name space of tables, indexes, sequences and views.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    Table(Arc<Table>),
    Index(Arc<Index>),
    Sequence(Arc<Sequence>),
    View(Arc<View>),
}

/// A table with its columns in order of their creation (`attnum`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<Stamped<Column>>,
    pub constraints: OrderedMap<Identifier, Stamped<Constraint>>,
    /// The names of its indexes, in the table's own schema.
    pub indexes: OrderedSet<Identifier>,
    /// Tables whose foreign keys reference this one (itself included).
    pub referenced_by: OrderedSet<RelationName>,
    /// How many unreadable statements may have changed this table, and why the last one.
    pub doubts: u32,
    pub doubt: Option<Why>,
    pub partitioning: Partitioning,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Partitioning {
    #[default]
    Plain,
    /// `PARTITION BY ...`, as written.
    Partitioned(Arc<str>),
    PartitionOf(RelationName),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    pub owner: Option<ColumnRef>,
    pub data_type: SqlType,
    /// Options as written (`INCREMENT BY 2`), empty for the defaults.
    pub options: Arc<str>,
    pub purpose: SequencePurpose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SequencePurpose {
    Plain,
    /// Made for an identity column: it cannot be dropped apart from it.
    Identity,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnRef {
    pub table: RelationName,
    pub column: Identifier,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub kind: ViewKind,
    /// The query as written.
    pub query: Arc<str>,
    pub reads: ViewReads,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ViewKind {
    Plain,
    Materialized,
}

/// What a view depends on. Columns are known to the table only: which of them a query reads takes
/// name resolution that is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewReads {
    Relations(OrderedSet<RelationName>),
    Unknown(Why),
}

/// A database as far as it is known. Cloning it is a snapshot in constant time.
///
/// *Closed* when it was seen being created, so that what is not here does not exist; *open* when it
/// was met half way or something unreadable happened, so that an absence is `Lookup::Unsure`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    pub(super) relations: OrderedMap<RelationName, Stamped<Relation>>,
    pub(super) enums: OrderedMap<RelationName, Vec<Arc<str>>>,
    pub(super) namespaces: OrderedSet<Identifier>,
    pub(super) extensions: OrderedSet<Identifier>,
    pub(super) search_path: Vec<Identifier>,
    pub(super) openness: Openness,
    /// How many events may have changed anything.
    pub(super) doubts: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Openness {
    Closed,
    Open(Why),
}

impl<T> Stamped<T> {
    pub fn new(value: T, stamp: Stamp) -> Self {
        Self { value, stamp }
    }
}
