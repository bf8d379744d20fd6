//! Django, read without Django: projects, migrations, models, and the SQL that Django would send.

pub mod discover;
pub mod graph;
pub mod migration;
pub mod operation;
pub mod project_state;
pub mod python;
pub mod settings;
