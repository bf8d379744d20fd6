//! The sides of a comparison with a live database, in words: the first lines of the report.

use std::io::{self, Write};

use super::summary::{count, named};
use crate::drift::Hurt;
use crate::lint::{Compared, Finding};

/// What was compared, before the first finding.
pub(super) fn write(compared: &Compared, out: &mut dyn Write) -> io::Result<()> {
    sides(compared, out)?;
    beside(
        out,
        "not read    ",
        "app with recorded migrations",
        &compared.other_apps,
    )?;
    beside(
        out,
        "left alone  ",
        "table of no installed app",
        &compared.foreign_tables,
    )?;
    let not_compared: Vec<String> = compared
        .not_compared
        .iter()
        .map(|(object, why)| format!("{object} ({why})"))
        .collect();
    beside(out, "not compared", "object", &not_compared)?;
    beside(out, "unseen      ", "object", &compared.unseen)?;
    writeln!(out)
}

fn sides(compared: &Compared, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "project      {}{}",
        compared.paths.join(", "),
        match &compared.revision {
            Some(revision) => format!(" at {revision}"),
            None => ", in no git repository".to_owned(),
        }
    )?;
    writeln!(out, "models       {}", models(compared))?;
    writeln!(out, "database     {}", compared.database)?;
    writeln!(
        out,
        "server       {}; {} {}",
        compared.server,
        if compared.schemas.len() == 1 {
            "schema"
        } else {
            "schemas"
        },
        compared.schemas.join(", ")
    )?;
    writeln!(
        out,
        "migrations   {} applied (as Django {} runs them), {}",
        compared.applied,
        compared.django,
        unapplied(&compared.unapplied)
    )
}

fn models(compared: &Compared) -> String {
    let read = match compared.models {
        0 => "none read: only the migrations are compared".to_owned(),
        models => format!("{} read", count(models, "model")),
    };
    if compared.open_models.is_empty() {
        return read;
    }
    format!(
        "{read}; not all fields are known, and no absence is told, of {}: {}",
        compared.open_models.len(),
        named(compared.open_models.iter().cloned())
    )
}

fn unapplied(names: &[String]) -> String {
    if names.is_empty() {
        return "none left to apply".to_owned();
    }
    format!(
        "{} not applied: {}",
        names.len(),
        named(names.iter().cloned())
    )
}

fn beside(out: &mut dyn Write, heading: &str, what: &str, names: &[String]) -> io::Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let names_of = named(names.iter().cloned());
    writeln!(out, "{heading} {}: {names_of}", count(names.len(), what))
}

/// The heading above the first finding of a kind.
pub(super) fn heading(finding: &Finding, before: Option<&Finding>) -> Option<&'static str> {
    let hurt = finding.hurt?;
    let is_first = before.and_then(|before| before.hurt) != Some(hurt);
    is_first.then(|| Hurt::words(hurt))
}
