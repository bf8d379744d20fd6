//! Indexes: built and dropped while reads and writes go on.

use super::Remedy;
use crate::drift::Cause;
use crate::repair::{Repair, Step};
use crate::schema::{
    Build, Change, CreateIndex, Drop, DropBehavior, Identifier, IfExists, IfNotExists,
    IndexDefinition, TableDifference,
};

impl Remedy<'_> {
    pub(super) fn index(&self, part: &TableDifference) -> Vec<Repair> {
        match part {
            TableDifference::MissingIndex(name, index) => vec![self.in_step(Repair::new(
                "create-index",
                format!("Build the index `{name}` concurrently"),
                vec![self.create_index(name, &index.definition)],
            ))],
            TableDifference::ExtraIndex(name, _) => {
                vec![self.drops(
                    "drop-index",
                    format!("Drop the index `{name}` concurrently"),
                    self.drop_index(name),
                )]
            }
            TableDifference::Index { name, expected, .. } => vec![
                self.in_step(
                    Repair::new(
                        "rebuild-index",
                        format!("Build the index `{name}` anew, as its migration does"),
                        vec![
                            Step::Run(self.drop_index(name)),
                            self.create_index(name, &expected.definition),
                        ],
                    )
                    .warning("Between the two steps no index serves its queries."),
                ),
            ],
            TableDifference::IndexName { expected, actual } => vec![self.in_step(Repair::new(
                "rename-index",
                format!("Rename the index `{actual}` to `{expected}`"),
                vec![Step::Run(Change::RenameIndex {
                    index: self.beside(actual),
                    to: expected.clone(),
                    if_exists: IfExists::No,
                })],
            ))],
            TableDifference::InvalidIndex(name, index) => vec![self.in_step(Repair::new(
                "rebuild-index",
                format!("Drop the INVALID index `{name}` and build it again, concurrently"),
                vec![
                    Step::Run(self.drop_index(name)),
                    self.create_index(name, &index.definition),
                ],
            ))],
            _ => Vec::new(),
        }
    }

    /// What only the models ask for is written by `makemigrations`.
    pub(super) fn in_step(&self, repair: Repair) -> Repair {
        match self.difference.cause {
            Cause::Diverged(_) => self.restores(repair),
            Cause::Models | Cause::Pending(_) => {
                repair.warning("No migration has it: run `makemigrations`, too.")
            }
        }
    }

    pub(super) fn create_index(&self, name: &Identifier, definition: &IndexDefinition) -> Step {
        Step::Run(Change::CreateIndex(CreateIndex {
            name: Some(name.clone()),
            table: self.written(),
            definition: definition.clone(),
            build: Build::Concurrently,
            if_not_exists: IfNotExists::No,
        }))
    }

    fn drop_index(&self, name: &Identifier) -> Change {
        Change::DropIndex {
            drop: Drop {
                name: self.beside(name),
                if_exists: IfExists::No,
                behavior: DropBehavior::Restrict,
            },
            build: Build::Concurrently,
        }
    }
}
