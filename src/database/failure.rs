//! What can go wrong with a server: what was being done, to which server, why it failed, and what to do next.

use std::fmt;

/// Why something could not be done with a database. The text never holds a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DatabaseError {
    /// What was being done, after "cannot": `connect to`, `read the catalog of`.
    pub doing: &'static str,
    /// `host:port/database as user`; `None` before an address was understood.
    pub server: Option<String>,
    pub problem: Problem,
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.server.as_deref().unwrap_or("a database");
        write!(
            formatter,
            "cannot {} {server}: {}",
            self.doing, self.problem
        )?;
        match self.problem.advice() {
            Some(advice) => write!(formatter, "; {advice}"),
            None => Ok(()),
        }
    }
}

/// The cause alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("no database is named")]
    NoAddress,
    #[error("{0}")]
    InvalidAddress(String),
    #[error("there is no host `{0}`")]
    UnknownHost(String),
    /// Nothing listens there.
    #[error("nothing answers there ({0})")]
    Unreachable(String),
    #[error("no answer came within {0} seconds")]
    NoAnswer(u64),
    #[error("{0}")]
    WrongPassword(String),
    /// No such role, or `pg_hba.conf` has no line that lets it in.
    #[error("{0}")]
    NotLetIn(String),
    #[error("{0}")]
    UnknownDatabase(String),
    #[error("the server takes no encrypted connections, and sslmode asks for one")]
    TlsNotOffered,
    #[error("the encrypted connection failed: {0}")]
    TlsFailed(String),
    #[error("{0}")]
    PermissionDenied(String),
    #[error("{0}")]
    TooManyConnections(String),
    #[error("{0}")]
    StartingUp(String),
    #[error("the connection was lost ({0})")]
    ConnectionLost(String),
    #[error("a statement was cancelled: {0}")]
    StatementTimeout(String),
    #[error("another session holds a lock for too long: {0}")]
    LockTimeout(String),
    #[error("it runs PostgreSQL {0}, older than 13")]
    ServerTooOld(String),
    #[error("there is no schema `{0}` in this database")]
    UnknownSchema(String),
    /// Of all the schemas on the role's search_path there is none that it may use.
    #[error("none of the schemas of the search path ({0}) is there for this role")]
    NoSchema(String),
    #[error("the server refused a statement: {0}")]
    Refused(Box<Refusal>),
    /// The server said something that is not understood.
    #[error("{0}")]
    Unexpected(String),
}

impl Problem {
    /// What to do next, in the imperative.
    fn advice(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoAddress => "give --database-url, or set DATABASE_URL or PGHOST and PGDATABASE",
            Self::InvalidAddress(_) => {
                "write postgres://user:password@host:port/database, with / ? # @ : % in a user or password percent-encoded"
            }
            Self::UnknownHost(_) => "check the host's spelling and this machine's name service",
            Self::Unreachable(_) => "check host and port, and that the server is running",
            Self::NoAnswer(_) => "check host, port and firewall, or raise PGCONNECT_TIMEOUT",
            Self::WrongPassword(_) => {
                "check the password in the URL, in PGPASSWORD or in the password file"
            }
            Self::NotLetIn(_) => {
                "check the role's name, and the line for it in the server's pg_hba.conf"
            }
            Self::UnknownDatabase(_) => "check the database's name",
            Self::TlsNotOffered => "set sslmode=prefer if that connection may go unencrypted",
            Self::TlsFailed(_) => "check sslmode and sslrootcert",
            Self::PermissionDenied(_) => {
                "grant the role CONNECT on the database and USAGE on the schema"
            }
            Self::TooManyConnections(_) | Self::StartingUp(_) => "try again later",
            Self::ConnectionLost(_) => "try again; nothing was changed",
            Self::StatementTimeout(_) => "try again when the server has less to do",
            Self::LockTimeout(_) => "try again when that session is done",
            Self::ServerTooOld(_) => "upgrade the server: 13 to 18 are supported",
            Self::UnknownSchema(_) => "check --schema",
            Self::NoSchema(_) => "name schemas with --schema, or grant the role USAGE on them",
            Self::Refused(_) | Self::Unexpected(_) => return None,
        })
    }
}

/// What the server answered to a statement that it did not carry out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Five characters, as in appendix A of the documentation: `42P07`.
    pub sqlstate: String,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
    pub schema: Option<String>,
    pub table: Option<String>,
    pub column: Option<String>,
    pub constraint: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (SQLSTATE {})", self.message, self.sqlstate)
    }
}

/// Why a statement has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// The server understood it and said no: the session goes on, in a transaction only after a rollback.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// It would begin or end the transaction that the session stands in, and was not sent.
    #[error("`{0}` would end the transaction that is to be rolled back, and was not sent")]
    EndsTransaction(String),
    /// The session is over.
    #[error(transparent)]
    Failed(#[from] DatabaseError),
}

impl StatementError {
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::EndsTransaction(_) | Self::Failed(_) => None,
        }
    }
}

/// What sqlx tells, as a problem. `connecting` while there is no session yet.
pub(super) fn problem(error: &sqlx::Error, connecting: bool) -> Problem {
    match error {
        sqlx::Error::Database(told) => {
            let refusal = refusal(told.as_ref());
            refused(refusal, connecting)
        }
        // What the other side said is not what TLS allows: its certificate, above all.
        sqlx::Error::Io(told) if told.kind() == std::io::ErrorKind::InvalidData => {
            Problem::TlsFailed(told.to_string())
        }
        sqlx::Error::Io(told) if connecting => Problem::Unreachable(told.to_string()),
        sqlx::Error::Io(told) => Problem::ConnectionLost(told.to_string()),
        sqlx::Error::Tls(told) if told.to_string().contains("does not support TLS") => {
            Problem::TlsNotOffered
        }
        sqlx::Error::Tls(told) => Problem::TlsFailed(told.to_string()),
        sqlx::Error::WorkerCrashed => Problem::ConnectionLost("unexpected end".to_owned()),
        sqlx::Error::Configuration(told) => Problem::InvalidAddress(told.to_string()),
        other => Problem::Unexpected(other.to_string()),
    }
}

pub(super) fn refused(refusal: Box<Refusal>, connecting: bool) -> Problem {
    let message = refusal.message.clone();
    match refusal.sqlstate.as_str() {
        "28P01" => Problem::WrongPassword(message),
        "28000" => Problem::NotLetIn(message),
        "3D000" if connecting => Problem::UnknownDatabase(message),
        "42501" => Problem::PermissionDenied(message),
        "53300" => Problem::TooManyConnections(message),
        "57P03" => Problem::StartingUp(message),
        "57P01" | "57P02" | "57P04" | "57P05" | "25P03" | "25P04" | "08006" => {
            Problem::ConnectionLost(message)
        }
        "57014" => Problem::StatementTimeout(message),
        "55P03" => Problem::LockTimeout(message),
        _ => Problem::Refused(refusal),
    }
}

pub(super) fn refusal(told: &dyn sqlx::error::DatabaseError) -> Box<Refusal> {
    let plain = Refusal {
        sqlstate: told
            .code()
            .map(std::borrow::Cow::into_owned)
            .unwrap_or_default(),
        message: told.message().to_owned(),
        detail: None,
        hint: None,
        schema: None,
        table: None,
        column: None,
        constraint: None,
    };
    let Some(told) = told.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() else {
        return Box::new(plain);
    };
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Box::new(Refusal {
        detail: owned(told.detail()),
        hint: owned(told.hint()),
        schema: owned(told.schema()),
        table: owned(told.table()),
        column: owned(told.column()),
        constraint: owned(told.constraint()),
        ..plain
    })
}
