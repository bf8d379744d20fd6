//! What was not analysed, told by operation: one operation sends several statements, and may be hard to follow in
//! several ways.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::django::operation::LocatedOperation;
use crate::history::History;
use crate::schema::Why;
use crate::source::Origin;

/// An operation, or a statement of a script, that replay could not follow, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissedOperation {
    pub place: Origin,
    /// The class of the operation, or the kind of statement.
    pub operation: Arc<str>,
    /// Each reason once, in the order in which they were met.
    pub whys: Vec<Why>,
}

/// In order of place.
pub fn missed_operations(history: &History) -> Vec<MissedOperation> {
    let noted = &history.not_analysed;
    let files: BTreeSet<&Path> = noted
        .iter()
        .map(|missed| missed.place.file.path())
        .collect();
    let mut operations: BTreeMap<&Path, Vec<&LocatedOperation>> = BTreeMap::new();
    for replayed in &history.migrations {
        let path = replayed.migration.file.path();
        if files.contains(path) {
            let known = operations.entry(path).or_default();
            for operation in &replayed.migration.operations {
                visit(operation, &mut |inner| known.push(inner));
            }
        }
    }
    let mut told: BTreeMap<Origin, MissedOperation> = BTreeMap::new();
    for missed in noted {
        let owner = operations
            .get(missed.place.file.path())
            .and_then(|known| innermost(known, &missed.place));
        let (place, class) = owner.map_or((&missed.place, &missed.operation), |owner| {
            (&owner.origin, &owner.class)
        });
        let operation = told
            .entry(place.clone())
            .or_insert_with(|| MissedOperation {
                place: place.clone(),
                operation: Arc::clone(class),
                whys: Vec::new(),
            });
        if !operation.whys.contains(&missed.why) {
            operation.whys.push(missed.why.clone());
        }
    }
    told.into_values().collect()
}

/// An operation and those inside it, the outer one first.
pub(super) fn visit<'a>(
    operation: &'a LocatedOperation,
    see: &mut dyn FnMut(&'a LocatedOperation),
) {
    see(operation);
    for inner in operation.inner() {
        visit(inner, see);
    }
}

fn innermost<'a>(
    operations: &[&'a LocatedOperation],
    place: &Origin,
) -> Option<&'a LocatedOperation> {
    let around = operations.iter().copied().filter(|operation| {
        let span = operation.origin.span;
        operation.origin.file.path() == place.file.path()
            && span.start <= place.span.start
            && place.span.end <= span.end
    });
    around.min_by_key(|operation| operation.origin.span.end - operation.origin.span.start)
}
