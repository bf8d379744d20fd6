//! Schemas, types, extensions, settings, and statements about rows.

use std::sync::Arc;

use super::{Application, Step, Stop, reject};
use crate::schema::{
    Change, Drop, DropBehavior, Identifier, IfExists, IfNotExists, Lookup, ObjectName, Relation,
    RelationName, SqlState, SqlType, WrittenName,
};

impl Application {
    pub(super) fn run_on_other(&mut self, change: &Change) -> Step {
        match change {
            Change::CreateSchema {
                schema,
                if_not_exists,
            } => self.create_schema(schema, *if_not_exists),
            Change::DropSchema {
                schema,
                if_exists,
                behavior,
            } => self.drop_schema(schema, *if_exists, *behavior),
            Change::CreateEnum { name, labels } => self.create_enum(name, labels),
            Change::AddEnumValue {
                name,
                label,
                if_not_exists,
            } => self.add_enum_value(name, label, *if_not_exists),
            Change::DropType(drop) => self.drop_type(drop),
            Change::CreateExtension {
                extension,
                if_not_exists,
            } => self.create_extension(extension, *if_not_exists),
            Change::DropExtension {
                extension,
                if_exists,
                ..
            } => self.drop_extension(extension, *if_exists),
            Change::SetParameter {
                parameter, value, ..
            } => {
                if parameter.eq_ignore_ascii_case("search_path") {
                    self.set_search_path(value.as_deref());
                }
                Ok(())
            }
            Change::Data {
                relations, columns, ..
            } => self.check_data(relations, columns),
            Change::NoEffect { relations, .. } => self.check_relations(relations),
            _ => Ok(()),
        }
    }

    fn create_extension(&mut self, extension: &Identifier, if_not_exists: IfNotExists) -> Step {
        match self.schema.extension(extension) {
            Lookup::Found(()) if if_not_exists == IfNotExists::Yes => Err(Stop::Skipped),
            Lookup::Found(()) => reject(
                SqlState::DuplicateObject,
                ObjectName::Schema(extension.clone()),
            ),
            Lookup::Absent | Lookup::Unsure(_) => {
                self.schema.extensions.insert_mut(extension.clone());
                Ok(())
            }
        }
    }

    fn create_schema(&mut self, schema: &Identifier, if_not_exists: IfNotExists) -> Step {
        match self.schema.namespace(schema) {
            Lookup::Found(()) if if_not_exists == IfNotExists::Yes => return Err(Stop::Skipped),
            Lookup::Found(()) => {
                return reject(
                    SqlState::DuplicateSchema,
                    ObjectName::Schema(schema.clone()),
                );
            }
            Lookup::Absent => {}
            Lookup::Unsure(why) => self.unsure(why),
        }
        self.schema.namespaces.insert_mut(schema.clone());
        Ok(())
    }

    fn drop_schema(
        &mut self,
        schema: &Identifier,
        if_exists: IfExists,
        behavior: DropBehavior,
    ) -> Step {
        match self.schema.namespace(schema) {
            Lookup::Found(()) => {}
            Lookup::Absent if if_exists == IfExists::Yes => return Err(Stop::Skipped),
            Lookup::Absent => {
                return reject(
                    SqlState::InvalidSchemaName,
                    ObjectName::Schema(schema.clone()),
                );
            }
            Lookup::Unsure(why) => self.unsure(why),
        }
        self.drop_contents(schema, behavior)?;
        self.schema.namespaces.remove_mut(schema);
        Ok(())
    }

    fn drop_contents(&mut self, schema: &Identifier, behavior: DropBehavior) -> Step {
        let inside: Vec<RelationName> = self
            .schema
            .relations
            .keys()
            .filter(|name| name.schema == *schema)
            .cloned()
            .collect();
        let types: Vec<RelationName> = self
            .schema
            .enums
            .keys()
            .filter(|name| name.schema == *schema)
            .cloned()
            .collect();
        if behavior == DropBehavior::Restrict
            && let Some(name) = inside.first().or(types.first())
        {
            return reject(
                SqlState::DependentObjectsStillExist,
                ObjectName::Relation(name.clone()),
            );
        }
        for name in inside {
            self.drop_in_schema(&name, behavior)?;
        }
        for name in types {
            self.drop_known_type(&name, behavior)?;
        }
        Ok(())
    }

    fn drop_in_schema(&mut self, name: &RelationName, behavior: DropBehavior) -> Step {
        let Some(relation) = self
            .schema
            .relations
            .get(name)
            .map(|known| known.value.clone())
        else {
            return Ok(());
        };
        match relation {
            Relation::Table(_) => self.drop_known_table(name, behavior)?,
            Relation::View(_) => {
                self.drop_views_on(name, behavior)?;
                self.remove_view(name);
            }
            Relation::Sequence(sequence) => {
                for user in &sequence.used_by {
                    self.drop_default_of(user, behavior)?;
                }
                self.remove_sequence(name);
            }
            // It goes with its table.
            Relation::Index(_) => return Ok(()),
        }
        self.dropped(ObjectName::Relation(name.clone()));
        Ok(())
    }

    fn create_enum(&mut self, written: &WrittenName, labels: &[Arc<str>]) -> Step {
        self.namespace_of(written)?;
        let name = self.schema.resolve_new(written);
        // A table has a row type of its name.
        let taken = self.schema.enums.contains_key(&name)
            || matches!(
                self.schema.relation_named(&name),
                Lookup::Found(Relation::Table(_) | Relation::View(_))
            );
        if taken && self.schema.doubts == 0 {
            return reject(SqlState::DuplicateObject, ObjectName::Type(name));
        }
        if let Lookup::Unsure(why) = self.schema.enum_labels(written) {
            self.unsure(why);
        }
        self.schema.enums.insert_mut(name, labels.to_vec());
        Ok(())
    }

    fn add_enum_value(
        &mut self,
        written: &WrittenName,
        label: &Arc<str>,
        if_not_exists: IfNotExists,
    ) -> Step {
        let found = self
            .schema
            .enum_labels(written)
            .map(|(name, labels)| (name, labels.to_vec()));
        match found {
            Lookup::Found((_, labels)) if labels.contains(label) => match if_not_exists {
                IfNotExists::Yes => Err(Stop::Skipped),
                IfNotExists::No => reject(
                    SqlState::DuplicateObject,
                    ObjectName::Type(self.schema.resolve_type(written)),
                ),
            },
            Lookup::Found((name, mut labels)) => {
                labels.push(label.clone());
                self.schema.enums.insert_mut(name, labels);
                Ok(())
            }
            Lookup::Absent => reject(
                SqlState::UndefinedObject,
                ObjectName::Type(self.schema.resolve_type(written)),
            ),
            Lookup::Unsure(why) => {
                self.unsure(why);
                Ok(())
            }
        }
    }

    fn drop_type(&mut self, drop: &Drop) -> Step {
        let name = self.schema.resolve_type(&drop.name);
        match self.schema.enum_labels(&drop.name).map(|_| ()) {
            Lookup::Found(()) => self.drop_known_type(&name, drop.behavior),
            // Only enums are modelled: it may be a domain or a composite type.
            Lookup::Absent if drop.if_exists == IfExists::Yes => Err(Stop::Skipped),
            Lookup::Absent => reject(SqlState::UndefinedObject, ObjectName::Type(name)),
            Lookup::Unsure(why) => {
                self.unsure(why);
                Ok(())
            }
        }
    }

    fn drop_known_type(&mut self, name: &RelationName, behavior: DropBehavior) -> Step {
        let users: Vec<(RelationName, Identifier)> = self
            .schema
            .tables()
            .flat_map(|(table, known)| {
                known
                    .columns
                    .iter()
                    .filter(|column| self.is_of_type(&column.value.data_type, name))
                    .map(|column| (table.clone(), column.value.name.clone()))
            })
            .collect();
        for (table, column) in users {
            let object = ObjectName::Column(table.clone(), column.clone());
            if behavior == DropBehavior::Restrict {
                return reject(SqlState::DependentObjectsStillExist, object);
            }
            self.dropped(object);
            self.drop_column(&table, &column, behavior)?;
        }
        self.schema.enums.remove_mut(name);
        Ok(())
    }

    fn is_of_type(&self, data_type: &SqlType, name: &RelationName) -> bool {
        let SqlType::Known(known) = data_type else {
            return false;
        };
        let written = WrittenName {
            schema: known.schema.clone(),
            name: Identifier::quoted(&known.name),
        };
        self.schema.resolve_type(&written) == *name
    }

    fn drop_extension(&mut self, extension: &Identifier, if_exists: IfExists) -> Step {
        match self.schema.extension(extension) {
            Lookup::Found(()) => {
                self.schema.extensions.remove_mut(extension);
                Ok(())
            }
            Lookup::Absent if if_exists == IfExists::Yes => Err(Stop::Skipped),
            Lookup::Absent => reject(
                SqlState::UndefinedObject,
                ObjectName::Schema(extension.clone()),
            ),
            Lookup::Unsure(why) => {
                self.unsure(why);
                Ok(())
            }
        }
    }

    /// Without a value the path is the default one: `"$user", public`.
    fn set_search_path(&mut self, value: Option<&str>) {
        let public = || vec![Identifier::quoted("public")];
        let Some(value) = value.filter(|value| !value.trim().eq_ignore_ascii_case("default"))
        else {
            self.schema.search_path = public().into();
            return;
        };
        self.schema.search_path = value
            .split(',')
            .map(str::trim)
            .map(|part| {
                let quoted = ['"', '\'']
                    .into_iter()
                    .find_map(|quote| part.strip_prefix(quote)?.strip_suffix(quote));
                quoted.map_or_else(|| Identifier::unquoted(part), Identifier::quoted)
            })
            .filter(|schema| !schema.as_str().is_empty() && schema.as_str() != "$user")
            .collect();
    }

    fn check_data(&mut self, relations: &[WrittenName], columns: &[Identifier]) -> Step {
        self.check_relations(relations)?;
        let Some(written) = relations.first() else {
            return Ok(());
        };
        let Some(table) = self.schema.table(written).found().map(|(name, _)| name) else {
            return Ok(());
        };
        columns
            .iter()
            .try_for_each(|column| self.column(&table, column))
    }

    fn check_relations(&mut self, relations: &[WrittenName]) -> Step {
        for written in relations {
            match self.schema.relation(written).map(|(name, _)| name) {
                Lookup::Found(_) => {}
                Lookup::Absent => {
                    self.namespace_of(written)?;
                    return reject(
                        SqlState::UndefinedTable,
                        ObjectName::Relation(self.schema.resolve(written)),
                    );
                }
                Lookup::Unsure(why) => self.unsure(why),
            }
        }
        Ok(())
    }
}
