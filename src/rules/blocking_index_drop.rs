use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Build, Change, Lookup, ObjectName, RelationName, WrittenName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("blocking-index-drop"),
    page: page!("blocking-index-drop"),
    check: Check::Change(check),
};

fn check(moment: &Moment, _: &Context<'_>) -> Vec<Finding> {
    let Change::DropIndex {
        drop,
        build: Build::Blocking,
    } = &moment.change
    else {
        return Vec::new();
    };
    if !moment.is_carried_out() {
        return Vec::new();
    }
    let index = moment.before.resolve(&drop.name);
    let Some(table) = table_in_use(moment, &index) else {
        return Vec::new();
    };
    let message = format!(
        "dropping index `{index}` makes every query on {table} wait until all that is running on it has ended"
    );
    let help = if moment.is_django() {
        "set `atomic = False` in a migration of its own and drop the index with `RemoveIndexConcurrently`, or with \
         `DROP INDEX CONCURRENTLY` in RunSQL beside the state operation"
    } else if moment.migration().is_some() {
        "write `DROP INDEX CONCURRENTLY`, alone in its string, in a migration with `atomic = False`"
    } else {
        "write `DROP INDEX CONCURRENTLY`, outside a transaction"
    };
    vec![
        Finding::at(moment.origin(), message)
            .about(ObjectName::Index(index))
            .help(help),
    ]
}

/// The table of an index that stood before, in words; of a database met half way it is not known.
fn table_in_use(moment: &Moment, index: &RelationName) -> Option<String> {
    if !moment.created_here.stood_before(index) {
        return None;
    }
    match moment.before.index_named(index) {
        Lookup::Found(found) => {
            let table = moment.table_in_use(&WrittenName::from(&found.table))?;
            Some(format!("`{table}`"))
        }
        Lookup::Unsure(_) => Some("its table".to_owned()),
        Lookup::Absent => None,
    }
}
