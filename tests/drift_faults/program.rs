//! The program itself, on a database that is behind its files.

use std::process::Command;

use crate::environment::{self, PostgresVersion};
use crate::world::{World, folder};

/// Everything but the last two migrations of `harbour` is applied.
fn behind() -> World {
    World::migrated_to(
        PostgresVersion::NEWEST,
        &[&["crew", "0002"], &["harbour", "0003"]],
    )
}

struct Run {
    out: String,
    code: Option<i32>,
}

fn run(world: &mut World, command: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(command)
        .args(["--database-url", &world.database().url(), "--settings"])
        .arg(folder().join("settings.py"))
        .arg(folder())
        .env_remove("VIRTUAL_ENV")
        .output()
        .unwrap();
    let beside = String::from_utf8_lossy(&output.stderr);
    assert!(beside.is_empty(), "{beside}");
    Run {
        out: String::from_utf8(output.stdout).unwrap(),
        code: output.status.code(),
    }
}

/// `rule file`, in order.
fn linted(world: &mut World) -> Vec<String> {
    let printed = run(world, &["lint", "--unapplied", "--format", "json"]).out;
    let report: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let mut told: Vec<String> = findings
        .iter()
        .map(|finding| {
            let file = finding["file"].as_str().unwrap_or_default();
            let name = file.rsplit('/').next().unwrap_or_default();
            format!("{} {name}", finding["rule"].as_str().unwrap())
        })
        .collect();
    told.sort();
    told
}

#[test]
fn lint_unapplied_judges_what_the_next_migrate_runs_and_nothing_else() {
    if environment::left_out("lint --unapplied") {
        return;
    }
    let mut world = behind();
    assert_eq!(linted(&mut world), UNAPPLIED);
    crate::world::migrate(world.database(), &[]);
    assert_eq!(linted(&mut world), Vec::<String>::new());
}

const UNAPPLIED: [&str; 1] = ["default-dropped 0005_ship_captain.py"];

#[test]
fn lint_unapplied_goes_by_the_live_catalog() {
    if environment::left_out("lint --unapplied beside a live catalog") {
        return;
    }
    let mut world = behind();
    world
        .database()
        .run("ALTER TABLE harbour_ship ADD COLUMN flag integer");
    let told = linted(&mut world);
    assert!(
        told.iter().any(|line| line.ends_with("0004_ship_flag.py")),
        "{told:#?}"
    );
}

#[test]
fn the_first_lines_say_what_was_compared() {
    if environment::left_out("the first lines of drift") {
        return;
    }
    let mut world = behind();
    let Run { out, code } = run(&mut world, &["drift"]);
    println!("{out}");
    assert_eq!(code, Some(0));
    let lines: Vec<&str> = out.lines().take(5).collect();
    let headings = ["project", "models", "database", "server", "migrations"];
    for (line, heading) in lines.iter().zip(headings) {
        assert!(line.starts_with(heading), "{heading}: {line}");
    }
    assert!(lines[0].contains("testdata/ferry"), "{}", lines[0]);
    assert!(lines[1].ends_with("4 models read"), "{}", lines[1]);
    assert!(
        lines[3].contains("as postgres; schema public"),
        "{}",
        lines[3]
    );
    assert!(lines[4].contains("as Django"), "{}", lines[4]);
    assert!(
        lines[4].contains("harbour.0004_ship_flag; harbour.0005_ship_captain"),
        "{}",
        lines[4]
    );
}
