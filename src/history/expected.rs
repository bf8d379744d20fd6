//! The catalog that models would have, were all of them created in a database that holds no table of theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ModelsSide;
use crate::django::project_state::{ModelState, ProjectState};
use crate::django::schema_editor::{Database, SchemaEditor, Sent};
use crate::django::version::DjangoVersion;
use crate::schema::{Change, Identifier, Outcome, Rejection, Schema, Touches, WrittenName};
use crate::source::Origin;
use crate::sql::{self, Parameters, Reading, Statement};

/// `expected(ProjectState) -> Schema`: what the schema editor's `create_model` makes of every model in a
/// database that holds no table of theirs.
pub fn expected(state: ProjectState, empty: Schema, django: DjangoVersion) -> ModelsSide {
    let models: Vec<_> = state.models().cloned().collect();
    let mut database = ModelDatabase {
        schema: empty,
        tables_at: tables_at(&models),
        refused: Vec::new(),
    };
    if let Some(first) = models.first() {
        let mut editor =
            SchemaEditor::for_models(&mut database, &first.key.app_label, &first.origin, django);
        // A model whose table is not known would put all tables in doubt; it has no part in any comparison.
        for model in models.iter().filter(|model| model.own_table_name().is_ok()) {
            editor.create_model(&model.key, &state);
        }
        editor.finish();
    }
    ModelsSide {
        state,
        expected: database.schema,
        refused: database.refused,
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

/// A database of no history: of what ran only the end is kept, and what the server would refuse.
struct ModelDatabase {
    schema: Schema,
    /// Where each table is made: what is unreadable at a place touches that table at most.
    tables_at: BTreeMap<Origin, WrittenName>,
    refused: Vec<(Change, Rejection)>,
}

impl Database for ModelDatabase {
    fn execute(&mut self, sent: &Sent<'_>) {
        let why = |hole| sent.holes.why(hole);
        let reading = Reading {
            holes: &why,
            parameters: Parameters::None,
        };
        for statement in sql::read_with(sent.text, sent.map, reading) {
            for change in &statement.changes {
                let narrowed = self.narrowed(change, &statement);
                self.apply(narrowed.as_ref().unwrap_or(change));
            }
        }
    }

    fn catalog(&self) -> &Schema {
        &self.schema
    }
}

impl ModelDatabase {
    fn apply(&mut self, change: &Change) {
        match self.schema.apply(change) {
            Outcome::Rejected(rejection) => self.refused.push((change.clone(), rejection)),
            Outcome::Applied { .. } | Outcome::Skipped | Outcome::Unsure(_) => {}
        }
    }

    fn narrowed(&self, change: &Change, statement: &Statement) -> Option<Change> {
        let Change::Opaque {
            text,
            why,
            touches: Touches::Anything,
        } = change
        else {
            return None;
        };
        let table = self.tables_at.get(&statement.origin())?;
        Some(Change::Opaque {
            text: Arc::clone(text),
            why: why.clone(),
            touches: Touches::Relations(BTreeSet::from([table.clone()])),
        })
    }
}
