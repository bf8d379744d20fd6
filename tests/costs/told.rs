//! What `cost` and `apply` tell of a statement.

use std::collections::BTreeSet;

use hhschema::postgres::{Cost, Offending, TransactionBlock, Version, cost_of_statement};
use hhschema::schema::{
    Change, Identifier, ObjectName, Outcome, Partitioning, Relation, Schema, WrittenName,
};
use hhschema::source::{SourceFile, SourceMap};
use hhschema::sql;

use super::effects::{Effects, Mode};

/// What is told: for certain, or with a doubt.
#[derive(Debug)]
pub struct Told {
    pub effects: Effects,
    pub outcome: ToldOutcome,
    pub unsure: Option<String>,
    /// The relations that the schema knows.
    pub known: BTreeSet<String>,
    pub violations: Vec<ToldViolation>,
    /// The indexes of tables that are rewritten: where that is in doubt, these may be built instead.
    pub of_rewritten: BTreeSet<String>,
}

/// What rows may make it fail with.
#[derive(Debug, PartialEq, Eq)]
pub struct ToldViolation {
    /// The SQLSTATE or its class.
    pub state: &'static str,
    pub by_every_row: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub enum ToldOutcome {
    Runs,
    /// The SQLSTATE.
    Refused(String),
    /// `apply` does not know.
    Unsure(String),
}

pub fn read(text: &str) -> Vec<Change> {
    let file = SourceFile::new("costs.sql", text);
    sql::read(text, &SourceMap::identity(&file))
        .into_iter()
        .flat_map(|statement| statement.changes)
        .collect()
}

/// The schema that a section begins with; domains and functions, which are not modelled, are not in it.
pub fn schema(given: &str) -> Schema {
    let mut schema = Schema::empty();
    for change in read(given) {
        if matches!(change, Change::Opaque { .. }) {
            continue;
        }
        let outcome = schema.apply(&change);
        assert!(
            matches!(outcome, Outcome::Applied { .. }),
            "{outcome:?} of {change:?}"
        );
    }
    schema
}

pub fn told(statement: &str, schema: &Schema, version: Version) -> Told {
    let changes = read(statement);
    let cost = cost_of_statement(&changes, schema, version);
    let mut now = schema.clone();
    let mut outcome = ToldOutcome::Runs;
    let mut gone = BTreeSet::new();
    for change in &changes {
        match now.apply(change) {
            Outcome::Applied { dropped_too } => {
                gone.extend(dropped_too.iter().filter_map(relation));
                gone.extend(dropped(change));
            }
            Outcome::Skipped => {}
            Outcome::Rejected(rejection) => {
                outcome = ToldOutcome::Refused(rejection.state.code().to_owned());
                break;
            }
            Outcome::Unsure(why) => outcome = ToldOutcome::Unsure(why.to_string()),
        }
    }
    if let (ToldOutcome::Runs, Some(state)) = (&outcome, cost.refused) {
        outcome = ToldOutcome::Refused(state.code().to_owned());
    }
    let rewritten = cost.rewrites.iter();
    let of_rewritten = rewritten.flat_map(|one| now.indexes_of(&one.table));
    let mut effects = effects(&cost, schema);
    let known: BTreeSet<String> = schema
        .relations()
        .filter(|(_, relation)| !is_of_partition(schema, relation))
        .map(|(name, _)| name.to_string())
        .collect();
    effects.gone = &gone & &known;
    Told {
        of_rewritten: of_rewritten
            .map(|(index, _)| index.name.to_string())
            .collect(),
        effects,
        known,
        violations: violations(&cost),
        outcome,
        unsure: cost.unsure.map(|why| why.to_string()),
    }
}

fn relation(object: &ObjectName) -> Option<String> {
    match object {
        ObjectName::Relation(name) | ObjectName::Index(name) => Some(name.to_string()),
        // The index that backs it, if there is one.
        ObjectName::Constraint(table, name) => Some(table.sibling(name.clone()).to_string()),
        ObjectName::Schema(_) | ObjectName::Column(..) | ObjectName::Type(_) => None,
    }
}

/// What becomes of the indexes of partitions when their parent changes is not modelled.
fn is_of_partition(schema: &Schema, relation: &Relation) -> bool {
    let Relation::Index(index) = relation else {
        return false;
    };
    let table = schema.table_named(&index.table).found();
    table.is_some_and(|table| matches!(table.partitioning, Partitioning::PartitionOf(_)))
}

/// The relation that a change itself drops; the index of a constraint has its name.
fn dropped(change: &Change) -> Option<String> {
    match change {
        Change::DropTable(drop)
        | Change::DropIndex { drop, .. }
        | Change::DropSequence(drop)
        | Change::DropView { drop, .. } => Some(drop.name.to_string()),
        Change::DropConstraint { constraint, .. } => Some(constraint.to_string()),
        _ => None,
    }
}

fn written(name: &str) -> WrittenName {
    match name.split_once('.') {
        Some((schema, name)) => {
            WrittenName::in_schema(Identifier::quoted(schema), Identifier::quoted(name))
        }
        None => WrittenName::bare(Identifier::quoted(name)),
    }
}

fn violations(cost: &Cost) -> Vec<ToldViolation> {
    let told = cost.violations.iter();
    told.map(|one| ToldViolation {
        state: one.error.state(),
        by_every_row: one.rows == Offending::Every,
    })
    .collect()
}

fn effects(cost: &Cost, schema: &Schema) -> Effects {
    let mut effects = Effects {
        only_outside_block: cost.transaction == TransactionBlock::Refused,
        ..Effects::default()
    };
    for lock in &cost.locks {
        effects.lock(&lock.relation.to_string(), Mode::named(lock.mode.sql()));
    }
    effects.scans = cost.scans.iter().map(ToString::to_string).collect();
    effects.builds = cost
        .index_builds
        .iter()
        .map(|index| index.name.to_string())
        .collect();
    effects.rewrites = cost
        .rewrites
        .iter()
        .map(|one| one.table.to_string())
        .collect();
    let rewrites = effects.rewrites.clone();
    effects.scans.retain(|table| !rewrites.contains(table));
    effects.without_implied_locks(|name| table_of(schema, name))
}

/// The table that an index or a sequence is a part of.
fn table_of(schema: &Schema, name: &str) -> Option<String> {
    let (_, relation) = schema.relation(&written(name)).found()?;
    match relation {
        Relation::Index(index) => Some(index.table.to_string()),
        Relation::Sequence(sequence) => Some(sequence.owner.as_ref()?.table.to_string()),
        Relation::Table(_) | Relation::View(_) => None,
    }
}
