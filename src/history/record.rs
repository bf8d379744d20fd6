//! The whole of what was read and replayed: what the rules judge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::django::graph::GraphProblem;
use crate::django::migration::{Migration, MigrationKey, Ownership};
use crate::django::operation::LocatedOperation;
use crate::django::project_state::{ModelKey, ProjectState};
use crate::django::version::DjangoVersion;
use crate::schema::{Change, Identifier, ObjectName, Rejection, Schema, Why};
use crate::source::{Origin, SourceFile};
use crate::sql::CutName;

use super::{ModelTable, Moment, OperationMoment};

/// A migration as it was replayed.
#[derive(Debug, Clone)]
pub struct ReplayedMigration {
    pub migration: Arc<Migration>,
    pub judged: Judged,
    /// For a judged migration every operation (those inside `SeparateDatabaseAndState` too); else none.
    pub operations: Vec<Arc<OperationMoment>>,
    /// For a judged migration every moment; else those that the server would refuse.
    pub moments: Box<[Moment]>,
    /// `reverse_sql`, run backwards from the catalog after its operation: those that the server would refuse.
    pub reverse_moments: Vec<Moment>,
    /// The catalog after its last statement.
    pub after: Schema,
    /// The catalog when its deployment had ended.
    pub deployed: Schema,
}

/// Whether event rules judge it: it is new in the sense of the basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Judged {
    New,
    Old,
}

/// What replay could not follow, for the summary: never "ok".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnalysed {
    pub place: Origin,
    /// The class of the operation, or the kind of statement.
    pub operation: Arc<str>,
    pub why: Why,
    pub ownership: Ownership,
}

/// What Django itself would refuse when it builds its state: a model or field that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateRefusal {
    pub place: Origin,
    pub operation: Arc<str>,
    pub why: Why,
    pub ownership: Ownership,
}

/// The whole of what was read and replayed.
#[derive(Debug, Clone)]
pub struct History {
    /// In the order of the graph, those of site-packages included.
    pub migrations: Vec<ReplayedMigration>,
    /// `.sql` files, each as one deployment.
    pub scripts: Vec<ReplayedScript>,
    /// The virtual catalog and Django's state after the last migration.
    pub end: Schema,
    pub end_state: ProjectState,
    /// What `models.py` says, and the catalog that these models would have; `None` where no models were read.
    pub models: Option<ModelsSide>,
    pub provenance: Provenance,
    /// Names that PostgreSQL cut, of objects that were created or renamed.
    pub cuts: Vec<Cut>,
    pub not_analysed: Vec<NotAnalysed>,
    pub state_refusals: Vec<StateRefusal>,
    /// Operations that were replayed, those of site-packages not counted.
    pub operations: usize,
    /// The labels of the project's own apps.
    pub own_apps: BTreeSet<Arc<str>>,
    /// The labels of those that have a migrations package, be it empty.
    pub migrated_apps: BTreeSet<Arc<str>>,
    /// The models of the project's own apps that have tables; beside a live database those of all installed apps.
    pub model_tables: Vec<ModelTable>,
    pub edited: Vec<EditedMigration>,
    pub graph_problems: Vec<GraphProblem>,
    /// The version whose statements the migrations were replayed with.
    pub django: DjangoVersion,
}

/// A migration that was released and does something else now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditedMigration {
    pub key: MigrationKey,
    /// The first operation that differs.
    pub place: Origin,
    /// The revision that holds the released form, in words.
    pub since: String,
    /// What differs, in words.
    pub difference: String,
}

impl History {
    /// Whether an app belongs to the project, not to a package that it uses.
    pub fn owns(&self, app_label: &str) -> bool {
        self.own_apps.contains(app_label)
    }

    /// Whether an app's tables are made by migrations; those of other apps are made by `run_syncdb`, or by hand.
    pub fn has_migrations(&self, app_label: &str) -> bool {
        self.migrated_apps.contains(app_label)
            || self
                .migrations
                .iter()
                .any(|migration| &*migration.migration.key.app_label == app_label)
    }

    /// The innermost operation of the project's migrations around a place.
    pub fn operation_at(&self, place: &Origin) -> Option<&LocatedOperation> {
        let is_around = |operation: &&LocatedOperation| {
            let span = operation.origin.span;
            operation.origin.file.path() == place.file.path()
                && span.start <= place.span.start
                && place.span.end <= span.end
        };
        let migrations = self.migrations.iter();
        let mut around = migrations
            .flat_map(|replayed| &replayed.migration.operations)
            .find(is_around)?;
        while let Some(inner) = around.inner().into_iter().find(is_around) {
            around = inner;
        }
        Some(around)
    }

    /// Whether the migrations' own state has a field with this column: then Django knows the column.
    pub fn state_has_column(&self, model: &ModelKey, column: &Identifier) -> bool {
        if self.end_state.doubt(&model.app_label).is_some() {
            return false;
        }
        self.end_state.local_fields(model).is_ok_and(|fields| {
            fields.iter().any(|(name, field)| {
                matches!(field.column(name), Ok(Some(known)) if Identifier::quoted(&known) == *column)
            })
        })
    }
}

#[derive(Debug, Clone)]
pub struct ReplayedScript {
    pub file: Arc<SourceFile>,
    pub judged: Judged,
    pub moments: Vec<Moment>,
    pub deployed: Schema,
}

/// One migration or script: what it did, in order, and what its deployment left.
#[derive(Debug, Clone, Copy)]
pub struct Replayed<'a> {
    pub moments: &'a [Moment],
    /// The catalog when its deployment had ended.
    pub deployed: &'a Schema,
}

impl<'a> From<&'a ReplayedMigration> for Replayed<'a> {
    fn from(migration: &'a ReplayedMigration) -> Self {
        Self {
            moments: &migration.moments,
            deployed: &migration.deployed,
        }
    }
}

impl<'a> From<&'a ReplayedScript> for Replayed<'a> {
    fn from(script: &'a ReplayedScript) -> Self {
        Self {
            moments: &script.moments,
            deployed: &script.deployed,
        }
    }
}

#[derive(Debug, Clone)]
pub struct ModelsSide {
    pub state: ProjectState,
    pub expected: Schema,
    /// What the server would refuse if all models were created in an empty database.
    pub refused: Vec<(Change, Rejection)>,
}

/// A name that was cut, and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub name: CutName,
    pub place: Origin,
    pub ownership: Ownership,
}

/// Who created what, where: for labels ("the column comes from here").
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    created: BTreeMap<ObjectName, Creation>,
}

/// The creation of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    pub origin: Origin,
    pub author: Author,
}

/// Who asked for an object: what only SQL asked for, Django is not meant to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Author {
    Django,
    Sql,
}

impl Provenance {
    pub fn of(&self, object: &ObjectName) -> Option<&Origin> {
        self.creation(object).map(|creation| &creation.origin)
    }

    pub fn creation(&self, object: &ObjectName) -> Option<&Creation> {
        self.created.get(object)
    }

    pub(super) fn insert(&mut self, object: ObjectName, creation: Creation) {
        self.created.insert(object, creation);
    }

    pub(super) fn rename(&mut self, from: &ObjectName, to: ObjectName) {
        if let Some(creation) = self.created.remove(from) {
            self.created.insert(to, creation);
        }
    }
}
