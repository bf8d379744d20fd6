//! `hhschema fix` on real servers, as people run it: what it emits runs under psql, ends what `drift` finds, is safe to
//! run again, and is taken back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a failure here is a failure of the test, and each test is a story told in one piece"
)]

mod environment;

use std::path::{Path, PathBuf};
use std::process::Command;

use environment::django::Project;
use environment::{Database, DjangoVersion, PostgresVersion, Server};

/// Stands in every URL: the servers ask for none.
const PASSWORD: &str = "pass%27word-that-nobody-may-see";

fn ferry() -> PathBuf {
    environment::repository().join("testdata/ferry")
}

fn migrated(version: PostgresVersion) -> Database {
    let database = Server::shared(version).database();
    Project::at(&ferry(), DjangoVersion::V5_2)
        .manage(&database, &["migrate", "--verbosity", "0", "--skip-checks"])
        .unwrap_or_else(|printed| panic!("{printed}"));
    database
}

struct Ran {
    code: i32,
    out: String,
    beside: String,
}

fn hhschema(database: &Database, arguments: &[&str]) -> Ran {
    let url = database
        .url()
        .replace("postgres@", &format!("postgres:{PASSWORD}@"));
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .args(arguments)
        .args(["--database-url", &url, "--settings"])
        .arg(ferry().join("settings.py"))
        .arg(ferry())
        .env_remove("VIRTUAL_ENV")
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let ran = Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        beside: String::from_utf8(output.stderr).unwrap(),
    };
    for text in [&ran.out, &ran.beside] {
        assert!(!text.contains("nobody-may-see"), "the password: {text}");
    }
    ran
}

/// Two that are repaired by themselves, and two where a person has to choose.
const FAULTS: &str = "
DROP INDEX ship_tugs_by_year;
ALTER TABLE harbour_port ALTER COLUMN notes DROP NOT NULL;
ALTER TABLE harbour_ship ADD COLUMN region text NOT NULL DEFAULT '';
ALTER TABLE harbour_ship ALTER COLUMN region DROP DEFAULT;
ALTER TABLE harbour_port ADD COLUMN \"a \"\"b\"\"\n'c'\" integer;";

const CHOICES: [&str; 2] = ["--choose", "drop-column"];

fn with<'a>(first: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [first, rest].concat()
}

#[test]
fn the_script_ends_the_drift_runs_twice_and_is_taken_back() {
    if environment::left_out("the script of fix") {
        return;
    }
    for version in [PostgresVersion::OLDEST, PostgresVersion::NEWEST] {
        let mut database = migrated(version);
        let whole = database.dump();
        assert_eq!(hhschema(&database, &["fix"]).out, "nothing to repair\n");
        database.run(FAULTS);
        let broken = database.dump();

        let undecided = hhschema(&database, &["fix", "--emit-sql"]);
        assert_eq!(undecided.code, 1, "{}", undecided.beside);
        for name in ["drop-not-null", "drop-column"] {
            assert!(undecided.beside.contains(name), "{}", undecided.beside);
            assert!(
                undecided.out.contains(&format!("={name}'")),
                "{}",
                undecided.out
            );
        }
        assert!(
            !undecided.out.contains("DROP COLUMN"),
            "nobody chose it: {}",
            undecided.out
        );

        let script = hhschema(&database, &with(&["fix", "--emit-sql"], &CHOICES));
        assert_eq!(script.code, 0, "{}", script.beside);
        let rollback = hhschema(
            &database,
            &with(&["fix", "--emit-sql", "--rollback"], &CHOICES),
        );
        assert_eq!(database.dump(), broken, "to emit is to read");

        for _ in 0..2 {
            database
                .psql(&script.out)
                .unwrap_or_else(|printed| panic!("{printed}"));
        }
        let drift = hhschema(
            &database,
            &["drift", "--format", "concise", "--fail-on", "note"],
        );
        assert_eq!((drift.code, &*drift.out), (0, ""), "{}", drift.beside);
        assert_eq!(database.dump(), whole);
        assert_eq!(hhschema(&database, &["fix"]).out, "nothing to repair\n");

        database
            .psql(&rollback.out)
            .unwrap_or_else(|printed| panic!("{printed}"));
        let left = hhschema(&database, &["fix"]);
        assert_eq!(
            left.code, 1,
            "what the rollback brings back is found again: {}",
            left.out
        );
    }
}

#[test]
fn a_trial_leaves_nothing_and_says_what_it_saw() {
    if environment::left_out("a trial") {
        return;
    }
    let mut database = migrated(PostgresVersion::NEWEST);
    database.run("INSERT INTO harbour_port (name, code, depth, notes, is_open) VALUES ('Bergen', 'B', 9, '', true)");
    database.run(FAULTS);
    let broken = database.dump();
    let trial = hhschema(
        &database,
        &[
            "fix",
            "--verify",
            "--scratch",
            "--choose",
            "drop-not-null",
            "--choose",
            "drop-column",
        ],
    );
    assert_eq!(trial.code, 0, "{}{}", trial.out, trial.beside);
    for words in [
        "harbour_ship.region: refused before (23502), works after",
        "insert-fails:harbour_ship.region: gone",
        "rollback: the catalog is as before, but for what the rollback does not bring back",
        "the script on an empty copy: runs again",
        "the whole: verified",
    ] {
        assert!(trial.out.contains(words), "{words}\n{}", trial.out);
    }
    assert_eq!(database.dump(), broken);
    let copies = "SELECT datname FROM pg_database WHERE datname LIKE 'hhschema%'";
    assert_eq!(database.query_column(copies), Vec::<String>::new());
}

#[test]
fn a_trial_that_fails_is_exit_1() {
    if environment::left_out("a trial that fails") {
        return;
    }
    let mut database = migrated(PostgresVersion::NEWEST);
    database.run(
        "ALTER TABLE harbour_port ALTER COLUMN notes DROP NOT NULL;
         ALTER TABLE harbour_port ALTER COLUMN name DROP NOT NULL;
         INSERT INTO harbour_port (code, depth, is_open) VALUES ('a', 1, true)",
    );
    let trial = hhschema(&database, &["fix", "--verify"]);
    assert_eq!(trial.code, 1, "{}{}", trial.out, trial.beside);
    assert!(trial.out.contains("FAILED"), "{}", trial.out);
}

#[test]
fn migrations_are_shown_as_a_diff_and_nothing_is_written_unasked() {
    if environment::left_out("migrations of fix") {
        return;
    }
    let mut database = migrated(PostgresVersion::NEWEST);
    database.run("DROP INDEX ship_tugs_by_year");
    let diff = hhschema(&database, &["fix", "--emit-migration"]);
    assert_eq!(diff.code, 0, "{}", diff.beside);
    assert!(
        diff.out.starts_with("--- /dev/null\n+++ b/"),
        "{}",
        diff.out
    );
    assert!(
        diff.out.contains("+class Migration(migrations.Migration):"),
        "{}",
        diff.out
    );
    let status = environment::run(
        "git",
        [
            "-C",
            ferry().to_str().unwrap(),
            "status",
            "--short",
            "--",
            ".",
        ],
    );
    assert!(!status.contains("repair"), "{status}");
}

#[test]
fn a_choice_that_fits_nothing_is_exit_2() {
    if environment::left_out("a choice that fits nothing") {
        return;
    }
    let mut database = migrated(PostgresVersion::NEWEST);
    database.run(FAULTS);
    let refused = hhschema(&database, &["fix", "--emit-sql", "--choose", "drop-colum"]);
    assert_eq!((refused.code, &*refused.out), (2, ""));
    assert!(
        refused.beside.contains("did you mean `drop-column`?"),
        "{}",
        refused.beside
    );
}

#[test]
fn a_hostile_column_can_be_chosen_as_it_is_shown() {
    if environment::left_out("a hostile column") {
        return;
    }
    let mut database = migrated(PostgresVersion::NEWEST);
    let whole = database.dump();
    database.run("ALTER TABLE harbour_port ADD COLUMN \"a \"\"b\"\"\n'c'\" integer");
    let choice = "column-without-field:harbour_port.a \"b\"\\n'c'=drop-column";
    let script = hhschema(&database, &["fix", "--emit-sql", "--choose", choice]);
    assert_eq!(script.code, 0, "{}", script.beside);
    database
        .psql(&script.out)
        .unwrap_or_else(|printed| panic!("{printed}"));
    assert_eq!(database.dump(), whole);
}

/// A project of which real Django silences the check that a long name fails.
const LONG_NAME: [(&str, &str); 4] = [
    (
        "settings.py",
        "SECRET_KEY = 'x'\nINSTALLED_APPS = ['shop']\nSILENCED_SYSTEM_CHECKS = ['models.E034']\n\
         DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n",
    ),
    ("shop/__init__.py", ""),
    (
        "shop/models.py",
        "from django.db import models\n\n\nclass Order(models.Model):\n    status = models.CharField(max_length=20)\n\n    \
         class Meta:\n        indexes = [models.Index(fields=['status'], name='shop_order_by_status_of_the_day')]\n",
    ),
    ("shop/migrations/__init__.py", ""),
];

/// A project in a folder of its own.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// What `fix` prints for the project in a folder.
fn fixed((folder, version): (&Path, DjangoVersion), code: i32, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .arg("fix")
        .args(arguments)
        .args(["--django", version.name(), "--settings", "settings.py", "."])
        .current_dir(folder)
        .env_remove("VIRTUAL_ENV")
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let beside = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {beside}");
    String::from_utf8(output.stdout).unwrap()
}

/// What real Django wants written, in words; `None` when it is content.
fn wanted_by_django(project: &Project, database: &Database) -> Option<String> {
    project
        .manage(database, &["makemigrations", "--check", "--dry-run"])
        .err()
}

#[test]
fn the_migration_of_a_long_name_runs_everywhere_and_back() {
    if environment::left_out("the migration of a long name") {
        return;
    }
    let server = Server::shared(PostgresVersion::NEWEST);
    for version in DjangoVersion::ALL {
        let folder = project(&LONG_NAME);
        let project = Project::at(folder.path(), version);
        let (mut broken, mut mended, fresh) =
            (server.database(), server.database(), server.database());
        let made = project.manage(&broken, &["makemigrations", "shop"]);
        made.unwrap_or_else(|printed| panic!("{printed}"));
        for database in [&broken, &mended] {
            let migrated = project.manage(database, &["migrate", "--verbosity", "0"]);
            migrated.unwrap_or_else(|printed| panic!("{printed}"));
        }
        let dumped = broken.dump();
        let url = mended.url();
        let script = fixed(
            (folder.path(), version),
            0,
            &["--emit-sql", "--database-url", &url],
        );
        fixed(
            (folder.path(), version),
            0,
            &["--emit-migration", "--write", "--no-database"],
        );
        mended
            .psql(&script)
            .unwrap_or_else(|printed| panic!("{printed}"));
        let names = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'shop_order'::regclass AND NOT indisprimary";
        for database in [&mut broken, &mut mended] {
            let migrated = project.manage(database, &["migrate", "--verbosity", "0"]);
            migrated.unwrap_or_else(|printed| panic!("{printed}"));
            assert_eq!(
                database.query_column(names),
                ["shop_order_by_status_of_thbf8f"]
            );
            assert_eq!(wanted_by_django(&project, database), None);
            let back = project.manage(database, &["migrate", "--verbosity", "0", "shop", "0001"]);
            back.unwrap_or_else(|printed| panic!("{printed}"));
            assert_eq!(database.dump(), dumped, "Django {}", version.name());
        }
        let migrated = project.manage(&fresh, &["migrate", "--verbosity", "0"]);
        migrated.unwrap_or_else(|printed| panic!("{printed}"));
        assert_eq!(wanted_by_django(&project, &fresh), None);
    }
}

/// The model has lost a field that the second migration brought.
const LOST_FIELD: [(&str, &str); 6] = [
    (
        "settings.py",
        "SECRET_KEY = 'x'\nINSTALLED_APPS = ['shop']\nDEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n",
    ),
    ("shop/__init__.py", ""),
    (
        "shop/models.py",
        "from django.db import models\n\n\nclass Order(models.Model):\n    status = models.CharField(max_length=20)\n",
    ),
    ("shop/migrations/__init__.py", ""),
    (
        "shop/migrations/0001_initial.py",
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    initial = True\n    \
         dependencies = []\n    operations = [\n        migrations.CreateModel(\n            name='Order',\n            \
         fields=[\n                ('id', models.BigAutoField(primary_key=True)),\n                \
         ('status', models.CharField(max_length=20)),\n            ],\n        ),\n    ]\n",
    ),
    (
        "shop/migrations/0002_order_channel.py",
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    \
         dependencies = [('shop', '0001_initial')]\n    operations = [\n        \
         migrations.AddField('order', 'channel', models.CharField(max_length=20, default='web')),\n    ]\n",
    ),
];

#[test]
fn an_outage_ends_by_the_script_or_by_the_migration_and_fix_does_not_bring_it_back() {
    if environment::left_out("the outage of a lost field") {
        return;
    }
    let server = Server::shared(PostgresVersion::NEWEST);
    let default =
        "SELECT column_default FROM information_schema.columns WHERE column_name = 'channel'";
    for version in DjangoVersion::ALL {
        let folder = project(&LOST_FIELD);
        let place = (folder.path(), version);
        let django = Project::at(folder.path(), version);
        let migrate = |database: &Database, to: &[&str]| {
            let command = with(&["migrate", "--verbosity", "0"], to);
            let migrated = django.manage(database, &command);
            migrated.unwrap_or_else(|printed| panic!("{printed}"));
        };
        let refused = |database: &Database| {
            let tried = django.try_inserts(database, &["shop.Order"]);
            tried["shop.Order"]
                .refused
                .iter()
                .map(|refusal| format!("{} {:?}", refusal.sqlstate, refusal.column))
                .collect::<Vec<_>>()
        };
        let (mut broken, mut mended, mut fresh) =
            (server.database(), server.database(), server.database());
        for database in [&broken, &mended] {
            migrate(database, &[]);
            assert_eq!(refused(database), ["23502 Some(\"channel\")"]);
        }
        let (dumped, url) = (broken.dump(), mended.url());
        let choose = ["--choose", "set-default", "--database-url", &url];
        let script = fixed(place, 0, &with(&["--emit-sql"], &choose));
        let verdict = fixed(place, 0, &with(&["--verify"], &choose));
        assert!(
            verdict.contains("shop_order.channel: refused before (23502), works after"),
            "{verdict}"
        );
        mended
            .psql(&script)
            .unwrap_or_else(|printed| panic!("{printed}"));
        assert_eq!(refused(&mended), Vec::<String>::new());

        // The database is ahead of its migrations now: nothing may take its default away unasked.
        let again = fixed(place, 1, &["--emit-sql", "--database-url", &url]);
        assert!(again.contains("There is nothing to do"), "{again}");
        assert!(again.contains("=keep'"), "{again}");

        let broken_url = broken.url();
        let choose = ["--choose", "set-default", "--database-url", &broken_url];
        fixed(place, 0, &with(&["--emit-migration", "--write"], &choose));
        for database in [&mut broken, &mut mended, &mut fresh] {
            migrate(database, &[]);
            assert_eq!(refused(database), Vec::<String>::new());
            assert_eq!(database.query_column(default), ["'web'::character varying"]);
            migrate(database, &["shop", "0002"]);
            assert_eq!(database.dump(), dumped, "Django {}", version.name());
        }
    }
}
