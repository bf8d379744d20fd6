//! RENAME and SET SCHEMA: every reference follows, no other name changes.

use std::sync::Arc;

use super::columns::{duplicate, undefined};
use super::{Application, Step, Stop, is_system_column, reject};
use crate::schema::{
    ColumnRef, ConstraintKind, Generated, Identifier, IfExists, IndexDefinition, KeyPart, Lookup,
    NameOrigin, ObjectName, OrderedSet, Partitioning, Relation, RelationName, SqlState, Supply,
    Table, View, ViewReads, WrittenName,
};

impl Application {
    /// ALTER TABLE, INDEX and SEQUENCE rename relations of any kind (`RenameRelation`).
    pub(super) fn rename_any(
        &mut self,
        written: &WrittenName,
        to: &Identifier,
        if_exists: IfExists,
    ) -> Step {
        let from = self.schema.resolve(written);
        match self.schema.relation_named(&from).map(|_| ()) {
            Lookup::Found(()) => {}
            Lookup::Absent if if_exists == IfExists::Yes => return Err(Stop::Skipped),
            Lookup::Absent => {
                self.namespace_of(written)?;
                return reject(SqlState::UndefinedTable, ObjectName::Relation(from));
            }
            Lookup::Unsure(why) => self.unsure(why),
        }
        let to = from.sibling(to.clone());
        if !self.free_relation(&to)? {
            self.forget_relation(&to);
        }
        self.move_relation(&from, &to)
    }

    fn move_relation(&mut self, from: &RelationName, to: &RelationName) -> Step {
        let relation = self
            .schema
            .relations
            .get(from)
            .map(|known| known.value.clone());
        match relation {
            Some(Relation::Table(table)) => self.move_table(from, to, &table),
            Some(Relation::Index(index)) => match &index.backs {
                Some(constraint) => {
                    self.rename_known_constraint(&index.table, constraint, &to.name)?;
                }
                None => self.move_index(from, to),
            },
            Some(Relation::Sequence(_)) => self.move_sequence(from, to),
            Some(Relation::View(view)) => self.move_view(from, to, &view),
            None => {}
        }
        Ok(())
    }

    fn move_index(&mut self, from: &RelationName, to: &RelationName) {
        if let Some(index) = self.schema.take_index(from) {
            let mut index = (*index).clone();
            index.name_origin = NameOrigin::Given;
            self.schema.put_index(to.clone(), index);
        }
    }

    fn move_sequence(&mut self, from: &RelationName, to: &RelationName) {
        let Some(sequence) = self.known_sequence(from).cloned() else {
            return;
        };
        if let Some(owner) = &sequence.owner {
            self.schema.alter_table(&owner.table, |table| {
                table.owned_sequences.remove_mut(&from.name);
                table.owned_sequences.insert_mut(to.name.clone());
            });
        }
        for user in &sequence.used_by {
            self.schema.alter_table(&user.table, |table| {
                if let Some(column) = table.column_mut(&user.column) {
                    column.supply = Supply::Default(crate::schema::Expr::nextval(to));
                }
            });
        }
        self.schema.relations.remove_mut(from);
        self.schema
            .put_relation(to.clone(), Relation::Sequence(sequence));
    }

    fn move_view(&mut self, from: &RelationName, to: &RelationName, view: &View) {
        let indexes = self.schema.index_names(from);
        self.schema.take_view(from);
        self.schema.put_view(to.clone(), view.clone());
        for index in indexes {
            self.schema
                .alter_index(&index, |index| index.table = to.clone());
        }
        self.readers_follow(from, to);
    }

    /// Views that read a relation read it under its new name.
    fn readers_follow(&mut self, from: &RelationName, to: &RelationName) {
        let readers: Vec<RelationName> = self.schema.views_on(from).cloned().collect();
        for reader in readers {
            let Some(view) = self.schema.take_view(&reader) else {
                continue;
            };
            let mut view = (*view).clone();
            if let ViewReads::Relations(relations) = &mut view.reads {
                relations.remove_mut(from);
                relations.insert_mut(to.clone());
            }
            self.schema.put_view(reader, view);
        }
    }

    fn move_table(&mut self, from: &RelationName, to: &RelationName, table: &Table) {
        for column in &table.columns {
            self.unlink_default(from, &column.value.name);
        }
        self.readers_follow(from, to);
        for parent in &parents(table) {
            self.schema.alter_table(parent, |parent| {
                parent.referenced_by.remove_mut(from);
                parent.referenced_by.insert_mut(to.clone());
            });
        }
        for child in &table.referenced_by {
            self.retarget_foreign_keys(child, from, to);
        }
        for partition in &table.partitions {
            self.schema.alter_table(partition, |partition| {
                partition.partitioning = Partitioning::PartitionOf(to.clone());
            });
        }
        if let Partitioning::PartitionOf(parent) = &table.partitioning {
            self.schema.alter_table(parent, |parent| {
                parent.partitions.remove_mut(from);
                parent.partitions.insert_mut(to.clone());
            });
        }
        for index in self.schema.index_names(from) {
            self.schema
                .alter_index(&index, |index| index.table = to.clone());
        }
        for sequence in self.owned_sequences(from, None) {
            self.schema.alter_sequence(&sequence, |sequence| {
                if let Some(owner) = &mut sequence.owner {
                    owner.table = to.clone();
                }
            });
        }
        if let Some(relation) = self.schema.relations.get(from).cloned() {
            self.schema.relations.remove_mut(from);
            self.schema.put_relation(to.clone(), relation.value);
        }
        for column in &table.columns {
            self.link_default(to, &column.value.name);
        }
    }

    fn retarget_foreign_keys(
        &mut self,
        child: &RelationName,
        from: &RelationName,
        to: &RelationName,
    ) {
        self.schema.alter_table(child, |child| {
            let names: Vec<Identifier> = child
                .foreign_keys()
                .filter(|(_, key)| key.references == *from)
                .map(|(name, _)| name.clone())
                .collect();
            for name in names {
                if let Some(constraint) = child.constraints.get_mut(&name)
                    && let ConstraintKind::ForeignKey(key) = &mut constraint.value.kind
                {
                    key.references = to.clone();
                }
            }
        });
    }

    /// Indexes, constraints and owned sequences move along.
    pub(super) fn set_table_schema(&mut self, written: &WrittenName, schema: &Identifier) -> Step {
        let from = self.table(written)?;
        self.namespace_of(&WrittenName::in_schema(schema.clone(), from.name.clone()))?;
        if from.schema == *schema {
            return Ok(());
        }
        let there = |name: &RelationName| RelationName::new(schema.clone(), name.name.clone());
        let to = there(&from);
        if !self.free_relation(&to)? {
            self.forget_relation(&to);
        }
        let Some(table) = self.schema.known_table(&from).cloned() else {
            return Ok(());
        };
        let indexes = self.schema.index_names(&from);
        let sequences = self.owned_sequences(&from, None);
        for moved in indexes.iter().chain(&sequences) {
            if !self.free_relation(&there(moved))? {
                self.forget_relation(&there(moved));
            }
        }
        self.move_table(&from, &to, &table);
        for name in table.constraints.keys() {
            self.schema.discount_constraint(&from.sibling(name.clone()));
            self.schema.count_constraint(to.sibling(name.clone()));
        }
        for index in indexes {
            if let Some(known) = self.schema.known_index(&index).cloned() {
                self.schema.relations.remove_mut(&index);
                self.schema
                    .put_relation(there(&index), Relation::Index(known));
            }
        }
        for sequence in sequences {
            self.move_sequence(&sequence, &there(&sequence));
        }
        Ok(())
    }

    pub(super) fn rename_constraint(
        &mut self,
        table: &RelationName,
        from: &Identifier,
        to: &Identifier,
    ) -> Step {
        let backed = self
            .schema
            .known_index(&table.sibling(from.clone()))
            .is_some_and(|index| index.backs.as_ref() == Some(from));
        if backed {
            let name = table.sibling(to.clone());
            if !self.free_relation(&name)? {
                self.forget_relation(&name);
            }
        }
        self.rename_known_constraint(table, from, to)
    }

    /// A constraint and the index that backs it bear one name.
    fn rename_known_constraint(
        &mut self,
        table: &RelationName,
        from: &Identifier,
        to: &Identifier,
    ) -> Step {
        self.free_constraint(table, to)?;
        let Some(constraint) = self.schema.take_constraint(table, from) else {
            return Ok(());
        };
        let mut constraint = constraint.value;
        constraint.name_origin = NameOrigin::Given;
        self.schema.put_constraint(table, to.clone(), constraint);
        let index = table.sibling(from.clone());
        let backs = self
            .schema
            .known_index(&index)
            .is_some_and(|index| index.backs.as_ref() == Some(from));
        if backs {
            let renamed = table.sibling(to.clone());
            self.move_index(&index, &renamed);
            self.schema
                .alter_index(&renamed, |index| index.backs = Some(to.clone()));
        }
        Ok(())
    }

    pub(super) fn rename_column(
        &mut self,
        table: &WrittenName,
        from: &Identifier,
        to: &Identifier,
    ) -> Step {
        let table = self.table(table)?;
        match self.schema.column(&table, from).map(|_| ()) {
            Lookup::Found(()) => {}
            Lookup::Absent => return undefined(table, from),
            Lookup::Unsure(why) => self.unsure(why),
        }
        match self.schema.column(&table, to).map(|_| ()) {
            Lookup::Found(()) => return duplicate(table, to),
            Lookup::Absent if is_system_column(to) => return duplicate(table, to),
            Lookup::Absent => {}
            Lookup::Unsure(why) => {
                self.unsure(why);
                self.schema.alter_table(&table, |known| {
                    known.columns.retain(|known| known.value.name != *to);
                });
            }
        }
        self.rename_known_column(&table, from, to);
        Ok(())
    }

    fn rename_known_column(&mut self, table: &RelationName, from: &Identifier, to: &Identifier) {
        let referencing = self.foreign_keys_to(table, Some(from));
        self.unlink_default(table, from);
        self.schema.alter_table(table, |known| {
            rename_in_columns(known, from, to);
            rename_in_constraints(known, from, to);
        });
        self.link_default(table, to);
        for (child, name) in referencing {
            self.alter_known_constraint(&child, &name, |constraint| {
                if let ConstraintKind::ForeignKey(key) = &mut constraint.kind {
                    rename_in_list(&mut key.referenced_columns, from, to);
                }
            });
        }
        for index in self.schema.index_names(table) {
            self.schema.alter_index(&index, |index| {
                rename_in_index(&mut index.definition, from, to);
            });
        }
        for sequence in self.owned_sequences(table, Some(from)) {
            self.schema.alter_sequence(&sequence, |sequence| {
                sequence.owner = Some(ColumnRef {
                    table: table.clone(),
                    column: to.clone(),
                });
            });
        }
    }
}

fn parents(table: &Table) -> OrderedSet<RelationName> {
    let mut parents = OrderedSet::default();
    for (_, key) in table.foreign_keys() {
        parents.insert_mut(key.references.clone());
    }
    parents
}

fn rename_in_columns(table: &mut Table, from: &Identifier, to: &Identifier) {
    for column in &mut table.columns {
        let is_generated = matches!(column.value.supply, Supply::Generated(_));
        if column.value.name != *from && !is_generated {
            continue;
        }
        let column = Arc::make_mut(&mut column.value);
        if column.name == *from {
            column.name = to.clone();
        }
        if let Supply::Generated(Generated { expression, .. }) = &mut column.supply {
            *expression = expression.with_column_renamed(from, to);
        }
    }
}

fn rename_in_constraints(table: &mut Table, from: &Identifier, to: &Identifier) {
    let names: Vec<Identifier> = table.constraints.keys().cloned().collect();
    for name in names {
        let Some(constraint) = table.constraints.get_mut(&name) else {
            continue;
        };
        match &mut constraint.value.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                rename_in_list(&mut key.columns, from, to);
                rename_in_list(&mut key.include, from, to);
            }
            ConstraintKind::ForeignKey(key) => rename_in_list(&mut key.columns, from, to),
            ConstraintKind::Check(check) => {
                check.condition = check.condition.with_column_renamed(from, to);
            }
            ConstraintKind::Exclusion(exclusion) => {
                rename_in_list(&mut exclusion.columns, from, to);
            }
        }
    }
}

fn rename_in_index(definition: &mut IndexDefinition, from: &Identifier, to: &Identifier) {
    for key in &mut definition.keys {
        match &mut key.part {
            KeyPart::Column(name) if name == from => *name = to.clone(),
            KeyPart::Column(_) => {}
            KeyPart::Expression(expr) => *expr = expr.with_column_renamed(from, to),
        }
    }
    rename_in_list(&mut definition.include, from, to);
    if let Some(predicate) = &mut definition.predicate {
        *predicate = predicate.with_column_renamed(from, to);
    }
}

fn rename_in_list(columns: &mut [Identifier], from: &Identifier, to: &Identifier) {
    for column in columns.iter_mut().filter(|column| *column == from) {
        *column = to.clone();
    }
}
