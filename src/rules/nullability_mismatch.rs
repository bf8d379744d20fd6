use super::{live, page};
use crate::history::{ModelColumn, ModelTable};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::schema::{Nullability, ObjectName};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("nullability-mismatch"),
    page: page!("nullability-mismatch"),
    checks: &[
        Check::Column(check),
        Check::Drift(live::nullability_mismatch::check),
    ],
};

fn check(model: &ModelTable, column: &ModelColumn, context: &Context<'_>) -> Option<Finding> {
    let history = context.history;
    let expected = &history.models.as_ref()?.expected;
    let wanted = expected.column(&model.table, &column.column).found()?;
    let found = history.end.column(&model.table, &column.column).found()?;
    let object = ObjectName::Column(model.table.clone(), column.column.clone());
    let (message, level) = match (wanted.nullability, found.nullability) {
        (Nullability::Nullable, Nullability::NotNull) => (
            format!(
                "field `{}` of `{}` may be None, the column `{object}` is NOT NULL: saving None fails (SQLSTATE 23502)",
                column.field_name, model.model.name
            ),
            Level::Error,
        ),
        (Nullability::NotNull, Nullability::Nullable) => (
            format!(
                "field `{}` of `{}` may not be None, the column `{object}` allows NULL: nothing but Django keeps NULLs out",
                column.field_name, model.model.name
            ),
            Level::Warning,
        ),
        (Nullability::Nullable, Nullability::Nullable)
        | (Nullability::NotNull, Nullability::NotNull) => return None,
    };
    let finding = Finding::at(column.field.origin.clone(), message)
        .about(object.clone())
        .at_level(level)
        .help("run `makemigrations` for the model, or give the field the column's `null`");
    Some(match history.provenance.of(&object) {
        Some(created) => finding.labelled(created.clone(), "the column was created here"),
        None => finding,
    })
}
