//! Packages that a project installs: what of their models the project's own models need, and where it is learned.

#![allow(
    clippy::unwrap_used,
    reason = "a failure here is a failure of the test"
)]

use std::path::Path;
use std::process::Command;

use hhschema::cli::history_of;
use hhschema::schema::{Identifier, RelationName};

const PACKAGE: &[(&str, &str)] = &[
    ("site-packages/tags/__init__.py", ""),
    (
        "site-packages/tags/models.py",
        "from django.db import models\nclass Tag(models.Model):\n    id = models.BigAutoField(primary_key=True)\n",
    ),
];

const PACKAGE_MIGRATION: &[(&str, &str)] = &[
    ("site-packages/tags/migrations/__init__.py", ""),
    (
        "site-packages/tags/migrations/0001_initial.py",
        "from django.db import migrations, models\nclass Migration(migrations.Migration):\n    operations = [\n        \
         migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))]),\n    ]\n",
    ),
];

const PROJECT: &[(&str, &str)] = &[
    (
        "settings.py",
        "INSTALLED_APPS = ['shop', 'tags']\nDEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n",
    ),
    ("shop/__init__.py", ""),
    (
        "shop/models.py",
        "from django.db import models\nclass Order(models.Model):\n    tag = models.ForeignKey('tags.Tag', models.CASCADE)\n",
    ),
];

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// The type that the models give the foreign key to the package.
fn type_of_the_key(parts: &[&[(&str, &str)]]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for files in parts {
        write(folder.path(), files);
    }
    let history = history_of(
        &[folder.path().join("shop")],
        Some(folder.path().join("settings.py")),
        vec![folder.path().join("site-packages")],
    )
    .unwrap();
    let models = history.models.unwrap();
    let table = RelationName::new(
        Identifier::quoted("public"),
        Identifier::quoted("shop_order"),
    );
    let column = models
        .expected
        .column(&table, &Identifier::quoted("tag_id"));
    column.found().unwrap().data_type.to_string()
}

#[test]
fn the_migrations_of_a_package_tell_what_its_tables_are() {
    assert_eq!(
        type_of_the_key(&[PROJECT, PACKAGE, PACKAGE_MIGRATION]),
        "integer"
    );
}

#[test]
fn the_models_of_a_package_without_migrations_are_read() {
    assert_eq!(type_of_the_key(&[PROJECT, PACKAGE]), "bigint");
}

#[test]
fn the_models_of_a_package_are_read_where_its_migrations_could_not_be() {
    let unreadable = [(
        "site-packages/tags/migrations/0001_initial.py",
        "from django.db import migrations\nclass Migration(migrations.Migration):\n    operations = made_elsewhere()\n",
    )];
    assert_eq!(
        type_of_the_key(&[PROJECT, PACKAGE, PACKAGE_MIGRATION, &unreadable]),
        "bigint"
    );
}

/// Whether the models' keys are wider than the migrations made them, for a command that runs in the folder of the packages.
fn wants_wider_keys(installed: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let packages = folder.path().join("site-packages");
    std::fs::create_dir_all(packages.join(installed)).unwrap();
    write(folder.path(), PACKAGE_MIGRATION);
    write(
        folder.path(),
        &[
            ("settings.py", "INSTALLED_APPS = ['tags']\n"),
            ("site-packages/tags/__init__.py", ""),
            (
                "site-packages/tags/models.py",
                "from django.db import models\nclass Tag(models.Model):\n    pass\n",
            ),
        ],
    );
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(["lint", "--settings", "../settings.py", "--python-path", "."])
        .args(["--format", "concise", "tags"])
        .current_dir(packages)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).contains("column-type-mismatch")
}

/// `DEFAULT_AUTO_FIELD` is `AutoField` where it is not set, and `BigAutoField` from Django 6.0.
#[test]
fn the_installed_django_counts_where_the_command_runs_beside_it() {
    assert!(!wants_wider_keys("django-5.2.19.dist-info"));
    assert!(wants_wider_keys("django-6.0.10.dist-info"));
}
