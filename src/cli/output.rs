//! A report on its way to the terminal, a file or a pipe.

use std::io::{self, BufWriter, IsTerminal, Write};

use super::{Outcome, Stop, whole_or_closed};
use crate::config::FailOn;
use crate::lint::Report;
use crate::report::{self, Format, Streams, Style};

/// What a report comes to.
pub(super) fn outcome(report: &Report, fail_on: FailOn) -> Outcome {
    if !report.problems.is_empty() {
        Outcome::Failed
    } else if report.worst().is_some_and(|level| fail_on.includes(level)) {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}

pub(super) fn print(report: &Report, format: Format) -> Result<(), Stop> {
    let style = style();
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

/// Writes to standard output; a reader that goes away ends the output, not the run.
pub(super) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    Ok(whole_or_closed(written)?)
}

/// How this process prints.
pub(super) fn style() -> Style {
    Style {
        colour: wants_colour(),
        current_folder: std::env::current_dir().unwrap_or_default(),
    }
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
