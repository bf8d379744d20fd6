//! The cost of constraints.

use super::{Costing, LockMode, Version};
use crate::schema::{
    Change, ConstraintDefinition, ConstraintKind, Identifier, KeyKind, KeyPart, Lookup,
    RelationName, SqlState, Validity, WrittenName,
};

impl Costing<'_> {
    pub(super) fn run_on_constraint(&mut self, change: &Change) {
        match change {
            Change::AddConstraint { table, constraint } => {
                self.add_constraint(table, constraint, change);
            }
            Change::AddConstraintUsingIndex {
                table, index, key, ..
            } => {
                let name = self.lock_written(table, LockMode::AccessExclusive);
                if *key == KeyKind::PrimaryKey {
                    let found = self.before.index_named(&name.sibling(index.clone()));
                    let columns = found.found().map(|index| {
                        let keys = index.definition.keys.iter();
                        keys.filter_map(|key| match &key.part {
                            KeyPart::Column(column) => Some(column.clone()),
                            KeyPart::Expression(_) => None,
                        })
                        .collect::<Vec<Identifier>>()
                    });
                    self.prove_not_null(&name, &columns.unwrap_or_default());
                }
            }
            Change::DropConstraint {
                table, constraint, ..
            } => self.drop_constraint(table, constraint),
            Change::RenameConstraint { table, .. } => {
                self.lock_with_partitions(table, LockMode::AccessExclusive);
            }
            Change::ValidateConstraint { table, constraint } => self.validate(table, constraint),
            Change::AlterConstraint { table, .. } => {
                self.lock_with_partitions(table, LockMode::AccessExclusive);
            }
            _ => {}
        }
    }

    fn add_constraint(
        &mut self,
        table: &WrittenName,
        constraint: &ConstraintDefinition,
        change: &Change,
    ) {
        let mode = match &constraint.kind {
            ConstraintKind::ForeignKey(_) => LockMode::ShareRowExclusive,
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Check(_)
            | ConstraintKind::Exclusion(_) => LockMode::AccessExclusive,
        };
        let name = self.lock_written(table, mode);
        self.lock_partitions_of(&name, self.on_partitions(&constraint.kind, mode));
        if constraint.validity == Validity::Valid {
            self.constraint_may_be_violated(&name, &constraint.kind);
        }
        match &constraint.kind {
            ConstraintKind::ForeignKey(key) => {
                self.lock_with_partitions(&key.references, LockMode::ShareRowExclusive);
                let is_later = constraint.validity == Validity::NotValid;
                // "cannot add NOT VALID foreign key on partitioned table": `ATAddForeignKeyConstraint` until 17.
                if is_later && self.version < Version::V18 && self.is_partitioned(&name) {
                    self.cost.refused = Some(SqlState::WrongObjectType);
                }
                if constraint.validity == Validity::Valid {
                    self.scan(&name);
                }
            }
            ConstraintKind::Check(_) => {
                if constraint.validity == Validity::Valid {
                    self.scan(&name);
                }
            }
            ConstraintKind::PrimaryKey(key) => {
                self.prove_not_null(&name, &key.columns);
                self.build_new(&name, constraint.known_name(), change);
            }
            ConstraintKind::Unique(_) | ConstraintKind::Exclusion(_) => {
                self.build_new(&name, constraint.known_name(), change);
            }
        }
    }

    /// A key of a partitioned table is an index of each partition, made like any index (`DefineIndex`); since 18 every
    /// new constraint locks the partitions first (`ATPrepCmd`, `AT_AddConstraint`).
    fn on_partitions(&self, kind: &ConstraintKind<WrittenName>, mode: LockMode) -> LockMode {
        match kind {
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Exclusion(_)
                if self.version < Version::V18 =>
            {
                LockMode::Share
            }
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Exclusion(_)
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Check(_) => mode,
        }
    }

    /// A primary key sets its columns NOT NULL, which reads the table where that is not proven.
    fn prove_not_null(&mut self, table: &RelationName, columns: &[Identifier]) {
        for column in columns {
            self.set_not_null(table, column);
        }
    }

    /// The index that a change builds; without a name in it, as the server would name it.
    pub(super) fn build_new(
        &mut self,
        table: &RelationName,
        written: Option<&Identifier>,
        change: &Change,
    ) {
        if let Some(name) = written {
            self.build(table.sibling(name.clone()));
            return;
        }
        let mut after = self.before.clone();
        after.apply(change);
        let new: Vec<RelationName> = after
            .indexes_of(table)
            .map(|(name, _)| name)
            .filter(|name| !self.before.index_named(name).is_found())
            .collect();
        for name in new {
            self.build(name);
        }
    }

    fn drop_constraint(&mut self, table: &WrittenName, constraint: &Identifier) {
        let name = self.lock_with_partitions(table, LockMode::AccessExclusive);
        let Some(known) = self.before.constraint(&name, constraint).found() else {
            return;
        };
        match &known.kind {
            ConstraintKind::ForeignKey(key) => {
                self.lock(key.references.clone(), LockMode::AccessExclusive);
            }
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                for column in &key.columns {
                    self.lock_referencing(&name, Some(column));
                }
            }
            ConstraintKind::Check(_) | ConstraintKind::Exclusion(_) => {}
        }
    }

    fn validate(&mut self, table: &WrittenName, constraint: &Identifier) {
        let name = self.lock_with_partitions(table, LockMode::ShareUpdateExclusive);
        let known = self.before.constraint(&name, constraint).found();
        let done = known.is_some_and(|known| known.validity == Validity::Valid);
        if !done {
            if let Some(known) = known {
                self.constraint_may_be_violated(&name, &known.kind);
            }
            self.lock_parent(&name, constraint, LockMode::RowShare);
            self.scan(&name);
        }
    }

    /// The table that a foreign key references.
    fn lock_parent(&mut self, table: &RelationName, constraint: &Identifier, mode: LockMode) {
        if let Lookup::Found(known) = self.before.constraint(table, constraint)
            && let ConstraintKind::ForeignKey(key) = &known.kind
            && key.references != *table
        {
            self.lock(key.references.clone(), mode);
        }
    }
}
