//! The types of columns: a catalog has few, and each is asked for and read once.

use std::collections::{BTreeSet, HashMap};

use super::Load;
use crate::database::{Problem, Row, Session};
use crate::schema::SqlType;
use crate::sql;

/// Types by their number and modifier.
pub(super) struct Types(HashMap<(u32, i32), Type>);

pub(super) struct Type {
    pub(super) data_type: SqlType,
    /// What a column of the type has without a COLLATE clause; 0 where it cannot have any.
    pub(super) usual_collation: u32,
}

impl Types {
    /// The types of the rows of `queries/columns.sql`.
    pub(super) fn of(session: &mut Session, columns: &[Row]) -> Load<Self> {
        let mut used = BTreeSet::new();
        for row in columns {
            used.insert(key(row)?);
        }
        let array = |numbers: Vec<String>| format!("'{{{}}}'", numbers.join(","));
        let oids = array(used.iter().map(|(oid, _)| oid.to_string()).collect());
        let modifiers = array(
            used.iter()
                .map(|(_, modifier)| modifier.to_string())
                .collect(),
        );
        let query = include_str!("queries/types.sql")
            .replace("$types", &oids)
            .replace("$modifiers", &modifiers);
        let mut found = HashMap::with_capacity(used.len());
        for row in session.rows(&query)? {
            let one = Type {
                data_type: sql::data_type(row.text(2)?),
                usual_collation: row.number(3)?,
            };
            found.insert((row.number(0)?, row.number(1)?), one);
        }
        Ok(Self(found))
    }

    pub(super) fn get(&self, column: &Row) -> Load<&Type> {
        let found = self.0.get(&key(column)?);
        Ok(found.ok_or_else(|| Problem::Unexpected("a column has no type".to_owned()))?)
    }
}

fn key(column: &Row) -> Load<(u32, i32)> {
    Ok((column.number(3)?, column.number(4)?))
}
