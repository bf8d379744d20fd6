//! One effect on a database, whichever language asked for it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{
    Column, ConstraintDefinition, Deferral, Expr, Identifier, Identity, IndexDefinition, SqlType,
    Trigger, ViewKind, Why, WrittenName,
};

/// What a statement does, as pure data. A statement of several actions is several changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Change {
    CreateTable(CreateTable),
    DropTable(Drop),
    RenameTable {
        table: WrittenName,
        to: Identifier,
        if_exists: IfExists,
    },
    SetTableSchema {
        table: WrittenName,
        to: Identifier,
    },

    AddColumn {
        table: WrittenName,
        column: Column,
        if_not_exists: IfNotExists,
    },
    DropColumn {
        table: WrittenName,
        column: Identifier,
        if_exists: IfExists,
        behavior: DropBehavior,
    },
    RenameColumn {
        table: WrittenName,
        column: Identifier,
        to: Identifier,
    },
    AlterColumn {
        table: WrittenName,
        column: Identifier,
        action: ColumnAction,
    },

    AddConstraint {
        table: WrittenName,
        constraint: ConstraintDefinition,
    },
    /// `ADD CONSTRAINT ... UNIQUE | PRIMARY KEY USING INDEX`.
    AddConstraintUsingIndex {
        table: WrittenName,
        name: Option<Identifier>,
        index: Identifier,
        key: KeyKind,
        deferral: Deferral,
    },
    DropConstraint {
        table: WrittenName,
        constraint: Identifier,
        if_exists: IfExists,
        behavior: DropBehavior,
    },
    RenameConstraint {
        table: WrittenName,
        constraint: Identifier,
        to: Identifier,
    },
    ValidateConstraint {
        table: WrittenName,
        constraint: Identifier,
    },
    AlterConstraint {
        table: WrittenName,
        constraint: Identifier,
        deferral: Deferral,
    },

    CreateIndex(CreateIndex),
    DropIndex {
        drop: Drop,
        build: Build,
    },
    RenameIndex {
        index: WrittenName,
        to: Identifier,
        if_exists: IfExists,
    },

    CreateSequence {
        sequence: WrittenName,
        data_type: Option<SqlType>,
        options: Arc<str>,
        owner: Option<SequenceOwner>,
        if_not_exists: IfNotExists,
    },
    AlterSequence {
        sequence: WrittenName,
        data_type: Option<SqlType>,
        options: Arc<str>,
        owner: Option<SequenceOwner>,
        if_exists: IfExists,
    },
    DropSequence(Drop),
    RenameSequence {
        sequence: WrittenName,
        to: Identifier,
        if_exists: IfExists,
    },

    CreateView {
        view: WrittenName,
        kind: ViewKind,
        query: Arc<str>,
        reads: Reads,
        or_replace: bool,
        if_not_exists: IfNotExists,
    },
    DropView {
        drop: Drop,
        kind: ViewKind,
    },

    CreateTrigger {
        trigger: Identifier,
        table: WrittenName,
        definition: Trigger,
        or_replace: bool,
    },
    DropTrigger {
        trigger: Identifier,
        table: WrittenName,
        if_exists: IfExists,
        behavior: DropBehavior,
    },

    CreateSchema {
        schema: Identifier,
        if_not_exists: IfNotExists,
    },
    DropSchema {
        schema: Identifier,
        if_exists: IfExists,
        behavior: DropBehavior,
    },
    CreateEnum {
        name: WrittenName,
        labels: Vec<Arc<str>>,
    },
    AddEnumValue {
        name: WrittenName,
        label: Arc<str>,
        if_not_exists: IfNotExists,
    },
    DropType(Drop),
    CreateExtension {
        extension: Identifier,
        if_not_exists: IfNotExists,
    },
    DropExtension {
        extension: Identifier,
        if_exists: IfExists,
        behavior: DropBehavior,
    },

    /// `SET`, `RESET`, `SET LOCAL` of one parameter, `search_path` included.
    SetParameter {
        parameter: Arc<str>,
        /// `None` resets it.
        value: Option<Arc<str>>,
        scope: ParameterScope,
    },
    SetConstraints {
        /// Empty is `ALL`.
        constraints: Vec<WrittenName>,
        timing: ConstraintTiming,
    },
    Transaction(TransactionControl),

    /// INSERT, UPDATE, DELETE, COPY, TRUNCATE, SELECT: rows, not the catalog.
    Data {
        verb: DataVerb,
        /// The relations that it names, in order of appearance: the one written to first.
        relations: Vec<WrittenName>,
        /// Columns of the written relation that it names in its own lists (INSERT columns, SET targets).
        columns: Vec<Identifier>,
    },
    /// `COMMENT ON`, `ANALYZE`, `GRANT` and the like: nothing that the schema models.
    NoEffect {
        what: Arc<str>,
        relations: Vec<WrittenName>,
    },
    /// What is not understood, with all that it may have changed.
    Opaque {
        text: Arc<str>,
        why: Why,
        touches: Touches,
    },
}

impl Change {
    /// The table of which it adds, changes or drops a part, as far as the statement writes it: an index is dropped and
    /// renamed by its own name.
    pub fn altered_table(&self) -> Option<&WrittenName> {
        match self {
            Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::RenameColumn { table, .. }
            | Self::AlterColumn { table, .. }
            | Self::AddConstraint { table, .. }
            | Self::AddConstraintUsingIndex { table, .. }
            | Self::DropConstraint { table, .. }
            | Self::RenameConstraint { table, .. }
            | Self::ValidateConstraint { table, .. }
            | Self::AlterConstraint { table, .. }
            | Self::CreateTrigger { table, .. }
            | Self::DropTrigger { table, .. } => Some(table),
            Self::CreateIndex(create) => Some(&create.table),
            _ => None,
        }
    }
}

/// `CREATE TABLE` with its columns and constraints.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CreateTable {
    pub table: WrittenName,
    pub columns: Vec<Column>,
    pub constraints: Vec<ConstraintDefinition>,
    pub if_not_exists: IfNotExists,
    /// The key of `PARTITION BY`, as written.
    pub partition_by: Option<Arc<str>>,
    pub partition_of: Option<WrittenName>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CreateIndex {
    /// Without a name the server chooses one.
    pub name: Option<Identifier>,
    pub table: WrittenName,
    pub definition: IndexDefinition,
    pub build: Build,
    pub if_not_exists: IfNotExists,
}

/// One object of a `DROP`; a list of names is one change for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Drop {
    pub name: WrittenName,
    pub if_exists: IfExists,
    pub behavior: DropBehavior,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SequenceOwner {
    /// `None` is `OWNED BY NONE`.
    pub column: Option<(WrittenName, Identifier)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ColumnAction {
    SetType {
        data_type: SqlType,
        using: Option<Expr>,
        collation: Option<WrittenName>,
    },
    SetNotNull,
    DropNotNull,
    SetDefault(Expr),
    DropDefault,
    AddIdentity(Identity),
    SetIdentity(Identity),
    DropIdentity {
        if_exists: IfExists,
    },
    DropExpression {
        if_exists: IfExists,
    },
    /// PostgreSQL 17.
    SetExpression(Expr),
    /// STATISTICS, STORAGE, COMPRESSION, attribute options: nothing that the schema models.
    SetStorage(Arc<str>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyKind {
    PrimaryKey,
    Unique,
}

/// Whether `IF EXISTS` stands: an absence is then skipped, not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum IfExists {
    #[default]
    No,
    Yes,
}

/// Whether `IF NOT EXISTS` stands: a presence is then skipped, not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum IfNotExists {
    #[default]
    No,
    Yes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum DropBehavior {
    #[default]
    Restrict,
    Cascade,
}

/// How an index is built or dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Build {
    #[default]
    Blocking,
    Concurrently,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ParameterScope {
    Session,
    Local,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConstraintTiming {
    Immediate,
    Deferred,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TransactionControl {
    Begin,
    Commit,
    Rollback,
    Savepoint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DataVerb {
    Select,
    Insert,
    Update,
    Delete,
    Truncate,
    Copy,
    Lock,
}

/// What the query of a view or the like reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reads {
    Relations(BTreeSet<WrittenName>),
    Unknown(Why),
}

/// What an unreadable statement may have changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Touches {
    /// No part of the catalog: Python that only uses the ORM, a function, a trigger.
    Nothing,
    Relations(BTreeSet<WrittenName>),
    /// A part is added to these tables; what they have stays as it is.
    Grows(BTreeSet<WrittenName>),
    Anything,
}
