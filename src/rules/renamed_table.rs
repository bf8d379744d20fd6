use super::page;
use crate::django::operation::Operation;
use crate::django::project_state::ModelKey;
use crate::history::{Cause, Moment, OperationMoment, Replayed};
use crate::lint::{Check, Context, Deploy, Finding, Rule, RuleName};
use crate::schema::{Change, ObjectName, RelationName, WrittenName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("renamed-table"),
    page: page!("renamed-table"),
    checks: &[Check::Replayed(check)],
};

fn check(replayed: &Replayed<'_>, context: &Context<'_>) -> Vec<Finding> {
    if context.deploy == Deploy::Downtime {
        return Vec::new();
    }
    replayed
        .moments
        .iter()
        .filter_map(|moment| finding(moment, replayed))
        .collect()
}

fn finding(moment: &Moment, replayed: &Replayed<'_>) -> Option<Finding> {
    let Change::RenameTable { table, to, .. } = &moment.change else {
        return None;
    };
    if !moment.is_carried_out() {
        return None;
    }
    let table = moment.table_in_use(table)?;
    // A view of the old name, made in the same deployment, keeps the old queries going.
    if !moment.running_code_uses(&table, None)
        || replayed
            .deployed
            .view(&WrittenName::from(&table))
            .is_found()
    {
        return None;
    }
    let message = format!(
        "renaming `{table}` to `{to}` breaks the code that is still running: each of its queries on `{table}` fails \
         (SQLSTATE 42P01)"
    );
    Some(
        Finding::at(moment.origin(), message)
            .help(help(moment, &table))
            .about(ObjectName::Relation(table)),
    )
}

fn help(moment: &Moment, table: &RelationName) -> String {
    let Cause::Django(operation) = &moment.cause else {
        return format!(
            "keep the name; else leave a view called `{table}` behind, in the same transaction"
        );
    };
    let name = &table.name;
    if is_of_its_model(operation, table) {
        format!("keep the table under its name: `db_table = \"{name}\"` in the model's Meta")
    } else {
        format!("keep the table under its name: `db_table=\"{name}\"` on the many-to-many field")
    }
}

/// Whether it is the table of the model that the operation names, and not one of its many-to-many fields.
fn is_of_its_model(moment: &OperationMoment, table: &RelationName) -> bool {
    let (Operation::RenameModel { old_name: name, .. } | Operation::AlterModelTable { name, .. }) =
        &moment.operation.operation
    else {
        return false;
    };
    let own = moment
        .before
        .table_name(&ModelKey::new(&moment.migration.app_label, name));
    own.is_ok_and(|own| *own == *table.name.as_str())
}
