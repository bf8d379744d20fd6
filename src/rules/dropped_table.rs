use super::enumeration::Enumeration;
use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Deploy, Finding, Rule, RuleName};
use crate::schema::{Change, ObjectName, Outcome, RelationName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("dropped-table"),
    page: page!("dropped-table"),
    checks: &[Check::Change(check)],
};

fn check(moment: &Moment, context: &Context<'_>) -> Vec<Finding> {
    let Change::DropTable(drop) = &moment.change else {
        return Vec::new();
    };
    if context.deploy == Deploy::Downtime || !moment.is_carried_out() {
        return Vec::new();
    }
    let Some(table) = moment.table_in_use(&drop.name) else {
        return Vec::new();
    };
    if !moment.running_code_uses(&table, None) {
        return Vec::new();
    }
    let mut message = format!(
        "dropping `{table}` breaks the code that is still running: each of its queries on the table fails (SQLSTATE 42P01)"
    );
    let along = Enumeration::of_names(taken_along(moment, &table));
    if !along.is_empty() {
        message = format!("{message}; it takes {along} along");
    }
    let help = if moment.is_django() {
        "remove it from the state only (`SeparateDatabaseAndState`), with its foreign keys dropped; drop the table in \
         the release after"
    } else {
        "drop it in the release after the one whose code no longer names it"
    };
    vec![
        Finding::at(moment.origin(), message)
            .about(ObjectName::Relation(table))
            .help(help),
    ]
}

/// Views, and foreign keys of other tables: the table's own parts go without saying.
fn taken_along<'a>(moment: &'a Moment, table: &RelationName) -> Vec<&'a ObjectName> {
    let Outcome::Applied { dropped_too } = &moment.outcome else {
        return Vec::new();
    };
    let is_more = |object: &&ObjectName| match object {
        ObjectName::Relation(relation) => moment.before.view(&relation.into()).is_found(),
        ObjectName::Constraint(other, _) => other != table,
        ObjectName::Schema(_)
        | ObjectName::Column(..)
        | ObjectName::Index(_)
        | ObjectName::Type(_) => false,
    };
    dropped_too.iter().filter(is_more).collect()
}
