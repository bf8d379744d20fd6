//! Real Django, in cached environments: what its schema editor executes, and which INSERTs its ORM gets through.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::postgres::Database;

/// A release series of Django; the exact release of each is pinned in `django_environment.py`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DjangoVersion {
    V4_2,
    V5_2,
    /// Needs Python 3.12.
    V6_0,
}

impl DjangoVersion {
    pub const ALL: [Self; 3] = [Self::V4_2, Self::V5_2, Self::V6_0];

    pub const fn name(self) -> &'static str {
        match self {
            Self::V4_2 => "4.2",
            Self::V5_2 => "5.2",
            Self::V6_0 => "6.0",
        }
    }

    /// The Python of the virtual environment that has this Django and psycopg 3.
    ///
    /// # Panics
    /// When the environment cannot be built, with the reason.
    pub fn python(self) -> PathBuf {
        let printed = super::run(
            "python3",
            [
                super::script("django_environment.py").as_os_str(),
                self.name().as_ref(),
            ],
        );
        PathBuf::from(printed.trim_end())
    }

    /// The site-packages folder of that environment.
    pub fn site_packages(self) -> PathBuf {
        let program = "import sysconfig; print(sysconfig.get_path('purelib'))";
        PathBuf::from(super::run(self.python(), ["-c", program]).trim_end())
    }
}

/// A Django project on disk, and the Python that runs it.
#[derive(Debug, Clone)]
pub struct Project {
    pub python: PathBuf,
    /// Folders to import from, before the site-packages of `python`.
    pub paths: Vec<PathBuf>,
    /// The dotted name of the settings module; its DATABASES are replaced.
    pub settings: String,
}

impl Project {
    /// A project whose folder holds a `settings.py`.
    pub fn at(folder: &Path, version: DjangoVersion) -> Self {
        Self {
            python: version.python(),
            paths: vec![folder.to_owned()],
            settings: "settings".to_owned(),
        }
    }

    /// Migrates the database with the real `migrate`; tells what ran, in the order in which it ran.
    pub fn record(&self, database: &Database) -> Vec<RecordedMigration> {
        self.harness("record.py", database, &[])
    }

    /// The same, each migration rolled back as soon as it ran and run again: forwards, backwards, forwards.
    pub fn record_there_and_back(&self, database: &Database) -> Vec<RecordedMigration> {
        self.harness("record.py", database, &["--there-and-back"])
    }

    /// The same, but what fails is taken back, and the next migration runs as though it had not failed.
    pub fn record_all_that_runs(&self, database: &Database) -> Vec<RecordedMigration> {
        self.harness("record.py", database, &["--go-on"])
    }

    /// The same, and then all of it rolled back, the last migration first.
    pub fn record_to_zero(&self, database: &Database) -> Vec<RecordedMigration> {
        self.harness("record.py", database, &["--to-zero"])
    }

    /// The same for some apps (by label) and what they depend on.
    pub fn record_apps(&self, database: &Database, apps: &[&str]) -> Vec<RecordedMigration> {
        self.harness("record.py", database, apps)
    }

    /// Tries an INSERT through the ORM for models (`shop.Order`), or all when none is named; by the model's label.
    pub fn try_inserts(&self, database: &Database, models: &[&str]) -> BTreeMap<String, Inserted> {
        self.harness("insert.py", database, models)
    }

    /// What the real `sqlmigrate` prints of the migrations of some apps (by label) and what they depend on, each with the
    /// database at the state before it.
    pub fn sqlmigrate(&self, database: &Database, apps: &[&str]) -> Vec<Sqlmigrated> {
        self.harness("sqlmigrate.py", database, apps)
    }

    /// What the project's migrations exercise of Django; no database is asked.
    pub fn coverage(&self) -> Coverage {
        let printed = self.script("coverage.py", (Path::new("/nonexistent"), "none"), &[]);
        serde_json::from_str(&printed).expect("coverage.py prints a report")
    }

    /// Runs a management command: `["migrate", "shop", "0001"]`.
    ///
    /// # Errors
    /// When it ends with another code than 0: what it printed.
    pub fn manage(&self, database: &Database, command: &[&str]) -> Result<String, String> {
        let mut run = std::process::Command::new(&self.python);
        run.arg(super::script("manage.py"));
        for path in &self.paths {
            run.arg("--path").arg(path);
        }
        run.args(["--settings", &self.settings, "--socket"])
            .arg(database.socket())
            .args(["--database", database.name()])
            .args(command)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        let output = run.output().expect("Python can be started");
        let printed = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        if output.status.success() {
            Ok(printed)
        } else {
            Err(printed)
        }
    }

    fn harness<T: DeserializeOwned>(&self, name: &str, database: &Database, rest: &[&str]) -> T {
        let printed = self.script(name, (database.socket(), database.name()), rest);
        serde_json::from_str(&printed)
            .unwrap_or_else(|error| panic!("{name} printed no report ({error}): {printed}"))
    }

    fn script(&self, name: &str, (socket, database): (&Path, &str), rest: &[&str]) -> String {
        let mut arguments = vec![super::script(name).display().to_string()];
        for path in &self.paths {
            arguments.extend(["--path".to_owned(), path.display().to_string()]);
        }
        arguments.extend(["--settings".to_owned(), self.settings.clone()]);
        arguments.extend(["--socket".to_owned(), socket.display().to_string()]);
        arguments.extend(["--database".to_owned(), database.to_owned()]);
        arguments.extend(rest.iter().map(|&argument| argument.to_owned()));
        super::run(&self.python, arguments)
    }
}

/// A migration as Django executed it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RecordedMigration {
    pub app: String,
    pub name: String,
    pub atomic: bool,
    pub direction: Direction,
    /// Django refused to roll it back; nothing ran.
    pub irreversible: bool,
    /// Why it did not go through, at the last operation or after it; all of it was taken back.
    pub failed: Option<String>,
    /// In the order in which they ran.
    pub operations: Vec<RecordedOperation>,
    /// What ran at the end of the migration, in that order. Some of the order follows Python's hash seed,
    /// which is pinned to 0: compare as a multiset.
    pub deferred: Vec<Deferred>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Forwards,
    Backwards,
}

/// What a project's migrations exercise of one release of Django, and what that has.
#[derive(Debug, Clone, Deserialize)]
pub struct Coverage {
    pub django: String,
    /// By kind: the names of all that there is.
    pub there: BTreeMap<String, Vec<String>>,
    /// By kind and name: the migrations that exercise it.
    pub exercised: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// A migration as `sqlmigrate` prints it.
#[derive(Debug, Clone, Deserialize)]
pub struct Sqlmigrated {
    pub app: String,
    pub name: String,
    pub forwards: String,
    /// None where Django refuses to roll it back.
    pub backwards: Option<String>,
}

/// One operation of a migration, and the statements that it sent before it returned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RecordedOperation {
    pub index: usize,
    /// The name of the operation's class: `AddField`.
    pub operation: String,
    /// What the schema editor executed; one element is one text as the server received it.
    pub statements: Vec<String>,
    /// DDL that went round the schema editor (`connection.cursor()` in a RunPython).
    pub through_cursor: Vec<String>,
}

/// A statement that an operation queued for the end of its migration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Deferred {
    /// The index of the operation that queued it.
    pub operation: Option<usize>,
    pub statement: String,
}

/// How an INSERT of a model went, through the ORM and with a value for each of the model's fields.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Inserted {
    pub table: String,
    /// The columns that the model's fields have, its parents' included: `table.column`.
    pub columns: Vec<String>,
    /// Why the row was refused; none when the INSERT works. All NOT NULL columns without a value are listed.
    pub refused: Vec<Refusal>,
    /// Why the INSERT could not be tried at all.
    pub problem: Option<String>,
}

/// One reason for which the server refused a row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refusal {
    pub sqlstate: String,
    pub table: Option<String>,
    pub column: Option<String>,
    pub message: String,
}
