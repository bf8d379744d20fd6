use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::page;
use crate::django::operation::Operation;
use crate::history::{Cause, Moment, Replayed, later_in_transaction};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::postgres::Blocked;
use crate::schema::{
    Change, ConstraintKind, ForeignKey, Identifier, ObjectName, RelationName, WrittenName,
};
use crate::source::Origin;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("foreign-key-parent"),
    page: page!("foreign-key-parent"),
    checks: &[Check::Replayed(check)],
};

/// A foreign key, by what it is and not by its name: a key that is dropped and added again is one.
type KeyOfChild = (RelationName, Vec<Identifier>);

fn check(replayed: &Replayed<'_>, _: &Context<'_>) -> Vec<Finding> {
    let mut worst: BTreeMap<KeyOfChild, Finding> = BTreeMap::new();
    let mut validated: BTreeSet<KeyOfChild> = BTreeSet::new();
    let run = Run::of(replayed.moments);
    for (position, moment) in replayed.moments.iter().enumerate() {
        for (child, columns, parent) in keys(moment) {
            // A parent that goes too has nobody waiting for it, and one that was there may go.
            let deployed = replayed.deployed.table_named(&parent);
            let was_there = moment.after.table_named(&parent).is_found();
            if deployed.is_absent() || (was_there && !deployed.is_found()) {
                continue;
            }
            if is_validated(moment) {
                validated.insert((child.clone(), columns.clone()));
            }
            let Some(finding) = finding(&run, position, (&child, &columns, &parent)) else {
                continue;
            };
            let known = worst.get(&(child.clone(), columns.clone()));
            if known.is_none_or(|known| known.level < finding.level) {
                worst.insert((child, columns), finding);
            }
        }
    }
    worst.retain(|key, _| !validated.contains(key));
    worst.into_values().collect()
}

/// A key that reads its own table is for `validating-constraint`, which names the parent too; so is one of which it is
/// not certain, as it may be said there.
fn is_validated(moment: &Moment) -> bool {
    let is_new = |table: &RelationName| moment.created_here.has_relation(table);
    let may_read = || match moment.certain_cost() {
        Some(cost) => cost.scans.iter().any(|table| !is_new(table)),
        None => true,
    };
    matches!(moment.change, Change::AddConstraint { .. }) && may_read()
}

/// The moments of a migration or script, with the table that each works through: every key asks it of all that follow.
struct Run<'a> {
    moments: &'a [Moment],
    through: Vec<OnceCell<Option<RelationName>>>,
}

impl<'a> Run<'a> {
    fn of(moments: &'a [Moment]) -> Self {
        Self {
            moments,
            through: moments.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// The first later change of the same transaction that works through a table, and the table.
    fn long_after(&self, position: usize) -> Option<(Origin, &RelationName)> {
        let through = self.through.iter().skip(position + 1);
        later_in_transaction(self.moments, position)
            .zip(through)
            .find_map(|(later, through)| {
                let table = through.get_or_init(|| later.works_through()).as_ref()?;
                Some((later.origin(), table))
            })
    }
}

fn finding(
    run: &Run<'_>,
    position: usize,
    (child, columns, parent): (&RelationName, &[Identifier], &RelationName),
) -> Option<Finding> {
    let moment = run.moments.get(position)?;
    let parent = moment.table_in_use(&WrittenName::from(parent))?;
    let (who, does) = match moment.blocks(&parent) {
        Blocked::Nothing => return None,
        Blocked::Writes => ("write to", "adding"),
        Blocked::Everything => ("query on", "dropping"),
    };
    if parent == *child {
        return None;
    }
    let list: Vec<&str> = columns.iter().map(Identifier::as_str).collect();
    let waits = format!(
        "{does} the foreign key `{child}.{}` makes every {who} `{parent}` wait",
        list.join(", ")
    );
    let finding = match run.long_after(position) {
        Some((origin, table)) => held(moment, &waits, (origin, table)),
        None => brief(moment, &waits, &parent),
    };
    Some(finding.about(ObjectName::Column(child.clone(), columns.first()?.clone())))
}

fn brief(moment: &Moment, waits: &str, parent: &RelationName) -> Finding {
    let help = format!(
        "keep the migration short, and set a `lock_timeout`: while it waits for `{parent}`, others queue behind it"
    );
    Finding::at(
        moment.origin(),
        format!("{waits} until its transaction ends"),
    )
    .at_level(Level::Note)
    .help(help)
}

/// The lock is held while a later change of the transaction goes through a table.
fn held(moment: &Moment, waits: &str, (origin, table): (Origin, &RelationName)) -> Finding {
    let message = format!("{waits} while the same transaction goes through the whole of `{table}`");
    let finding = Finding::at(moment.origin(), message)
        .at_level(Level::Warning)
        .help(help(moment));
    if origin == moment.origin() {
        return finding;
    }
    finding.labelled(
        origin,
        format!("the whole of `{table}` is gone through here"),
    )
}

fn help(moment: &Moment) -> &'static str {
    if let Cause::Django(operation) = &moment.cause
        && let Operation::AddField { field, .. } = &operation.operation.operation
        && field.db_index == Ok(true)
        && field.unique == Ok(false)
    {
        return "give the field `db_index=False`, and build the index in a migration of its own with `atomic = False` \
                and `AddIndexConcurrently`";
    }
    "let nothing long follow in the transaction: move what goes through the table to one of its own"
}

/// The foreign keys that a change adds or drops: child, its columns, parent.
fn keys(moment: &Moment) -> Vec<(RelationName, Vec<Identifier>, RelationName)> {
    let before = &moment.before;
    let written = |child: RelationName, key: &ForeignKey<WrittenName>| {
        (child, key.columns.clone(), before.resolve(&key.references))
    };
    match &moment.change {
        Change::AddConstraint { table, constraint } => match &constraint.kind {
            ConstraintKind::ForeignKey(key) => vec![written(before.resolve(table), key)],
            _ => Vec::new(),
        },
        Change::CreateTable(create) => create
            .constraints
            .iter()
            .filter_map(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) => Some(key),
                _ => None,
            })
            .map(|key| written(before.resolve_new(&create.table), key))
            .collect(),
        Change::DropConstraint {
            table, constraint, ..
        } => dropped(moment, &before.resolve(table), Some(constraint)),
        Change::DropTable(drop) => dropped(moment, &before.resolve(&drop.name), None),
        _ => Vec::new(),
    }
}

fn dropped(
    moment: &Moment,
    child: &RelationName,
    only: Option<&Identifier>,
) -> Vec<(RelationName, Vec<Identifier>, RelationName)> {
    let Some(table) = moment.before.table_named(child).found() else {
        return Vec::new();
    };
    table
        .foreign_keys()
        .filter(|(name, _)| only.is_none_or(|only| only == *name))
        .map(|(_, key)| (child.clone(), key.columns.clone(), key.references.clone()))
        .collect()
}
