//! Drift of a real package that real Django migrated a moment ago: there is none.

use hhschema::cli::{Live, drift_of};
use hhschema::database::{Address, Catalog, Limits, Session};

use crate::environment::Database;
use crate::environment::corpora::Corpus;

/// A role that may do no more than look, and read what is recorded.
const LOOKER: &str = "
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'looker') THEN CREATE ROLE looker LOGIN; END IF;
END $$;
GRANT USAGE ON SCHEMA public TO looker;
GRANT SELECT ON django_migrations TO looker";

/// What drift says, to the owner and to a role that may only look.
pub(crate) fn said(corpus: &Corpus, database: &mut Database) -> Vec<String> {
    database.run(LOOKER);
    let url = database.url();
    let looker = url.replace("postgres@", "looker@");
    [url, looker]
        .iter()
        .flat_map(|url| said_to(url, corpus))
        .collect()
}

fn said_to(url: &str, corpus: &Corpus) -> Vec<String> {
    let address = Address::from_url(url).unwrap();
    let mut session = Session::read_only(&address, Limits::default()).unwrap();
    let catalog = Catalog::read(&mut session, &[]).unwrap_or_else(|error| panic!("{error}"));
    let live = Live::of(&catalog).unwrap();
    let findings = drift_of(
        &corpus.lint,
        Some(corpus.settings()),
        vec![corpus.site_packages()],
        &live,
    );
    let role = &catalog.server.role;
    let lines = findings.unwrap().into_iter();
    lines
        .map(|finding| format!("to {role}: {}: {}", finding.rule, finding.message))
        .collect()
}
