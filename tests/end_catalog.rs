//! After the last migration the virtual catalog holds what real Django leaves on a real server: tables, columns,
//! types, nullability, defaults, constraints and indexes of real packages. `drift`, which compares the two, has nothing to
//! say then.
//!
//! That catalog is read as a user's would be. It is the same when the server writes it out by its own functions, and a
//! database that is built of it has the same again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod catalogs;
#[path = "end_catalog/drift.rs"]
mod drift;
mod environment;

use std::collections::{BTreeMap, BTreeSet};

use catalogs::written_out;
use environment::corpora::{Corpus, Recording};
use environment::{Database, PostgresVersion, Server};
use hhschema::cli::history_of;
use hhschema::database::Catalog;
use hhschema::django::migration::Ownership;
use hhschema::history::{History, TableOpenness};
use hhschema::schema::{
    Column, Constraint, Identifier, IndexDefinition, Lookup, ObjectName, RelationName, Schema,
    Supply, is_default_operator_class,
};

/// Packages whose every table, column, constraint and index is known at the end.
const PACKAGES: [&str; 10] = [
    "dj-stripe",
    "django-cms",
    "pulpcore",
    "wagtail",
    "django",
    "django-allauth",
    "django-celery-beat",
    "django-machina",
    "django-oauth-toolkit",
    "django-oscar",
];

fn shown(column: &Column) -> String {
    let supply = match &column.supply {
        Supply::Default(default) => default.text().unwrap_or("?").to_owned(),
        other => format!("{other:?}"),
    };
    format!(
        "{} {:?} {supply} {:?}",
        column.data_type, column.nullability, column.collation
    )
}

/// What differs between two schemas, table by table, in words.
fn differences(real: &Schema, ours: &Schema) -> Vec<String> {
    let names = |schema: &Schema| -> BTreeSet<RelationName> {
        schema.tables().map(|(name, _)| name.clone()).collect()
    };
    let (expected, known) = (names(real), names(ours));
    let mut found: Vec<String> = Vec::new();
    for table in expected.difference(&known) {
        found.push(format!(
            "{table}: {:?}",
            ours.table_named(table).map(|_| "there")
        ));
    }
    for table in known.difference(&expected) {
        found.push(format!("{table}: the server has no such table"));
    }
    for table in expected.intersection(&known) {
        if !ours.is_whole(table) {
            found.push(format!("{table}: not known whole"));
        }
        columns(real, ours, table, &mut found);
        constraints(real, ours, table, &mut found);
        indexes(real, ours, table, &mut found);
    }
    found
}

fn constraints(real: &Schema, ours: &Schema, table: &RelationName, found: &mut Vec<String>) {
    let all = |schema: &Schema| -> BTreeMap<String, _> {
        schema
            .constraints_of(table)
            .map(|(name, constraint)| {
                let Constraint {
                    kind,
                    validity,
                    deferral,
                    ..
                } = constraint.clone();
                (name.to_string(), (kind, validity, deferral))
            })
            .collect()
    };
    found.extend(compare(
        &format!("{table} constraint"),
        &all(real),
        &all(ours),
    ));
}

fn indexes(real: &Schema, ours: &Schema, table: &RelationName, found: &mut Vec<String>) {
    let all = |schema: &Schema| -> BTreeMap<String, _> {
        schema
            .indexes_of(table)
            .map(|(name, index)| (name.name.to_string(), as_stored(&index.definition)))
            .collect()
    };
    found.extend(compare(&format!("{table} index"), &all(real), &all(ours)));
}

/// Without a class that is the default of some type: of a column whose type is a domain nobody but the server knows
/// whether it goes without saying.
fn as_stored(definition: &IndexDefinition) -> IndexDefinition {
    let mut stored = definition.clone();
    for key in &mut stored.keys {
        let class = key.operator_class.as_ref();
        if class.is_some_and(|class| {
            is_default_operator_class(class.name.as_str(), definition.method.as_str())
        }) {
            key.operator_class = None;
        }
    }
    stored
}

fn columns(real: &Schema, ours: &Schema, table: &RelationName, found: &mut Vec<String>) {
    let all = |schema: &Schema| -> BTreeMap<String, Column> {
        schema
            .columns_of(table)
            .map(|column| (column.name.to_string(), column.clone()))
            .collect()
    };
    let (theirs, mine) = (all(real), all(ours));
    for (name, column) in &theirs {
        match mine.get(name) {
            Some(known) if known == column => {}
            Some(known) => found.push(format!(
                "{table}.{name}: {} | here {}",
                shown(column),
                shown(known)
            )),
            None => found.push(format!("{table}.{name}: not known")),
        }
    }
    for name in mine.keys().filter(|name| !theirs.contains_key(*name)) {
        found.push(format!("{table}.{name}: the server has no such column"));
    }
}

fn compare<T: PartialEq + std::fmt::Debug>(
    what: &str,
    theirs: &BTreeMap<String, T>,
    mine: &BTreeMap<String, T>,
) -> Vec<String> {
    let mut found = Vec::new();
    for (name, part) in theirs {
        match mine.get(name) {
            Some(known) if known == part => {}
            Some(known) => found.push(format!("{what} {name}: {part:?}\n    | here {known:?}")),
            None => found.push(format!("{what} {name}: not known")),
        }
    }
    for name in mine.keys().filter(|name| !theirs.contains_key(*name)) {
        found.push(format!("{what} {name}: the server has none"));
    }
    found
}

fn replayed(corpus: &Corpus) -> History {
    history_of(
        &corpus.lint,
        Some(corpus.settings()),
        vec![corpus.site_packages()],
    )
    .unwrap()
}

#[test]
fn the_virtual_catalog_at_the_end_is_that_of_the_server() {
    if environment::left_out("the end catalog of real packages") {
        return;
    }
    let mut failed = Vec::new();
    for name in PACKAGES {
        let corpus = Corpus::named(name);
        let history = replayed(&corpus);
        let mut database = Server::shared(PostgresVersion::V18).database();
        corpus.project().record(&database);
        let said = drift::said(&corpus, &mut database);
        failed.extend(
            said.into_iter()
                .map(|line| format!("{name}: drift, {line}")),
        );
        // Django's own table of applied migrations is made by no migration.
        database.run("DROP TABLE django_migrations");
        let catalog = catalogs::read(&database);
        let real = &catalog.schema;
        let tables = real.tables().count();
        assert!(tables > 5, "{name}: {tables} tables");
        let mut found = differences(real, &history.end);
        found.extend(told_by_the_server(real, &mut database));
        found.extend(built_again(&catalog, &mut database));
        println!("{name}: {tables} tables, {} differences", found.len());
        failed.extend(found.into_iter().map(|line| format!("{name}: {line}")));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Of all packages that `scripts/compare-with-django` knows, on their releases of Django: run by its `--end`.
#[test]
#[ignore = "needs HHSCHEMA_END_CATALOG, as `wagtail@6.0,django-ca@5.2`; migrating all takes half an hour"]
fn the_virtual_catalog_of_named_packages_is_that_of_the_server() {
    let named = std::env::var("HHSCHEMA_END_CATALOG").unwrap();
    let cases: Vec<&str> = named.split(',').collect();
    let mut differ = 0;
    for recording in Recording::of(&cases) {
        let settings = recording.project.join("settings.py");
        let history = history_of(
            &recording.lint,
            Some(settings),
            vec![recording.site_packages.clone()],
        )
        .unwrap();
        let mut database = recording.database();
        // Django's own table of applied migrations is made by no migration.
        database.run("DROP TABLE django_migrations");
        let real = catalogs::read(&database).schema;
        let found = differences(&real, &history.end);
        let Recording { name, django, .. } = &recording;
        let tables = real.tables().count();
        println!(
            "{name} on Django {django}: {tables} tables, {} differences",
            found.len()
        );
        for line in &found {
            println!("  {line}");
        }
        differ += found.len();
    }
    assert_eq!(differ, 0, "differences at the end");
}

/// What the server's own functions tell otherwise.
fn told_by_the_server(read: &Schema, database: &mut Database) -> Vec<String> {
    let written = written_out::read_back(&written_out::written_out(database));
    let found = differences(&written, read).into_iter();
    found
        .map(|line| format!("as the server writes it: {line}"))
        .collect()
}

/// Functions and domains, which are not modelled, as statements.
const NOT_MODELLED: &str = "
SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT format('CREATE DOMAIN %I AS %s', t.typname, format_type(t.typbasetype, t.typtypmod))
  || coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', c.conname, pg_get_constraintdef(c.oid)), '')
               FROM pg_constraint c WHERE c.contypid = t.oid), '')
FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'd'";

/// What differs in a database that is built of the catalog.
fn built_again(catalog: &Catalog, database: &mut Database) -> Vec<String> {
    let mut copy = Server::shared(PostgresVersion::V18).database();
    copy.run("SET check_function_bodies = off");
    for statement in database.query_column(NOT_MODELLED) {
        copy.run(&statement);
    }
    catalogs::build(&catalog.schema, &mut copy);
    let again = catalogs::read(&copy);
    let mut kinds: Vec<&str> = catalog
        .not_read
        .iter()
        .map(|one| one.kind.as_str())
        .collect();
    kinds.dedup();
    println!("not modelled: {} of {kinds:?}", catalog.not_read.len());
    assert_eq!(catalog.not_read, again.not_read);
    let found = catalogs::differences(&catalog.schema, &again.schema).into_iter();
    found.map(|line| format!("built again: {line}")).collect()
}

/// Whether a migration of the project made a table.
fn is_own(history: &History, table: &RelationName) -> bool {
    history
        .provenance
        .of(&ObjectName::Relation(table.clone()))
        .is_some_and(|origin| {
            history.migrations.iter().any(|replayed| {
                replayed.migration.file.path() == origin.file.path()
                    && replayed.migration.ownership == Ownership::Project
            })
        })
}

/// Of each column of the project's tables, whether models and migrations are both sure of it: only then can a
/// difference be found.
fn uncertain(history: &History) -> (usize, Vec<String>) {
    let models = history.models.as_ref().unwrap();
    let known: BTreeSet<RelationName> = history
        .model_tables
        .iter()
        .filter(|table| models.state.model(&table.model.key).is_some())
        .map(|table| table.table.clone())
        .collect();
    // What a metaclass or a field brings along is not read: the model says that it is open.
    let brought = |table: &RelationName, column: &Identifier| {
        history
            .model_tables
            .iter()
            .filter(|model| model.table == *table)
            .all(|model| model.openness != TableOpenness::Closed && !model.has_column(column))
    };
    let mut columns = 0;
    let mut found = Vec::new();
    for (table, owner) in history.end.tables() {
        let by_field = history.end_state.models().any(|model| {
            model
                .own_table_name()
                .is_ok_and(|name| *name == *table.name.as_str())
        });
        if !by_field || !is_own(history, table) {
            continue;
        }
        columns += owner.columns.len();
        for column in &owner.columns {
            let name = &column.value.name;
            if !known.contains(table) {
                found.push(format!("{table}.{name}: no model was read"));
                continue;
            }
            match models.expected.column(table, name) {
                Lookup::Found(_) => {}
                Lookup::Absent | Lookup::Unsure(_) if brought(table, name) => {}
                Lookup::Absent => found.push(format!("{table}.{name}: absent")),
                Lookup::Unsure(why) => found.push(format!("{table}.{name}: {why}")),
            }
        }
    }
    (columns, found)
}

#[test]
fn models_and_migrations_are_sure_of_every_column() {
    if environment::left_out("the certain columns of real packages") {
        return;
    }
    let mut failed = Vec::new();
    for name in PACKAGES {
        let (columns, found) = uncertain(&replayed(&Corpus::named(name)));
        println!(
            "{name}: {} of {columns} model columns are certain",
            columns - found.len()
        );
        assert!(columns > 20, "{name}: {columns} columns");
        failed.extend(found.into_iter().map(|line| format!("{name}: {line}")));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
