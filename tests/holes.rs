//! Making any input unknown never adds a finding: values of the test project are replaced, one at a time, by a
//! call that nobody can follow, and the findings are compared with those of the whole project.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::Value;

/// What stands in place of a value: valid Python, and known to nobody.
const HOLE: &str = "mystery()";

/// How many holes are punched, spread evenly over all values.
const HOLES: usize = 160;

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

/// Rule and object of each finding.
fn findings(root: &Path) -> BTreeSet<(String, String)> {
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(["lint", "--all", "--format", "json", "."])
        .current_dir(root)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["rule"].to_string(), finding["object"].to_string()))
        .collect()
}

/// Whether the server refuses to create the object, as it is there already. A hole in the first creation hides that, and
/// the second is then taken to run: what is said of it in place of the refusal is no finding too many.
fn is_refused(whole: &BTreeSet<(String, String)>, object: &str) -> bool {
    whole.contains(&("\"created-twice\"".to_owned(), object.to_owned()))
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

/// Every literal of the migrations, models and settings: file and range.
fn literals(root: &Path) -> Vec<(PathBuf, std::ops::Range<usize>)> {
    let literal =
        Regex::new(r#""""[\s\S]*?"""|#[^\n]*|'[^'\n]*'|"[^"\n]*"|\b\d+\b|\b(?:True|False|None)\b"#)
            .unwrap();
    let mut files = Vec::new();
    sources(root, &mut files);
    files
        .into_iter()
        .flat_map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            literal
                .find_iter(&text)
                .filter(|found| !found.as_str().starts_with(['#']))
                .filter(|found| !found.as_str().starts_with("\"\"\""))
                .map(|found| (file.clone(), found.range()))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn a_hole_in_any_value_adds_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("hedgehog");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hedgehog"),
        &root,
    );
    let whole = findings(&root);
    assert!(whole.len() > 50, "{whole:?}");
    let literals = literals(&root);
    assert!(literals.len() > 1_000, "{}", literals.len());
    let step = (literals.len() / HOLES).max(1);
    let mut added = Vec::new();
    for (file, range) in literals.iter().step_by(step) {
        let text = fs::read_to_string(file).unwrap();
        let mut punched = text.clone();
        punched.replace_range(range.clone(), HOLE);
        fs::write(file, &punched).unwrap();
        let new: Vec<_> = findings(&root)
            .difference(&whole)
            .filter(|(_, object)| !is_refused(&whole, object))
            .cloned()
            .collect();
        fs::write(file, &text).unwrap();
        if !new.is_empty() {
            let line = text[..range.start].lines().count();
            added.push(format!(
                "{}:{line}: {} -> {new:?}",
                file.strip_prefix(&root).unwrap().display(),
                &text[range.clone()]
            ));
        }
    }
    assert!(added.is_empty(), "{}", added.join("\n"));
}
