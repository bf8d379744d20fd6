//! `hhschema drift`: a live database beside its migrations and the models.

use std::path::PathBuf;

use super::analyse::{self, Live, RecordIs, Request};
use super::args::DriftArguments;
use super::live::Connected;
use super::project::{Paths, config};
use super::{Outcome, Stop, because, output, report};
use crate::config::Config;
use crate::lint::{Finding, Newness, RuleBook};
use crate::rules::RULES;

pub(super) fn run(arguments: &DriftArguments, book: &RuleBook) -> Result<Outcome, Stop> {
    let paths = Paths::of(&arguments.project.paths);
    let mut config = config(&arguments.project, &paths, book)?;
    paths.are_of_a_project()?;
    let connected = Connected::read(&arguments.database)?;
    config.lint.postgres = connected.version();
    let newness = Newness::unapplied(&connected.name());
    let analysed = analyse::analyse(&Request {
        paths: &paths.found,
        stdin: None,
        config: &config,
        newness: &newness,
        dump: None,
        live: Some(&connected.live),
        record: RecordIs::Judged,
    });
    let analysed = analysed.map_err(|problem| because(problem.message))?;
    let judged = report::Judged {
        book,
        config: &config,
        newness: &newness,
        live: Some(&connected.live),
        introduced: Some(report::Introduced {
            connected: &connected,
            paths: &paths,
        }),
    };
    let report = judged.report(analysed, paths.problems.clone());
    output::print(&report, arguments.format)?;
    Ok(output::outcome(&report, config.fail_on))
}

/// What `drift` finds between a project (by its paths, its settings file and its site-packages) and a live database
/// that was read already.
///
/// # Errors
/// When the project cannot be read, with the reason.
pub fn drift_of(
    paths: &[PathBuf],
    settings: Option<PathBuf>,
    python_path: Vec<PathBuf>,
    live: &Live,
) -> Result<Vec<Finding>, String> {
    let book = RuleBook::read(RULES).map_err(|error| error.to_string())?;
    let config = Config {
        settings,
        python_path,
        ..Config::of_defaults(&book)
    };
    let newness = Newness::unapplied("the database");
    let analysed = analyse::analyse(&Request {
        paths,
        stdin: None,
        config: &config,
        newness: &newness,
        dump: None,
        live: Some(live),
        record: RecordIs::Judged,
    });
    let judged = report::Judged {
        book: &book,
        config: &config,
        newness: &newness,
        live: Some(live),
        introduced: None,
    };
    let analysed = analysed.map_err(|problem| problem.message)?;
    Ok(judged.report(analysed, Vec::new()).findings)
}
