//! The models' half: the catalog that `models.py` would have, beside the one that migrations leave.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::django::graph::GraphProblem;
use crate::django::migration::Ownership;
use crate::django::project_state::{ModelState, ProjectState};
use crate::django::schema_editor::SchemaEditor;
use crate::django::version::DjangoVersion;
use crate::postgres::Version;
use crate::schema::{Identifier, Schema, WrittenName};
use crate::source::Origin;

use super::session::{Chronicle, Session};
use super::{
    Cause, CreatedHere, Direction, EditedMigration, Judged, ModelTable, ModelsSide,
    TransactionContext, join_tables, model_tables,
};

/// What is known of the project beside its migrations.
#[derive(Debug, Clone, Default)]
pub struct ProjectSide {
    /// The labels of the project's own apps.
    pub own_apps: BTreeSet<Arc<str>>,
    /// The labels of all installed apps, where their tables are compared with a live database.
    pub compared_apps: Option<BTreeSet<Arc<str>>>,
    /// The labels of those that have a migrations package, be it empty: Django then makes no table by itself.
    pub migrated_apps: BTreeSet<Arc<str>>,
    /// `None` where no models were read.
    pub models: Option<ModelsSide>,
    pub edited: Vec<EditedMigration>,
    pub graph_problems: Vec<GraphProblem>,
}

impl ProjectSide {
    /// The models of the project's own apps, or of all that are compared, that have tables: as the models say, and for an app whose models were
    /// not found as its migrations say.
    pub(super) fn model_tables(&self, migrated: &ProjectState, end: &Schema) -> Vec<ModelTable> {
        let apps = self.compared_apps.as_ref().unwrap_or(&self.own_apps);
        let Some(models) = &self.models else {
            let mut tables = model_tables(migrated, migrated, apps, end);
            tables.extend(join_tables(migrated, apps, end));
            return tables;
        };
        let (read, unread): (BTreeSet<Arc<str>>, BTreeSet<Arc<str>>) =
            apps.iter().cloned().partition(|app| {
                models
                    .state
                    .models()
                    .any(|model| model.key.app_label == *app)
            });
        let mut tables = model_tables(&models.state, migrated, &read, end);
        tables.extend(model_tables(migrated, migrated, &unread, end));
        tables.extend(join_tables(&models.state, &read, end));
        tables.extend(join_tables(migrated, &unread, end));
        tables
    }
}

/// The table of the model that stands at each place.
fn tables_at(models: &[Arc<ModelState>]) -> BTreeMap<Origin, WrittenName> {
    models
        .iter()
        .filter_map(|model| {
            let table = model.own_table_name().ok()?;
            let table = WrittenName::bare(Identifier::quoted(&table));
            Some((model.origin.clone(), table))
        })
        .collect()
}

/// `expected(ProjectState) -> Schema`: what the schema editor's `create_model` makes of every model in an
/// database that holds no table of theirs.
pub fn expected(
    state: ProjectState,
    empty: Schema,
    django: DjangoVersion,
    postgres: Version,
) -> ModelsSide {
    let mut chronicle = Chronicle::new(empty, postgres);
    let created = Arc::new(CreatedHere::begin(&chronicle.schema, &state));
    let models: Vec<_> = state.models().cloned().collect();
    let mut session = Session {
        chronicle: &mut chronicle,
        judged: Judged::Old,
        ownership: Ownership::Project,
        transaction: TransactionContext::Block,
        direction: Direction::Forward,
        cause: Cause::Sql { migration: None },
        condition: None,
        tables_at: tables_at(&models),
        created,
        misplaced: None,
        moments: Vec::new(),
        operations: Vec::new(),
        recorder: None,
    };
    if let Some(first) = models.first() {
        let mut editor =
            SchemaEditor::for_models(&mut session, &first.key.app_label, &first.origin, django);
        // A model whose table is not known would put all tables in doubt; it has no part in any comparison.
        for model in models.iter().filter(|model| model.own_table_name().is_ok()) {
            editor.create_model(&model.key, &state);
        }
        editor.finish();
    }
    let refused = std::mem::take(&mut session.moments);
    ModelsSide {
        state,
        expected: chronicle.schema,
        refused,
    }
}
