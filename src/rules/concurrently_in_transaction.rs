use super::page;
use crate::history::{Cause, Moment, TransactionContext};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::postgres::TransactionBlock;
use crate::schema::{Change, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("concurrently-in-transaction"),
    page: page!("concurrently-in-transaction"),
    checks: &[Check::Change(check)],
};

/// The server refuses before it looks at the index: it does not matter whether the change could be carried out.
fn check(moment: &Moment, _: &Context<'_>) -> Vec<Finding> {
    if moment.cost.transaction != TransactionBlock::Refused {
        return Vec::new();
    }
    let what = words(moment);
    let (message, help) = match (moment.transaction, &moment.cause) {
        (TransactionContext::Own | TransactionContext::Unknown, _) => return Vec::new(),
        (TransactionContext::Block, Cause::Django(operation)) => (
            format!(
                "`{}` stands in an atomic migration: Django refuses to run it (NotSupportedError)",
                operation.operation.class
            ),
            "set `atomic = False` on the migration, and move what must be atomic to another one",
        ),
        (TransactionContext::Block, Cause::Sql { migration: Some(_) }) => (
            format!(
                "{what} runs in the transaction of an atomic migration: PostgreSQL refuses it (SQLSTATE 25001)"
            ),
            "set `atomic = False` on the migration, and move what must be atomic to another one",
        ),
        (TransactionContext::Block, Cause::Sql { migration: None }) => (
            format!("{what} stands in a transaction block: PostgreSQL refuses it (SQLSTATE 25001)"),
            "move it out of BEGIN and COMMIT",
        ),
        (TransactionContext::OneString, _) => (
            format!(
                "{what} is sent in one string with other statements, which PostgreSQL runs as one transaction: \
                 it refuses, `atomic = False` or not (SQLSTATE 25001)"
            ),
            "give RunSQL a list with one statement in each string, in a migration with `atomic = False`",
        ),
    };
    let finding = Finding::at(moment.origin(), message).help(help);
    vec![match index(moment) {
        Some(index) => finding.about(index),
        None => finding,
    }]
}

fn words(moment: &Moment) -> &'static str {
    match &moment.change {
        Change::CreateIndex(_) => "`CREATE INDEX CONCURRENTLY`",
        Change::DropIndex { .. } => "`DROP INDEX CONCURRENTLY`",
        _ => "a statement that takes care of its own transactions",
    }
}

fn index(moment: &Moment) -> Option<ObjectName> {
    match &moment.change {
        Change::CreateIndex(create) => {
            let table = moment.before.resolve(&create.table);
            Some(ObjectName::Index(table.sibling(create.name.clone()?)))
        }
        Change::DropIndex { drop, .. } => {
            Some(ObjectName::Index(moment.before.resolve(&drop.name)))
        }
        _ => None,
    }
}
