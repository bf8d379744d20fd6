//! Where to connect: a URL of the command line or of `DATABASE_URL`, else the variables of libpq.

use std::fmt;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

use super::{DatabaseError, Problem};

/// Schemes that name PostgreSQL, those of `dj-database-url` included.
const SCHEMES: [&str; 6] = [
    "postgres",
    "postgresql",
    "pgsql",
    "postgis",
    "timescale",
    "timescalegis",
];
const SSL_MODES: [&str; 6] = [
    "disable",
    "allow",
    "prefer",
    "require",
    "verify-ca",
    "verify-full",
];
/// Any of these says that the person means a database by libpq's variables.
const VARIABLES: [&str; 5] = ["PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER"];
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// A server, a database on it and a role, with what the role needs to be let in.
///
/// Printed, in whatever way, it shows no password.
#[derive(Clone)]
pub struct Address {
    options: PgConnectOptions,
    timeout: Duration,
}

impl Address {
    /// What the command line names, else `DATABASE_URL`, else libpq's variables (documentation section 34.15).
    pub fn find(url: Option<&str>) -> Result<Self, DatabaseError> {
        if let Some(url) = url {
            return Self::from_url(url);
        }
        match variable("DATABASE_URL") {
            Some(url) => Self::from_url(&url),
            None => Self::from_variables(),
        }
    }

    /// `postgres://user:password@host:port/database?sslmode=require`; what it leaves out is taken from libpq's
    /// variables and the password file. A unix socket is `?host=/folder`.
    pub fn from_url(url: &str) -> Result<Self, DatabaseError> {
        let rest = after_scheme(url.trim()).map_err(invalid)?;
        check_password_encoding(rest).map_err(invalid)?;
        check_variables().map_err(invalid)?;
        let options = PgConnectOptions::from_str(&format!("postgres://{}", with_host(rest)))
            .map_err(|error| invalid(format!("the URL is not valid: {}", cause(&error))))?;
        let timeout = parameter(rest, "connect_timeout").or_else(|| variable("PGCONNECT_TIMEOUT"));
        let options = match parameter(rest, "currentSchema") {
            Some(path) => options.options([("search_path", path)]),
            None => options,
        };
        Ok(Self::new(options, timeout.as_deref()))
    }

    fn from_variables() -> Result<Self, DatabaseError> {
        if VARIABLES.iter().all(|name| variable(name).is_none()) {
            return Err(DatabaseError {
                doing: "connect to",
                server: None,
                problem: Problem::NoAddress,
            });
        }
        check_variables().map_err(invalid)?;
        let timeout = variable("PGCONNECT_TIMEOUT");
        Ok(Self::new(PgConnectOptions::new(), timeout.as_deref()))
    }

    fn new(mut options: PgConnectOptions, timeout: Option<&str>) -> Self {
        // The brackets belong to the URL, not to the address in it.
        let bare = options
            .get_host()
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .map(str::to_owned);
        if let Some(bare) = bare {
            options = options.host(&bare);
        }
        let seconds = timeout.and_then(|seconds| seconds.trim().parse().ok());
        let options = options
            .application_name("hhschema")
            // A pooler refuses parameters of a session that it does not know.
            .extra_float_digits(None)
            .statement_cache_capacity(0)
            .disable_statement_logging();
        Self {
            options,
            timeout: seconds
                .filter(|seconds| *seconds > 0)
                .map_or(DEFAULT_TIMEOUT, Duration::from_secs),
        }
    }

    /// The same server and role, another database on it.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        Self {
            options: self.options.clone().database(name),
            timeout: self.timeout,
        }
    }

    pub fn database(&self) -> &str {
        self.options
            .get_database()
            .unwrap_or_else(|| self.options.get_username())
    }

    pub fn user(&self) -> &str {
        self.options.get_username()
    }

    pub(super) fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The name to ask the name service for; `None` for a unix socket.
    pub(super) fn network_host(&self) -> Option<&str> {
        let host = self.options.get_host();
        (self.options.get_socket().is_none() && !host.starts_with('/')).then_some(host)
    }

    pub(super) fn error(&self, doing: &'static str, problem: Problem) -> DatabaseError {
        DatabaseError {
            doing,
            server: Some(self.to_string()),
            problem,
        }
    }
}

/// `host:port/database as user`.
impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.options.get_socket() {
            Some(socket) => write!(formatter, "{}", socket.display())?,
            None => write!(formatter, "{}", self.options.get_host())?,
        }
        let port = self.options.get_port();
        write!(formatter, ":{port}/{} as {}", self.database(), self.user())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Address({self})")
    }
}

fn invalid(why: String) -> DatabaseError {
    DatabaseError {
        doing: "connect to",
        server: None,
        problem: Problem::InvalidAddress(why),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn after_scheme(url: &str) -> Result<&str, String> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err("what names the database is not a URL".to_owned());
    };
    if SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) {
        return Ok(rest);
    }
    // A text that is no scheme may be part of a password.
    let is_name = scheme
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    Err(if is_name && scheme.len() < 20 {
        format!("`{scheme}` is not PostgreSQL")
    } else {
        "what names the database is not a URL".to_owned()
    })
}

/// A password with a bare `/`, `?` or `#` ends the host in its middle, and the rest of it would be printed as the
/// database's name.
fn check_password_encoding(rest: &str) -> Result<(), String> {
    let (authority, tail) = match rest.find(['/', '?', '#']) {
        Some(end) => rest.split_at(end),
        None => (rest, ""),
    };
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let key_has_at = query
        .split('&')
        .any(|pair| pair.split('=').next().is_some_and(|key| key.contains('@')));
    if path.contains('@') || key_has_at || tail.contains('#') {
        return Err("the URL has an `@` or `#` after its host".to_owned());
    }
    let port = authority.rsplit('@').next().unwrap_or_default();
    let port = port.rsplit(']').next().unwrap_or_default();
    match port.rsplit_once(':') {
        Some((_, port)) if port.parse::<u16>().is_err() => {
            Err("what stands after the last `:` of the host is no port".to_owned())
        }
        Some(_) | None => Ok(()),
    }
}

/// `user@/database?host=/folder`: libpq takes a URL whose host stands elsewhere, a reader of URLs does not. The
/// user then stands there, too.
fn with_host(rest: &str) -> String {
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let Some((user, place)) = authority.rsplit_once('@') else {
        return rest.to_owned();
    };
    let port = place.strip_prefix(':');
    if !place.is_empty() && port.is_none() {
        return rest.to_owned();
    }
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let (user, password) = match user.split_once(':') {
        Some((user, password)) => (user, Some(password)),
        None => (user, None),
    };
    let plus = |text: &str| text.replace('+', "%2B");
    let mut pairs = vec![format!("user={}", plus(user))];
    pairs.extend(password.map(|password| format!("password={}", plus(password))));
    pairs.extend(
        port.filter(|port| !port.is_empty())
            .map(|port| format!("port={port}")),
    );
    pairs.extend(Some(query.to_owned()).filter(|query| !query.is_empty()));
    let path = if path.is_empty() { "/" } else { path };
    format!("{path}?{}", pairs.join("&"))
}

/// What libpq refuses is not to be read as its default.
fn check_variables() -> Result<(), String> {
    if let Some(mode) = variable("PGSSLMODE")
        && !SSL_MODES.contains(&mode.as_str())
    {
        return Err(format!(
            "PGSSLMODE is `{mode}`, not one of {}",
            SSL_MODES.join(", ")
        ));
    }
    match variable("PGPORT") {
        Some(port) if port.parse::<u16>().is_err() => Err(format!("PGPORT is `{port}`, no port")),
        Some(_) | None => Ok(()),
    }
}

/// A parameter of the query string as it stands.
fn parameter(rest: &str, name: &str) -> Option<String> {
    let (_, query) = rest.split_once('?')?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.replace("%2C", ",").replace("%20", " "))
}

fn cause(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Configuration(cause) => cause.to_string(),
        _ => "it cannot be read".to_owned(),
    }
}
