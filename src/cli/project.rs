//! What the command line says of the project: its paths, and its configuration.

use std::path::{Path, PathBuf};

use super::analyse::STDIN;
use super::args::{ProjectArguments, ReadingArguments};
use super::{Stop, because};
use crate::config::Config;
use crate::lint::{Problem, RuleBook};
use crate::source;

/// What the command line names, sorted by what it is.
#[derive(Default)]
pub(super) struct Paths {
    pub found: Vec<PathBuf>,
    pub files: Vec<PathBuf>,
    pub stdin: bool,
    pub problems: Vec<Problem>,
}

impl Paths {
    pub(super) fn of(named: &[PathBuf]) -> Self {
        let mut paths = Self::default();
        for path in named {
            if path == Path::new("-") {
                paths.stdin = true;
                paths.files.push(PathBuf::from(STDIN));
            } else if source::is_folder(path) {
                paths.found.push(path.clone());
            } else if let Err(error) = source::canonical(path) {
                paths
                    .problems
                    .push(Problem::new(error.to_string()).in_file(path));
            } else if path
                .extension()
                .is_some_and(|kind| kind == "py" || kind == "sql")
            {
                paths.found.push(path.clone());
                paths.files.push(path.clone());
            } else {
                let message = format!(
                    "cannot lint `{}`: it is neither a folder nor a .py or .sql file",
                    path.display()
                );
                paths.problems.push(Problem::new(message).in_file(path));
            }
        }
        paths
    }

    /// Stops where SQL is given that no database has run: it has no part in a comparison with one.
    pub(super) fn are_of_a_project(&self) -> Result<(), Stop> {
        if self.stdin {
            return Err(because(
                "`-` is SQL for `hhschema lint`: name the folder of the project here",
            ));
        }
        self.something_is_left()
    }

    /// Stops where nothing that was named can be linted.
    pub(super) fn something_is_left(&self) -> Result<(), Stop> {
        if self.stdin || !self.found.is_empty() {
            return Ok(());
        }
        let messages = self.problems.iter().map(|problem| problem.message.as_str());
        Err(because(messages.collect::<Vec<_>>().join("\nhhschema: ")))
    }

    /// The folder whose configuration and repository count.
    pub(super) fn folder(&self) -> PathBuf {
        let folder = self.found.first().map(|path| {
            if source::is_folder(path) {
                path.as_path()
            } else {
                path.parent().unwrap_or(Path::new("."))
            }
        });
        match folder {
            Some(folder) if folder != Path::new("") => folder.to_owned(),
            _ => PathBuf::from("."),
        }
    }
}

/// The configuration, with what the command line says in its place.
pub(super) fn config(
    arguments: &ProjectArguments,
    paths: &Paths,
    book: &RuleBook,
) -> Result<Config, Stop> {
    let mut config = reading_config(&arguments.reading, paths, book)?;
    if !arguments.select.is_empty() {
        let selection = &mut config.lint.selection;
        selection.select(book, &arguments.select).map_err(because)?;
    }
    let selection = &mut config.lint.selection;
    selection.ignore(book, &arguments.ignore).map_err(because)?;
    config.fail_on = arguments.fail_on.unwrap_or(config.fail_on);
    Ok(config)
}

/// The same for a command that judges nothing.
pub(super) fn reading_config(
    arguments: &ReadingArguments,
    paths: &Paths,
    book: &RuleBook,
) -> Result<Config, Stop> {
    let mut config = match &arguments.config {
        Some(path) => Config::read(path, book),
        None => Config::find(&paths.folder(), book),
    }
    .map_err(because)?;
    config.django = arguments.django.clone().or(config.django);
    config.settings = arguments.settings.clone().or(config.settings);
    if !arguments.python_path.is_empty() {
        config.python_path.clone_from(&arguments.python_path);
    }
    for path in config.settings.iter().chain(&config.python_path) {
        source::canonical(path).map_err(because)?;
    }
    Ok(config)
}
