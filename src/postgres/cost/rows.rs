//! The cost of statements of rows.

use super::{Costing, LockMode};
use crate::schema::{DataVerb, RelationName, Why, WrittenName};

impl Costing<'_> {
    /// What the triggers of foreign keys lock for each row is left out, and so is FOR UPDATE.
    pub(super) fn data(&mut self, verb: DataVerb, relations: &[WrittenName]) {
        let written = match verb {
            DataVerb::Select => LockMode::AccessShare,
            DataVerb::Insert | DataVerb::Update | DataVerb::Delete | DataVerb::Copy => {
                LockMode::RowExclusive
            }
            DataVerb::Truncate => LockMode::AccessExclusive,
            DataVerb::Lock => {
                self.unsure(Why::new("the mode of LOCK is not read"));
                LockMode::AccessShare
            }
        };
        let all = matches!(verb, DataVerb::Truncate | DataVerb::Lock);
        let named: Vec<RelationName> = relations
            .iter()
            .enumerate()
            .map(|(position, relation)| {
                let is_written = position == 0 || all;
                let mode = if is_written {
                    written
                } else {
                    LockMode::AccessShare
                };
                let name = self.lock_written(relation, mode);
                // A row that is put in goes to one partition.
                if is_written && !matches!(verb, DataVerb::Insert | DataVerb::Copy) {
                    self.lock_partitions_of(&name, mode);
                }
                name
            })
            .collect();
        if verb == DataVerb::Truncate {
            self.doubt_references(&named);
        }
    }

    /// TRUNCATE is refused, or empties them, too, with CASCADE, where tables that it does not name reference one that
    /// it does (`heap_truncate_check_FKs`).
    fn doubt_references(&mut self, named: &[RelationName]) {
        for name in named {
            let before = self.before;
            let known = before.table_named(name).found();
            let others = known
                .into_iter()
                .flat_map(|known| known.referenced_by.iter());
            if let Some(other) = others.into_iter().find(|other| !named.contains(other)) {
                self.unsure(Why::new(format!(
                    "{other} references {name}: without CASCADE the server refuses, with it {other} is emptied, too"
                )));
            }
        }
    }
}
