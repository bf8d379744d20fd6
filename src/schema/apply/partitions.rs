//! What partitioned tables and partitions refuse.

use super::{Application, Step, reject};
use crate::schema::{Build, Identifier, ObjectName, Partitioning, RelationName, SqlState};

impl Application {
    /// The columns of a partition are those of its parent, and change only with it (`ATExecDropColumn`,
    /// `ATPrepAlterColumnType` and `renameatt_internal` in `tablecmds.c`).
    pub(super) fn check_not_inherited(&self, table: &RelationName, column: &Identifier) -> Step {
        let Some(known) = self.schema.known_table(table) else {
            return Ok(());
        };
        let Partitioning::PartitionOf(parent) = &known.partitioning else {
            return Ok(());
        };
        if self.schema.column(parent, column).is_found() {
            let object = ObjectName::Column(table.clone(), column.clone());
            return reject(SqlState::InvalidTableDefinition, object);
        }
        Ok(())
    }

    /// Indexes of a partitioned table are neither built nor dropped CONCURRENTLY (`DefineIndex`, `RemoveRelations`).
    pub(super) fn check_build(&self, table: &RelationName, build: Build) -> Step {
        let known = self.schema.known_table(table);
        let is_partitioned =
            known.is_some_and(|known| matches!(known.partitioning, Partitioning::Partitioned(_)));
        if is_partitioned && build == Build::Concurrently {
            let object = ObjectName::Relation(table.clone());
            return reject(SqlState::FeatureNotSupported, object);
        }
        Ok(())
    }
}
