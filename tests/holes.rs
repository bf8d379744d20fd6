//! Making any input unknown never adds a finding: parts of a project are replaced, one at a time, by a call that
//! nobody can follow, and the findings are compared with those of the whole project.
//!
//! `HHSCHEMA_HOLES_SEED=7` tries another random part. Every hole of the test project, or a sample of those of
//! real packages:
//!
//! ```text
//! cargo test --test holes -- --ignored every_hole
//! HHSCHEMA_HOLES=300 HHSCHEMA_HOLES_CORPUS=pulpcore cargo test --test holes -- --ignored real_package --nocapture
//! ```
//!
//! And so many in each package that `scripts/compare-with-django` looks at (`HHSCHEMA_HOLES_CORPUS` names
//! some, as `generic@5.2,django-ca@6.0`):
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
#[path = "holes/punch.rs"]
mod punch;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use environment::corpora::{Corpus, Recording};
use punch::Hole;
use rayon::prelude::*;
use serde_json::Value;

/// How many holes a usual run punches: spread evenly over all, and by chance.
const SPREAD: usize = 130;
const BY_CHANCE: usize = 50;

/// A place to punch holes in, while no other thread does.
struct Copy {
    root: PathBuf,
    _folder: tempfile::TempDir,
}

/// What is linted, and how.
struct Subject {
    copies: Mutex<Vec<Copy>>,
    /// What is linted of a copy, and the settings.
    linted: Vec<PathBuf>,
    settings: Option<PathBuf>,
}

/// Rule, object and level of each finding, with the places (file and line) where it stands.
type Findings = BTreeMap<Subjects, Places>;
type Subjects = (String, String, String);
type Places = BTreeSet<(String, u64)>;

impl Subject {
    /// Copies what is linted; all else below `root` is only linked to.
    fn new(root: &Path, linted: &[&Path], settings: Option<PathBuf>) -> Self {
        let copies = (0..rayon::current_num_threads().max(1)).map(|_| {
            let folder = tempfile::tempdir().unwrap();
            let copied = folder.path().join("project");
            if linted == [Path::new(".")] {
                copy(root, &copied);
            } else {
                link(root, &copied, linted);
            }
            Copy {
                root: copied,
                _folder: folder,
            }
        });
        Self {
            copies: Mutex::new(copies.collect()),
            linted: linted.iter().map(|&part| part.to_owned()).collect(),
            settings,
        }
    }

    fn with_copy<T>(&self, work: impl FnOnce(&Path) -> T) -> T {
        let copy = self.copies.lock().unwrap().pop().unwrap();
        let result = work(&copy.root);
        self.copies.lock().unwrap().push(copy);
        result
    }

    /// `None` where the text is no Python any more.
    fn findings(&self, root: &Path) -> Option<Findings> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hhschema"));
        command.args(["lint", "--all", "--format", "json"]);
        if let Some(settings) = &self.settings {
            command.arg("--settings").arg(settings);
            command.arg("--python-path").arg(root);
        }
        let output = command.args(&self.linted).current_dir(root).output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked"), "{said}");
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {output:?}"));
        if String::from_utf8_lossy(&output.stdout).contains("not valid Python")
            || said.contains("not valid Python")
        {
            return None;
        }
        let findings = report["findings"].as_array().unwrap().iter();
        let word = |finding: &Value, key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        let mut found = Findings::new();
        for finding in findings {
            let key = ["rule", "object", "level"].map(|key| word(finding, key));
            let place = (
                word(finding, "file"),
                finding["line"].as_u64().unwrap_or_default(),
            );
            found.entry(key.into()).or_default().insert(place);
        }
        Some(found)
    }

    fn holes(&self) -> Vec<Hole> {
        self.with_copy(|root| {
            let mut files = Vec::new();
            for linted in &self.linted {
                sources(&root.join(linted), &mut files);
            }
            files
                .into_iter()
                .flat_map(|file| {
                    let text = fs::read_to_string(&file).unwrap();
                    punch::holes(file.strip_prefix(root).unwrap(), &text)
                })
                .collect()
        })
    }

    /// What the holes add, each in words; how many of them left valid Python.
    fn added(&self, holes: &[Hole]) -> (Vec<String>, usize) {
        let whole = self.with_copy(|root| self.findings(root)).unwrap();
        println!("{} findings in the whole project", whole.len());
        let answers: Vec<Option<Option<String>>> = holes
            .par_iter()
            .map(|hole| {
                self.with_copy(|root| {
                    let file = root.join(&hole.file);
                    let text = fs::read_to_string(&file).unwrap();
                    fs::write(&file, hole.punched(&text)).unwrap();
                    let found = self.findings(root);
                    fs::write(&file, &text).unwrap();
                    let found = found?;
                    let new: Vec<_> = found
                        .iter()
                        .filter(|(key, _)| !whole.contains_key(key))
                        .filter(|(key, places)| !is_refused(&whole, &key.1, places))
                        .filter(|(key, places)| !is_renamed(&whole, &found, (key, places)))
                        .collect();
                    let line = text[..hole.range.start].matches('\n').count() + 1;
                    let cut: String = text[hole.range.clone()].chars().take(60).collect();
                    let told = format!("{}:{line}: {cut:?} -> {new:?}", hole.file.display());
                    Some((!new.is_empty()).then_some(told))
                })
            })
            .collect();
        let valid: Vec<Option<String>> = answers.into_iter().flatten().collect();
        let count = valid.len();
        (valid.into_iter().flatten().collect(), count)
    }
}

/// Whether the server refuses to create the object, as its name is taken already. A hole in the first creation hides
/// that, and the second is then taken to run: what is said of it in place of the refusal is no finding too many.
///
/// An index that stands for a constraint is named by itself in the one and with its table in the other.
fn is_refused(whole: &Findings, object: &str, places: &Places) -> bool {
    let own_name = |object: &str| object.rsplit('.').next().map(str::to_owned);
    whole.iter().any(|((rule, refused, _), refused_at)| {
        ["created-twice", "name-collision"].contains(&rule.as_str())
            && (own_name(refused) == own_name(object) || places.is_subset(refused_at))
    })
}

/// Whether the same is said at the same place of an object whose name the hole took away.
fn is_renamed(
    whole: &Findings,
    found: &Findings,
    ((rule, _, level), places): (&Subjects, &Places),
) -> bool {
    whole.iter().any(|(key, before)| {
        (&key.0, &key.2) == (rule, level) && places.is_subset(before) && !found.contains_key(key)
    })
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Links to all of a folder but some parts, which are copied.
fn link(from: &Path, to: &Path, parts: &[&Path]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let target = to.join(&name);
        let below: Vec<&Path> = parts
            .iter()
            .filter_map(|part| part.strip_prefix(&name).ok())
            .collect();
        if below.is_empty() {
            std::os::unix::fs::symlink(entry.path(), target).unwrap();
        } else if below.contains(&Path::new("")) {
            copy(&entry.path(), &target);
        } else {
            link(&entry.path(), &target, &below);
        }
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
}

fn hedgehog() -> Subject {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hedgehog");
    Subject::new(&root, &[Path::new(".")], None)
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

/// A package beside the settings that it was installed with, and the holes in its migrations and models.
fn real_package(name: &str) -> (Subject, Vec<Hole>) {
    let corpus = Corpus::named(name);
    installed(&corpus.site_packages(), &corpus.lint, corpus.settings())
}

fn installed(site_packages: &Path, lint: &[PathBuf], settings: PathBuf) -> (Subject, Vec<Hole>) {
    let linted: Vec<&Path> = lint
        .iter()
        .map(|part| part.strip_prefix(site_packages).unwrap_or(part))
        .collect();
    let subject = Subject::new(site_packages, &linted, Some(settings));
    let mut holes = subject.holes();
    holes.retain(|hole| {
        let path = hole.file.to_string_lossy();
        path.contains("migrations/") || path.contains("models") || path.ends_with("apps.py")
    });
    (subject, holes)
}

/// How many holes a usual run punches in each of [`SMALL_PACKAGES`].
const IN_EACH: usize = 8;
const SMALL_PACKAGES: [&str; 3] = [
    "django-celery-beat",
    "django-oauth-toolkit",
    "django-machina",
];

/// What holes in real packages showed, each by a migration file of its own; what stands between `<` and `>` is the hole.
const ONCE_ADDED: [(&str, &[(&str, &str)]); 6] = [
    (
        "a constraint whose name is not known may be the one that is dropped",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('n', models.IntegerField())]),
        migrations.AddConstraint('order', models.CheckConstraint(condition=models.Q(n__gt=0), name=<'positive'>))]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.RunSQL('ALTER TABLE shop_order DROP CONSTRAINT positive')]",
            ),
        ],
    ),
    (
        "a constraint whose name is not known has no name that the server would choose",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('n', models.IntegerField())]),
        migrations.AddConstraint('order', models.CheckConstraint(condition=models.Q(n__gt=0), name=<'positive'>))]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.RunSQL('ALTER TABLE shop_order ADD CONSTRAINT shop_order_n_check CHECK (n != 9) NOT VALID')]",
            ),
        ],
    ),
    (
        "a squash may replace what else would close a cycle",
        &[
            ("0001_a", "dependencies = []"),
            ("0002_b", "dependencies = [('shop', '0001_a')]"),
            ("0003_c", "dependencies = [('shop', '0002_b')]"),
            (
                "0001_squashed",
                "replaces = [('shop', '0001_a'), ('shop', <'0002_b'>), ('shop', '0003_c')]",
            ),
        ],
    ),
    (
        "the type that a key had is the one that it gets",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', <[('id', models.AutoField(primary_key=True))]>),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('tags', models.ManyToManyField('shop.Tag'))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.RenameModel('Tag', 'Label')]",
            ),
        ],
    ),
    (
        "the parent may be dropped, too",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('note', models.TextField()),
        ('tag', models.ForeignKey('shop.Tag', models.CASCADE))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.RemoveField('order', 'tag'), <migrations.RemoveField('order', 'note')>, migrations.DeleteModel('Tag')]",
            ),
        ],
    ),
    (
        "a key that is made again is validated",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), (<'note'>, models.TextField()),
        ('tag', models.ForeignKey('shop.Tag', models.CASCADE))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.AlterField('order', 'tag', models.ForeignKey('shop.Tag', models.SET_NULL, null=True))]",
            ),
        ],
    ),
];

/// The hole that a text of [`ONCE_ADDED`] marks, and the text without the marks.
fn marked(file: &Path, text: &str) -> (Option<Hole>, String) {
    let whole = text.replace(['<', '>'], "");
    let hole = text.find('<').map(|start| {
        let end = text.find('>').unwrap() - 1;
        Hole {
            file: file.to_owned(),
            range: start..end,
            text: "mystery()".to_owned(),
        }
    });
    (hole, whole)
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
            let file = PathBuf::from(format!("shop/migrations/{name}.py"));
            let text = format!(
                "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    {body}\n"
            );
            let (hole, whole) = marked(&file, &text);
            fs::write(folder.path().join(&file), whole).unwrap();
            holes.extend(hole);
        }
        let subject = Subject::new(folder.path(), &[Path::new(".")], None);
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
        let (subject, holes) = real_package(name);
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

#[test]
#[ignore = "minutes, and a package that has to be installed"]
fn holes_in_a_real_package_add_no_finding() {
    let chosen = std::env::var("HHSCHEMA_HOLES_CORPUS");
    let chosen = chosen.unwrap_or_else(|_| "django-oscar".to_owned());
    let count = std::env::var("HHSCHEMA_HOLES").ok();
    let count = count.and_then(|count| count.parse().ok()).unwrap_or(100);
    let (subject, holes) = real_package(&chosen);
    let seed = seed();
    let (added, valid) = subject.added(&by_chance(&holes, count, seed));
    println!("{valid} holes of {}", holes.len());
    assert!(added.is_empty(), "seed {seed}\n{}", added.join("\n"));
}

/// What `scripts/compare-with-django` looks at, each on a release of Django that most of it supports.
const EVERY_PACKAGE: [&str; 14] = [
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
];

#[test]
#[ignore = "many minutes, and all packages have to be installed"]
fn holes_in_every_package_add_no_finding() {
    let chosen = std::env::var("HHSCHEMA_HOLES_CORPUS").ok();
    let chosen: Vec<&str> = match &chosen {
        Some(names) => names.split(',').collect(),
        None => EVERY_PACKAGE.to_vec(),
    };
    let count = std::env::var("HHSCHEMA_HOLES").ok();
    let count = count.and_then(|count| count.parse().ok()).unwrap_or(60);
    let seed = seed();
    let mut wrong = Vec::new();
    for name in chosen {
        let recording = Recording::of(&[name]).remove(0);
        let (subject, holes) = installed(
            &recording.site_packages,
            &recording.lint,
            recording.project.join("settings.py"),
        );
        let spread = holes.iter().step_by(holes.len() / (count / 2).max(1) + 1);
        let mut chosen: Vec<Hole> = spread.cloned().collect();
        chosen.extend(by_chance(&holes, count / 2, seed));
        let (added, valid) = subject.added(&chosen);
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
