//! `hhschema sql`: what migrations execute.

use std::io::{self, Write};

use super::analyse::executed::{Missing, Wanted, Way, executed};
use super::analyse::{RecordIs, Request};
use super::args::SqlArguments;
use super::live::Connected;
use super::project::{Paths, reading_config};
use super::{Outcome, Stop, because, output};
use crate::lint::{Newness, RuleBook};
use crate::report::sql;

pub(super) fn run(arguments: &SqlArguments, book: &RuleBook) -> Result<Outcome, Stop> {
    let paths = Paths::of(&arguments.project);
    let mut config = reading_config(&arguments.reading, &paths, book)?;
    paths.are_of_a_project()?;
    let connected = Connected::of_unapplied(arguments.unapplied, &arguments.database, &mut config)?;
    let newness = Newness::unapplied("the database");
    let request = Request {
        paths: &paths.found,
        stdin: None,
        config: &config,
        newness: &newness,
        dump: None,
        live: connected.as_ref().map(|connected| &connected.live),
        record: RecordIs::Believed,
    };
    let way = if arguments.reverse {
        Way::Reverse
    } else {
        Way::Forward
    };
    let executed = executed(&request, &wanted(arguments), way);
    let executed = executed.map_err(|problem| because(problem.message))?;
    let style = output::style();
    output::to_stdout(|out| sql::write(&executed.transcripts, arguments.format, &style, out))?;
    let problems = [paths.problems, executed.problems].concat();
    let beside = &mut io::stderr().lock();
    sql::beside(&executed.transcripts, &problems, &style, beside)?;
    tell_missing(&executed.missing, beside)?;
    Ok(if problems.is_empty() {
        Outcome::Clean
    } else {
        Outcome::Failed
    })
}

fn tell_missing(missing: &Missing, beside: &mut dyn Write) -> io::Result<()> {
    for why in &missing.unknown {
        writeln!(
            beside,
            "INSTALLED_APPS could not be read whole, and apps may be missing: {why}"
        )?;
    }
    for app in &missing.absent {
        writeln!(
            beside,
            "the app `{app}` was not found: what migrations it has are missing"
        )?;
    }
    Ok(())
}

fn wanted(arguments: &SqlArguments) -> Wanted {
    match (&arguments.app_label, &arguments.migration_name) {
        (None, _) => Wanted::All,
        (Some(app_label), None) => Wanted::App(app_label.clone()),
        (Some(app_label), Some(prefix)) => Wanted::One {
            app_label: app_label.clone(),
            prefix: prefix.clone(),
        },
    }
}
