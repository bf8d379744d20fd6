//! What a change does to a schema, exactly as PostgreSQL does it; a file for each family of changes.
//!
//! Facts come from PostgreSQL 15's sources (`tablecmds.c`, `indexcmds.c`, `parse_utilcmd.c`, `dependency.c`),
//! and are compared with a real server by the project's laws.

mod alter_column;
mod casts;
mod columns;
mod constraints;
mod drops;
mod foreign_keys;
mod indexes;
mod keys;
mod names;
mod operator_classes;
mod other;
mod partitions;
mod renames;
mod sequences;
mod tables;
#[cfg(test)]
mod tests;
mod triggers;
mod views;

pub use operator_classes::{default_operator_class, is_default_operator_class};

use super::{
    Change, Identifier, Lookup, ObjectName, Openness, Outcome, Rejection, Relation, RelationName,
    Schema, SqlState, Table, Touches, Why, WrittenName,
};

impl Schema {
    /// Carries a change out. A rejected or skipped change leaves the schema as it was.
    pub fn apply(&mut self, change: &Change) -> Outcome {
        let mut work = Application {
            schema: self.clone(),
            dropped: Vec::new(),
            unsure: None,
        };
        let done = work.run(change);
        match (done, work.unsure) {
            (Ok(()), None) => {
                *self = work.schema;
                Outcome::Applied {
                    dropped_too: work.dropped,
                }
            }
            (Ok(()), Some(why)) => {
                *self = work.schema;
                Outcome::Unsure(why)
            }
            // What was unsure on the way may have ended the statement sooner, with another answer.
            (Err(_), Some(why)) => Outcome::Unsure(why),
            (Err(Stop::Skipped), None) => Outcome::Skipped,
            (Err(Stop::Rejected(rejection)), None) => Outcome::Rejected(rejection),
        }
    }
}

/// Why a change ends before its end.
enum Stop {
    Skipped,
    Rejected(Rejection),
}

type Step<T = ()> = Result<T, Stop>;

/// A change being carried out on a copy of the schema.
struct Application {
    schema: Schema,
    dropped: Vec<ObjectName>,
    /// The first thing that mattered and is not known.
    unsure: Option<Why>,
}

fn reject<T>(state: SqlState, object: ObjectName) -> Step<T> {
    Err(Stop::Rejected(Rejection { state, object }))
}

impl Application {
    fn run(&mut self, change: &Change) -> Step {
        match change {
            Change::CreateTable(_)
            | Change::DropTable(_)
            | Change::RenameTable { .. }
            | Change::SetTableSchema { .. } => self.run_on_table(change),
            Change::AddColumn { .. }
            | Change::DropColumn { .. }
            | Change::RenameColumn { .. }
            | Change::AlterColumn { .. } => self.run_on_column(change),
            Change::AddConstraint { .. }
            | Change::AddConstraintUsingIndex { .. }
            | Change::DropConstraint { .. }
            | Change::RenameConstraint { .. }
            | Change::ValidateConstraint { .. }
            | Change::AlterConstraint { .. } => self.run_on_constraint(change),
            Change::CreateIndex(_) | Change::DropIndex { .. } | Change::RenameIndex { .. } => {
                self.run_on_index(change)
            }
            Change::CreateSequence { .. }
            | Change::AlterSequence { .. }
            | Change::DropSequence(_)
            | Change::RenameSequence { .. } => self.run_on_sequence(change),
            Change::CreateView { .. } | Change::DropView { .. } => self.run_on_view(change),
            Change::CreateTrigger { .. } | Change::DropTrigger { .. } => {
                self.run_on_trigger(change)
            }
            Change::CreateSchema { .. }
            | Change::DropSchema { .. }
            | Change::CreateEnum { .. }
            | Change::AddEnumValue { .. }
            | Change::DropType(_)
            | Change::CreateExtension { .. }
            | Change::DropExtension { .. }
            | Change::SetParameter { .. }
            | Change::SetConstraints { .. }
            | Change::Transaction(_)
            | Change::Data { .. }
            | Change::NoEffect { .. } => self.run_on_other(change),
            Change::Opaque { why, touches, .. } => {
                self.touch(why, touches);
                Ok(())
            }
        }
    }

    /// An unreadable statement makes what it may have changed doubtful.
    fn touch(&mut self, why: &Why, touches: &Touches) {
        match touches {
            Touches::Nothing => {}
            Touches::Relations(relations) => {
                for written in relations {
                    let name = self.schema.resolve(written);
                    if self.schema.known_table(&name).is_some() {
                        self.schema.alter_table(&name, |table| {
                            table.doubts = table.doubts.saturating_add(1);
                            table.doubt = Some(why.clone());
                        });
                    } else {
                        self.schema.doubted.insert_mut(name, why.clone());
                    }
                }
                self.schema.touched = Some(why.clone());
            }
            Touches::Grows(relations) => {
                for written in relations {
                    let name = self.schema.resolve(written);
                    if self.schema.known_table(&name).is_some() {
                        self.schema.alter_table(&name, |table| {
                            table.whole = None;
                            table.grown = Some(why.clone());
                        });
                    }
                }
                self.schema.touched = Some(why.clone());
            }
            Touches::Anything => {
                self.schema.doubts = self.schema.doubts.saturating_add(1);
                self.schema.openness = Openness::Open(why.clone());
                self.schema.unread = Some(why.clone());
            }
        }
        if *touches != Touches::Nothing {
            self.unsure(why.clone());
        }
    }

    fn unsure(&mut self, why: Why) {
        self.unsure.get_or_insert(why);
    }

    /// The table that a statement alters; one that may exist is met half way.
    fn table(&mut self, written: &WrittenName) -> Step<RelationName> {
        let name = self.schema.resolve(written);
        match self.schema.relation_named(&name) {
            Lookup::Found(Relation::Table(_)) => Ok(name),
            Lookup::Found(Relation::Index(_) | Relation::Sequence(_) | Relation::View(_)) => {
                reject(SqlState::WrongObjectType, ObjectName::Relation(name))
            }
            Lookup::Absent => {
                self.namespace_of(written)?;
                reject(SqlState::UndefinedTable, ObjectName::Relation(name))
            }
            Lookup::Unsure(why) => {
                self.unsure(why);
                self.meet(&name);
                Ok(name)
            }
        }
    }

    /// A table of which only this is known: a statement that needs it is assumed to succeed.
    fn meet(&mut self, name: &RelationName) {
        if self.schema.known_table(name).is_some() {
            self.schema.confirm(name);
        } else if self.schema.relations.get(name).is_none() && name.schema.as_str() != "pg_catalog"
        {
            let table = Table::new(Vec::new(), None);
            self.schema
                .put_relation(name.clone(), Relation::Table(table.into()));
        }
    }

    /// A statement that names a schema needs it.
    fn namespace_of(&mut self, written: &WrittenName) -> Step {
        let Some(schema) = &written.schema else {
            return Ok(());
        };
        match self.schema.namespace(schema) {
            Lookup::Found(()) => Ok(()),
            Lookup::Absent => reject(
                SqlState::InvalidSchemaName,
                ObjectName::Schema(schema.clone()),
            ),
            Lookup::Unsure(why) => {
                self.unsure(why);
                Ok(())
            }
        }
    }

    /// A column that must be there.
    fn column(&mut self, table: &RelationName, column: &Identifier) -> Step {
        let absent = match self.schema.column(table, column) {
            Lookup::Found(_) => return Ok(()),
            Lookup::Absent => true,
            Lookup::Unsure(why) => {
                self.unsure(why);
                false
            }
        };
        if absent && !is_system_column(column) {
            return reject(
                SqlState::UndefinedColumn,
                ObjectName::Column(table.clone(), column.clone()),
            );
        }
        Ok(())
    }

    /// The name of a relation that is to be created must be free; `Ok(false)` when it may be taken.
    fn free_relation(&mut self, name: &RelationName) -> Step<bool> {
        match self.schema.relation_named(name) {
            Lookup::Found(_) => {
                reject(SqlState::DuplicateTable, ObjectName::Relation(name.clone()))
            }
            Lookup::Absent => Ok(true),
            Lookup::Unsure(why) => {
                self.unsure(why);
                Ok(false)
            }
        }
    }

    fn dropped(&mut self, object: ObjectName) {
        if !self.dropped.contains(&object) {
            self.dropped.push(object);
        }
    }
}

/// Columns that every table has (documentation section 5.5).
fn is_system_column(name: &Identifier) -> bool {
    matches!(
        name.as_str(),
        "tableoid" | "xmin" | "cmin" | "xmax" | "cmax" | "ctid"
    )
}
