//! The operations of `django.db.migrations.operations` and `django.contrib.postgres.operations`, as data.

use std::sync::Arc;

use super::project_state::{Base, Field, FieldsKnown, ModelConstraint, ModelIndex, ModelOptions};
use super::python::{Call, Decision, FunctionDefinition, Static, Text, Value};
use crate::schema::Why;
use crate::source::Origin;

/// An operation and where it stands in its file.
#[derive(Debug, Clone)]
pub struct LocatedOperation {
    pub operation: Operation,
    /// The construction `migrations.AddField(...)`.
    pub origin: Origin,
    /// The class as written, for messages and for counting: `AddField`.
    pub class: Arc<str>,
    /// The whole construction, to compare two revisions of a file and to write it again; `None` where it
    /// was not a call.
    pub call: Option<Arc<Call>>,
}

impl LocatedOperation {
    /// The operations that it consists of.
    pub fn inner(&self) -> Vec<&Self> {
        match &self.operation {
            Operation::SeparateDatabaseAndState {
                database_operations,
                state_operations,
            } => database_operations.iter().chain(state_operations).collect(),
            Operation::RunSql {
                state_operations, ..
            } => state_operations.iter().collect(),
            _ => Vec::new(),
        }
    }
}

#[derive(Debug, Clone)]
pub enum Operation {
    CreateModel(Box<CreateModel>),
    DeleteModel {
        name: Arc<str>,
    },
    RenameModel {
        old_name: Arc<str>,
        new_name: Arc<str>,
    },
    AlterModelTable {
        name: Arc<str>,
        table: Static<Option<Arc<str>>>,
    },
    AlterModelTableComment {
        name: Arc<str>,
        table_comment: Static<Option<Arc<str>>>,
    },
    AlterUniqueTogether {
        name: Arc<str>,
        unique_together: Static<Vec<Vec<Arc<str>>>>,
    },
    AlterIndexTogether {
        name: Arc<str>,
        index_together: Static<Vec<Vec<Arc<str>>>>,
    },
    AlterOrderWithRespectTo {
        name: Arc<str>,
        order_with_respect_to: Static<Option<Arc<str>>>,
    },
    /// Of `AlterModelOptions.ALTER_OPTION_KEYS` only `managed` concerns the database; a key that is not
    /// given goes back to its default.
    AlterModelOptions {
        name: Arc<str>,
        managed: Static<bool>,
    },
    AlterModelManagers {
        name: Arc<str>,
    },
    AddField {
        model_name: Arc<str>,
        name: Arc<str>,
        field: Arc<Field>,
        preserve_default: Static<bool>,
    },
    RemoveField {
        model_name: Arc<str>,
        name: Arc<str>,
    },
    AlterField {
        model_name: Arc<str>,
        name: Arc<str>,
        field: Arc<Field>,
        preserve_default: Static<bool>,
    },
    RenameField {
        model_name: Arc<str>,
        old_name: Arc<str>,
        new_name: Arc<str>,
    },
    AddIndex {
        model_name: Arc<str>,
        index: Arc<ModelIndex>,
        build: IndexBuild,
    },
    RemoveIndex {
        model_name: Arc<str>,
        name: Arc<str>,
        build: IndexBuild,
    },
    RenameIndex {
        model_name: Arc<str>,
        new_name: Arc<str>,
        old: RenamedIndex,
    },
    AddConstraint {
        model_name: Arc<str>,
        constraint: Arc<ModelConstraint>,
        validation: Validation,
    },
    RemoveConstraint {
        model_name: Arc<str>,
        name: Arc<str>,
    },
    /// Django 5.2: state only.
    AlterConstraint {
        model_name: Arc<str>,
        name: Arc<str>,
        constraint: Arc<ModelConstraint>,
    },
    ValidateConstraint {
        model_name: Arc<str>,
        name: Arc<str>,
    },
    RunSql {
        sql: Static<SqlText>,
        /// `None`: the operation cannot be reversed.
        reverse_sql: Option<Static<SqlText>>,
        state_operations: Vec<LocatedOperation>,
    },
    RunPython {
        code: RunPythonCode,
        /// `None`: the operation cannot be reversed.
        reverse_code: Option<RunPythonCode>,
        atomic: Static<Option<bool>>,
    },
    SeparateDatabaseAndState {
        database_operations: Vec<LocatedOperation>,
        state_operations: Vec<LocatedOperation>,
    },
    /// `CreateExtension("hstore")`, `HStoreExtension()`, `TrigramExtension()` ...
    CreateExtension {
        name: Arc<str>,
    },
    CreateCollation(Arc<Call>),
    RemoveCollation(Arc<Call>),
    /// What a custom class carries out or not, as it decides when it runs; Django's state is not concerned.
    Conditional {
        operation: Box<LocatedOperation>,
        /// Why that is not known before it runs.
        why: Why,
        decision: Arc<Decision>,
    },
    /// What is not understood: a class that is not known, arguments that could not be read.
    NotAnalysed {
        why: Why,
    },
}

#[derive(Debug, Clone)]
pub struct CreateModel {
    pub name: Arc<str>,
    pub fields: Vec<(Arc<str>, Arc<Field>)>,
    pub fields_known: FieldsKnown,
    pub options: ModelOptions,
    pub bases: Vec<Base>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndexBuild {
    Blocking,
    /// `AddIndexConcurrently`, `RemoveIndexConcurrently`: refused in an atomic migration.
    Concurrently,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Validation {
    Validated,
    /// `AddConstraintNotValid`.
    NotValid,
}

#[derive(Debug, Clone)]
pub enum RenamedIndex {
    Name(Arc<str>),
    Fields(Vec<Arc<str>>),
}

/// What `RunSQL` was given: one string is sent whole, a list statement by statement.
#[derive(Debug, Clone)]
pub enum SqlText {
    /// `RunSQL.noop`, an empty string.
    Noop,
    /// One string. Django hands it to the server in one piece when it has no parameters.
    Whole(Text),
    /// A list or tuple of statements, each with its own parameters.
    Statements(Vec<SqlStatementText>),
}

#[derive(Debug, Clone)]
pub struct SqlStatementText {
    pub text: Text,
    /// `(sql, params)`: `%s` in the text stands for these.
    pub parameters: Option<Value>,
}

#[derive(Debug, Clone)]
pub enum RunPythonCode {
    /// `RunPython.noop`.
    Noop,
    Function(Arc<FunctionDefinition>),
    Unknown(Why),
}
