//! Collations by their number.

use std::collections::HashMap;

use super::Load;
use crate::database::{Row, Session};
use crate::schema::{Identifier, WrittenName};

pub(super) struct Collations(HashMap<u32, WrittenName>);

impl Collations {
    pub(super) fn read(session: &mut Session) -> Load<Self> {
        let mut found = HashMap::new();
        for row in session.rows(include_str!("queries/collations.sql"))? {
            found.insert(row.number(0)?, name(&row)?);
        }
        Ok(Self(found))
    }

    pub(super) fn named(&self, oid: u32) -> Option<&WrittenName> {
        self.0.get(&oid)
    }
}

/// Without its schema where the search path finds it: columns 1 to 3 are name, schema, whether it does.
pub(super) fn name(row: &Row) -> Load<WrittenName> {
    let name = Identifier::quoted(row.text(1)?);
    Ok(if row.flag(3)? {
        WrittenName::bare(name)
    } else {
        WrittenName::in_schema(Identifier::quoted(row.text(2)?), name)
    })
}
