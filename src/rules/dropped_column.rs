use super::page;
use crate::history::Moment;
use crate::lint::{Check, Context, Deploy, Finding, Rule, RuleName};
use crate::schema::{Change, Identifier, ObjectName, Outcome, RelationName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("dropped-column"),
    page: page!("dropped-column"),
    checks: &[Check::Change(check)],
};

fn check(moment: &Moment, context: &Context<'_>) -> Vec<Finding> {
    let Change::DropColumn { table, column, .. } = &moment.change else {
        return Vec::new();
    };
    if context.deploy == Deploy::Downtime || !moment.is_carried_out() {
        return Vec::new();
    }
    let Some(table) = moment.table_in_use(table) else {
        return Vec::new();
    };
    if moment.created_here.has_column(&table, column)
        || !moment.running_code_uses(&table, Some(column))
    {
        return Vec::new();
    }
    let mut message = format!(
        "dropping `{table}.{column}` breaks the code that is still running: each of its queries that names the \
         column fails (SQLSTATE 42703)"
    );
    if let Some(along) = taken_along(moment, &table, column) {
        message = format!("{message}; it takes {along} along");
    }
    let help = if moment.is_django() {
        "remove the field from the state only (`SeparateDatabaseAndState`) and give its column a default or DROP NOT \
         NULL; drop the column in the release after"
    } else {
        "drop it in the release after the one whose code no longer names it"
    };
    vec![
        Finding::at(moment.origin(), message)
            .about(ObjectName::Column(table, column.clone()))
            .help(help),
    ]
}

/// What goes with the column and is not the column's alone: views, keys of other tables, indexes over other columns.
fn taken_along(moment: &Moment, table: &RelationName, column: &Identifier) -> Option<String> {
    let Outcome::Applied { dropped_too } = &moment.outcome else {
        return None;
    };
    let is_more = |object: &&ObjectName| match object {
        ObjectName::Relation(relation) => moment.before.view(&relation.into()).is_found(),
        ObjectName::Constraint(other, _) => other != table,
        ObjectName::Index(index) => moment
            .before
            .index_named(index)
            .found()
            .is_some_and(|index| index.definition.columns().any(|name| name != column)),
        ObjectName::Schema(_) | ObjectName::Column(..) | ObjectName::Type(_) => false,
    };
    let names: Vec<String> = dropped_too
        .iter()
        .filter(is_more)
        .map(|object| format!("`{object}`"))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}
