//! Indexes: built and dropped while reads and writes go on.

use super::Remedy;
use crate::repair::{Repair, Step};
use crate::schema::{
    Build, Change, CreateIndex, Drop, DropBehavior, Identifier, IfExists, IfNotExists,
    IndexDefinition, TableDifference,
};

impl Remedy<'_> {
    pub(super) fn index(&self, part: &TableDifference) -> Vec<Repair> {
        vec![match part {
            TableDifference::MissingIndex(name, index) => {
                self.declared(name, self.built(name, &index.definition))
            }
            TableDifference::ExtraIndex(name, _) => self.drops(
                "drop-index",
                format!("Drop the index `{name}` concurrently"),
                self.drop_index(name),
            ),
            TableDifference::Index { name, expected, .. } => self.restores(self.rebuilt(
                name,
                format!("Build the index `{name}` anew, as its migration does"),
                &expected.definition,
            )),
            TableDifference::InvalidIndex(name, index) => self.restores(self.rebuilt(
                name,
                format!("Drop the INVALID index `{name}` and build it again, concurrently"),
                &index.definition,
            )),
            TableDifference::IndexName { expected, actual } => {
                self.restores(self.renamed_index(actual, expected))
            }
            _ => return Vec::new(),
        }]
    }

    fn built(&self, name: &Identifier, definition: &IndexDefinition) -> Repair {
        let title = format!("Build the index `{name}` concurrently");
        Repair::new(
            "create-index",
            title,
            vec![self.create_index(name, definition)],
        )
    }

    fn rebuilt(&self, name: &Identifier, title: String, definition: &IndexDefinition) -> Repair {
        let steps = vec![
            Step::Run(self.drop_index(name)),
            self.create_index(name, definition),
        ];
        Repair::new("rebuild-index", title, steps)
            .warning("Between the two steps no index serves its queries.")
    }

    fn renamed_index(&self, from: &Identifier, to: &Identifier) -> Repair {
        let rename = Change::RenameIndex {
            index: self.beside(from),
            to: to.clone(),
            if_exists: IfExists::No,
        };
        let title = format!("Rename the index `{from}` to `{to}`");
        Repair::new("rename-index", title, vec![Step::Run(rename)])
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
