use super::page;
use crate::django::operation::Operation;
use crate::history::{Cause, Moment, Replayed, earlier_in_transaction};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::postgres::Blocked;
use crate::schema::{Build, Change, ObjectName, Partitioning, RelationName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("blocking-index"),
    page: page!("blocking-index"),
    check: Check::Replayed(check),
};

fn check(replayed: &Replayed<'_>, _: &Context<'_>) -> Vec<Finding> {
    (0..replayed.moments.len())
        .filter_map(|position| finding(replayed.moments, position))
        .collect()
}

fn finding(moments: &[Moment], position: usize) -> Option<Finding> {
    let moment = moments.get(position)?;
    let Change::CreateIndex(create) = &moment.change else {
        return None;
    };
    if create.build == Build::Concurrently || !moment.happened() {
        return None;
    }
    let table = moment.table_in_use(&create.table)?;
    let name = match &create.name {
        Some(name) => format!("index `{name}`"),
        None => "an index".to_owned(),
    };
    let locked = earlier_in_transaction(moments, position)
        .find(|earlier| earlier.blocks(&table) == Blocked::Everything);
    let who = if locked.is_some() {
        "query on"
    } else {
        "write to"
    };
    let message =
        format!("building {name} makes every {who} `{table}` wait until the index is finished");
    let help = help(moment, &table);
    let finding = Finding::at(moment.origin(), message)
        .about(ObjectName::Relation(table))
        .help(help);
    Some(match locked {
        Some(earlier) if earlier.origin() != moment.origin() => finding.labelled(
            earlier.origin(),
            "the same transaction has locked the whole table here",
        ),
        Some(_) | None => finding,
    })
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
