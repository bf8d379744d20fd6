//! The database backend that code asks for: `connection.settings_dict["ENGINE"]`, `settings.DATABASES["default"]["ENGINE"]`.
//!
//! What is told is what runs on PostgreSQL. So where the settings name another backend (SQLite, as many settings modules do
//! until an environment variable says more), a migration that asks is answered as it is on PostgreSQL.

use std::sync::Arc;

use super::text::generated;
use super::value::{Value, ValueKind};
use crate::source::Origin;

/// Django's own backend (`django/db/backends/postgresql`).
const POSTGRESQL: &str = "django.db.backends.postgresql";

/// What `owner["ENGINE"]` is where `owner` is known by its name alone.
pub(super) fn engine(owner: &Value, key: &Value, origin: &Origin) -> Option<Value> {
    let ValueKind::Name(name) = &owner.kind else {
        return None;
    };
    let holds = matches!(
        name.as_str(),
        "django.db.connection.settings_dict" | "django.conf.settings.DATABASES"
    );
    (holds && key.as_str() == Some("ENGINE")).then(|| text(origin))
}

/// `DATABASES` as it is for what runs on PostgreSQL.
pub(super) fn on_postgresql(databases: Value) -> Value {
    let ValueKind::Dict(aliases) = &databases.kind else {
        return databases;
    };
    let aliases = aliases
        .iter()
        .map(|(alias, database)| (alias.clone(), with_engine(database)));
    Value {
        kind: ValueKind::Dict(aliases.collect()),
        origin: databases.origin.clone(),
    }
}

fn with_engine(database: &Value) -> Value {
    let ValueKind::Dict(entries) = &database.kind else {
        return database.clone();
    };
    let entries = entries.iter().map(|(key, value)| {
        let other = key.as_str() == Some("ENGINE") && !value.as_str().is_some_and(is_postgresql);
        let value = if other {
            text(&value.origin)
        } else {
            value.clone()
        };
        (key.clone(), value)
    });
    Value {
        kind: ValueKind::Dict(entries.collect::<Arc<_>>()),
        origin: database.origin.clone(),
    }
}

/// Backends over Django's own have its name, or that of PostGIS, in theirs.
fn is_postgresql(engine: &str) -> bool {
    ["postgres", "postgis", "psycopg"]
        .iter()
        .any(|part| engine.contains(part))
}

fn text(origin: &Origin) -> Value {
    Value {
        kind: ValueKind::Str(generated(POSTGRESQL, origin)),
        origin: origin.clone(),
    }
}
