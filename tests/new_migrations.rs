//! Event rules judge new migrations only: on a repository of 1,000 committed migrations there is no event
//! finding, and one bad migration added gives exactly one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const APPS: usize = 10;
const MIGRATIONS: usize = 100;

/// Every one of these would be an event finding if it were new.
fn harmful(number: usize, app: &str) -> String {
    match number % 4 {
        0 => format!(
            "migrations.AddField('order', 'due_{number}', models.DateField(null=True, db_index=True))"
        ),
        1 => format!(
            "migrations.AddIndex('order', models.Index(fields=['status'], name='{app}_status_{number}'))"
        ),
        2 => format!(
            "migrations.AddField('order', 'kind_{number}', models.CharField(max_length=9, default='a'))"
        ),
        _ => format!("migrations.RemoveField('order', 'kind_{}')", number - 1),
    }
}

fn migration(previous: Option<&str>, operation: &str, app: &str) -> String {
    let dependencies =
        previous.map_or(String::new(), |previous| format!("('{app}', '{previous}')"));
    format!(
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    \
         dependencies = [{dependencies}]\n    operations = [\n        {operation},\n    ]\n"
    )
}

fn write_app(root: &Path, app: &str) -> String {
    let folder = root.join(app).join("migrations");
    fs::create_dir_all(&folder).unwrap();
    fs::write(root.join(app).join("__init__.py"), "").unwrap();
    fs::write(folder.join("__init__.py"), "").unwrap();
    let mut previous: Option<String> = None;
    for number in 1..=MIGRATIONS {
        let name = format!("{number:04}_change");
        let operation = if previous.is_none() {
            "migrations.CreateModel('Order', [('id', models.BigAutoField(primary_key=True)), \
             ('status', models.CharField(max_length=20))])"
                .to_owned()
        } else {
            harmful(number, app)
        };
        let text = migration(previous.as_deref(), &operation, app);
        fs::write(folder.join(format!("{name}.py")), text).unwrap();
        previous = Some(name);
    }
    previous.unwrap()
}

fn git(root: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
        .args(arguments)
        .current_dir(root)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
}

struct Answer {
    events: Vec<String>,
    summary: Value,
}

fn lint(root: &Path) -> Answer {
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(["lint", "--format", "json", "."])
        .current_dir(root)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let events = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let mut line = String::new();
            let _ = write!(
                line,
                "{} {}:{}",
                finding["rule"], finding["file"], finding["line"]
            );
            line
        })
        .collect();
    Answer {
        events,
        summary: report["summary"].clone(),
    }
}

#[test]
fn a_thousand_committed_migrations_are_silent_and_one_bad_one_more_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut last = String::new();
    for app in 0..APPS {
        last = write_app(root, &format!("app{app}"));
    }
    fs::write(root.join("pyproject.toml"), "").unwrap();
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "."]);
    git(root, &["commit", "-q", "-m", "all of it"]);
    git(root, &["commit", "-q", "--allow-empty", "-m", "more"]);

    let before = lint(root);
    assert_eq!(before.events, Vec::<String>::new(), "{}", before.summary);
    assert_eq!(before.summary["migrations"], 1000, "{}", before.summary);
    assert_eq!(before.summary["new_migrations"], 0, "{}", before.summary);

    let bad = migration(
        Some(&last),
        "migrations.AddIndex('order', models.Index(fields=['status'], name='one_more'))",
        "app3",
    );
    fs::write(root.join("app3/migrations/0101_bad.py"), bad).unwrap();
    let after = lint(root);
    assert_eq!(
        after.events,
        ["\"blocking-index\" \"app3/migrations/0101_bad.py\":7"],
        "{}",
        after.summary
    );
    assert_eq!(after.summary["new_migrations"], 1, "{}", after.summary);
}
