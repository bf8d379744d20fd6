//! Which schemas are read, and the search path that they are read with.

use super::{Load, Unseen};
use crate::database::{Problem, Session};
use crate::schema::{Identifier, Why};

/// The schemas of a database, seen from one role.
#[derive(Debug)]
pub(super) struct Scope {
    namespaces: Vec<Namespace>,
    pub(super) search_path: Vec<Identifier>,
    /// The session's own, as it is written, to be set again.
    own_path: String,
}

#[derive(Debug)]
struct Namespace {
    oid: u32,
    name: Identifier,
    /// Whether the role has USAGE.
    usable: bool,
    /// Its place on the search path of the role.
    on_path: Option<u32>,
    is_read: bool,
}

pub(super) fn read(session: &mut Session, asked: &[Identifier]) -> Load<Scope> {
    let mut own_path = String::new();
    let mut namespaces = Vec::new();
    for row in session.rows(include_str!("queries/scope.sql"))? {
        let name = Identifier::quoted(row.text(1)?);
        let on_path = row.optional_number(3)?;
        row.text(4)?.clone_into(&mut own_path);
        let is_read = if asked.is_empty() {
            on_path.is_some()
        } else {
            asked.contains(&name)
        };
        namespaces.push(Namespace {
            oid: row.number(0)?,
            name,
            usable: row.flag(2)?,
            on_path,
            is_read,
        });
    }
    let known = |name: &Identifier| namespaces.iter().any(|one| one.name == *name);
    if let Some(missing) = asked.iter().find(|name| !known(name)) {
        return Err(Problem::UnknownSchema(missing.to_string()).into());
    }
    if !namespaces.iter().any(|one| one.is_read) {
        return Err(Problem::NoSchema(own_path).into());
    }
    let mut scope = Scope {
        search_path: Vec::new(),
        namespaces,
        own_path,
    };
    scope.search_path = scope.path(asked);
    Ok(scope)
}

/// Sets the search path for the rest of the transaction.
pub(super) fn enter(session: &mut Session, scope: &Scope) -> Load {
    let names: Vec<String> = scope.search_path.iter().map(Identifier::to_sql).collect();
    set_path(session, &names.join(", "))
}

pub(super) fn leave(session: &mut Session, scope: &Scope) -> Load {
    set_path(session, &scope.own_path)
}

fn set_path(session: &mut Session, path: &str) -> Load {
    let literal = path.replace('\'', "''");
    session.rows(&format!(
        "SELECT set_config('search_path', '{literal}', true)"
    ))?;
    Ok(())
}

impl Scope {
    /// What was asked for in front, then the role's own path.
    fn path(&self, asked: &[Identifier]) -> Vec<Identifier> {
        let mut own: Vec<&Namespace> = self.namespaces.iter().collect();
        own.retain(|namespace| namespace.on_path.is_some());
        own.sort_by_key(|namespace| namespace.on_path);
        let mut path: Vec<Identifier> = Vec::new();
        for name in asked
            .iter()
            .chain(own.iter().map(|namespace| &namespace.name))
        {
            if !path.contains(name) {
                path.push(name.clone());
            }
        }
        path
    }

    /// The schemas that are read, those of the search path first.
    pub(super) fn names(&self) -> Vec<Identifier> {
        let is_read = |name: &&Identifier| {
            let mut found = self.namespaces.iter();
            found.any(|namespace| namespace.is_read && namespace.name == **name)
        };
        self.search_path.iter().filter(is_read).cloned().collect()
    }

    /// The schema of an oid, if it is read.
    pub(super) fn named(&self, oid: u32) -> Option<&Identifier> {
        let found = self
            .namespaces
            .iter()
            .find(|namespace| namespace.oid == oid);
        found
            .filter(|namespace| namespace.is_read)
            .map(|namespace| &namespace.name)
    }

    /// A query with the oids of the schemas in the place of `$schemas`.
    pub(super) fn query(&self, text: &str) -> String {
        let read = self.namespaces.iter().filter(|namespace| namespace.is_read);
        let oids: Vec<String> = read.map(|namespace| namespace.oid.to_string()).collect();
        text.replace("$schemas", &format!("'{{{}}}'::oid[]", oids.join(",")))
    }

    /// The others, with the reason for which nothing is known of them.
    pub(super) fn unread(&self) -> impl Iterator<Item = (Identifier, Why)> {
        let others = self
            .namespaces
            .iter()
            .filter(|namespace| !namespace.is_read);
        others.map(|namespace| {
            let name = namespace.name.clone();
            let why = Why::new(format!("the schema {name} was not read"));
            (name, why)
        })
    }

    pub(super) fn unseen(&self) -> Vec<Unseen> {
        let read = self.namespaces.iter().filter(|namespace| namespace.is_read);
        read.filter(|namespace| !namespace.usable)
            .map(|namespace| Unseen::Schema(namespace.name.clone()))
            .collect()
    }

    pub(super) fn is_usable(&self, name: &Identifier) -> bool {
        let mut found = self.namespaces.iter();
        found.any(|namespace| namespace.name == *name && namespace.usable)
    }
}
