//! The constraints and indexes of one column that `_alter_field` drops and adds around the change itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::SchemaEditor;
use super::alter_field::{Alteration, side};
use super::constraints::{stated_constraints, stated_indexes, unique_over};
use super::holes::is_hole;
use super::introspection::Wanted;
use super::model::{Column, Model};
use super::relations::Incoming;
use super::template::{GeneratedName, GeneratedNameKind};
use crate::django::field::should_be_altered;
use crate::django::names::NameSuffix;
use crate::django::operation::IndexBuild;
use crate::django::project_state::Field;
use crate::schema::Why;

impl SchemaEditor<'_> {
    pub(super) fn drop_own_foreign_keys(&mut self, alteration: &Alteration<'_>) -> bool {
        let old = alteration.old;
        if !Alteration::constrained(old) || self.only_comment_differs(alteration) {
            return false;
        }
        let table = &alteration.model.table;
        let mut names = self.names_over(table, Some(&[&old.column]), Wanted::ForeignKey);
        // What waits for the end of the migration is not there yet, whatever else may be.
        let mut deferred = self.deferred.iter();
        if deferred.any(|deferred| deferred.template.adds_foreign_key(table, &old.column)) {
            names.retain(|name| !is_hole(name));
        }
        for name in &names {
            self.drop_foreign_key(table, name);
        }
        !names.is_empty()
    }

    fn only_comment_differs(&self, alteration: &Alteration<'_>) -> bool {
        let (old, new) = (alteration.old, alteration.new);
        if old.comment == new.comment {
            return false;
        }
        let (old_field, new_field) = (without_comment(&old.field), without_comment(&new.field));
        should_be_altered(
            side(alteration.from, &old.name, &old_field),
            side(alteration.to, &new.name, &new_field),
            self.dialect.0,
        ) != Ok(true)
    }

    pub(super) fn drop_own_unique(&mut self, alteration: &Alteration<'_>) {
        let (old, new) = (alteration.old, alteration.new);
        if !old.unique || (new.unique && !alteration.became_primary_key()) {
            return;
        }
        let table = &alteration.model.table;
        for name in self.names_not_stated(alteration, Wanted::Unique) {
            self.drop_constraint(table, &name);
        }
    }

    pub(super) fn drop_own_index(&mut self, alteration: &Alteration<'_>) {
        let (old, new) = (alteration.old, alteration.new);
        if old.db_index && !old.unique && (!new.db_index || new.unique) {
            for name in self.names_not_stated(alteration, Wanted::BTreeIndex) {
                self.drop_index(&alteration.model.table, &name, IndexBuild::Blocking);
            }
        }
    }

    pub(super) fn drop_own_check(&mut self, alteration: &Alteration<'_>) {
        if self.check_changes(alteration) && alteration.old.check.is_some() {
            for name in self.names_not_stated(alteration, Wanted::Check) {
                self.drop_constraint(&alteration.model.table, &name);
            }
        }
    }

    fn check_changes(&self, alteration: &Alteration<'_>) -> bool {
        let (old, new) = (&alteration.old.check, &alteration.new.check);
        if self.dialect.keeps_check_of_renamed_column() {
            old.is_some() != new.is_some()
        } else {
            old != new
        }
    }

    /// The names over the old column that `Meta` does not state.
    fn names_not_stated(&self, alteration: &Alteration<'_>, wanted: Wanted) -> Vec<Arc<str>> {
        let column: &str = &alteration.old.column;
        // Django keeps the indexes of `Meta` when it looks for one, and the constraints of `Meta` when it looks for
        // another kind, but not both: a constraint that is an index is dropped as the field's own (`_alter_field`).
        let stated = match wanted {
            Wanted::Index | Wanted::BTreeIndex => stated_indexes(alteration.model),
            Wanted::Unique | Wanted::Check | Wanted::ForeignKey | Wanted::PrimaryKey => {
                stated_constraints(alteration.model)
            }
        };
        let mut names = self.names_over(&alteration.model.table, Some(&[column]), wanted);
        names.retain(|name| !stated.contains(name));
        names
    }

    pub(super) fn drop_incoming_keys(&mut self, alteration: &Alteration<'_>) -> Vec<Incoming> {
        if !alteration.is_referred_to() {
            return Vec::new();
        }
        if alteration.may_change_type() {
            self.doubt_dependent(alteration, &type_doubt());
        }
        if !alteration.drops_incoming_keys() {
            return Vec::new();
        }
        let incoming = alteration
            .to
            .dependent_keys(&alteration.model.key, alteration.new);
        for key in &incoming {
            let columns = [&*key.column.column];
            for name in self.names_over(&key.owner.table, Some(&columns), Wanted::ForeignKey) {
                self.drop_foreign_key(&key.owner.table, &name);
            }
        }
        incoming
    }

    /// Columns that point at one follow its type: where that may change, so may they.
    pub(super) fn doubt_dependent(&mut self, alteration: &Alteration<'_>, why: &Why) {
        let key = &alteration.model.key;
        let before = alteration.from.dependent_keys(key, alteration.old);
        let after = alteration.to.dependent_keys(key, alteration.new);
        let tables: BTreeSet<Arc<str>> = before
            .iter()
            .chain(&after)
            .map(|incoming| Arc::clone(&incoming.owner.table))
            .collect();
        for table in &tables {
            self.doubt(table, why);
        }
    }

    pub(super) fn add_unique_and_index(&mut self, alteration: &Alteration<'_>) {
        let (old, new, model) = (alteration.old, alteration.new, alteration.model);
        if !new.primary_key && new.unique && (!old.unique || old.primary_key) {
            let columns = [Arc::clone(&new.column)];
            self.execute_template(&unique_over(&model.table, &columns));
        }
        if (!old.db_index || old.unique) && new.db_index && !new.unique {
            let index = Self::field_index(alteration.to, model, new);
            self.execute_template(&index);
        }
    }

    pub(super) fn add_own_foreign_key(&mut self, alteration: &Alteration<'_>, dropped: bool) {
        let (old, new) = (alteration.old, alteration.new);
        if (dropped || !Alteration::constrained(old))
            && Alteration::constrained(new)
            && let Some(template) = Self::foreign_key(alteration.model, new)
        {
            self.execute_template(&template);
        }
    }

    pub(super) fn add_own_check(&mut self, alteration: &Alteration<'_>) {
        let model = alteration.model;
        let Some(check) = alteration
            .new
            .check
            .as_ref()
            .filter(|_| self.check_changes(alteration))
        else {
            return;
        };
        let name = GeneratedName {
            table: Arc::clone(&model.table),
            columns: vec![Arc::clone(&alteration.new.column)],
            kind: GeneratedNameKind::Suffix(NameSuffix::Check),
        }
        .render();
        let table = alteration.table();
        self.execute(&format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})"
        ));
    }

    /// What the PostgreSQL editor adds to `_alter_field`.
    pub(super) fn alter_like_index(&mut self, alteration: &Alteration<'_>) {
        let (old, new, model) = (alteration.old, alteration.new, alteration.model);
        let added = (!(old.db_index || old.unique) && new.db_index)
            || (!old.unique && new.unique)
            || (self.dialect.like_index_returns() && alteration.leaves_text_type());
        if added && let Some(like) = self.like_index(alteration.to, model, new) {
            self.execute_template(&like);
        }
        if old.unique && !(new.db_index || new.unique) {
            let name = like_index_name(model, old);
            if !is_hole(&name) {
                self.drop_index(&model.table, &name, IndexBuild::Blocking);
            }
        }
    }
}

/// Why the foreign keys that point at a column, and its index for LIKE, may be made again or dropped.
pub(super) fn type_doubt() -> Why {
    Why::new("the type of the column is not known before and after")
}

/// The name of a column's index for LIKE.
pub(super) fn like_index_name(model: &Model, column: &Column) -> Arc<str> {
    GeneratedName {
        table: Arc::clone(&model.table),
        columns: vec![Arc::clone(&column.column)],
        kind: GeneratedNameKind::Suffix(NameSuffix::Like),
    }
    .bare()
}

fn without_comment(field: &Field) -> Field {
    let mut field = field.clone();
    let mut call = (*field.call).clone();
    call.keywords.retain(|(name, _)| &**name != "db_comment");
    field.call = Arc::new(call);
    field
}
