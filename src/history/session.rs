//! A virtual session: runs SQL against the virtual catalog, and keeps the moments that rules will judge.

use std::sync::Arc;

use crate::django::migration::Ownership;
use crate::postgres::{self, Version};
use crate::schema::{
    Change, Lookup, ObjectName, Outcome, RelationName, Schema, Touches, TransactionControl, Why,
};
use crate::source::{Origin, SourceMap};
use crate::sql::{self, Parameters, Reading, Statement};

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
    pub fn new(start: Schema, version: Version) -> Self {
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
    pub created: Arc<CreatedHere>,
    /// Why what runs here may run at another place: then a refusal says only that the place is another.
    pub misplaced: Option<Why>,
    pub moments: Vec<Moment>,
    /// The operations of this migration so far: a statement that was put off belongs to the one that queued it.
    pub operations: Vec<Arc<OperationMoment>>,
}

impl Session<'_> {
    /// Runs one string as the server receives it.
    pub fn run(&mut self, text: &str, map: &SourceMap, holes: &dyn Fn(usize) -> Why) {
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
    pub fn run_script(&mut self, text: &str, map: &SourceMap) {
        for statement in sql::read(text, map) {
            self.statement(&Arc::new(statement), false);
        }
    }

    /// Puts what runs next under the operation that it was written for.
    pub fn belongs_to(&mut self, operation: &Origin) {
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
            self.change(change, statement, several);
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
        let outcome = self.apply(change);
        self.note_created(change, &before, &outcome, statement);
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
            let operation = match &self.cause {
                Cause::Sql { .. } => "SQL".into(),
                Cause::Django(moment) => Arc::clone(&moment.operation.class),
            };
            self.chronicle.not_analysed.push(NotAnalysed {
                place: statement.origin(),
                operation,
                why: why.clone(),
                ownership: self.ownership,
            });
        }
    }

    fn note_created(
        &mut self,
        change: &Change,
        before: &Schema,
        outcome: &Outcome,
        statement: &Statement,
    ) {
        if *outcome == Outcome::Skipped {
            return;
        }
        self.note_cuts(change, statement);
        if matches!(outcome, Outcome::Rejected(_)) {
            return;
        }
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

fn names_something_new(change: &Change) -> bool {
    matches!(
        change,
        Change::CreateTable(_)
            | Change::RenameTable { .. }
            | Change::AddColumn { .. }
            | Change::RenameColumn { .. }
            | Change::AddConstraint { .. }
            | Change::AddConstraintUsingIndex { .. }
            | Change::RenameConstraint { .. }
            | Change::CreateIndex(_)
            | Change::RenameIndex { .. }
            | Change::CreateSequence { .. }
            | Change::RenameSequence { .. }
            | Change::CreateView { .. }
    )
}

/// The objects that a change creates under a name that it gives itself.
fn created_objects(change: &Change, before: &Schema) -> Vec<ObjectName> {
    match change {
        Change::CreateTable(create) => {
            let table = before.resolve_new(&create.table);
            let columns = create
                .columns
                .iter()
                .map(|column| ObjectName::Column(table.clone(), column.name.clone()));
            std::iter::once(ObjectName::Relation(table.clone()))
                .chain(columns)
                .collect()
        }
        Change::AddColumn { table, column, .. } => {
            vec![ObjectName::Column(
                before.resolve(table),
                column.name.clone(),
            )]
        }
        Change::CreateIndex(index) => index
            .name
            .iter()
            .map(|name| ObjectName::Index(before.resolve(&index.table).sibling(name.clone())))
            .collect(),
        _ => Vec::new(),
    }
}

/// The constraints that a change brings, those too that the server names: `code varchar(9) UNIQUE`.
fn new_constraints(change: &Change, before: &Schema, after: &Schema) -> Vec<ObjectName> {
    let table = match change {
        Change::CreateTable(create) => before.resolve_new(&create.table),
        Change::AddColumn { table, .. }
        | Change::AddConstraint { table, .. }
        | Change::AddConstraintUsingIndex { table, .. } => before.resolve(table),
        _ => return Vec::new(),
    };
    after
        .constraints_of(&table)
        .filter(|(name, _)| !before.constraint(&table, name).is_found())
        .map(|(name, _)| ObjectName::Constraint(table.clone(), name.clone()))
        .collect()
}

/// The objects whose names a change takes along: a table's columns and constraints are named by it.
fn renamed_objects(change: &Change, before: &Schema) -> Vec<(ObjectName, ObjectName)> {
    match change {
        Change::RenameColumn { table, column, to } => {
            let table = before.resolve(table);
            vec![(
                ObjectName::Column(table.clone(), column.clone()),
                ObjectName::Column(table, to.clone()),
            )]
        }
        Change::RenameTable { table, to, .. } => {
            let table = before.resolve(table);
            let renamed = table.sibling(to.clone());
            renamed_parts(&table, &renamed, before)
        }
        Change::RenameIndex { index, to, .. } => {
            let index = before.resolve(index);
            let renamed = index.sibling(to.clone());
            vec![(ObjectName::Index(index), ObjectName::Index(renamed))]
        }
        Change::RenameConstraint {
            table,
            constraint,
            to,
        } => {
            let table = before.resolve(table);
            vec![(
                ObjectName::Constraint(table.clone(), constraint.clone()),
                ObjectName::Constraint(table, to.clone()),
            )]
        }
        _ => Vec::new(),
    }
}

fn renamed_parts(
    table: &RelationName,
    renamed: &RelationName,
    before: &Schema,
) -> Vec<(ObjectName, ObjectName)> {
    let columns = before.columns_of(table).map(|column| {
        (
            ObjectName::Column(table.clone(), column.name.clone()),
            ObjectName::Column(renamed.clone(), column.name.clone()),
        )
    });
    let constraints = before.constraints_of(table).map(|(name, _)| {
        (
            ObjectName::Constraint(table.clone(), name.clone()),
            ObjectName::Constraint(renamed.clone(), name.clone()),
        )
    });
    std::iter::once((
        ObjectName::Relation(table.clone()),
        ObjectName::Relation(renamed.clone()),
    ))
    .chain(columns)
    .chain(constraints)
    .collect()
}
