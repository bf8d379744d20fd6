//! Primary keys, unique and exclusion constraints, with the index that backs each.

use std::collections::BTreeMap;

use super::names::{self, Label};
use super::{Application, Step, reject};
use crate::schema::{
    Change, Constraint, ConstraintDefinition, ConstraintKind, Deferral, Exclusion, Identifier,
    Index, IndexDefinition, IndexKey, IndexState, Key, KeyKind, KeyOrder, KeyPart, Lookup,
    NameOrigin, Nullability, ObjectName, RelationName, SqlState, Uniqueness, Validity,
};

/// An unnamed constraint bears a generated name.
pub(super) fn origin(name: Option<&Identifier>) -> NameOrigin {
    if name.is_some() {
        NameOrigin::Given
    } else {
        NameOrigin::Generated
    }
}

impl Application {
    pub(super) fn add_key(
        &mut self,
        table: &RelationName,
        definition: &ConstraintDefinition,
        (key, kind): (&Key, KeyKind),
    ) -> Step {
        self.check_key_columns(table, key)?;
        if kind == KeyKind::PrimaryKey {
            self.check_single_primary_key(table)?;
        }
        let index = IndexDefinition {
            uniqueness: Uniqueness::Unique(key.nulls),
            method: Identifier::quoted("btree"),
            keys: key.columns.iter().cloned().map(IndexKey::column).collect(),
            include: key.include.clone(),
            predicate: None,
            parameters: BTreeMap::default(),
            tablespace: None,
        };
        let catalog = match kind {
            KeyKind::PrimaryKey => ConstraintKind::PrimaryKey(key.clone()),
            KeyKind::Unique => ConstraintKind::Unique(key.clone()),
        };
        self.add_backed(table, definition, (catalog, index))?;
        if kind == KeyKind::PrimaryKey {
            self.set_not_null(table, &key.columns);
        }
        Ok(())
    }

    pub(super) fn add_exclusion(
        &mut self,
        table: &RelationName,
        definition: &ConstraintDefinition,
        exclusion: &Exclusion,
    ) -> Step {
        for column in &exclusion.columns {
            self.column(table, column)?;
        }
        let index = exclusion.index();
        let kind = ConstraintKind::Exclusion(exclusion.clone());
        self.add_backed(table, definition, (kind, index))
    }

    /// Adds the index first: its name must be free among relations, then among the table's constraints.
    fn add_backed(
        &mut self,
        table: &RelationName,
        definition: &ConstraintDefinition,
        (kind, index): (ConstraintKind<RelationName>, IndexDefinition),
    ) -> Step {
        let name = definition.known_name().cloned().unwrap_or_else(|| {
            let (label, columns) = match &kind {
                ConstraintKind::PrimaryKey(_) => (Label::PrimaryKey, Vec::new()),
                ConstraintKind::Exclusion(_) => (Label::Exclusion, names::index_columns(&index)),
                ConstraintKind::Unique(_)
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Check(_) => (Label::Key, names::index_columns(&index)),
            };
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            names::choose(&self.schema, table, &columns, label)
        });
        let index_name = table.sibling(name.clone());
        if !self.free_relation(&index_name)? {
            self.forget_relation(&index_name);
        }
        self.free_constraint(table, &name)?;
        let name_origin = origin(definition.known_name());
        self.schema.put_index(
            index_name,
            Index {
                table: table.clone(),
                definition: index,
                state: IndexState::Valid,
                backs: Some(name.clone()),
                name_origin,
            },
        );
        let constraint = Constraint {
            kind,
            validity: Validity::Valid,
            deferral: definition.deferral,
            name_origin,
        };
        self.schema.put_constraint(table, name, constraint);
        Ok(())
    }

    fn check_key_columns(&mut self, table: &RelationName, key: &Key) -> Step {
        for (position, column) in key.columns.iter().enumerate() {
            let mut before = key.columns.iter().take(position);
            if before.any(|other| other == column) {
                return reject(
                    SqlState::DuplicateColumn,
                    ObjectName::Column(table.clone(), column.clone()),
                );
            }
        }
        for column in &key.columns {
            self.column(table, column)?;
        }
        key.include
            .iter()
            .try_for_each(|column| self.column(table, column))
    }

    fn check_single_primary_key(&mut self, table: &RelationName) -> Step {
        let known = self
            .schema
            .known_table(table)
            .and_then(|known| known.primary_key().map(|(name, _)| name.clone()));
        match known {
            Some(name) if self.schema.constraint(table, &name).is_found() => reject(
                SqlState::InvalidTableDefinition,
                ObjectName::Constraint(table.clone(), name),
            ),
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn set_not_null(&mut self, table: &RelationName, columns: &[Identifier]) {
        self.schema.alter_table(table, |known| {
            for column in columns {
                if let Some(column) = known.column_mut(column) {
                    column.nullability = Nullability::NotNull;
                }
            }
        });
    }

    pub(super) fn add_constraint_using_index(&mut self, change: &Change) -> Step {
        let Change::AddConstraintUsingIndex {
            table,
            name,
            index,
            key: kind,
            deferral,
        } = change
        else {
            return Ok(());
        };
        let table = self.table(table)?;
        let index_name = table.sibling(index.clone());
        let known = match self.schema.index_named(&index_name) {
            Lookup::Found(known) => known.clone(),
            Lookup::Absent => {
                return reject(self.no_index(&index_name), ObjectName::Index(index_name));
            }
            Lookup::Unsure(why) => {
                self.unsure(why);
                return Ok(());
            }
        };
        let key = usable_key(&known, &table, index_name.clone())?;
        if *kind == KeyKind::PrimaryKey {
            self.check_single_primary_key(&table)?;
        }
        let name = name.as_ref().unwrap_or(index);
        self.free_constraint(&table, name)?;
        self.back_by_index(&index_name, name, &known)?;
        if *kind == KeyKind::PrimaryKey {
            self.set_not_null(&table, &key.columns);
        }
        let kind = match kind {
            KeyKind::PrimaryKey => ConstraintKind::PrimaryKey(key),
            KeyKind::Unique => ConstraintKind::Unique(key),
        };
        let constraint = backed_constraint(kind, *deferral);
        self.schema.put_constraint(&table, name.clone(), constraint);
        Ok(())
    }

    /// What stands under the name is opened as an index (`transformIndexConstraint`, `parse_utilcmd.c`).
    fn no_index(&self, name: &RelationName) -> SqlState {
        if self.schema.relation_named(name).is_found() {
            SqlState::WrongObjectType
        } else {
            SqlState::UndefinedObject
        }
    }

    /// An index takes the name of the constraint that it backs from now on.
    fn back_by_index(
        &mut self,
        index_name: &RelationName,
        constraint: &Identifier,
        index: &Index,
    ) -> Step {
        let renamed = index_name.sibling(constraint.clone());
        if renamed != *index_name && !self.free_relation(&renamed)? {
            self.forget_relation(&renamed);
        }
        self.schema.take_index(index_name);
        let backing = Index {
            backs: Some(constraint.clone()),
            name_origin: NameOrigin::Given,
            ..index.clone()
        };
        self.schema.put_index(renamed, backing);
        Ok(())
    }
}

fn backed_constraint(kind: ConstraintKind<RelationName>, deferral: Deferral) -> Constraint {
    Constraint {
        kind,
        validity: Validity::Valid,
        deferral,
        name_origin: NameOrigin::Given,
    }
}

/// The key of an index that may back a constraint (`transformIndexConstraint` in `parse_utilcmd.c`).
fn usable_key(index: &Index, table: &RelationName, name: RelationName) -> Step<Key> {
    let object = ObjectName::Index(name);
    if index.table != *table || index.backs.is_some() || index.state == IndexState::Invalid {
        return reject(SqlState::ObjectNotInPrerequisiteState, object);
    }
    let definition = &index.definition;
    let plain = definition.keys.iter().all(|key| {
        matches!(key.part, KeyPart::Column(_))
            && key.collation.is_none()
            && key.operator_class.is_none()
            && key.order == KeyOrder::default()
    });
    match (definition.uniqueness, definition.key_columns()) {
        (Uniqueness::Unique(nulls), Some(columns)) if plain && definition.predicate.is_none() => {
            Ok(Key {
                columns: columns.into_iter().cloned().collect(),
                include: definition.include.clone(),
                nulls,
            })
        }
        _ => reject(SqlState::WrongObjectType, object),
    }
}
