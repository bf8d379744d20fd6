//! hhschema finds what a schema migration will break, and where a live database has drifted, and writes the repair:
//! Django on PostgreSQL, with no Django boot, and no database needed to lint.
//!
//! Data flows one way, and imports point downwards only:
//!
//! ```text
//! django    Django's migrations become the SQL that Django would send
//! database  a live server: a session on it, and its catalog as a `Schema`
//! sql       SQL text becomes statements, and statements become `Change`s
//! schema    the virtual catalog, and what a `Change` does to it
//! postgres  what PostgreSQL does to carry a `Change` out: locks, scans, rewrites
//! history   replay: every `Change` at its moment in history
//! drift     what sets a live database apart from its migrations and the models
//! rules     judge moments, states and schemas
//! lint      what a rule is, which migrations are new, suppressions
//! repair    what would end a finding, as data; its plan, script, migrations and edits
//! fix       chooses repairs, replays and tries them
//! report    renders findings
//! cli       the commands
//! ```

pub mod cli;
pub mod config;
pub mod database;
pub mod django;
pub mod drift;
pub mod fix;
pub mod history;
pub mod lint;
pub mod postgres;
pub mod repair;
pub mod report;
pub mod rules;
pub mod schema;
pub mod source;
pub mod sql;
