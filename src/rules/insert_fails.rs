use super::{live, page};
use crate::drift;
use crate::history::{ModelTable, by_table, is_in_no_model};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Column, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("insert-fails"),
    page: page!("insert-fails"),
    checks: &[
        Check::History(check),
        Check::Drift(live::insert_fails::check),
    ],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let history = context.history;
    by_table(&history.model_tables)
        .into_iter()
        .filter(|(table, _)| {
            let known = history.end.table_named(table).found();
            !known.is_some_and(|known| known.is_filled_by_trigger())
        })
        .flat_map(|(table, models)| {
            history
                .end
                .columns_of(table)
                .filter(|column| column.must_be_given())
                .filter(|column| {
                    is_in_no_model(&column.name, &models, &history.model_tables, &history.end)
                })
                .filter_map(|column| finding(column, &models, context))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn finding(column: &Column, models: &[&ModelTable], context: &Context<'_>) -> Option<Finding> {
    let model = models.first()?;
    let table = &model.table;
    let object = ObjectName::Column(table.clone(), column.name.clone());
    let class = &model.model.origin;
    let created = context.history.provenance.of(&object);
    let message = format!(
        "every INSERT through `{}` fails: the column `{object}` is NOT NULL, has no default, and is in no model of \
         its table (SQLSTATE 23502)",
        model.model.name
    );
    let help = format!(
        "end the outage with `ALTER TABLE {table} ALTER COLUMN {0} SET DEFAULT ...` (or DROP NOT NULL); then restore \
         the field in the model, or drop the column in a migration",
        column.name
    );
    let mut finding = Finding::at(created.unwrap_or(class).clone(), message)
        .about(object.clone())
        .help(help);
    finding.repairs = drift::column_nobody_fills(context.history, table, column);
    Some(match created {
        Some(_) => finding.labelled(class.clone(), "no field of this model has the column"),
        None => finding,
    })
}
