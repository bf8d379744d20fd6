//! The models' half: the catalog that `models.py` would have, beside the one that migrations leave.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::django::graph::GraphProblem;
use crate::django::project_state::ProjectState;
use crate::schema::Schema;

use super::{EditedMigration, ModelTable, ModelsSide, join_tables, model_tables};

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
