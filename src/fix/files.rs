//! The files of a repair: edits and new migrations, shown or written.

use crate::repair::{
    EditError, FileEdit, LeafMigration, MigrationError, Options, Plan, Repair, edited, to_django,
};
use crate::schema::Schema;
use crate::source::{self, WriteError};

/// What carries repairs to every database of the project.
#[derive(Debug, Clone)]
pub struct Files<'a> {
    /// In the order in which they are written.
    pub files: Vec<FileEdit>,
    /// Repairs that no file of the project carries: their migrations belong to a package, or nothing tells which.
    pub not_carried: Vec<&'a Repair>,
}

/// Why the files of a repair cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    #[error(transparent)]
    Migration(#[from] MigrationError),
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl<'a> Files<'a> {
    /// The edits of a plan and the migrations of its repairs. `before` is the schema that the plan starts from, `leaves`
    /// those of the project's own apps.
    ///
    /// # Errors
    /// When two edits are in each other's way, or a migration cannot be written.
    pub fn of(
        (plan, repairs): (&Plan, &[&'a Repair]),
        before: &Schema,
        leaves: &[LeafMigration],
        options: &Options,
    ) -> Result<Self, FilesError> {
        let has_leaf = |repair: &Repair| {
            let label = repair.delivery.as_ref().map(|known| &known.app_label);
            label.is_some_and(|label| leaves.iter().any(|leaf| leaf.app_label == *label))
        };
        let (carried, rest): (Vec<&Repair>, Vec<&'a Repair>) =
            repairs.iter().partition(|repair| has_leaf(repair));
        let migrations = to_django(&carried, before, leaves, options)?;
        let mut files: Vec<FileEdit> = migrations
            .into_iter()
            .map(|file| FileEdit::new_file(file.path, file.text))
            .collect();
        files.extend(edited(&plan.edits)?);
        let not_carried = rest
            .into_iter()
            .filter(|repair| !repair.is_edit_alone())
            .collect();
        Ok(Self { files, not_carried })
    }

    /// A unified diff of all of them.
    pub fn diff(&self) -> String {
        self.files.iter().map(FileEdit::diff).collect()
    }

    /// Writes them: all, or none.
    ///
    /// # Errors
    /// When one cannot be written; those before it are as they were, then.
    pub fn write(&self) -> Result<(), WriteError> {
        for (file, position) in self.files.iter().zip(0..) {
            let written = match &file.before {
                Some(before) => source::replace(&file.path, before, &file.after),
                None => source::create(&file.path, &file.after),
            };
            if let Err(error) = written {
                for earlier in self.files.iter().take(position) {
                    // The first reason is the one to tell; a file that somebody changed meanwhile is theirs.
                    drop(put_back(earlier));
                }
                return Err(error);
            }
        }
        Ok(())
    }
}

fn put_back(file: &FileEdit) -> Result<(), WriteError> {
    match &file.before {
        Some(before) => source::replace(&file.path, &file.after, before),
        None => source::remove(&file.path, &file.after),
    }
}
