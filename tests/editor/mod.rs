//! The schema editor beside real Django: migrates a project of migrations with both, and tells what differs.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test binary that has this module uses a part of it"
)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::environment::django::{Project, RecordedMigration};
use super::environment::{self, PostgresVersion, Server};
use hhschema::django::migration::{Migration, MigrationKey, Ownership};
use hhschema::django::operation::Operation;
use hhschema::django::project_state::{ProjectState, StateSettings};
use hhschema::django::python::{Python, SearchPath, ValueKind};
use hhschema::django::read::{MigrationContext, MigrationFile, read_migration};
use hhschema::django::schema_editor::{Database, SchemaEditor, Sent};
use hhschema::django::state_forwards::state_forwards;
use hhschema::django::version::DjangoVersion;
use hhschema::schema::Schema;
use hhschema::sql::{Parameters, Reading, read_with};

/// Keeps what was sent, and follows it in a virtual catalog.
struct Replayed {
    catalog: Schema,
    sent: Rc<RefCell<Vec<String>>>,
    /// Why parts of statements are not known, and how often.
    unknown: Rc<RefCell<BTreeMap<String, usize>>>,
}

impl Database for Replayed {
    fn execute(&mut self, sent: &Sent<'_>) {
        self.sent.borrow_mut().push(sent.text.to_owned());
        let why = |number| sent.holes.why(number);
        for hole in sent.text.split('\u{FFFC}').skip(1) {
            let digits = hole
                .chars()
                .take_while(char::is_ascii_digit)
                .collect::<String>();
            let reason = digits.parse::<usize>().map(why);
            let reason = reason.map_or_else(|_| "?".to_owned(), |why| why.to_string());
            *self.unknown.borrow_mut().entry(reason).or_default() += 1;
        }
        let reading = Reading {
            holes: &why,
            parameters: Parameters::None,
        };
        for statement in read_with(sent.text, sent.map, reading) {
            for change in &statement.changes {
                self.catalog.apply(change);
            }
        }
    }

    fn catalog(&self) -> &Schema {
        &self.catalog
    }
}

/// The statements of one migration: at once by operation, and at its end.
struct Written {
    operations: Vec<Vec<String>>,
    deferred: Vec<String>,
}

struct Replay {
    version: DjangoVersion,
    python: Python,
    state: ProjectState,
    database: Replayed,
}

impl Replay {
    fn new(
        version: DjangoVersion,
        folder: &Path,
        site_packages: &Path,
        settings: StateSettings,
    ) -> Self {
        let search_path = SearchPath::new(vec![folder.to_owned()], vec![site_packages.to_owned()]);
        Self {
            version,
            python: Python::new(search_path),
            state: ProjectState::new(Arc::new(settings)),
            database: Replayed {
                catalog: Schema::empty(),
                sent: Rc::default(),
                unknown: Rc::default(),
            },
        }
    }

    fn read(&self, app: &str, name: &str) -> Migration {
        let module = ["", "django.contrib."]
            .iter()
            .find_map(|prefix| {
                self.python
                    .module_named(&format!("{prefix}{app}.migrations.{name}"))
            })
            .unwrap_or_else(|| panic!("no module of {app}.{name}"));
        let class = self.python.binding(&module, "Migration").unwrap();
        let ValueKind::Class(class) = class.kind else {
            panic!("Migration of {app}.{name} is no class: {class:?}");
        };
        let file = MigrationFile {
            key: MigrationKey::new(app, name),
            file: Arc::clone(&class.origin.file),
            ownership: Ownership::Project,
        };
        read_migration(
            &file,
            &class,
            MigrationContext {
                settings: self.state.settings(),
                python: Some(&self.python),
            },
        )
    }

    fn run(&mut self, migration: &Migration) -> Written {
        let sent = Rc::clone(&self.database.sent);
        let take = || std::mem::take(&mut *sent.borrow_mut());
        let mut operations = Vec::new();
        let mut editor = SchemaEditor::new(&mut self.database, migration, self.version);
        for operation in &migration.operations {
            if let Operation::NotAnalysed { why } = &operation.operation {
                panic!("{:?}: not analysed: {why}", operation.origin);
            }
            let before = self.state.clone();
            state_forwards(&mut self.state, &migration.key.app_label, operation)
                .unwrap_or_else(|error| panic!("{:?}: {error}", operation.origin));
            editor.operation(operation, &before, &self.state);
            operations.push(take());
        }
        editor.finish();
        Written {
            operations,
            deferred: take(),
        }
    }
}

/// Whether a text is what Django executed, but for values that only the run makes.
fn matches(written: &str, executed: &str) -> bool {
    let markers = [
        (
            "'00000000000000000000000000000000'::uuid",
            "'[0-9a-f]{32}'::uuid",
        ),
        (
            "'1970-01-01 00:00:00+00:00'::timestamptz",
            "'[^']*'::timestamptz",
        ),
        ("'1970-01-01'::date", "'[^']*'::date"),
        ("'00:00:00'::time", "'[^']*'::time"),
    ];
    let mut pattern = regex::escape(written);
    for (marker, any) in markers {
        pattern = pattern.replace(&regex::escape(marker), any);
    }
    regex::Regex::new(&format!("^{pattern}$"))
        .unwrap()
        .is_match(executed)
}

/// The lines that differ, for a failure that can be read.
fn differences(written: &[String], executed: &[String], sorted: bool) -> Vec<String> {
    let (mut written, mut executed) = (written.to_vec(), executed.to_vec());
    if sorted {
        // Matched one by one: values of the moment must not decide the order.
        let mut rest = Vec::new();
        for text in written {
            match executed.iter().position(|other| matches(&text, other)) {
                Some(place) => drop(executed.remove(place)),
                None => rest.push(text),
            }
        }
        written = rest;
        written.sort();
        executed.sort();
    }
    let longest = written.len().max(executed.len());
    (0..longest)
        .filter_map(|place| match (written.get(place), executed.get(place)) {
            (Some(one), Some(two)) if matches(one, two) => None,
            (one, two) => Some(format!(
                "  written  {}\n  executed {}",
                one.map_or("-", String::as_str),
                two.map_or("-", String::as_str)
            )),
        })
        .collect()
}

fn compare(migration: &Migration, written: &Written, executed: &RecordedMigration) -> Vec<String> {
    let mut found = Vec::new();
    // What contenttypes puts into the plan is in no file.
    let recorded = executed
        .operations
        .iter()
        .filter(|recorded| recorded.operation != "RenameContentType")
        .collect::<Vec<_>>();
    assert_eq!(
        written.operations.len(),
        recorded.len(),
        "the operations of {}",
        migration.key
    );
    let both = written.operations.iter().zip(recorded);
    for ((ours, recorded), operation) in both.zip(&migration.operations) {
        // Its order is that of a set of models.
        let is_unordered = recorded.operation == "RenameModel";
        for difference in differences(ours, &recorded.statements, is_unordered) {
            found.push(format!(
                "{:?} {}\n{difference}",
                operation.origin, recorded.operation
            ));
        }
    }
    let deferred = executed
        .deferred
        .iter()
        .map(|deferred| deferred.statement.clone())
        .collect::<Vec<_>>();
    for difference in differences(&written.deferred, &deferred, true) {
        found.push(format!("{} at the end\n{difference}", migration.key));
    }
    found
}

/// How a project went: how many statements were written, and what differs from what Django executed.
pub struct Compared {
    pub statements: usize,
    pub differences: Vec<String>,
    /// Why parts of statements are not known, and how often.
    pub unknown: BTreeMap<String, usize>,
}

/// Migrates a project (a folder with a `settings.py`) with real Django, and writes the same migrations here.
pub fn compared(folder: &Path, django: environment::DjangoVersion) -> Compared {
    let project = Project::at(folder, django);
    let recorded = project.record(&Server::shared(PostgresVersion::NEWEST).database());
    compared_with(folder, django, &recorded)
}

/// Writes the migrations of a project here, and compares them with what Django is recorded to execute.
pub fn compared_with(
    folder: &Path,
    django: environment::DjangoVersion,
    recorded: &[RecordedMigration],
) -> Compared {
    let version = match django {
        environment::DjangoVersion::V4_2 => DjangoVersion::V4_2,
        environment::DjangoVersion::V5_2 => DjangoVersion::V5_2,
        environment::DjangoVersion::V6_0 => DjangoVersion::V6_0,
    };
    let mut settings = StateSettings::of(version);
    settings.default_auto_field = Ok(hhschema::django::project_state::FieldKind::BigAuto);
    settings.time_zone = Ok(Some("UTC".into()));
    let mut replay = Replay::new(version, folder, &django.site_packages(), settings);
    let mut differences = Vec::new();
    let mut statements = 0;
    for executed in recorded {
        let migration = replay.read(&executed.app, &executed.name);
        let written = replay.run(&migration);
        statements +=
            written.deferred.len() + written.operations.iter().map(Vec::len).sum::<usize>();
        differences.extend(compare(&migration, &written, executed));
    }
    let unknown = replay.database.unknown.take();
    Compared {
        statements,
        differences,
        unknown,
    }
}
