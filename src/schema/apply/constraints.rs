//! Constraints: adding, dropping, validating.

use super::keys::origin;
use super::names::{self, Label};
use super::{Application, Step, Stop, reject};
use crate::schema::{
    Change, Check, Constraint, ConstraintDefinition, ConstraintKind, Deferral, Identifier,
    IfExists, KeyKind, Lookup, NameOrigin, ObjectName, RelationName, SqlState, Validity, Why,
    WrittenName,
};

impl Application {
    pub(super) fn run_on_constraint(&mut self, change: &Change) -> Step {
        match change {
            Change::AddConstraint { table, constraint } => {
                let table = self.table(table)?;
                self.add_constraint(&table, constraint)
            }
            Change::AddConstraintUsingIndex { .. } => self.add_constraint_using_index(change),
            Change::DropConstraint {
                table,
                constraint,
                if_exists,
                behavior,
            } => {
                let table = self.table(table)?;
                if self.needs_constraint(&table, constraint, *if_exists)? {
                    self.drop_constraint(&table, constraint, *behavior)?;
                }
                Ok(())
            }
            Change::RenameConstraint {
                table,
                constraint,
                to,
            } => {
                let table = self.table(table)?;
                self.needs_constraint(&table, constraint, IfExists::No)?;
                self.rename_constraint(&table, constraint, to)
            }
            Change::ValidateConstraint { table, constraint } => self.validate(table, constraint),
            Change::AlterConstraint {
                table,
                constraint,
                deferral,
            } => self.alter_constraint(table, constraint, *deferral),
            _ => Ok(()),
        }
    }

    pub(super) fn add_constraint(
        &mut self,
        table: &RelationName,
        definition: &ConstraintDefinition,
    ) -> Step {
        match &definition.kind {
            ConstraintKind::PrimaryKey(key) => {
                self.add_key(table, definition, (key, KeyKind::PrimaryKey))
            }
            ConstraintKind::Unique(key) => self.add_key(table, definition, (key, KeyKind::Unique)),
            ConstraintKind::ForeignKey(key) => self.add_foreign_key(table, definition, key),
            ConstraintKind::Check(check) => self.add_check(table, definition, check),
            ConstraintKind::Exclusion(exclusion) => {
                self.add_exclusion(table, definition, exclusion)
            }
        }?;
        if definition.has_unknown_name() {
            self.note_any_name(table);
        }
        Ok(())
    }

    /// A constraint whose name is not known stands under one that the server would choose, and may have any other.
    fn note_any_name(&mut self, table: &RelationName) {
        let why = Why::new("the name of one of its constraints is not known");
        self.schema.alter_table(table, |known| {
            known.whole = None;
            known.grown = Some(why.clone());
        });
        self.schema.touched = Some(why);
    }

    fn add_check(
        &mut self,
        table: &RelationName,
        definition: &ConstraintDefinition,
        check: &Check,
    ) -> Step {
        self.check_columns_of(table, &check.condition)?;
        let name = definition.known_name().cloned().unwrap_or_else(|| {
            let mut columns: Vec<&str> =
                check.condition.columns().map(Identifier::as_str).collect();
            columns.sort_unstable();
            columns.dedup();
            let named: &[&str] = if columns.len() == 1 { &columns } else { &[] };
            names::choose(&self.schema, table, named, Label::Check)
        });
        self.free_constraint(table, &name)?;
        let constraint = Constraint {
            kind: ConstraintKind::Check(check.clone()),
            validity: definition.validity,
            deferral: definition.deferral,
            name_origin: origin(definition.known_name()),
        };
        self.schema.put_constraint(table, name, constraint);
        Ok(())
    }

    /// No two constraints of a table may bear one name.
    pub(super) fn free_constraint(&mut self, table: &RelationName, name: &Identifier) -> Step {
        match self.schema.constraint(table, name).map(|_| ()) {
            Lookup::Found(()) => match self.doubt_of_name(table, name) {
                None => reject(
                    SqlState::DuplicateObject,
                    ObjectName::Constraint(table.clone(), name.clone()),
                ),
                Some(why) => {
                    self.unsure(why);
                    self.schema.take_constraint(table, name);
                    Ok(())
                }
            },
            Lookup::Absent => Ok(()),
            Lookup::Unsure(why) => {
                self.unsure(why);
                self.schema.take_constraint(table, name);
                Ok(())
            }
        }
    }

    /// Why a constraint that bears a chosen name may bear another.
    fn doubt_of_name(&self, table: &RelationName, name: &Identifier) -> Option<Why> {
        let known = self.schema.known_table(table)?;
        let constraint = known.constraints.get(name)?;
        let is_chosen = constraint.value.name_origin == NameOrigin::Generated;
        known.grown.clone().filter(|_| is_chosen)
    }

    /// The constraint that a statement names must be there; `Ok(false)` when nothing is known of it.
    fn needs_constraint(
        &mut self,
        table: &RelationName,
        name: &Identifier,
        if_exists: IfExists,
    ) -> Step<bool> {
        match self.schema.constraint(table, name).map(|_| ()) {
            Lookup::Found(()) => Ok(true),
            Lookup::Absent if if_exists == IfExists::Yes => Err(Stop::Skipped),
            Lookup::Absent => reject(
                SqlState::UndefinedObject,
                ObjectName::Constraint(table.clone(), name.clone()),
            ),
            Lookup::Unsure(why) => {
                self.unsure(why);
                Ok(self
                    .schema
                    .known_table(table)
                    .is_some_and(|known| known.constraints.contains_key(name)))
            }
        }
    }

    fn validate(&mut self, table: &WrittenName, name: &Identifier) -> Step {
        let table = self.table(table)?;
        self.needs_constraint(&table, name, IfExists::No)?;
        let can = self
            .constraint_kind(&table, name)
            .is_none_or(|kind| match kind {
                ConstraintKind::ForeignKey(_) | ConstraintKind::Check(_) => true,
                ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Exclusion(_) => false,
            });
        if !can {
            return reject(
                SqlState::WrongObjectType,
                ObjectName::Constraint(table, name.clone()),
            );
        }
        self.alter_known_constraint(&table, name, |constraint| {
            constraint.validity = Validity::Valid;
        });
        Ok(())
    }

    fn alter_constraint(
        &mut self,
        table: &WrittenName,
        name: &Identifier,
        deferral: Deferral,
    ) -> Step {
        let table = self.table(table)?;
        self.needs_constraint(&table, name, IfExists::No)?;
        let can = self
            .constraint_kind(&table, name)
            .is_none_or(|kind| match kind {
                ConstraintKind::ForeignKey(_) => true,
                ConstraintKind::Check(_)
                | ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Exclusion(_) => false,
            });
        if !can {
            return reject(
                SqlState::WrongObjectType,
                ObjectName::Constraint(table, name.clone()),
            );
        }
        self.alter_known_constraint(&table, name, |constraint| constraint.deferral = deferral);
        Ok(())
    }

    fn constraint_kind(
        &self,
        table: &RelationName,
        name: &Identifier,
    ) -> Option<&ConstraintKind<RelationName>> {
        let known = self.schema.known_table(table)?.constraints.get(name)?;
        Some(&known.value.kind)
    }

    pub(super) fn alter_known_constraint(
        &mut self,
        table: &RelationName,
        name: &Identifier,
        change: impl FnOnce(&mut Constraint),
    ) {
        self.schema.alter_table(table, |known| {
            if let Some(constraint) = known.constraints.get_mut(name) {
                change(&mut constraint.value);
            }
        });
    }
}
