//! `hhschema lint`: configuration, what is new, analysis, rules, report.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::analyse::{self, RecordIs, Request};
use super::args::LintArguments;
use super::live::Connected;
use super::project::{Paths, config};
use super::{Outcome, Stop, because, output, report};
use crate::config::Config;
use crate::lint::{Newness, NewnessRequest, RuleBook};
use crate::source::{self, SourceFile};

pub(super) fn run(arguments: &LintArguments, book: &RuleBook) -> Result<Outcome, Stop> {
    let paths = Paths::of(&arguments.project.paths);
    let mut config = config(&arguments.project, &paths, book)?;
    config.lint.deploy = arguments.deploy.unwrap_or(config.lint.deploy);
    paths.something_is_left()?;
    let connected = Connected::of_unapplied(arguments.unapplied, &arguments.database, &mut config)?;
    config.lint.postgres = arguments.postgres.unwrap_or(config.lint.postgres);
    let newness = match &connected {
        Some(connected) => Newness::unapplied(&connected.name()),
        None => newness(arguments, &paths, &config)?,
    };
    let stdin = paths.stdin.then(read_stdin).transpose()?;
    let analysed = analyse::analyse(&Request {
        paths: &paths.found,
        stdin,
        config: &config,
        newness: &newness,
        dump: dump(arguments)?,
        live: connected.as_ref().map(|connected| &connected.live),
        record: RecordIs::Believed,
    });
    let analysed = analysed.map_err(|problem| because(problem.message))?;
    let judged = report::Judged {
        book,
        config: &config,
        newness: &newness,
        live: None,
        introduced: None,
    };
    let report = judged.report(analysed, paths.problems);
    output::print(&report, arguments.format)?;
    Ok(output::outcome(&report, config.fail_on))
}

/// What `--schema` names where no database is asked.
fn dump(arguments: &LintArguments) -> Result<Option<Arc<SourceFile>>, Stop> {
    match arguments.database.schema.as_slice() {
        _ if arguments.unapplied => Ok(None),
        [] => Ok(None),
        [path] => source::read(Path::new(path)).map(Some).map_err(because),
        [_, ..] => Err(because(
            "`--schema` names one file, the schema that SQL scripts find: give it once (with `--unapplied` it names schemas of the database)",
        )),
    }
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
