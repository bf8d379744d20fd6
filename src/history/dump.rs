//! A schema that a script of SQL tells whole: what `pg_dump --schema-only` prints, to begin a replay with.

use std::sync::Arc;

use super::session::{Chronicle, Session};
use super::{CreatedHere, Judged, NotAnalysed};
use crate::django::migration::Ownership;
use crate::django::project_state::ProjectState;
use crate::postgres::Version;
use crate::schema::{Change, Outcome, Rejection, Schema, SqlState, Why};
use crate::source::SourceFile;
use crate::sql;

/// The database that a dump builds. It is closed: what the dump does not create does not exist.
#[derive(Debug, Clone)]
pub struct Dump {
    /// As a new connection sees it, whatever search path the dump ends with.
    pub schema: Schema,
    /// What of the dump could not be read: only what these statements touch is in doubt.
    pub not_analysed: Vec<NotAnalysed>,
}

impl Dump {
    /// Runs a dump on an empty database. Nothing in it is judged.
    pub fn read(file: &Arc<SourceFile>, version: Version) -> Self {
        let empty = Schema::empty();
        let created = CreatedHere::begin(&empty, &ProjectState::new(Arc::default()));
        let path = empty.search_path().to_vec();
        let mut chronicle = Chronicle::new(empty, version);
        let mut session = Session::begin(&mut chronicle, Judged::Old, created.into());
        session.run_dump(file);
        let moments = std::mem::take(&mut session.moments);
        for moment in moments {
            let Outcome::Rejected(rejection) = &moment.outcome else {
                continue;
            };
            // What every database has from the start: `CREATE SCHEMA public`.
            if rejection.state == SqlState::DuplicateSchema {
                continue;
            }
            let why = refused(rejection);
            chronicle.schema.apply(&Change::Opaque {
                text: Arc::clone(&moment.statement.text),
                why: why.clone(),
                touches: sql::touched_by(&moment.change),
            });
            chronicle.not_analysed.push(NotAnalysed {
                place: moment.origin(),
                operation: "SQL".into(),
                why,
                ownership: Ownership::Project,
            });
        }
        Self {
            schema: chronicle.schema.searching(&path),
            not_analysed: chronicle.not_analysed,
        }
    }
}

/// A dump runs as it is: what would be refused was left out of it, or misread here.
fn refused(rejection: &Rejection) -> Why {
    Why::new(format!(
        "the dump cannot be restored as it was read: {} ({})",
        rejection.object, rejection.state
    ))
}
