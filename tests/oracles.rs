//! The oracles of the other tests work: servers of every version, real Django, and nothing left behind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use environment::corpora::Corpus;
use environment::django::Project;
use environment::{DjangoVersion, PostgresVersion, Server};

#[test]
fn every_supported_version_of_postgresql_runs() {
    if environment::left_out("every supported version of PostgreSQL runs") {
        return;
    }
    for version in PostgresVersion::ALL {
        let server = Server::start(version);
        let told = server.database().query_column("SHOW server_version_num");
        let major = told[0].parse::<u32>().unwrap() / 10_000;
        assert_eq!(major, version.major());
    }
}

#[test]
fn a_refusal_carries_sqlstate_table_and_column() {
    if environment::left_out("a refusal carries SQLSTATE, table and column") {
        return;
    }
    let mut database = Server::shared(PostgresVersion::NEWEST).database();
    database.run("CREATE TABLE shop_order (id int, note text NOT NULL); INSERT INTO shop_order VALUES (1, '')");
    let refused = database
        .execute("INSERT INTO shop_order (id) VALUES (2)")
        .unwrap_err();
    assert_eq!(refused.state, "23502");
    assert_eq!(refused.table.as_deref(), Some("shop_order"));
    assert_eq!(refused.column.as_deref(), Some("note"));
    assert_eq!(
        database
            .execute("CREATE TABLE shop_order ()")
            .unwrap_err()
            .state,
        "42P07"
    );
    database.run("BEGIN; CREATE TABLE gone (); ROLLBACK");
    // CONCURRENTLY is refused inside a transaction block: statements sent alone are not in one.
    database.run("CREATE INDEX CONCURRENTLY i ON shop_order (note)");
    let rows = database.query_rows("SELECT id, note, NULL FROM shop_order");
    assert_eq!(rows, [[Some("1".to_owned()), Some(String::new()), None]]);
}

#[test]
fn each_database_is_its_own_and_can_be_a_copy_of_another() {
    if environment::left_out("each database is its own") {
        return;
    }
    let server = Server::shared(PostgresVersion::NEWEST);
    let mut first = server.database();
    first.run("CREATE TABLE here (); CREATE EXTENSION citext");
    let tables = "SELECT relname FROM pg_class WHERE relname = 'here'";
    assert!(server.database().query_column(tables).is_empty());
    let name = first.name().to_owned();
    drop(first);
    let mut copy = server.copy_of(&name);
    assert_eq!(copy.query_column(tables), ["here"]);
    copy.run("BEGIN");
    assert!(copy.execute("CREATE TABLE here ()").is_err());
    copy.reset();
    assert!(copy.query_column(tables).is_empty());
    copy.run("CREATE TABLE here ()");
}

#[test]
fn a_server_ends_when_it_is_dropped() {
    if environment::left_out("a server ends when it is dropped") {
        return;
    }
    let server = Server::start(PostgresVersion::NEWEST);
    let socket = server.socket().to_owned();
    let process = server_process(&socket);
    assert!(is_running(&process));
    drop(server);
    assert!(!is_running(&process));
    assert!(!socket.exists());
}

/// The test below runs this one in a process of its own, and kills it.
#[test]
#[ignore = "no test of its own: it waits to be killed"]
fn holds_a_server_until_it_is_killed() {
    let server = Server::shared(PostgresVersion::NEWEST);
    println!("socket {}", server.socket().display());
    std::thread::sleep(Duration::from_mins(1));
}

#[test]
fn a_server_ends_when_the_process_that_started_it_is_killed() {
    use std::io::{BufRead, BufReader};
    if environment::left_out("a server ends when the process that started it is killed") {
        return;
    }
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "holds_a_server_until_it_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let printed = BufReader::new(holder.stdout.take().unwrap());
    let mut lines = printed.lines().map_while(Result::ok);
    let socket = lines
        .find_map(|line| line.split_once("socket ").map(|(_, path)| path.to_owned()))
        .unwrap();
    let process = server_process(Path::new(&socket));
    assert!(is_running(&process));

    holder.kill().unwrap(); // SIGKILL: no destructor of that process runs.
    holder.wait().unwrap();

    let deadline = Instant::now() + Duration::from_secs(20);
    while is_running(&process) || Path::new(&socket).exists() {
        assert!(
            Instant::now() < deadline,
            "the server {process} outlived its owner"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn server_process(socket: &Path) -> String {
    let lines = std::fs::read_to_string(socket.join("data/postmaster.pid")).unwrap();
    lines.lines().next().unwrap().to_owned()
}

fn is_running(process: &str) -> bool {
    // A zombie whose keeper has not yet collected it serves nobody.
    std::fs::read_to_string(format!("/proc/{process}/stat"))
        .is_ok_and(|stat| !stat.contains(") Z "))
}

const CONTRIB: &str = r"
SECRET_KEY = 'x'
SITE_ID = 1
USE_TZ = True
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
INSTALLED_APPS = ['django.contrib.' + name for name in (
    'admin', 'auth', 'contenttypes', 'flatpages', 'messages', 'redirects', 'sessions', 'sites')]
";

#[test]
fn real_migrate_of_the_contrib_apps_executes_63_statements_in_23_migrations() {
    if environment::left_out("real migrate of the contrib apps") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.py"), CONTRIB).unwrap();
    for version in DjangoVersion::ALL {
        let database = Server::shared(PostgresVersion::NEWEST).database();
        let recorded = Project::at(folder.path(), version).record(&database);
        let operations = recorded.iter().flat_map(|migration| &migration.operations);
        let statements = operations
            .map(|operation| operation.statements.len())
            .sum::<usize>();
        let deferred = recorded
            .iter()
            .map(|migration| migration.deferred.len())
            .sum::<usize>();
        assert_eq!(
            (recorded.len(), statements + deferred),
            (23, 63),
            "Django {}",
            version.name()
        );
        let queued = recorded.iter().flat_map(|migration| &migration.deferred);
        assert!(
            queued.clone().all(|deferred| deferred.operation.is_some()),
            "{:?}",
            queued.collect::<Vec<_>>()
        );
    }
}

#[test]
fn statements_are_recorded_under_the_operation_that_sent_or_queued_them() {
    if environment::left_out("statements are recorded under their operation") {
        return;
    }
    let folder = shop_with_an_orphan_column();
    let database = Server::shared(PostgresVersion::NEWEST).database();
    let recorded = Project::at(folder.path(), DjangoVersion::V5_2).record(&database);
    let [first, second] = &recorded[..] else {
        panic!("{recorded:?}")
    };
    assert_eq!(
        (first.app.as_str(), first.name.as_str(), first.atomic),
        ("shop", "0001_initial", true)
    );
    let deferred = &first.deferred;
    assert_eq!(deferred.len(), 2, "{deferred:?}");
    assert!(
        deferred
            .iter()
            .all(|deferred| deferred.operation == Some(1)),
        "{deferred:?}"
    );
    assert!(!second.atomic);
    let names = second
        .operations
        .iter()
        .map(|operation| operation.operation.as_str())
        .collect::<Vec<_>>();
    assert_eq!(names, ["AddField", "RunSQL", "RunPython"]);
    assert_eq!(
        second.operations[0].statements,
        [
            r#"ALTER TABLE "shop_order" ADD COLUMN "status" varchar(9) DEFAULT '100%' NOT NULL"#,
            r#"ALTER TABLE "shop_order" ALTER COLUMN "status" DROP DEFAULT"#,
        ]
    );
    assert_eq!(
        second.operations[1].statements,
        ["ALTER TABLE shop_order ADD COLUMN a int NOT NULL DEFAULT 5"]
    );
    assert_eq!(
        second.operations[2].through_cursor,
        ["CREATE INDEX by_hand ON shop_order (a)"]
    );
    assert!(second.operations[2].statements.is_empty());
}

#[test]
fn the_real_orm_says_which_columns_refuse_an_insert() {
    if environment::left_out("the real ORM says which columns refuse an INSERT") {
        return;
    }
    let folder = shop_with_an_orphan_column();
    let mut database = Server::shared(PostgresVersion::NEWEST).database();
    let project = Project::at(folder.path(), DjangoVersion::V5_2);
    project.record(&database);
    database.run("ALTER TABLE shop_order ADD COLUMN b text NOT NULL");
    let told = project.try_inserts(&database, &[]);
    assert_eq!(told["shop.Customer"].refused, []);
    let order = &told["shop.Order"];
    assert_eq!(
        (order.table.as_str(), &order.problem),
        ("shop_order", &None)
    );
    let columns = order.refused.iter().map(|refusal| {
        (
            refusal.sqlstate.as_str(),
            refusal.column.as_deref().unwrap(),
        )
    });
    // `status` is in no model since it was commented out; `a` has a default; `b` never was in a model.
    assert_eq!(
        columns.collect::<Vec<_>>(),
        [("23502", "status"), ("23502", "b")]
    );
    assert_eq!(
        database.query_column("SELECT count(*) FROM shop_order"),
        ["0"]
    );
    assert_eq!(
        database
            .execute("INSERT INTO shop_order DEFAULT VALUES")
            .unwrap_err()
            .state,
        "23502"
    );
}

#[test]
fn a_real_package_is_installed_and_migrated_by_real_django() {
    if environment::left_out("a real package is installed and migrated by real Django") {
        return;
    }
    let corpus = Corpus::named("django-celery-beat");
    assert_eq!(corpus.migrations, 21);
    assert!(
        corpus
            .lint
            .iter()
            .all(|path| path.join("migrations").is_dir()),
        "{corpus:?}"
    );
    let database = Server::shared(PostgresVersion::NEWEST).database();
    let recorded = corpus
        .project()
        .record_apps(&database, &["django_celery_beat"]);
    let applied = recorded
        .iter()
        .filter(|migration| migration.app == "django_celery_beat");
    assert_eq!(applied.count(), 21);
}

/// A project whose migrations add a column that its models do not have.
fn shop_with_an_orphan_column() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let migrations = folder.path().join("shop/migrations");
    std::fs::create_dir_all(&migrations).unwrap();
    let settings = "SECRET_KEY = 'x'\nINSTALLED_APPS = ['shop']\nDEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n";
    let files = [
        ("settings.py", settings),
        ("shop/__init__.py", ""),
        ("shop/migrations/__init__.py", ""),
        ("shop/models.py", SHOP_MODELS),
        ("shop/migrations/0001_initial.py", SHOP_INITIAL),
        ("shop/migrations/0002_status.py", SHOP_STATUS),
    ];
    for (path, text) in files {
        std::fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

const SHOP_MODELS: &str = "
from django.db import models


class Customer(models.Model):
    born = models.DateField(null=True)


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
    total = models.DecimalField(max_digits=7, decimal_places=2)
    # status = models.CharField(max_length=9)
";

const SHOP_INITIAL: &str = "
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel('Customer', [
            ('id', models.BigAutoField(primary_key=True)),
            ('born', models.DateField(null=True)),
        ]),
        migrations.CreateModel('Order', [
            ('id', models.BigAutoField(primary_key=True)),
            ('customer', models.ForeignKey('shop.Customer', models.CASCADE)),
            ('total', models.DecimalField(max_digits=7, decimal_places=2)),
        ]),
    ]
";

const SHOP_STATUS: &str = "
from django.db import migrations, models


def index(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute('CREATE INDEX by_hand ON shop_order (a)')
        cursor.execute('SELECT 1')
    apps.get_model('shop', 'Order').objects.update(status='')


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('shop', '0001_initial')]
    operations = [
        migrations.AddField('Order', 'status', models.CharField(max_length=9, default='100%')),
        migrations.RunSQL('ALTER TABLE shop_order ADD COLUMN a int NOT NULL DEFAULT 5'),
        migrations.RunPython(index),
    ]
";
