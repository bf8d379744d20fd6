//! What rows that stand already can make a change fail with.

use super::Costing;
use crate::schema::{Column, ConstraintKind, Identifier, RelationName, Supply};

/// An error that a change meets in the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub table: RelationName,
    pub error: RowError,
    pub rows: Offending,
}

/// Which rows make it fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Offending {
    /// Any: the table must be empty.
    Every,
    /// Those that are not as the change wants them.
    Some,
}

/// Errors of class 23 and 22 (documentation appendix A).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowError {
    NotNull,
    ForeignKey,
    Unique,
    Check,
    Exclusion,
    /// A value that the new type does not take: too long, out of range, not of its form.
    Value,
}

impl RowError {
    /// The SQLSTATE, or the class of it where the value decides on more.
    pub fn state(self) -> &'static str {
        match self {
            Self::NotNull => "23502",
            Self::ForeignKey => "23503",
            Self::Unique => "23505",
            Self::Check => "23514",
            Self::Exclusion => "23P01",
            Self::Value => "22",
        }
    }
}

impl Costing<'_> {
    pub(super) fn may_violate(&mut self, table: &RelationName, error: RowError, rows: Offending) {
        let violation = Violation {
            table: table.clone(),
            error,
            rows,
        };
        if !self.cost.violations.contains(&violation) {
            self.cost.violations.push(violation);
        }
    }

    /// A new column of NOT NULL is NULL in every row where nothing supplies a value; the server reads the table to see
    /// that there are none.
    pub(super) fn new_column_may_violate(&mut self, table: &RelationName, column: &Column) {
        if !column.is_not_null() {
            return;
        }
        match &column.supply {
            Supply::Nothing => {
                self.may_violate(table, RowError::NotNull, Offending::Every);
                self.scan(table);
            }
            Supply::Generated(_) => {
                self.may_violate(table, RowError::NotNull, Offending::Some);
                self.scan(table);
            }
            Supply::Default(_) | Supply::Identity(_) | Supply::Serial => {}
        }
    }

    pub(super) fn constraint_may_be_violated<Name>(
        &mut self,
        table: &RelationName,
        kind: &ConstraintKind<Name>,
    ) {
        let error = match kind {
            ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) => RowError::Unique,
            ConstraintKind::ForeignKey(_) => RowError::ForeignKey,
            ConstraintKind::Check(_) => RowError::Check,
            ConstraintKind::Exclusion(_) => RowError::Exclusion,
        };
        self.may_violate(table, error, Offending::Some);
    }

    /// Other values in a column: some may not be, some may be the same, some may break a rule.
    pub(super) fn other_values_may_violate(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        computed: bool,
    ) {
        let before = self.before;
        let mut indexes = before.indexes_of(table);
        let in_unique = indexes.any(|(_, index)| {
            let definition = &index.definition;
            definition.is_unique() && definition.columns().any(|own| own == column)
        });
        if in_unique {
            self.may_violate(table, RowError::Unique, Offending::Some);
        }
        let mut constraints = before.constraints_of(table);
        let is_checked = constraints.any(|(_, constraint)| {
            matches!(constraint.kind, ConstraintKind::Check(_))
                && constraint.kind.columns().contains(&column)
        });
        if computed && is_checked {
            self.may_violate(table, RowError::Check, Offending::Some);
        }
    }
}
