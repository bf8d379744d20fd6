//! Packages that a project installs: what of their models the project's own models need, and where it is learned.

#![allow(
    clippy::unwrap_used,
    reason = "a failure here is a failure of the test"
)]

use std::path::Path;

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
