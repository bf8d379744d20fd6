//! Tables, views and sequences: names, kinds, sizes.

use std::collections::{BTreeMap, HashMap};

use super::scope::Scope;
use super::{Load, NotRead, Unseen};
use crate::database::{Row, Session};
use crate::schema::{Assembly, Column, Identifier, Partitioning, RelationName, ViewKind};

/// What the server has noted of a table or materialized view for its planner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableFacts {
    pub rows: RowEstimate,
    /// Pages of 8 kB as of the last VACUUM or ANALYZE.
    pub pages: u32,
    pub is_unlogged: bool,
    /// Whether the role may read its rows.
    pub is_readable: bool,
}

/// `reltuples` of `pg_class`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowEstimate {
    /// Neither vacuumed nor analysed yet.
    Unknown,
    Rows(u64),
}

/// Relations by their number.
pub(super) struct Relations(Vec<Found>);

pub(super) struct Found {
    oid: u32,
    name: RelationName,
    kind: Kind,
    facts: TableFacts,
    has_row_security: bool,
}

enum Kind {
    Table(Partitioning),
    View(ViewKind),
    Sequence,
    /// Not modelled.
    Foreign,
}

pub(super) fn read(session: &mut Session, scope: &Scope) -> Load<Relations> {
    let query = scope.query(include_str!("queries/relations.sql"));
    let mut found = Vec::new();
    for row in session.rows(&query)? {
        found.extend(one(&row, scope)?);
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Relations(found))
}

fn one(row: &Row, scope: &Scope) -> Load<Option<Found>> {
    let Some(schema) = scope.named(row.number(1)?) else {
        return Ok(None);
    };
    let name = RelationName::new(schema.clone(), Identifier::quoted(row.text(2)?));
    let kind = match row.letter(3)? {
        'v' => Kind::View(ViewKind::Plain),
        'm' => Kind::View(ViewKind::Materialized),
        'S' => Kind::Sequence,
        'f' => Kind::Foreign,
        _ => Kind::Table(partitioning(row)?),
    };
    let tuples: f64 = row.number(5)?;
    let pages: u32 = row.number::<i32>(6)?.unsigned_abs();
    Ok(Some(Found {
        oid: row.number(0)?,
        name,
        kind,
        facts: TableFacts {
            rows: estimate(tuples, pages),
            pages,
            is_unlogged: row.letter(4)? == 'u',
            is_readable: row.flag(10)?,
        },
        has_row_security: row.flag(11)?,
    }))
}

fn partitioning(row: &Row) -> Load<Partitioning> {
    if let (Some(schema), Some(parent)) = (row.optional(8)?, row.optional(9)?) {
        let parent = RelationName::new(Identifier::quoted(schema), Identifier::quoted(parent));
        return Ok(Partitioning::PartitionOf(parent));
    }
    Ok(match row.optional(7)? {
        Some(key) => Partitioning::Partitioned(key.into()),
        None => Partitioning::Plain,
    })
}

/// Before PostgreSQL 14 a table without a count has 0 tuples in 0 pages, since then -1 (release notes of 14).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate; negative ones are taken out, and a cast of floats saturates"
)]
fn estimate(tuples: f64, pages: u32) -> RowEstimate {
    if tuples < 0.0 || (tuples == 0.0 && pages == 0) {
        RowEstimate::Unknown
    } else {
        RowEstimate::Rows(tuples.round() as u64)
    }
}

impl Relations {
    pub(super) fn names(&self) -> HashMap<u32, RelationName> {
        let modelled = self
            .0
            .iter()
            .filter(|found| !matches!(found.kind, Kind::Foreign));
        modelled
            .map(|found| (found.oid, found.name.clone()))
            .collect()
    }

    /// Puts every table with its columns.
    pub(super) fn put_tables(
        &self,
        mut columns: HashMap<u32, Vec<Column>>,
        assembly: &mut Assembly,
    ) {
        for found in &self.0 {
            if let Kind::Table(partitioning) = &found.kind {
                let columns = columns.remove(&found.oid).unwrap_or_default();
                assembly.table(found.name.clone(), columns, partitioning.clone());
            }
        }
    }

    pub(super) fn view_kind(&self, name: &RelationName) -> Option<ViewKind> {
        match self.named(name)?.kind {
            Kind::View(kind) => Some(kind),
            Kind::Table(_) | Kind::Sequence | Kind::Foreign => None,
        }
    }

    /// What of them is not modelled.
    pub(super) fn not_read(&self) -> Vec<NotRead> {
        let mut told = Vec::new();
        for found in &self.0 {
            let is_table = matches!(found.kind, Kind::Table(_));
            let is_foreign = matches!(found.kind, Kind::Foreign);
            let marks = [
                ("foreign table", is_foreign),
                ("unlogged table", is_table && found.facts.is_unlogged),
                ("row security", found.has_row_security),
            ];
            let marked = marks.into_iter().filter(|(_, stands)| *stands);
            told.extend(marked.map(|(kind, _)| NotRead::new(kind, found.name.clone(), None)));
        }
        told
    }

    /// Its number, and whether the role may read its rows.
    pub(super) fn rows_of(&self, name: &RelationName) -> Option<(u32, bool)> {
        let found = self.named(name)?;
        match found.kind {
            Kind::Table(_) | Kind::View(_) => Some((found.oid, found.facts.is_readable)),
            Kind::Sequence | Kind::Foreign => None,
        }
    }

    fn named(&self, name: &RelationName) -> Option<&Found> {
        let at = self.0.binary_search_by(|found| found.name.cmp(name)).ok()?;
        self.0.get(at)
    }

    pub(super) fn facts(&self) -> BTreeMap<RelationName, TableFacts> {
        let stored = self.0.iter().filter(|found| match found.kind {
            Kind::Table(_) | Kind::View(ViewKind::Materialized) => true,
            Kind::View(ViewKind::Plain) | Kind::Sequence | Kind::Foreign => false,
        });
        stored
            .map(|found| (found.name.clone(), found.facts))
            .collect()
    }

    pub(super) fn unseen(&self) -> Vec<Unseen> {
        let unreadable = self.0.iter().filter(|found| !found.facts.is_readable);
        unreadable
            .map(|found| Unseen::Rows(found.name.clone()))
            .collect()
    }
}
