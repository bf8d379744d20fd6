//! Runs the queries in the order in which their objects need each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::collations::Collations;
use super::migrations::Migrations;
use super::operator_classes::OperatorClasses;
use super::scope::Scope;
use super::{
    Load, NotRead, TableFacts, Unseen, columns, constraints, enums, extensions, indexes,
    migrations, relations, sequences, triggers, unread, views,
};
use crate::database::Session;
use crate::schema::{Assembly, ColumnRef, Identifier, RelationName, Schema};

pub(super) struct Loaded {
    pub(super) schema: Schema,
    pub(super) tables: BTreeMap<RelationName, TableFacts>,
    pub(super) view_columns: BTreeMap<RelationName, BTreeSet<ColumnRef>>,
    pub(super) migrations: Migrations,
    pub(super) unseen: Vec<Unseen>,
    pub(super) not_read: Vec<NotRead>,
}

/// What has been read so far, by the numbers that the catalog's tables refer by.
pub(super) struct Names {
    pub(super) relations: HashMap<u32, RelationName>,
    /// In order of their numbers.
    pub(super) attributes: HashMap<u32, Vec<Attribute>>,
    pub(super) collations: Collations,
    pub(super) operator_classes: OperatorClasses,
}

/// A column, as far as others refer to it.
pub(super) struct Attribute {
    pub(super) number: i16,
    pub(super) name: Identifier,
    pub(super) type_oid: u32,
    pub(super) collation: u32,
}

impl Names {
    pub(super) fn attribute(&self, relation: u32, number: i16) -> Option<&Attribute> {
        let attributes = self.attributes.get(&relation)?;
        let at = attributes.binary_search_by_key(&number, |attribute| attribute.number);
        attributes.get(at.ok()?)
    }

    /// The names of columns by number; those that are not known are left out.
    pub(super) fn columns(&self, relation: u32, numbers: &[i16]) -> Vec<Identifier> {
        let found = numbers.iter();
        found
            .filter_map(|number| self.attribute(relation, *number))
            .map(|attribute| attribute.name.clone())
            .collect()
    }
}

pub(super) fn load(session: &mut Session, scope: &Scope) -> Load<Loaded> {
    let mut assembly = Assembly::new(scope.search_path.clone());
    for name in scope.names() {
        assembly.namespace(name);
    }
    for (name, why) in scope.unread() {
        assembly.unread_namespace(name, why);
    }
    extensions::load(session, &mut assembly)?;
    enums::load(session, scope, &mut assembly)?;
    let found = relations::read(session, scope)?;
    let mut names = Names {
        relations: found.names(),
        attributes: HashMap::new(),
        collations: Collations::read(session)?,
        operator_classes: OperatorClasses::read(session)?,
    };
    let columns = columns::read(session, scope, &mut names)?;
    found.put_tables(columns, &mut assembly);
    sequences::load(session, scope, (&names, &mut assembly))?;
    let view_columns = views::load(session, scope, (&names, &found, &mut assembly))?;
    let mut not_read = found.not_read();
    let found_indexes = indexes::read(session, scope, (&names, &mut not_read))?;
    let constraints = constraints::load(session, scope, (&names, found_indexes, &mut assembly))?;
    not_read.extend(constraints);
    triggers::load(session, scope, (&names, &mut assembly))?;
    let migrations = migrations::read(session, scope, (&names, &found))?;
    not_read.extend(unread::read(session, scope)?);
    not_read.sort();
    Ok(Loaded {
        schema: assembly.finish(),
        view_columns,
        migrations,
        unseen: found.unseen(),
        not_read,
        tables: found.facts(),
    })
}
