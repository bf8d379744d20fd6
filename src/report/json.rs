//! The versioned JSON of `docs/json-output.md`.

use crate::lint::Place;
use std::io::{self, Write};

use serde::Serialize;

use super::{Style, place};
use crate::drift::Hurt;
use crate::lint::{BasisKind, Compared, Finding, Label, Level, MissedOperation, Problem, Report};
use crate::repair::{Repair, Safety, Step};
use crate::schema::Why;
use crate::source::Origin;

/// Raised when a key changes its meaning or goes away; a new key does not raise it.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Output {
    version: u32,
    findings: Vec<JsonFinding>,
    not_analysed: Vec<JsonNotAnalysed>,
    problems: Vec<JsonProblem>,
    summary: JsonSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<JsonCompared>,
}

/// The sides of a comparison with a live database.
#[derive(Serialize)]
struct JsonCompared {
    paths: Vec<String>,
    revision: Option<String>,
    models: usize,
    open_models: Vec<String>,
    django: String,
    database: String,
    server: String,
    schemas: Vec<String>,
    applied: usize,
    unapplied: Vec<String>,
    other_apps: Vec<String>,
    left_alone: Vec<String>,
    not_compared: Vec<JsonNotCompared>,
    unseen: Vec<String>,
}

#[derive(Serialize)]
struct JsonNotCompared {
    object: String,
    why: String,
}

#[derive(Serialize)]
struct JsonFinding {
    rule: &'static str,
    level: Level,
    message: String,
    #[serde(flatten)]
    place: JsonPlace,
    object: Option<String>,
    /// What it does to running code now, of a live database.
    #[serde(skip_serializing_if = "Option::is_none")]
    hurts: Option<&'static str>,
    labels: Vec<JsonLabel>,
    repairs: Vec<JsonRepair>,
}

#[derive(Serialize, Default)]
struct JsonPlace {
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
}

#[derive(Serialize)]
struct JsonLabel {
    #[serde(flatten)]
    place: JsonPlace,
    object: Option<String>,
    text: String,
}

#[derive(Serialize)]
struct JsonRepair {
    title: String,
    safety: &'static str,
    edits: Vec<JsonEdit>,
}

#[derive(Serialize)]
struct JsonEdit {
    file: String,
    start: JsonPosition,
    end: JsonPosition,
    text: String,
}

#[derive(Serialize)]
struct JsonPosition {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonNotAnalysed {
    file: String,
    line: u32,
    operation: String,
    why: String,
}

#[derive(Serialize)]
struct JsonProblem {
    #[serde(flatten)]
    place: JsonPlace,
    message: String,
}

#[derive(Serialize)]
struct JsonSummary {
    files: usize,
    migrations: usize,
    new_migrations: usize,
    operations: usize,
    basis: JsonBasis,
    levels: JsonLevels,
    open_models: Vec<JsonOpenModel>,
    left_out: Vec<JsonLeftOut>,
    unlinted_apps: Vec<JsonUnlintedApp>,
    absent_apps: Vec<String>,
    unknown_apps: Vec<String>,
    not_analysed: usize,
    problems: usize,
}

#[derive(Serialize)]
struct JsonBasis {
    kind: &'static str,
    words: String,
    advice: Option<String>,
}

#[derive(Serialize)]
struct JsonLevels {
    error: usize,
    warning: usize,
    note: usize,
}

#[derive(Serialize)]
struct JsonLeftOut {
    app: String,
    path: String,
}

#[derive(Serialize)]
struct JsonUnlintedApp {
    path: String,
    why: String,
}

#[derive(Serialize)]
struct JsonOpenModel {
    name: String,
    why: String,
}

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let output = Output {
        version: VERSION,
        findings: report
            .findings
            .iter()
            .map(|found| finding(found, style))
            .collect(),
        not_analysed: report
            .not_analysed
            .iter()
            .map(|missed| not_analysed(missed, style))
            .collect(),
        problems: report
            .problems
            .iter()
            .map(|found| problem(found, style))
            .collect(),
        summary: summary(report, style),
        compared: report.compared.as_ref().map(compared),
    };
    serde_json::to_writer_pretty(&mut *out, &output).map_err(io::Error::from)?;
    writeln!(out)
}

fn compared(compared: &Compared) -> JsonCompared {
    let not_compared = compared.not_compared.iter();
    JsonCompared {
        paths: compared.paths.clone(),
        revision: compared.revision.clone(),
        models: compared.models,
        open_models: compared.open_models.clone(),
        django: compared.django.clone(),
        database: compared.database.clone(),
        server: compared.server.clone(),
        schemas: compared.schemas.clone(),
        applied: compared.applied,
        unapplied: compared.unapplied.clone(),
        other_apps: compared.other_apps.clone(),
        left_alone: compared.foreign_tables.clone(),
        not_compared: not_compared
            .map(|(object, why)| JsonNotCompared {
                object: object.clone(),
                why: why.clone(),
            })
            .collect(),
        unseen: compared.unseen.clone(),
    }
}

fn finding(finding: &Finding, style: &Style) -> JsonFinding {
    let object = match (&finding.object, &finding.place) {
        (Some(subject), _) => Some(subject.to_string()),
        (None, Place::Database(object)) => Some(object.to_string()),
        (None, Place::Source(_)) => None,
    };
    let help = finding.help.iter().map(|help| JsonRepair {
        title: help.clone(),
        safety: safety(Safety::DisplayOnly),
        edits: Vec::new(),
    });
    let repairs = finding.repairs.iter().map(|found| repair(found, style));
    JsonFinding {
        rule: finding.rule.as_str(),
        level: finding.level,
        message: finding.message.clone(),
        place: place_of(&finding.place, style),
        hurts: finding.hurt.map(hurts),
        object,
        labels: finding
            .labels
            .iter()
            .map(|found| label(found, style))
            .collect(),
        repairs: help.chain(repairs).collect(),
    }
}

fn label(label: &Label, style: &Style) -> JsonLabel {
    let object = match &label.place {
        Place::Source(_) => None,
        Place::Database(object) => Some(place::qualified(object)),
    };
    JsonLabel {
        place: place_of(&label.place, style),
        object,
        text: label.text.clone(),
    }
}

fn place_of(place: &Place, style: &Style) -> JsonPlace {
    match place {
        Place::Source(origin) => {
            let at = origin.line_column();
            JsonPlace {
                file: Some(place::path(origin.file.path(), style)),
                line: Some(at.line),
                column: Some(at.column),
            }
        }
        Place::Database(_) => JsonPlace::default(),
    }
}

fn hurts(hurt: Hurt) -> &'static str {
    match hurt {
        Hurt::InsertFails => "insert-fails",
        Hurt::QueryFails => "query-fails",
        Hurt::WriteFails => "write-fails",
        Hurt::MigrateFails => "migrate-fails",
        Hurt::Silent => "silent",
        Hurt::Cosmetic => "cosmetic",
        Hurt::Pending => "pending",
    }
}

fn repair(repair: &Repair, style: &Style) -> JsonRepair {
    let edits = repair.steps.iter().filter_map(|step| match step {
        Step::Run(_) | Step::Fill { .. } | Step::Probe(_) | Step::Record(_) => None,
        Step::Edit { place, text } => Some(edit(place, text, style)),
    });
    JsonRepair {
        title: repair.title.clone(),
        safety: safety(repair.safety),
        edits: edits.collect(),
    }
}

fn edit(origin: &Origin, text: &str, style: &Style) -> JsonEdit {
    let position = |offset| {
        let at = origin.file.line_column(offset);
        JsonPosition {
            line: at.line,
            column: at.column,
        }
    };
    JsonEdit {
        file: place::path(origin.file.path(), style),
        start: position(origin.span.start),
        end: position(origin.span.end),
        text: text.to_owned(),
    }
}

fn safety(safety: Safety) -> &'static str {
    match safety {
        Safety::DisplayOnly => "display-only",
        Safety::Unsafe => "unsafe",
        Safety::Safe => "safe",
    }
}

fn not_analysed(missed: &MissedOperation, style: &Style) -> JsonNotAnalysed {
    JsonNotAnalysed {
        file: place::path(missed.place.file.path(), style),
        line: missed.place.line_column().line,
        operation: missed.operation.to_string(),
        why: missed
            .whys
            .iter()
            .map(Why::as_str)
            .collect::<Vec<_>>()
            .join("; "),
    }
}

fn problem(problem: &Problem, style: &Style) -> JsonProblem {
    JsonProblem {
        place: JsonPlace {
            file: problem.path.as_ref().map(|path| place::path(path, style)),
            line: problem.line,
            column: problem.column,
        },
        message: problem.message.clone(),
    }
}

fn summary(report: &Report, style: &Style) -> JsonSummary {
    let summary = &report.summary;
    let open_models = summary.open_models.iter().map(|model| JsonOpenModel {
        name: model.name.clone(),
        why: model.why.clone(),
    });
    let left_out = summary.left_out.iter().map(|left_out| JsonLeftOut {
        app: left_out.app.clone(),
        path: place::path(&left_out.path, style),
    });
    let unlinted_apps = summary.unlinted_apps.iter().map(|app| JsonUnlintedApp {
        path: place::path(&app.path, style),
        why: app.why.clone(),
    });
    JsonSummary {
        files: summary.files,
        migrations: summary.migrations,
        new_migrations: summary.new_migrations,
        operations: summary.operations,
        basis: JsonBasis {
            kind: match summary.basis.kind {
                BasisKind::All => "all",
                BasisKind::NoGit => "no-git",
                BasisKind::Files => "files",
                BasisKind::Database => "database",
                BasisKind::Revision => "revision",
            },
            words: summary.basis.words.clone(),
            advice: summary.basis.advice.clone(),
        },
        levels: JsonLevels {
            error: report.count(Level::Error),
            warning: report.count(Level::Warning),
            note: report.count(Level::Note),
        },
        open_models: open_models.collect(),
        left_out: left_out.collect(),
        unlinted_apps: unlinted_apps.collect(),
        absent_apps: summary.absent_apps.clone(),
        unknown_apps: summary.unknown_apps.clone(),
        not_analysed: report.not_analysed.len(),
        problems: report.problems.len(),
    }
}
