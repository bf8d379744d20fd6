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

use super::environment::django::{Direction, Project, RecordedMigration};
use super::environment::{self, PostgresVersion, Server};
use hhschema::django::migration::{Migration, MigrationKey, Ownership};
use hhschema::django::operation::{LocatedOperation, Operation};
use hhschema::django::project_state::{ProjectState, StateSettings};
use hhschema::django::python::{Python, SearchPath, ValueKind};
use hhschema::django::read::{MigrationContext, MigrationFile, read_migration};
use hhschema::django::schema_editor::{Database, SchemaEditor, Sent, unapplied};
use hhschema::django::state_forwards::{Step, state_forwards, steps};
use hhschema::django::version::DjangoVersion;
use hhschema::schema::Schema;
use hhschema::source::Origin;
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
    operations: Vec<(Origin, Vec<String>)>,
    deferred: Vec<String>,
}

struct Replay {
    version: DjangoVersion,
    python: Python,
    state: ProjectState,
    /// The state before each migration.
    states: BTreeMap<MigrationKey, ProjectState>,
    database: Replayed,
    read: BTreeMap<MigrationKey, Rc<Migration>>,
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
            states: BTreeMap::new(),
            read: BTreeMap::new(),
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
        for operation in &migration.operations {
            if let Operation::NotAnalysed { why } = &operation.operation {
                panic!("{:?}: not analysed: {why}", operation.origin);
            }
        }
        self.states
            .insert(migration.key.clone(), self.state.clone());
        let mut state = self.state.clone();
        for operation in &migration.operations {
            state_forwards(&mut state, &migration.key.app_label, operation)
                .unwrap_or_else(|error| panic!("{:?}: {error}", operation.origin));
        }
        let steps = steps(&self.state, &migration.key.app_label, &migration.operations);
        if let Some(last) = steps.last() {
            self.state = last.after.clone();
        }
        self.write(migration, &steps, Direction::Forwards)
    }

    /// Rolls a migration back; `None`: it is refused.
    fn unapply(&mut self, migration: &Migration) -> Option<Written> {
        let before = self.states[&migration.key].clone();
        let steps = unapplied(migration, &before).ok()?;
        let written = self.write(migration, &steps, Direction::Backwards);
        self.state = before;
        Some(written)
    }

    fn write(
        &mut self,
        migration: &Migration,
        steps: &[Step<'_>],
        direction: Direction,
    ) -> Written {
        let sent = Rc::clone(&self.database.sent);
        let take = || std::mem::take(&mut *sent.borrow_mut());
        let mut operations = Vec::new();
        let mut editor = SchemaEditor::new(&mut self.database, migration, self.version);
        for step in steps {
            match direction {
                Direction::Forwards => editor.operation(step.operation, &step.before, &step.after),
                Direction::Backwards => {
                    editor.operation_backwards(step.operation, &step.before, &step.after);
                }
            }
            operations.push((step.operation.origin.clone(), take()));
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
    if written == executed {
        return true;
    }
    let markers = [
        (
            "'00000000000000000000000000000000'::uuid",
            "'[0-9a-f]{32}'::uuid",
        ),
        (
            "'1970-01-01 00:00:00+00:00'::timestamptz",
            "'[^']*'::timestamptz",
        ),
        ("'1970-01-01 00:00:00'::timestamp", "'[^']*'::timestamp"),
        ("'1970-01-01'::date", "'[^']*'::date"),
        ("'00:00:00'::time", "'[^']*'::time"),
        ("'(computed when the migration runs)'", "'[^']*'"),
    ];
    if !markers.iter().any(|(marker, _)| written.contains(marker)) {
        return false;
    }
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

/// Whether two lists differ in nothing but the order of what Django goes through in the order of a set (the models that point
/// at one, when their names are the same) or in that of the catalog's rows.
fn is_permuted(written: &[String], executed: &[String]) -> bool {
    let of_a_set = |text: &&String| {
        let forms = [" TYPE ", " FOREIGN KEY ", " DROP CONSTRAINT "];
        forms.iter().any(|form| text.contains(form))
    };
    let others = |list: &[String]| -> Vec<String> {
        list.iter()
            .filter(|text| !of_a_set(text))
            .cloned()
            .collect()
    };
    differences(written, executed, true).is_empty()
        && differences(&others(written), &others(executed), false).is_empty()
}

/// Related models and the groups of `unique_together` are sets.
fn is_in_the_order_of_a_set(located: &LocatedOperation) -> bool {
    let is_set = matches!(
        located.operation,
        Operation::RenameModel { .. }
            | Operation::AlterUniqueTogether { .. }
            | Operation::AlterIndexTogether { .. }
    );
    is_set || located.inner().into_iter().any(is_in_the_order_of_a_set)
}

fn compare(migration: &Migration, written: &Written, executed: &RecordedMigration) -> Vec<String> {
    let mut found = Vec::new();
    // What contenttypes puts into the plan is in no file.
    let recorded = executed
        .operations
        .iter()
        .filter(|recorded| recorded.operation != "RenameContentType")
        .collect::<Vec<_>>();
    if executed.failed.is_none() {
        assert_eq!(
            written.operations.len(),
            recorded.len(),
            "the operations of {}",
            migration.key
        );
    }
    let last = recorded.len().saturating_sub(1);
    for (place, ((origin, ours), recorded)) in written.operations.iter().zip(recorded).enumerate() {
        // The one that failed did not come to its end.
        let ours = if executed.failed.is_some() && place == last {
            ours.get(..recorded.statements.len()).unwrap_or(ours)
        } else {
            ours
        };
        let is_unordered = migration
            .operations
            .iter()
            .find(|located| located.origin == *origin)
            .is_some_and(is_in_the_order_of_a_set);
        let is_unordered = is_unordered || is_permuted(ours, &recorded.statements);
        for difference in differences(ours, &recorded.statements, is_unordered) {
            found.push(format!(
                "{origin:?} {} {:?}\n{difference}",
                recorded.operation, executed.direction
            ));
        }
    }
    if executed.failed.is_none() {
        found.extend(compare_deferred(migration, written, executed));
    }
    found
}

/// What ran at the end of a migration, in any order.
fn compare_deferred(
    migration: &Migration,
    written: &Written,
    executed: &RecordedMigration,
) -> Vec<String> {
    let deferred = executed
        .deferred
        .iter()
        .map(|deferred| deferred.statement.clone())
        .collect::<Vec<_>>();
    differences(&written.deferred, &deferred, true)
        .into_iter()
        .map(|difference| {
            let key = &migration.key;
            format!("{key} at the end {:?}\n{difference}", executed.direction)
        })
        .collect()
}

/// How a project went: how many statements were written, and what differs from what Django executed.
#[derive(Default)]
pub struct Compared {
    pub migrations: usize,
    pub statements: usize,
    /// Migrations that the server or Django refused, and why: compared up to there.
    pub refused: Vec<String>,
    pub differences: Vec<String>,
    /// Why parts of statements are not known, and how often.
    pub unknown: BTreeMap<String, usize>,
}

impl Compared {
    /// How many differences a failure shows.
    const SHOWN: usize = 40;

    /// Fails where a statement is not what Django executed, and shows the first ones.
    pub fn assert_nothing_differs(&self, django: environment::DjangoVersion) {
        let shown = self.differences.iter().take(Self::SHOWN);
        let shown: Vec<&str> = shown.map(String::as_str).collect();
        assert!(
            self.differences.is_empty(),
            "{} of {} statements differ with Django {}:\n{}",
            self.differences.len(),
            self.statements,
            django.name(),
            shown.join("\n")
        );
    }
}

/// Which way a project goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As `migrate` does.
    Forwards,
    /// Each migration is rolled back as soon as it ran, and runs again.
    ThereAndBack,
    /// All migrations run, then all are rolled back, the last first.
    ToZero,
    /// As `migrate` does, but a migration that fails does not keep the next ones from running.
    AllThatRuns,
}

/// As [`compared`], for a project of another time zone than UTC; `None` where it has `USE_TZ = False`.
pub fn compared_in(
    folder: &Path,
    django: environment::DjangoVersion,
    time_zone: Option<&str>,
) -> Compared {
    let database = Server::shared(PostgresVersion::NEWEST).database();
    let recorded = Project::at(folder, django).record(&database);
    written_with(folder, django, &recorded, |settings| {
        settings.time_zone = Ok(time_zone.map(Into::into));
    })
}

/// As [`compared`], on PostgreSQL 15.
pub fn compared_on_15(folder: &Path, django: environment::DjangoVersion) -> Compared {
    let database = Server::shared(PostgresVersion::V15).database();
    let recorded = Project::at(folder, django).record(&database);
    written_with(folder, django, &recorded, |settings| {
        settings.postgres = hhschema::postgres::Version::V15;
    })
}

/// Migrates a project (a folder with a `settings.py`) with real Django, and writes the same migrations here.
pub fn compared(folder: &Path, django: environment::DjangoVersion) -> Compared {
    compared_on(folder, django, Way::Forwards)
}

/// As [`compared`], rolled back, too.
pub fn compared_on(folder: &Path, django: environment::DjangoVersion, way: Way) -> Compared {
    let project = Project::at(folder, django);
    let database = Server::shared(PostgresVersion::NEWEST).database();
    let recorded = match way {
        Way::Forwards => project.record(&database),
        Way::ThereAndBack => project.record_there_and_back(&database),
        Way::ToZero => project.record_to_zero(&database),
        Way::AllThatRuns => project.record_all_that_runs(&database),
    };
    written_again(folder, django, &recorded)
}

/// Writes migrations below a folder as they were recorded, and compares.
pub fn written_again(
    folder: &Path,
    django: environment::DjangoVersion,
    recorded: &[RecordedMigration],
) -> Compared {
    written_with(folder, django, recorded, |_| {})
}

fn written_with(
    folder: &Path,
    django: environment::DjangoVersion,
    recorded: &[RecordedMigration],
    change: impl FnOnce(&mut StateSettings),
) -> Compared {
    let version = match django {
        environment::DjangoVersion::V4_2 => DjangoVersion::V4_2,
        environment::DjangoVersion::V5_2 => DjangoVersion::V5_2,
        environment::DjangoVersion::V6_0 => DjangoVersion::V6_0,
    };
    let mut settings = StateSettings::of(version);
    settings.default_auto_field = Ok(hhschema::django::project_state::FieldKind::BigAuto);
    settings.time_zone = Ok(Some("UTC".into()));
    change(&mut settings);
    let mut replay = Replay::new(version, folder, &django.site_packages(), settings);
    let mut compared = Compared::default();
    for executed in recorded {
        replay.follow(executed, &mut compared);
    }
    compared.unknown = replay.database.unknown.take();
    compared
}

impl Replay {
    /// Writes what was recorded, and compares.
    fn follow(&mut self, executed: &RecordedMigration, compared: &mut Compared) {
        let key = MigrationKey::new(&executed.app, &executed.name);
        let migration = match self.read.get(&key) {
            Some(known) => Rc::clone(known),
            None => Rc::new(self.read(&executed.app, &executed.name)),
        };
        self.read.insert(key, Rc::clone(&migration));
        let found = (self.state.clone(), self.database.catalog.clone());
        let written = match executed.direction {
            Direction::Forwards => Some(self.run(&migration)),
            Direction::Backwards => self.unapply(&migration),
        };
        if written.is_none() != executed.irreversible {
            let key = &migration.key;
            let which = if executed.irreversible {
                "refused"
            } else {
                "did"
            };
            compared
                .differences
                .push(format!("{key}: real Django {which} to roll it back"));
        }
        if let Some(written) = written.filter(|_| !executed.irreversible) {
            let operations = written.operations.iter();
            compared.statements += written.deferred.len()
                + operations
                    .map(|(_, statements)| statements.len())
                    .sum::<usize>();
            compared
                .differences
                .extend(compare(&migration, &written, executed));
        }
        compared.migrations += 1;
        if let Some(why) = &executed.failed {
            compared.refused.push(format!("{}: {why}", migration.key));
            let (state, catalog) = found;
            if executed.direction == Direction::Backwards {
                self.state = state;
            }
            // Outside a transaction, what ran before stays.
            if executed.atomic {
                self.database.catalog = catalog;
            }
        }
    }
}
