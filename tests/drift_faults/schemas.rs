//! A database whose tables lie in another schema than `public`: the same is found there.

use hhschema::repair::Repair;

use crate::environment::{self, Database, PostgresVersion, Server};
use crate::faults::{FAULTS, Fault};
use crate::world::{World, carry_out, catalog_of, findings, folder};
use crate::{shown, told};

/// The schema is first on the path of the role, or named by `--schema`.
const SCHEMA: &str = "tenant \"7\"";

/// As a dump of `public` that is loaded under another name: every object lies in the other schema.
fn moved() -> Database {
    let mut world = World::migrated(PostgresVersion::NEWEST);
    world
        .database()
        .run("ALTER SCHEMA public RENAME TO \"tenant \"\"7\"\"\"; CREATE SCHEMA public");
    let name = world.database().name().to_owned();
    world.anew();
    Server::shared(PostgresVersion::NEWEST).copy_of(&name)
}

#[test]
fn a_named_schema_has_the_findings_of_public() {
    if environment::left_out("another schema") {
        return;
    }
    let mut database = moved();
    has_the_findings_of_public(&mut database, &[SCHEMA]);
}

#[test]
fn the_first_schema_of_the_search_path_has_the_findings_of_public() {
    if environment::left_out("another search path") {
        return;
    }
    let mut database = moved();
    let name = database.name().to_owned();
    database.run(&format!(
        "ALTER DATABASE {name} SET search_path = \"tenant \"\"7\"\"\", public"
    ));
    has_the_findings_of_public(&mut database, &[]);
}

fn has_the_findings_of_public(database: &mut Database, schemas: &[&str]) {
    let clean = findings(&catalog_of(database, schemas), &folder());
    assert!(clean.is_empty(), "{:#?}", shown(&clean));
    database.run("SET search_path = \"tenant \"\"7\"\"\"");
    let chosen = [
        "a NOT NULL column added",
        "an index dropped",
        "a CHECK changed",
        "an identity lost",
    ];
    for fault in FAULTS.iter().filter(|fault| chosen.contains(&fault.name)) {
        database.run(fault.sql);
        let catalog = catalog_of(database, schemas);
        let found = findings(&catalog, &folder());
        let [finding] = found.as_slice() else {
            panic!("{}: {:#?}", fault.name, shown(&found));
        };
        assert_eq!(told(finding), wanted(fault));
        let repair = chosen_repair(fault, &finding.repairs);
        carry_out(database, repair, &catalog).unwrap();
        let left = findings(&catalog_of(database, schemas), &folder());
        assert!(left.is_empty(), "{}: {:#?}", fault.name, shown(&left));
    }
}

fn wanted(fault: &Fault) -> String {
    format!("{} {SCHEMA}.{} {:?}", fault.rule, fault.object, fault.hurt)
}

fn chosen_repair<'a>(fault: &Fault, repairs: &'a [Repair]) -> &'a Repair {
    let name = fault.choose.unwrap_or(repairs[0].name);
    repairs.iter().find(|repair| repair.name == name).unwrap()
}
