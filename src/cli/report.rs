//! From what was analysed to the report: the rules, and the summary.

use super::analyse::{Analysed, Live};
use super::live::Connected;
use super::project::Paths;
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
    /// What to say of it in the first lines of the report.
    pub introduced: Option<Introduced<'a>>,
}

/// The sides of a comparison, as they are introduced to people.
#[derive(Clone, Copy)]
pub(super) struct Introduced<'a> {
    pub connected: &'a Connected,
    pub paths: &'a Paths,
}

impl Judged<'_> {
    pub(super) fn report(&self, mut analysed: Analysed, mut problems: Vec<Problem>) -> Report {
        let drift = self.drift(&analysed);
        let findings = self.findings(&analysed, drift.as_ref());
        problems.append(&mut analysed.problems);
        problems.sort();
        let not_analysed = lint::missed_operations(&analysed.history);
        analysed.open_models.sort();
        let models = analysed.history.models.as_ref();
        let models = models.map_or(0, |models| models.state.models().count());
        let summary = summary(&mut analysed, self.newness);
        let open_models = summary.open_models.iter();
        let open_models = open_models.map(|model| model.name.clone()).collect();
        // The end of the process frees it at once.
        std::mem::forget(analysed.history);
        Report {
            findings,
            not_analysed,
            problems,
            summary,
            compared: self
                .introduced
                .zip(drift)
                .map(|(introduced, drift)| Compared {
                    models,
                    open_models,
                    ..introduced.compared(drift, &analysed.django.to_string())
                }),
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

impl Introduced<'_> {
    fn compared(self, drift: Drift, django: &str) -> Compared {
        let connected = self.connected;
        let recorded = &drift.recorded;
        let paths = self.paths.found.iter();
        Compared {
            paths: paths.map(|path| path.display().to_string()).collect(),
            revision: lint::checked_out(&self.paths.folder()),
            models: 0,
            open_models: Vec::new(),
            django: django.to_owned(),
            database: connected.name(),
            server: connected.server(),
            schemas: connected.schemas(),
            applied: recorded.applied,
            unapplied: words(&recorded.unapplied),
            other_apps: words(&recorded.other_apps),
            foreign_tables: words(&drift.foreign_tables),
            not_compared: drift
                .not_compared
                .into_iter()
                .map(|missed| (missed.object, missed.why.to_string()))
                .chain(connected.not_read())
                .collect(),
            unseen: connected.unseen(),
        }
    }
}

fn words<'a, T: ToString + 'a>(of: impl IntoIterator<Item = &'a T>) -> Vec<String> {
    of.into_iter().map(ToString::to_string).collect()
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
        unknown_apps: std::mem::take(&mut analysed.unknown_apps),
    }
}
