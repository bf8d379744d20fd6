use super::enumeration::Enumeration;
use super::page;
use crate::django::operation::Operation;
use crate::history::{Cause, Moment, Replayed, earlier_in_transaction};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::postgres::Blocked;
use crate::schema::{Build, Change, Identifier, ObjectName, Partitioning, RelationName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("blocking-index"),
    page: page!("blocking-index"),
    checks: &[Check::Replayed(check)],
};

fn check(replayed: &Replayed<'_>, _: &Context<'_>) -> Vec<Finding> {
    (0..replayed.moments.len())
        .filter_map(|position| finding(replayed.moments, position))
        .collect()
}

/// One finding for all indexes that one operation builds on a table, as `db_index` on a CharField builds two.
fn finding(moments: &[Moment], position: usize) -> Option<Finding> {
    let moment = moments.get(position)?;
    let (table, first) = built(moment)?;
    let is_of_operation = |other: &&Moment| {
        other.origin() == moment.origin() && built(other).is_some_and(|(other, _)| other == table)
    };
    if moments
        .iter()
        .take(position)
        .any(|earlier| is_of_operation(&earlier))
    {
        return None;
    }
    let later = moments.iter().skip(position).filter(is_of_operation);
    let names = later.filter_map(built).map(|(_, name)| name);
    let locked = earlier_in_transaction(moments, position)
        .find(|earlier| earlier.blocks(&table) == Blocked::Everything);
    let who = match locked {
        Some(_) => "query on",
        None => "write to",
    };
    let message = format!("every {who} `{table}` waits while {} built", indexes(names));
    let finding = Finding::at(moment.origin(), message)
        .help(help(moment, &table))
        .about(match first {
            Some(name) => ObjectName::Index(table.sibling(name.clone())),
            None => ObjectName::Relation(table),
        });
    Some(match locked {
        Some(earlier) if earlier.origin() != moment.origin() => finding.labelled(
            earlier.origin(),
            "the same transaction has locked the whole table here",
        ),
        Some(_) | None => finding,
    })
}

/// ``index `a` is``, ``indexes `a` and `b` are``.
fn indexes<'a>(names: impl Iterator<Item = Option<&'a Identifier>>) -> String {
    let names: Vec<Option<&Identifier>> = names.collect();
    let list = Enumeration::of_names(names.iter().flatten());
    let is = list.fitting("is", "are");
    match (names.as_slice(), list.is_empty()) {
        ([_], true) => "an index is".to_owned(),
        (_, true) => format!("{} indexes are", names.len()),
        (_, false) => format!("{} {list} {is}", list.fitting("index", "indexes")),
    }
}

/// The table in use on which a change builds an index while writes wait, and the index.
fn built(moment: &Moment) -> Option<(RelationName, Option<&Identifier>)> {
    let Change::CreateIndex(create) = &moment.change else {
        return None;
    };
    if create.build == Build::Concurrently || !moment.is_carried_out() {
        return None;
    }
    Some((moment.table_in_use(&create.table)?, create.name.as_ref()))
}

fn help(moment: &Moment, table: &RelationName) -> &'static str {
    let found = moment.before.table_named(table).found();
    if found.is_some_and(|found| matches!(found.partitioning, Partitioning::Partitioned(_))) {
        return "create the index `ON ONLY` the partitioned table, build it CONCURRENTLY on each partition, and \
                attach those with `ALTER INDEX ... ATTACH PARTITION`";
    }
    match &moment.cause {
        Cause::Django(operation) => match &operation.operation.operation {
            Operation::AddField { field, .. } | Operation::AlterField { field, .. }
                if field.db_index == Ok(true) && field.unique == Ok(false) =>
            {
                "give the field `db_index=False`, and build the index in a migration of its own with \
                 `atomic = False` and `AddIndexConcurrently`"
            }
            _ => {
                "set `atomic = False` in a migration of its own and build the index with `AddIndexConcurrently`, or \
                 with `CREATE INDEX CONCURRENTLY` in RunSQL beside the state operation"
            }
        },
        Cause::Sql { migration: Some(_) } => {
            "write `CREATE INDEX CONCURRENTLY`, alone in its string, in a migration with `atomic = False`"
        }
        Cause::Sql { migration: None } => {
            "write `CREATE INDEX CONCURRENTLY`, outside a transaction"
        }
    }
}
