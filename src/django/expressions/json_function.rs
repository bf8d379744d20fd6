//! `JSONObject` and `JSONArray` (`django/db/models/functions/json.py`), which have two
//! forms: from PostgreSQL 16 on that of the SQL standard (`is_postgresql_16` of `connection.features`).

use super::compiler::Compiler;
use super::differences::JsonObjectForm;
use super::expr::{Expr, Form, Output};
use super::outcome::{Outcome, Stop};
use crate::django::project_state::FieldKind;
use crate::django::python::{Call, Value};
use crate::postgres::Version;

impl Compiler<'_> {
    fn has_standard_json(&self) -> bool {
        self.settings().postgres >= Version::V16
    }

    pub(super) fn json_object(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        if !call.arguments.is_empty() {
            return Err(Stop::why("a JSONObject with arguments that have no name"));
        }
        let form = if self.has_standard_json() {
            self.scope.version.json_object_form()
        } else {
            JsonObjectForm::Build
        };
        let mut whole = Expr::text("", Output::of(FieldKind::Json, &value.origin));
        whole.is_typed_early = true;
        let mut parts = Vec::new();
        for (key, item) in &call.keywords {
            let key = whole.take(Self::text_value(key, value));
            let item = whole.take(self.argument(item)?);
            parts.push(match form {
                JsonObjectForm::Build => format!("({key})::text, {item}"),
                JsonObjectForm::PlainKeys => format!("{key} VALUE {item}"),
                JsonObjectForm::CastKeys => format!("(({key})::text) VALUE {item}"),
            });
        }
        let parts = parts.join(", ");
        whole.sql = match form {
            JsonObjectForm::Build => format!("JSONB_BUILD_OBJECT({parts})"),
            JsonObjectForm::PlainKeys | JsonObjectForm::CastKeys => {
                format!("JSON_OBJECT({parts} RETURNING JSONB)")
            }
        };
        Ok(whole)
    }

    pub(super) fn json_array(&self, call: &Call, value: &Value) -> Outcome<Expr> {
        if !call.keywords.is_empty() {
            return Err(Stop::why("a JSONArray with options"));
        }
        let mut whole = Expr::text("", Output::of(FieldKind::Json, &value.origin));
        whole.is_typed_early = true;
        let mut parts = Vec::new();
        for item in &call.arguments {
            let item = self.argument(item)?;
            let item = if matches!(item.form, Form::Cast) {
                item
            } else {
                let field = item.output.field()?.clone();
                self.cast(item, &field)?
            };
            parts.push(whole.take(item));
        }
        if !self.has_standard_json() {
            whole.sql = format!("JSONB_BUILD_ARRAY({})", parts.join(", "));
            return Ok(whole);
        }
        let nulls = if parts.is_empty() { "" } else { "NULL ON NULL" };
        whole.sql = format!("JSON_ARRAY({} {nulls} RETURNING JSONB)", parts.join(", "));
        Ok(whole)
    }
}
