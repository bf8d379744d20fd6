//! Released migrations that do something else now.

use std::sync::Arc;

use super::Request;
use crate::django::migration::{Migration, Ownership};
use crate::django::python::{Python, Value, ValueKind};
use crate::history::{EditedMigration, difference};
use crate::lint::Problem;
use crate::source::SourceFile;

/// Compares the project's migrations with the revision that new is counted from.
pub(super) fn edited(
    migrations: &[Arc<Migration>],
    python: &Python,
    request: &Request<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<EditedMigration> {
    let own: Vec<&Arc<Migration>> = migrations
        .iter()
        .filter(|migration| migration.ownership == Ownership::Project)
        .collect();
    let paths: Vec<_> = own
        .iter()
        .map(|migration| migration.file.path().to_owned())
        .collect();
    let released = match request.newness.released(&paths) {
        Ok(released) => released,
        Err(error) => {
            problems.push(Problem::new(format!(
                "cannot compare migrations with their released form: {error}"
            )));
            return Vec::new();
        }
    };
    released
        .into_iter()
        .filter_map(|released| {
            let migration = own
                .iter()
                .find(|migration| migration.file.path() == released.path)?;
            let before = operations(python, &SourceFile::new(&released.path, released.text))?;
            let now = operations(python, &migration.file)?;
            let (place, difference) = difference(&before, &now, &migration.origin)?;
            Some(EditedMigration {
                key: migration.key.clone(),
                place,
                since: request.newness.basis.words.clone(),
                difference,
            })
        })
        .collect()
}

/// The items of `Migration.operations` of a text; `None` where they cannot be told.
fn operations(python: &Python, file: &Arc<SourceFile>) -> Option<Vec<Value>> {
    let module = python.module_of(file);
    let class = python.binding(&module, "Migration")?;
    let ValueKind::Class(class) = &class.kind else {
        return None;
    };
    Some(class.attribute("operations")?.items()?.to_vec())
}
