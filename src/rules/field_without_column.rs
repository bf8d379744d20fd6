use super::page;
use crate::history::ModelTable;
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::{Lookup, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("field-without-column"),
    page: page!("field-without-column"),
    check: Check::History(check),
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    context
        .history
        .model_tables
        .iter()
        .filter(|table| context.history.has_migrations(&table.model.key.app_label))
        .flat_map(|table| {
            let mut found = findings(table, context);
            found.extend(without_join_tables(table, context));
            found
        })
        .collect()
}

/// Many-to-many fields, which have a table where others have a column.
fn without_join_tables(model: &ModelTable, context: &Context<'_>) -> Vec<Finding> {
    let end = &context.history.end;
    if !end.table_named(&model.table).is_found() {
        return Vec::new();
    }
    model
        .join_tables(end)
        .filter(|join| end.relation_named(&join.table).is_absent())
        .map(|join| {
            Finding::at(
                join.field.origin.clone(),
                format!(
                    "every query of `{}.{}` fails: no migration creates its table `{}` (SQLSTATE 42P01)",
                    model.model.name, join.field_name, join.table
                ),
            )
            .about(ObjectName::Relation(join.table.clone()))
            .labelled(model.model.origin.clone(), "in this model")
            .help("run `makemigrations`, or remove the field from the model")
        })
        .collect()
}

fn findings(model: &ModelTable, context: &Context<'_>) -> Vec<Finding> {
    let end = &context.history.end;
    match end.table_named(&model.table) {
        Lookup::Unsure(_) => Vec::new(),
        Lookup::Absent => vec![without_table(model)],
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

fn without_table(model: &ModelTable) -> Finding {
    Finding::at(
        model.model.origin.clone(),
        format!(
            "every query of `{}` fails: no migration creates its table `{}` (SQLSTATE 42P01)",
            model.model.name, model.table
        ),
    )
    .about(ObjectName::Relation(model.table.clone()))
    .help("run `makemigrations`")
}
