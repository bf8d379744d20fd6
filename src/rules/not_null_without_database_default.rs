use super::page;
use crate::history::{ModelColumn, ModelTable};
use crate::lint::{Check, Context, Finding, Rule, RuleName};
use crate::schema::ObjectName;

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("not-null-without-database-default"),
    page: page!("not-null-without-database-default"),
    checks: &[Check::Column(check)],
};

fn check(model: &ModelTable, column: &ModelColumn, context: &Context<'_>) -> Option<Finding> {
    let found = context
        .history
        .end
        .column(&model.table, &column.column)
        .found()?;
    if !found.must_be_given() || column.field.primary_key != Ok(false) {
        return None;
    }
    let object = ObjectName::Column(model.table.clone(), column.column.clone());
    Some(
        Finding::at(
            column.field.origin.clone(),
            format!(
                "the column `{object}` is NOT NULL and has no default in the database: only code that knows field `{}` can INSERT",
                column.field_name
            ),
        )
        .about(object)
        .help("give the field a `db_default` (Django 5.0) where other programs write to the table"),
    )
}
