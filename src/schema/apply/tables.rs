//! CREATE TABLE, DROP TABLE and the like.

use std::sync::Arc;

use super::{Application, Step, Stop, reject};
use crate::schema::{
    Change, Column, ConstraintDefinition, ConstraintKind, CreateTable, Drop, Identifier, IfExists,
    IfNotExists, Key, Lookup, ObjectName, Partitioning, Relation, RelationName, SqlState, Stamp,
    Stamped, Table, Why,
};

impl Application {
    pub(super) fn run_on_table(&mut self, change: &Change) -> Step {
        match change {
            Change::CreateTable(create) => self.create_table(create),
            Change::DropTable(drop) => self.drop_table(drop),
            Change::RenameTable {
                table,
                to,
                if_exists,
            } => self.rename_any(table, to, *if_exists),
            Change::SetTableSchema { table, to } => self.set_table_schema(table, to),
            _ => Ok(()),
        }
    }

    fn create_table(&mut self, create: &CreateTable) -> Step {
        self.namespace_of(&create.table)?;
        let name = self.schema.resolve_new(&create.table);
        if create.if_not_exists == IfNotExists::Yes {
            match self.schema.relation_named(&name) {
                Lookup::Found(_) => return Err(Stop::Skipped),
                Lookup::Absent => {}
                Lookup::Unsure(why) => {
                    self.unsure(why.clone());
                    self.meet_columns(&name, create, &why);
                    return Ok(());
                }
            }
        }
        check_keys(&name, create)?;
        if !self.free_relation(&name)? {
            self.forget_relation(&name);
        }
        if self.schema.enums.contains_key(&name) {
            return reject(SqlState::DuplicateObject, ObjectName::Type(name));
        }
        self.put_new_table(&name, create)
    }

    fn put_new_table(&mut self, name: &RelationName, create: &CreateTable) -> Step {
        let mut columns: Vec<Column> = Vec::new();
        let mut table = Table::new(Vec::new(), None);
        table.whole = Some(self.schema.now(None));
        if let Some(parent) = &create.partition_of {
            let parent = self.table(parent)?;
            columns.extend(self.schema.columns_of(&parent).cloned());
            table.partitioning = Partitioning::PartitionOf(parent.clone());
            self.schema.alter_table(&parent, |parent| {
                parent.partitions.insert_mut(name.clone());
            });
        } else if let Some(key) = &create.partition_by {
            table.partitioning = Partitioning::Partitioned(key.clone());
        }
        columns.extend(create.columns.iter().cloned());
        self.schema
            .put_relation(name.clone(), Relation::Table(table.into()));
        for column in columns {
            self.put_column(name, column);
        }
        self.check_expressions_of(name)?;
        self.add_first_constraints(name, &create.constraints)
    }

    /// The server makes CHECKs with the table, then the primary key, other keys, and foreign keys at last
    /// (`transformCreateStmt`, `DefineRelation`); names are chosen in this order.
    fn add_first_constraints(
        &mut self,
        table: &RelationName,
        constraints: &[ConstraintDefinition],
    ) -> Step {
        let mut ordered: Vec<&ConstraintDefinition> = constraints.iter().collect();
        ordered.sort_by_key(|constraint| rank(constraint));
        let mut made: Vec<ConstraintDefinition> = Vec::new();
        for constraint in ordered {
            // A key that repeats another one is not made, and may give it its name
            // (`transformIndexConstraints`).
            match made.iter_mut().find(|other| is_same_key(other, constraint)) {
                Some(other) => other.name = other.name.take().or(constraint.name.clone()),
                None => made.push(ConstraintDefinition {
                    validity: constraint.validity.in_new_table(),
                    ..constraint.clone()
                }),
            }
        }
        made.iter()
            .try_for_each(|constraint| self.add_constraint(table, constraint))
    }

    /// A table that may have stood before keeps what is known of it; its columns, if they are these, are
    /// not certain.
    fn meet_columns(&mut self, name: &RelationName, create: &CreateTable, why: &Why) {
        if self.schema.relations.get(name).is_some() {
            return;
        }
        let columns = create
            .columns
            .iter()
            .map(|column| Stamped::new(Arc::new(column.clone()), Stamp::default()))
            .collect();
        let mut table = Table::new(columns, None);
        table.doubts = 1;
        table.doubt = Some(why.clone());
        self.schema
            .put_relation(name.clone(), Relation::Table(table.into()));
    }

    /// Forgets an uncertain relation that a new one takes the place of.
    pub(super) fn forget_relation(&mut self, name: &RelationName) {
        match self.schema.relations.get(name).map(|known| &known.value) {
            Some(Relation::Table(_)) => self.remove_table(name),
            Some(Relation::Index(_)) => {
                self.schema.take_index(name);
            }
            Some(Relation::View(_)) => self.remove_view(name),
            Some(Relation::Sequence(_)) => self.remove_sequence(name),
            None => {}
        }
    }

    fn drop_table(&mut self, drop: &Drop) -> Step {
        let Some(name) = self.named_by(drop, SqlState::UndefinedTable)? else {
            return Ok(());
        };
        match self.schema.relations.get(&name).map(|known| &known.value) {
            Some(Relation::Table(_)) => self.drop_known_table(&name, drop.behavior),
            Some(Relation::Index(_) | Relation::Sequence(_) | Relation::View(_)) => {
                reject(SqlState::WrongObjectType, ObjectName::Relation(name))
            }
            None => Ok(()),
        }
    }

    /// The relation that a DROP names: `None` when it may exist and nothing is known of it.
    pub(super) fn named_by(
        &mut self,
        drop: &Drop,
        undefined: SqlState,
    ) -> Step<Option<RelationName>> {
        let name = self.schema.resolve(&drop.name);
        let lookup = if undefined == SqlState::UndefinedObject {
            self.schema.index_named(&name).map(|_| ())
        } else {
            self.schema.relation_named(&name).map(|_| ())
        };
        // A relation of another kind under this name.
        let other = self.schema.relation_named(&name).is_found();
        match lookup {
            Lookup::Found(()) => Ok(Some(name)),
            Lookup::Absent if other => {
                reject(SqlState::WrongObjectType, ObjectName::Relation(name))
            }
            Lookup::Absent if drop.if_exists == IfExists::Yes => Err(Stop::Skipped),
            Lookup::Absent => {
                self.namespace_of(&drop.name)?;
                reject(undefined, ObjectName::Relation(name))
            }
            Lookup::Unsure(why) => {
                self.unsure(why);
                Ok(self.schema.relations.contains_key(&name).then_some(name))
            }
        }
    }
}

/// What the server refuses before it looks whether the name is taken (`transformIndexConstraint`,
/// `MergeAttributes`).
fn check_keys(table: &RelationName, create: &CreateTable) -> Step {
    let refuse = |state, column: &Identifier| {
        reject(state, ObjectName::Column(table.clone(), column.clone()))
    };
    let mut primary = false;
    for constraint in &create.constraints {
        let key = match &constraint.kind {
            ConstraintKind::PrimaryKey(_) if primary => {
                return reject(
                    SqlState::InvalidTableDefinition,
                    ObjectName::Relation(table.clone()),
                );
            }
            ConstraintKind::PrimaryKey(key) => {
                primary = true;
                key
            }
            ConstraintKind::Unique(key) => key,
            ConstraintKind::ForeignKey(_)
            | ConstraintKind::Check(_)
            | ConstraintKind::Exclusion(_) => continue,
        };
        check_key(table, create, key)?;
    }
    for (position, column) in create.columns.iter().enumerate() {
        let mut before = create.columns.iter().take(position);
        if before.any(|other| other.name == column.name) || super::is_system_column(&column.name) {
            return refuse(SqlState::DuplicateColumn, &column.name);
        }
    }
    Ok(())
}

/// The columns of one key: each there, each once; those of INCLUDE may repeat.
fn check_key(table: &RelationName, create: &CreateTable, key: &Key) -> Step {
    let refuse = |state, column: &Identifier| {
        reject(state, ObjectName::Column(table.clone(), column.clone()))
    };
    let is_known = |column: &Identifier| {
        create.partition_of.is_some() || create.columns.iter().any(|known| known.name == *column)
    };
    for (position, column) in key.columns.iter().enumerate() {
        if !is_known(column) {
            return refuse(SqlState::UndefinedColumn, column);
        }
        let mut before = key.columns.iter().take(position);
        if before.any(|other| other == column) {
            return refuse(SqlState::DuplicateColumn, column);
        }
    }
    match key.include.iter().find(|column| !is_known(column)) {
        Some(column) => refuse(SqlState::UndefinedColumn, column),
        None => Ok(()),
    }
}

fn rank(constraint: &ConstraintDefinition) -> u8 {
    match constraint.kind {
        ConstraintKind::Check(_) => 0,
        ConstraintKind::PrimaryKey(_) => 1,
        ConstraintKind::Unique(_) | ConstraintKind::Exclusion(_) => 2,
        ConstraintKind::ForeignKey(_) => 3,
    }
}

fn is_same_key(one: &ConstraintDefinition, other: &ConstraintDefinition) -> bool {
    let (
        ConstraintKind::PrimaryKey(first) | ConstraintKind::Unique(first),
        ConstraintKind::Unique(second),
    ) = (&one.kind, &other.kind)
    else {
        return false;
    };
    first == second && one.deferral == other.deferral
}
