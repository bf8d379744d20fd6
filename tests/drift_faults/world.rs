//! A database that real Django migrated, as a template: every fault begins on a copy of it.

use std::path::PathBuf;

use hhschema::cli::{Live, drift_of};
use hhschema::database::{Address, Catalog, Limits, Session};
use hhschema::lint::Finding;
use hhschema::repair::{Options, Repair, plan};
use hhschema::schema::Identifier;

use crate::environment::django::Project;
use crate::environment::{self, Database, DjangoVersion, PostgresVersion, Server};

pub struct World {
    server: &'static Server,
    template: String,
    database: Option<Database>,
    /// Of the template.
    pub dumped: String,
    pub original: Catalog,
}

pub fn folder() -> PathBuf {
    environment::repository().join("testdata/ferry")
}

pub fn catalog_of(database: &Database, schemas: &[&str]) -> Catalog {
    let address = Address::from_url(&database.url()).unwrap();
    let mut session = Session::read_only(&address, Limits::default()).unwrap();
    let schemas: Vec<Identifier> = schemas
        .iter()
        .map(|name| Identifier::quoted(name))
        .collect();
    let catalog = Catalog::read(&mut session, &schemas).unwrap_or_else(|error| panic!("{error}"));
    session.close();
    catalog
}

/// What drift finds in a database that real Django migrated from `project`.
pub fn findings(catalog: &Catalog, project: &std::path::Path) -> Vec<Finding> {
    let live = Live::of(catalog).unwrap();
    let settings = project.join("settings.py");
    drift_of(&[project.to_owned()], Some(settings), Vec::new(), &live).unwrap()
}

/// Carries a repair out, each text as one query, as a script does.
pub fn carry_out(
    database: &mut Database,
    repair: &Repair,
    catalog: &Catalog,
) -> Result<(), String> {
    let options = Options {
        version: catalog.server.version.treated_as,
        ..Options::default()
    };
    let plan = plan(&[repair], &catalog.schema, &options).map_err(|error| error.to_string())?;
    for unit in &plan.units {
        for text in unit.script(plan.timeouts) {
            database
                .execute(&text)
                .map_err(|refused| format!("{refused}\nin: {text}"))?;
        }
    }
    Ok(())
}

/// The real `migrate`.
pub fn migrate(database: &mut Database, target: &[&str]) {
    let command = ["migrate", "--verbosity", "0", "--skip-checks"];
    Project::at(&folder(), DjangoVersion::V5_2)
        .manage(database, &[&command, target].concat())
        .unwrap_or_else(|printed| panic!("{printed}"));
}

impl World {
    pub fn migrated(version: PostgresVersion) -> Self {
        Self::migrated_to(version, &[&[]])
    }

    /// Migrated by one command after another: `[["harbour", "0003"]]`.
    pub fn migrated_to(version: PostgresVersion, targets: &[&[&str]]) -> Self {
        let server = Server::shared(version);
        let mut database = server.database();
        for target in targets {
            migrate(&mut database, target);
        }
        let (dumped, original) = (database.dump(), catalog_of(&database, &[]));
        Self {
            server,
            template: database.name().to_owned(),
            database: None,
            dumped,
            original,
        }
    }

    pub fn database(&mut self) -> &mut Database {
        self.database
            .get_or_insert_with(|| self.server.copy_of(&self.template))
    }

    /// The next database is a fresh copy.
    pub fn anew(&mut self) {
        self.database = None;
    }

    pub fn catalog(&mut self) -> Catalog {
        catalog_of(self.database(), &[])
    }

    pub fn drift(&mut self) -> Vec<Finding> {
        let catalog = self.catalog();
        Self::drift_of(&catalog)
    }

    pub fn drift_of(catalog: &Catalog) -> Vec<Finding> {
        findings(catalog, &folder())
    }

    pub fn repair(&mut self, repair: &Repair, catalog: &Catalog) -> Result<(), String> {
        carry_out(self.database(), repair, catalog)
    }
}
