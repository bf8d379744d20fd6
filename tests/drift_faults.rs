//! Single faults, each injected by hand into a database that real Django migrated: drift names it as itself and names
//! nothing else, the repair that comes with it ends it, and the database is then what it was.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a failure here is a failure of the test"
)]

mod environment;
#[path = "drift_faults/faults.rs"]
mod faults;
#[path = "drift_faults/not_kept.rs"]
mod not_kept;
#[path = "drift_faults/program.rs"]
mod program;
#[path = "drift_faults/record.rs"]
mod record;
#[path = "drift_faults/schemas.rs"]
mod schemas;
#[path = "drift_faults/world.rs"]
mod world;

use environment::PostgresVersion;
use faults::{FAULTS, Fault, Whole};
use hhschema::database::Catalog;
use hhschema::lint::Finding;
use hhschema::repair::Repair;
use world::World;

#[test]
fn each_fault_is_named_and_repaired_on_postgresql_13() {
    each_fault_is_named_and_repaired(PostgresVersion::V13);
}

#[test]
fn each_fault_is_named_and_repaired_on_postgresql_15() {
    each_fault_is_named_and_repaired(PostgresVersion::V15);
}

#[test]
fn each_fault_is_named_and_repaired_on_postgresql_18() {
    each_fault_is_named_and_repaired(PostgresVersion::V18);
}

fn each_fault_is_named_and_repaired(version: PostgresVersion) {
    if environment::left_out("single faults") {
        return;
    }
    let mut world = World::migrated(version);
    assert_eq!(
        shown(&world.drift()),
        Vec::<String>::new(),
        "before any fault"
    );
    let mut failed = Vec::new();
    for fault in FAULTS.iter().filter(|fault| fault.since <= version) {
        if let Err(why) = named_and_repaired(&mut world, fault) {
            failed.push(format!("== {}: {why}", fault.name));
            world.anew();
        } else if fault.whole != Whole::Dump {
            world.anew();
        }
    }
    println!("PostgreSQL {}: {} faults", version.major(), FAULTS.len());
    assert!(
        failed.is_empty(),
        "PostgreSQL {}\n{}",
        version.major(),
        failed.join("\n")
    );
}

fn named_and_repaired(world: &mut World, fault: &Fault) -> Result<(), String> {
    let injected = world.database().execute(fault.sql);
    injected.map_err(|refused| refused.to_string())?;
    let catalog = world.catalog();
    let findings = World::drift_of(&catalog);
    let finding = only_one(fault, &findings)?;
    let repair = chosen(fault, finding)?;
    let Some(repair) = repair else {
        return Ok(());
    };
    world.repair(repair, &catalog)?;
    let left = world.drift();
    if !left.is_empty() {
        return Err(format!("after {:?} stays {:#?}", repair.name, shown(&left)));
    }
    is_as_before(world, fault)
}

/// Exactly this rule, object and hurt.
fn only_one<'a>(fault: &Fault, findings: &'a [Finding]) -> Result<&'a Finding, String> {
    let wanted = format!("{} {} {:?}", fault.rule, fault.object, fault.hurt);
    match findings {
        [finding] if told(finding) == wanted => Ok(finding),
        _ => Err(format!("wanted {wanted:?}, got {:#?}", shown(findings))),
    }
}

fn told(finding: &Finding) -> String {
    let object = finding.object.as_ref().map(ToString::to_string);
    format!(
        "{} {} {:?}",
        finding.rule.as_str(),
        object.unwrap_or_default(),
        finding.hurt.expect("drift says what hurts")
    )
}

fn shown(findings: &[Finding]) -> Vec<String> {
    let shown = findings
        .iter()
        .map(|finding| format!("{}: {}", told(finding), finding.message));
    shown.collect()
}

/// The repair of this name; where there is to be none, none is offered.
fn chosen<'a>(fault: &Fault, finding: &'a Finding) -> Result<Option<&'a Repair>, String> {
    let names: Vec<&str> = finding.repairs.iter().map(|repair| repair.name).collect();
    if fault.repairs != names {
        return Err(format!("offers {names:?}, not {:?}", fault.repairs));
    }
    let name = fault.choose.or(names.first().copied());
    Ok(finding
        .repairs
        .iter()
        .find(|repair| Some(repair.name) == name))
}

fn is_as_before(world: &mut World, fault: &Fault) -> Result<(), String> {
    let same = match fault.whole {
        Whole::Dump => {
            let (before, now) = (world.dumped.clone(), world.database().dump());
            if before == now {
                return Ok(());
            }
            return Err(difference(&before, &now));
        }
        Whole::Catalog => {
            let now: Catalog = world.catalog();
            now.schema.as_catalog() == world.original.schema.as_catalog()
        }
    };
    if same {
        Ok(())
    } else {
        Err("the catalog is another than before".to_owned())
    }
}

/// The lines that one dump has and the other has not.
fn difference(before: &str, now: &str) -> String {
    let lacks = |one: &str, other: &str, sign: &str| {
        let lines = one
            .lines()
            .filter(|line| !other.lines().any(|known| known == *line));
        lines
            .map(|line| format!("{sign}{line}"))
            .collect::<Vec<_>>()
    };
    [lacks(before, now, "-"), lacks(now, before, "+")]
        .concat()
        .join("\n")
}
