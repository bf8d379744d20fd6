use super::{live, page};
use crate::history::{ModelTable, by_table, is_in_no_model};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Column, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("column-without-field"),
    page: page!("column-without-field"),
    checks: &[
        Check::History(check),
        Check::Drift(live::column_without_field::check),
    ],
};

/// Columns that only RunSQL knows are left alone: Django is not meant to know them. What counts is a field
/// that the migrations have and the model lost; where that breaks INSERTs it is `insert-fails`.
fn check(context: &Context<'_>) -> Vec<Finding> {
    let history = context.history;
    by_table(&history.model_tables)
        .into_iter()
        .flat_map(|(table, models)| {
            history
                .end
                .columns_of(table)
                .filter(|column| !column.must_be_given())
                .filter(|column| {
                    is_in_no_model(&column.name, &models, &history.model_tables, &history.end)
                })
                .filter_map(|column| finding(column, &models, context))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn finding(column: &Column, models: &[&ModelTable], context: &Context<'_>) -> Option<Finding> {
    let model = models.iter().find(|model| {
        context
            .history
            .state_has_column(&model.model.key, &column.name)
    })?;
    let object = ObjectName::Column(model.table.clone(), column.name.clone());
    let class = &model.model.origin;
    let created = context.history.provenance.of(&object).unwrap_or(class);
    Some(
        Finding::at(
            created.clone(),
            format!(
                "the migrations have the column `{object}`, model `{}` has no field for it: the next `makemigrations` drops it \
                 with its data",
                model.model.name
            ),
        )
        .about(object)
        .labelled(class.clone(), "no field of this model has the column")
        .help("restore the field, or remove it with a migration"),
    )
}
