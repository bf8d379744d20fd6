//! A schema put together from what a catalog shows, object by object, instead of from the changes that made it.

use std::sync::Arc;

use super::{
    Column, ColumnRef, Constraint, Identifier, Index, OrderedMap, OrderedSet, Partitioning,
    Relation, RelationName, Schema, Sequence, Stamp, Stamped, Table, Trigger, View, Why,
};

/// A schema in the making: tables before their parts, what is read before the views that read it.
///
/// The result is closed: what was not put in does not exist, but for what lies in a namespace of which it is
/// said that it was not read.
#[derive(Debug)]
pub struct Assembly {
    schema: Schema,
}

impl Assembly {
    /// Without any namespace yet, not even `public`.
    pub fn new(search_path: Vec<Identifier>) -> Self {
        let mut schema = Schema::empty();
        schema.namespaces = OrderedSet::default();
        schema.search_path = search_path.into();
        Self { schema }
    }

    pub fn namespace(&mut self, name: Identifier) {
        self.schema.namespaces.insert_mut(name);
    }

    /// A namespace that is there, and whose contents are not known.
    pub fn unread_namespace(&mut self, name: Identifier, why: Why) {
        self.schema.unread_namespaces.insert_mut(name, why);
    }

    pub fn extension(&mut self, name: Identifier) {
        self.schema.extensions.insert_mut(name);
    }

    /// An enum type with its labels in order.
    pub fn enumeration(&mut self, name: RelationName, labels: Vec<Arc<str>>) {
        self.schema.enums.insert_mut(name, labels);
    }

    /// A table with all of its columns, in order of their creation.
    pub fn table(&mut self, name: RelationName, columns: Vec<Column>, partitioning: Partitioning) {
        let stamped = columns.into_iter();
        let stamped = stamped.map(|column| Stamped::new(column.into(), Stamp::default()));
        let mut table = Table::new(stamped.collect(), Some(Stamp::default()));
        table.partitioning = partitioning;
        self.schema
            .put_relation(name, Relation::Table(table.into()));
    }

    /// Notes on a table of which of its parts it is not known what they are: no part of it is certainly absent.
    pub fn has_unread_part(&mut self, table: &RelationName, why: Why) {
        self.schema.alter_table(table, |known| {
            known.whole = None;
            known.grown = Some(why);
        });
    }

    pub fn index(&mut self, name: RelationName, index: Index) {
        self.schema.put_index(name, index);
    }

    pub fn constraint(&mut self, table: &RelationName, name: Identifier, constraint: Constraint) {
        self.schema.put_constraint(table, name, constraint);
    }

    pub fn sequence(&mut self, name: RelationName, sequence: Sequence) {
        if let Some(owner) = &sequence.owner {
            self.schema.alter_table(&owner.table, |table| {
                table.owned_sequences.insert_mut(name.name.clone());
            });
        }
        self.schema
            .put_relation(name, Relation::Sequence(sequence.into()));
    }

    pub fn view(&mut self, name: RelationName, view: View) {
        self.schema.put_view(name, view);
    }

    pub fn trigger(&mut self, table: &RelationName, name: Identifier, trigger: Trigger) {
        self.schema.alter_table(table, |known| {
            let stamped = Stamped::new(trigger, Stamp::default());
            known.triggers.insert_mut(name, stamped);
        });
    }

    /// The whole, once everything is in: partitions are known to their parents, sequences to the columns that
    /// take their numbers.
    pub fn finish(mut self) -> Schema {
        for (name, table) in self.schema.known_tables() {
            if let Partitioning::PartitionOf(parent) = &table.partitioning {
                self.schema.alter_table(parent, |parent| {
                    parent.partitions.insert_mut(name.clone());
                });
            }
            for column in &table.columns {
                if column.value.default().is_some() {
                    self.schema.with_default_sequence(
                        &name,
                        &column.value.name,
                        OrderedSet::insert_mut,
                    );
                }
            }
        }
        self.schema
    }
}

impl Schema {
    /// Changes the users of the sequence that a column's default reads, if it reads one.
    pub(super) fn with_default_sequence(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        change: impl FnOnce(&mut OrderedSet<ColumnRef>, ColumnRef),
    ) {
        let Some(written) = self
            .known_table(table)
            .and_then(|known| known.column(column))
            .and_then(|column| column.value.default())
            .and_then(super::Expr::sequence)
        else {
            return;
        };
        let name = self.resolve(&written);
        let user = ColumnRef {
            table: table.clone(),
            column: column.clone(),
        };
        self.alter_sequence(&name, |sequence| change(&mut sequence.used_by, user));
    }

    /// Changes a sequence in place; nothing happens where there is none.
    pub(super) fn alter_sequence(
        &mut self,
        name: &RelationName,
        change: impl FnOnce(&mut Sequence),
    ) {
        if let Some(Stamped {
            value: Relation::Sequence(sequence),
            ..
        }) = self.relations.get_mut(name)
        {
            change(Arc::make_mut(sequence));
        }
    }

    /// Namespaces that are there, and whose contents are not known.
    pub fn unread_namespaces(&self) -> &OrderedMap<Identifier, Why> {
        &self.unread_namespaces
    }
}
