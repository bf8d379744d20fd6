//! What sets a live database apart from the migrations that it has recorded, and from the models.
//!
//! Three sides: the database; the catalog that its recorded migrations leave when they are replayed; the models. And
//! a fourth for what is only not yet done: the database after the migrations that it has not applied.

mod choices;
mod collisions;
mod columns;
mod difference;
mod hurt;
mod migrations;
mod objects;
mod repairs;
mod tables;
mod unexplained;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use collisions::Collision;
pub use difference::*;
pub use hurt::Hurt;
pub use migrations::*;
pub use unexplained::*;

use self::repairs::Remedy;
use crate::django::migration::MigrationKey;
use crate::django::version::DjangoVersion;
use crate::history::{History, ModelTable};
use crate::repair::Repair;
use crate::schema::{Column, RelationName, Schema, TableDifference, compare};

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// The recorded migrations were replayed on a virtual catalog, the others on the live one: its end is the
    /// database after the next `migrate`.
    pub history: &'a History,
    /// The virtual catalog that the recorded migrations leave.
    pub recorded: &'a Schema,
    /// The live catalog.
    pub database: &'a Schema,
    /// The models of all installed apps that have tables.
    pub model_tables: &'a [ModelTable],
    /// What the next `migrate` runs, in its order.
    pub unapplied: &'a [MigrationKey],
    /// The version whose statements the migrations were replayed with.
    pub django: DjangoVersion,
}

/// How a database differs.
#[derive(Debug, Clone)]
pub struct Drift {
    /// In order of table, then columns, indexes, constraints, triggers.
    pub differences: Vec<Difference>,
    /// Tables of the database that no installed app accounts for: left alone, and counted.
    pub foreign_tables: BTreeSet<RelationName>,
    /// What was there on both sides and could not be compared, with the reason.
    pub not_compared: Vec<NotCompared>,
    pub recorded: RecordedMigrations,
    /// In the order of the migrations.
    pub collisions: Vec<Collision>,
}

/// Compares.
pub fn drift(sides: &Sides<'_>, recorded: RecordedMigrations) -> Drift {
    let mut differences = Vec::new();
    let by_table = crate::history::by_table(sides.model_tables);
    for table in compared_tables(sides, &by_table) {
        let models = by_table.get(&table).map_or(&[][..], Vec::as_slice);
        let compared = Table {
            sides,
            name: &table,
            models,
        };
        if sides.database.table_named(&table).is_found() {
            differences.extend(compared.parts());
            compared.put_choices(&mut differences);
        } else {
            differences.extend(compared.whole_table());
        }
    }
    differences.extend(tables::views(sides));
    for difference in &mut differences {
        let models = by_table
            .get(&difference.table)
            .map_or(&[][..], Vec::as_slice);
        let table = Table {
            sides,
            name: &difference.table.clone(),
            models,
        };
        difference.repairs = Remedy {
            table,
            difference: &*difference,
        }
        .repairs();
    }
    let collisions = collisions::collisions(sides, &recorded, &mut differences);
    Drift {
        collisions,
        differences,
        foreign_tables: tables::foreign(sides, &by_table),
        not_compared: tables::not_compared(sides),
        recorded,
    }
}

/// What would end a column that is NOT NULL, has no default and is in no model, in every database that the migrations
/// make.
pub fn column_nobody_fills(
    history: &History,
    table: &RelationName,
    column: &Column,
) -> Vec<Repair> {
    let sides = Sides {
        history,
        recorded: &history.end,
        database: &history.end,
        model_tables: &history.model_tables,
        unapplied: &[],
        django: history.django,
    };
    let by_table = crate::history::by_table(sides.model_tables);
    let table = Table {
        sides: &sides,
        name: table,
        models: by_table.get(table).map_or(&[][..], Vec::as_slice),
    };
    let difference = table.difference(What::ColumnNobodyFills(column.clone()), Cause::Models);
    Remedy {
        table,
        difference: &difference,
    }
    .repairs()
}

/// One table on all sides.
#[derive(Clone, Copy)]
struct Table<'a> {
    sides: &'a Sides<'a>,
    name: &'a RelationName,
    models: &'a [&'a ModelTable],
}

impl Table<'_> {
    /// Its columns, then its indexes, constraints and triggers.
    fn parts(&self) -> Vec<Difference> {
        let sides = self.sides;
        let against = |expected: &Schema| -> (Vec<TableDifference>, Vec<TableDifference>) {
            let parts = compare(self.name, expected, sides.database);
            parts.into_iter().partition(columns::is_of_column)
        };
        let (columns, objects) = against(sides.recorded);
        let (of_models, wanted) = match &sides.history.models {
            Some(models) => against(&models.expected),
            None => Default::default(),
        };
        let mut differences = self.columns(columns, of_models);
        differences.extend(self.objects(objects, wanted));
        differences
    }

    /// The model to speak of, where there is one.
    fn model(&self) -> Option<Arc<crate::django::project_state::ModelState>> {
        self.models.first().map(|model| Arc::clone(&model.model))
    }

    fn difference(&self, what: What, cause: Cause) -> Difference {
        Difference {
            table: self.name.clone(),
            hurt: self.hurt(&what),
            repairs: Vec::new(),
            what,
            cause,
            model: self.model(),
        }
    }
}

/// The tables that the recorded migrations left, and those of the models, in order of name.
fn compared_tables(
    sides: &Sides<'_>,
    by_table: &BTreeMap<&RelationName, Vec<&ModelTable>>,
) -> BTreeSet<RelationName> {
    let recorded = sides.recorded.tables().map(|(name, _)| name.clone());
    recorded
        .chain(by_table.keys().map(|name| (*name).clone()))
        .collect()
}
