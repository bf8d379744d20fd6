use super::{live, page};
use crate::history::ModelTable;
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Lookup, ObjectName, Schema};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("field-without-column"),
    page: page!("field-without-column"),
    checks: &[
        Check::History(check),
        Check::Drift(live::field_without_column::check),
    ],
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context
        .history
        .model_tables
        .iter()
        .filter(|table| context.history.has_migrations(&table.model.key.app_label))
        .flat_map(|table| findings(table, context))
        .collect()
}

fn findings(model: &ModelTable, context: &Context<'_>) -> Vec<Finding> {
    let end = &context.history.end;
    match end.table_named(&model.table) {
        Lookup::Unsure(_) => Vec::new(),
        Lookup::Absent => without_table(model, end).into_iter().collect(),
        Lookup::Found(_) => model
            .columns
            .iter()
            .filter(|column| end.column(&model.table, &column.column).is_absent())
            .map(|column| {
                let object = ObjectName::Column(model.table.clone(), column.column.clone());
                Finding::at(
                    column.field.origin.clone(),
                    format!(
                        "every query of `{}` fails: its field `{}` has no column, no migration creates `{object}` \
                         (SQLSTATE 42703)",
                        model.model.name, column.field_name
                    ),
                )
                .about(object)
                .labelled(model.model.origin.clone(), "in this model")
                .help("run `makemigrations`, or remove the field from the model")
            })
            .collect(),
    }
}

/// A many-to-many field has a table where others have a column; of one whose model has no table that tells all.
fn without_table(model: &ModelTable, end: &Schema) -> Option<Finding> {
    // A view may stand in its place.
    if !end.relation_named(&model.table).is_absent() {
        return None;
    }
    let queried = match &model.joins {
        Some(joins) if !end.table_named(&joins.model_table).is_found() => return None,
        // A field of a class that is not known may have made the table, as many-to-many fields do.
        Some(joins) if end.has_unread_part(&joins.model_table) => return None,
        Some(joins) => format!("{}.{}", joins.model.name, joins.field_name),
        None => model.model.name.to_string(),
    };
    let finding = Finding::at(
        model.model.origin.clone(),
        format!(
            "every query of `{queried}` fails: no migration creates its table `{}` (SQLSTATE 42P01)",
            model.table
        ),
    )
    .about(ObjectName::Relation(model.table.clone()));
    Some(match &model.joins {
        Some(joins) => finding
            .labelled(joins.model.origin.clone(), "in this model")
            .help("run `makemigrations`, or remove the field from the model"),
        None => finding.help("run `makemigrations`"),
    })
}
