//! What `fix` looks at: the project, the database where there is one, and what the rules say of both.

use std::io::{self, Write};

use crate::cli::analyse::{self, Analysed, Live, RecordIs, Request};
use crate::cli::args::{DatabaseArguments, FixArguments};
use crate::cli::live::Connected;
use crate::cli::project::{Paths, config};
use crate::cli::report::{Judged, compare};
use crate::cli::{Outcome, Stop, because};
use crate::config::Config;
use crate::database::{Address, Problem as DatabaseProblem};
use crate::fix::{Decided, Decision, Replayed, brought, handle, taken};
use crate::lint::{BasisKind, Finding, Newness, NewnessRequest, RuleBook};
use crate::repair::{Names, Options, Plan, Repair, Safety, plan};
use crate::report::repairs;
use crate::schema::{Change, Schema};
use crate::source;

/// What the command works on.
pub(super) struct Bench<'a> {
    book: &'a RuleBook,
    paths: Paths,
    config: Config,
    newness: Newness,
    pub connected: Option<Connected>,
}

/// A look at the project, and at the database where there is one.
pub(super) struct Seen {
    pub analysed: Analysed,
    pub findings: Vec<Finding>,
    /// What a plan starts from: the database; without one the catalog that all migrations leave.
    pub before: Schema,
}

impl<'a> Bench<'a> {
    pub(super) fn of(arguments: &FixArguments, book: &'a RuleBook) -> Result<Self, Stop> {
        let paths = Paths::of(&arguments.project.paths);
        let mut config = config(&arguments.project, &paths, book)?;
        paths.are_of_a_project()?;
        let connected = if names_a_database(arguments)? {
            Some(Connected::read(&arguments.database)?)
        } else {
            None
        };
        let newness = match &connected {
            Some(connected) => {
                config.lint.postgres = connected.version();
                Newness::unapplied(&connected.name())
            }
            None => newness(&paths, &config)?,
        };
        Ok(Self {
            book,
            paths,
            config,
            newness,
            connected,
        })
    }

    /// Reads and judges; with `live` in the place of the database that was read, once migrations have brought these
    /// changes.
    pub(super) fn look(&self, live: Option<&Live>, brought: &[Change]) -> Result<Seen, Stop> {
        let analysed = analyse::analyse(&Request {
            paths: &self.paths.found,
            stdin: None,
            config: &self.config,
            newness: &self.newness,
            dump: None,
            live,
            record: RecordIs::Judged,
        });
        let mut analysed = analysed.map_err(|problem| because(problem.message))?;
        if let Some(recorded) = &mut analysed.recorded {
            for change in brought {
                recorded.schema.apply(change);
            }
        }
        let judged = Judged {
            book: self.book,
            config: &self.config,
            newness: &self.newness,
            live,
            introduced: None,
        };
        let before = match live {
            Some(live) => live.schema.clone(),
            None => analysed.history.end.clone(),
        };
        let of_files = self.careful(judged.findings(&analysed, None));
        let drift = live.and_then(|live| compare(&analysed, &live.schema));
        let findings = match &drift {
            None => of_files,
            Some(drift) => both(
                judged.findings(&analysed, Some(drift)),
                of_files,
                &|repair| plan(&[repair], &before, &self.options()).is_ok(),
            ),
        };
        Ok(Seen {
            analysed,
            findings,
            before,
        })
    }

    /// A migration that may be applied somewhere is not edited in what it does forward: where nothing tells which are new, a
    /// person has to say so.
    fn careful(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        match self.newness.basis.kind {
            BasisKind::All | BasisKind::NoGit => {}
            BasisKind::Files | BasisKind::Revision | BasisKind::Database => return findings,
        }
        for finding in &mut findings {
            let booked = self.book.rule(finding.rule);
            let judges_new = booked
                .is_some_and(|booked| booked.rule.checks.iter().any(|check| check.is_event()));
            for repair in &mut finding.repairs {
                if judges_new && repair.safety == Safety::Safe {
                    repair.safety = Safety::Unsafe;
                    repair.warnings.push(
                        "Nothing tells whether this migration is applied somewhere: an applied one must not be edited."
                            .to_owned(),
                    );
                }
            }
        }
        findings
    }

    pub(super) fn options(&self) -> Options {
        Options {
            version: self.config.lint.postgres,
            // Without a database nobody knows in which schema the tables are.
            names: if self.connected.is_some() {
                Names::Qualified
            } else {
                Names::Bare
            },
            ..Options::default()
        }
    }

    pub(super) fn introduce(&self, seen: &Seen, beside: &mut dyn Write) -> io::Result<()> {
        match &self.connected {
            Some(connected) => writeln!(beside, "database: {}", connected.name())?,
            None => writeln!(beside, "no database: what the files tell is repaired")?,
        }
        let problems = self.paths.problems.iter().chain(&seen.analysed.problems);
        for problem in problems {
            let place = problem
                .path
                .as_ref()
                .map(|path| format!("{}: ", path.display()));
            writeln!(
                beside,
                "problem: {}{}",
                place.unwrap_or_default(),
                problem.message
            )?;
        }
        Ok(())
    }

    pub(super) fn outcome(&self, seen: &Seen, decided: &[Decided<'_>]) -> Outcome {
        let has_problems = !self.paths.problems.is_empty() || !seen.analysed.problems.is_empty();
        let is_left = |one: &Decided<'_>| match one.decision {
            Decision::Taken(_) | Decision::LeftOut => false,
            Decision::Open(_) | Decision::ByHand(_) => true,
            Decision::NoRepair => {
                self.connected.is_some() && self.config.fail_on.includes(one.finding.level)
            }
        };
        if has_problems {
            Outcome::Failed
        } else if decided.iter().any(is_left) {
            Outcome::Findings
        } else {
            Outcome::Clean
        }
    }

    /// Looks again, at the schema that the plan leaves: a plan that breaks something is not written.
    pub(super) fn replay(
        &self,
        planned: &Plan,
        decided: &[Decided<'_>],
        beside: &mut dyn Write,
    ) -> Result<(), Stop> {
        let Some(connected) = &self.connected else {
            return Ok(());
        };
        let live = connected.live.after(planned);
        let after = self.look(Some(&live), &brought(&taken(decided)))?;
        let replayed = Replayed::of(decided, &after.findings);
        repairs::replayed(&replayed, beside)?;
        match replayed.worse().first() {
            None => Ok(()),
            Some(finding) => Err(because(format!(
                "these repairs would bring about {}: {}; choose others",
                handle(finding),
                finding.message
            ))),
        }
    }
}

/// What is found on the database, and what only the files tell and can be repaired: now, not once a migration that is
/// still to be applied has made what it is about.
fn both(
    live: Vec<Finding>,
    of_files: Vec<Finding>,
    can_run: &dyn Fn(&Repair) -> bool,
) -> Vec<Finding> {
    let is_known = |finding: &Finding| {
        let same = |other: &Finding| other.rule == finding.rule && handle(other) == handle(finding);
        live.iter().any(same)
    };
    let own: Vec<Finding> = of_files
        .into_iter()
        .filter(|finding| !finding.repairs.is_empty() && !is_known(finding))
        .filter(|finding| finding.repairs.iter().all(can_run))
        .collect();
    live.into_iter().chain(own).collect()
}

fn names_a_database(arguments: &FixArguments) -> Result<bool, Stop> {
    let DatabaseArguments { database_url, .. } = &arguments.database;
    if arguments.no_database {
        return Ok(false);
    }
    match Address::find(database_url.as_deref()) {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.problem, DatabaseProblem::NoAddress) && !arguments.verify => {
            Ok(false)
        }
        Err(error) => Err(because(error)),
    }
}

fn newness(paths: &Paths, config: &Config) -> Result<Newness, Stop> {
    let request = NewnessRequest {
        all: false,
        since: config.since.clone(),
        after: config.after.clone(),
        files: paths.files.clone(),
        folders_too: paths.found.iter().any(|path| source::is_folder(path)),
        folder: paths.folder(),
    };
    Newness::find(&request, &|name| std::env::var(name).ok())
        .map_err(|error| because(format!("cannot tell which migrations are new: {error}")))
}
