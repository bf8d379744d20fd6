//! Foreign keys: what they may reference, and what holds them.

use super::keys::origin;
use super::names::{self, Label};
use super::{Application, Step, casts, reject};
use crate::schema::{
    Constraint, ConstraintDefinition, ConstraintKind, Deferral, DropBehavior, ForeignKey,
    Identifier, Index, IndexState, ObjectName, RelationName, SqlState, Why, WrittenName,
};

impl Application {
    /// The order of its checks is that of `ATExecAddConstraint` and `ATAddForeignKeyConstraint`.
    pub(super) fn add_foreign_key(
        &mut self,
        table: &RelationName,
        definition: &ConstraintDefinition,
        key: &ForeignKey<WrittenName>,
    ) -> Step {
        if let Some(name) = definition.known_name() {
            self.free_constraint(table, name)?;
        }
        let is_unknown = key.references.name.is_unknown()
            || key.referenced_columns.iter().any(Identifier::is_unknown);
        if is_unknown {
            return self.add_unknown_foreign_key(table, definition, key);
        }
        let parent = self.table(&key.references)?;
        for column in &key.columns {
            self.column(table, column)?;
        }
        let referenced_columns = self.referenced_columns(&parent, key)?;
        if referenced_columns.len() != key.columns.len() && !referenced_columns.is_empty() {
            return reject(
                SqlState::InvalidForeignKey,
                ObjectName::Relation(table.clone()),
            );
        }
        self.check_key_types(table, &key.columns, (&parent, &referenced_columns))?;
        let name = definition.known_name().cloned().unwrap_or_else(|| {
            let columns: Vec<&str> = key.columns.iter().map(Identifier::as_str).collect();
            names::choose(&self.schema, table, &columns, Label::ForeignKey)
        });
        let constraint = Constraint {
            kind: ConstraintKind::ForeignKey(ForeignKey {
                columns: key.columns.clone(),
                references: parent,
                referenced_columns,
                on_delete: key.on_delete,
                on_update: key.on_update,
            }),
            validity: definition.validity,
            deferral: definition.deferral,
            name_origin: origin(definition.known_name()),
        };
        self.schema.put_constraint(table, name, constraint);
        Ok(())
    }

    /// A key whose parent, or whose columns there, are not known: nothing can be checked, and it stands.
    fn add_unknown_foreign_key(
        &mut self,
        table: &RelationName,
        definition: &ConstraintDefinition,
        key: &ForeignKey<WrittenName>,
    ) -> Step {
        for column in &key.columns {
            self.column(table, column)?;
        }
        self.unsure(Why::new("what the foreign key references is not known"));
        let columns: Vec<&str> = key.columns.iter().map(Identifier::as_str).collect();
        let name = definition
            .known_name()
            .cloned()
            .unwrap_or_else(|| names::choose(&self.schema, table, &columns, Label::ForeignKey));
        let constraint = Constraint {
            kind: ConstraintKind::ForeignKey(ForeignKey {
                columns: key.columns.clone(),
                references: self.schema.resolve(&key.references),
                referenced_columns: key.referenced_columns.clone(),
                on_delete: key.on_delete,
                on_update: key.on_update,
            }),
            validity: definition.validity,
            deferral: definition.deferral,
            name_origin: origin(definition.known_name()),
        };
        self.schema.put_constraint(table, name, constraint);
        Ok(())
    }

    fn check_key_types(
        &self,
        table: &RelationName,
        columns: &[Identifier],
        (parent, referenced): (&RelationName, &[Identifier]),
    ) -> Step {
        for (column, referenced) in columns.iter().zip(referenced) {
            let (Some(own), Some(other)) = (
                self.schema.column(table, column).found(),
                self.schema.column(parent, referenced).found(),
            ) else {
                continue;
            };
            if casts::references(&own.data_type, &other.data_type) == casts::Cast::Refused {
                return reject(
                    SqlState::DatatypeMismatch,
                    ObjectName::Column(table.clone(), column.clone()),
                );
            }
        }
        Ok(())
    }

    /// The columns that are referenced: as written, where a unique index is on them, or the primary key.
    fn referenced_columns(
        &mut self,
        parent: &RelationName,
        key: &ForeignKey<WrittenName>,
    ) -> Step<Vec<Identifier>> {
        let whole = self.schema.is_whole(parent);
        let unknown = || Why::new(format!("the keys of {parent} are not all known"));
        if key.referenced_columns.is_empty() {
            return match self.primary_key_of(parent) {
                Some((Deferral::NotDeferrable, columns)) => Ok(columns),
                Some(_) => reject(
                    SqlState::ObjectNotInPrerequisiteState,
                    ObjectName::Relation(parent.clone()),
                ),
                None if whole => reject(
                    SqlState::UndefinedObject,
                    ObjectName::Relation(parent.clone()),
                ),
                None => {
                    self.unsure(unknown());
                    Ok(Vec::new())
                }
            };
        }
        for column in &key.referenced_columns {
            self.column(parent, column)?;
        }
        let supports = self.supporting_indexes(parent, &key.referenced_columns);
        if supports.is_empty() {
            if whole {
                return reject(
                    SqlState::InvalidForeignKey,
                    ObjectName::Relation(parent.clone()),
                );
            }
            self.unsure(unknown());
        } else if supports.iter().all(|index| self.is_deferrable(index)) {
            return reject(
                SqlState::ObjectNotInPrerequisiteState,
                ObjectName::Relation(parent.clone()),
            );
        }
        Ok(key.referenced_columns.clone())
    }

    fn primary_key_of(&self, parent: &RelationName) -> Option<(Deferral, Vec<Identifier>)> {
        self.schema.known_table(parent).and_then(|known| {
            let (name, key) = known.primary_key()?;
            let deferral = known.constraints.get(name)?.value.deferral;
            Some((deferral, key.columns.clone()))
        })
    }

    fn is_deferrable(&self, index: &Index) -> bool {
        index.backs.as_ref().is_some_and(|constraint| {
            self.schema
                .known_table(&index.table)
                .and_then(|table| table.constraints.get(constraint))
                .is_some_and(|constraint| constraint.value.deferral != Deferral::NotDeferrable)
        })
    }

    /// The unique indexes that a foreign key on these columns may rest on (`transformFkeyCheckAttrs`).
    fn supporting_indexes(&self, parent: &RelationName, columns: &[Identifier]) -> Vec<Index> {
        self.schema
            .index_names(parent)
            .iter()
            .filter_map(|name| self.schema.known_index(name))
            .filter(|index| supports(index, columns))
            .map(|index| (**index).clone())
            .collect()
    }

    /// After an index is gone: the foreign keys that rested on it go with CASCADE, else it is refused.
    pub(super) fn release_index(&mut self, index: &Index, behavior: DropBehavior) -> Step {
        let parent = &index.table;
        let Some(known) = self.schema.known_table(parent) else {
            return Ok(());
        };
        let mut resting: Vec<(RelationName, Identifier)> = Vec::new();
        for child in &known.referenced_by {
            let keys = self.schema.known_table(child);
            for (name, key) in keys.into_iter().flat_map(|table| table.foreign_keys()) {
                if key.references == *parent && supports(index, &key.referenced_columns) {
                    resting.push((child.clone(), name.clone()));
                }
            }
        }
        for (child, name) in resting {
            let columns = self.foreign_key_target(&child, &name);
            if !self.supporting_indexes(parent, &columns).is_empty() {
                self.unsure(Why::new(format!(
                    "the foreign key {name} of {child} may rest on either of two unique indexes"
                )));
                continue;
            }
            self.cascade_constraint(&child, &name, behavior)?;
        }
        Ok(())
    }

    fn foreign_key_target(&self, child: &RelationName, name: &Identifier) -> Vec<Identifier> {
        self.schema
            .known_table(child)
            .into_iter()
            .flat_map(|table| table.foreign_keys())
            .find(|(own, _)| *own == name)
            .map(|(_, key)| key.referenced_columns.clone())
            .unwrap_or_default()
    }

    /// Foreign keys of any table that reference this column.
    pub(super) fn foreign_keys_to(
        &self,
        parent: &RelationName,
        column: Option<&Identifier>,
    ) -> Vec<(RelationName, Identifier)> {
        let mut found = Vec::new();
        let Some(known) = self.schema.known_table(parent) else {
            return found;
        };
        for child in &known.referenced_by {
            let keys = self.schema.known_table(child);
            for (name, key) in keys.into_iter().flat_map(|table| table.foreign_keys()) {
                let names_it = column.is_none_or(|column| key.referenced_columns.contains(column));
                if key.references == *parent && names_it {
                    found.push((child.clone(), name.clone()));
                }
            }
        }
        found
    }
}

/// Whether a unique index is on exactly these columns, in any order.
fn supports(index: &Index, columns: &[Identifier]) -> bool {
    let definition = &index.definition;
    let Some(keys) = definition.key_columns() else {
        return false;
    };
    definition.is_unique()
        && index.state == IndexState::Valid
        && definition.predicate.is_none()
        && keys.len() == columns.len()
        && columns.iter().all(|column| keys.contains(&column))
}
