use super::page;
use crate::history::{Moment, Replayed, earlier_in_transaction};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::postgres::Blocked;
use crate::schema::{
    Change, ConstraintKind, Identifier, KeyKind, ObjectName, RelationName, WrittenName,
};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("validating-constraint"),
    page: page!("validating-constraint"),
    check: Check::Replayed(check),
};

fn check(replayed: &Replayed<'_>, _: &Context<'_>) -> Vec<Finding> {
    let moments = replayed.moments;
    let findings = moments.iter().enumerate().filter_map(|(position, moment)| {
        added(moment).or_else(|| validated(moment, moments, position))
    });
    findings.collect()
}

/// A constraint that is checked against every row while it is added.
fn added(moment: &Moment) -> Option<Finding> {
    let (table, name) = match &moment.change {
        Change::AddConstraint { table, constraint } => (table, constraint.name.as_ref()),
        Change::AddConstraintUsingIndex { table, name, .. } => (table, name.as_ref()),
        _ => return None,
    };
    let table = moment.table_in_use(table)?;
    let cost = moment.certain_cost()?;
    let scans = cost.scans.contains(&table);
    if !scans && cost.index_builds.is_empty() {
        return None;
    }
    let (term, work, who) = match &moment.change {
        Change::AddConstraint { constraint, .. } => match &constraint.kind {
            ConstraintKind::ForeignKey(key) => (
                constraint.kind.term(),
                reads(&table),
                format!("write to {}", both(moment, &table, &key.references)),
            ),
            ConstraintKind::Check(_) => (
                constraint.kind.term(),
                reads(&table),
                format!("query on `{table}`"),
            ),
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Exclusion(_) => (
                constraint.kind.term(),
                "builds its index".to_owned(),
                format!("query on `{table}`"),
            ),
        },
        _ => ("primary key", reads(&table), format!("query on `{table}`")),
    };
    let message = format!(
        "adding {term} {}{work} while every {who} waits",
        quoted(name)
    );
    let object = match name {
        Some(name) => ObjectName::Constraint(table, name.clone()),
        None => ObjectName::Relation(table),
    };
    Some(
        Finding::at(moment.origin(), message)
            .about(object)
            .help(help(moment)),
    )
}

/// A validation that runs while its transaction holds a stronger lock than validating itself takes.
fn validated(moment: &Moment, moments: &[Moment], position: usize) -> Option<Finding> {
    let Change::ValidateConstraint { table, constraint } = &moment.change else {
        return None;
    };
    let table = moment.table_in_use(table)?;
    if !moment.certain_cost()?.scans.contains(&table) {
        return None;
    }
    let mut held = earlier_in_transaction(moments, position);
    let earlier = held.find(|earlier| earlier.blocks(&table) != Blocked::Nothing)?;
    let who = match earlier.blocks(&table) {
        Blocked::Everything => "query on",
        Blocked::Writes | Blocked::Nothing => "write to",
    };
    let message = format!(
        "validating `{constraint}` in the transaction that has locked `{table}` {} while every {who} `{table}` waits",
        reads(&table)
    );
    let help = if moment.migration().is_some() {
        "move the validation to a migration of its own"
    } else {
        "end the transaction before the validation"
    };
    Some(
        Finding::at(moment.origin(), message)
            .about(ObjectName::Constraint(table, constraint.clone()))
            .labelled(earlier.origin(), "locked here, and held")
            .help(help),
    )
}

fn reads(table: &RelationName) -> String {
    format!("reads every row of `{table}`")
}

fn quoted(name: Option<&Identifier>) -> String {
    name.map_or(String::new(), |name| format!("`{name}` "))
}

/// The tables that a foreign key locks, as far as they are in use.
fn both(moment: &Moment, child: &RelationName, parent: &WrittenName) -> String {
    match moment.table_in_use(parent) {
        Some(parent) if parent != *child => format!("`{child}` and `{parent}`"),
        Some(_) | None => format!("`{child}`"),
    }
}

fn help(moment: &Moment) -> &'static str {
    let kind = match &moment.change {
        Change::AddConstraint { constraint, .. } => &constraint.kind,
        Change::AddConstraintUsingIndex {
            key: KeyKind::PrimaryKey | KeyKind::Unique,
            ..
        }
        | _ => {
            return "make the columns NOT NULL first, in the safe steps that `set-not-null` names";
        }
    };
    match (kind, moment.is_django(), moment.migration().is_some()) {
        (ConstraintKind::Check(_), true, _) => {
            "add it with `AddConstraintNotValid`, and `ValidateConstraint` in a later migration; a CHECK that comes \
             with a new field needs RunSQL that adds the column without it, beside the state operation"
        }
        (ConstraintKind::ForeignKey(_), true, _) => {
            "in RunSQL beside the state operation, add it `NOT VALID`, and `VALIDATE CONSTRAINT` in a later migration"
        }
        (ConstraintKind::Check(_) | ConstraintKind::ForeignKey(_), false, true) => {
            "add it `NOT VALID`, and `VALIDATE CONSTRAINT` in a later migration"
        }
        (ConstraintKind::Check(_) | ConstraintKind::ForeignKey(_), false, false) => {
            "add it `NOT VALID`, and `VALIDATE CONSTRAINT` in a later transaction"
        }
        (ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_), true, _) => {
            "in a migration with `atomic = False`, `CREATE UNIQUE INDEX CONCURRENTLY` and then `ADD CONSTRAINT ... \
             USING INDEX`, in RunSQL beside the state operation"
        }
        (ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_), false, _) => {
            "outside a transaction, `CREATE UNIQUE INDEX CONCURRENTLY`; then `ADD CONSTRAINT ... USING INDEX`"
        }
        (ConstraintKind::Exclusion(_), _, _) => {
            "add it when little else runs, with a `lock_timeout`: its index cannot be built CONCURRENTLY"
        }
    }
}
