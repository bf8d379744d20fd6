//! CREATE INDEX, DROP INDEX, ALTER INDEX RENAME.

use super::keys::origin;
use super::names::{self, Label};
use super::{Application, Step, Stop, reject};
use crate::schema::{
    Build, Change, CreateIndex, Drop, IfNotExists, Index, IndexDefinition, IndexState, Lookup,
    ObjectName, Relation, RelationName, SqlState, ViewKind, WrittenName,
};

impl Application {
    pub(super) fn run_on_index(&mut self, change: &Change) -> Step {
        match change {
            Change::CreateIndex(create) => self.create_index(create),
            Change::DropIndex { drop, build } => self.drop_index(drop, *build),
            Change::RenameIndex {
                index,
                to,
                if_exists,
            } => self.rename_any(index, to, *if_exists),
            _ => Ok(()),
        }
    }

    fn create_index(&mut self, create: &CreateIndex) -> Step {
        let owner = self.indexed(&create.table)?;
        self.check_build(&owner, create.build)?;
        if self.schema.known_table(&owner).is_some() {
            self.check_index_columns(&owner, &create.definition)?;
        }
        let own = create.name.clone().unwrap_or_else(|| {
            let columns = names::index_columns(&create.definition);
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            names::choose(&self.schema, &owner, &columns, Label::Index)
        });
        let name = owner.sibling(own);
        match self.schema.relation_named(&name).map(|_| ()) {
            Lookup::Found(()) if create.if_not_exists == IfNotExists::Yes => {
                return Err(Stop::Skipped);
            }
            Lookup::Found(()) => {
                return reject(SqlState::DuplicateTable, ObjectName::Relation(name));
            }
            Lookup::Absent => self.note_unsure_name(&name),
            Lookup::Unsure(why) => {
                self.unsure(why);
                if create.if_not_exists == IfNotExists::Yes
                    && self.schema.relations.contains_key(&name)
                {
                    return Ok(());
                }
                self.forget_relation(&name);
            }
        }
        let definition = self.schema.as_stored(&owner, &create.definition);
        self.schema.put_index(
            name,
            Index {
                table: owner,
                definition,
                state: IndexState::Valid,
                backs: None,
                name_origin: origin(create.name.as_ref()),
            },
        );
        Ok(())
    }

    /// An unreadable statement may have made an index of any name.
    fn note_unsure_name(&mut self, name: &RelationName) {
        if let Lookup::Unsure(why) = self.schema.index_named(name) {
            self.unsure(why);
        }
    }

    /// What may bear an index: a table or a materialized view.
    fn indexed(&mut self, written: &WrittenName) -> Step<RelationName> {
        let name = self.schema.resolve(written);
        match self.schema.relation_named(&name) {
            Lookup::Found(Relation::View(view)) if view.kind == ViewKind::Materialized => Ok(name),
            Lookup::Found(_) | Lookup::Absent | Lookup::Unsure(_) => self.table(written),
        }
    }

    fn check_index_columns(&mut self, table: &RelationName, definition: &IndexDefinition) -> Step {
        definition
            .columns()
            .filter(|column| **column != table.name)
            .try_for_each(|column| self.column(table, column))
    }

    fn drop_index(&mut self, drop: &Drop, build: Build) -> Step {
        let Some(name) = self.named_by(drop, SqlState::UndefinedObject)? else {
            return Ok(());
        };
        let Some(index) = self.schema.known_index(&name).cloned() else {
            return Ok(());
        };
        if let Some(constraint) = &index.backs {
            return reject(
                SqlState::DependentObjectsStillExist,
                ObjectName::Constraint(index.table.clone(), constraint.clone()),
            );
        }
        self.check_build(&index.table, build)?;
        self.drop_known_index(&name, drop.behavior)
    }
}
