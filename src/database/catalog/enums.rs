//! Enum types.

use super::Load;
use super::scope::Scope;
use crate::database::Session;
use crate::schema::{Assembly, Identifier, RelationName};

pub(super) fn load(session: &mut Session, scope: &Scope, assembly: &mut Assembly) -> Load {
    let query = scope.query(include_str!("queries/enums.sql"));
    for row in session.rows(&query)? {
        if let Some(schema) = scope.named(row.number(0)?) {
            let name = RelationName::new(schema.clone(), Identifier::quoted(row.text(1)?));
            let labels = row.list(2)?.into_iter().map(Into::into).collect();
            assembly.enumeration(name, labels);
        }
    }
    Ok(())
}
