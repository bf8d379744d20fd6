//! The commands: arguments in, text and an exit code out.

mod analyse;
mod args;
mod drift;
mod explain;
mod fix;
mod lint;
mod live;
mod output;
mod project;
mod report;
mod rules;
mod sql;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

pub use analyse::{Live, history_of};
pub use drift::drift_of;

use crate::lint::RuleBook;
use crate::rules::RULES;
use args::{Arguments, Command};

/// What the run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// 0: nothing at or over the fail level.
    Clean,
    /// 1: findings at or over the fail level.
    Findings,
    /// 2: some of the work could not be done.
    Failed,
}

/// Why a command stops before it has anything to show.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error("{0}")]
    Because(String),
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

/// Runs the command line of this process. A reader that goes away (`| head`) ends the output, not the run.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output and are no error; a closed pipe is nobody's fault.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()) * Outcome::Failed.code());
        }
    };
    let outcome = command(arguments.command).unwrap_or_else(|stop| {
        let _ = writeln!(io::stderr(), "hhschema: {stop}");
        Outcome::Failed
    });
    ExitCode::from(outcome.code())
}

fn command(command: Command) -> Result<Outcome, Stop> {
    let book = RuleBook::read(RULES).map_err(because)?;
    match command {
        Command::Lint(arguments) => lint::run(&arguments, &book),
        Command::Drift(arguments) => drift::run(&arguments, &book),
        Command::Fix(arguments) => fix::run(&arguments, &book),
        Command::Sql(arguments) => sql::run(&arguments, &book),
        Command::Explain { rule } => printed(explain::text(&rule, &book)?.as_bytes()),
        Command::Rules => printed(rules::table(&book).as_bytes()),
    }
}

fn because(error: impl std::fmt::Display) -> Stop {
    Stop::Because(error.to_string())
}

fn printed(text: &[u8]) -> Result<Outcome, Stop> {
    output::to_stdout(|out| out.write_all(text))?;
    Ok(Outcome::Clean)
}

/// Takes a closed pipe for an end of interest.
fn whole_or_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failed => 2,
        }
    }
}
