//! Triggers of tables.

use super::Load;
use super::loader::Names;
use super::scope::Scope;
use super::written::only_change;
use crate::database::Session;
use crate::schema::{Assembly, Change, Identifier, Why};

pub(super) fn load(
    session: &mut Session,
    scope: &Scope,
    (names, assembly): (&Names, &mut Assembly),
) -> Load {
    let query = scope.query(include_str!("queries/triggers.sql"));
    for row in session.rows(&query)? {
        let Some(table) = names.relations.get(&row.number(0)?) else {
            continue;
        };
        let name = Identifier::quoted(row.text(1)?);
        if let Some(Change::CreateTrigger { definition, .. }) = only_change(row.text(2)?) {
            assembly.trigger(table, name, definition);
        } else {
            let why = Why::new(format!("the trigger {name} could not be read"));
            assembly.has_unread_part(table, why);
        }
    }
    Ok(())
}
