//! From what was analysed to the report: the rules, and the summary.

use super::analyse::{Analysed, Live};
use super::live::Connected;
use crate::config::Config;
use crate::django::migration::Ownership;
use crate::drift::{Drift, Sides, drift};
use crate::history::Judged as Newly;
use crate::lint::{self, Compared, Finding, Linted, Newness, Problem, Report, RuleBook, Summary};
use crate::schema::Schema;

/// What the analysis is judged by.
pub(super) struct Judged<'a> {
    pub book: &'a RuleBook,
    pub config: &'a Config,
    pub newness: &'a Newness,
    /// The live database that it is compared with.
    pub live: Option<&'a Live>,
    /// Where that is, for the first lines of the report.
    pub connected: Option<&'a Connected>,
}

impl Judged<'_> {
    pub(super) fn report(&self, mut analysed: Analysed, mut problems: Vec<Problem>) -> Report {
        let drift = self.drift(&analysed);
        let findings = self.findings(&analysed, drift.as_ref());
        problems.append(&mut analysed.problems);
        problems.sort();
        let not_analysed = lint::missed_operations(&analysed.history);
        analysed.open_models.sort();
        let summary = summary(&mut analysed, self.newness);
        // The end of the process frees it at once.
        std::mem::forget(analysed.history);
        Report {
            findings,
            not_analysed,
            problems,
            summary,
            compared: self
                .connected
                .zip(drift)
                .map(|(connected, drift)| compared(connected, drift, &analysed.django.to_string())),
        }
    }

    /// What the rules say: of the live database where one was compared, else of the files.
    pub(super) fn findings(&self, analysed: &Analysed, drift: Option<&Drift>) -> Vec<Finding> {
        let linted = Linted {
            history: &analysed.history,
            comments: &analysed.comments,
            in_project: &*analysed.in_project,
            drift,
        };
        lint::lint(&linted, self.book, &self.config.lint)
    }

    fn drift(&self, analysed: &Analysed) -> Option<Drift> {
        compare(analysed, &self.live?.schema)
    }
}

/// What sets a database with this schema apart; `None` where the migrations were not replayed for one.
pub(super) fn compare(analysed: &Analysed, database: &Schema) -> Option<Drift> {
    let recorded = analysed.recorded.as_ref()?;
    let sides = Sides {
        history: &analysed.history,
        recorded: &recorded.schema,
        database,
        model_tables: &analysed.history.model_tables,
        unapplied: &recorded.migrations.unapplied,
        django: analysed.django,
    };
    Some(drift(&sides, recorded.migrations.clone()))
}

fn compared(connected: &Connected, drift: Drift, django: &str) -> Compared {
    Compared {
        django: django.to_owned(),
        database: connected.name(),
        server: connected.server(),
        schemas: connected.schemas(),
        applied: drift.recorded.applied,
        unapplied: drift
            .recorded
            .unapplied
            .iter()
            .map(ToString::to_string)
            .collect(),
        other_apps: drift
            .recorded
            .other_apps
            .iter()
            .map(ToString::to_string)
            .collect(),
        foreign_tables: drift
            .foreign_tables
            .iter()
            .map(ToString::to_string)
            .collect(),
        not_compared: drift
            .not_compared
            .into_iter()
            .map(|missed| (missed.object, missed.why.to_string()))
            .chain(connected.not_read())
            .collect(),
        unseen: connected.unseen(),
    }
}

fn summary(analysed: &mut Analysed, newness: &Newness) -> Summary {
    let migrations = analysed.history.migrations.iter();
    let own = migrations
        .filter(|replayed| replayed.migration.ownership == Ownership::Project)
        .collect::<Vec<_>>();
    let new = own.iter().filter(|replayed| replayed.judged == Newly::New);
    let operations = own
        .iter()
        .map(|replayed| replayed.migration.operations.len());
    Summary {
        files: analysed.files,
        migrations: own.len(),
        new_migrations: new.count(),
        operations: operations.sum(),
        basis: newness.basis.clone(),
        open_models: std::mem::take(&mut analysed.open_models),
        left_out: std::mem::take(&mut analysed.left_out),
        unlinted_apps: std::mem::take(&mut analysed.unlinted_apps),
        absent_apps: std::mem::take(&mut analysed.absent_apps),
    }
}
