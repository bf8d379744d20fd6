//! What falls with what: the server's dependencies (`dependency.c`), followed as far as CASCADE is asked for.

use super::{Application, Step, reject};
use crate::schema::{
    ConstraintKind, DropBehavior, Expr, Identifier, ObjectName, Relation, RelationName,
    SequencePurpose, SqlState, Supply, Why,
};

impl Application {
    /// A dependent object: it falls with CASCADE, and without refuses the drop.
    fn needs_cascade(behavior: DropBehavior, dependent: ObjectName) -> Step {
        match behavior {
            DropBehavior::Cascade => Ok(()),
            DropBehavior::Restrict => reject(SqlState::DependentObjectsStillExist, dependent),
        }
    }

    pub(super) fn cascade_constraint(
        &mut self,
        table: &RelationName,
        name: &Identifier,
        behavior: DropBehavior,
    ) -> Step {
        let object = ObjectName::Constraint(table.clone(), name.clone());
        Self::needs_cascade(behavior, object.clone())?;
        self.dropped(object);
        self.drop_constraint(table, name, behavior)
    }

    pub(super) fn drop_constraint(
        &mut self,
        table: &RelationName,
        name: &Identifier,
        behavior: DropBehavior,
    ) -> Step {
        let Some(constraint) = self.schema.take_constraint(table, name) else {
            return Ok(());
        };
        let backed = match constraint.value.kind {
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Exclusion(_) => true,
            ConstraintKind::ForeignKey(_) | ConstraintKind::Check(_) => false,
        };
        if backed {
            self.drop_known_index(&table.sibling(name.clone()), behavior)?;
        }
        Ok(())
    }

    /// Takes an index away, and what rests on it.
    pub(super) fn drop_known_index(&mut self, name: &RelationName, behavior: DropBehavior) -> Step {
        match self.schema.take_index(name) {
            Some(index) => self.release_index(&index, behavior),
            None => Ok(()),
        }
    }

    pub(super) fn drop_column(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        behavior: DropBehavior,
    ) -> Step {
        let generated = self.generated_from(table, column);
        self.drop_keys_on(table, column, behavior)?;
        // No column is generated from a generated one, so that nothing hangs on these.
        for generated in generated.into_iter().filter(|other| other != column) {
            let object = ObjectName::Column(table.clone(), generated.clone());
            Self::needs_cascade(behavior, object.clone())?;
            self.dropped(object);
            self.drop_keys_on(table, &generated, behavior)?;
            self.remove_column(table, &generated, behavior)?;
        }
        self.remove_column(table, column, behavior)
    }

    fn drop_keys_on(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        behavior: DropBehavior,
    ) -> Step {
        self.drop_parts_on(table, column, behavior)?;
        for (child, name) in self.schema_keys_to(table, column) {
            self.cascade_constraint(&child, &name, behavior)?;
        }
        Ok(())
    }

    fn remove_column(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        behavior: DropBehavior,
    ) -> Step {
        self.doubt_views_on(table, column);
        self.drop_owned_sequences(table, Some(column), behavior)?;
        self.unlink_default(table, column);
        self.schema.alter_table(table, |known| {
            known.columns.retain(|known| known.value.name != *column);
        });
        Ok(())
    }

    fn schema_keys_to(
        &self,
        table: &RelationName,
        column: &Identifier,
    ) -> Vec<(RelationName, Identifier)> {
        self.foreign_keys_to(table, Some(column))
    }

    /// The table's own constraints and indexes that involve a column go without CASCADE.
    fn drop_parts_on(
        &mut self,
        table: &RelationName,
        column: &Identifier,
        behavior: DropBehavior,
    ) -> Step {
        for name in self.constraints_on(table, column) {
            self.dropped(ObjectName::Constraint(table.clone(), name.clone()));
            self.drop_constraint(table, &name, behavior)?;
        }
        for name in self.schema.index_names(table) {
            let involved = self
                .schema
                .known_index(&name)
                .is_some_and(|index| index.definition.columns().any(|own| own == column));
            if involved {
                self.dropped(ObjectName::Index(name.clone()));
                self.drop_known_index(&name, behavior)?;
            }
        }
        Ok(())
    }

    /// The table's own constraints that involve a column; foreign keys first, since they may rest on a key that
    /// falls, too.
    fn constraints_on(&self, table: &RelationName, column: &Identifier) -> Vec<Identifier> {
        let Some(known) = self.schema.known_table(table) else {
            return Vec::new();
        };
        let constraints: Vec<Identifier> = known
            .constraints
            .iter()
            .filter(|(_, constraint)| {
                let included = match &constraint.value.kind {
                    ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                        key.include.contains(column)
                    }
                    ConstraintKind::ForeignKey(_)
                    | ConstraintKind::Check(_)
                    | ConstraintKind::Exclusion(_) => false,
                };
                included || constraint.value.kind.columns().contains(&column)
            })
            .map(|(name, _)| name.clone())
            .collect();
        let (mut first, last): (Vec<Identifier>, Vec<Identifier>) =
            constraints.into_iter().partition(|name| {
                known
                    .constraints
                    .get(name)
                    .is_some_and(|one| matches!(one.value.kind, ConstraintKind::ForeignKey(_)))
            });
        first.extend(last);
        first
    }

    fn generated_from(&self, table: &RelationName, column: &Identifier) -> Vec<Identifier> {
        let names_it = |expr: &Expr| expr.columns().any(|named| named == column);
        self.schema
            .known_table(table)
            .into_iter()
            .flat_map(|known| &known.columns)
            .filter(|known| match &known.value.supply {
                Supply::Generated(generated) => names_it(&generated.expression),
                Supply::Nothing | Supply::Default(_) | Supply::Identity(_) | Supply::Serial => {
                    false
                }
            })
            .map(|known| known.value.name.clone())
            .collect()
    }

    /// Views are known by the tables that they read, not by the columns.
    fn doubt_views_on(&mut self, table: &RelationName, column: &Identifier) {
        let views: Vec<RelationName> = self
            .schema
            .views_on(table)
            .chain(&self.schema.unread_views)
            .cloned()
            .collect();
        for view in views {
            let why = Why::new(format!("the view {view} may use {table}.{column}"));
            self.unsure(why.clone());
            self.schema.doubted.insert_mut(view, why);
        }
    }

    pub(super) fn drop_known_table(&mut self, name: &RelationName, behavior: DropBehavior) -> Step {
        for (child, constraint) in self.foreign_keys_to(name, None) {
            if child != *name {
                self.cascade_constraint(&child, &constraint, behavior)?;
            }
        }
        self.drop_views_on(name, behavior)?;
        let partitions: Vec<RelationName> = self
            .schema
            .known_table(name)
            .map(|known| known.partitions.iter().cloned().collect())
            .unwrap_or_default();
        for partition in partitions {
            self.dropped(ObjectName::Relation(partition.clone()));
            self.drop_known_table(&partition, behavior)?;
        }
        for index in self.schema.index_names(name) {
            self.dropped(ObjectName::Index(index));
        }
        self.drop_owned_sequences(name, None, behavior)?;
        self.remove_table(name);
        Ok(())
    }

    /// Views on a relation, and the views on those.
    pub(super) fn drop_views_on(&mut self, name: &RelationName, behavior: DropBehavior) -> Step {
        let views: Vec<RelationName> = self.schema.views_on(name).cloned().collect();
        for view in views {
            let object = ObjectName::Relation(view.clone());
            Self::needs_cascade(behavior, object.clone())?;
            if self.schema.relations.contains_key(&view) {
                self.remove_view(&view);
                self.dropped(object);
                self.drop_views_on(&view, behavior)?;
            }
        }
        let unread: Vec<RelationName> = self.schema.unread_views.iter().cloned().collect();
        for view in unread.into_iter().filter(|view| view != name) {
            let why = Why::new(format!("the view {view} may read {name}"));
            self.unsure(why.clone());
            self.schema.doubted.insert_mut(view, why);
        }
        Ok(())
    }

    /// Sequences that a column, or any column of a table, owns.
    pub(super) fn drop_owned_sequences(
        &mut self,
        table: &RelationName,
        column: Option<&Identifier>,
        behavior: DropBehavior,
    ) -> Step {
        for sequence in self.owned_sequences(table, column) {
            let users = self.other_users(&sequence, table, column);
            for user in users {
                self.drop_default_of(&user, behavior)?;
            }
            self.dropped(ObjectName::Relation(sequence.clone()));
            self.remove_sequence(&sequence);
        }
        Ok(())
    }

    pub(super) fn owned_sequences(
        &self,
        table: &RelationName,
        column: Option<&Identifier>,
    ) -> Vec<RelationName> {
        let Some(known) = self.schema.known_table(table) else {
            return Vec::new();
        };
        known
            .owned_sequences
            .iter()
            .map(|name| table.sibling(name.clone()))
            .filter(|name| {
                let owner = self
                    .known_sequence(name)
                    .and_then(|sequence| sequence.owner.as_ref());
                column.is_none_or(|column| owner.is_some_and(|owner| owner.column == *column))
            })
            .collect()
    }

    /// Columns whose default reads a sequence, but for those that go with it.
    fn other_users(
        &self,
        sequence: &RelationName,
        table: &RelationName,
        column: Option<&Identifier>,
    ) -> Vec<crate::schema::ColumnRef> {
        self.known_sequence(sequence)
            .into_iter()
            .flat_map(|sequence| sequence.used_by.iter())
            .filter(|user| {
                user.table != *table || column.is_some_and(|column| user.column != *column)
            })
            .cloned()
            .collect()
    }

    pub(super) fn drop_default_of(
        &mut self,
        user: &crate::schema::ColumnRef,
        behavior: DropBehavior,
    ) -> Step {
        Self::needs_cascade(
            behavior,
            ObjectName::Column(user.table.clone(), user.column.clone()),
        )?;
        self.unlink_default(&user.table, &user.column);
        self.schema.alter_table(&user.table, |known| {
            if let Some(column) = known.column_mut(&user.column) {
                column.supply = Supply::Nothing;
            }
        });
        Ok(())
    }

    pub(super) fn drop_sequence_checked(
        &mut self,
        name: &RelationName,
        behavior: DropBehavior,
    ) -> Step {
        let Some(sequence) = self.known_sequence(name).cloned() else {
            return Ok(());
        };
        if let (SequencePurpose::Identity, Some(owner)) = (sequence.purpose, &sequence.owner) {
            return reject(
                SqlState::DependentObjectsStillExist,
                ObjectName::Column(owner.table.clone(), owner.column.clone()),
            );
        }
        for user in &sequence.used_by {
            self.drop_default_of(user, behavior)?;
        }
        self.remove_sequence(name);
        Ok(())
    }

    /// Takes a table away with its parts, and out of every list that names it.
    pub(super) fn remove_table(&mut self, name: &RelationName) {
        let Some(table) = self.schema.known_table(name).cloned() else {
            return;
        };
        for column in &table.columns {
            self.unlink_default(name, &column.value.name);
        }
        for index in self.schema.index_names(name) {
            self.schema.take_index(&index);
        }
        for constraint in table.constraints.keys() {
            self.schema.take_constraint(name, constraint);
        }
        for sequence in self.owned_sequences(name, None) {
            self.schema.relations.remove_mut(&sequence);
        }
        if let crate::schema::Partitioning::PartitionOf(parent) = &table.partitioning {
            self.schema.alter_table(parent, |parent| {
                parent.partitions.remove_mut(name);
            });
        }
        self.schema.relations.remove_mut(name);
        self.schema.doubted.remove_mut(name);
    }

    pub(super) fn remove_sequence(&mut self, name: &RelationName) {
        let owner = self
            .known_sequence(name)
            .and_then(|sequence| sequence.owner.clone());
        if let Some(owner) = owner {
            self.schema.alter_table(&owner.table, |known| {
                known.owned_sequences.remove_mut(&name.name);
            });
        }
        self.schema.relations.remove_mut(name);
        self.schema.doubted.remove_mut(name);
    }

    pub(super) fn remove_view(&mut self, name: &RelationName) {
        for index in self.schema.index_names(name) {
            self.schema.take_index(&index);
            self.dropped(ObjectName::Index(index));
        }
        self.schema.take_view(name);
        self.schema.doubted.remove_mut(name);
    }

    pub(super) fn known_sequence(
        &self,
        name: &RelationName,
    ) -> Option<&std::sync::Arc<crate::schema::Sequence>> {
        match self.schema.relations.get(name).map(|known| &known.value) {
            Some(Relation::Sequence(sequence)) => Some(sequence),
            Some(Relation::Table(_) | Relation::Index(_) | Relation::View(_)) | None => None,
        }
    }
}
