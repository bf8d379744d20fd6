//! `hhschema sql` from outside: what it prints beside the real `sqlmigrate`, and what it says where it cannot print.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a failure here is a failure of the test, and each test is a story told in one piece"
)]

mod environment;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use environment::django::Project;
use environment::{DjangoVersion, PostgresVersion, Server};
use regex::Regex;
use serde::Deserialize;

/// What a run said and how it ended.
struct Run {
    out: String,
    beside: String,
    code: i32,
}

fn sql(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_hhschema"))
        .current_dir(folder)
        .arg("sql")
        .args(arguments)
        .output()
        .unwrap();
    Run {
        out: String::from_utf8(output.stdout).unwrap(),
        beside: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}

/// Migrations of `testdata/editor` in which one operation finds what an earlier one of the same migration did: `sqlmigrate`, which
/// runs nothing, leaves out what Django sends then, or prints what it does not send.
const NOT_AS_SQLMIGRATE: [&str; 6] = [
    "yard.0001_every_column",
    "yard.0004_altered_fields",
    "yard.0005_renames",
    "yard.0008_sql_and_state",
    "yard.0010_primary_keys",
    "contenttypes.0002_remove_content_type_name",
];

/// Each migration of a printed script, by its heading.
fn by_migration(script: &str) -> BTreeMap<String, String> {
    let heading = Regex::new(r"(?m)^-- (\w+\.\w+)\n").unwrap();
    let starts: Vec<_> = heading.captures_iter(script).collect();
    starts
        .iter()
        .enumerate()
        .map(|(number, found)| {
            let from = found.get(0).unwrap().end();
            let to = starts
                .get(number + 1)
                .map_or(script.len(), |next| next.get(0).unwrap().start());
            (found[1].to_owned(), script[from..to].trim_end().to_owned())
        })
        .collect()
}

/// The lines, sorted: the order of some follows Python's hash seed. Values that are made when Django runs are alike, and so
/// are the expressions of an index as Python shows them.
fn lines(script: &str) -> Vec<String> {
    let moment = Regex::new(r"'\d{4}-\d\d-\d\d[^']*'::timestamptz|'[0-9a-f]{32}'::uuid").unwrap();
    let expressions = Regex::new(
        r"^(-- Create index \w+ on) .*\(.*|^(-- Create index \w+ on) (expressions|F\().*",
    )
    .unwrap();
    let mut lines: Vec<String> = script
        .lines()
        .map(|line| {
            let line = moment.replace_all(line, "'made'");
            expressions.replace(&line, "$1$2 expressions").into_owned()
        })
        .collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_script_reads_as_that_of_sqlmigrate() {
    if environment::left_out("a script reads as that of sqlmigrate") {
        return;
    }
    let django = DjangoVersion::V5_2;
    let folder = environment::repository().join("testdata/editor");
    let project = Project::at(&folder, django);
    let database = Server::shared(PostgresVersion::NEWEST).database();
    let told = project.sqlmigrate(&database, &["yard", "auth"]);
    let packages = django.site_packages().display().to_string();
    let printed = |way: &[&str]| {
        let options = ["--settings", "settings.py", "--python-path", &packages];
        let run = sql(&folder, &[&options, way].concat());
        (by_migration(&run.out), run)
    };
    let (forwards, run) = printed(&[]);
    assert_eq!((run.code, run.beside.as_str()), (0, ""));
    let (backwards, run) = printed(&["--reverse"]);
    let mut differing = BTreeSet::new();
    for migration in &told {
        let key = format!("{}.{}", migration.app, migration.name);
        if lines(&forwards[&key]) != lines(&migration.forwards) {
            differing.insert(key.clone());
        }
        match (&migration.backwards, backwards.get(&key)) {
            (Some(theirs), Some(ours)) if lines(ours) != lines(theirs) => {
                differing.insert(key);
            }
            (Some(_), Some(_)) => {}
            (None, None) => assert!(
                run.beside.contains(&format!("{key} cannot be rolled back")),
                "{}",
                run.beside
            ),
            (theirs, ours) => panic!("{key} backwards: {theirs:?}, and here {ours:?}"),
        }
    }
    let expected: BTreeSet<String> = NOT_AS_SQLMIGRATE.map(str::to_owned).into();
    let unexpected: Vec<_> = differing.difference(&expected).collect();
    assert!(unexpected.is_empty(), "these differ: {unexpected:?}");
    assert!(told.len() > 20, "only {} migrations", told.len());
}

/// One migration of the JSON.
#[derive(Debug, Deserialize, PartialEq)]
struct Told {
    app: String,
    name: String,
    atomic: Option<bool>,
    operations: Vec<ToldOperation>,
    deferred: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct ToldOperation {
    index: usize,
    operation: String,
    statements: Vec<String>,
    not_analysed: Option<String>,
}

#[test]
fn what_the_next_migrate_of_a_database_runs_is_told_with_the_names_that_stand_there() {
    if environment::left_out("what the next migrate of a database runs is told") {
        return;
    }
    let django = DjangoVersion::V5_2;
    let folder = environment::repository().join("testdata/editor");
    let project = Project::at(&folder, django);
    let mut database = Server::shared(PostgresVersion::NEWEST).database();
    project
        .manage(
            &database,
            &[
                "migrate",
                "yard",
                "0003",
                "--verbosity",
                "0",
                "--skip-checks",
            ],
        )
        .unwrap_or_else(|printed| panic!("{printed}"));
    let keys = "SELECT conname FROM pg_constraint WHERE conrelid = 'yard_barn'::regclass AND contype = 'f'";
    for (number, name) in database.query_column(keys).iter().enumerate() {
        database.run(&format!(
            "ALTER TABLE yard_barn RENAME CONSTRAINT \"{name}\" TO \"hand made {number}\""
        ));
    }
    let packages = django.site_packages().display().to_string();
    let url = database.url();
    let options = ["--settings", "settings.py", "--python-path", &packages];
    let of_database = ["--unapplied", "--format", "json", "--database-url", &url];
    let run = sql(&folder, &[&options[..], &of_database].concat());
    assert_eq!((run.code, run.beside.as_str()), (0, ""));
    let told: Vec<Told> = serde_json::from_str(&run.out).unwrap();
    let executed = project.record(&database);
    let names = |app: &str, name: &str| format!("{app}.{name}");
    assert_eq!(
        told.iter()
            .map(|told| names(&told.app, &told.name))
            .collect::<Vec<_>>(),
        executed
            .iter()
            .map(|run| names(&run.app, &run.name))
            .collect::<Vec<_>>()
    );
    let by_hand = |text: &&String| text.contains("hand made");
    for (told, run) in told.iter().zip(&executed) {
        let told = told.operations.iter().flat_map(|told| &told.statements);
        let executed = run.operations.iter().flat_map(|run| &run.statements);
        assert_eq!(
            told.filter(by_hand).collect::<Vec<_>>(),
            executed.filter(by_hand).collect::<Vec<_>>(),
            "{}.{}",
            run.app,
            run.name
        );
    }
    let all = executed.iter().flat_map(|run| &run.operations);
    let dropped = all.flat_map(|run| &run.statements).filter(by_hand);
    assert!(
        dropped.count() > 0,
        "no constraint that was renamed is dropped"
    );
}

struct Shop(tempfile::TempDir);

impl Shop {
    fn with(migrations: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("shop/migrations");
        std::fs::create_dir_all(&package).unwrap();
        std::fs::write(folder.path().join("shop/__init__.py"), "").unwrap();
        std::fs::write(package.join("__init__.py"), "").unwrap();
        for (name, body) in migrations {
            let text = format!(
                "from django.db import migrations, models\nfrom elsewhere import Strange, text\n\n\nclass Migration(migrations.Migration):\n{body}"
            );
            std::fs::write(package.join(format!("{name}.py")), text).unwrap();
        }
        Self(folder)
    }

    fn sql(&self, arguments: &[&str]) -> Run {
        sql(self.0.path(), arguments)
    }
}

const INITIAL: (&str, &str) = (
    "0001_initial",
    "    operations = [
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('note', models.TextField(db_index=True))]),
    ]
",
);

#[test]
fn what_cannot_be_analysed_is_named_and_the_rest_is_printed() {
    let shop = Shop::with(&[
        INITIAL,
        (
            "0002_more",
            "    dependencies = [('shop', '0001_initial')]
    operations = [
        migrations.AddField('order', 'paid', models.BooleanField(null=True)),
        Strange('order'),
        migrations.RunSQL(text),
        migrations.AddField('order', 'code', models.CharField(max_length=text, null=True)),
        migrations.RemoveField('order', 'note'),
    ]
",
        ),
    ]);
    let run = shop.sql(&["shop", "0002"]);
    assert_eq!(
        (run.out.as_str(), run.beside.as_str(), run.code),
        (
            r#"BEGIN;
--
-- Add field paid to order
--
ALTER TABLE "shop_order" ADD COLUMN "paid" boolean NULL;
--
-- Strange
--
-- NOT ANALYSED: Strange at shop/migrations/0002_more.py:9:9: the operation class `elsewhere.Strange` was not found
--
-- Raw SQL operation
--
-- NOT ANALYSED: RunSQL at shop/migrations/0002_more.py:10:9: the SQL is not a text that can be read
--
-- Add field code to order
--
-- ALTER TABLE "shop_order" ADD COLUMN "code" /* not known */ NULL
-- NOT ANALYSED: AddField at shop/migrations/0002_more.py:11:9: `max_length` is not a number that can be read
--
-- Remove field note from order
--
ALTER TABLE "shop_order" DROP COLUMN "note";
COMMIT;
"#,
            "not analysed: 3 of 5 operations\n",
            0
        )
    );
    let run = shop.sql(&["shop", "0002", "--format", "json"]);
    let told: Vec<Told> = serde_json::from_str(&run.out).unwrap();
    let [told] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(told.atomic, Some(true));
    assert_eq!(told.deferred, Vec::<String>::new());
    assert_eq!(told.operations[1].operation, "Strange");
    assert_eq!(told.operations[1].statements, Vec::<String>::new());
    assert!(told.operations[1].not_analysed.is_some());
    assert_eq!(told.operations[4].index, 4);
    assert_eq!(
        told.operations[4].statements,
        [r#"ALTER TABLE "shop_order" DROP COLUMN "note""#]
    );
    assert_eq!(told.operations[4].not_analysed, None);
}

#[test]
fn a_squash_gives_way_to_one_that_it_replaces_where_that_is_named() {
    let shop = Shop::with(&[
        INITIAL,
        (
            "0002_paid",
            "    dependencies = [('shop', '0001_initial')]
    operations = [migrations.AddField('order', 'paid', models.BooleanField(null=True))]
",
        ),
        (
            "0001_squashed_0002_paid",
            "    replaces = [('shop', '0001_initial'), ('shop', '0002_paid')]
    operations = [
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('note', models.TextField()), ('paid', models.BooleanField(null=True))]),
    ]
",
        ),
    ]);
    let run = shop.sql(&["shop", "0002_paid"]);
    assert!(
        run.out
            .contains(r#"ALTER TABLE "shop_order" ADD COLUMN "paid" boolean NULL;"#),
        "{} {}",
        run.out,
        run.beside
    );
    let run = shop.sql(&["--format", "json"]);
    let told: Vec<Told> = serde_json::from_str(&run.out).unwrap();
    let names: Vec<_> = told.iter().map(|told| told.name.as_str()).collect();
    assert_eq!(names, ["0001_squashed_0002_paid"]);
    let run = shop.sql(&["shop", "0001"]);
    assert_eq!(
        run.beside,
        "hhschema: several migrations of `shop` begin with `0001`: 0001_initial, 0001_squashed_0002_paid\n"
    );
}

#[test]
fn what_there_is_not_is_said_with_what_may_be_meant() {
    let shop = Shop::with(&[INITIAL]);
    for (arguments, message) in [
        (
            &["shpo"][..],
            "hhschema: no app with the label `shpo` was found below `--project`, nor by `--settings` and `--python-path`; did you mean \
             `shop`?\n",
        ),
        (
            &["shop", "0007_lost"],
            "hhschema: `shop` has no migration whose name begins with `0007_lost`\n",
        ),
    ] {
        let run = shop.sql(arguments);
        assert_eq!(
            (run.beside.as_str(), run.out.as_str(), run.code),
            (message, "", 2)
        );
    }
}
