//! What migrations execute, as a script for people and as JSON for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::place::place;
use super::{Style, summary};
use crate::django::operation::Operation;
use crate::history::{OperationTranscript, SentText, Transcript};
use crate::lint::{Place, Problem};
use crate::schema::{HOLE, Why};

/// How statements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SqlFormat {
    #[default]
    Text,
    Json,
}

/// Writes what `hhschema sql` was asked for; `style` says how places are shown.
///
/// # Errors
/// When the stream cannot be written.
pub fn write(
    transcripts: &[Transcript],
    format: SqlFormat,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        SqlFormat::Text => script(transcripts, style, out),
        SqlFormat::Json => json(transcripts, out),
    }
}

/// Tells beside the statements what could not be read, and how much could not be analysed.
///
/// # Errors
/// When the stream cannot be written.
pub fn beside(
    transcripts: &[Transcript],
    problems: &[Problem],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for problem in problems {
        writeln!(out, "hhschema: {}", summary::problem(problem, style))?;
    }
    let operations = || {
        transcripts
            .iter()
            .flat_map(|transcript| &transcript.operations)
    };
    let missed = operations()
        .filter(|ran| ran.not_analysed.is_some())
        .count();
    if missed > 0 {
        let all = operations().count();
        writeln!(out, "not analysed: {missed} of {all} operations")?;
    }
    Ok(())
}

#[derive(Serialize)]
struct JsonMigration<'a> {
    app: &'a str,
    name: &'a str,
    /// Null where it could not be read.
    atomic: Option<bool>,
    operations: Vec<JsonOperation<'a>>,
    deferred: Vec<String>,
}

#[derive(Serialize)]
struct JsonOperation<'a> {
    index: usize,
    operation: &'a str,
    statements: Vec<String>,
    not_analysed: Option<&'a str>,
}

fn json(transcripts: &[Transcript], out: &mut dyn Write) -> io::Result<()> {
    let migrations: Vec<JsonMigration<'_>> = transcripts.iter().map(json_migration).collect();
    serde_json::to_writer_pretty(&mut *out, &migrations)?;
    writeln!(out)
}

fn json_migration(transcript: &Transcript) -> JsonMigration<'_> {
    let migration = &transcript.migration;
    let class = |index: usize| {
        migration
            .operations
            .get(index)
            .map(|located| &*located.class)
    };
    JsonMigration {
        app: &migration.key.app_label,
        name: &migration.key.name,
        atomic: migration.atomic.as_ref().ok().copied(),
        operations: transcript
            .operations
            .iter()
            .map(|ran| JsonOperation {
                index: ran.index,
                operation: class(ran.index).unwrap_or_default(),
                statements: ran.statements.iter().map(text_of).collect(),
                not_analysed: ran.not_analysed.as_ref().map(Why::as_str),
            })
            .collect(),
        deferred: transcript.deferred.iter().map(text_of).collect(),
    }
}

/// The text, with a mark for each part that is not known.
fn text_of(sent: &SentText) -> String {
    if sent.unknown.is_none() {
        return sent.text.to_string();
    }
    let mut parts = sent.text.split(HOLE);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let after = part.trim_start_matches(|letter: char| letter.is_ascii_digit());
        match (text.strip_suffix('"'), after.strip_prefix('"')) {
            (Some(before), Some(after)) => format!("{before}{NOT_KNOWN}{after}"),
            _ => format!("{text}{NOT_KNOWN}{after}"),
        }
    })
}

const NOT_KNOWN: &str = "/* not known */";

fn script(transcripts: &[Transcript], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let several = transcripts.len() > 1;
    for (number, transcript) in transcripts.iter().enumerate() {
        if several {
            let gap = if number > 0 { "\n" } else { "" };
            writeln!(out, "{gap}-- {}", transcript.migration.key)?;
        }
        script_of(transcript, style, out)?;
    }
    Ok(())
}

/// One migration, as `sqlmigrate` prints it (`django/core/management/commands/sqlmigrate.py`, `Migration.apply`).
fn script_of(transcript: &Transcript, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let is_empty = transcript.operations.is_empty() && transcript.deferred.is_empty();
    let in_transaction = matches!(transcript.migration.atomic, Ok(true)) && !is_empty;
    if in_transaction {
        writeln!(out, "BEGIN;")?;
    }
    for ran in &transcript.operations {
        operation(transcript, ran, style, out)?;
    }
    for sent in &transcript.deferred {
        statement(sent, out)?;
    }
    if in_transaction {
        writeln!(out, "COMMIT;")?;
    }
    Ok(())
}

fn operation(
    transcript: &Transcript,
    ran: &OperationTranscript,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(located) = transcript.migration.operations.get(ran.index) else {
        return Ok(());
    };
    writeln!(out, "--\n-- {}\n--", located.describe())?;
    for sent in &ran.statements {
        statement(sent, out)?;
    }
    if let Some(why) = &ran.not_analysed {
        let place = place(&Place::Source(located.origin.clone()), style);
        return writeln!(out, "-- NOT ANALYSED: {} at {place}: {why}", located.class);
    }
    let is_code = matches!(located.operation, Operation::RunPython { .. });
    match (ran.statements.is_empty(), is_code) {
        (true, true) => writeln!(out, "-- THIS OPERATION CANNOT BE WRITTEN AS SQL"),
        (true, false) => writeln!(out, "-- (no-op)"),
        (false, _) => Ok(()),
    }
}

/// A statement that is not known whole is a comment: nobody runs it by mistake.
fn statement(sent: &SentText, out: &mut dyn Write) -> io::Result<()> {
    let text = text_of(sent);
    let end = if text.trim_end().ends_with(';') {
        ""
    } else {
        ";"
    };
    if sent.unknown.is_none() {
        return writeln!(out, "{text}{end}");
    }
    for line in text.lines() {
        writeln!(out, "-- {line}")?;
    }
    Ok(())
}
