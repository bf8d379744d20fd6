//! The order of steps: each repair's own, and among repairs the one that makes the fewest units.

use std::collections::VecDeque;

use crate::postgres::{Cost, TransactionBlock, cost};
use crate::repair::guard::{self, GuardError, Guarded, Situation};
use crate::schema::{
    Change, IndexDefinition, Outcome, Rejection, RelationName, Schema, WrittenName,
};

use super::gone::takes_away;
use super::{Action, Options, PlanError, PlannedStep, Rollback, Task, Unit, UnitKind};

/// Units in order, and the schema when they have run.
pub(super) struct Scheduled {
    pub units: Vec<Unit>,
    pub after: Schema,
}

/// A task at its moment.
pub(super) struct Moment {
    pub task: Task,
    pub before: Schema,
    pub place: Place,
}

/// What steps must share to stand in one unit; the order is that in which units are opened.
pub(super) type Place = (UnitKind, Option<RelationName>);

pub(super) fn schedule(
    mut queues: Vec<VecDeque<Task>>,
    before: &Schema,
    options: &Options,
) -> Result<Scheduled, PlanError> {
    let mut moments: Vec<Moment> = Vec::new();
    let mut now = before.clone();
    while queues.iter().any(|queue| !queue.is_empty()) {
        let open = moments.last().map(|moment| &moment.place);
        let (index, place) = next(&queues, &now, open, options)?;
        let Some(task) = queues.get_mut(index).and_then(VecDeque::pop_front) else {
            continue;
        };
        let task = with_index_named(task, &now);
        let before = now.clone();
        let skipped = match &task.action {
            Action::Change(change) => now.apply(change) == Outcome::Skipped,
            Action::Fill { .. } | Action::Probe(_) | Action::Record(_) => false,
        };
        if !skipped {
            moments.push(Moment {
                task,
                before,
                place,
            });
        }
    }
    Ok(Scheduled {
        units: units(&moments, options)?,
        after: now,
    })
}

/// The units of tasks that are in their order.
pub(super) fn units(moments: &[Moment], options: &Options) -> Result<Vec<Unit>, PlanError> {
    let mut units: Vec<Unit> = Vec::new();
    for (position, moment) in moments.iter().enumerate() {
        let later = moments.get(position + 1..).unwrap_or_default();
        let goes = later
            .iter()
            .any(|later| match (&moment.task.action, &later.task.action) {
                (Action::Change(one), Action::Change(other)) => takes_away(other, one),
                _ => false,
            });
        let step = planned(moment, goes, options)?;
        let place = &moment.place;
        match units.last_mut() {
            Some(unit) if unit.kind == place.0 && unit.relation == place.1 => {
                unit.steps.push(step);
            }
            _ => units.push(Unit {
                kind: place.0,
                relation: place.1.clone(),
                steps: vec![step],
            }),
        }
    }
    Ok(units)
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
            rejection: Box::new(rejection),
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
        Action::Record(record) => (UnitKind::Transaction, Some(record.table.clone())),
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
        Change::RenameTable { table, .. } | Change::SetTableSchema { table, .. } => {
            Some(now.resolve(table))
        }
        Change::DropTable(drop) | Change::DropSequence(drop) | Change::DropView { drop, .. } => {
            Some(now.resolve(&drop.name))
        }
        Change::DropIndex { drop, .. } => Some(of_index(&drop.name)),
        Change::RenameIndex { index, .. } => Some(of_index(index)),
        Change::CreateView { view, .. } => Some(now.resolve_new(view)),
        Change::CreateSequence { sequence, .. }
        | Change::AlterSequence { sequence, .. }
        | Change::RenameSequence { sequence, .. } => Some(now.resolve(sequence)),
        other => other.altered_table().map(|table| now.resolve(table)),
    }
}

/// A step with its guarded statements; its rollback is still to be told.
fn planned(moment: &Moment, goes: bool, options: &Options) -> Result<PlannedStep, PlanError> {
    let Moment { task, before, .. } = moment;
    let guarded = guarded(moment, goes, options).map_err(|reason| PlanError::Guard {
        repair: task.repair.to_string(),
        step: task.step,
        what: task.words(),
        reason,
    })?;
    let cost = match &task.action {
        Action::Change(change) => cost(change, before, options.version),
        Action::Fill { .. } | Action::Probe(_) | Action::Record(_) => Cost::default(),
    };
    Ok(PlannedStep {
        action: task.action.clone(),
        repair: std::sync::Arc::clone(&task.repair),
        repair_index: task.repair_index,
        words: task.words(),
        statements: guarded.statements,
        done: guarded.done,
        rollback: Rollback::Nothing,
        before: before.clone(),
        cost,
        joins: guarded.action,
        proves: task.proves.clone(),
    })
}

fn guarded(moment: &Moment, goes: bool, options: &Options) -> Result<Guarded, GuardError> {
    let Moment { task, before, .. } = moment;
    match &task.action {
        Action::Change(change) => guard::guard(
            change,
            Situation {
                before,
                version: options.version,
                proves: task.proves.as_ref(),
                goes,
            },
        ),
        Action::Fill {
            table,
            column,
            value,
        } => guard::fill(&in_form(table, before, options), column, value),
        Action::Probe(probe) => Ok(guard::probe(probe, &in_form(&probe.table, before, options))),
        Action::Record(record) => Ok(guard::record(
            record,
            &in_form(&record.table, before, options),
        )),
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
