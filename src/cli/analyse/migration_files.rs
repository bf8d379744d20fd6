//! The files of migrations, read one by one: what is in them, or what is wrong with them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::django::discover::{App, Project};
use crate::django::migration::{Migration, MigrationKey};
use crate::django::project_state::StateSettings;
use crate::django::python::{Module, Python, ValueKind};
use crate::django::read::{MigrationContext, MigrationFile, read_migration, unread_migration};
use crate::lint::Problem;
use crate::schema::Why;
use crate::source::{Origin, ReadError, Span, each_file};

/// All migrations of all apps; files that are no migrations are problems.
pub(super) fn read_migrations(
    project: &Project,
    settings: &StateSettings,
    problems: &mut Vec<Problem>,
) -> Vec<Arc<Migration>> {
    let files: Vec<(&App, &PathBuf)> = project
        .apps
        .iter()
        .filter_map(|app| Some((app, app.migrations.as_ref()?)))
        .flat_map(|(app, package)| package.files.iter().map(move |file| (app, file)))
        .collect();
    let read = each_file(files, |(app, path)| {
        let read = migration(&project.python, app, path, settings);
        project.python.let_go(path);
        read
    });
    let mut migrations = Vec::new();
    for result in read {
        match result {
            Ok(migration) => migrations.push(migration),
            Err(problem) => problems.push(problem),
        }
    }
    migrations
}

fn migration(
    python: &Python,
    app: &App,
    path: &Path,
    settings: &StateSettings,
) -> Result<Arc<Migration>, Problem> {
    let module = python.module(path).map_err(|error| unreadable(&error))?;
    let name = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let file = MigrationFile {
        key: MigrationKey::new(&app.label, &name),
        file: Arc::clone(&module.file),
        ownership: app.ownership,
    };
    let whole = Origin::new(&module.file, Span::default());
    match python.binding(&module, "Migration") {
        Some(value) => Ok(Arc::new(match &value.kind {
            ValueKind::Class(class) => {
                let python = Some(python);
                read_migration(&file, class, MigrationContext { settings, python })
            }
            ValueKind::Unknown(why) => unread_migration(&file, &value.origin, why),
            _ => {
                let why = Why::new("`Migration` is not a class that can be read");
                unread_migration(&file, &value.origin, &why)
            }
        })),
        // A file that is not Python says so itself; what it does is not known.
        None if syntax_problem(&module).is_some() => Ok(Arc::new(unread_migration(
            &file,
            &whole,
            &Why::new("the file has a syntax error"),
        ))),
        None => Err(Problem::new(
            "the file has no class `Migration`: Django refuses to load it; add the class, or move the file out of \
             the migrations folder",
        )
        .in_file(path)),
    }
}

pub(super) fn syntax_problem(module: &Module) -> Option<Problem> {
    let problem = module.problems().first()?;
    let at = problem.origin.line_column();
    Some(Problem {
        path: Some(module.file.path().to_owned()),
        line: Some(at.line),
        column: Some(at.column),
        message: format!("not valid Python: {}", problem.message),
    })
}

/// A file that could not be read as text.
pub(super) fn unreadable(error: &ReadError) -> Problem {
    let problem = Problem::new(error.to_string()).in_file(error.path());
    match error {
        ReadError::NotUtf8 { line, .. } => {
            problem.at_line(u32::try_from(*line).unwrap_or(u32::MAX))
        }
        ReadError::Io { .. } | ReadError::Binary { .. } | ReadError::TooLarge { .. } => problem,
    }
}
