use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Build, Change, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("blocking-index"),
    page: page!("blocking-index"),
    check: Check::Change(check),
};

fn check(moment: &Moment, _: &Context<'_>) -> Vec<Finding> {
    let Change::CreateIndex(create) = &moment.change else {
        return Vec::new();
    };
    if create.build == Build::Concurrently || !moment.happened() {
        return Vec::new();
    }
    let Some(table) = moment.table_in_use(&create.table) else {
        return Vec::new();
    };
    let name = match &create.name {
        Some(name) => format!("index `{name}`"),
        None => "an index".to_owned(),
    };
    let message =
        format!("building {name} makes every write to `{table}` wait until the index is finished");
    let help = if moment.is_django() {
        "set `atomic = False` in a migration of its own and build the index with \
         `AddIndexConcurrently`, or with `CREATE INDEX CONCURRENTLY` in RunSQL beside the state operation"
    } else {
        "write `CREATE INDEX CONCURRENTLY`, outside a transaction"
    };
    vec![
        Finding::at(moment.origin(), message)
            .about(ObjectName::Relation(table))
            .help(help),
    ]
}
