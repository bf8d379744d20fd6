//! `hhschema lint`: configuration, what is new, analysis, rules, report.

use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use super::analyse::{self, Analysed, Request, STDIN};
use super::args::LintArguments;
use super::{Outcome, Stop, because, whole_or_closed};
use crate::config::Config;
use crate::django::migration::Ownership;
use crate::history::Judged;
use crate::lint::{self, Linted, Newness, NewnessRequest, Problem, Report, RuleBook, Summary};
use crate::report::{self, Format, Streams, Style};
use crate::source;

pub(super) fn run(arguments: &LintArguments, book: &RuleBook) -> Result<Outcome, Stop> {
    let paths = Paths::of(arguments);
    let config = config(arguments, &paths, book)?;
    paths.something_is_left()?;
    let newness = newness(arguments, &paths, &config)?;
    let stdin = paths.stdin.then(read_stdin).transpose()?;
    let analysed = analyse::analyse(&Request {
        paths: &paths.found,
        stdin,
        config: &config,
        newness: &newness,
    });
    let analysed = analysed.map_err(|problem| because(problem.message))?;
    let report = report(analysed, paths.problems, newness, (book, &config));
    print(&report, arguments.format)?;
    Ok(if !report.problems.is_empty() {
        Outcome::Failed
    } else if report
        .worst()
        .is_some_and(|level| config.fail_on.includes(level))
    {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// What the command line names, sorted by what it is.
#[derive(Default)]
struct Paths {
    found: Vec<PathBuf>,
    files: Vec<PathBuf>,
    stdin: bool,
    problems: Vec<Problem>,
}

impl Paths {
    fn of(arguments: &LintArguments) -> Self {
        let mut paths = Self::default();
        for path in &arguments.paths {
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

    /// Stops where nothing that was named can be linted.
    fn something_is_left(&self) -> Result<(), Stop> {
        if self.stdin || !self.found.is_empty() {
            return Ok(());
        }
        let messages = self.problems.iter().map(|problem| problem.message.as_str());
        Err(because(messages.collect::<Vec<_>>().join("\nhhschema: ")))
    }

    /// The folder whose configuration and repository count.
    fn folder(&self) -> PathBuf {
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
fn config(arguments: &LintArguments, paths: &Paths, book: &RuleBook) -> Result<Config, Stop> {
    let mut config = match &arguments.config {
        Some(path) => Config::read(path, book),
        None => Config::find(&paths.folder(), book),
    }
    .map_err(because)?;
    if !arguments.select.is_empty() {
        let selection = &mut config.lint.selection;
        selection.select(book, &arguments.select).map_err(because)?;
    }
    let selection = &mut config.lint.selection;
    selection.ignore(book, &arguments.ignore).map_err(because)?;
    config.lint.deploy = arguments.deploy.unwrap_or(config.lint.deploy);
    config.lint.postgres = arguments.postgres.unwrap_or(config.lint.postgres);
    config.fail_on = arguments.fail_on.unwrap_or(config.fail_on);
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

fn newness(arguments: &LintArguments, paths: &Paths, config: &Config) -> Result<Newness, Stop> {
    let request = NewnessRequest {
        all: arguments.all,
        since: arguments.since.clone().or_else(|| config.since.clone()),
        after: config.after.clone(),
        files: paths.files.clone(),
        folders_too: paths.found.iter().any(|path| source::is_folder(path)),
        folder: paths.folder(),
    };
    Newness::find(&request, &|name| std::env::var(name).ok())
        .map_err(|error| because(format!("cannot tell which migrations are new: {error}")))
}

fn read_stdin() -> Result<String, Stop> {
    let mut text = String::new();
    let mut limited = io::stdin().lock().take(source::LARGEST_FILE + 1);
    limited
        .read_to_string(&mut text)
        .map_err(|error| because(format!("cannot read standard input: {error}")))?;
    if text.len() as u64 > source::LARGEST_FILE {
        return Err(because(format!(
            "cannot read standard input: it has more than the {} bytes that one source may have",
            source::LARGEST_FILE
        )));
    }
    Ok(text)
}

fn report(
    mut analysed: Analysed,
    mut problems: Vec<Problem>,
    newness: Newness,
    (book, config): (&RuleBook, &Config),
) -> Report {
    let linted = Linted {
        history: &analysed.history,
        comments: &analysed.comments,
        in_project: &*analysed.in_project,
    };
    let findings = lint::lint(&linted, book, &config.lint);
    problems.append(&mut analysed.problems);
    problems.sort();
    let not_analysed = lint::missed_operations(&analysed.history);
    analysed.open_models.sort();
    let summary = summary(&mut analysed, newness);
    // As with the project: the end of the process frees it at once.
    std::mem::forget(analysed.history);
    Report {
        findings,
        not_analysed,
        problems,
        summary,
    }
}

fn summary(analysed: &mut Analysed, newness: Newness) -> Summary {
    let migrations = analysed.history.migrations.iter();
    let own = migrations
        .filter(|replayed| replayed.migration.ownership == Ownership::Project)
        .collect::<Vec<_>>();
    let new = own.iter().filter(|replayed| replayed.judged == Judged::New);
    let operations = own
        .iter()
        .map(|replayed| replayed.migration.operations.len());
    Summary {
        files: analysed.files,
        migrations: own.len(),
        new_migrations: new.count(),
        operations: operations.sum(),
        basis: newness.basis,
        open_models: std::mem::take(&mut analysed.open_models),
        left_out: std::mem::take(&mut analysed.left_out),
        absent_apps: std::mem::take(&mut analysed.absent_apps),
    }
}

fn print(report: &Report, format: Format) -> Result<(), Stop> {
    let style = Style {
        colour: wants_colour(),
        current_folder: std::env::current_dir().unwrap_or_default(),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut beside = BufWriter::new(io::stderr().lock());
    let mut streams = Streams {
        out: &mut out,
        beside: &mut beside,
    };
    let written = report::render(report, format, &style, &mut streams);
    let written = written
        .and_then(|()| out.flush())
        .and_then(|()| beside.flush());
    Ok(whole_or_closed(written)?)
}

/// Colour on a terminal, unless `NO_COLOR` is set (no-color.org); elsewhere where `FORCE_COLOR` or `CLICOLOR_FORCE`
/// asks for it.
fn wants_colour() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced = |name| set(name) && std::env::var_os(name).is_some_and(|value| value != "0");
    if set("NO_COLOR") {
        return false;
    }
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    forced("FORCE_COLOR") || forced("CLICOLOR_FORCE") || (io::stdout().is_terminal() && !is_dumb)
}
