//! Putting relations and constraints into a schema and taking them out, every reverse index kept in step.

use std::sync::Arc;

use super::{
    Constraint, ConstraintKind, Identifier, Index, OrderedMap, OrderedSet, Relation, RelationName,
    Schema, Stamped, Table, View, ViewReads,
};

impl Schema {
    /// Changes a table in place; nothing happens where there is none.
    pub(super) fn alter_table(&mut self, name: &RelationName, change: impl FnOnce(&mut Table)) {
        if let Some(Stamped {
            value: Relation::Table(table),
            ..
        }) = self.relations.get_mut(name)
        {
            change(Arc::make_mut(table));
        }
    }

    pub(super) fn alter_index(&mut self, name: &RelationName, change: impl FnOnce(&mut Index)) {
        if let Some(Stamped {
            value: Relation::Index(index),
            ..
        }) = self.relations.get_mut(name)
        {
            change(Arc::make_mut(index));
        }
    }

    /// Puts a relation under a name, certain as of now.
    pub(super) fn put_relation(&mut self, name: RelationName, relation: Relation) {
        let stamp = match &relation {
            Relation::Table(table) => self.now(Some(table)),
            Relation::Index(index) => self.now(self.known_table(&index.table).map(Arc::as_ref)),
            Relation::Sequence(_) | Relation::View(_) => self.now(None),
        };
        self.doubted.remove_mut(&name);
        self.relations
            .insert_mut(name, Stamped::new(relation, stamp));
    }

    /// Marks a relation as certainly there: a statement that needs it did not fail.
    pub(super) fn confirm(&mut self, name: &RelationName) {
        if let Some(stamped) = self.relations.get(name) {
            let relation = stamped.value.clone();
            self.put_relation(name.clone(), relation);
        }
    }

    pub(super) fn put_index(&mut self, name: RelationName, index: Index) {
        let (owner, own) = (index.table.clone(), name.name.clone());
        self.put_relation(name, Relation::Index(Arc::new(index)));
        self.alter_owned_indexes(&owner, |names| names.insert_mut(own));
    }

    pub(super) fn take_index(&mut self, name: &RelationName) -> Option<Arc<Index>> {
        let index = Arc::clone(self.known_index(name)?);
        self.relations.remove_mut(name);
        self.alter_owned_indexes(&index.table, |names| {
            names.remove_mut(&name.name);
        });
        Some(index)
    }

    fn alter_owned_indexes(
        &mut self,
        owner: &RelationName,
        change: impl FnOnce(&mut OrderedSet<Identifier>),
    ) {
        match self.relations.get_mut(owner).map(|owner| &mut owner.value) {
            Some(Relation::Table(table)) => change(&mut Arc::make_mut(table).indexes),
            Some(Relation::View(view)) => change(&mut Arc::make_mut(view).indexes),
            Some(Relation::Index(_) | Relation::Sequence(_)) | None => {}
        }
    }

    /// Puts a constraint on a table, certain as of now.
    pub(super) fn put_constraint(
        &mut self,
        table: &RelationName,
        name: Identifier,
        constraint: Constraint,
    ) {
        let stamp = self.now(self.known_table(table).map(Arc::as_ref));
        self.count_constraint(table.sibling(name.clone()));
        if let ConstraintKind::ForeignKey(key) = &constraint.kind {
            self.alter_table(&key.references, |parent| {
                parent.referenced_by.insert_mut(table.clone());
            });
        }
        self.alter_table(table, |known| {
            known
                .constraints
                .insert_mut(name, Stamped::new(constraint, stamp));
        });
    }

    pub(super) fn take_constraint(
        &mut self,
        table: &RelationName,
        name: &Identifier,
    ) -> Option<Stamped<Constraint>> {
        let taken = self.known_table(table)?.constraints.get(name)?.clone();
        self.alter_table(table, |known| {
            known.constraints.remove_mut(name);
        });
        self.discount_constraint(&table.sibling(name.clone()));
        if let ConstraintKind::ForeignKey(key) = &taken.value.kind {
            self.forget_reference(table, &key.references);
        }
        Some(taken)
    }

    /// Takes a child out of its parent's list when it references it no longer.
    fn forget_reference(&mut self, child: &RelationName, parent: &RelationName) {
        let still = self.known_table(child).is_some_and(|table| {
            table
                .foreign_keys()
                .any(|(_, key)| key.references == *parent)
        });
        if !still {
            self.alter_table(parent, |parent| {
                parent.referenced_by.remove_mut(child);
            });
        }
    }

    pub(super) fn count_constraint(&mut self, name: RelationName) {
        let count = self.constraint_names.get(&name).copied().unwrap_or(0);
        self.constraint_names
            .insert_mut(name, count.saturating_add(1));
    }

    pub(super) fn discount_constraint(&mut self, name: &RelationName) {
        match self.constraint_names.get(name).copied() {
            Some(count) if count > 1 => self.constraint_names.insert_mut(name.clone(), count - 1),
            Some(_) | None => {
                self.constraint_names.remove_mut(name);
            }
        }
    }

    pub(super) fn put_view(&mut self, name: RelationName, view: View) {
        match &view.reads {
            ViewReads::Relations(relations) => {
                for relation in relations {
                    insert_in(&mut self.readers, relation, name.clone());
                }
            }
            ViewReads::Unknown(_) => self.unread_views.insert_mut(name.clone()),
        }
        self.put_relation(name, Relation::View(Arc::new(view)));
    }

    pub(super) fn take_view(&mut self, name: &RelationName) -> Option<Arc<View>> {
        let view = match self.relations.get(name).map(|relation| &relation.value) {
            Some(Relation::View(view)) => Arc::clone(view),
            Some(Relation::Table(_) | Relation::Index(_) | Relation::Sequence(_)) | None => {
                return None;
            }
        };
        self.relations.remove_mut(name);
        self.unread_views.remove_mut(name);
        if let ViewReads::Relations(relations) = &view.reads {
            for relation in relations {
                remove_from(&mut self.readers, relation, name);
            }
        }
        Some(view)
    }
}

fn insert_in(
    map: &mut OrderedMap<RelationName, OrderedSet<RelationName>>,
    key: &RelationName,
    value: RelationName,
) {
    let mut values = map.get(key).cloned().unwrap_or_default();
    values.insert_mut(value);
    map.insert_mut(key.clone(), values);
}

/// An empty set is not kept: schemas that hold the same are equal.
fn remove_from(
    map: &mut OrderedMap<RelationName, OrderedSet<RelationName>>,
    key: &RelationName,
    value: &RelationName,
) {
    let Some(mut values) = map.get(key).cloned() else {
        return;
    };
    values.remove_mut(value);
    if values.is_empty() {
        map.remove_mut(key);
    } else {
        map.insert_mut(key.clone(), values);
    }
}
