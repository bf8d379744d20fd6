use super::enumeration::Enumeration;
use super::page;
use crate::django::operation::Operation;
use crate::history::{Cause, Moment, Replayed, earlier_in_transaction};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::postgres::Blocked;
use crate::schema::{Change, ConstraintDefinition, ConstraintKind, ObjectName, RelationName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("validating-constraint"),
    page: page!("validating-constraint"),
    checks: &[Check::Replayed(check)],
};

fn check(replayed: &Replayed<'_>, _: &Context<'_>) -> Vec<Finding> {
    let moments = replayed.moments;
    let findings = moments.iter().enumerate().filter_map(|(position, moment)| {
        added(moment, moments, position).or_else(|| validated(moment, moments, position))
    });
    findings.collect()
}

/// A constraint that is checked against every row while it is added.
fn added(moment: &Moment, moments: &[Moment], position: usize) -> Option<Finding> {
    let (Change::AddConstraint { table, .. } | Change::AddConstraintUsingIndex { table, .. }) =
        &moment.change
    else {
        return None;
    };
    let table = moment.table_in_use(table)?;
    let cost = moment.certain_cost()?;
    let scans = cost.scans.contains(&table);
    if !scans && cost.index_builds.is_empty() {
        return None;
    }
    let message = match &moment.change {
        Change::AddConstraint { constraint, .. } => {
            let held = earlier_in_transaction(moments, position).collect::<Vec<_>>();
            let work = work(moment, &table, constraint, &held);
            format!("adding {} {work}", words(&table, constraint))
        }
        _ => format!(
            "adding the primary key of `{table}` {}",
            reads(&table, "query on it")
        ),
    };
    Some(
        Finding::at(moment.origin(), message)
            .about(object(table, moment))
            .help(help(moment)),
    )
}

/// What the server does and who waits, given what its transaction has locked before.
fn work(
    moment: &Moment,
    table: &RelationName,
    constraint: &ConstraintDefinition,
    held: &[&Moment],
) -> String {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => {
            let is_shut = |relation: &RelationName| {
                held.iter()
                    .any(|earlier| earlier.blocks(relation) == Blocked::Everything)
            };
            let parent = moment.table_in_use(&key.references);
            let who = match parent.filter(|parent| parent != table) {
                Some(parent) => match (is_shut(table), is_shut(&parent)) {
                    (false, false) => format!("write to it and to `{parent}`"),
                    (true, true) => format!("query on it and on `{parent}`"),
                    (true, false) => format!("query on it and every write to `{parent}`"),
                    (false, true) => format!("write to it and every query on `{parent}`"),
                },
                None if is_shut(table) => "query on it".to_owned(),
                None => "write to it".to_owned(),
            };
            reads(table, &who)
        }
        ConstraintKind::Check(_) => reads(table, "query on it"),
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Exclusion(_) => {
            format!("builds its index while every query on `{table}` waits")
        }
    }
}

fn reads(table: &RelationName, who: &str) -> String {
    format!("reads every row of `{table}` while every {who} waits")
}

/// ``the CHECK constraint `c` ``; one without a name by its columns.
fn words(table: &RelationName, constraint: &ConstraintDefinition) -> String {
    let term = constraint.kind.term();
    if let Some(name) = constraint.known_name() {
        return format!("the {term} `{name}`");
    }
    let columns = constraint.kind.columns().into_iter();
    let columns = Enumeration::of_names(columns.map(|name| format!("{table}.{name}")));
    format!("the {term} of {columns}")
}

fn object(table: RelationName, moment: &Moment) -> ObjectName {
    let (name, columns) = match &moment.change {
        Change::AddConstraint { constraint, .. } => {
            (constraint.known_name(), constraint.kind.columns())
        }
        Change::AddConstraintUsingIndex { name, .. } => (name.as_ref(), Vec::new()),
        _ => (None, Vec::new()),
    };
    match (name, columns.as_slice()) {
        (Some(name), _) => ObjectName::Constraint(table, name.clone()),
        (None, [column]) => ObjectName::Column(table, (*column).clone()),
        (None, _) => ObjectName::Relation(table),
    }
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
        Blocked::Everything => "query on it",
        Blocked::Writes | Blocked::Nothing => "write to it",
    };
    let message = format!(
        "validating `{constraint}` {}: the same transaction has locked the table",
        reads(&table, who)
    );
    let apart = if moment.migration().is_some() {
        "move the validation to a migration of its own"
    } else {
        "end the transaction before the validation"
    };
    Some(
        Finding::at(moment.origin(), message)
            .about(ObjectName::Constraint(table, constraint.clone()))
            .labelled(earlier.origin(), "locked here, and held")
            .help(apart),
    )
}

fn help(moment: &Moment) -> &'static str {
    let kind = match &moment.change {
        Change::AddConstraint { constraint, .. } => &constraint.kind,
        // A primary key over an index that is there reads the table for NULL in its columns alone.
        _ => {
            return "make the columns NOT NULL first, in the safe steps that `set-not-null` names";
        }
    };
    if let (ConstraintKind::ForeignKey(_), Some(help)) = (kind, kept_key(moment)) {
        return help;
    }
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

/// How to keep Django from adding a foreign key again that is there.
fn kept_key(moment: &Moment) -> Option<&'static str> {
    let Cause::Django(operation) = &moment.cause else {
        return None;
    };
    match operation.operation.operation {
        Operation::AlterField { .. } => Some(
            "Django drops the key and adds it again: run the one statement that is meant, such as DROP NOT NULL, in \
             RunSQL, with the operation beside it in `state_operations`",
        ),
        Operation::RenameModel { .. } => Some(
            "keep the table under its name, with `db_table` in the model's Meta: then its foreign keys stay",
        ),
        _ => None,
    }
}
