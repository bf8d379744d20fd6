//! Views, plain and materialized, and what they read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Load;
use super::loader::Names;
use super::relations::Relations;
use super::scope::Scope;
use crate::database::Session;
use crate::schema::{Assembly, ColumnRef, OrderedSet, RelationName, View, ViewReads};

/// Puts every view; the columns that each is known to need.
pub(super) fn load(
    session: &mut Session,
    scope: &Scope,
    (names, relations, assembly): (&Names, &Relations, &mut Assembly),
) -> Load<BTreeMap<RelationName, BTreeSet<ColumnRef>>> {
    let mut reads: HashMap<u32, OrderedSet<RelationName>> = HashMap::new();
    let mut columns: BTreeMap<RelationName, BTreeSet<ColumnRef>> = BTreeMap::new();
    for row in session.rows(&scope.query(include_str!("queries/view_reads.sql")))? {
        let (view, relation): (u32, u32) = (row.number(0)?, row.number(1)?);
        let Some(table) = names.relations.get(&relation) else {
            continue;
        };
        reads.entry(view).or_default().insert_mut(table.clone());
        if let (Some(view), Some(attribute)) = (
            names.relations.get(&view),
            names.attribute(relation, row.number(2)?),
        ) {
            columns.entry(view.clone()).or_default().insert(ColumnRef {
                table: table.clone(),
                column: attribute.name.clone(),
            });
        }
    }
    for row in session.rows(&scope.query(include_str!("queries/views.sql")))? {
        let oid: u32 = row.number(0)?;
        let Some((name, kind)) = names
            .relations
            .get(&oid)
            .and_then(|name| Some((name, relations.view_kind(name)?)))
        else {
            continue;
        };
        let query = row.text(1)?.trim().trim_end_matches(';');
        let view = View {
            kind,
            query: query.into(),
            reads: ViewReads::Relations(reads.remove(&oid).unwrap_or_default()),
            indexes: OrderedSet::default(),
        };
        assembly.view(name.clone(), view);
    }
    Ok(columns)
}
