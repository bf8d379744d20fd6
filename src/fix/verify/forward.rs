//! Units, run one after another in a transaction that is rolled back.

use crate::database::{DatabaseError, Refusal, Session, StatementError};
use crate::postgres::TransactionBlock;
use crate::repair::{Action, PlannedStep, Statement, Unit};
use crate::schema::Identifier;

use super::{Judgement, Verdict};

/// What became of each step.
#[derive(Default)]
pub(super) struct Forward {
    steps: Vec<(String, Judgement)>,
    /// Why nothing that comes after is tried.
    stopped: Option<String>,
}

/// Why a statement did not do what it should.
enum Stumble {
    Refused(Box<Refusal>),
    /// It begins or ends a transaction.
    OutOfPlace,
}

impl Forward {
    pub(super) fn is_whole(&self) -> bool {
        self.stopped.is_none()
    }

    pub(super) fn tell(self, prefix: &str, verdict: &mut Verdict) {
        for (words, judgement) in self.steps {
            verdict.add(format!("{prefix}{words}"), judgement);
        }
    }

    /// Runs units up to the first that does not work.
    ///
    /// # Errors
    /// When the connection is lost.
    pub(super) fn run(
        &mut self,
        session: &mut Session,
        units: &[Unit],
    ) -> Result<(), DatabaseError> {
        for unit in units {
            match &self.stopped {
                None => self.unit(session, unit)?,
                Some(why) => {
                    let why = why.clone();
                    for step in &unit.steps {
                        self.add(step, Judgement::NotVerified(why.clone()));
                    }
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, step: &PlannedStep, judgement: Judgement) {
        self.steps.push((step.words.clone(), judgement));
    }

    fn unit(&mut self, session: &mut Session, unit: &Unit) -> Result<(), DatabaseError> {
        let done: Vec<bool> = unit
            .steps
            .iter()
            .map(|step| is_done(session, step))
            .collect::<Result<_, _>>()?;
        let place = Identifier::quoted("hhschema_unit");
        session.savepoint(&place).map_err(lost)?;
        let Some(stumble) = run(session, &unit.statements())? else {
            for (step, done) in unit.steps.iter().zip(done) {
                self.add(step, Judgement::Verified(how(unit, step, done)));
            }
            return session.release(&place).map_err(lost);
        };
        session.rollback_to(&place).map_err(lost)?;
        self.one_by_one(session, unit, &stumble)?;
        session.rollback_to(&place).map_err(lost)
    }

    /// Which of the steps of a unit it was that failed.
    fn one_by_one(
        &mut self,
        session: &mut Session,
        unit: &Unit,
        whole: &Stumble,
    ) -> Result<(), DatabaseError> {
        for step in &unit.steps {
            match (&self.stopped, run(session, &step.statements)?) {
                (Some(why), _) => {
                    let why = why.clone();
                    self.add(step, Judgement::NotVerified(why));
                }
                (None, None) => {
                    let why = "works; its transaction fails with what comes after it";
                    self.add(step, Judgement::NotVerified(why.to_owned()));
                }
                (None, Some(stumble)) => {
                    self.add(step, stumble.judgement());
                    self.stopped = Some(format!("not reached: it stops at: {}", step.words));
                }
            }
        }
        if self.stopped.is_none() {
            let words: Vec<&str> = unit.steps.iter().map(|step| step.words.as_str()).collect();
            self.stopped = Some("not reached".to_owned());
            self.steps.push((words.join(", "), whole.judgement()));
        }
        Ok(())
    }
}

/// Runs statements as a transaction would, up to what its COMMIT checks.
fn run(session: &mut Session, statements: &[Statement]) -> Result<Option<Stumble>, DatabaseError> {
    for statement in statements {
        let sql = statement.in_transaction.as_ref().unwrap_or(&statement.sql);
        if let Some(stumble) = executed(session, sql)? {
            return Ok(Some(stumble));
        }
    }
    let Some(Stumble::Refused(mut refusal)) = executed(session, "SET CONSTRAINTS ALL IMMEDIATE")?
    else {
        return deferred_again(session).map(|()| None);
    };
    refusal.message = format!("at COMMIT: {}", refusal.message);
    Ok(Some(Stumble::Refused(refusal)))
}

fn executed(session: &mut Session, sql: &str) -> Result<Option<Stumble>, DatabaseError> {
    match session.execute(sql) {
        Ok(_) => Ok(None),
        Err(StatementError::Refused(refusal)) => Ok(Some(Stumble::Refused(refusal))),
        Err(StatementError::EndsTransaction(_)) => Ok(Some(Stumble::OutOfPlace)),
        Err(StatementError::Failed(error)) => Err(error),
    }
}

const DEFERRED: &str = "
SELECT string_agg(DISTINCT format('%I.%I', n.nspname, k.conname), ', ')
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.condeferred AND NOT EXISTS (
  SELECT FROM pg_constraint o
  WHERE o.connamespace = k.connamespace AND o.conname = k.conname AND NOT o.condeferrable)";

/// The next transaction of the script would begin with its constraints deferred.
fn deferred_again(session: &mut Session) -> Result<(), DatabaseError> {
    let rows = session.query(DEFERRED).map_err(lost)?;
    let names = rows.into_iter().flatten().flatten().next();
    match names {
        Some(names) => {
            let sql = format!("SET CONSTRAINTS {names} DEFERRED");
            session.execute(&sql).map(drop).map_err(lost)
        }
        None => Ok(()),
    }
}

/// Whether the database has a step already.
fn is_done(session: &mut Session, step: &PlannedStep) -> Result<bool, DatabaseError> {
    let Some(done) = &step.done else {
        return Ok(false);
    };
    let place = Identifier::quoted("hhschema_done");
    session.savepoint(&place).map_err(lost)?;
    let answer = session.query(&format!("SELECT {done}"));
    session.rollback_to(&place).map_err(lost)?;
    let rows = match answer {
        Ok(rows) => rows,
        // What it would look at may only come with the steps before it.
        Err(StatementError::Refused(_) | StatementError::EndsTransaction(_)) => return Ok(false),
        Err(StatementError::Failed(error)) => return Err(error),
    };
    Ok(rows.into_iter().flatten().flatten().next().as_deref() == Some("t"))
}

/// What was seen of a step that works.
fn how(unit: &Unit, step: &PlannedStep, done: bool) -> String {
    match (&step.action, unit.transaction()) {
        _ if done => "the database has it already".to_owned(),
        (Action::Probe(_), _) => "0 violators".to_owned(),
        (Action::Fill { .. }, _) => "runs, in one transaction".to_owned(),
        (Action::Record(_), _) => "runs".to_owned(),
        (Action::Change(_), TransactionBlock::Refused) => {
            "what does the same in a transaction runs".to_owned()
        }
        (Action::Change(_), TransactionBlock::Allowed) => "runs".to_owned(),
    }
}

impl Stumble {
    fn judgement(&self) -> Judgement {
        match self {
            Self::OutOfPlace => {
                Judgement::NotVerified("it cannot stand in a transaction".to_owned())
            }
            Self::Refused(refusal) if tells_nothing(&refusal.sqlstate) => {
                Judgement::NotVerified(refusal.to_string())
            }
            Self::Refused(refusal) => {
                let detail = refusal.detail.as_ref();
                let detail = detail.map(|detail| format!("; {detail}"));
                Judgement::Failed(format!("{refusal}{}", detail.unwrap_or_default()))
            }
        }
    }
}

/// SQLSTATEs that are of this session, not of the step: no permission, a lock or an answer that took too long, a standby, a
/// statement that may not stand in a transaction, no room, an end that an administrator ordered.
fn tells_nothing(sqlstate: &str) -> bool {
    matches!(
        sqlstate,
        "42501" | "55P03" | "57014" | "25006" | "25001" | "40P01" | "40001"
    ) || sqlstate.starts_with("53")
        || sqlstate.starts_with("57P")
}

/// An error of a statement that is ours alone.
pub(super) fn lost(error: StatementError) -> DatabaseError {
    match error {
        StatementError::Failed(error) => error,
        StatementError::Refused(refusal) => unexpected(&refusal.to_string()),
        StatementError::EndsTransaction(text) => unexpected(&text),
    }
}

fn unexpected(words: &str) -> DatabaseError {
    DatabaseError {
        doing: "try the repair on",
        server: None,
        problem: crate::database::Problem::Unexpected(words.to_owned()),
    }
}
