//! `path:line:column: level[rule] message`, a line per finding.

use std::io::{self, Write};

use super::{Style, place};
use crate::lint::{Finding, Report};

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    report
        .findings
        .iter()
        .try_for_each(|finding| writeln!(out, "{}", line(finding, style)))
}

fn line(finding: &Finding, style: &Style) -> String {
    format!(
        "{}: {}[{}] {}",
        place::place(&finding.place, style),
        finding.level.word(),
        finding.rule,
        place::one_line(&finding.message)
    )
}
