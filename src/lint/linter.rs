//! Applies the rules to a history: runs each on what it looks at, settles levels, and drops what is not wanted.

use super::Place;
use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::missed::visit;
use super::related::Halves;
use super::suppression::{Blocks, Suppressions};
use super::{Check, Context, Deploy, Finding, Gathering, Rule, RuleBook, RuleName, Selection};
use crate::django::migration::Ownership;
use crate::drift::{Cause, Drift};
use crate::history::{History, Judged, Moment, Replayed, ReplayedMigration};
use crate::postgres::Version;
use crate::schema::{ObjectName, Outcome};
use crate::source::Comment;

/// What the configuration says to the linter.
#[derive(Debug, Clone, Default)]
pub struct LintSettings {
    pub selection: Selection,
    pub postgres: Version,
    pub deploy: Deploy,
}

/// What is linted.
#[derive(Clone, Copy)]
pub struct Linted<'a> {
    pub history: &'a History,
    /// Of the files that belong to the project.
    pub comments: &'a [Comment],
    /// Whether a file belongs to the project: a finding in any other is dropped, as site-packages are read and
    /// never linted.
    pub in_project: &'a dyn Fn(&Path) -> bool,
    /// Where a live database was compared: then that is judged, and nothing else.
    pub drift: Option<&'a Drift>,
}

/// The findings of all rules that are on, in order of path, line, column and rule, each once.
pub fn lint(linted: &Linted<'_>, book: &RuleBook, settings: &LintSettings) -> Vec<Finding> {
    let context = Context {
        history: linted.history,
        postgres: settings.postgres,
        deploy: settings.deploy,
    };
    let blocks = || blocks(linted.history);
    let settlement = Settlement {
        book,
        selection: &settings.selection,
        in_project: linted.in_project,
        files: JudgedFiles::of(linted.history),
        blocks: LazyCell::new(&blocks),
    };
    let mut suppressions = Suppressions::read(linted.comments, book);
    let mut is_shown = |finding: &Finding| settlement.shows(finding, &mut suppressions);
    let mut found = Vec::new();
    let on = book
        .rules()
        .map(|booked| booked.rule)
        .filter(|rule| settings.selection.is_on(rule.name))
        .collect::<Vec<_>>();
    if linted.drift.is_none() {
        found.extend(of_moments(&on, &context, &mut is_shown));
    }
    for rule in on {
        found.extend(run(rule, linted.drift, &context, &mut is_shown));
    }
    let mut findings = settlement.settle(found, suppressions);
    let halves = Halves::of(linted.history);
    for finding in &mut findings {
        halves.relate(finding);
    }
    findings
}

/// What decides which of the findings are shown, and at which level.
struct Settlement<'a> {
    book: &'a RuleBook,
    selection: &'a Selection,
    in_project: &'a dyn Fn(&Path) -> bool,
    files: JudgedFiles,
    /// Asked for where there is a suppression: in most projects there is none.
    blocks: LazyCell<Blocks, &'a dyn Fn() -> Blocks>,
}

impl Settlement<'_> {
    fn shows(&self, finding: &Finding, suppressions: &mut Suppressions) -> bool {
        self.is_wanted(finding)
            && !(suppressions.are_some() && suppressions.silence(finding, &self.blocks))
    }

    /// Adds what is to be said of the comments, once every rule had its say.
    fn settle(&self, mut findings: Vec<Finding>, suppressions: Suppressions) -> Vec<Finding> {
        let unused = suppressions.unused(|rule, path| self.could_fire(rule, path));
        findings.extend(unused.filter(|finding| self.is_wanted(finding)));
        let unknown = suppressions.hygiene.into_iter();
        findings.extend(unknown.filter(|finding| self.is_wanted(finding)));
        for finding in &mut findings {
            if let Some(booked) = self.book.rule(finding.rule) {
                finding.level = self.selection.level(booked.page.front.level, finding);
            }
        }
        in_order(findings, self.book)
    }

    fn is_wanted(&self, finding: &Finding) -> bool {
        match &finding.place {
            Place::Source(origin) => {
                let path = origin.file.path();
                (self.in_project)(path) && self.selection.is_on_in(finding.rule, path)
            }
            Place::Database(_) => self.selection.is_on(finding.rule),
        }
    }

    fn could_fire(&self, rule: RuleName, path: &Path) -> bool {
        self.selection.is_on_in(rule, path)
            && (self.in_project)(path)
            && self
                .book
                .rule(rule)
                .is_some_and(|booked| self.files.could_fire(booked.rule, path))
    }
}

/// What fails now first, then by path, line, column, rule and message; what says the same twice is said once.
fn in_order(mut findings: Vec<Finding>, book: &RuleBook) -> Vec<Finding> {
    let waits = |finding: &Finding| {
        book.rule(finding.rule)
            .is_none_or(|booked| !booked.page.front.first)
    };
    findings.sort_by(|one, other| {
        one.hurt
            .cmp(&other.hurt)
            .then_with(|| waits(one).cmp(&waits(other)))
            .then_with(|| one.place.cmp(&other.place))
            .then_with(|| one.rule.cmp(&other.rule))
            .then_with(|| one.message.cmp(&other.message))
    });
    findings.dedup_by(|one, other| {
        one.rule == other.rule && one.place == other.place && one.message == other.message
    });
    findings
}

/// The findings of all rules that look at one change: moment by moment, as one rule finds near at hand what another has
/// looked up.
fn of_moments(
    rules: &[&'static Rule],
    context: &Context<'_>,
    is_shown: &mut dyn FnMut(&Finding) -> bool,
) -> Vec<Finding> {
    let checks = rules.iter().flat_map(|rule| {
        let checks = rule.checks.iter();
        checks.filter_map(|check| match check {
            Check::Change(check) => Some((rule.name, check)),
            _ => None,
        })
    });
    let checks = checks.collect::<Vec<_>>();
    let mut findings = Vec::new();
    for moment in judged_moments(context.history) {
        for (name, check) in &checks {
            let found = check(moment, context).into_iter().map(named(*name));
            findings.extend(found.filter(|finding| is_shown(finding)));
        }
    }
    findings
}

/// Puts the name of its rule into a finding.
fn named(rule: RuleName) -> impl Fn(Finding) -> Finding + Copy {
    move |mut finding| {
        finding.rule = rule;
        finding
    }
}

/// The findings of a rule that are shown, but those of [`of_moments`].
fn run(
    rule: &'static Rule,
    drift: Option<&Drift>,
    context: &Context<'_>,
    is_shown: &mut dyn FnMut(&Finding) -> bool,
) -> Vec<Finding> {
    let named = named(rule.name);
    let checks = rule
        .checks
        .iter()
        .filter(|check| check.is_live() == drift.is_some());
    let mut findings = Vec::new();
    for check in checks {
        if let Check::Gathered(gathering) = check {
            let mut is_shown = |finding: Finding| is_shown(&named(finding));
            let gathered = judged_runs(context.history)
                .flat_map(|replayed| gathered(&replayed, context, *gathering, &mut is_shown));
            findings.extend(gathered.map(named));
            continue;
        }
        let found = match drift {
            Some(drift) => run_live(*check, drift, context),
            None => found(*check, context),
        };
        let found = found.into_iter().map(named);
        findings.extend(found.filter(|finding| is_shown(finding)));
    }
    findings
}

fn run_live(check: Check, drift: &Drift, context: &Context<'_>) -> Vec<Finding> {
    match check {
        Check::Drift(check) => drift
            .differences
            .iter()
            .filter(|difference| !matches!(difference.cause, Cause::Pending(_)))
            .filter_map(|difference| {
                let mut finding = check(difference, context)?;
                finding.hurt = Some(difference.hurt);
                finding.repairs.clone_from(&difference.repairs);
                Some(finding)
            })
            .collect(),
        Check::Database(check) => check(drift, context),
        _ => Vec::new(),
    }
}

/// A finding for each subject of a migration or script, over those of its changes that no comment silences.
fn gathered(
    replayed: &Replayed<'_>,
    context: &Context<'_>,
    gathering: Gathering,
    is_shown: &mut dyn FnMut(Finding) -> bool,
) -> Vec<Finding> {
    let mut subjects: Vec<(ObjectName, Vec<&Moment>)> = Vec::new();
    for moment in replayed.moments {
        let Some(subject) = (gathering.subject)(moment, replayed, context) else {
            continue;
        };
        if !(gathering.finding)(&[moment]).is_some_and(&mut *is_shown) {
            continue;
        }
        match subjects.iter_mut().find(|(known, _)| *known == subject) {
            Some((_, moments)) => moments.push(moment),
            None => subjects.push((subject, vec![moment])),
        }
    }
    let subjects = subjects.iter();
    subjects
        .filter_map(|(_, moments)| (gathering.finding)(moments))
        .collect()
}

fn found(check: Check, context: &Context<'_>) -> Vec<Finding> {
    let history = context.history;
    match check {
        Check::Refused(check) => refused_moments(history)
            .flat_map(|moment| check(moment, context))
            .collect(),
        Check::Operation(check) => judged_migrations(history)
            .flat_map(|migration| &migration.operations)
            .flat_map(|operation| check(operation, context))
            .collect(),
        Check::Replayed(check) => judged_runs(history)
            .flat_map(|replayed| check(&replayed, context))
            .collect(),
        Check::Migration(check) => judged_migrations(history)
            .flat_map(|migration| check(migration, context))
            .collect(),
        // Where no models were read, the state after the last migration stands for them.
        Check::Model(check) => history
            .models
            .as_ref()
            .map_or(&history.end_state, |models| &models.state)
            .models()
            .filter(|model| {
                history.end_state.doubt(&model.key.app_label).is_none() || history.models.is_some()
            })
            .flat_map(|model| check(model, context))
            .collect(),
        Check::Column(check) => history
            .model_tables
            .iter()
            .flat_map(|model| model.columns.iter().map(move |column| (model, column)))
            .filter_map(|(model, column)| check(model, column, context))
            .collect(),
        Check::History(check) => check(context),
        Check::Change(_)
        | Check::Gathered(_)
        | Check::Drift(_)
        | Check::Database(_)
        | Check::Suppression => Vec::new(),
    }
}

fn own_migrations(history: &History) -> impl Iterator<Item = &ReplayedMigration> {
    history
        .migrations
        .iter()
        .filter(|migration| migration.migration.ownership == Ownership::Project)
}

fn judged_migrations(history: &History) -> impl Iterator<Item = &ReplayedMigration> {
    own_migrations(history).filter(|migration| migration.judged == Judged::New)
}

/// New migrations, then new scripts.
fn judged_runs(history: &History) -> impl Iterator<Item = Replayed<'_>> {
    let of_scripts = history
        .scripts
        .iter()
        .filter(|script| script.judged == Judged::New)
        .map(Replayed::from);
    judged_migrations(history)
        .map(Replayed::from)
        .chain(of_scripts)
}

fn judged_moments(history: &History) -> impl Iterator<Item = &Moment> {
    judged_runs(history).flat_map(|replayed| replayed.moments)
}

/// What the server would refuse, or may, forward or in reverse, of old migrations too.
fn refused_moments(history: &History) -> impl Iterator<Item = &Moment> {
    let of_scripts = history.scripts.iter().flat_map(|script| &script.moments);
    own_migrations(history)
        .flat_map(|migration| migration.moments.iter().chain(&migration.reverse_moments))
        .chain(of_scripts)
        .filter(|moment| matches!(moment.outcome, Outcome::Rejected(_) | Outcome::Unsure(_)))
}

/// The operations and statements that a suppression may stand at.
fn blocks(history: &History) -> Blocks {
    let mut blocks = Blocks::default();
    for replayed in own_migrations(history) {
        for operation in &replayed.migration.operations {
            visit(operation, &mut |inner| blocks.add(&inner.origin));
        }
    }
    let moments = own_migrations(history)
        .flat_map(|migration| migration.moments.iter().chain(&migration.reverse_moments))
        .chain(history.scripts.iter().flat_map(|script| &script.moments));
    for moment in moments {
        blocks.add(&moment.origin());
    }
    blocks
}

/// Which files event rules judged, and which hold something that could not be analysed.
#[derive(Default)]
struct JudgedFiles {
    judged: BTreeSet<PathBuf>,
    doubtful: BTreeSet<PathBuf>,
}

impl JudgedFiles {
    fn of(history: &History) -> Self {
        let migrations = judged_migrations(history).map(|replayed| &replayed.migration.file);
        let scripts = history
            .scripts
            .iter()
            .filter(|script| script.judged == Judged::New)
            .map(|script| &script.file);
        let doubtful = history.not_analysed.iter();
        Self {
            judged: migrations
                .chain(scripts)
                .map(|file| file.path().to_owned())
                .collect(),
            doubtful: doubtful
                .map(|missed| missed.place.file.path().to_owned())
                .collect(),
        }
    }

    /// Whether the rule had its say about a file: silence where something was not understood proves nothing.
    fn could_fire(&self, rule: &Rule, path: &Path) -> bool {
        let mut checks = rule
            .checks
            .iter()
            .filter(|check| !check.is_live() && !matches!(check, Check::Suppression));
        !self.doubtful.contains(path)
            && checks.any(|check| !check.is_event() || self.judged.contains(path))
    }
}

#[cfg(test)]
mod tests;
