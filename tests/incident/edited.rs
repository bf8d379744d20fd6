//! Chapter 3: a migration that was edited after it had been applied.

use crate::environment::{Database, DjangoVersion, Server};
use crate::same;
use crate::station::Station;

/// A production where a migration was edited after it had been applied: what it adds now is in the models and not in the
/// database.
struct Edited<'a> {
    station: Station,
    server: &'a Server,
    template: String,
}

const COLUMN: &str = "hedgehog_release.weather";
const INDEX: &str = "hedgehog_release_day_idx";
const BRINGS_IT: [&str; 4] = [
    "--select",
    "field-without-column,index-mismatch",
    "--choose",
    "field-without-column:hedgehog_release.weather=add-column",
];

impl<'a> Edited<'a> {
    fn of(django: DjangoVersion, server: &'a Server) -> Self {
        let station = Station::of(django);
        let template = station.recorded_only(server);
        Self {
            station,
            server,
            template,
        }
    }

    fn copy(&self) -> Database {
        self.server.copy_of(&self.template)
    }

    /// What drift says of the column and the index.
    fn told(&self, database: &Database) -> Vec<String> {
        let report = self.station.drift(database);
        let text = |finding: &serde_json::Value, key: &str| {
            finding[key].as_str().unwrap_or_default().to_owned()
        };
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .filter(|finding| [COLUMN, INDEX].contains(&text(finding, "object").as_str()))
            .map(|finding| format!("{} {}", text(finding, "rule"), text(finding, "object")))
            .collect()
    }

    /// How often real Django is refused an INSERT of a release.
    fn refused(&self, database: &Database) -> usize {
        let tried = self
            .station
            .project
            .try_inserts(database, &["hedgehog.Release"]);
        tried["hedgehog.Release"].refused.len()
    }

    fn fix(&self, arguments: &[&str]) -> String {
        self.station
            .fix(&self.copy(), &[&BRINGS_IT[..], arguments].concat())
    }
}

pub(crate) fn what_was_edited_in_comes_into_the_database(django: DjangoVersion, server: &Server) {
    let edited = Edited::of(django, server);
    let deployed = edited.copy();
    let both = [
        format!("field-without-column {COLUMN}"),
        format!("index-mismatch {INDEX}"),
    ];
    assert_eq!(edited.told(&deployed), both);
    assert_eq!(edited.refused(&deployed), 1, "real Django before");
    let before = deployed.dump();
    let (script, rollback) = (
        edited.fix(&["--emit-sql"]),
        edited.fix(&["--emit-sql", "--rollback"]),
    );
    let mended = edited.copy();
    mended.psql(&script).unwrap();
    assert_eq!(edited.refused(&mended), 0, "real Django after the script");
    assert_eq!(edited.told(&mended), [""; 0]);
    let after = mended.dump();
    mended.psql(&script).unwrap();
    same(&mended.dump(), &after, "run twice");
    let back = edited.copy();
    back.psql(&script).unwrap();
    back.psql(&rollback).unwrap();
    same(&back.dump(), &before, "taken back");
    its_migration_runs_everywhere(&edited, [deployed, mended]);
}

fn its_migration_runs_everywhere(edited: &Edited<'_>, [deployed, mended]: [Database; 2]) {
    let Edited {
        station, server, ..
    } = edited;
    station.fix_files(&["--select", "created-twice", "--emit-migration", "--write"]);
    edited.fix(&["--emit-migration", "--write"]);
    let fresh = server.database();
    for database in [&deployed, &mended, &fresh] {
        station.manage(database, &["migrate", "--verbosity", "0"]);
        assert_eq!(edited.refused(database), 0);
        assert_eq!(edited.told(database), [""; 0]);
    }
    same(
        &deployed.dump(),
        &mended.dump(),
        "with and without the script before",
    );
    station.manage(
        &deployed,
        &["migrate", "--verbosity", "0", "hedgehog", "0028"],
    );
}
