//! For people: each finding with its lines of source, then the summary.

use crate::lint::Place;
use std::fmt;
use std::io::{self, Write};
use std::iter;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};

use super::{Style, compared, place, summary};
use crate::lint::{Finding, Level, Report};
use crate::source::{Origin, SourceFile, Span};

/// Columns that messages are wrapped at.
const WIDTH: usize = 100;
/// A span of more lines is shown by its first.
const MOST_LINES: u32 = 6;
/// A longer line (minified, generated) is named and not shown; in bytes.
const LONGEST_LINE: u32 = 400;

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let theme = if style.colour {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(WIDTH)
        .with_context_lines(1);
    if let Some(compared) = &report.compared {
        compared::write(compared, out)?;
    }
    let mut before = None;
    for finding in &report.findings {
        if let Some(heading) = compared::heading(finding, before) {
            writeln!(out, "== {heading} ==\n")?;
        }
        before = Some(finding);
        let shown = Shown::finding(finding, style);
        for part in iter::once(&shown).chain(&shown.related) {
            let mut text = String::new();
            handler
                .render_report(&mut text, part)
                .map_err(io::Error::other)?;
            let lines = text.lines().map(str::trim_end);
            let lines = lines.collect::<Vec<_>>().join("\n");
            writeln!(out, "{}\n", lines.trim_start_matches('\n'))?;
        }
    }
    summary::write(report, style, out)
}

/// A finding, or a place that it refers to, as miette draws it.
#[derive(Debug)]
struct Shown {
    code: Option<String>,
    severity: Severity,
    message: String,
    help: Option<String>,
    source: Option<Snippet>,
    labels: Vec<LabeledSpan>,
    /// Drawn after it, each under its own words.
    related: Vec<Shown>,
}

/// A file under the name that is printed.
#[derive(Debug)]
struct Snippet {
    name: String,
    file: Arc<SourceFile>,
}

impl Shown {
    fn finding(finding: &Finding, style: &Style) -> Self {
        let mut shown = Self {
            code: Some(format!("{}[{}]", finding.level.word(), finding.rule)),
            severity: severity(finding.level),
            message: finding.message.clone(),
            help: help(finding),
            source: None,
            labels: Vec::new(),
            related: Vec::new(),
        };
        // The message names the object of a database that it is about.
        if matches!(finding.place, Place::Source(_)) {
            shown.draw(&finding.place, finding.label.as_deref(), style);
        }
        for label in &finding.labels {
            if let (Some(snippet), Place::Source(origin)) = (&shown.source, &label.place)
                && Arc::ptr_eq(&snippet.file, &origin.file)
                && let Some(span) = drawn(origin)
            {
                shown.labels.push(labelled(span, Some(&label.text)));
            } else {
                shown
                    .related
                    .push(Self::related(&label.place, &label.text, style));
            }
        }
        shown
    }

    fn related(place: &Place, text: &str, style: &Style) -> Self {
        let mut shown = Self {
            code: None,
            severity: Severity::Advice,
            message: text.to_owned(),
            help: None,
            source: None,
            labels: Vec::new(),
            related: Vec::new(),
        };
        shown.draw(place, None, style);
        shown
    }

    /// Shows the lines of a place, or names it where there are none to show.
    fn draw(&mut self, place: &Place, label: Option<&str>, style: &Style) {
        if let Place::Source(origin) = place
            && let Some(span) = drawn(origin)
        {
            self.source = Some(Snippet {
                name: place::path(origin.file.path(), style),
                file: Arc::clone(&origin.file),
            });
            let mut primary = labelled(span, label);
            if label.is_none() {
                primary = LabeledSpan::new_primary_with_span(None, as_source_span(span));
            }
            self.labels.push(primary);
        } else {
            self.message = format!("{}: {}", place::place(place, style), self.message);
        }
    }
}

fn labelled(span: Span, text: Option<&str>) -> LabeledSpan {
    LabeledSpan::new_with_span(text.map(str::to_owned), as_source_span(span))
}

fn as_source_span(span: Span) -> SourceSpan {
    let range = span.range();
    SourceSpan::from((range.start, range.len()))
}

/// What is drawn of a span; `None` where its line is too long to be shown.
fn drawn(origin: &Origin) -> Option<Span> {
    let first = origin.line_column().line;
    let last = origin.file.line_column(origin.span.end).line;
    let line = origin.file.line_span(first)?;
    let is_long = (first.saturating_sub(1)..=first.saturating_add(1))
        .filter_map(|near| origin.file.line_span(near))
        .any(|near| near.end - near.start > LONGEST_LINE);
    if is_long {
        return None;
    }
    if last - first < MOST_LINES {
        return Some(origin.span);
    }
    Some(Span::new(origin.span.start, line.end))
}

/// What to do, and the repairs that can be carried out by their names.
fn help(finding: &Finding) -> Option<String> {
    let repairs = finding
        .repairs
        .iter()
        .map(|repair| format!("{} (`fix --choose {}`)", repair.title, repair.name));
    let texts: Vec<String> = finding.help.iter().cloned().chain(repairs).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Note => Severity::Advice,
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.code
            .as_ref()
            .map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self
            .file
            .text()
            .read_span(span, lines_before, lines_after)?;
        // Without context the column is that of the span itself: characters, where miette counts bytes.
        let column = if lines_before == 0 {
            let offset = u32::try_from(span.offset()).unwrap_or(u32::MAX);
            self.file.line_column(offset).column.saturating_sub(1) as usize
        } else {
            contents.column()
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line(),
            column,
            contents.line_count(),
        )))
    }
}
