//! Renders findings: for people, for programs, for code review.

mod compared;
mod concise;
mod github;
mod human;
mod json;
mod place;
pub mod repairs;
pub mod sql;
mod summary;

use std::io::{self, Write};
use std::path::PathBuf;

pub use self::sql::SqlFormat;
use crate::lint::Report;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    #[default]
    Human,
    Concise,
    Json,
    Github,
}

/// What the renderers need to know of where they print.
#[derive(Debug, Clone, Default)]
pub struct Style {
    pub colour: bool,
    /// Paths are printed relative to it where they lie below it.
    pub current_folder: PathBuf,
}

/// Where a report goes: what a program reads, and what is said beside it.
pub struct Streams<'a> {
    pub out: &'a mut dyn Write,
    pub beside: &'a mut dyn Write,
}

/// Writes a report. The line formats hold findings alone; their problems and summary go beside.
///
/// # Errors
/// When a stream cannot be written.
pub fn render(
    report: &Report,
    format: Format,
    style: &Style,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, style, streams.out),
        Format::Json => json::write(report, style, streams.out),
        Format::Concise => {
            concise::write(report, style, streams.out)?;
            compared_beside(report, streams)?;
            summary::write(report, style, streams.beside)
        }
        Format::Github => {
            github::write(report, style, streams.out)?;
            compared_beside(report, streams)?;
            summary::write(report, style, streams.beside)
        }
    }
}

fn compared_beside(report: &Report, streams: &mut Streams<'_>) -> io::Result<()> {
    match &report.compared {
        Some(compared) => compared::write(compared, streams.beside),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
