//! Whole tables and views: those that are missing, and those of nobody.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cause, Difference, Hurt, Made, NotCompared, Sides, Table, What};
use crate::history::ModelTable;
use crate::schema::{Lookup, ObjectName, Relation, RelationName, Schema, ViewKind, Why};

impl Table<'_> {
    /// The table is not in the database: missing, or still to come.
    pub(super) fn whole_table(&self) -> Option<Difference> {
        let sides = self.sides;
        // A view may stand in its place.
        if !sides.database.relation_named(self.name).is_absent() {
            return None;
        }
        let was_made = sides.recorded.table_named(self.name).is_found();
        if was_made {
            let made = self.made(&ObjectName::Relation(self.name.clone()));
            return Some(self.difference(What::MissingTable, Cause::Diverged(made)));
        }
        if let Some(key) = self.brought_by(|schema| schema.table_named(self.name).is_found()) {
            return Some(self.difference(What::MissingTable, Cause::Pending(key)));
        }
        let migrated =
            |model: &&&ModelTable| sides.history.has_migrations(&model.model.key.app_label);
        self.models.iter().find(migrated)?;
        let end = sides.history.end.table_named(self.name);
        end.is_absent()
            .then(|| self.difference(What::MissingTable, Cause::Models))
    }

    /// The first migration that is not applied after which something holds.
    pub(super) fn brought_by(
        &self,
        holds: impl Fn(&Schema) -> bool,
    ) -> Option<crate::django::migration::MigrationKey> {
        self.sides
            .unapplied_migrations()
            .find(|migration| holds(&migration.after))
            .map(|migration| migration.migration.key.clone())
    }

    /// The first migration that is not applied after which a difference does not stand any more: certainly, and not
    /// because something unreadable came in between.
    pub(super) fn mended_by(
        &self,
        stands: impl Fn(&Schema) -> bool,
    ) -> Option<crate::django::migration::MigrationKey> {
        self.brought_by(|schema| schema.is_whole(self.name) && !stands(schema))
    }

    /// The migration that made an object.
    pub(super) fn made(&self, object: &ObjectName) -> Option<Made> {
        self.sides.made(object)
    }
}

impl Sides<'_> {
    /// The migrations that the database has not applied, in the order in which they run.
    pub(super) fn unapplied_migrations(
        &self,
    ) -> impl Iterator<Item = &crate::history::ReplayedMigration> {
        self.unapplied.iter().filter_map(|key| {
            self.history
                .migrations
                .iter()
                .find(|replayed| replayed.migration.key == *key)
        })
    }

    pub(super) fn made(&self, object: &ObjectName) -> Option<Made> {
        let origin = self.history.provenance.of(object)?.clone();
        let file = origin.file.path();
        let migration = self
            .history
            .migrations
            .iter()
            .find(|migration| migration.migration.file.path() == file)
            .map(|migration| migration.migration.key.clone());
        Some(Made { migration, origin })
    }
}

/// Views that the recorded migrations left and the database does not have.
pub(super) fn views(sides: &Sides<'_>) -> Vec<Difference> {
    sides
        .recorded
        .relations()
        .filter(|(_, relation)| matches!(relation, Relation::View(_)))
        .filter(|(name, _)| sides.database.relation_named(name).is_absent())
        .map(|(name, _)| Difference {
            table: name.clone(),
            what: What::MissingView,
            cause: Cause::Diverged(sides.made(&ObjectName::Relation(name.clone()))),
            hurt: Hurt::QueryFails,
            repairs: Vec::new(),
            model: None,
        })
        .collect()
}

/// What stands on both sides and is known by its name alone.
pub(super) fn not_compared(sides: &Sides<'_>) -> Vec<NotCompared> {
    let views = sides.recorded.relations().filter_map(|(name, relation)| {
        let Relation::View(view) = relation else {
            return None;
        };
        matches!(sides.database.relation_named(name), Lookup::Found(_)).then(|| NotCompared {
            object: match view.kind {
                ViewKind::Plain => format!("view {name}"),
                ViewKind::Materialized => format!("materialized view {name}"),
            },
            why: Why::new("the server keeps its query in words of its own"),
        })
    });
    let mut found: Vec<NotCompared> = views.collect();
    found.extend(doubtful_tables(sides));
    found.sort();
    found
}

/// Tables of which the migrations' own half is not known whole.
fn doubtful_tables<'a>(sides: &'a Sides<'_>) -> impl Iterator<Item = NotCompared> + 'a {
    sides
        .recorded
        .tables()
        .filter(|(name, _)| !sides.recorded.is_whole(name))
        .map(|(name, table)| NotCompared {
            object: format!("table {name}"),
            why: table
                .doubt
                .clone()
                .or_else(|| table.grown.clone())
                .unwrap_or_else(|| Why::new("a migration did what could not be read")),
        })
}

/// Tables that no installed app accounts for.
pub(super) fn foreign(
    sides: &Sides<'_>,
    by_table: &BTreeMap<&RelationName, Vec<&ModelTable>>,
) -> BTreeSet<RelationName> {
    sides
        .database
        .tables()
        .map(|(name, _)| name)
        .filter(|name| name.name.as_str() != "django_migrations")
        .filter(|name| sides.recorded.table_named(name).is_absent() && !by_table.contains_key(name))
        .cloned()
        .collect()
}
