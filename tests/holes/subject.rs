//! A project in which holes are punched: copies of it, and what is found in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use rayon::prelude::*;
use serde_json::Value;

use crate::punch::{self, Hole};

/// A place to punch holes in, while no other thread does.
struct Copy {
    root: PathBuf,
    _folder: tempfile::TempDir,
}

/// What is linted, and how.
pub struct Subject {
    copies: Mutex<Vec<Copy>>,
    /// What is linted of a copy.
    linted: Vec<PathBuf>,
    /// As paths from a copy.
    settings: Option<PathBuf>,
    python_path: Vec<PathBuf>,
}

/// Where a settings module from outside the project lies, from a copy.
const SETTINGS: &str = "../settings/settings.py";

/// What is said of a project.
struct Said {
    findings: Findings,
    /// The folders of apps that are not installed: they are not judged.
    left_out: Vec<String>,
}

/// Rule, object and level of each finding, with the places (file and line) where it stands.
type Findings = BTreeMap<Subjects, Places>;
type Subjects = (String, String, String);
type Places = BTreeSet<(String, u64)>;

impl Subject {
    /// Copies what is linted; all else below `root` is only linked to.
    pub fn new(root: &Path, linted: &[&Path]) -> Self {
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
            settings: None,
            python_path: Vec::new(),
        }
    }

    /// Apps of an installed package, with the settings that it was migrated with, which have holes, too.
    pub fn installed(site_packages: &Path, lint: &[PathBuf], settings: &Path) -> Self {
        let linted: Vec<&Path> = lint
            .iter()
            .map(|part| part.strip_prefix(site_packages).unwrap_or(part))
            .collect();
        let mut subject = Self::new(site_packages, &linted);
        for place in subject.copies.get_mut().unwrap() {
            let copied = place.root.join(SETTINGS);
            fs::create_dir(copied.parent().unwrap()).unwrap();
            fs::copy(settings, copied).unwrap();
        }
        subject.settings = Some(PathBuf::from(SETTINGS));
        subject.python_path = vec![PathBuf::from(".")];
        subject
    }

    /// A project with a settings module of its own, and the packages beside which it is installed.
    pub fn project(root: &Path, site_packages: &Path) -> Self {
        let mut subject = Self::new(root, &[Path::new(".")]);
        subject.settings = Some(PathBuf::from("settings.py"));
        subject.python_path = vec![PathBuf::from("."), site_packages.to_owned()];
        subject
    }

    fn with_copy<T>(&self, work: impl FnOnce(&Path) -> T) -> T {
        let copy = self.copies.lock().unwrap().pop().unwrap();
        let result = work(&copy.root);
        self.copies.lock().unwrap().push(copy);
        result
    }

    /// `None` where the text is no Python any more.
    fn said(&self, root: &Path) -> Option<Said> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hhschema"));
        command.args(["lint", "--all", "--format", "json"]);
        if let Some(settings) = &self.settings {
            command.arg("--settings").arg(settings);
        }
        for path in &self.python_path {
            command.arg("--python-path").arg(path);
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
        let left_out = report["summary"]["left_out"].as_array().unwrap().iter();
        Some(Said {
            findings: found,
            left_out: left_out.map(|app| word(app, "path")).collect(),
        })
    }

    pub fn holes(&self) -> Vec<Hole> {
        self.with_copy(|root| {
            let mut files = Vec::new();
            for linted in &self.linted {
                sources(&root.join(linted), &mut files);
            }
            let outside = root.join(SETTINGS);
            files.extend(outside.is_file().then_some(outside));
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
    pub fn added(&self, holes: &[Hole]) -> (Vec<String>, usize) {
        let whole = self.with_copy(|root| self.said(root)).unwrap();
        println!("{} findings in the whole project", whole.findings.len());
        let answers: Vec<Option<Option<String>>> = holes
            .par_iter()
            .map(|hole| {
                self.with_copy(|root| {
                    let file = root.join(&hole.file);
                    let text = fs::read_to_string(&file).unwrap();
                    fs::write(&file, hole.punched(&text)).unwrap();
                    let found = self.said(root);
                    fs::write(&file, &text).unwrap();
                    let found = found?;
                    let new = whole.new_in(&found);
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

impl Said {
    /// The findings that this, which is said of the whole project, lacks, with the places where it does.
    fn new_in<'a>(&self, found: &'a Self) -> Vec<(&'a Subjects, Places)> {
        let places = found.findings.iter().map(|(key, places)| {
            let is_new =
                |place: &&_| !self.is_said(key, place) && !self.is_moved((key, places), place);
            let new = places.iter().filter(is_new);
            (key, new.cloned().collect::<Places>())
        });
        let new = places.filter(|(key, places)| {
            !places.is_empty()
                && !self.is_left_out(places)
                && !self.is_refused(&key.1, places)
                && !self.is_renamed(&found.findings, (key, places))
        });
        new.collect()
    }

    /// Whether the same is said at the same place, or with more weight.
    fn is_said(&self, (rule, object, level): &Subjects, place: &(String, u64)) -> bool {
        const LEVELS: [&str; 3] = ["note", "warning", "error"];
        let weight = |level: &str| LEVELS.iter().position(|known| *known == level);
        self.findings.iter().any(|((other, of, heavier), before)| {
            (other, of) == (rule, object)
                && weight(heavier) >= weight(level)
                && before.contains(place)
        })
    }

    /// Whether what is said once of several operations, at the first of them, is said at another of the same file.
    fn is_moved(&self, (key, places): (&Subjects, &Places), (file, _): &(String, u64)) -> bool {
        let in_file = |places: &Places| places.iter().filter(|(other, _)| other == file).count();
        let before = self.findings.get(key);
        before.is_some_and(|before| in_file(places) <= in_file(before))
    }

    /// An app that may be installed is judged, and one that is not is left out: what the settings hide is which apps
    /// there are, not what is in them.
    fn is_left_out(&self, places: &Places) -> bool {
        places.iter().all(|(file, _)| {
            let folders = self.left_out.iter();
            folders
                .into_iter()
                .any(|app| Path::new(file).starts_with(app))
        })
    }

    /// Whether the server refuses to create the object, as its name is taken already. A hole in the first creation hides
    /// that, and the second is then taken to run: what is said of it in place of the refusal is no finding too many.
    ///
    /// An index that stands for a constraint is named by itself in the one and with its table in the other.
    fn is_refused(&self, object: &str, places: &Places) -> bool {
        let own_name = |object: &str| object.rsplit('.').next().map(str::to_owned);
        self.findings
            .iter()
            .any(|((rule, refused, _), refused_at)| {
                ["created-twice", "name-collision"].contains(&rule.as_str())
                    && (own_name(refused) == own_name(object) || places.is_subset(refused_at))
            })
    }

    /// Whether the same is said at the same place of an object whose name the hole took away.
    fn is_renamed(
        &self,
        found: &Findings,
        ((rule, _, level), places): (&Subjects, &Places),
    ) -> bool {
        self.findings.iter().any(|(key, before)| {
            (&key.0, &key.2) == (rule, level)
                && places.is_subset(before)
                && !found.contains_key(key)
        })
    }
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
