//! Sessions on a live server: what goes wrong is told as what it is, no text holds a password, and nothing is left behind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here is a failure of the test"
)]

mod catalogs;
mod environment;

use std::net::TcpListener;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use environment::{PostgresVersion, Server};
use hhschema::database::{
    Address, Catalog, DatabaseError, Limits, Migrations, Problem, Session, StatementError, Unseen,
};
use hhschema::schema::{Identifier, Lookup, RelationName, WrittenName};

/// With what a URL must not have bare.
const PASSWORD: &str = "hunter2/?#@:%20ü";
const ENCODED: &str = "hunter2%2F%3F%23%40%3A%2520%C3%BC";

/// One server with passwords and TLS, a role `app` that has one, and a database `shop`.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let server = Server::on_network(PostgresVersion::V18);
        let mut session = Session::applying(&by_socket(&server), Limits::default()).unwrap();
        for statement in [
            &format!("CREATE ROLE app LOGIN PASSWORD '{PASSWORD}'"),
            "CREATE DATABASE shop",
            "CREATE DATABASE closed",
            "REVOKE CONNECT ON DATABASE closed FROM PUBLIC",
        ] {
            session.execute(statement).unwrap();
        }
        session.close();
        server
    })
}

fn by_socket(server: &Server) -> Address {
    let (socket, port) = (server.socket().display(), server.port());
    Address::from_url(&format!(
        "postgres://postgres@:{port}/postgres?host={socket}"
    ))
    .unwrap()
}

/// A URL of `app` at the server's port of the network.
fn url(password: &str, rest: &str) -> String {
    format!(
        "postgres://app:{password}@127.0.0.1:{}/{rest}",
        server().port()
    )
}

fn attempt(url: &str) -> Result<Session, DatabaseError> {
    Session::read_only(&Address::from_url(url)?, Limits::default())
}

/// The problem of a connection that must not succeed; what is printed of it has no password.
fn problem(url: &str) -> Problem {
    let error = attempt(url).map(|_| ()).expect_err(url);
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("hunter2"), "{text}");
        assert!(!text.contains("ü"), "{text}");
    }
    assert!(
        error.to_string().starts_with("cannot connect to "),
        "{error}"
    );
    println!("{error}");
    error.problem
}

#[test]
fn a_password_with_every_special_character_lets_in() {
    if environment::left_out("a password with special characters") {
        return;
    }
    let session = attempt(&url(ENCODED, "shop")).unwrap();
    assert_eq!(session.server().role, "app");
    assert_eq!(session.server().database, "shop");
    for text in [
        format!("{session:?}"),
        format!("{:?} {0}", session.address()),
    ] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    let told = session.address().to_string();
    assert_eq!(told, format!("127.0.0.1:{}/shop as app", server().port()));
}

#[test]
fn what_keeps_a_connection_from_being_made_is_told_as_what_it_is() {
    if environment::left_out("problems of a connection") {
        return;
    }
    let found = problem(&url("hunter2", "shop"));
    assert!(matches!(found, Problem::WrongPassword(_)), "{found:?}");
    let found = problem(&url("", "shop"));
    assert!(matches!(found, Problem::WrongPassword(_)), "{found:?}");
    let found = problem(&url(ENCODED, "nowhere"));
    assert!(matches!(found, Problem::UnknownDatabase(_)), "{found:?}");
    let found = problem(&url(ENCODED, "closed"));
    assert!(matches!(found, Problem::PermissionDenied(_)), "{found:?}");
    let socket = server().socket().display();
    let found = problem(&format!(
        "postgres://nobody:hunter2@:{}/shop?host={socket}",
        server().port()
    ));
    assert!(matches!(found, Problem::NotLetIn(_)), "{found:?}");
    // A port that nobody listens on.
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let found = problem(&format!("postgres://app:hunter2@127.0.0.1:{free}/shop"));
    assert!(matches!(found, Problem::Unreachable(_)), "{found:?}");
    let found = problem("postgres://app:hunter2@/shop?host=/nowhere");
    assert!(matches!(found, Problem::Unreachable(_)), "{found:?}");
    let found = problem("postgres://app:hunter2@no-such-host.invalid/shop");
    assert_eq!(
        found,
        Problem::UnknownHost("no-such-host.invalid".to_owned())
    );
    // One that takes the connection and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let found = problem(&format!(
        "postgres://app:hunter2@127.0.0.1:{port}/shop?connect_timeout=1"
    ));
    assert_eq!(found, Problem::NoAnswer(1));
}

#[test]
fn tls_is_what_sslmode_says() {
    if environment::left_out("TLS") {
        return;
    }
    let encrypted = |options: &str| {
        let mut session = attempt(&url(ENCODED, &format!("shop?{options}")))?;
        let query = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        Ok::<_, DatabaseError>(session.query(query).unwrap()[0][0].clone().unwrap())
    };
    let certificate = server().socket().join("server.crt");
    let certificate = certificate.display();
    assert_eq!(encrypted("sslmode=disable").unwrap(), "false");
    assert_eq!(encrypted("sslmode=prefer").unwrap(), "true");
    assert_eq!(encrypted("sslmode=require").unwrap(), "true");
    let full = format!("sslmode=verify-full&sslrootcert={certificate}");
    assert_eq!(encrypted(&full).unwrap(), "true");
    let found = problem(&url(ENCODED, "shop?sslmode=verify-full"));
    assert!(matches!(found, Problem::TlsFailed(_)), "{found:?}");
    let socket = server().socket().display();
    let port = server().port();
    // A server offers none on a unix socket.
    let found = problem(&format!(
        "postgres://app:hunter2@:{port}/shop?host={socket}&sslmode=require"
    ));
    assert_eq!(found, Problem::TlsNotOffered);
}

#[test]
fn a_url_that_means_something_else_is_refused() {
    for url in [
        "postgres://app:hunter2/x@host/db",
        "postgres://app:12/hunter2@host/db",
        "postgres://app:12?hunter2@host/db",
        "postgres://app:12#hunter2@host/db",
        "postgres://app:hunter2",
        "sqlite:///hunter2.db",
        "hunter2",
        "host=db password=hunter2",
        "app:hunter2@host/db",
        "hunter2://host/db",
        "postgres://app:hunter2@host:port/db",
        "postgres://app:hunter2@host/db?sslmode=hunter2",
    ] {
        let error = Address::from_url(url).map(|_| ()).expect_err(url);
        assert!(
            matches!(error.problem, Problem::InvalidAddress(_)),
            "{url}: {error:?}"
        );
        let told = format!("{error} {error:?}");
        println!("{url}: {error}");
        let may_tell = url.starts_with("hunter2:") || url.contains("sslmode");
        assert!(may_tell || !told.contains("hunter2"), "{url}: {told}");
    }
}

#[test]
fn urls_are_read_as_django_s_settings_write_them() {
    for (url, told) in [
        ("postgres://u:p@h/d", "h:5432/d as u"),
        ("postgresql://u@h:5433/d?sslmode=require", "h:5433/d as u"),
        ("postgis://u:p@h/d", "h:5432/d as u"),
        ("pgsql://u:p@[::1]:5433/d", "::1:5433/d as u"),
        ("postgres://u:p@/d?host=/run/pg", "/run/pg:5432/d as u"),
        ("postgres://u:p@:5433/d?host=/run/pg", "/run/pg:5433/d as u"),
        ("postgres://u%40x:p@%2Frun%2Fpg/d", "/run/pg:5432/d as u@x"),
        ("  postgres://u:p@h/my%20db\n", "h:5432/my db as u"),
        ("postgres://h/d?user=u&password=p", "h:5432/d as u"),
        ("postgres://u:p@h", "h:5432/u as u"),
    ] {
        let address = Address::from_url(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(address.to_string(), told, "{url}");
    }
}

/// Runs as a process of its own, with the variables of `libpq_s_variables_are_heeded`.
#[test]
fn shows_what_the_variables_name() {
    if std::env::var_os("SHOW_ADDRESS").is_some() {
        match Address::find(std::env::var("URL_ARGUMENT").ok().as_deref()) {
            Ok(address) => println!("\nfound {address} {address:?}"),
            Err(error) => println!("\nnot found {:?}", error.problem),
        }
    }
}

fn found_with(variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "shows_what_the_variables_name", "--nocapture"]);
    for name in [
        "PGHOST",
        "PGPORT",
        "PGUSER",
        "PGPASSWORD",
        "PGDATABASE",
        "PGSSLMODE",
        "DATABASE_URL",
    ] {
        command.env_remove(name);
    }
    let output = command
        .env("SHOW_ADDRESS", "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(!printed.contains("hunter2"), "{printed}");
    let line = printed
        .lines()
        .find(|line| line.contains("found "))
        .expect(&printed);
    line.to_owned()
}

#[test]
fn libpq_s_variables_are_heeded() {
    let host = ("PGHOST", "db.example");
    assert_eq!(found_with(&[]), "not found NoAddress");
    let all = [
        host,
        ("PGPORT", "5433"),
        ("PGUSER", "u"),
        ("PGDATABASE", "d"),
        ("PGPASSWORD", "hunter2"),
    ];
    assert!(found_with(&all).starts_with("found db.example:5433/d as u "));
    let url = ("DATABASE_URL", "postgres://v:hunter2@other/e");
    assert!(found_with(&[host, url]).starts_with("found other:5432/e as v "));
    let argument = ("URL_ARGUMENT", "postgres://w@third/f");
    assert!(found_with(&[host, url, argument]).starts_with("found third:5432/f as w "));
    assert!(found_with(&[host, ("PGSSLMODE", "sure")]).contains("PGSSLMODE"));
    assert!(found_with(&[host, ("PGPORT", "many")]).contains("PGPORT"));
}

#[test]
fn variables_and_the_password_file_let_in() {
    if environment::left_out("the password file") {
        return;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    let escaped = PASSWORD.replace('\\', "\\\\").replace(':', "\\:");
    std::fs::write(file.path(), format!("127.0.0.1:*:shop:app:{escaped}\n")).unwrap();
    let script = std::env::current_exe().unwrap();
    let run = |variables: &[(&str, &str)]| {
        let mut command = Command::new(&script);
        command.args(["--exact", "connects_by_variables", "--nocapture"]);
        command
            .env_remove("DATABASE_URL")
            .env("CONNECT", "1")
            .env("PGHOST", "127.0.0.1");
        command
            .env("PGPORT", server().port().to_string())
            .env("PGUSER", "app")
            .env("PGDATABASE", "shop");
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(!printed.contains("hunter2"), "{printed}");
        printed
    };
    let passfile = file.path().to_str().unwrap().to_owned();
    assert!(run(&[("PGPASSFILE", &passfile)]).contains("let in"));
    assert!(run(&[("PGPASSWORD", PASSWORD)]).contains("let in"));
    assert!(run(&[("PGPASSWORD", "hunter2")]).contains("password authentication failed"));
}

#[test]
fn connects_by_variables() {
    if std::env::var_os("CONNECT").is_some() {
        let address = Address::find(None).unwrap();
        match Session::read_only(&address, Limits::default()) {
            Ok(_) => println!("let in"),
            Err(error) => println!("{error}"),
        }
    }
}

fn open(kind: fn(&Address, Limits) -> Result<Session, DatabaseError>) -> Session {
    let address = by_socket(server()).with_database("shop");
    kind(&address, Limits::default()).unwrap()
}

fn refused(result: Result<u64, StatementError>) -> String {
    let error = result.unwrap_err();
    error
        .refusal()
        .unwrap_or_else(|| panic!("{error}"))
        .sqlstate
        .clone()
}

#[test]
fn a_read_only_session_changes_nothing() {
    if environment::left_out("a read-only session") {
        return;
    }
    let mut session = open(Session::read_only);
    assert_eq!(
        refused(session.execute("CREATE TABLE written (a int)")),
        "25006"
    );
    for text in [
        "COMMIT",
        "ROLLBACK; DROP TABLE x",
        "select 1; end",
        "BEGIN",
        "prepare transaction 'x'",
        "/* */ commit and chain",
    ] {
        let mut session = open(Session::read_only);
        let error = session.execute(text).unwrap_err();
        assert!(
            matches!(error, StatementError::EndsTransaction(_)),
            "{text}: {error:?}"
        );
        assert_eq!(
            refused(session.execute("CREATE TABLE written (a int)")),
            "25006"
        );
    }
}

#[test]
fn a_rolled_back_session_leaves_nothing_behind() {
    if environment::left_out("a rolled back session") {
        return;
    }
    let stays = |name: &str| {
        let mut session = open(Session::read_only);
        let query = format!("SELECT to_regclass('{name}')::text");
        session.query(&query).unwrap()[0][0].is_some()
    };
    for closes in [true, false] {
        let mut session = open(Session::rolled_back);
        assert_eq!(
            session
                .execute("CREATE TABLE tried (a int NOT NULL)")
                .unwrap(),
            0
        );
        assert_eq!(
            session
                .execute("INSERT INTO tried VALUES (1), (2)")
                .unwrap(),
            2
        );
        let error = session.execute("DO $$ BEGIN COMMIT; END $$").unwrap_err();
        assert_eq!(error.refusal().unwrap().sqlstate, "2D000");
        if closes {
            session.close();
        }
        assert!(!stays("tried"));
    }
    let mut session = open(Session::applying);
    session.execute("CREATE TABLE kept (a int)").unwrap();
    session.close();
    assert!(stays("kept"));
}

#[test]
fn a_refusal_is_told_with_its_parts_and_undone_to_a_savepoint() {
    if environment::left_out("refusals") {
        return;
    }
    let mut session = open(Session::rolled_back);
    session
        .execute("CREATE TABLE tried (a int NOT NULL CONSTRAINT small CHECK (a < 10))")
        .unwrap();
    let place = Identifier::quoted("a \"place\"");
    session.savepoint(&place).unwrap();
    let error = session
        .execute("INSERT INTO tried VALUES (NULL)")
        .unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!(refusal.sqlstate, "23502");
    assert_eq!(
        (refusal.table.as_deref(), refusal.column.as_deref()),
        (Some("tried"), Some("a"))
    );
    assert_eq!(refused(session.execute("SELECT 1")), "25P02");
    session.rollback_to(&place).unwrap();
    let error = session
        .execute("INSERT INTO tried VALUES (11)")
        .unwrap_err();
    assert_eq!(
        error.refusal().unwrap().constraint.as_deref(),
        Some("small")
    );
    session.rollback_to(&place).unwrap();
    session.release(&place).unwrap();
    assert_eq!(session.execute("INSERT INTO tried VALUES (1)").unwrap(), 1);
    // What is done in the transaction is in the catalog that it sees.
    let catalog = Catalog::read(&mut session, &[]).unwrap();
    let written = WrittenName::bare(Identifier::quoted("tried"));
    assert!(matches!(catalog.schema.table(&written), Lookup::Found(_)));
    session.execute("DROP TABLE tried").unwrap();
    let catalog = Catalog::read(&mut session, &[]).unwrap();
    assert!(catalog.schema.table(&written).is_absent());
}

#[test]
fn a_lost_connection_and_a_long_wait_are_told() {
    if environment::left_out("lost connections and long waits") {
        return;
    }
    let mut session = open(Session::read_only);
    let pid = session.query("SELECT pg_backend_pid()").unwrap()[0][0]
        .clone()
        .unwrap();
    let mut other = open(Session::applying);
    other
        .query(&format!("SELECT pg_terminate_backend({pid})"))
        .unwrap();
    let error = Catalog::read(&mut session, &[]).unwrap_err();
    assert!(
        matches!(error.problem, Problem::ConnectionLost(_)),
        "{error:?}"
    );
    assert!(
        error.to_string().starts_with("cannot read the catalog of "),
        "{error}"
    );

    let short = Limits {
        statement: Duration::from_millis(300),
        lock: Duration::from_millis(100),
        ..Limits::default()
    };
    let address = by_socket(server()).with_database("shop");
    let mut session = Session::read_only(&address, short).unwrap();
    let error = session.query("SELECT pg_sleep(30)").unwrap_err();
    assert_eq!(error.refusal().unwrap().sqlstate, "57014");
    // Another session holds what the text of a view needs.
    let mut setup = open(Session::applying);
    setup
        .execute("CREATE TABLE held (a int); CREATE VIEW seen AS SELECT a FROM held")
        .unwrap();
    let mut holder = open(Session::rolled_back);
    holder
        .execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let mut session = Session::read_only(&address, short).unwrap();
    let error = Catalog::read(&mut session, &[]).unwrap_err();
    assert!(
        matches!(error.problem, Problem::LockTimeout(_)),
        "{error:?}"
    );
    holder.close();
    setup.execute("DROP TABLE held CASCADE").unwrap();
}

const LOOKER: &str = "
CREATE SCHEMA app_data; CREATE SCHEMA hidden; CREATE ROLE looker LOGIN;
GRANT USAGE ON SCHEMA app_data TO looker;
CREATE TABLE app_data.t (id int PRIMARY KEY, n int DEFAULT 7);
CREATE TABLE hidden.u (id int PRIMARY KEY REFERENCES app_data.t);
CREATE TABLE app_data.django_migrations (id int, app text, name text, applied timestamptz);
INSERT INTO app_data.django_migrations VALUES (2, 'shop', '0002_b', '2026-11-20 12:00:00+02'), (1, 'shop', '0001_a', '2026-11-19 12:00:00+02')";

const NO_LOOKER: &str = "
GRANT USAGE ON SCHEMA public TO PUBLIC; DROP SCHEMA app_data CASCADE; DROP SCHEMA hidden CASCADE; DROP ROLE looker";

/// The catalog as a role sees it that may only look.
fn looked_at(names: &[&str]) -> Result<Catalog, DatabaseError> {
    let (socket, port) = (server().socket().display(), server().port());
    let url = format!("postgres://looker@:{port}/shop?host={socket}");
    let address = Address::from_url(&url).unwrap();
    let mut session = Session::read_only(&address, Limits::default()).unwrap();
    let names: Vec<Identifier> = names.iter().map(|name| Identifier::quoted(name)).collect();
    Catalog::read(&mut session, &names)
}

fn named(schema: &str, name: &str) -> RelationName {
    RelationName::new(Identifier::quoted(schema), Identifier::quoted(name))
}

/// CONNECT and USAGE alone.
#[test]
fn a_role_that_may_only_look_reads_the_catalog() {
    if environment::left_out("a role that may only look") {
        return;
    }
    let mut setup = open(Session::applying);
    setup.execute(LOOKER).unwrap();
    what_it_may_not_see_is_named();
    what_is_not_read_is_not_said_to_be_absent();
    the_record_is_read_where_it_may_be(&mut setup);
    setup
        .execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
        .unwrap();
    let error = looked_at(&[]).unwrap_err();
    assert!(matches!(error.problem, Problem::NoSchema(_)), "{error:?}");
    setup.execute(NO_LOOKER).unwrap();
}

fn what_it_may_not_see_is_named() {
    let seen = looked_at(&["app_data", "hidden"]).unwrap();
    assert!(seen.schema.table_named(&named("app_data", "t")).is_found());
    assert!(seen.schema.table_named(&named("hidden", "u")).is_found());
    assert_eq!(
        seen.unseen,
        [
            Unseen::Schema(Identifier::quoted("hidden")),
            Unseen::Rows(named("app_data", "django_migrations")),
            Unseen::Rows(named("app_data", "t")),
            Unseen::Rows(named("hidden", "u")),
        ]
    );
    let Migrations::Unknown(why) = &seen.migrations else {
        panic!("{:?}", seen.migrations);
    };
    assert!(why.as_str().contains("GRANT SELECT"), "{why}");
}

fn what_is_not_read_is_not_said_to_be_absent() {
    let seen = looked_at(&["app_data"]).unwrap().schema;
    let hidden = seen.table_named(&named("hidden", "u"));
    assert!(matches!(hidden, Lookup::Unsure(_)));
    assert!(seen.table_named(&named("app_data", "u")).is_absent());
    assert!(seen.table_named(&named("nowhere", "u")).is_absent());
    let error = looked_at(&["nowhere"]).unwrap_err();
    assert_eq!(error.problem, Problem::UnknownSchema("nowhere".to_owned()));
}

fn the_record_is_read_where_it_may_be(setup: &mut Session) {
    setup
        .execute("GRANT SELECT ON app_data.django_migrations TO looker")
        .unwrap();
    let Migrations::Recorded { rows, .. } = looked_at(&["app_data"]).unwrap().migrations else {
        panic!("the migrations could not be read");
    };
    let told: Vec<String> = rows
        .iter()
        .map(|row| format!("{}.{} {}", row.app, row.name, row.applied))
        .collect();
    assert_eq!(
        told,
        [
            "shop.0001_a 2026-11-19 10:00:00+00",
            "shop.0002_b 2026-11-20 10:00:00+00"
        ]
    );
    // A policy hides rows without a word: nothing may be made of what is left.
    setup
        .execute("ALTER TABLE app_data.django_migrations ENABLE ROW LEVEL SECURITY")
        .unwrap();
    let hidden = looked_at(&["app_data"]).unwrap().migrations;
    assert!(matches!(hidden, Migrations::Unknown(_)));
}
