//! The other half of a finding: the model's line for a finding in a migration, the migration's for one in a model.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use rustc_hash::FxHashSet;

use super::{Finding, Label, Place, Subject};
use crate::history::{History, ModelTable};
use crate::schema::{Identifier, ObjectName, RelationName};
use crate::source::Origin;

/// Both halves of a project, by file and by table.
pub(super) struct Halves<'a> {
    history: &'a History,
    /// By their paths as they are written: all come from one listing.
    migrations: FxHashSet<&'a OsStr>,
    models: BTreeMap<&'a RelationName, &'a ModelTable>,
}

impl<'a> Halves<'a> {
    pub(super) fn of(history: &'a History) -> Self {
        let files = history.migrations.iter();
        let tables = history.model_tables.iter().rev();
        Self {
            history,
            migrations: files
                .map(|replayed| replayed.migration.file.path().as_os_str())
                .collect(),
            models: tables.map(|model| (&model.table, model)).collect(),
        }
    }

    /// Labels a finding with the related place, where its rule has not named one.
    pub(super) fn relate(&self, finding: &mut Finding) {
        let (Place::Source(at), Some(Subject::Object(object))) = (&finding.place, &finding.object)
        else {
            return;
        };
        if !finding.labels.is_empty() {
            return;
        }
        let related = if self.migrations.contains(at.file.path().as_os_str()) {
            self.declared(object)
        } else {
            self.created(object)
        };
        if let Some((origin, text)) = related
            && origin.file.path() != at.file.path()
        {
            finding.labels.push(Label {
                place: Place::Source(origin.clone()),
                text: text.to_owned(),
            });
        }
    }

    /// The field of a column, else the class of the table's model; with words for it.
    fn declared(&self, object: &ObjectName) -> Option<Related<'a>> {
        let (table, column) = parts(object)?;
        let model = self.models.get(table)?;
        let field = column.and_then(|column| {
            let mut columns = model.columns.iter();
            columns.find(|known| known.column == *column)
        });
        Some(match field {
            Some(known) => (&known.field.origin, "as the model has it now"),
            None => (&model.model.origin, "the model of this table"),
        })
    }

    fn created(&self, object: &ObjectName) -> Option<Related<'a>> {
        let provenance = &self.history.provenance;
        if let Some(origin) = provenance.of(object) {
            return Some((origin, "created here"));
        }
        let (table, _) = parts(object)?;
        let origin = provenance.of(&ObjectName::Relation(table.clone()))?;
        Some((origin, "the table was created here"))
    }
}

/// A place, and what stands there.
type Related<'a> = (&'a Origin, &'static str);

fn parts(object: &ObjectName) -> Option<(&RelationName, Option<&Identifier>)> {
    match object {
        ObjectName::Relation(table) | ObjectName::Constraint(table, _) => Some((table, None)),
        ObjectName::Column(table, column) => Some((table, Some(column))),
        ObjectName::Schema(_) | ObjectName::Index(_) | ObjectName::Type(_) => None,
    }
}
