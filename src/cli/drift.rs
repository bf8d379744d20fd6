//! `hhschema drift`: a live database beside its migrations and the models.

use super::analyse::{self, Request};
use super::args::DriftArguments;
use super::live::Connected;
use super::project::{Paths, config};
use super::{Outcome, Stop, because, output, report};
use crate::lint::{Newness, RuleBook};

pub(super) fn run(arguments: &DriftArguments, book: &RuleBook) -> Result<Outcome, Stop> {
    let paths = Paths::of(&arguments.project);
    let mut config = config(&arguments.project, &paths, book)?;
    paths.something_is_left()?;
    let connected = Connected::read(&arguments.database)?;
    config.lint.postgres = connected.version();
    let newness = Newness::unapplied(&connected.name());
    let analysed = analyse::analyse(&Request {
        paths: &paths.found,
        stdin: None,
        config: &config,
        newness: &newness,
        live: Some(&connected.live),
    });
    let analysed = analysed.map_err(|problem| because(problem.message))?;
    let judged = report::Judged {
        book,
        config: &config,
        newness: &newness,
        connected: Some(&connected),
    };
    let report = judged.report(analysed, paths.problems);
    output::print(&report, arguments.format)?;
    Ok(output::outcome(&report, config.fail_on))
}
