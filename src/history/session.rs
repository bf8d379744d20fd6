//! A virtual session: runs SQL against the virtual catalog, and keeps the moments that rules will judge.

use std::sync::Arc;

use crate::django::migration::{Migration, Ownership};
use crate::postgres::{self, Version};
use crate::schema::{Change, Lookup, Outcome, Schema, Touches, TransactionControl, Why};
use crate::source::{Origin, SourceFile, SourceMap};
use crate::sql::{self, Parameters, Reading, Statement};

use super::named_objects::{
    created_objects, names_something_new, new_constraints, renamed_objects,
};
use super::perhaps::perhaps;
use super::transcript::Recorder;
use super::{
    Author, Cause, CreatedHere, Creation, Cut, Direction, Judged, Moment, NotAnalysed,
    OperationMoment, Provenance, TransactionContext,
};

/// What lives as long as the whole replay.
#[derive(Debug)]
pub(super) struct Chronicle {
    pub schema: Schema,
    pub provenance: Provenance,
    pub cuts: Vec<Cut>,
    pub not_analysed: Vec<NotAnalysed>,
    pub version: Version,
}

impl Chronicle {
    pub(super) fn new(start: Schema, version: Version) -> Self {
        Self {
            schema: start,
            provenance: Provenance::default(),
            cuts: Vec::new(),
            not_analysed: Vec::new(),
            version,
        }
    }
}

/// Runs the statements of one migration or script.
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub chronicle: &'a mut Chronicle,
    pub judged: Judged,
    pub ownership: Ownership,
    pub transaction: TransactionContext,
    pub direction: Direction,
    pub cause: Cause,
    /// Why what runs now may not run at all.
    pub condition: Option<Why>,
    pub created: Arc<CreatedHere>,
    /// Why what runs here may run at another place: then a refusal says only that the place is another.
    pub misplaced: Option<Why>,
    pub moments: Vec<Moment>,
    /// The operations of this migration so far: a statement that was put off belongs to the one that queued it.
    pub operations: Vec<Arc<OperationMoment>>,
    /// Takes the texts down, where they are wanted.
    pub recorder: Option<Recorder>,
}

impl<'a> Session<'a> {
    /// A session of the project's own SQL, each statement in a transaction of its own.
    pub(super) fn begin(
        chronicle: &'a mut Chronicle,
        judged: Judged,
        created: Arc<CreatedHere>,
    ) -> Self {
        Self {
            chronicle,
            judged,
            ownership: Ownership::Project,
            transaction: TransactionContext::Own,
            direction: Direction::Forward,
            cause: Cause::Sql { migration: None },
            condition: None,
            created,
            misplaced: None,
            moments: Vec::new(),
            operations: Vec::new(),
            recorder: None,
        }
    }

    /// A session in which `migrate` runs a migration.
    pub(super) fn of(
        migration: &Migration,
        chronicle: &'a mut Chronicle,
        judged: Judged,
        created: Arc<CreatedHere>,
    ) -> Self {
        Self {
            ownership: migration.ownership,
            transaction: match migration.atomic {
                Ok(true) => TransactionContext::Block,
                Ok(false) => TransactionContext::Own,
                Err(_) => TransactionContext::Unknown,
            },
            ..Self::begin(chronicle, judged, created)
        }
    }

    /// Runs one string as the server receives it.
    pub(super) fn run(&mut self, text: &str, map: &SourceMap, holes: &dyn Fn(usize) -> Why) {
        if let Some(recorder) = &mut self.recorder {
            if let Some(why) = &self.condition {
                recorder.not_analysed(map.whole(), why);
            }
            recorder.sent(text, map.whole(), holes);
        }
        self.receive(text, map, holes);
    }

    /// The same without taking it down.
    pub(super) fn receive(&mut self, text: &str, map: &SourceMap, holes: &dyn Fn(usize) -> Why) {
        let reading = Reading {
            holes,
            parameters: Parameters::None,
        };
        let statements = sql::read_with(text, map, reading);
        let several = statements.len() > 1;
        for statement in statements {
            self.statement(&Arc::new(statement), several);
        }
    }

    /// Runs a script, each statement as the server receives it from `psql`.
    pub(super) fn run_script(&mut self, text: &str, map: &SourceMap) {
        self.each(sql::read(text, map));
    }

    /// The same of what `pg_dump` prints.
    pub(super) fn run_dump(&mut self, file: &Arc<SourceFile>) {
        self.each(sql::read_dump(file));
    }

    fn each(&mut self, statements: Vec<Statement>) {
        for statement in statements {
            self.statement(&Arc::new(statement), false);
        }
    }

    /// Puts what runs next under the operation that it was written for.
    pub(super) fn belongs_to(&mut self, operation: &Origin) {
        let owner = self
            .operations
            .iter()
            .rev()
            .find(|moment| moment.operation.origin == *operation);
        if let Some(owner) = owner {
            self.cause = Cause::Django(Arc::clone(owner));
        }
    }

    fn statement(&mut self, statement: &Arc<Statement>, several: bool) {
        let needed = statement.needs.as_ref();
        match needed.map(|table| (table, self.chronicle.schema.relation(table).map(|_| ()))) {
            None | Some((_, Lookup::Found(()))) => {}
            Some((_, Lookup::Absent)) => return,
            Some((table, Lookup::Unsure(why))) => {
                let change = Change::Opaque {
                    text: Arc::clone(&statement.text),
                    why,
                    touches: Touches::Relations([table.clone()].into()),
                };
                return self.change(&change, statement, several);
            }
        }
        for change in &statement.changes {
            match &self.condition {
                None => self.change(change, statement, several),
                Some(why) => {
                    if let Some(perhaps) = perhaps(change, why, &self.chronicle.schema) {
                        self.change(&perhaps, statement, several);
                    }
                }
            }
        }
    }

    fn change(&mut self, change: &Change, statement: &Arc<Statement>, several: bool) {
        let transaction = match self.transaction {
            TransactionContext::Own if several => TransactionContext::OneString,
            other => other,
        };
        self.note_unreadable(change, statement);
        let before = self.chronicle.schema.clone();
        let cost = match self.judged {
            Judged::New => postgres::cost_in_statement(
                change,
                &statement.changes,
                &before,
                self.chronicle.version,
            ),
            Judged::Old => postgres::Cost::default(),
        };
        let outcome = match self.apply(change) {
            Outcome::Rejected(_) if statement.is_guarded => Outcome::Skipped,
            outcome => outcome,
        };
        match outcome {
            Outcome::Skipped => {}
            Outcome::Rejected(_) => self.note_cuts(change, statement),
            Outcome::Applied { .. } | Outcome::Unsure(_) => {
                self.note_cuts(change, statement);
                self.note_created(change, &before, statement);
            }
        }
        if self.judged == Judged::New || self.is_doubtful(&outcome) {
            self.moments.push(Moment {
                change: change.clone(),
                statement: Arc::clone(statement),
                before: before.clone(),
                after: self.chronicle.schema.clone(),
                outcome: outcome.clone(),
                cost,
                created_here: Arc::clone(&self.created),
                transaction,
                direction: self.direction,
                cause: self.cause.clone(),
            });
        }
        Arc::make_mut(&mut self.created).record(change, &before, &outcome);
        self.follow_transaction(change);
    }

    fn apply(&mut self, change: &Change) -> Outcome {
        let schema = &mut self.chronicle.schema;
        match (schema.apply(change), &self.misplaced) {
            (Outcome::Rejected(_), Some(why)) => schema.apply(&Change::Opaque {
                text: "".into(),
                why: why.clone(),
                touches: sql::touched_by(change),
            }),
            (outcome, _) => outcome,
        }
    }

    /// What state rules look at in old migrations too: what the server would refuse, and hand-written SQL on
    /// objects that were not found.
    fn is_doubtful(&self, outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Rejected(_) => true,
            Outcome::Unsure(_) => matches!(self.cause, Cause::Sql { .. }),
            Outcome::Applied { .. } | Outcome::Skipped => false,
        }
    }

    /// `BEGIN` and `COMMIT` of a script; inside Django's own transaction they are the script's error.
    fn follow_transaction(&mut self, change: &Change) {
        let Change::Transaction(control) = change else {
            return;
        };
        self.transaction = match control {
            TransactionControl::Begin => TransactionContext::Block,
            TransactionControl::Commit | TransactionControl::Rollback => TransactionContext::Own,
            TransactionControl::Savepoint => self.transaction,
        };
    }

    fn note_unreadable(&mut self, change: &Change, statement: &Statement) {
        let Change::Opaque { why, touches, .. } = change else {
            return;
        };
        if *touches != Touches::Nothing {
            let place = statement.origin();
            let noted = self.chronicle.not_analysed.last();
            if noted.is_some_and(|noted| noted.place == place && noted.why == *why) {
                return;
            }
            let operation = match &self.cause {
                Cause::Sql { .. } => "SQL".into(),
                Cause::Django(moment) => Arc::clone(&moment.operation.class),
            };
            self.chronicle.not_analysed.push(NotAnalysed {
                place,
                operation,
                why: why.clone(),
                ownership: self.ownership,
            });
        }
    }

    fn note_created(&mut self, change: &Change, before: &Schema, statement: &Statement) {
        let creation = Creation {
            origin: statement.origin(),
            author: match self.cause {
                Cause::Sql { .. } => Author::Sql,
                Cause::Django(_) => Author::Django,
            },
        };
        let after = &self.chronicle.schema;
        let provenance = &mut self.chronicle.provenance;
        for object in created_objects(change, before)
            .into_iter()
            .chain(new_constraints(change, before, after))
        {
            provenance.insert(object, creation.clone());
        }
        for (from, to) in renamed_objects(change, before) {
            provenance.rename(&from, to);
        }
    }

    /// A name that is refused because its cut form is taken was cut all the same.
    fn note_cuts(&mut self, change: &Change, statement: &Statement) {
        if names_something_new(change) {
            let ownership = self.ownership;
            self.chronicle
                .cuts
                .extend(statement.cuts.iter().map(|cut| Cut {
                    name: cut.clone(),
                    place: statement.map.origin(cut.span),
                    ownership,
                }));
        }
    }
}
