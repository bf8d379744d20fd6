//! The order of steps: each repair's own, and among repairs the one that makes the fewest units.

use std::collections::VecDeque;

use crate::postgres::{TransactionBlock, cost};
use crate::repair::guard::{self, GuardError, Guarded, Situation};
use crate::schema::{
    Change, IndexDefinition, Outcome, Rejection, RelationName, Schema, WrittenName,
};

use super::rollback::taken_back;
use super::{Action, Options, PlanError, PlannedStep, Task, Unit, UnitKind};

/// Units in order, and the schema when they have run.
pub(super) struct Scheduled {
    pub units: Vec<Unit>,
    pub after: Schema,
}

/// What steps must share to stand in one unit; the order is that in which units are opened.
pub(super) type Place = (UnitKind, Option<RelationName>);

pub(super) fn schedule(
    mut queues: Vec<VecDeque<Task>>,
    before: &Schema,
    options: &Options,
) -> Result<Scheduled, PlanError> {
    let mut scheduled = Scheduled {
        units: Vec::new(),
        after: before.clone(),
    };
    while queues.iter().any(|queue| !queue.is_empty()) {
        let open = scheduled.units.last().map(place_of_unit);
        let (index, place) = next(&queues, &scheduled.after, open.as_ref(), options)?;
        if let Some(task) = queues.get_mut(index).and_then(VecDeque::pop_front) {
            scheduled.take(task, place, options)?;
        }
    }
    Ok(scheduled)
}

fn place_of_unit(unit: &Unit) -> Place {
    (unit.kind, unit.relation.clone())
}

/// The queue whose first step comes next: one that joins the open unit, else the one of the least place. A step that
/// the server would refuse now may wait for what another repair makes.
fn next(
    queues: &[VecDeque<Task>],
    now: &Schema,
    open: Option<&Place>,
    options: &Options,
) -> Result<(usize, Place), PlanError> {
    let mut refused = None;
    let mut best: Option<(usize, Place)> = None;
    for (index, queue) in queues.iter().enumerate() {
        let Some(task) = queue.front() else {
            continue;
        };
        if let Some(rejection) = rejection(&task.action, now) {
            refused.get_or_insert((task, rejection));
            continue;
        }
        let place = place_of(&task.action, now, options);
        if open == Some(&place) {
            return Ok((index, place));
        }
        if best.as_ref().is_none_or(|(_, known)| place < *known) {
            best = Some((index, place));
        }
    }
    match (best, refused) {
        (Some(best), _) => Ok(best),
        (None, Some((task, rejection))) => Err(PlanError::Rejected {
            repair: task.repair.to_string(),
            step: task.step,
            what: task.words(),
            rejection,
        }),
        // The caller asks while steps are left.
        (None, None) => Ok((0, (UnitKind::Transaction, None))),
    }
}

fn rejection(action: &Action, now: &Schema) -> Option<Rejection> {
    let Action::Change(change) = action else {
        return None;
    };
    match now.clone().apply(change) {
        Outcome::Rejected(rejection) => Some(rejection),
        Outcome::Applied { .. } | Outcome::Skipped | Outcome::Unsure(_) => None,
    }
}

pub(super) fn place_of(action: &Action, now: &Schema, options: &Options) -> Place {
    match action {
        Action::Fill { table, .. } => (UnitKind::Fill, Some(table.clone())),
        Action::Probe(probe) => (UnitKind::Probe, Some(probe.table.clone())),
        Action::Change(change) => {
            let refused =
                cost(change, now, options.version).transaction == TransactionBlock::Refused;
            let kind = match change {
                _ if refused => UnitKind::Concurrent,
                Change::ValidateConstraint { .. } => UnitKind::Validation,
                _ => UnitKind::Transaction,
            };
            (kind, relation_of(change, now))
        }
    }
}

/// The table that a change is about, else the relation.
fn relation_of(change: &Change, now: &Schema) -> Option<RelationName> {
    let of_index = |index: &WrittenName| {
        let name = now.resolve(index);
        let known = now.index_named(&name).found();
        known.map_or(name, |index| index.table.clone())
    };
    match change {
        Change::CreateTable(create) => Some(now.resolve_new(&create.table)),
        Change::RenameTable { table, .. }
        | Change::SetTableSchema { table, .. }
        | Change::AddColumn { table, .. }
        | Change::DropColumn { table, .. }
        | Change::RenameColumn { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::AddConstraint { table, .. }
        | Change::AddConstraintUsingIndex { table, .. }
        | Change::DropConstraint { table, .. }
        | Change::RenameConstraint { table, .. }
        | Change::ValidateConstraint { table, .. }
        | Change::AlterConstraint { table, .. }
        | Change::CreateTrigger { table, .. }
        | Change::DropTrigger { table, .. } => Some(now.resolve(table)),
        Change::CreateIndex(create) => Some(now.resolve(&create.table)),
        Change::DropTable(drop) | Change::DropSequence(drop) | Change::DropView { drop, .. } => {
            Some(now.resolve(&drop.name))
        }
        Change::DropIndex { drop, .. } => Some(of_index(&drop.name)),
        Change::RenameIndex { index, .. } => Some(of_index(index)),
        Change::CreateView { view, .. } => Some(now.resolve_new(view)),
        Change::CreateSequence { sequence, .. }
        | Change::AlterSequence { sequence, .. }
        | Change::RenameSequence { sequence, .. } => Some(now.resolve(sequence)),
        _ => None,
    }
}

impl Scheduled {
    fn take(&mut self, task: Task, place: Place, options: &Options) -> Result<(), PlanError> {
        let before = self.after.clone();
        let task = with_index_named(task, &before);
        let mut after = before.clone();
        if let Action::Change(change) = &task.action
            && after.apply(change) == Outcome::Skipped
        {
            return Ok(());
        }
        let rollback = taken_back(&task, (&before, &after), &self.units);
        let step = planned(&task, before, options)?;
        self.after = after;
        push(&mut self.units, PlannedStep { rollback, ..step }, place);
        Ok(())
    }
}

/// Puts a step into the last unit where it fits, else into a new one.
pub(super) fn push(units: &mut Vec<Unit>, step: PlannedStep, place: Place) {
    match units.last_mut() {
        Some(unit) if place_of_unit(unit) == place => unit.steps.push(step),
        _ => units.push(Unit {
            kind: place.0,
            relation: place.1,
            steps: vec![step],
        }),
    }
}

/// A step with its guarded statements; its rollback is still to be told.
pub(super) fn planned(
    task: &Task,
    before: Schema,
    options: &Options,
) -> Result<PlannedStep, PlanError> {
    let guarded = guarded(task, &before, options).map_err(|reason| PlanError::Guard {
        repair: task.repair.to_string(),
        step: task.step,
        what: task.words(),
        reason,
    })?;
    let cost = match &task.action {
        Action::Change(change) => cost(change, &before, options.version),
        Action::Fill { .. } | Action::Probe(_) => crate::postgres::Cost::default(),
    };
    Ok(PlannedStep {
        action: task.action.clone(),
        repair: std::sync::Arc::clone(&task.repair),
        repair_index: task.repair_index,
        words: task.words(),
        statements: guarded.statements,
        done: guarded.done,
        rollback: super::Rollback::Nothing,
        before,
        cost,
        joins: guarded.action,
    })
}

fn guarded(task: &Task, before: &Schema, options: &Options) -> Result<Guarded, GuardError> {
    match &task.action {
        Action::Change(change) => guard::guard(
            change,
            Situation {
                before,
                version: options.version,
                proves: task.proves.as_ref(),
            },
        ),
        Action::Fill {
            table,
            column,
            value,
        } => guard::fill(&in_form(table, before, options), column, value),
        Action::Probe(probe) => Ok(guard::probe(probe, &in_form(&probe.table, before, options))),
    }
}

fn in_form(table: &RelationName, before: &Schema, options: &Options) -> WrittenName {
    crate::repair::names::in_form(&WrittenName::from(table), before, options.names)
}

/// An index that the server would name is given that name: one without cannot be found again.
fn with_index_named(mut task: Task, before: &Schema) -> Task {
    let Action::Change(Change::CreateIndex(create)) = &mut task.action else {
        return task;
    };
    if create.name.is_none() {
        let mut after = before.clone();
        after.apply(&Change::CreateIndex(create.clone()));
        let table = before.resolve(&create.table);
        let made = after
            .indexes_of(&table)
            .find(|(name, index)| is_new(name, &index.definition, create, before))
            .map(|(name, _)| name.name);
        create.name = made;
    }
    task
}

fn is_new(
    name: &RelationName,
    definition: &IndexDefinition,
    create: &crate::schema::CreateIndex,
    before: &Schema,
) -> bool {
    *definition == create.definition && !before.index_named(name).is_found()
}
