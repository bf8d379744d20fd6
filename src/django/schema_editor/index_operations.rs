//! The operations on indexes, and `index_together` of a model that changes.

use std::sync::Arc;

use super::constraints::stated_names;
use super::introspection::Wanted;
use super::tables::{index_together, model_columns};
use super::{SchemaEditor, States};
use crate::django::expressions::quote_name;
use crate::django::operation::{IndexBuild, Operation, RenamedIndex};
use crate::schema::Why;

impl SchemaEditor<'_> {
    /// `_delete_index_sql`.
    pub(super) fn drop_index(&mut self, table: &str, name: &str, build: IndexBuild) {
        if self.dialect.discards_deferred_index() {
            self.deferred
                .retain_mut(|deferred| !deferred.template.creates_index(table, name));
        }
        let concurrently = match build {
            IndexBuild::Blocking => "",
            IndexBuild::Concurrently => "CONCURRENTLY ",
        };
        let name = quote_name(name);
        self.execute(&format!("DROP INDEX {concurrently}IF EXISTS {name}"));
    }

    /// `RemoveIndex`, and the way back from `AddIndex`.
    pub(super) fn remove_index(
        &mut self,
        model_name: &str,
        (name, build): (&str, IndexBuild),
        states: &States<'_>,
    ) {
        let key = self.key(model_name);
        if self.migrates(&states.from, &key) {
            let table = states.from.table(&key);
            self.drop_index(&table, name, build);
        }
    }

    /// `AddIndex`, `RemoveIndex`, `RenameIndex` and their kin.
    pub(super) fn index_operation(&mut self, operation: &Operation, states: &States<'_>) {
        match operation {
            Operation::AddIndex {
                model_name,
                index,
                build,
            } => {
                let key = self.key(model_name);
                if self.migrates(&states.to, &key) {
                    let model = states.to.model(&key);
                    let template = Self::create_index(&states.to, &model, (index, *build));
                    self.execute_template(&template);
                }
            }
            Operation::RemoveIndex {
                model_name,
                name,
                build,
            } => self.remove_index(model_name, (name, *build), states),
            Operation::RenameIndex {
                model_name,
                new_name,
                old,
            } => self.rename_index(model_name, (old, new_name), states),
            _ => {}
        }
    }

    pub(super) fn rename_index(
        &mut self,
        model_name: &str,
        (old, new_name): (&RenamedIndex, &Arc<str>),
        states: &States<'_>,
    ) {
        let key = self.key(model_name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let old_name = match old {
            RenamedIndex::Name(name) => Arc::clone(name),
            RenamedIndex::Fields(fields) => {
                let model = states.from.model(&key);
                let columns = model_columns(&states.from, &model, fields);
                let wanted = columns.iter().map(|column| &**column).collect::<Vec<_>>();
                let names = self.names_over(&model.table, Some(&wanted), Wanted::Index);
                let [name] = names.as_slice() else {
                    let why = Why::new(format!(
                        "Django finds {} indexes over the columns, not one",
                        names.len()
                    ));
                    return self.doubt(&model.table, &why);
                };
                Arc::clone(name)
            }
        };
        if old_name != *new_name {
            let (old, new) = (quote_name(&old_name), quote_name(new_name));
            self.execute(&format!("ALTER INDEX {old} RENAME TO {new}"));
        }
    }

    /// `AlterIndexTogether.database_forwards`.
    pub(super) fn alter_index_together(&mut self, name: &str, states: &States<'_>) {
        let key = self.key(name);
        if !self.migrates(&states.to, &key) {
            return;
        }
        let (from, model) = (states.from.model(&key), states.to.model(&key));
        let (old, new) = (index_together(&from), index_together(&model));
        for fields in old.iter().filter(|fields| !new.contains(fields)) {
            let columns = model_columns(&states.to, &model, fields);
            let wanted = columns.iter().map(|column| &**column).collect::<Vec<_>>();
            let mut names = self.names_over(&model.table, Some(&wanted), Wanted::Index);
            let in_meta = stated_names(&model);
            names.retain(|name| !in_meta.contains(name));
            if let [name] = names.as_slice() {
                self.drop_index_of_constraint(name);
            } else {
                let why = Why::new("Django does not find the index of these columns");
                self.doubt(&model.table, &why);
            }
        }
        for fields in new.iter().filter(|fields| !old.contains(fields)) {
            let index = Self::field_list_index(&states.to, &model, fields);
            self.execute_template(&index);
        }
    }

    /// `_delete_constraint_sql` with `sql_delete_index`: the queue is left alone.
    fn drop_index_of_constraint(&mut self, name: &str) {
        self.execute(&format!("DROP INDEX IF EXISTS {}", quote_name(name)));
    }
}
