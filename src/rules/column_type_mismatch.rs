use super::{live, page};
use crate::history::{ModelColumn, ModelTable};
use crate::lint::{Check, Context, Finding, Level, Rule, RuleName};
use crate::postgres::holds_all_of;
use crate::schema::{ObjectName, SqlType};

pub(super) static RULE: Rule = Rule {
    name: RuleName::new("column-type-mismatch"),
    page: page!("column-type-mismatch"),
    checks: &[
        Check::Column(check),
        Check::Drift(live::column_type_mismatch::check),
    ],
};

fn check(model: &ModelTable, column: &ModelColumn, context: &Context<'_>) -> Option<Finding> {
    let history = context.history;
    let expected = &history.models.as_ref()?.expected;
    let wanted = expected.column(&model.table, &column.column).found()?;
    let found = history.end.column(&model.table, &column.column).found()?;
    let (SqlType::Known(wanted), SqlType::Known(found)) = (&wanted.data_type, &found.data_type)
    else {
        return None;
    };
    if wanted == found {
        return None;
    }
    let object = ObjectName::Column(model.table.clone(), column.column.clone());
    let (effect, level) = if holds_all_of(found, wanted) {
        ("the next `makemigrations` changes it", Level::Warning)
    } else {
        ("values that the model allows do not fit", Level::Error)
    };
    let message = format!(
        "field `{}` of `{}` wants the type `{wanted}`, the column `{object}` has `{found}`: {effect}",
        column.field_name, model.model.name
    );
    let finding = Finding::at(column.field.origin.clone(), message)
        .about(object.clone())
        .at_level(level)
        .help("run `makemigrations` for the model, or give the field the column's type");
    Some(match history.provenance.of(&object) {
        Some(created) => finding.labelled(created.clone(), "the column was created here"),
        None => finding,
    })
}
