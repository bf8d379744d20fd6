//! The way back: what each step leaves undone again, the last first.

use std::sync::Arc;

use crate::repair::names::normalised;
use crate::schema::{
    Build, Change, ColumnAction, ConstraintKind, CreateIndex, Drop, DropBehavior, Identifier,
    IfExists, IfNotExists, IndexState, Outcome, RelationName, Schema, Supply, WrittenName, inverse,
};

use super::gone::belongs_to;
use super::schedule::{Moment, Scheduled, place_of, units};
use super::{Action, Options, PlanError, PlannedStep, Rollback, Task, Unit};

/// Units that take a plan back.
pub(super) struct Back {
    pub units: Vec<Unit>,
    /// What is not brought back, in sentences.
    pub kept: Vec<String>,
}

/// Tells each step what takes it back, and composes the way back.
pub(super) fn rollback(scheduled: &mut Scheduled, options: &Options) -> Result<Back, PlanError> {
    let mut so_far: Vec<Change> = Vec::new();
    for step in scheduled.units.iter_mut().flat_map(|unit| &mut unit.steps) {
        step.rollback = taken_back(step, &so_far);
        so_far.extend(step.action.change());
    }
    let mut back = Back {
        units: Vec::new(),
        kept: Vec::new(),
    };
    let mut moments = Vec::new();
    let mut now = scheduled.after.clone();
    let steps: Vec<&PlannedStep> = scheduled
        .units
        .iter()
        .flat_map(|unit| &unit.steps)
        .collect();
    for step in steps.into_iter().rev() {
        match &step.rollback {
            Rollback::Nothing => {}
            Rollback::Impossible(sentence) => back.kept.push(sentence.clone()),
            Rollback::Changes(changes) => {
                for change in changes {
                    let action = Action::Change(normalised(change, &now, options.names));
                    moments.push(moment(step, action, (&mut now, options)));
                }
            }
            Rollback::Record(record) => {
                let action = Action::Record(record.clone());
                moments.push(moment(step, action, (&mut now, options)));
            }
        }
    }
    back.kept.reverse();
    back.units = units(&moments, options)?;
    Ok(back)
}

fn moment(step: &PlannedStep, action: Action, (now, options): (&mut Schema, &Options)) -> Moment {
    let task = Task {
        action,
        repair: Arc::clone(&step.repair),
        repair_index: step.repair_index,
        step: 0,
        proves: None,
    };
    let place = place_of(&task.action, now, options);
    let before = now.clone();
    // What is not there any more was taken along by a step before; after a stop half way it may be there.
    if let Action::Change(change) = &task.action {
        now.apply(change);
    }
    Moment {
        task,
        before,
        place,
    }
}

/// What takes a step back, given the changes before it.
fn taken_back(step: &PlannedStep, earlier: &[Change]) -> Rollback {
    let change = match &step.action {
        Action::Change(change) => change,
        Action::Fill { table, column, .. } => {
            return Rollback::Impossible(format!(
                "The rows of {table} keep the values that {column} was given where it was NULL."
            ));
        }
        Action::Probe(_) => return Rollback::Nothing,
        Action::Record(record) => return Rollback::Record(record.inverse()),
    };
    let is_proof = step.proves.is_some() && matches!(change, Change::DropConstraint { .. });
    if is_proof || earlier.iter().any(|earlier| belongs_to(change, earlier)) {
        return Rollback::Nothing;
    }
    if let Some(direct) = direct(change, &step.before) {
        return direct;
    }
    let mut after = step.before.clone();
    after.apply(change);
    match inverse(change, &step.before) {
        Some(changes) if changes.is_empty() => Rollback::Nothing,
        Some(changes) => Rollback::Changes(softened(changes, after)),
        None => Rollback::Impossible(format!("It cannot be taken back: {}.", step.words)),
    }
}

/// The plain cases, in the words that a person would write.
fn direct(change: &Change, before: &Schema) -> Option<Rollback> {
    let one = |change: Change| Some(Rollback::Changes(vec![change]));
    match change {
        Change::CreateTable(create) => one(Change::DropTable(restricted(create.table.clone()))),
        Change::AddColumn { table, column, .. } => one(Change::DropColumn {
            table: table.clone(),
            column: column.name.clone(),
            if_exists: IfExists::No,
            behavior: DropBehavior::Restrict,
        }),
        Change::AlterColumn {
            table,
            column,
            action,
        } => of_column((table, column), action, before),
        // The key made its columns NOT NULL, too.
        Change::AddConstraint { constraint, .. }
            if matches!(constraint.kind, ConstraintKind::PrimaryKey(_)) =>
        {
            None
        }
        Change::AddConstraint { table, constraint } => one(Change::DropConstraint {
            table: table.clone(),
            constraint: constraint.name.clone()?,
            if_exists: IfExists::No,
            behavior: DropBehavior::Restrict,
        }),
        Change::CreateIndex(create) => one(Change::DropIndex {
            drop: restricted(WrittenName {
                schema: create.table.schema.clone(),
                name: create.name.clone()?,
            }),
            build: create.build,
        }),
        Change::DropIndex { drop, build } => {
            index_again(&before.resolve(&drop.name), *build, before)
        }
        _ => None,
    }
}

fn restricted(name: WrittenName) -> Drop {
    Drop {
        name,
        if_exists: IfExists::No,
        behavior: DropBehavior::Restrict,
    }
}

fn of_column(
    (table, column): (&WrittenName, &Identifier),
    action: &ColumnAction,
    before: &Schema,
) -> Option<Rollback> {
    let relation = before.resolve(table);
    let known = before.column(&relation, column).found()?;
    let back = match action {
        ColumnAction::SetDefault(_) | ColumnAction::DropDefault => match &known.supply {
            Supply::Default(previous) => ColumnAction::SetDefault(previous.clone()),
            Supply::Nothing => ColumnAction::DropDefault,
            Supply::Identity(_) | Supply::Generated(_) | Supply::Serial => return None,
        },
        ColumnAction::SetNotNull if known.is_not_null() => return Some(Rollback::Nothing),
        ColumnAction::SetNotNull => ColumnAction::DropNotNull,
        ColumnAction::DropNotNull if !known.is_not_null() => return Some(Rollback::Nothing),
        ColumnAction::DropNotNull => ColumnAction::SetNotNull,
        ColumnAction::SetType { .. }
        | ColumnAction::AddIdentity(_)
        | ColumnAction::SetIdentity(_)
        | ColumnAction::DropIdentity { .. }
        | ColumnAction::DropExpression { .. }
        | ColumnAction::SetExpression(_)
        | ColumnAction::SetStorage(_) => return None,
    };
    Some(Rollback::Changes(vec![Change::AlterColumn {
        table: table.clone(),
        column: column.clone(),
        action: back,
    }]))
}

fn index_again(name: &RelationName, build: Build, before: &Schema) -> Option<Rollback> {
    let known = before.index_named(name).found()?;
    if known.state == IndexState::Invalid {
        return Some(Rollback::Impossible(format!(
            "The INVALID index {name} is not brought back."
        )));
    }
    Some(Rollback::Changes(vec![Change::CreateIndex(CreateIndex {
        name: Some(name.name.clone()),
        table: WrittenName::from(&known.table),
        definition: known.definition.clone(),
        build,
        if_not_exists: IfNotExists::No,
    })]))
}

/// Without CASCADE where nothing stands on what is dropped: what somebody built on it since is a reason to stop.
fn softened(changes: Vec<Change>, mut now: Schema) -> Vec<Change> {
    changes
        .into_iter()
        .map(|change| {
            let mut restricted = change.clone();
            restrict(&mut restricted);
            let mut next = now.clone();
            let change = match next.apply(&restricted) {
                Outcome::Applied { .. } => restricted,
                Outcome::Skipped | Outcome::Rejected(_) | Outcome::Unsure(_) => change,
            };
            now.apply(&change);
            change
        })
        .collect()
}

fn restrict(change: &mut Change) {
    match change {
        Change::DropTable(drop)
        | Change::DropIndex { drop, .. }
        | Change::DropSequence(drop)
        | Change::DropView { drop, .. }
        | Change::DropType(drop) => drop.behavior = DropBehavior::Restrict,
        Change::DropColumn { behavior, .. }
        | Change::DropConstraint { behavior, .. }
        | Change::DropTrigger { behavior, .. }
        | Change::DropSchema { behavior, .. }
        | Change::DropExtension { behavior, .. } => *behavior = DropBehavior::Restrict,
        _ => {}
    }
}
