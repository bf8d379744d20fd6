//! Annotations of GitHub Actions: `::error file=..,line=..,col=..,title=..::message`
//! (GitHub documentation, "Workflow commands for GitHub Actions"; the escapes are those of `@actions/core`).

use crate::lint::Place;
use std::io::{self, Write};

use super::{Style, place};
use crate::lint::{Finding, Level, Problem, Report};

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for problem in &report.problems {
        writeln!(out, "{}", of_problem(problem, style))?;
    }
    if let Some(advice) = &report.summary.basis.advice {
        let title = property("title", "which migrations are new");
        writeln!(out, "::warning {title}::{}", data(advice))?;
    }
    for finding in &report.findings {
        writeln!(out, "{}", of_finding(finding, style))?;
    }
    Ok(())
}

fn of_finding(finding: &Finding, style: &Style) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties = Vec::new();
    let mut message = finding.message.clone();
    match &finding.place {
        Place::Source(origin) => {
            let at = origin.line_column();
            properties.push(property("file", &place::path(origin.file.path(), style)));
            properties.push(property("line", &at.line.to_string()));
            properties.push(property("col", &at.column.to_string()));
        }
        Place::Database(_) => {
            message = format!("{}: {message}", place::place(&finding.place, style));
        }
    }
    properties.push(property("title", finding.rule.as_str()));
    if let Some(help) = &finding.help {
        message.push('\n');
        message.push_str(help);
    }
    format!("::{command} {}::{}", properties.join(","), data(&message))
}

fn of_problem(problem: &Problem, style: &Style) -> String {
    let file = problem.path.as_ref();
    let file = file.map(|path| property("file", &place::path(path, style)));
    let line = problem.line.map(|line| property("line", &line.to_string()));
    let column = problem
        .column
        .map(|column| property("col", &column.to_string()));
    let title = property("title", "not linted");
    let properties = [file, line, column, Some(title)];
    let properties = properties.into_iter().flatten().collect::<Vec<_>>();
    format!(
        "::error {}::{}",
        properties.join(","),
        data(&problem.message)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(name: &str, value: &str) -> String {
    let value = data(value).replace(':', "%3A").replace(',', "%2C");
    format!("{name}={value}")
}
