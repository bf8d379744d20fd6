//! Operations as the SQL that Django sends: `BaseDatabaseSchemaEditor` and its PostgreSQL subclass without Django.
//!
//! Statement by statement, as Django asks the catalog for names in between. What follows Django's own functions bears
//! their names; sources are `django/db/backends/base/schema.py`, `db/backends/postgresql/schema.py` and
//! `db/migrations/operations/` of 4.2, 5.2 and 6.0.

mod alter_field;
mod alter_type;
mod altered_parts;
mod backwards;
mod column_sql;
mod constraint_operations;
mod constraints;
mod dialect;
mod exclusion;
mod fields;
mod holes;
mod index_clauses;
mod index_operations;
mod indexes;
mod introspection;
mod kept_default;
mod model;
mod postgres;
mod relations;
mod run_sql;
mod tables;
mod template;
mod through_model;

use std::rc::Rc;
use std::sync::Arc;

pub use backwards::{Irreversible, unapplied};
pub use holes::Holes;
pub use kept_default::kept_default;

use self::dialect::Dialect;
use self::model::{Model, Models};
use self::template::Template;
use super::expressions::quote_name;
use super::migration::Migration;
use super::operation::{LocatedOperation, Operation};
use super::project_state::{ModelKey, ProjectState};
use super::version::DjangoVersion;
use crate::schema::{Schema, Why};
use crate::source::{Origin, SourceMap};

/// Where statements go, and what Django may ask: the live database, or a replay of it.
pub trait Database {
    /// Runs one string as Django hands it to the cursor.
    fn execute(&mut self, sent: &Sent<'_>);

    /// The catalog after all that ran so far.
    fn catalog(&self) -> &Schema;
}

/// One string on its way to the server.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    pub text: &'a str,
    /// The way back: to the operation, or into the literal of a RunSQL.
    pub map: &'a SourceMap,
    /// Why the holes in the text could not be known.
    pub holes: &'a Holes,
    pub nature: Nature,
}

/// What a text that an editor sends stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A statement that Django sends; there may be holes in it.
    Statement,
    /// Whatever Django may send where that is not known: it tells the reader what is in doubt from here on.
    Doubt,
}

/// Writes the SQL of one migration.
pub struct SchemaEditor<'a> {
    database: &'a mut dyn Database,
    app_label: Arc<str>,
    dialect: Dialect,
    holes: Rc<Holes>,
    deferred: Vec<Deferred>,
    /// The operation whose SQL is written.
    origin: Origin,
}

/// What an editor keeps between two operations of one migration.
#[derive(Debug, Default)]
pub struct Paused {
    holes: Rc<Holes>,
    deferred: Vec<Deferred>,
}

/// A statement for the end of the migration.
#[derive(Debug, Clone)]
struct Deferred {
    template: Template,
    nature: Nature,
    /// The operation that queued it.
    origin: Origin,
}

impl<'a> SchemaEditor<'a> {
    /// An editor for the operations of one migration.
    pub fn new(
        database: &'a mut dyn Database,
        migration: &Migration,
        django: DjangoVersion,
    ) -> Self {
        Self {
            database,
            app_label: Arc::clone(&migration.key.app_label),
            dialect: Dialect(django),
            holes: Rc::default(),
            deferred: Vec::new(),
            origin: migration.origin.clone(),
        }
    }

    /// An editor for models that no migration makes: what `create_model` would give.
    pub fn for_models(
        database: &'a mut dyn Database,
        app_label: &str,
        origin: &Origin,
        django: DjangoVersion,
    ) -> Self {
        Self {
            database,
            app_label: app_label.into(),
            dialect: Dialect(django),
            holes: Rc::default(),
            deferred: Vec::new(),
            origin: origin.clone(),
        }
    }

    /// Sends what an operation sends at once, and queues the rest (`database_forwards`).
    ///
    /// `from` and `to` are the states before and after it. `RunPython` sends nothing here.
    pub fn operation(
        &mut self,
        located: &LocatedOperation,
        from: &ProjectState,
        to: &ProjectState,
    ) {
        let outer = std::mem::replace(&mut self.origin, located.origin.clone());
        let states = States {
            from: self.models(from),
            to: self.models(to),
        };
        self.dispatch(&located.operation, &states);
        self.origin = outer;
    }

    /// Creates the table of a model and all that belongs to it.
    pub fn create_model(&mut self, key: &ModelKey, state: &ProjectState) {
        if let Some(model) = state.model(key) {
            self.origin = model.origin.clone();
        }
        let models = self.models(state);
        if self.migrates(&models, key) {
            let model = models.model(key);
            self.create_table(&models, &model);
        }
    }

    /// The editor of a migration that was paused between two operations.
    pub fn resume(
        database: &'a mut dyn Database,
        migration: &Migration,
        django: DjangoVersion,
        paused: Paused,
    ) -> Self {
        Self {
            holes: paused.holes,
            deferred: paused.deferred,
            ..Self::new(database, migration, django)
        }
    }

    /// Lets go of the database between two operations.
    pub fn pause(self) -> Paused {
        Paused {
            holes: self.holes,
            deferred: self.deferred,
        }
    }

    /// Sends what is still queued: the end of the migration (`__exit__`).
    pub fn finish(mut self) {
        for deferred in std::mem::take(&mut self.deferred) {
            let map = SourceMap::generated(deferred.origin);
            let text = deferred.template.render();
            let text = if self.dialect.doubles_percent() {
                // Run with an empty list of parameters, what was doubled is single again.
                text.replace("%%", "%")
            } else {
                text
            };
            self.send_as(deferred.nature, &text, &map);
        }
    }

    fn dispatch(&mut self, operation: &Operation, states: &States<'_>) {
        match operation {
            Operation::AddField { .. }
            | Operation::RemoveField { .. }
            | Operation::AlterField { .. }
            | Operation::RenameField { .. } => self.field_operation(operation, states),
            Operation::AddIndex { .. }
            | Operation::RemoveIndex { .. }
            | Operation::RenameIndex { .. } => self.index_operation(operation, states),
            Operation::AddConstraint { .. }
            | Operation::RemoveConstraint { .. }
            | Operation::ValidateConstraint { .. } => self.constraint_operation(operation, states),
            Operation::CreateExtension { .. }
            | Operation::CreateCollation(_)
            | Operation::RemoveCollation(_) => self.postgres_operation(operation),
            Operation::CreateModel(create) => self.create_model_operation(&create.name, states),
            Operation::DeleteModel { name } => self.delete_model(name, states),
            Operation::RenameModel { old_name, new_name } => {
                self.rename_model(old_name, new_name, states);
            }
            Operation::AlterModelTable { name, .. } => self.alter_model_table(name, states),
            Operation::AlterModelTableComment { name, .. } => {
                self.alter_table_comment(name, states);
            }
            Operation::AlterUniqueTogether { name, .. } => self.alter_unique_together(name, states),
            Operation::AlterIndexTogether { name, .. } => self.alter_index_together(name, states),
            Operation::AlterOrderWithRespectTo { name, .. } => self.alter_order(name, states),
            Operation::RunSql { sql, .. } => self.run_sql(sql),
            Operation::SeparateDatabaseAndState {
                database_operations,
                ..
            } => self.database_operations(database_operations, states),
            Operation::AlterModelOptions { .. }
            | Operation::AlterModelManagers { .. }
            | Operation::AlterConstraint { .. }
            | Operation::RunPython { .. }
            | Operation::NotAnalysed { .. } => {}
            Operation::Conditional { operation, .. } => self.dispatch(&operation.operation, states),
        }
    }

    fn field_operation(&mut self, operation: &Operation, states: &States<'_>) {
        match operation {
            Operation::AddField {
                model_name,
                name,
                field,
                ..
            } => self.add_field(model_name, (name, Some(field)), states),
            Operation::RemoveField { model_name, name } => {
                self.remove_field(model_name, name, states);
            }
            Operation::AlterField {
                model_name,
                name,
                field,
                ..
            } => self.alter_field(model_name, (name, name, Some(field)), states),
            Operation::RenameField {
                model_name,
                old_name,
                new_name,
            } => self.alter_field(model_name, (old_name, new_name, None), states),
            _ => {}
        }
    }

    fn models<'s>(&self, state: &'s ProjectState) -> Models<'s> {
        Models {
            state,
            holes: Rc::clone(&self.holes),
            version: self.dialect.0,
        }
    }

    fn key(&self, name: &str) -> ModelKey {
        ModelKey::new(&self.app_label, name)
    }

    /// Whether the operations of a model send SQL: it is managed, no proxy and not swapped out
    /// (`allow_migrate_model`). Where that is not known, its table is in doubt.
    fn migrates(&mut self, models: &Models<'_>, key: &ModelKey) -> bool {
        match models.state.has_table(key) {
            Ok(has) => has,
            Err(why) => {
                let table = models.table(key);
                self.doubt(&table, &why);
                false
            }
        }
    }

    /// Sends a statement that no reader can follow but for its table: what stands there may have changed.
    fn doubt(&mut self, table: &str, why: &Why) {
        let hole = self.holes.text(why);
        self.execute_doubt(&format!("ALTER TABLE {} {hole}", quote_name(table)));
    }

    /// Sends an ADD COLUMN of which nothing is known but the table: what stands there stays.
    fn grow(&mut self, table: &str, why: &Why) {
        let hole = self.holes.text(why);
        let table = quote_name(table);
        self.execute_doubt(&format!("ALTER TABLE {table} ADD COLUMN {hole} {hole}"));
    }

    /// As [`Self::doubt`], at the end of the migration.
    fn defer_unread(&mut self, model: &Model, why: &Why) {
        let hole = self.holes.text(why);
        let table = Template::default().text("ALTER TABLE ").table(&model.table);
        self.defer_as(Nature::Doubt, table.text(format!(" {hole}")));
    }

    /// The same for each part of a model that could not be read.
    fn doubt_unread_parts(&mut self, model: &Model) {
        if let Some(why) = &model.doubt {
            self.doubt(&model.table, why);
        }
        if let Some(why) = model.unread_field() {
            self.grow(&model.table, why);
        }
    }

    /// Sends a text of the operation that runs.
    fn execute(&mut self, text: &str) {
        let map = SourceMap::generated(self.origin.clone());
        self.send(text, &map);
    }

    fn execute_doubt(&mut self, text: &str) {
        let map = SourceMap::generated(self.origin.clone());
        self.send_as(Nature::Doubt, text, &map);
    }

    fn execute_template(&mut self, template: &Template) {
        self.execute(&template.render());
    }

    fn send(&mut self, text: &str, map: &SourceMap) {
        self.send_as(Nature::Statement, text, map);
    }

    fn send_as(&mut self, nature: Nature, text: &str, map: &SourceMap) {
        self.database.execute(&Sent {
            text,
            map,
            holes: &self.holes,
            nature,
        });
    }

    fn defer(&mut self, template: Template) {
        self.defer_as(Nature::Statement, template);
    }

    fn defer_as(&mut self, nature: Nature, template: Template) {
        self.deferred.push(Deferred {
            template,
            nature,
            origin: self.origin.clone(),
        });
    }

    /// Takes out of the queue what a predicate names.
    fn discard(&mut self, gone: impl Fn(&Template) -> bool) {
        self.deferred.retain(|deferred| !gone(&deferred.template));
    }
}

/// The models before and after an operation.
struct States<'s> {
    from: Models<'s>,
    to: Models<'s>,
}
