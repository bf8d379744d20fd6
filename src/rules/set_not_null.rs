use super::page;
use crate::history::{Moment, Replayed};
use crate::lint::{Check, Context, Deploy, Finding, Rule, RuleName};
use crate::schema::{Change, ColumnAction, DataVerb, Identifier, ObjectName, RelationName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("set-not-null"),
    page: page!("set-not-null"),
    checks: &[Check::Replayed(check)],
};

fn check(replayed: &Replayed<'_>, context: &Context<'_>) -> Vec<Finding> {
    let moments = replayed.moments.iter().enumerate();
    let findings = moments.filter_map(|(position, moment)| {
        let before = replayed.moments.get(..position)?;
        finding(moment, before, context)
    });
    findings.collect()
}

/// Silent where the server need not scan: a validated CHECK proves that no row holds NULL, or no row may.
fn finding(moment: &Moment, earlier: &[Moment], context: &Context<'_>) -> Option<Finding> {
    let Change::AlterColumn {
        table,
        column,
        action: ColumnAction::SetNotNull,
    } = &moment.change
    else {
        return None;
    };
    let table = moment.table_in_use(table)?;
    if !moment.certain_cost()?.scans.contains(&table)
        || moment.created_here.has_column(&table, column)
    {
        return None;
    }
    let reads = format!(
        "setting `{table}.{column}` NOT NULL reads every row of `{table}` while every query on it waits"
    );
    let nulls = if is_filled(moment, earlier, (&table, column)) {
        "; Django fills its NULLs before, in one UPDATE"
    } else {
        ", and fails if one holds NULL"
    };
    let mut message = format!("{reads}{nulls}");
    if context.deploy == Deploy::Rolling {
        message =
            format!("{message}; from then on running code that writes NULL fails (SQLSTATE 23502)");
    }
    Some(
        Finding::at(moment.origin(), message)
            .about(ObjectName::Column(table, column.clone()))
            .help(help(moment, column)),
    )
}

/// Whether Django itself has given the rows that hold NULL the field's default, as it does for an AlterField of a
/// field that has one (`_alter_field` of `django/db/backends/base/schema.py`, "four-way default alteration").
fn is_filled(
    moment: &Moment,
    earlier: &[Moment],
    (table, column): (&RelationName, &Identifier),
) -> bool {
    let of_operation = earlier.iter().filter(|other| {
        moment.is_django() && other.is_django() && other.origin() == moment.origin()
    });
    of_operation.into_iter().any(|other| match &other.change {
        Change::Data {
            verb: DataVerb::Update,
            relations,
            columns,
        } => {
            relations
                .first()
                .is_some_and(|written| other.before.resolve(written) == *table)
                && columns.contains(column)
        }
        _ => false,
    })
}

fn help(moment: &Moment, column: &Identifier) -> String {
    let (check, validate) = match (moment.is_django(), moment.migration().is_some()) {
        (true, _) => (
            "with `AddConstraintNotValid`",
            "then `ValidateConstraint` in a migration of its own",
        ),
        (false, true) => ("NOT VALID", "then VALIDATE it in a migration of its own"),
        (false, false) => ("NOT VALID", "then VALIDATE it in a transaction of its own"),
    };
    format!(
        "fill its NULLs in batches, add `CHECK ({column} IS NOT NULL)` {check}, {validate}: PostgreSQL trusts it and \
         does not read the rows again"
    )
}
