use super::page;
use crate::django::operation::Operation;
use crate::django::project_state::{Field, ModelKey};
use crate::django::version::DjangoVersion;
use crate::history::{Cause, History, Moment, Replayed};
use crate::lint::{Check, Context, Deploy, Finding, Rule, RuleName};
use crate::repair::{Repair, Step, constant, with_argument};
use crate::schema::{Change, Column, ObjectName, RelationName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("default-dropped"),
    page: page!("default-dropped"),
    checks: &[Check::Replayed(check)],
};

fn check(replayed: &Replayed<'_>, context: &Context<'_>) -> Vec<Finding> {
    if context.deploy == Deploy::Downtime {
        return Vec::new();
    }
    replayed
        .moments
        .iter()
        .filter_map(|moment| finding(moment, replayed, context))
        .collect()
}

/// A column that need not be given when it was added, and must be when the deployment has ended.
fn finding(moment: &Moment, replayed: &Replayed<'_>, context: &Context<'_>) -> Option<Finding> {
    let Change::AddColumn { table, column, .. } = &moment.change else {
        return None;
    };
    if !moment.is_carried_out() || column.must_be_given() {
        return None;
    }
    let table = moment.table_in_use(table)?;
    let left = replayed.deployed.column(&table, &column.name).found()?;
    if !left.must_be_given() {
        return None;
    }
    let message = format!(
        "{}: running code that does not know the column cannot INSERT into `{table}` (SQLSTATE 23502)",
        what_happened(moment, &table, column)
    );
    let help = match (column.default(), moment.is_django()) {
        (Some(_), true) => {
            "keep the default in the database: `db_default=` (Django 5.0), or RunSQL with \
             `ALTER COLUMN ... SET DEFAULT` in the same migration"
        }
        (Some(_), false) => {
            "leave the default on the column until no running code is left that does not know it"
        }
        (None, _) => {
            "let the column be NULL until no running code is left that does not know it, and set it NOT NULL in the \
             release after"
        }
    };
    let finding = Finding::at(moment.origin(), message)
        .about(ObjectName::Column(table, column.name.clone()))
        .help(help);
    Some(match kept(moment, context.history) {
        Some(repair) => finding.repaired_by(repair),
        None => finding,
    })
}

/// `db_default` beside `default`, in the migration and in the model (Django 5.0). One constant does not serve a unique
/// column or a relation.
fn kept(moment: &Moment, history: &History) -> Option<Repair> {
    let Cause::Django(operation) = &moment.cause else {
        return None;
    };
    let Operation::AddField {
        model_name,
        name,
        field,
        ..
    } = &operation.operation.operation
    else {
        return None;
    };
    if history.django < DjangoVersion::V5_0 {
        return None;
    }
    let key = ModelKey::new(&operation.migration.app_label, model_name);
    // A later `AlterField` would take it away again.
    let last = history.end_state.model(&key)?.field(name)?;
    if last.origin != field.origin {
        return None;
    }
    let mut steps = vec![with_db_default(field)?];
    if let Some(models) = &history.models {
        let own = models.state.model(&key)?.field(name)?;
        // A field of an abstract base is that of other models, too.
        let mut others = models.state.models().filter(|model| model.key != key);
        let is_shared = others.any(|model| {
            let mut fields = model.fields.iter();
            fields.any(|(_, field)| field.origin == own.origin)
        });
        if is_shared || constant(own.default.as_ref()?) != constant(field.default.as_ref()?) {
            return None;
        }
        steps.push(with_db_default(own)?);
    }
    Some(Repair::new(
        "db-default",
        format!("Keep the default of `{name}` in the database (`db_default`)"),
        steps,
    ))
}

fn with_db_default(field: &Field) -> Option<Step> {
    let default = field.default.as_ref()?;
    if field.unique != Ok(false) || field.relation.is_some() || field.db_default.is_some() {
        return None;
    }
    let argument = format!("db_default={}", constant(default)?);
    with_argument(&field.origin, Some(("default", default)), &argument)
}

fn what_happened(moment: &Moment, table: &RelationName, column: &Column) -> String {
    let name = format!("`{table}.{}`", column.name);
    match (column.default(), moment.is_django()) {
        (Some(_), true) => format!("Django drops the default of {name} after adding it"),
        (Some(_), false) => format!("the default of {name} is dropped after the column was added"),
        (None, _) => format!("{name} is added and then set NOT NULL without a default"),
    }
}
