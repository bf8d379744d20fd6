//! The summary in words: what was read, what is new, what was found, and what was not analysed.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::{Style, place};
use crate::lint::{Level, MissedOperation, Problem, Report};
use crate::schema::Why;

/// How many of a list are named before "and 12 more".
const NAMED: usize = 5;

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for problem in &report.problems {
        writeln!(out, "not linted: {}", self::problem(problem, style))?;
    }
    let summary = &report.summary;
    writeln!(
        out,
        "{} read, {} with {}",
        count(summary.files, "file"),
        count(summary.migrations, "migration"),
        count(summary.operations, "operation"),
    )?;
    writeln!(
        out,
        "{} of {} {} new {}",
        number(summary.new_migrations),
        count(summary.migrations, "migration"),
        if summary.migrations == 1 { "is" } else { "are" },
        summary.basis.words,
    )?;
    if let Some(advice) = &summary.basis.advice {
        writeln!(out, "note: {}", place::one_line(advice))?;
    }
    write_unknown(report, style, out)?;
    writeln!(out, "{}", found(report))
}

/// What nothing was said about, and why.
fn write_unknown(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_apps(report, style, out)?;
    let absent = &report.summary.absent_apps;
    if !absent.is_empty() {
        let what = count(absent.len(), "app");
        let (verb, whose) = if absent.len() == 1 {
            ("was", "its")
        } else {
            ("were", "their")
        };
        let apps = named(absent.iter().cloned());
        writeln!(
            out,
            "{what} {verb} not found, and {whose} tables are not known: {apps} (`--python-path` says where to look)"
        )?;
    }
    if let [why, others @ ..] = report.summary.unknown_apps.as_slice() {
        let more = match others.len() {
            0 => String::new(),
            others => format!(" (and {others} more)"),
        };
        writeln!(
            out,
            "INSTALLED_APPS could not be read whole, and apps may be missing: {why}{more} (`django-settings` of the configuration \
             can give it)"
        )?;
    }
    let open = &report.summary.open_models;
    if !open.is_empty() {
        let what = count(open.len(), "open model");
        writeln!(out, "{what}, on which no absence is reported:")?;
        let models = open.iter();
        write_list(
            models.map(|model| format!("{}: {}", model.name, model.why)),
            out,
        )?;
    }
    write_missed(report, style, out)
}

/// By reason: one that is met in many operations is said once.
fn write_missed(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let missed = &report.not_analysed;
    if missed.is_empty() {
        return Ok(());
    }
    let mut reasons: Vec<(&Why, Vec<&MissedOperation>)> = Vec::new();
    for operation in missed {
        for why in &operation.whys {
            match reasons.iter_mut().find(|(known, _)| *known == why) {
                Some((_, operations)) => operations.push(operation),
                None => reasons.push((why, vec![operation])),
            }
        }
    }
    reasons.sort_by_key(|(_, operations)| Reverse(operations.len()));
    writeln!(out, "{} not analysed:", count(missed.len(), "operation"))?;
    let reasons = reasons.iter().filter_map(|(why, operations)| {
        let (first, others) = operations.split_first()?;
        let at = first.place.line_column().line;
        let file = place::path(first.place.file.path(), style);
        let more = match others.len() {
            0 => String::new(),
            more => format!(", and {} more", number(more)),
        };
        Some(format!("{why}: {} at {file}:{at}{more}", first.operation))
    });
    write_list(reasons.collect::<Vec<_>>().into_iter(), out)
}

/// The first few of a list, a line each, and how many more there are.
fn write_list(items: impl ExactSizeIterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let all = items.len();
    for item in items.take(NAMED) {
        writeln!(out, "  {}", place::one_line(&item))?;
    }
    if all > NAMED {
        writeln!(out, "  and {} more", number(all - NAMED))?;
    }
    Ok(())
}

/// The apps that were not linted.
fn write_apps(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let left_out = &report.summary.left_out;
    if !left_out.is_empty() {
        let what = count(left_out.len(), "app");
        let verb = if left_out.len() == 1 { "is" } else { "are" };
        let apps = left_out.iter();
        let apps = apps.map(|app| format!("{} ({})", app.app, place::path(&app.path, style)));
        let apps = named(apps);
        writeln!(
            out,
            "{what} with migrations {verb} not in INSTALLED_APPS, and left out: {apps}"
        )?;
    }
    let unlinted = &report.summary.unlinted_apps;
    if !unlinted.is_empty() {
        let what = count(unlinted.len(), "app");
        let verb = if unlinted.len() == 1 { "is" } else { "are" };
        // One reason is often that of several.
        let mut reasons = Vec::<(&str, Vec<String>)>::new();
        for app in unlinted {
            let path = place::path(&app.path, style);
            match reasons.iter_mut().find(|(why, _)| *why == app.why) {
                Some((_, apps)) => apps.push(path),
                None => reasons.push((&app.why, vec![path])),
            }
        }
        let reasons = reasons.iter();
        let apps = reasons.map(|(why, apps)| format!("{} ({why})", apps.join(", ")));
        writeln!(out, "{what} {verb} not linted: {}", named(apps))?;
    }
    Ok(())
}

/// `2 errors, 1 warning`, or `no findings`.
fn found(report: &Report) -> String {
    let levels = [Level::Error, Level::Warning, Level::Note]
        .map(|level| (report.count(level), level.word()))
        .into_iter()
        .filter(|(found, _)| *found > 0)
        .map(|(found, word)| count(found, word))
        .collect::<Vec<_>>();
    if levels.is_empty() {
        "no findings".to_owned()
    } else {
        levels.join(", ")
    }
}

pub(super) fn problem(problem: &Problem, style: &Style) -> String {
    let mut place = String::new();
    if let Some(path) = &problem.path {
        place.push_str(&place::path(path, style));
        for number in [problem.line, problem.column].into_iter().flatten() {
            place.push(':');
            place.push_str(&number.to_string());
        }
        place.push_str(": ");
    }
    format!("{place}{}", place::one_line(&problem.message))
}

/// The first few of a list, and how many more there are.
pub(super) fn named(items: impl ExactSizeIterator<Item = String>) -> String {
    let all = items.len();
    let mut named = items.take(NAMED).collect::<Vec<_>>().join("; ");
    if all > NAMED {
        named.push_str("; and ");
        named.push_str(&number(all - NAMED));
        named.push_str(" more");
    }
    named
}

/// `1 file`, `1,000 files`.
pub(super) fn count(of: usize, what: &str) -> String {
    let ending = if of == 1 { "" } else { "s" };
    format!("{} {what}{ending}", number(of))
}

/// With a comma between thousands.
fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut printed = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            printed.push(',');
        }
        printed.push(digit);
    }
    printed
}
