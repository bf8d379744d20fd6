//! A session on a server, each with limits on how long it waits and how much it may do.

use std::future::Future;
use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
use tokio::runtime::Runtime;

use super::failure::{problem, refusal};
use super::{Address, DatabaseError, Problem, Row, Server, ServerVersion, StatementError};
use crate::schema::{Change, Identifier};
use crate::source::{SourceFile, SourceMap};

/// How long a session waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For one statement.
    pub statement: Duration,
    /// For a lock that another session holds.
    pub lock: Duration,
    /// For the next statement, in a transaction: should this process hang, the server ends it.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            statement: Duration::from_secs(30),
            lock: Duration::from_secs(2),
            idle: Duration::from_mins(1),
        }
    }
}

/// What a session may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    ReadOnly,
    RolledBack,
    Applying,
}

/// A connection that does one thing after another. Dropped, it ends, and an open transaction is rolled back.
#[derive(Debug)]
pub struct Session {
    runtime: Runtime,
    connection: PgConnection,
    address: Address,
    kind: Kind,
    limits: Limits,
    server: Server,
}

/// Output does not depend on what a role or database has set (the names that `pg_dump` sets, too).
const SETTINGS: &str = "
SET LOCAL standard_conforming_strings = on;
SET LOCAL quote_all_identifiers = off;
SET LOCAL extra_float_digits = 1;
SET LOCAL \"DateStyle\" = 'ISO, MDY';
SET LOCAL \"IntervalStyle\" = 'postgres';
SET LOCAL \"TimeZone\" = 'UTC';
SET LOCAL bytea_output = 'hex';
SET LOCAL jit = off;
SET LOCAL work_mem = '32MB';";

const ABOUT: &str = "
SELECT current_setting('server_version_num'), current_setting('server_version'), current_database(),
  current_user, pg_is_in_recovery(), current_setting('is_superuser') = 'on'";

impl Session {
    /// One transaction that sees one state of the database and cannot change it.
    pub fn read_only(address: &Address, limits: Limits) -> Result<Self, DatabaseError> {
        Self::begin(address, limits, Kind::ReadOnly)
    }

    /// One transaction that is never committed: it ends with the session.
    pub fn rolled_back(address: &Address, limits: Limits) -> Result<Self, DatabaseError> {
        Self::begin(address, limits, Kind::RolledBack)
    }

    /// No transaction but what the statements themselves begin: what it executes stays.
    pub fn applying(address: &Address, limits: Limits) -> Result<Self, DatabaseError> {
        Self::begin(address, limits, Kind::Applying)
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    pub fn server(&self) -> &Server {
        &self.server
    }

    fn begin(address: &Address, limits: Limits, kind: Kind) -> Result<Self, DatabaseError> {
        let failed = |problem| address.error("connect to", problem);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(Problem::Unexpected(error.to_string())))?;
        let mut connection = connect(&runtime, address).map_err(failed)?;
        let opening = opening(limits, kind);
        let wait = address.timeout() + limits.statement;
        let rows = within(&runtime, wait, async {
            connection
                .fetch_all(sqlx::raw_sql(AssertSqlSafe(opening)))
                .await
        })
        .map_err(failed)?;
        let server = rows
            .into_iter()
            .next()
            .ok_or_else(|| Problem::Unexpected("it says nothing of itself".to_owned()))
            .and_then(|row| about(&Row::new(row)))
            .map_err(failed)?;
        Ok(Self {
            runtime,
            connection,
            address: address.clone(),
            kind,
            limits,
            server,
        })
    }

    /// Runs one statement, or several that are sent as one text; how many rows the last one was about.
    pub fn execute(&mut self, sql: &str) -> Result<u64, StatementError> {
        self.refuse_transaction_control(sql)?;
        let connection = &mut self.connection;
        let text = AssertSqlSafe(sql.to_owned());
        let ran = within_or_refused(&self.runtime, self.limits.statement, async {
            connection.execute(sqlx::raw_sql(text)).await
        });
        ran.map(|done| done.rows_affected())
            .map_err(|error| self.statement_error(error))
    }

    /// The rows of a query, every value in PostgreSQL's text form.
    pub fn query(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, StatementError> {
        self.refuse_transaction_control(sql)?;
        let rows = self.rows(sql)?;
        Ok(rows.iter().map(Row::texts).collect())
    }

    pub(super) fn rows(&mut self, sql: &str) -> Result<Vec<Row>, StatementError> {
        let connection = &mut self.connection;
        let text = AssertSqlSafe(sql.to_owned());
        let ran = within_or_refused(&self.runtime, self.limits.statement, async {
            connection.fetch_all(sqlx::raw_sql(text)).await
        });
        ran.map(|rows| rows.into_iter().map(Row::new).collect())
            .map_err(|error| self.statement_error(error))
    }

    /// A place to come back to in the transaction.
    pub fn savepoint(&mut self, name: &Identifier) -> Result<(), StatementError> {
        self.control(&format!("SAVEPOINT {}", name.to_sql()))
    }

    /// Undoes what was done since, a refused statement included; the savepoint stays.
    pub fn rollback_to(&mut self, name: &Identifier) -> Result<(), StatementError> {
        self.control(&format!("ROLLBACK TO SAVEPOINT {}", name.to_sql()))
    }

    pub fn release(&mut self, name: &Identifier) -> Result<(), StatementError> {
        self.control(&format!("RELEASE SAVEPOINT {}", name.to_sql()))
    }

    fn control(&mut self, sql: &str) -> Result<(), StatementError> {
        self.rows(sql).map(drop)
    }

    /// Ends the session in order; a transaction is rolled back.
    pub fn close(mut self) {
        if self.kind != Kind::Applying {
            drop(self.rows("ROLLBACK"));
        }
        let Self {
            runtime,
            connection,
            ..
        } = self;
        // The server has ended the transaction, or will when the connection goes.
        drop(runtime.block_on(async {
            tokio::time::timeout(Duration::from_secs(1), connection.close()).await
        }));
    }

    /// A text that begins or ends a transaction must not reach the one that holds the promise to change nothing.
    fn refuse_transaction_control(&self, sql: &str) -> Result<(), StatementError> {
        if self.kind == Kind::Applying {
            return Ok(());
        }
        let file = SourceFile::new("statement.sql", sql);
        for statement in crate::sql::read(sql, &SourceMap::identity(&file)) {
            let by_change = statement
                .changes
                .iter()
                .any(|change| matches!(change, Change::Transaction(_)));
            let word = statement.text.split_whitespace().next().unwrap_or_default();
            if by_change || word.eq_ignore_ascii_case("PREPARE") {
                return Err(StatementError::EndsTransaction(statement.text.to_string()));
            }
        }
        Ok(())
    }

    fn statement_error(&self, error: Ended) -> StatementError {
        match error {
            Ended::Refused(told) => StatementError::Refused(told),
            Ended::Problem(problem) => self.failed("work with", problem).into(),
        }
    }

    pub(super) fn failed(&self, doing: &'static str, problem: Problem) -> DatabaseError {
        self.address.error(doing, problem)
    }
}

fn opening(limits: Limits, kind: Kind) -> String {
    let begin = match kind {
        // Rows that a policy hides are refused instead of left out without a word.
        Kind::ReadOnly => {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL row_security = off"
        }
        Kind::RolledBack => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        Kind::Applying => {
            return format!(
                "SET statement_timeout = {}; SET lock_timeout = {};{ABOUT}",
                limits.statement.as_millis(),
                limits.lock.as_millis()
            );
        }
    };
    format!(
        "{begin}; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {};
         SET LOCAL idle_in_transaction_session_timeout = {};{SETTINGS}{ABOUT}",
        limits.statement.as_millis(),
        limits.lock.as_millis(),
        limits.idle.as_millis()
    )
}

fn connect(runtime: &Runtime, address: &Address) -> Result<PgConnection, Problem> {
    let connecting = PgConnection::connect_with(address.options());
    let timeout = address.timeout();
    let connected = runtime.block_on(async { tokio::time::timeout(timeout, connecting).await });
    match connected {
        Err(_) => Err(Problem::NoAnswer(timeout.as_secs())),
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(match (problem(&error, true), address.network_host()) {
            (Problem::Unreachable(_), Some(host)) if !resolves(host) => {
                Problem::UnknownHost(host.to_owned())
            }
            (problem, _) => problem,
        }),
    }
}

fn resolves(host: &str) -> bool {
    std::net::ToSocketAddrs::to_socket_addrs(&(host, 0))
        .is_ok_and(|mut found| found.next().is_some())
}

/// Why a statement came to no good end.
enum Ended {
    Refused(Box<super::Refusal>),
    Problem(Problem),
}

/// The server keeps its own time; this is for one that no longer answers.
const GRACE: Duration = Duration::from_secs(5);

fn within_or_refused<T>(
    runtime: &Runtime,
    limit: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Ended> {
    let wait = limit + GRACE;
    match runtime.block_on(async { tokio::time::timeout(wait, work).await }) {
        Err(_) => Err(Ended::Problem(Problem::NoAnswer(wait.as_secs()))),
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(match (problem(&error, false), error.as_database_error()) {
            (problem @ Problem::ConnectionLost(_), _) => Ended::Problem(problem),
            (_, Some(told)) => Ended::Refused(refusal(told)),
            (problem, None) => Ended::Problem(problem),
        }),
    }
}

fn within<T>(
    runtime: &Runtime,
    limit: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Problem> {
    match runtime.block_on(async { tokio::time::timeout(limit, work).await }) {
        Err(_) => Err(Problem::NoAnswer(limit.as_secs())),
        Ok(done) => done.map_err(|error| problem(&error, false)),
    }
}

fn about(row: &Row) -> Result<Server, Problem> {
    Ok(Server {
        version: ServerVersion::new(row.number(0)?, row.text(1)?)?,
        database: row.text(2)?.to_owned(),
        role: row.text(3)?.to_owned(),
        is_standby: row.flag(4)?,
        is_superuser: row.flag(5)?,
    })
}
