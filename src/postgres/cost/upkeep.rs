//! The cost of what the schema does not model: COMMENT, VACUUM, storage parameters, owners, row security.
//!
//! Lock modes: `AlterTableGetLockLevel` in `tablecmds.c`, `reloptions.c`, and the pages of the statements.

use super::{Costing, LockMode, RewriteReason, TransactionBlock};
use crate::schema::{Relation, RelationName, Why, WrittenName};

impl Costing<'_> {
    pub(super) fn no_effect(&mut self, what: &str, relations: &[WrittenName]) {
        let mut words = what.split_whitespace();
        let words: [&str; 3] = std::array::from_fn(|_| words.next().unwrap_or_default());
        for relation in relations {
            match words {
                ["ALTER", "TABLE", action] => self.alter_table(relation, (what, action)),
                ["ALTER", "VIEW" | "MATERIALIZED", _] => {
                    self.lock_written(relation, LockMode::AccessExclusive);
                }
                ["ALTER", "INDEX", "SET" | "RESET"] => {
                    self.lock_written(relation, LockMode::ShareUpdateExclusive);
                }
                ["ALTER", "INDEX", action] => {
                    self.unsure(Why::new(format!("what ALTER INDEX {action} locks")));
                }
                ["COMMENT" | "ANALYZE" | "ANALYSE", ..] | ["CREATE", "STATISTICS", ..] => {
                    self.lock_written(relation, LockMode::ShareUpdateExclusive);
                }
                ["VACUUM", ..] => self.vacuum(relation),
                ["CLUSTER", ..] => self.written_anew(relation, LockMode::AccessExclusive),
                ["REINDEX", ..] => self.reindex(relation),
                ["REFRESH", ..] => {
                    self.unsure(Why::new("whether it says CONCURRENTLY"));
                    self.written_anew(relation, LockMode::Exclusive);
                }
                ["CREATE" | "ALTER" | "DROP", "POLICY" | "RULE", _] => {
                    self.lock_written(relation, LockMode::AccessExclusive);
                }
                ["ALTER", "TRIGGER", _] => {
                    self.lock_written(relation, LockMode::AccessExclusive);
                }
                ["GRANT" | "REVOKE", ..] => {}
                _ => self.unsure(Why::new(format!("what {what} locks"))),
            }
        }
        self.without_relations(words, what);
    }

    /// What holds of one relation and of all alike.
    fn without_relations(&mut self, words: [&str; 3], what: &str) {
        match words {
            ["VACUUM", ..] => self.cost.transaction = TransactionBlock::Refused,
            // The tables that have the domain are read under a SHARE lock; those that are published take SHARE UPDATE
            // EXCLUSIVE.
            ["ALTER", "DOMAIN", ..] | ["CREATE" | "ALTER", "PUBLICATION", ..] => {
                self.unsure(Why::new(format!("which tables {what} locks")));
            }
            _ => {}
        }
    }

    /// An action without an entry here takes what ALTER TABLE takes "unless explicitly noted" in its documentation.
    fn alter_table(&mut self, table: &WrittenName, (what, action): (&str, &str)) {
        let action = match action {
            "SET" => what.trim_start_matches("ALTER TABLE ").trim(),
            other => other,
        };
        match action {
            // Storage parameters; but for `user_catalog_table`, which nobody sets.
            "SET" | "RESET" | "CLUSTER" | "SET WITHOUT CLUSTER" => {
                self.lock_written(table, LockMode::ShareUpdateExclusive);
            }
            "ENABLE" | "DISABLE" => {
                self.unsure(Why::new(
                    "whether it is about triggers, whose lock is SHARE ROW EXCLUSIVE",
                ));
                self.lock_written(table, LockMode::ShareRowExclusive);
            }
            "SET LOGGED" | "SET UNLOGGED" => self.written_anew(table, LockMode::AccessExclusive),
            "SET ACCESS METHOD" | "SET TABLESPACE" => {
                self.unsure(Why::new("whether the table is stored so already"));
                self.written_anew(table, LockMode::AccessExclusive);
            }
            _ => {
                self.lock_written(table, LockMode::AccessExclusive);
            }
        }
    }

    fn written_anew(&mut self, relation: &WrittenName, mode: LockMode) {
        let name = self.lock_written(relation, mode);
        self.rewrite(&name, RewriteReason::Asked);
    }

    /// VACUUM FULL copies the table, and its indexes are built again.
    fn vacuum(&mut self, relation: &WrittenName) {
        self.unsure(Why::new(
            "whether it says FULL, which writes the table anew",
        ));
        self.written_anew(relation, LockMode::ShareUpdateExclusive);
    }

    /// Of CONCURRENTLY nothing is known: what is told of locks is what it takes then.
    fn reindex(&mut self, written: &WrittenName) {
        self.unsure(Why::new("whether it says CONCURRENTLY"));
        let name = self.before.resolve(written);
        let before = self.before;
        match before.relation_named(&name).found() {
            Some(Relation::Index(index)) => {
                self.lock(index.table.clone(), LockMode::ShareUpdateExclusive);
                self.build(name);
            }
            Some(Relation::Table(_) | Relation::View(_)) => {
                self.lock(name.clone(), LockMode::ShareUpdateExclusive);
                let indexes: Vec<RelationName> =
                    before.indexes_of(&name).map(|(index, _)| index).collect();
                for index in indexes {
                    self.build(index);
                }
            }
            Some(Relation::Sequence(_)) | None => {}
        }
    }
}

/// Objects that stand apart from every table.
const APART: [&str; 20] = [
    "ACCESS",
    "AGGREGATE",
    "CAST",
    "COLLATION",
    "CONVERSION",
    "DATABASE",
    "EVENT",
    "FUNCTION",
    "GROUP",
    "LANGUAGE",
    "OPERATOR",
    "PROCEDURAL",
    "PROCEDURE",
    "ROLE",
    "ROUTINE",
    "SERVER",
    "TABLESPACE",
    "TEXT",
    "TRANSFORM",
    "USER",
];

/// Whether a statement that changes nothing of what the schema models may lock a table all the same, as CREATE POLICY
/// and CREATE STATISTICS do.
pub(super) fn may_lock(text: &str) -> bool {
    let mut words = text.split_whitespace().map(str::to_ascii_uppercase);
    let verb = words.next().unwrap_or_default();
    let mut words = words.skip_while(|word| ["OR", "REPLACE", "TRUSTED"].contains(&word.as_str()));
    let kind = words.next().unwrap_or_default();
    let makes_a_type = verb == "CREATE" && ["DOMAIN", "TYPE"].contains(&kind.as_str());
    ["CREATE", "ALTER", "DROP"].contains(&verb.as_str())
        && !makes_a_type
        && !APART.contains(&kind.as_str())
}
