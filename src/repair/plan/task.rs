//! The steps of repairs one by one, in one form, each once.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::repair::names::normalised;
use crate::repair::words::describe;
use crate::repair::{Repair, Step};
use crate::schema::{Change, ColumnAction, Identifier, RelationName, Schema};
use crate::source::Origin;

use super::{Action, Options, PlanError};

/// A step of a repair that the database is to carry out.
#[derive(Debug, Clone)]
pub(in crate::repair) struct Task {
    pub action: Action,
    /// The title of its repair.
    pub repair: Arc<str>,
    /// Which of the repairs that were given.
    pub repair_index: usize,
    /// Which of the repair's steps, counted from 1.
    pub step: usize,
    /// The column whose SET NOT NULL it is only a proof for.
    pub proves: Option<Identifier>,
}

#[derive(Debug, Clone, Default)]
pub(in crate::repair) struct Tasks {
    /// One for each repair: its own order is kept.
    pub queues: Vec<VecDeque<Task>>,
    pub edits: Vec<(Origin, String)>,
}

/// What two repairs must not both decide.
#[derive(PartialEq, Eq)]
enum Aspect {
    Default,
    Nullability,
    Type,
    Identity,
}

pub(in crate::repair) fn of_repairs(
    repairs: &[&Repair],
    before: &Schema,
    options: &Options,
) -> Result<Tasks, PlanError> {
    let mut tasks = Tasks::default();
    for (repair_index, repair) in repairs.iter().enumerate() {
        let title: Arc<str> = repair.title.as_str().into();
        let mut queue = VecDeque::new();
        for (step, position) in repair.steps.iter().zip(1..) {
            if let Step::Edit { place, text } = step {
                let edit = (place.clone(), text.clone());
                if !tasks.edits.contains(&edit) {
                    tasks.edits.push(edit);
                }
            }
            let Some(action) = action_of(step, before, options) else {
                continue;
            };
            let task = Task {
                action,
                repair: Arc::clone(&title),
                repair_index,
                step: position,
                proves: None,
            };
            if !is_taken(&tasks.queues, &task, before)? {
                queue.push_back(task);
            }
        }
        mark_proofs(&mut queue);
        tasks.queues.push(queue);
    }
    Ok(tasks)
}

/// What the database is asked to do: nothing by an edit.
fn action_of(step: &Step, before: &Schema, options: &Options) -> Option<Action> {
    match step {
        Step::Run(change) => Some(Action::Change(normalised(change, before, options.names))),
        Step::Fill {
            table,
            column,
            value,
        } => Some(Action::Fill {
            table: table.clone(),
            column: column.clone(),
            value: value.clone(),
        }),
        Step::Probe(probe) => Some(Action::Probe(probe.clone())),
        Step::Record(record) => Some(Action::Record(record.clone())),
        Step::Edit { .. } => None,
    }
}

/// Whether an earlier repair has the same step.
fn is_taken(queues: &[VecDeque<Task>], task: &Task, before: &Schema) -> Result<bool, PlanError> {
    for other in queues.iter().flatten() {
        if other.action == task.action {
            return Ok(true);
        }
        if let (Some(one), Some(two)) = (
            decided(&other.action, before),
            decided(&task.action, before),
        ) && one == two
        {
            return Err(PlanError::Conflict {
                one: other.repair.to_string(),
                other: task.repair.to_string(),
                what: format!("{}.{}", one.0, one.1),
            });
        }
    }
    Ok(false)
}

fn decided(action: &Action, before: &Schema) -> Option<(RelationName, Identifier, Aspect)> {
    let Action::Change(Change::AlterColumn {
        table,
        column,
        action,
    }) = action
    else {
        return None;
    };
    let aspect = match action {
        ColumnAction::SetType { .. } => Aspect::Type,
        ColumnAction::SetNotNull | ColumnAction::DropNotNull => Aspect::Nullability,
        ColumnAction::SetDefault(_) | ColumnAction::DropDefault => Aspect::Default,
        ColumnAction::AddIdentity(_)
        | ColumnAction::SetIdentity(_)
        | ColumnAction::DropIdentity { .. } => Aspect::Identity,
        ColumnAction::DropExpression { .. }
        | ColumnAction::SetExpression(_)
        | ColumnAction::SetStorage(_) => return None,
    };
    Some((before.resolve(table), column.clone(), aspect))
}

/// A constraint that a repair adds before a SET NOT NULL and drops after it is only the proof that spares the scan.
fn mark_proofs(queue: &mut VecDeque<Task>) {
    let changes: Vec<Option<Change>> = queue.iter().map(|task| task.action.change()).collect();
    for (position, change) in changes.iter().enumerate() {
        let Some(Change::AddConstraint { table, constraint }) = change else {
            continue;
        };
        let later = || changes.iter().skip(position).flatten();
        let column = later().find_map(|change| match change {
            Change::AlterColumn {
                table: own,
                column,
                action: ColumnAction::SetNotNull,
            } if own == table && constraint.kind.columns() == [column] => Some(column.clone()),
            _ => None,
        });
        let own_name = |change: &Change| {
            constraint_of(change) == constraint.name.as_ref().map(|name| (table, name))
        };
        let dropped = later()
            .any(|change| matches!(change, Change::DropConstraint { .. }) && own_name(change));
        if let (Some(column), true) = (column, dropped) {
            for (task, change) in queue.iter_mut().zip(&changes).skip(position) {
                if change.as_ref().is_some_and(own_name) {
                    task.proves = Some(column.clone());
                }
            }
        }
    }
}

fn constraint_of(change: &Change) -> Option<(&crate::schema::WrittenName, &Identifier)> {
    match change {
        Change::AddConstraint { table, constraint } => Some((table, constraint.name.as_ref()?)),
        Change::ValidateConstraint { table, constraint }
        | Change::DropConstraint {
            table, constraint, ..
        } => Some((table, constraint)),
        _ => None,
    }
}

impl Task {
    pub(in crate::repair) fn words(&self) -> String {
        match &self.action {
            Action::Change(change) => describe(change),
            Action::Fill { table, column, .. } => format!("fill {table}.{column}"),
            Action::Probe(probe) => format!("count rows of {}", probe.table),
            Action::Record(record) => record.words(),
        }
    }
}
