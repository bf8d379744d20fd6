//! Repairs a case with the program, and compares what it writes with what the page shows.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use hhschema::cli::history_of;
use hhschema::repair::describe;
use hhschema::schema::{Schema, diff};

use crate::block::{Case, File};
use crate::linted::write;

/// Whether `fix` makes of the `fail` block what the `fixed` block shows, and whether that ends the finding and begins no other.
///
/// # Errors
/// With what is otherwise.
pub(crate) fn is_what_the_repair_makes(rule: &str, case: &Case) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let given = case
        .given
        .as_ref()
        .map_or(Vec::new(), |given| given.files("0001_given.sql"));
    let failing = case.mends.as_ref().map_or(Vec::new(), |block| {
        block
            .files("0002_change.sql")
            .iter()
            .map(File::unmarked)
            .collect()
    });
    for file in given.iter().chain(&failing) {
        write(folder.path(), file);
    }
    let (before, old) = (findings(folder.path())?, end(folder.path())?);
    if !before.iter().any(|finding| finding.0 == rule) {
        return Err(format!("there is nothing to repair: {before:#?}"));
    }
    repair(rule, case, folder.path())?;
    let shown = case.block.files("0002_change.sql");
    let known = given.iter().chain(&failing).filter(|file| {
        let is_shown = |other: &File| other.path == file.path;
        // What the `fail` block has in its place.
        let is_later = failing.iter().any(|later| later.path == file.path);
        !shown.iter().any(is_shown)
            && (!is_later || failing.iter().any(|later| later.text == file.text))
    });
    for file in shown.iter().chain(known) {
        let found = std::fs::read_to_string(folder.path().join(&file.path))
            .map_err(|error| format!("{}: {error}", file.path))?;
        if !fits(&file.text, &found) {
            return Err(format!("{} is\n{found}\nnot\n{}", file.path, file.text));
        }
    }
    leaves_what_it_says(rule, case, (&before, &old), folder.path())
}

/// Whether the finding is gone and no other came, and the catalog is as the block says.
fn leaves_what_it_says(
    rule: &str,
    case: &Case,
    (before, old): (&BTreeSet<(String, String)>, &Schema),
    folder: &Path,
) -> Result<(), String> {
    let after = findings(folder)?;
    let left: Vec<_> = after
        .iter()
        .filter(|finding| finding.0 == rule || !before.contains(finding))
        .filter(|finding| case.block.claims.get("then") != Some(&finding.0))
        .collect();
    if !left.is_empty() {
        return Err(format!("it is still said, or new: {left:#?}"));
    }
    let leaves = case.block.claims.get("leaves").cloned().unwrap_or_default();
    let changes: Vec<String> = diff(old, &end(folder)?).iter().map(describe).collect();
    if changes.join("; ") == leaves {
        return Ok(());
    }
    Err(format!(
        "it leaves {:?}, not {leaves:?}",
        changes.join("; ")
    ))
}

/// Whether a file is as it is shown; a line `...` stands for any lines.
fn fits(shown: &str, found: &str) -> bool {
    let shown: Vec<&str> = shown.lines().collect();
    let parts: Vec<&[&str]> = shown.split(|line| line.trim() == "...").collect();
    let lines: Vec<&str> = found.lines().collect();
    let mut rest = lines.as_slice();
    for (position, part) in parts.iter().enumerate() {
        let is_last = position + 1 == parts.len();
        let offsets = 0..=rest.len().saturating_sub(part.len());
        let mut places = offsets.filter(|offset| rest[*offset..].starts_with(part));
        let place = if position == 0 {
            places.next().filter(|offset| *offset == 0)
        } else if is_last {
            places.find(|offset| offset + part.len() == rest.len())
        } else {
            places.next()
        };
        match place {
            Some(offset) => rest = &rest[offset + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

fn repair(rule: &str, case: &Case, folder: &Path) -> Result<(), String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hhschema"));
    command
        .args([
            "fix",
            "--no-database",
            "--emit-migration",
            "--write",
            "--select",
            rule,
        ])
        .current_dir(folder)
        .env_remove("VIRTUAL_ENV");
    if let Some(choice) = case.block.claims.get("choose") {
        command.args(["--choose", choice]);
    }
    let output = command.output().unwrap();
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    ))
}

/// All that the rules of the default say, each with its object: lines move.
fn findings(folder: &Path) -> Result<BTreeSet<(String, String)>, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(["lint", "--format", "json"])
        .current_dir(folder)
        .env_remove("VIRTUAL_ENV")
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"]
        .as_array()
        .ok_or("no findings are listed")?;
    Ok(findings
        .iter()
        .map(|finding| (text(&finding["rule"]), text(&finding["message"])))
        .collect())
}

fn end(folder: &Path) -> Result<Schema, String> {
    let history = history_of(&[folder.to_owned()], None, Vec::new())?;
    Ok(history.end)
}
