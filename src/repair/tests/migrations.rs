use std::process::Command;
use std::sync::Arc;

use super::{repair, schema};
use crate::repair::python_text::{Lines, literal};
use crate::repair::{
    DeliveryKind, LeafMigration, MigrationError, MigrationFile, Options, PythonSource, Repair,
    to_django,
};

const GIVEN: &str = "CREATE TABLE shop_order (id integer PRIMARY KEY, note text, total integer);
CREATE TABLE stock_item (id integer PRIMARY KEY, name text);";

fn leaf(app: &str, name: &str) -> LeafMigration {
    LeafMigration {
        app_label: app.into(),
        name: name.to_owned(),
        folder: format!("{app}/migrations").into(),
    }
}

fn written(repairs: &[Repair]) -> Vec<MigrationFile> {
    let repairs: Vec<&Repair> = repairs.iter().collect();
    let leaves = [
        leaf("shop", "0007_left"),
        leaf("shop", "0028_order"),
        leaf("stock", "initial"),
    ];
    to_django(&repairs, &schema(GIVEN), &leaves, &Options::default()).unwrap()
}

fn restoring(name: &'static str, text: &str, app: &str) -> Repair {
    repair(name, text).delivered(&Arc::from(app), DeliveryKind::Restores)
}

const RESTORING: &str = r#"# Repairs; every statement looks before it acts, so that a database that had them already stays as it is:
#   Do set-default

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0007_left"),
        ("shop", "0028_order"),
    ]

    operations = [
        migrations.RunSQL(
            sql=[
                "SET LOCAL lock_timeout = '5s'",
                "SET LOCAL statement_timeout = '30s'",
                """ALTER TABLE "shop_order" ALTER COLUMN "note" SET DEFAULT ''""",
            ],
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
"#;

#[test]
fn a_migration_follows_the_leaves_of_its_app() {
    let files = written(&[
        restoring(
            "set-default",
            "ALTER TABLE shop_order ALTER note SET DEFAULT ''",
            "shop",
        ),
        restoring(
            "rebuild-index",
            "CREATE INDEX CONCURRENTLY i ON stock_item (name)",
            "stock",
        ),
        repair(
            "script-only",
            "ALTER TABLE stock_item ALTER name SET DEFAULT ''",
        ),
    ]);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        ["0029_repair_set_default", "0001_repair_rebuild_index"]
    );
    assert_eq!(files[0].text, RESTORING);
    assert!(files[1].text.contains("    atomic = False\n"));
    assert!(!files[1].text.contains("SET LOCAL lock_timeout = 0"));
    assert!(files[1].text.contains("\"RESET lock_timeout\","));
    assert!(!files[0].text.contains("script-only") && !files[1].text.contains("SET DEFAULT"));
}

#[test]
fn two_tables_are_two_transactions() {
    let files = written(&[restoring(
        "set-default",
        "ALTER TABLE shop_order ALTER note SET DEFAULT ''; ALTER TABLE stock_item ALTER name SET DEFAULT ''",
        "shop",
    )]);
    assert!(files[0].text.contains("atomic = False"));
    assert_eq!(
        files[0]
            .text
            .matches("SET LOCAL lock_timeout = '5s';")
            .count(),
        2
    );
}

#[test]
fn what_evolves_takes_the_state_along() {
    let state = PythonSource {
        text: "migrations.AddField(\n    model_name=\"order\",\n    name=\"key\",\n    field=models.UUIDField(default=uuid.uuid4, help_text=\"\"\"two\nlines\"\"\"),\n)".to_owned(),
        imports: vec!["import uuid".to_owned(), "from django.db import models".to_owned()],
    };
    let kind = DeliveryKind::Evolves {
        state_operations: vec![state],
    };
    let add = repair("add-column", "ALTER TABLE shop_order ADD COLUMN key uuid")
        .delivered(&Arc::from("shop"), kind);
    let text = &written(&[add])[0].text;
    let imports = "import uuid\nfrom django.db import migrations, models\n";
    assert!(text.contains(imports), "{text}");
    assert!(text.contains("            state_operations=[\n                migrations.AddField(\n                    model_name=\"order\",\n"), "{text}");
    assert!(
        text.contains("help_text=\"\"\"two\nlines\"\"\"),\n                ),\n            ],\n"),
        "{text}"
    );
    assert!(text.contains("DROP COLUMN IF EXISTS"), "{text}");
    assert!(!text.contains("noop"), "{text}");
}

#[test]
fn an_app_without_a_leaf_is_named() {
    let lost = restoring(
        "x",
        "ALTER TABLE shop_order ALTER note SET DEFAULT ''",
        "lost",
    );
    let told = to_django(&[&lost], &schema(GIVEN), &[], &Options::default()).unwrap_err();
    assert_eq!(
        told,
        MigrationError::NoLeaf {
            app_label: "lost".into()
        }
    );
}

/// What Python makes of expressions.
fn by_python(expressions: &[String]) -> Vec<String> {
    let program = "import ast, json, sys; print(json.dumps([ast.literal_eval(text) for text in json.load(sys.stdin)]))";
    let mut child = Command::new("python3")
        .args(["-c", program])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    serde_json::to_writer(child.stdin.take().unwrap(), expressions).unwrap();
    let output = child.wait_with_output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn python_reads_every_literal_as_the_text_that_was_written() {
    let mut texts: Vec<String> = (1u32..0x400)
        .chain([
            0x2028, 0x2029, 0x202e, 0x2066, 0xfeff, 0xfffd, 0x1f418, 0x10_ffff,
        ])
        .filter_map(char::from_u32)
        .map(|letter| format!("a{letter}{letter}1"))
        .collect();
    texts.extend(
        [
            "",
            "'",
            "\"",
            "'\"",
            "\"\"'",
            "\\",
            "\\'",
            "\\n",
            "%s %(x)s {0}",
            "'''\"\"\"",
            "x\\",
        ]
        .map(str::to_owned),
    );
    let literals: Vec<String> = texts.iter().map(|text| literal(text)).collect();
    assert_eq!(by_python(&literals), texts);
    assert!(literals.iter().all(|text| !text.contains('\u{202e}')));
    let items: Vec<String> = texts
        .chunks(40)
        .map(|chunk| {
            let mut lines = Lines::default();
            lines.string(&chunk.join("\n"));
            lines.text.trim_end().trim_end_matches(',').to_owned()
        })
        .collect();
    let joined: Vec<String> = texts.chunks(40).map(|chunk| chunk.join("\n")).collect();
    assert_eq!(by_python(&items), joined);
}
