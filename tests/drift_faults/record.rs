//! A database that is behind its files, and one whose record says otherwise.

use crate::environment::{self, PostgresVersion};
use crate::world::{World, migrate};
use crate::{shown, told};

/// Its tables are those of `harbour.0003`; of `crew` there is nothing.
fn behind() -> World {
    World::migrated_to(PostgresVersion::NEWEST, &[&["harbour", "0003"]])
}

fn all_told(world: &mut World) -> Vec<String> {
    let findings = world.drift();
    println!("{:#?}", shown(&findings));
    findings.iter().map(told).collect()
}

const PENDING: [&str; 4] = [
    "pending-migration crew.0001_initial Pending",
    "pending-migration crew.0002_group Pending",
    "pending-migration harbour.0004_ship_flag Pending",
    "pending-migration harbour.0005_ship_captain Pending",
];

fn without(name: &str) -> Vec<&'static str> {
    let kept = PENDING.into_iter();
    kept.filter(|line| !line.contains(name)).collect()
}

#[test]
fn what_unapplied_migrations_explain_is_pending_and_no_repair_is_offered() {
    if environment::left_out("pending migrations") {
        return;
    }
    let mut world = behind();
    let findings = world.drift();
    let mut names: Vec<String> = findings.iter().map(told).collect();
    names.sort();
    // All that crew.0002 brings stands on the table that crew.0001 makes.
    assert_eq!(names, without("0002_group"), "{:#?}", shown(&findings));
    assert!(findings.iter().all(|finding| finding.repairs.is_empty()));
    assert!(
        findings
            .iter()
            .all(|finding| finding.message.contains("run `migrate "))
    );
    migrate(world.database(), &[]);
    assert_eq!(all_told(&mut world), Vec::<String>::new());
}

#[test]
fn a_column_made_by_hand_in_another_way_makes_the_next_migrate_fail() {
    if environment::left_out("a collision") {
        return;
    }
    let mut world = behind();
    world
        .database()
        .run("ALTER TABLE harbour_ship ADD COLUMN flag integer");
    let catalog = world.catalog();
    let findings = World::drift_of(&catalog);
    let mut names: Vec<String> = findings.iter().map(told).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "migrate-fails harbour_ship.flag MigrateFails",
            "pending-migration crew.0001_initial Pending",
            "pending-migration harbour.0005_ship_captain Pending",
        ],
        "{:#?}",
        shown(&findings)
    );
    let collision = findings.iter().find(|finding| !finding.repairs.is_empty());
    world
        .repair(&collision.unwrap().repairs[0], &catalog)
        .unwrap();
    migrate(world.database(), &[]);
    assert_eq!(all_told(&mut world), Vec::<String>::new());
}

#[test]
fn a_migration_run_by_hand_is_to_be_recorded() {
    if environment::left_out("a migration run by hand") {
        return;
    }
    let mut world = behind();
    world.database().run(
        "ALTER TABLE harbour_ship ADD COLUMN flag varchar(2) DEFAULT 'NO' NOT NULL; \
         ALTER TABLE harbour_ship ADD COLUMN captain varchar(60) NOT NULL",
    );
    let mut names = all_told(&mut world);
    names.sort();
    assert_eq!(
        names,
        [
            "pending-migration crew.0001_initial Pending",
            "unrecorded-migration harbour.0004_ship_flag MigrateFails",
            "unrecorded-migration harbour.0005_ship_captain MigrateFails",
        ]
    );
    let catalog = world.catalog();
    for finding in World::drift_of(&catalog) {
        for repair in &finding.repairs {
            world.repair(repair, &catalog).unwrap();
        }
    }
    assert_eq!(
        all_told(&mut world),
        ["pending-migration crew.0001_initial Pending"]
    );
    migrate(world.database(), &[]);
    assert_eq!(all_told(&mut world), Vec::<String>::new());
}

#[test]
fn a_row_for_a_migration_that_did_not_run_is_one_finding_and_goes() {
    if environment::left_out("a row for nothing") {
        return;
    }
    let mut world = World::migrated_to(PostgresVersion::NEWEST, &[&["harbour", "0001"]]);
    let before = all_told(&mut world);
    world.database().run(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('harbour', '0002_indexes', now())",
    );
    let catalog = world.catalog();
    let findings = World::drift_of(&catalog);
    let rows: Vec<_> = findings
        .iter()
        .filter(|finding| finding.rule.as_str() == "recorded-not-applied")
        .collect();
    assert_eq!(rows.len(), 1, "{:#?}", shown(&findings));
    assert_eq!(findings.len(), before.len(), "{:#?}", shown(&findings));
    assert_eq!(
        told(rows[0]),
        "recorded-not-applied harbour.0002_indexes Silent"
    );
    world.repair(&rows[0].repairs[0], &catalog).unwrap();
    assert_eq!(all_told(&mut world), before);
    migrate(world.database(), &[]);
    assert_eq!(all_told(&mut world), Vec::<String>::new());
}

#[test]
fn a_database_that_lost_its_whole_record_is_to_be_recorded() {
    if environment::left_out("a lost record") {
        return;
    }
    let mut world = World::migrated(PostgresVersion::NEWEST);
    world.database().run("DELETE FROM django_migrations");
    let catalog = world.catalog();
    let findings = World::drift_of(&catalog);
    assert_eq!(findings.len(), 7, "{:#?}", shown(&findings));
    for finding in &findings {
        assert_eq!(finding.rule.as_str(), "unrecorded-migration");
        world.repair(&finding.repairs[0], &catalog).unwrap();
    }
    assert_eq!(all_told(&mut world), Vec::<String>::new());
}
