//! A released migration whose operations differ now is found against git's history; a cosmetic edit is not.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn migration(field: &str) -> String {
    format!(
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    initial = True\n    \
         dependencies = []\n    operations = [\n        migrations.CreateModel(\n            name='Order',\n            fields=[\n                \
         ('id', models.BigAutoField(primary_key=True)),\n                ('status', {field}),\n            ],\n        ),\n    ]\n"
    )
}

const RELEASED: &str = "models.CharField(max_length=20, help_text='how far it is')";

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

/// The findings of the rule after the one migration was edited, on a branch.
fn edited(text: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let file = root.join("shop/migrations/0001_initial.py");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(root.join("pyproject.toml"), "").unwrap();
    fs::write(root.join("shop/__init__.py"), "").unwrap();
    fs::write(root.join("shop/migrations/__init__.py"), "").unwrap();
    fs::write(&file, migration(RELEASED)).unwrap();
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "."]);
    git(root, &["commit", "-q", "-m", "release"]);
    git(root, &["checkout", "-q", "-b", "feature"]);
    fs::write(&file, text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args([
            "lint",
            "--select",
            "edited-migration",
            "--format",
            "json",
            ".",
        ])
        .current_dir(root)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|finding| finding["rule"] == "edited-migration")
        .cloned()
        .collect()
}

#[test]
fn another_length_is_found_at_its_operation() {
    let found = edited(&migration(
        "models.CharField(max_length=30, help_text='how far it is')",
    ));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["line"], 8, "{found:?}");
    assert_eq!(found[0]["object"], "shop.0001_initial");
}

#[test]
fn an_operation_more_is_found() {
    let text = migration(RELEASED).replace(
        "        ),\n    ]\n",
        "        ),\n        migrations.AddField('order', 'note', models.TextField(null=True)),\n    ]\n",
    );
    let found = edited(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["line"], 15, "{found:?}");
}

#[test]
fn comments_names_for_people_and_layout_do_not_count() {
    let text = migration(
        "models.CharField(  # a comment\n                    'progress', max_length=20, help_text='how far',\n                )",
    )
    .replace("'progress', ", "verbose_name='progress', ");
    assert_eq!(edited(&text), Vec::<Value>::new());
}

#[test]
fn an_untouched_one_is_silent() {
    assert_eq!(edited(&migration(RELEASED)), Vec::<Value>::new());
}
