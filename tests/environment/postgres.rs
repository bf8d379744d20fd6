//! Throw-away PostgreSQL servers, versions 13 to 18, and fresh databases on them.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Row, ValueRef};

/// Table-level lock modes from the weakest to the strongest, as `pg_locks` and as SQL spell them.
pub const LOCK_MODES: [(&str, &str); 8] = [
    ("AccessShareLock", "ACCESS SHARE"),
    ("RowShareLock", "ROW SHARE"),
    ("RowExclusiveLock", "ROW EXCLUSIVE"),
    ("ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"),
    ("ShareLock", "SHARE"),
    ("ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"),
    ("ExclusiveLock", "EXCLUSIVE"),
    ("AccessExclusiveLock", "ACCESS EXCLUSIVE"),
];

/// A major version of PostgreSQL that can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PostgresVersion {
    V13,
    V14,
    V15,
    V16,
    V17,
    V18,
}

impl PostgresVersion {
    pub const ALL: [Self; 6] = [
        Self::V13,
        Self::V14,
        Self::V15,
        Self::V16,
        Self::V17,
        Self::V18,
    ];
    pub const OLDEST: Self = Self::V13;
    pub const NEWEST: Self = Self::V18;

    /// The major version as a number: `18`.
    pub const fn major(self) -> u32 {
        13 + self as u32
    }
}

/// A running server on a unix socket, open to the user `postgres` without a password.
///
/// It belongs to the process that started it: `serve.py` holds it for as long as its standard input is
/// open, so it ends on drop, on panic and when this process is killed.
#[derive(Debug)]
pub struct Server {
    version: PostgresVersion,
    socket: PathBuf,
    port: u16,
    keeper: Child,
    databases: AtomicU32,
}

impl Server {
    /// Starts a server; the first start of a version on a machine fetches it.
    ///
    /// # Panics
    /// When no server can be had, with the reason.
    pub fn start(version: PostgresVersion) -> Self {
        Self::serve(version, &[])
    }

    /// Starts one that listens on 127.0.0.1, too: with TLS, and with passwords.
    ///
    /// # Panics
    /// When no server can be had, with the reason.
    pub fn on_network(version: PostgresVersion) -> Self {
        Self::serve(version, &["--network"])
    }

    fn serve(version: PostgresVersion, options: &[&str]) -> Self {
        let mut keeper = Command::new("python3")
            .arg(super::script("serve.py"))
            .arg(version.major().to_string())
            .args(options)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("no PostgreSQL server: python3 cannot be started ({error})")
            });
        let mut answer = String::new();
        let mut printed = BufReader::new(keeper.stdout.take().expect("standard output is piped"));
        printed
            .read_line(&mut answer)
            .expect("serve.py prints text");
        let Some(place) = answer.trim_end().strip_prefix("ready ") else {
            std::io::Read::read_to_string(&mut printed, &mut answer).expect("serve.py prints text");
            panic!(
                "no PostgreSQL {} server, which this test needs: {answer}\n\
                 (HHSCHEMA_WITHOUT_SERVER=1 leaves such tests out)",
                version.major()
            );
        };
        let (socket, port) = place.split_once(' ').unwrap_or((place, "5432"));
        Self {
            version,
            socket: PathBuf::from(socket),
            port: port.parse().expect("serve.py prints a port"),
            keeper,
            databases: AtomicU32::new(0),
        }
    }

    /// The one server of this version in this test binary, started when first asked for.
    pub fn shared(version: PostgresVersion) -> &'static Self {
        static SERVERS: [OnceLock<Server>; 6] = [const { OnceLock::new() }; 6];
        SERVERS[version as usize].get_or_init(|| Self::start(version))
    }

    pub const fn version(&self) -> PostgresVersion {
        self.version
    }

    /// The folder of the unix socket: what clients take as the host.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The number that its socket bears, and that it listens on where it is on the network.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// A new, empty database; it takes some 7 MB until the server ends, so that a property test does better
    /// with one and [`Database::reset`].
    pub fn database(&self) -> Database {
        self.copy_of("template1")
    }

    /// A new database with everything that `template` holds; nobody may be connected to that one.
    pub fn copy_of(&self, template: &str) -> Database {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        // Copying files is quicker than going through the log, which is all that 13 and 14 can do anyway.
        let strategy = if self.version < PostgresVersion::V15 {
            ""
        } else {
            " STRATEGY FILE_COPY"
        };
        let mut maintenance = Database::connect(&self.socket, "postgres");
        maintenance.run(&format!(
            r#"CREATE DATABASE "{name}" TEMPLATE "{template}"{strategy}"#
        ));
        Database::connect(&self.socket, &name)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        drop(self.keeper.wait());
    }
}

/// A connection to one database, for tests that do one thing after another.
#[derive(Debug)]
pub struct Database {
    name: String,
    socket: PathBuf,
    runtime: tokio::runtime::Runtime,
    connection: PgConnection,
}

impl Database {
    /// One more connection to a database, as tests about locks need.
    pub fn connect(socket: &Path, name: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let options = PgConnectOptions::new_without_pgpass()
            .socket(socket)
            .port(5432)
            .username("postgres")
            .database(name)
            .disable_statement_logging();
        let connection = runtime
            .block_on(PgConnection::connect_with(&options))
            .unwrap_or_else(|error| {
                panic!("cannot connect to {name} at {}: {error}", socket.display())
            });
        Self {
            name: name.to_owned(),
            socket: socket.to_owned(),
            runtime,
            connection,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder of the server's unix socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// A connection URL, as the command line takes it.
    pub fn url(&self) -> String {
        format!(
            "postgres://postgres@/{}?host={}",
            self.name,
            self.socket.display()
        )
    }

    /// Empties the schema `public`, and ends a transaction that may be open; quicker than a new database.
    pub fn reset(&mut self) {
        self.run("ROLLBACK");
        self.run("DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public");
    }

    /// Runs one or several statements, sent to the server as one simple query.
    ///
    /// # Errors
    /// What the server refused; several statements in one text are then rolled back together.
    pub fn execute(&mut self, sql: &str) -> Result<(), Refused> {
        self.rows(sql).map(drop)
    }

    /// Runs statements that have to succeed.
    ///
    /// # Panics
    /// When the server refuses them.
    pub fn run(&mut self, sql: &str) {
        self.execute(sql)
            .unwrap_or_else(|refused| panic!("{refused}\nin: {sql}"));
    }

    /// The rows of a query that has to succeed, every value in PostgreSQL's own text form.
    ///
    /// # Panics
    /// When the server refuses it.
    pub fn query_rows(&mut self, sql: &str) -> Vec<Vec<Option<String>>> {
        let rows = self
            .rows(sql)
            .unwrap_or_else(|refused| panic!("{refused}\nin: {sql}"));
        rows.iter().map(texts).collect()
    }

    /// The rows of all queries of a text, every value in PostgreSQL's own text form.
    ///
    /// # Errors
    /// What the server refused.
    pub fn try_query_rows(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Refused> {
        let rows = self.rows(sql)?;
        Ok(rows.iter().map(texts).collect())
    }

    /// The first column of the rows of a query that has to succeed, NULL left out.
    pub fn query_column(&mut self, sql: &str) -> Vec<String> {
        self.query_rows(sql)
            .into_iter()
            .filter_map(|row| row.into_iter().next().flatten())
            .collect()
    }

    fn rows(&mut self, sql: &str) -> Result<Vec<PgRow>, Refused> {
        let sent = sqlx::raw_sql(AssertSqlSafe(sql));
        self.runtime
            .block_on(sent.fetch_all(&mut self.connection))
            .map_err(|error| Refused::from(&error))
    }
}

fn texts(row: &PgRow) -> Vec<Option<String>> {
    let text = |column: &sqlx::postgres::PgColumn| {
        let value = row
            .try_get_raw(column.ordinal())
            .expect("a column of this row");
        (!value.is_null()).then(|| {
            value
                .as_str()
                .expect("simple queries answer in text")
                .to_owned()
        })
    };
    row.columns().iter().map(text).collect()
}

/// Why the server refused a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// SQLSTATE, five characters: `42P07`.
    pub state: String,
    pub message: String,
    pub table: Option<String>,
    pub column: Option<String>,
    pub constraint: Option<String>,
}

impl From<&sqlx::Error> for Refused {
    fn from(error: &sqlx::Error) -> Self {
        let Some(told) = error
            .as_database_error()
            .and_then(|told| told.try_downcast_ref::<PgDatabaseError>())
        else {
            panic!("the connection to the test server failed: {error}");
        };
        Self {
            state: told.code().to_owned(),
            message: told.message().to_owned(),
            table: told.table().map(str::to_owned),
            column: told.column().map(str::to_owned),
            constraint: told.constraint().map(str::to_owned),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SQLSTATE {}: {}", self.state, self.message)
    }
}
