//! What the synthetic project (`testdata/editor`) exercises of Django: every operation, field, option and transition that
//! each release has, as Django itself lists them. `testdata/editor/COVERAGE.md` is the table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use environment::DjangoVersion;
use environment::django::{Coverage, Project};

/// What a release has and no migration exercises, and why.
const LEFT_OUT: &[(&str, &str)] = &[(
    "constraint option CheckConstraint.check",
    "written as `condition` by itself",
)];

/// The table, and what is neither exercised nor left out for a reason.
fn table(coverages: &[Coverage]) -> (String, Vec<String>) {
    let mut text = String::from(
        "# What this project exercises of Django\n\n\
         For each release the migration that exercises it first; a dash where the release does not have it. Written by\n\
         `UPDATE_COVERAGE=1 cargo test --test editor_coverage`.\n",
    );
    let mut missing = Vec::new();
    let kinds: BTreeSet<&String> = coverages.iter().flat_map(|one| one.there.keys()).collect();
    for kind in kinds {
        let releases: Vec<&str> = coverages.iter().map(|one| one.django.as_str()).collect();
        let _ = write!(text, "\n| {kind} | {} |\n|---|", releases.join(" | "));
        text.push_str(&"---|".repeat(coverages.len()));
        text.push('\n');
        let names: BTreeSet<&String> = coverages.iter().flat_map(|one| &one.there[kind]).collect();
        for name in names {
            let cells = coverages
                .iter()
                .map(|one| cell(one, kind, name, &mut missing));
            let _ = writeln!(
                text,
                "| {name} | {} |",
                cells.collect::<Vec<_>>().join(" | ")
            );
        }
    }
    (text, missing)
}

fn cell(coverage: &Coverage, kind: &str, name: &str, missing: &mut Vec<String>) -> String {
    if !coverage.there[kind].iter().any(|there| there == name) {
        return "-".to_owned();
    }
    let none = BTreeMap::new();
    let exercised = coverage.exercised.get(kind).unwrap_or(&none);
    if let Some(first) = exercised
        .get(name)
        .and_then(|migrations| migrations.first())
    {
        return first.clone();
    }
    let reason = LEFT_OUT
        .iter()
        .find(|(left_out, _)| *left_out == format!("{kind} {name}"));
    if let Some((_, reason)) = reason {
        return (*reason).to_owned();
    }
    missing.push(format!("{kind} {name} of Django {}", coverage.django));
    "missing".to_owned()
}

#[test]
fn all_that_django_has_is_exercised() {
    if environment::left_out("all that Django has is exercised") {
        return;
    }
    let folder = environment::repository().join("testdata/editor");
    let coverages: Vec<Coverage> = DjangoVersion::ALL
        .into_iter()
        .map(|version| Project::at(&folder, version).coverage())
        .collect();
    let (text, missing) = table(&coverages);
    let kept = folder.join("COVERAGE.md");
    if std::env::var_os("UPDATE_COVERAGE").is_some() {
        std::fs::write(&kept, &text).unwrap();
    }
    assert!(missing.is_empty(), "not exercised:\n{}", missing.join("\n"));
    assert!(
        std::fs::read_to_string(&kept).unwrap() == text,
        "{} is out of date: UPDATE_COVERAGE=1 cargo test --test editor_coverage",
        kept.display()
    );
}
