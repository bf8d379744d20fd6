//! The binary from outside: what it prints and how it exits.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

use std::path::Path;
use std::process::{Command, Stdio};

struct Project(tempfile::TempDir);

/// What a run said and how it ended.
struct Run {
    out: String,
    beside: String,
    code: i32,
}

impl Project {
    fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(self, name: &str, text: &str) -> Self {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let output = command(self.0.path(), arguments).output().unwrap();
        Run {
            out: String::from_utf8(output.stdout).unwrap(),
            beside: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        }
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hhschema"));
    command
        .current_dir(folder)
        .args(arguments)
        .env_remove("FORCE_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Run {
    Project::empty().run(arguments)
}

#[test]
fn help_stands_alone() {
    let help = run(&["lint", "--help"]);
    assert_eq!(help.code, 0);
    for word in [
        "--all",
        "--since",
        "--settings",
        "--python-path",
        "--format",
        "--select",
        "--ignore",
        "--fail-on",
        "--config",
        "--deploy",
        "--django",
        "--postgres",
        "Exit codes:",
        "Suppression:",
        "merge base",
        "sqlmigrate",
    ] {
        assert!(
            help.out.contains(word),
            "{word} is missing in:\n{}",
            help.out
        );
    }
    let version = format!("hhschema {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]).out, version);
}

#[test]
fn arguments_that_cannot_be_are_refused_with_2() {
    for arguments in [
        &["lint", "--format", "xml"][..],
        &["lint", "--fail-on", "fatal"],
        &["lint", "--postgres", "9.6"],
        &["lint", "--django", "new"],
        &["lint", "--all", "--since", "v1"],
        &["lnt"],
        &[],
    ] {
        let refused = run(arguments);
        assert_eq!(refused.code, 2, "{arguments:?}: {}", refused.beside);
        assert!(!refused.beside.is_empty(), "{arguments:?}");
        assert_eq!(refused.out, "", "{arguments:?}");
    }
    assert!(run(&["lnt"]).beside.contains("'lint'"));
    let refused = run(&["lint", "--postgres", "9.6"]);
    assert!(refused.beside.contains("13, 14"), "{}", refused.beside);
}

#[test]
fn a_rule_is_explained_by_its_page() {
    let explained = run(&["explain", "unused-suppression"]);
    assert_eq!(explained.code, 0);
    let head = "unused-suppression: note, on by default, in category hygiene\n";
    assert!(explained.out.starts_with(head), "{}", explained.out);
    assert!(explained.out.contains("## Instead"));
    assert!(!explained.out.contains("+++"));
}

#[test]
fn a_rule_that_does_not_exist_is_refused_with_what_may_be_meant() {
    let refused = run(&["explain", "unused-supression"]);
    assert_eq!(refused.code, 2);
    assert_eq!(
        refused.beside,
        "hhschema: there is no rule `unused-supression`; did you mean `unused-suppression`?\n`hhschema rules` lists all rules\n"
    );
    let refused = run(&["lint", "--ignore", "unused-supression"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused
            .beside
            .contains("did you mean `unused-suppression`?"),
        "{}",
        refused.beside
    );
    let refused = run(&["lint", "--select", "nonsense-of-mine"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused
            .beside
            .contains("there is no rule `nonsense-of-mine`"),
        "{}",
        refused.beside
    );
}

#[test]
fn rules_are_listed_in_a_line_each() {
    let listed = run(&["rules"]);
    assert_eq!(listed.code, 0);
    let mut lines = listed.out.lines();
    let line = lines.find(|line| line.starts_with("unknown-suppression "));
    let words = line.unwrap().split_whitespace().take(5).collect::<Vec<_>>();
    assert_eq!(
        words,
        ["unknown-suppression", "warning", "on", "hygiene", "A"]
    );
    assert!(listed.out.lines().is_sorted());
}

#[test]
fn a_configuration_that_is_wrong_is_refused_with_file_line_and_column() {
    let project = Project::empty().with(
        "pyproject.toml",
        "[project]\nname = \"x\"\n\n[tool.hhschema]\nfailon = \"error\"\n",
    );
    let refused = project.run(&["lint"]);
    assert_eq!(refused.code, 2);
    assert_eq!(
        refused.beside,
        "hhschema: pyproject.toml:5:1: there is no key `failon`; did you mean `fail-on`?\n"
    );
    let named = Project::empty().with("other.toml", "deploy = \"rollin\"\n");
    let refused = named.run(&["lint", "--config", "other.toml"]);
    assert_eq!(refused.code, 2);
    assert_eq!(
        refused.beside,
        "hhschema: other.toml:1:10: `rollin` is no value of this key; did you mean `rolling`?\n"
    );
    let missing = named.run(&["lint", "--config", "nowhere.toml"]);
    assert_eq!(missing.code, 2);
    assert!(
        missing.beside.contains("nowhere.toml"),
        "{}",
        missing.beside
    );
}

#[test]
fn paths_that_cannot_be_linted_are_named() {
    let project = Project::empty().with("notes.txt", "x");
    let refused = project.run(&["lint", "nowhere/", "notes.txt"]);
    assert_eq!(refused.code, 2);
    for said in [
        "hhschema: cannot read `nowhere/`",
        "hhschema: cannot lint `notes.txt`: it is neither a folder nor a .py or .sql file",
    ] {
        assert!(refused.beside.contains(said), "{}", refused.beside);
    }
}

#[test]
fn a_revision_without_a_repository_is_told() {
    let project = Project::empty().with("shop/migrations/0001_initial.py", "");
    let refused = project.run(&["lint", "--since", "v1"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.beside.contains("there is no git repository"),
        "{}",
        refused.beside
    );
}

#[test]
fn settings_that_do_not_exist_are_told() {
    let refused = run(&["lint", "--settings", "nowhere.py"]);
    assert_eq!(refused.code, 2);
    assert!(refused.beside.contains("nowhere.py"), "{}", refused.beside);
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let project = Project::empty();
    let mut child = command(project.0.path(), &["explain", "unused-suppression"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
    assert_eq!(ended.status.code(), Some(0));
}
