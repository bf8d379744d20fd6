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

/// A project without the Django that its models refer to, and SQL that nobody understands.
fn without_django() -> Project {
    Project::empty()
        .with("shop/__init__.py", "")
        .with("shop/migrations/__init__.py", "")
        .with(
            "shop/migrations/0001_initial.py",
            r#"
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("auth", "0012_alter_user_first_name_max_length"), ("contenttypes", "0002_remove_content_type_name")]
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("user", models.ForeignKey(on_delete=models.CASCADE, to="auth.User")),
                ("kind", models.ForeignKey(on_delete=models.CASCADE, to="contenttypes.ContentType")),
            ],
        ),
        migrations.AddField("order", "group", models.ForeignKey("auth.Group", models.CASCADE, null=True)),
        migrations.RunSQL("FROBNICATE a; FROBNICATE b; DO $$ BEGIN EXECUTE 'DROP TABLE c'; END $$"),
    ]
"#,
        )
}

#[test]
fn an_operation_that_is_not_analysed_counts_once_whatever_it_sends() {
    let run = without_django().run(&["lint", "--all", "--format", "json", "."]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let missed = report["not_analysed"].as_array().unwrap();
    let missed: Vec<(&str, &str)> = missed
        .iter()
        .map(|missed| {
            let word = |key: &str| missed[key].as_str().unwrap();
            (word("operation"), word("why"))
        })
        .collect();
    assert_eq!(
        missed,
        [
            (
                "CreateModel",
                "no model of the app `auth` was read before this; no model of the app `contenttypes` was read before this"
            ),
            (
                "AddField",
                "no model of the app `auth` was read before this"
            ),
            (
                "RunSQL",
                "`FROBNICATE` is not understood; whether a DO block runs what it holds is not known"
            ),
        ]
    );
    assert_eq!(report["summary"]["not_analysed"], 3);
    assert_eq!(
        report["summary"]["absent_apps"],
        serde_json::json!(["auth", "contenttypes"])
    );
}

#[test]
fn what_is_missing_is_said_once_in_the_summary() {
    let run = without_django().run(&["lint", "--all", "."]);
    let file = "shop/migrations/0001_initial.py";
    for line in [
        "2 apps were not found, and their tables are not known: auth; contenttypes (`--python-path` says where to look)".to_owned(),
        "3 operations not analysed:".to_owned(),
        format!("  no model of the app `auth` was read before this: CreateModel at {file}:8, and 1 more"),
        format!("  no model of the app `contenttypes` was read before this: CreateModel at {file}:8"),
        format!("  `FROBNICATE` is not understood: RunSQL at {file}:17"),
    ] {
        assert!(run.out.lines().any(|printed| printed == line), "{line}\n{}", run.out);
    }
}

#[test]
fn a_comment_on_one_of_several_dropped_columns_silences_that_one_alone() {
    let said = |script: &str| {
        let given = "CREATE TABLE shop_order (id bigint, a text, b text, c text);\n";
        let project = Project::empty()
            .with("0001_given.sql", given)
            .with("0002_drop.sql", script);
        let run = project.run(&[
            "lint",
            "--format",
            "concise",
            "--select",
            "dropped-column,unused-suppression",
            "0001_given.sql",
            "0002_drop.sql",
        ]);
        let lines = run.out.lines().map(|line| {
            let end = line.find(" breaks").unwrap_or(line.len());
            line[..end].to_owned()
        });
        lines.collect::<Vec<_>>()
    };
    let drop = |column: &str, comment: &str| {
        format!("ALTER TABLE shop_order DROP COLUMN {column};{comment}\n")
    };
    let ignored = " -- hhschema: ignore[dropped-column] unused";
    let all = [drop("a", ""), drop("b", ""), drop("c", "")].concat();
    assert_eq!(
        said(&all),
        [
            "0002_drop.sql:1:1: warning[dropped-column] dropping 3 columns of `shop_order` (`a`, `b` and `c`)"
        ]
    );
    let without_first = [drop("a", ignored), drop("b", ""), drop("c", "")].concat();
    assert_eq!(
        said(&without_first),
        [
            "0002_drop.sql:2:1: warning[dropped-column] dropping 2 columns of `shop_order` (`b` and `c`)"
        ]
    );
    let without_two = [drop("a", ""), drop("b", ignored), drop("c", ignored)].concat();
    assert_eq!(
        said(&without_two),
        ["0002_drop.sql:1:1: warning[dropped-column] dropping `shop_order.a`"]
    );
    let without_any = [drop("a", ignored), drop("b", ignored), drop("c", ignored)].concat();
    assert_eq!(said(&without_any), Vec::<String>::new());
}
