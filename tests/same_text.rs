//! Django's text and the same text as a `.sql` file give the same findings of the rules that judge changes.
//!
//! Each migration is linted as a migration; then the statements that it sent are written down as a script, with BEGIN
//! and COMMIT where the migration is atomic, and linted on the catalog that the migration found. Hand-written SQL
//! of a migration is left out: there the models tell whether the running code uses a table, which a script cannot ask.
//!
//! ```text
//! HHSCHEMA_CORPUS=pulpcore cargo test --test same_text -- --ignored --nocapture
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failure here is a failure of the test"
)]

mod environment;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use environment::corpora::Corpus;
use hhschema::cli::history_of;
use hhschema::django::migration::Ownership;
use hhschema::django::python::{Python, SearchPath};
use hhschema::django::version::DjangoVersion;
use hhschema::history::{
    Cause, Deployments, History, Judged, Moment, ProjectSide, Replay, ReplayOptions,
    ReplayedMigration, TransactionContext,
};
use hhschema::lint::{Check, Finding, LintSettings, Linted, Place, RuleBook, Selection, lint};
use hhschema::postgres::Version;
use hhschema::rules::RULES;
use hhschema::source::SourceFile;
use hhschema::sql::HOLE;

/// Rule, object, level.
type Told = (String, String, String);

fn told(history: &History, book: &RuleBook) -> Vec<(PathBuf, Told)> {
    let settings = LintSettings {
        selection: Selection::of_defaults(book),
        ..LintSettings::default()
    };
    let linted = Linted {
        history,
        comments: &[],
        in_project: &|_| true,
        drift: None,
    };
    let findings = lint(&linted, book, &settings).into_iter();
    findings
        .filter(judges_changes)
        .filter_map(|finding| {
            let Place::Source(origin) = &finding.place else {
                return None;
            };
            let object = finding.object.as_ref().map(ToString::to_string);
            let told = (
                finding.rule.to_string(),
                object.unwrap_or_default(),
                finding.level.word().to_owned(),
            );
            Some((origin.file.path().to_owned(), told))
        })
        // Of a field's index and its twin for LIKE, made by one operation, a migration is told once.
        .filter(|(_, (rule, object, _))| !(rule == "blocking-index" && object.ends_with("_like")))
        .collect()
}

fn judges_changes(finding: &Finding) -> bool {
    RULES
        .iter()
        .filter(|rule| rule.name == finding.rule)
        .any(|rule| {
            rule.checks
                .iter()
                .any(|check| matches!(check, Check::Change(_) | Check::Replayed(_)))
        })
}

/// The statements that Django wrote, as a script; `None` where not all is Django's, or not all is known.
fn script(migration: &ReplayedMigration) -> Option<String> {
    let moments = &migration.moments;
    let by_django = |moment: &Moment| {
        matches!(moment.cause, Cause::Django(_))
            && matches!(
                moment.transaction,
                TransactionContext::Block | TransactionContext::Own
            )
            && !moment.statement.text.contains(HOLE)
    };
    if moments.is_empty() || !moments.iter().all(by_django) {
        return None;
    }
    let mut texts: Vec<&str> = Vec::new();
    let mut last = None;
    for moment in moments {
        let statement = std::sync::Arc::as_ptr(&moment.statement);
        if last != Some(statement) {
            texts.push(&moment.statement.text);
        }
        last = Some(statement);
    }
    let body = texts.join(";\n");
    Some(match moments[0].transaction {
        TransactionContext::Block => format!("BEGIN;\n{body};\nCOMMIT;\n"),
        _ => format!("{body};\n"),
    })
}

fn linted_as_script(migration: &ReplayedMigration, text: &str, book: &RuleBook) -> Vec<Told> {
    let python = Python::new(SearchPath::new(Vec::new(), Vec::new()));
    let first = &migration.moments[0];
    let Cause::Django(operation) = &first.cause else {
        unreachable!("the script is Django's");
    };
    let options = ReplayOptions {
        postgres: Version::default(),
        django: DjangoVersion::default(),
        deployments: Deployments::EachMigration,
    };
    let state = operation.before.clone();
    let mut replay = Replay::new(&python, first.before.clone(), state, options);
    replay.script(&SourceFile::new("same.sql", text), Judged::New);
    let history = replay.finish(ProjectSide::default());
    told(&history, book)
        .into_iter()
        .map(|(_, told)| told)
        .collect()
}

/// How many migrations were compared, how many findings they had, and where the two differ.
fn differences(history: &History) -> (usize, usize, Vec<String>) {
    let book = RuleBook::read(RULES).unwrap();
    let mut of_files: BTreeMap<PathBuf, Vec<Told>> = BTreeMap::new();
    for (path, told) in told(history, &book) {
        of_files.entry(path).or_default().push(told);
    }
    let (mut compared, mut findings, mut differing) = (0, 0, Vec::new());
    for migration in &history.migrations {
        if migration.migration.ownership != Ownership::Project {
            continue;
        }
        let Some(text) = script(migration) else {
            continue;
        };
        let path = migration.migration.file.path();
        let mut one = of_files.get(path).cloned().unwrap_or_default();
        let mut other = linted_as_script(migration, &text, &book);
        one.sort();
        other.sort();
        compared += 1;
        findings += one.len();
        if one != other {
            let name = path.display();
            differing.push(format!(
                "{name}\nas a migration: {one:?}\nas a script: {other:?}\n{text}"
            ));
        }
    }
    (compared, findings, differing)
}

fn holds(history: &History, at_least: usize) {
    let (compared, findings, differing) = differences(history);
    println!("{compared} migrations compared, {findings} findings");
    assert!(compared >= at_least, "only {compared} migrations compared");
    assert!(differing.is_empty(), "{}", differing.join("\n\n"));
}

fn history_of_corpus(name: &str) -> History {
    let corpus = Corpus::named(name);
    let paths: Vec<PathBuf> = corpus
        .lint
        .iter()
        .map(|path| corpus.site_packages().join(path))
        .collect();
    history_of(
        &paths,
        Some(corpus.settings()),
        vec![corpus.site_packages()],
    )
    .unwrap()
}

#[test]
fn the_test_project_has_the_same_findings_as_scripts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hedgehog");
    let settings = root.join("settings.py");
    let settings = settings.is_file().then_some(settings);
    let site_packages = root.join("site-packages");
    let history = history_of(&[root], settings, vec![site_packages]).unwrap();
    holds(&history, 15);
}

#[test]
fn the_apps_of_django_have_the_same_findings_as_scripts() {
    if environment::left_out("the apps of Django have the same findings as scripts") {
        return;
    }
    holds(&history_of_corpus("django"), 15);
}

#[test]
#[ignore = "hundreds of migrations"]
fn a_real_package_has_the_same_findings_as_scripts() {
    let chosen = std::env::var("HHSCHEMA_CORPUS");
    let name = chosen.unwrap_or_else(|_| "pulpcore".to_owned());
    holds(&history_of_corpus(&name), 20);
}
