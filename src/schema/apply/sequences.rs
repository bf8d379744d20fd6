//! CREATE, ALTER and DROP SEQUENCE.

use std::sync::Arc;

use super::columns::bigint;
use super::{Application, Step, Stop, reject};
use crate::schema::{
    Change, ColumnRef, IfExists, IfNotExists, Lookup, ObjectName, OrderedSet, Relation,
    RelationName, Sequence, SequenceOwner, SequencePurpose, SqlState, WrittenName,
};

impl Application {
    pub(super) fn run_on_sequence(&mut self, change: &Change) -> Step {
        match change {
            Change::CreateSequence { .. } => self.create_sequence(change),
            Change::AlterSequence { .. } => self.alter_sequence(change),
            Change::DropSequence(drop) => {
                let Some(name) = self.named_by(drop, SqlState::UndefinedTable)? else {
                    return Ok(());
                };
                if self.known_sequence(&name).is_none() {
                    return reject(SqlState::WrongObjectType, ObjectName::Relation(name));
                }
                self.drop_sequence_checked(&name, drop.behavior)
            }
            Change::RenameSequence {
                sequence,
                to,
                if_exists,
            } => {
                let known = self.needed_sequence(sequence, *if_exists)?;
                match known {
                    Some(_) => self.rename_any(sequence, to, *if_exists),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn create_sequence(&mut self, change: &Change) -> Step {
        let Change::CreateSequence {
            sequence,
            data_type,
            options,
            owner,
            if_not_exists,
        } = change
        else {
            return Ok(());
        };
        let name = self.new_sequence(sequence, *if_not_exists)?;
        let made = Sequence {
            owner: None,
            data_type: data_type.clone().unwrap_or_else(bigint),
            options: options.clone(),
            purpose: SequencePurpose::Plain,
            used_by: OrderedSet::default(),
        };
        self.schema
            .put_relation(name.clone(), Relation::Sequence(made.into()));
        self.own(&name, owner.as_ref())
    }

    fn alter_sequence(&mut self, change: &Change) -> Step {
        let Change::AlterSequence {
            sequence,
            data_type,
            options,
            owner,
            if_exists,
        } = change
        else {
            return Ok(());
        };
        let Some(name) = self.needed_sequence(sequence, *if_exists)? else {
            return Ok(());
        };
        self.schema.alter_sequence(&name, |known| {
            known.data_type = data_type.clone().unwrap_or(known.data_type.clone());
            known.options = altered_options(&known.options, options);
        });
        self.own(&name, owner.as_ref())
    }

    fn new_sequence(
        &mut self,
        written: &WrittenName,
        if_not_exists: IfNotExists,
    ) -> Step<RelationName> {
        self.namespace_of(written)?;
        let name = self.schema.resolve_new(written);
        if if_not_exists == IfNotExists::Yes && self.schema.relation_named(&name).is_found() {
            return Err(Stop::Skipped);
        }
        if !self.free_relation(&name)? {
            self.forget_relation(&name);
        }
        Ok(name)
    }

    fn needed_sequence(
        &mut self,
        written: &WrittenName,
        if_exists: IfExists,
    ) -> Step<Option<RelationName>> {
        let name = self.schema.resolve(written);
        match self.schema.relation_named(&name) {
            Lookup::Found(Relation::Sequence(_)) => Ok(Some(name)),
            Lookup::Found(_) => reject(SqlState::WrongObjectType, ObjectName::Relation(name)),
            Lookup::Absent if if_exists == IfExists::Yes => Err(Stop::Skipped),
            Lookup::Absent => {
                self.namespace_of(written)?;
                reject(SqlState::UndefinedTable, ObjectName::Relation(name))
            }
            Lookup::Unsure(why) => {
                self.unsure(why);
                Ok(self.known_sequence(&name).is_some().then_some(name))
            }
        }
    }

    /// `OWNED BY`: the column must be in a table of the same schema.
    fn own(&mut self, sequence: &RelationName, owner: Option<&SequenceOwner>) -> Step {
        let Some(owner) = owner else {
            return Ok(());
        };
        let known = self.known_sequence(sequence).cloned();
        let purpose = known.as_ref().map(|known| known.purpose);
        if purpose == Some(SequencePurpose::Identity) {
            // "cannot change ownership of identity sequence" (`process_owned_by`).
            return reject(
                SqlState::FeatureNotSupported,
                ObjectName::Relation(sequence.clone()),
            );
        }
        let owner = match &owner.column {
            Some((table, column)) => {
                let table = self.table(table)?;
                self.column(&table, column)?;
                if table.schema != sequence.schema {
                    return reject(
                        SqlState::ObjectNotInPrerequisiteState,
                        ObjectName::Relation(sequence.clone()),
                    );
                }
                Some(ColumnRef {
                    table,
                    column: column.clone(),
                })
            }
            None => None,
        };
        if let Some(before) = known.as_ref().and_then(|known| known.owner.as_ref()) {
            self.schema.alter_table(&before.table, |table| {
                table.owned_sequences.remove_mut(&sequence.name);
            });
        }
        if let Some(after) = &owner {
            self.schema.alter_table(&after.table, |table| {
                table.owned_sequences.insert_mut(sequence.name.clone());
            });
        }
        let change = |known: &mut Sequence| known.owner = owner;
        self.schema.alter_sequence(sequence, change);
        Ok(())
    }
}

/// Options are kept as written, one list after the other; none are the default ones.
fn altered_options(before: &Arc<str>, after: &Arc<str>) -> Arc<str> {
    match (before.is_empty(), after.is_empty()) {
        (_, true) => before.clone(),
        (true, false) => after.clone(),
        (false, false) => format!("{before} {after}").into(),
    }
}

impl SequenceOwner {
    /// The owning column of a sequence, as a statement writes it.
    pub fn of(owner: Option<&ColumnRef>) -> Self {
        Self {
            column: owner.map(|owner| (WrittenName::from(&owner.table), owner.column.clone())),
        }
    }
}
