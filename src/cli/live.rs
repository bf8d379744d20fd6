//! The live database of a command: connected to, read in one transaction, and left.

use std::collections::BTreeSet;

use super::analyse::Live;
use super::args::DatabaseArguments;
use super::{Stop, because};
use crate::config::Config;
use crate::database::{Address, Catalog, Limits, Migrations, Session};
use crate::django::migration::MigrationKey;
use crate::postgres::Version;
use crate::repair::{Action, Plan, RecordState};
use crate::schema::{Identifier, WrittenName};

/// A database that was read, and where it is.
pub(super) struct Connected {
    pub address: Address,
    pub catalog: Catalog,
    pub live: Live,
}

impl Connected {
    /// Reads the catalog, and what Django has recorded.
    ///
    /// # Errors
    /// When the server cannot be reached or read, or what is recorded is not known: nothing can be said then.
    pub(super) fn read(arguments: &DatabaseArguments) -> Result<Self, Stop> {
        let address = Address::find(arguments.database_url.as_deref()).map_err(because)?;
        let mut session = Session::read_only(&address, Limits::default()).map_err(because)?;
        let schemas: Vec<Identifier> = arguments
            .schema
            .iter()
            .map(|name| Identifier::quoted(name))
            .collect();
        let catalog = Catalog::read(&mut session, &schemas).map_err(because)?;
        session.close();
        let live = Live::of(&catalog).map_err(because)?;
        Ok(Self {
            address,
            catalog,
            live,
        })
    }

    /// The database of `--unapplied`, where that is asked for; its version is then the one that is spoken of.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) fn of_unapplied(
        is_asked_for: bool,
        arguments: &DatabaseArguments,
        config: &mut Config,
    ) -> Result<Option<Self>, Stop> {
        if !is_asked_for {
            return Ok(None);
        }
        let connected = Self::read(arguments)?;
        config.lint.postgres = connected.version();
        Ok(Some(connected))
    }

    pub(super) fn version(&self) -> Version {
        self.catalog.server.version.treated_as
    }

    /// The database as people name it; without a password.
    pub(super) fn name(&self) -> String {
        self.address.to_string()
    }

    pub(super) fn server(&self) -> String {
        let standby = if self.catalog.server.is_standby {
            ", a standby"
        } else {
            ""
        };
        format!(
            "{} as {}{standby}",
            self.catalog.server.version, self.catalog.server.role
        )
    }

    pub(super) fn schemas(&self) -> Vec<String> {
        let schemas = self.catalog.schemas.iter();
        schemas.map(ToString::to_string).collect()
    }

    pub(super) fn unseen(&self) -> Vec<String> {
        self.catalog
            .unseen
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// What is there and no comparison looks at.
    pub(super) fn not_read(&self) -> Vec<(String, String)> {
        let not_read = self.catalog.not_read.iter();
        not_read
            .map(|missed| {
                let part = missed.part.iter().map(|part| format!(".{part}"));
                let object = format!(
                    "{} {}{}",
                    missed.kind,
                    missed.name,
                    part.collect::<String>()
                );
                (object, "not modelled".to_owned())
            })
            .collect()
    }
}

impl Live {
    /// The database once a plan has run.
    pub(super) fn after(&self, plan: &Plan) -> Self {
        let mut recorded = self.recorded.clone();
        for step in plan.units.iter().flat_map(|unit| &unit.steps) {
            if let Action::Record(record) = &step.action {
                match record.state {
                    RecordState::Applied => recorded.insert(record.migration.clone()),
                    RecordState::NotApplied => recorded.remove(&record.migration),
                };
            }
        }
        Self {
            schema: plan.after.clone(),
            recorded,
            record: self.record.clone(),
        }
    }

    /// What the replay must know of a catalog that was read.
    ///
    /// # Errors
    /// When what the database has applied is not known: nothing can be said then.
    pub fn of(catalog: &Catalog) -> Result<Self, String> {
        let (record, recorded) = match &catalog.migrations {
            Migrations::Recorded { table, rows } => (
                table.clone(),
                rows.iter()
                    .map(|row| MigrationKey::new(&row.app, &row.name))
                    .collect(),
            ),
            Migrations::NoTable => {
                let name = WrittenName::bare(Identifier::quoted("django_migrations"));
                (catalog.schema.resolve_new(&name), BTreeSet::new())
            }
            Migrations::Unknown(why) => {
                return Err(format!(
                    "cannot tell which migrations the database has applied: {why}"
                ));
            }
        };
        Ok(Self {
            schema: catalog.schema.clone(),
            recorded,
            record,
        })
    }
}
