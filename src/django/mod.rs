//! Django, read without Django: projects, migrations, models, and the SQL that Django would send.

mod describe;
pub mod discover;
pub mod expressions;
pub mod field;
pub mod graph;
pub mod migration;
pub mod models;
pub mod names;
pub mod operation;
pub mod project_state;
pub mod python;
pub mod read;
pub mod schema_editor;
pub mod settings;
pub mod state_forwards;
pub mod version;

use self::python::ancestry;
