//! Making any input unknown never adds a finding: parts of a project are replaced, one at a time, by a call that
//! nobody can follow, and the findings are compared with those of the whole project.
//!
//! `HHSCHEMA_HOLES_SEED=7` tries another random part. Every hole of the test project:
//!
//! ```text
//! cargo test --test holes -- --ignored every_hole
//! ```
//!
//! And so many in each package that `scripts/compare-with-django` looks at (`HHSCHEMA_HOLES_CORPUS` names
//! some, as `generic@5.2,django-ca@6.0`; `HHSCHEMA_HOLES=all` takes every one):
//!
//! ```text
//! HHSCHEMA_HOLES=60 cargo test --release --test holes -- --ignored every_package --nocapture
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    unreachable_pub,
    reason = "a failure here is a failure of the test"
)]

mod environment;
#[path = "holes/once_added.rs"]
mod once_added;
#[path = "holes/punch.rs"]
mod punch;
#[path = "holes/subject.rs"]
mod subject;

use std::fs;
use std::path::{Path, PathBuf};

use environment::corpora::{Corpus, Recording};
use once_added::{ONCE_ADDED, marked};
use punch::Hole;
use subject::Subject;

/// How many holes a usual run punches: spread evenly over all, and by chance.
const SPREAD: usize = 130;
const BY_CHANCE: usize = 50;

fn hedgehog() -> Subject {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hedgehog");
    Subject::new(&root, &[Path::new(".")])
}

/// A run can be repeated; other seeds are tried by hand.
const USUAL_SEED: u64 = 1;

fn seed() -> u64 {
    let chosen = std::env::var("HHSCHEMA_HOLES_SEED").ok();
    let seed = chosen
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(USUAL_SEED);
    println!("HHSCHEMA_HOLES_SEED={seed}");
    seed
}

/// Some of the holes, by a generator of Knuth's (MMIX).
fn by_chance(holes: &[Hole], count: usize, seed: u64) -> Vec<Hole> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let position = usize::try_from(state >> 33).unwrap() % holes.len();
            holes[position].clone()
        })
        .collect()
}

#[test]
fn a_hole_in_any_value_adds_no_finding() {
    let subject = hedgehog();
    let holes = subject.holes();
    assert!(holes.len() > 3_000, "{}", holes.len());
    let step = (holes.len() / SPREAD).max(1);
    let mut chosen: Vec<Hole> = holes.iter().step_by(step).cloned().collect();
    let seed = seed();
    chosen.extend(by_chance(&holes, BY_CHANCE, seed));
    let (added, valid) = subject.added(&chosen);
    assert!(valid > chosen.len() * 4 / 5, "{valid} of {}", chosen.len());
    assert!(added.is_empty(), "seed {seed}\n{}", added.join("\n"));
}

#[test]
#[ignore = "some thousand runs: minutes"]
fn every_hole_adds_no_finding() {
    let subject = hedgehog();
    let every = std::env::var("HHSCHEMA_HOLES_EVERY").ok();
    let step = every.and_then(|every| every.parse().ok()).unwrap_or(1);
    let holes: Vec<Hole> = subject.holes().into_iter().step_by(step).collect();
    let (added, valid) = subject.added(&holes);
    println!("{valid} of {} holes are valid Python", holes.len());
    assert!(added.is_empty(), "{}", added.join("\n"));
}

/// The holes in migrations, models and settings: what the linter reads of a package.
fn read_holes(subject: &Subject) -> Vec<Hole> {
    let mut holes = subject.holes();
    holes.retain(|hole| {
        let path = hole.file.to_string_lossy();
        ["migrations/", "models", "fields", "apps.py", "settings.py"]
            .iter()
            .any(|part| path.contains(part))
    });
    holes
}

/// How many holes a usual run punches in each of [`SMALL_PACKAGES`].
const IN_EACH: usize = 8;
const SMALL_PACKAGES: [&str; 3] = [
    "django-celery-beat",
    "django-oauth-toolkit",
    "django-machina",
];

/// Where a text of [`ONCE_ADDED`] lies, and all of it.
fn written(name: &str, body: &str) -> (PathBuf, String) {
    if name == "models" {
        return (PathBuf::from("shop/models.py"), body.to_owned());
    }
    let text = format!(
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    {body}\n"
    );
    (PathBuf::from(format!("shop/migrations/{name}.py")), text)
}

#[test]
fn holes_that_once_added_a_finding_add_none() {
    let mut wrong = Vec::new();
    for (case, migrations) in ONCE_ADDED {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("shop/migrations");
        fs::create_dir_all(&package).unwrap();
        fs::write(package.join("__init__.py"), "").unwrap();
        fs::write(folder.path().join("shop/__init__.py"), "").unwrap();
        let mut holes = Vec::new();
        for (name, body) in migrations {
            let (file, text) = written(name, body);
            let (hole, whole) = marked(&file, &text);
            fs::write(folder.path().join(&file), whole).unwrap();
            holes.extend(hole);
        }
        let subject = Subject::new(folder.path(), &[Path::new(".")]);
        let (added, valid) = subject.added(&holes);
        assert_eq!(valid, 1, "{case}");
        wrong.extend(added.into_iter().map(|added| format!("{case}: {added}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_hole_in_a_small_package_adds_no_finding() {
    let seed = seed();
    for name in SMALL_PACKAGES {
        let corpus = Corpus::named(name);
        let packages = corpus.site_packages();
        let subject = Subject::installed(&packages, &corpus.lint, &corpus.settings());
        let holes = read_holes(&subject);
        let chosen: Vec<Hole> = holes
            .iter()
            .step_by(holes.len() / (IN_EACH / 2) + 1)
            .cloned()
            .chain(by_chance(&holes, IN_EACH / 2, seed))
            .collect();
        let (added, valid) = subject.added(&chosen);
        assert!(valid > chosen.len() / 2, "{name}: {valid}");
        assert!(
            added.is_empty(),
            "{name}: seed {seed}\n{}",
            added.join("\n")
        );
    }
}

/// What `scripts/compare-with-django` looks at, each on a release of Django that most of it supports.
const EVERY_PACKAGE: [&str; 16] = [
    "wagtail@5.2",
    "pulpcore@5.2",
    "django-oscar@5.2",
    "django-cms@5.2",
    "dj-stripe@5.2",
    "django-allauth@5.2",
    "django-ca@5.2",
    "django-helpdesk@5.2",
    "mailman@5.0",
    "generic@5.2",
    "django-oauth-toolkit@5.2",
    "django-celery-beat@5.2",
    "django-machina@5.2",
    "django@5.2",
    "editor@5.2",
    "workshop@5.2",
];

fn recorded(name: &str) -> (Subject, Vec<Hole>) {
    let recording = Recording::of(&[name]).remove(0);
    let packages = &recording.site_packages;
    if recording.lint == [recording.project.clone()] {
        let subject = Subject::project(&recording.project, packages);
        let holes = subject.holes();
        return (subject, holes);
    }
    let settings = recording.project.join("settings.py");
    let subject = Subject::installed(packages, &recording.lint, &settings);
    let holes = read_holes(&subject);
    (subject, holes)
}

/// As many as `HHSCHEMA_HOLES` says: half of them spread evenly, half by chance.
fn sampled(holes: &[Hole], seed: u64) -> Vec<Hole> {
    let count = std::env::var("HHSCHEMA_HOLES").unwrap_or_else(|_| "60".to_owned());
    if count == "all" {
        return holes.to_vec();
    }
    let half = count.parse::<usize>().unwrap() / 2;
    let spread = holes.iter().step_by(holes.len() / half.max(1) + 1);
    spread
        .cloned()
        .chain(by_chance(holes, half, seed))
        .collect()
}

#[test]
#[ignore = "many minutes, and all packages have to be installed"]
fn holes_in_every_package_add_no_finding() {
    let chosen = std::env::var("HHSCHEMA_HOLES_CORPUS").ok();
    let chosen: Vec<&str> = match &chosen {
        Some(names) => names.split(',').collect(),
        None => EVERY_PACKAGE.to_vec(),
    };
    let seed = seed();
    let mut wrong = Vec::new();
    for name in chosen {
        let (subject, holes) = recorded(name);
        let (added, valid) = subject.added(&sampled(&holes, seed));
        assert!(valid > 0, "{name}");
        println!(
            "{name}: {} of {valid} holes add a finding ({} in all)",
            added.len(),
            holes.len()
        );
        for added in &added {
            println!("  {added}");
        }
        wrong.extend(added.into_iter().map(|added| format!("{name}: {added}")));
    }
    assert!(wrong.is_empty(), "seed {seed}\n{}", wrong.join("\n"));
}
