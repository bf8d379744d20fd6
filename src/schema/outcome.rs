//! What came of a change: applied, skipped, refused with the server's code, or not known.

use std::fmt;

use super::{ObjectName, Why};

/// What the server would answer to a change, given the schema before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Applied {
        /// What CASCADE, or the drop of a table or column, took along.
        dropped_too: Vec<ObjectName>,
    },
    /// `IF EXISTS` / `IF NOT EXISTS` found nothing to do.
    Skipped,
    Rejected(Rejection),
    /// The schema is not known well enough to tell; what is known of the effect has been applied.
    Unsure(Why),
}

/// An error of the server: its SQLSTATE and the object that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    pub state: SqlState,
    pub object: ObjectName,
}

/// The SQLSTATEs that DDL is refused with (documentation appendix A; the names are PostgreSQL's own).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SqlState {
    DuplicateColumn,
    DuplicateObject,
    DuplicateSchema,
    DuplicateTable,
    UndefinedColumn,
    UndefinedObject,
    UndefinedTable,
    InvalidSchemaName,
    DependentObjectsStillExist,
    InvalidTableDefinition,
    InvalidColumnReference,
    InvalidForeignKey,
    InvalidObjectDefinition,
    InvalidParameterValue,
    WrongObjectType,
    DatatypeMismatch,
    FeatureNotSupported,
    ObjectNotInPrerequisiteState,
    ActiveSqlTransaction,
    SyntaxError,
}

impl SqlState {
    pub fn code(self) -> &'static str {
        match self {
            Self::DuplicateColumn => "42701",
            Self::DuplicateObject => "42710",
            Self::DuplicateSchema => "42P06",
            Self::DuplicateTable => "42P07",
            Self::UndefinedColumn => "42703",
            Self::UndefinedObject => "42704",
            Self::UndefinedTable => "42P01",
            Self::InvalidSchemaName => "3F000",
            Self::DependentObjectsStillExist => "2BP01",
            Self::InvalidTableDefinition => "42P16",
            Self::InvalidColumnReference => "42P10",
            Self::InvalidForeignKey => "42830",
            Self::InvalidObjectDefinition => "42P17",
            Self::InvalidParameterValue => "22023",
            Self::WrongObjectType => "42809",
            Self::DatatypeMismatch => "42804",
            Self::FeatureNotSupported => "0A000",
            Self::ObjectNotInPrerequisiteState => "55000",
            Self::ActiveSqlTransaction => "25001",
            Self::SyntaxError => "42601",
        }
    }

    /// The condition name of appendix A.
    pub fn condition(self) -> &'static str {
        match self {
            Self::DuplicateColumn => "duplicate_column",
            Self::DuplicateObject => "duplicate_object",
            Self::DuplicateSchema => "duplicate_schema",
            Self::DuplicateTable => "duplicate_table",
            Self::UndefinedColumn => "undefined_column",
            Self::UndefinedObject => "undefined_object",
            Self::UndefinedTable => "undefined_table",
            Self::InvalidSchemaName => "invalid_schema_name",
            Self::DependentObjectsStillExist => "dependent_objects_still_exist",
            Self::InvalidTableDefinition => "invalid_table_definition",
            Self::InvalidColumnReference => "invalid_column_reference",
            Self::InvalidForeignKey => "invalid_foreign_key",
            Self::InvalidObjectDefinition => "invalid_object_definition",
            Self::InvalidParameterValue => "invalid_parameter_value",
            Self::WrongObjectType => "wrong_object_type",
            Self::DatatypeMismatch => "datatype_mismatch",
            Self::FeatureNotSupported => "feature_not_supported",
            Self::ObjectNotInPrerequisiteState => "object_not_in_prerequisite_state",
            Self::ActiveSqlTransaction => "active_sql_transaction",
            Self::SyntaxError => "syntax_error",
        }
    }

    /// Whether the object exists already.
    pub fn is_duplicate(self) -> bool {
        matches!(
            self,
            Self::DuplicateColumn
                | Self::DuplicateObject
                | Self::DuplicateSchema
                | Self::DuplicateTable
        )
    }

    /// Whether an object that is named does not exist.
    pub fn is_undefined(self) -> bool {
        matches!(
            self,
            Self::UndefinedColumn
                | Self::UndefinedObject
                | Self::UndefinedTable
                | Self::InvalidSchemaName
        )
    }
}

impl fmt::Display for SqlState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.code(), self.condition())
    }
}
