//! Relations and the schema that holds them: a snapshot of a database that is cheap to keep.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use rpds::{RedBlackTreeMapSync, RedBlackTreeSetSync};

use super::{
    Column, Constraint, ConstraintKind, ForeignKey, Identifier, Index, Key, RelationName, SqlType,
    Stamp, Stamped, Trigger, Why,
};

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
    /// Shared with the snapshots before: most changes are of other parts of the table, or of one column.
    pub columns: Vec<Stamped<Arc<Column>>>,
    pub constraints: OrderedMap<Identifier, Stamped<Constraint>>,
    /// The names of its indexes, in the table's own schema.
    pub indexes: OrderedSet<Identifier>,
    /// Tables whose foreign keys reference this one (itself included).
    pub referenced_by: OrderedSet<RelationName>,
    /// Sequences that its columns own, in the table's own schema.
    pub owned_sequences: OrderedSet<Identifier>,
    pub triggers: OrderedMap<Identifier, Stamped<Trigger>>,
    /// Its partitions.
    pub partitions: OrderedSet<RelationName>,
    /// When all of its parts were known, so that a part that is not here does not exist: `None` for a
    /// table that was met half way.
    pub whole: Option<Stamp>,
    /// Why it has a part that could not be read: what is added later may be there already.
    pub grown: Option<Why>,
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
    /// Columns whose default calls `nextval` on it.
    pub used_by: OrderedSet<ColumnRef>,
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
    /// The names of its indexes (a materialized view may have some), in its own schema.
    pub indexes: OrderedSet<Identifier>,
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
pub struct Schema(Arc<Contents>);

/// What a [`Schema`] holds: behind one pointer, as every moment of history keeps the schemas around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    pub(super) relations: OrderedMap<RelationName, Stamped<Relation>>,
    pub(super) enums: OrderedMap<RelationName, Vec<Arc<str>>>,
    pub(super) namespaces: OrderedSet<Identifier>,
    /// Namespaces that exist, with the reason why nothing is known of what is in them.
    pub(super) unread_namespaces: OrderedMap<Identifier, Why>,
    pub(super) extensions: OrderedSet<Identifier>,
    pub(super) search_path: Arc<[Identifier]>,
    pub(super) openness: Openness,
    /// How many events may have changed anything.
    pub(super) doubts: u32,
    /// What was last said of relations that an unreadable statement may have made, changed or dropped;
    /// tables that are known keep their own count.
    pub(super) doubted: OrderedMap<RelationName, Why>,
    /// The last unreadable statement that named relations: it may have made indexes of any name.
    pub(super) touched: Option<Why>,
    /// Why the last statement that may have changed anything could not be read.
    pub(super) unread: Option<Why>,
    /// The views that read a relation.
    pub(super) readers: OrderedMap<RelationName, OrderedSet<RelationName>>,
    /// Views of which it is not known what they read.
    pub(super) unread_views: OrderedSet<RelationName>,
    /// How many constraints of each name a namespace holds: the server looks at them to choose a name.
    pub(super) constraint_names: OrderedMap<RelationName, u32>,
}

impl Schema {
    pub(super) fn of(contents: Contents) -> Self {
        Self(Arc::new(contents))
    }
}

impl Deref for Schema {
    type Target = Contents;

    fn deref(&self) -> &Contents {
        &self.0
    }
}

impl DerefMut for Schema {
    /// Leaves the snapshots as they are.
    fn deref_mut(&mut self) -> &mut Contents {
        Arc::make_mut(&mut self.0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Openness {
    Closed,
    Open(Why),
}

impl Table {
    /// A table without parts; `whole` tells whether that is all of it.
    pub fn new(columns: Vec<Stamped<Arc<Column>>>, whole: Option<Stamp>) -> Self {
        Self {
            columns,
            constraints: OrderedMap::default(),
            indexes: OrderedSet::default(),
            referenced_by: OrderedSet::default(),
            owned_sequences: OrderedSet::default(),
            triggers: OrderedMap::default(),
            partitions: OrderedSet::default(),
            whole,
            grown: None,
            doubts: 0,
            doubt: None,
            partitioning: Partitioning::Plain,
        }
    }

    /// The column of this name, certain or not.
    pub fn column(&self, name: &Identifier) -> Option<&Stamped<Arc<Column>>> {
        self.columns
            .iter()
            .find(|column| column.value.name == *name)
    }

    pub(super) fn column_mut(&mut self, name: &Identifier) -> Option<&mut Column> {
        self.columns
            .iter_mut()
            .find(|column| column.value.name == *name)
            .map(|column| Arc::make_mut(&mut column.value))
    }

    /// Whether a trigger may put values into a row that is being inserted; one that may be gone counts.
    pub fn is_filled_by_trigger(&self) -> bool {
        self.triggers
            .values()
            .any(|trigger| trigger.value.may_fill_rows())
    }

    /// The primary key with its name, certain or not.
    pub fn primary_key(&self) -> Option<(&Identifier, &Key)> {
        self.constraints
            .iter()
            .find_map(|(name, constraint)| match &constraint.value.kind {
                ConstraintKind::PrimaryKey(key) => Some((name, key)),
                ConstraintKind::Unique(_)
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Check(_)
                | ConstraintKind::Exclusion(_) => None,
            })
    }

    /// Its foreign keys with their names, certain or not.
    pub fn foreign_keys(&self) -> impl Iterator<Item = (&Identifier, &ForeignKey<RelationName>)> {
        self.constraints
            .iter()
            .filter_map(|(name, constraint)| match &constraint.value.kind {
                ConstraintKind::ForeignKey(key) => Some((name, key)),
                ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Check(_)
                | ConstraintKind::Exclusion(_) => None,
            })
    }
}

impl<T> Stamped<T> {
    pub fn new(value: T, stamp: Stamp) -> Self {
        Self { value, stamp }
    }
}
