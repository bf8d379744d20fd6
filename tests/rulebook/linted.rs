//! Lints a case with the program, in a folder of its own, and compares what it says with what the page marks.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::block::{Case, File, Language, Role};

/// A finding as far as every page speaks of it: file, line, level.
type Said = (String, usize, String);

/// Whether the rule says exactly what the case marks.
///
/// # Errors
/// With both, when they differ; or with what the program printed, when it could not do its work.
pub(crate) fn gives_what_it_marks(rule: &str, case: &Case) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let given = case
        .given
        .as_ref()
        .map_or(Vec::new(), |given| given.files("0001_given.sql"));
    let judged = case.block.files("0002_change.sql");
    for file in given.iter().chain(&judged) {
        write(folder.path(), file);
    }
    let marked: BTreeSet<Said> = judged.iter().flat_map(marks).collect();
    if marked.is_empty() != (case.block.role == Role::Pass) {
        return Err(
            "a `fail` block marks the lines of its findings, a `pass` block none".to_owned(),
        );
    }
    // Python finds what was given by itself; scripts are named in the order in which they run, each a deployment.
    let scripts = given
        .iter()
        .filter(|_| case.block.language == Language::Sql);
    let named: Vec<&File> = scripts.chain(&judged).collect();
    let (mut found, printed) = lint(folder.path(), rule, &named)?;
    let is_given_script = |file: &str| file.ends_with("0001_given.sql");
    found.retain(|((file, ..), _)| !is_given_script(file));
    let said: BTreeSet<Said> = found.iter().map(|(said, _)| said.clone()).collect();
    if said != marked {
        return Err(format!("marked: {marked:#?}\nsaid: {said:#?}\n{printed}"));
    }
    for (file, mark) in judged
        .iter()
        .flat_map(|file| file.marks().into_iter().map(move |mark| (file, mark)))
    {
        let is_meant = |((path, line, _), message): &&(Said, String)| {
            *path == file.path && *line == mark.line && message.contains(&mark.words)
        };
        if found.iter().find(is_meant).is_none() {
            return Err(format!("no message says {:?}\n{printed}", mark.words));
        }
    }
    Ok(())
}

fn marks(file: &File) -> impl Iterator<Item = Said> {
    file.marks()
        .into_iter()
        .map(|mark| (file.path.clone(), mark.line, mark.level))
}

/// Writes a file, and what makes packages of the folders above a Python file.
pub(crate) fn write(folder: &Path, file: &File) {
    let path = folder.join(&file.path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, &file.text).unwrap();
    if path.extension().is_none_or(|kind| kind != "py") {
        return;
    }
    let packages = path
        .ancestors()
        .skip(1)
        .take_while(|above| *above != folder);
    for package in packages {
        let init = package.join("__init__.py");
        if !init.exists() {
            fs::write(init, "").unwrap();
        }
    }
}

/// What is said, each with its message; and what was printed.
type Printed = (Vec<(Said, String)>, String);

fn lint(folder: &Path, rule: &str, named: &[&File]) -> Result<Printed, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(["lint", "--select", rule, "--format", "json"])
        .args(named.iter().map(|file| &file.path))
        .current_dir(folder)
        .env_remove("VIRTUAL_ENV")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = format!(
        "{}\n{printed}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    if !matches!(output.status.code(), Some(0 | 1)) {
        return Err(complaint);
    }
    let report: serde_json::Value =
        serde_json::from_str(&printed).map_err(|error| format!("{error}\n{complaint}"))?;
    let findings = report["findings"].as_array().ok_or(complaint.clone())?;
    let said = findings
        .iter()
        .filter(|finding| finding["rule"] == rule)
        .map(|finding| {
            let file = finding["file"].as_str().unwrap_or_default();
            let file = Path::new(file)
                .strip_prefix(folder)
                .unwrap_or(Path::new(file));
            let line = finding["line"].as_u64().unwrap_or_default();
            let said = (
                file.display().to_string(),
                usize::try_from(line).unwrap(),
                finding["level"].as_str().unwrap_or_default().to_owned(),
            );
            let message = finding["message"].as_str().unwrap_or_default();
            (said, message.to_owned())
        });
    Ok((said.collect(), complaint))
}
