use super::page;
use crate::django::operation::Operation;
use crate::history::{Cause, Moment, Replayed};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Build, Change, Lookup, ObjectName, RelationName, WrittenName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("blocking-index-drop"),
    page: page!("blocking-index-drop"),
    checks: &[Check::Replayed(check)],
};

fn check(replayed: &Replayed<'_>, _: &Context<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for moment in replayed.moments {
        let Some((index, table)) = dropped(moment) else {
            continue;
        };
        let message = format!(
            "dropping index `{index}` waits for all that runs on {table}, and every new query on it waits behind"
        );
        let finding = Finding::at(moment.origin(), message)
            .about(ObjectName::Index(index))
            .help(help(moment));
        // An operation that drops an index and its sibling for LIKE waits once.
        if findings.iter().all(|known| known.place != finding.place) {
            findings.push(finding);
        }
    }
    findings
}

/// The index that a change drops while its table waits, and that table in words.
fn dropped(moment: &Moment) -> Option<(RelationName, String)> {
    let Change::DropIndex {
        drop,
        build: Build::Blocking,
    } = &moment.change
    else {
        return None;
    };
    let index = moment.before.resolve(&drop.name);
    if !moment.is_carried_out() || !moment.created_here.stood_before(&index) {
        return None;
    }
    let table = match moment.before.index_named(&index) {
        Lookup::Found(found) => {
            let table = moment.table_in_use(&WrittenName::from(&found.table))?;
            format!("`{table}`")
        }
        // Of a database that is met half way.
        Lookup::Unsure(_) => "its table".to_owned(),
        Lookup::Absent => return None,
    };
    Some((index, table))
}

fn help(moment: &Moment) -> &'static str {
    match &moment.cause {
        Cause::Django(operation) => match &operation.operation.operation {
            Operation::RemoveIndex { .. } => {
                "set `atomic = False` in a migration of its own and drop the index with `RemoveIndexConcurrently`"
            }
            _ => {
                "in a migration before this one, with `atomic = False`, drop it by `DROP INDEX CONCURRENTLY IF EXISTS` \
                 in RunSQL: then Django finds nothing to drop"
            }
        },
        Cause::Sql { migration: Some(_) } => {
            "write `DROP INDEX CONCURRENTLY`, alone in its string, in a migration with `atomic = False`"
        }
        Cause::Sql { migration: None } => "write `DROP INDEX CONCURRENTLY`, outside a transaction",
    }
}
