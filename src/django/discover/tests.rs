//! Projects on disk, and what is found of them.

use std::path::{Path, PathBuf};

use super::*;
use crate::django::migration::Ownership;
use crate::django::python::{Value, ValueKind};

const MIGRATION: &str = "from django.db import migrations\nclass Migration(migrations.Migration):\n    dependencies = []\n    operations = []\n";

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

const SHOP: &[(&str, &str)] = &[
    (
        "manage.py",
        "import os\ndef main():\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\n",
    ),
    ("site1/__init__.py", ""),
    (
        "site1/base.py",
        "INSTALLED_APPS = ['shop', 'django.contrib.auth', 'third.apps.ThirdConfig']\nAUTH_USER_MODEL = 'shop.User'\n",
    ),
    (
        "site1/settings.py",
        "from .base import *\nINSTALLED_APPS += ['moved']\nMIGRATION_MODULES = {'moved': 'moved_migrations', 'none': None}\n",
    ),
    ("shop/__init__.py", ""),
    (
        "shop/apps.py",
        "from django.apps import AppConfig\nclass ShopConfig(AppConfig):\n    name = 'shop'\n    label = 'the_shop'\n    default_auto_field = 'django.db.models.BigAutoField'\n",
    ),
    ("shop/models/__init__.py", ""),
    ("shop/models/order.py", ""),
    ("shop/migrations/__init__.py", ""),
    ("shop/migrations/0001_initial.py", MIGRATION),
    ("shop/migrations/_not.py", ""),
    ("shop/migrations/notes.txt", ""),
    ("moved/__init__.py", ""),
    ("moved/models.py", ""),
    ("moved_migrations/__init__.py", ""),
    ("moved_migrations/0001_initial.py", MIGRATION),
    ("left_out/__init__.py", ""),
    ("left_out/migrations/__init__.py", ""),
    ("left_out/migrations/0001_initial.py", MIGRATION),
    ("node_modules/x/migrations/__init__.py", ""),
    (".venv/pyvenv.cfg", ""),
    (".venv/lib/python3.12/site-packages/third/__init__.py", ""),
    (
        ".venv/lib/python3.12/site-packages/third/apps.py",
        "from django.apps import AppConfig\nclass ThirdConfig(AppConfig):\n    name = 'third'\nclass Other(ThirdConfig):\n    label = 'other'\n",
    ),
    (
        ".venv/lib/python3.12/site-packages/third/migrations/__init__.py",
        "",
    ),
    (
        ".venv/lib/python3.12/site-packages/third/migrations/0001_initial.py",
        MIGRATION,
    ),
];

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), SHOP);
    folder
}

fn labels(project: &Project) -> Vec<String> {
    project
        .apps
        .iter()
        .map(|app| app.label.to_string())
        .collect()
}

#[test]
fn a_project_is_found_from_any_path_in_it() {
    let folder = shop();
    for path in [
        "",
        "shop",
        "shop/migrations",
        "shop/migrations/0001_initial.py",
        "manage.py",
    ] {
        let named = folder.path().join(path);
        let project = discover(&[named], &DiscoverOptions::default()).unwrap();
        assert_eq!(labels(&project), ["moved", "the_shop", "third"], "{path}");
        let shop = project.app("the_shop").unwrap();
        assert_eq!((&*shop.name, shop.ownership), ("shop", Ownership::Project));
        assert_eq!(shop.migrations.as_ref().unwrap().files.len(), 1);
        assert_eq!(shop.models.len(), 2);
        assert_eq!(
            shop.default_auto_field.clone().unwrap().unwrap(),
            "django.db.models.BigAutoField".into()
        );
        assert_eq!(
            project.app("third").unwrap().ownership,
            Ownership::SitePackages
        );
        let moved = project.app("moved").unwrap().migrations.as_ref().unwrap();
        assert!(moved.folder.ends_with("moved_migrations"));
        assert_eq!(project.absent.len(), 1, "{:?}", project.absent);
        assert_eq!(&*project.absent[0].label, "auth");
        assert_eq!(
            &*project
                .settings
                .as_ref()
                .unwrap()
                .auth_user_model()
                .unwrap(),
            "shop.User"
        );
        let left_out: Vec<&str> = project.left_out.iter().map(|app| &*app.label).collect();
        assert_eq!(left_out, ["left_out"]);
        assert!(project.problems.is_empty(), "{:?}", project.problems);
    }
}

#[test]
fn an_app_that_is_named_is_read_though_it_is_not_installed() {
    let folder = shop();
    let project = discover(
        &[folder.path().join("left_out/migrations")],
        &DiscoverOptions::default(),
    )
    .unwrap();
    assert_eq!(labels(&project), ["left_out", "moved", "the_shop", "third"]);
    let named = project.named_files();
    assert_eq!(named.len(), 1);
    assert!(
        named
            .first()
            .unwrap()
            .ends_with("left_out/migrations/0001_initial.py")
    );
}

#[test]
fn without_settings_what_dependencies_reach_is_read() {
    let folder = shop();
    std::fs::remove_file(folder.path().join("manage.py")).unwrap();
    write(
        folder.path(),
        &[
            ("setup.py", ""),
            (
                "shop/migrations/0002_more.py",
                "from django.db import migrations\nclass Migration(migrations.Migration):\n    dependencies = [('third', '0001_initial'), ('gone', '0001')]\n",
            ),
        ],
    );
    let project = discover(&[folder.path().to_owned()], &DiscoverOptions::default()).unwrap();
    assert_eq!(labels(&project), ["left_out", "moved", "the_shop", "third"]);
    assert_eq!(&*project.absent[0].label, "gone");
}

#[test]
fn bad_paths_are_errors_and_the_rest_goes_on() {
    let folder = shop();
    let missing = folder.path().join("nowhere");
    let error = discover(std::slice::from_ref(&missing), &DiscoverOptions::default()).unwrap_err();
    assert!(error.to_string().contains("does not exist"), "{error}");
    let project = discover(
        &[missing, folder.path().to_owned()],
        &DiscoverOptions::default(),
    )
    .unwrap();
    assert_eq!(labels(&project), ["moved", "the_shop", "third"]);
    assert!(matches!(
        project.problems[0],
        DiscoverError::MissingPath { .. }
    ));
}

#[cfg(unix)]
#[test]
fn links_that_lead_back_end() {
    let folder = shop();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("shop/again")).unwrap();
    std::os::unix::fs::symlink("loop", folder.path().join("loop")).unwrap();
    let project = discover(&[folder.path().to_owned()], &DiscoverOptions::default()).unwrap();
    assert_eq!(labels(&project), ["moved", "the_shop", "third"]);
}

#[test]
fn a_settings_file_may_be_named() {
    let folder = shop();
    write(
        folder.path(),
        &[
            ("other.py", "INSTALLED_APPS = ['moved'] + UNKNOWN\n"),
            ("third.py", "INSTALLED_APPS = ['moved', NOPE]\n"),
        ],
    );
    let options = |file: &str| DiscoverOptions {
        settings: Some(folder.path().join(file)),
        ..DiscoverOptions::default()
    };
    let project = discover(&[folder.path().to_owned()], &options("other.py")).unwrap();
    assert_eq!(project.unknown_apps.len(), 1);
    assert_eq!(labels(&project), ["left_out", "moved", "the_shop"]);
    let project = discover(&[folder.path().to_owned()], &options("third.py")).unwrap();
    assert_eq!(project.unknown_apps.len(), 1);
    let project = discover(&[folder.path().to_owned()], &options("gone.py")).unwrap();
    assert!(matches!(
        project.problems[0],
        DiscoverError::MissingPath { .. }
    ));
}

#[test]
fn values_of_a_settings_file_are_read() {
    let folder = shop();
    let project = discover(&[PathBuf::from(folder.path())], &DiscoverOptions::default()).unwrap();
    let apps = project.settings.unwrap().installed_apps();
    let names = apps
        .entries
        .iter()
        .filter_map(Value::as_str)
        .collect::<Vec<_>>();
    assert_eq!(
        names,
        [
            "shop",
            "django.contrib.auth",
            "third.apps.ThirdConfig",
            "moved"
        ]
    );
    assert!(
        apps.entries
            .iter()
            .all(|entry| matches!(entry.kind, ValueKind::Str(_)))
    );
}
