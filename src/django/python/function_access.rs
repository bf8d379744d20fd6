//! What the code of a migration is given: the schema editor, the connection, the models of the state.

use std::sync::Arc;

use ruff_python_ast::CmpOp;

use super::evaluate::Evaluator;
use super::function_sql::TableNames;
use super::value::{Call, Value, ValueKind};

/// The name by which the look knows the `schema_editor` argument.
pub(super) const EDITOR: &str = "django.db.backends.base.schema.BaseDatabaseSchemaEditor";
/// The name of the `apps` argument of a RunPython function, and of `apps` of the states that an operation is given.
pub(super) const STATE_APPS: &str = "django.db.migrations.state.StateApps";
/// The name of the states that `database_forwards` is given.
pub(super) const STATE: &str = "django.db.migrations.state.ProjectState";
pub(super) const CONNECTION: &str = "django.db.connection";

/// What a value gives access to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Editor,
    Connection,
    Cursor,
}

pub(super) fn access(value: &Value) -> Option<Access> {
    match &value.kind {
        ValueKind::Name(name) => match name.as_str() {
            EDITOR => Some(Access::Editor),
            CONNECTION => Some(Access::Connection),
            _ => None,
        },
        ValueKind::Call(call) => match &call.callee.kind {
            ValueKind::Name(name) => match name.as_str() {
                "django.db.connection.cursor" | "django.db.connection.cursor.__enter__" => {
                    Some(Access::Cursor)
                }
                "django.db.connection.schema_editor" => Some(Access::Editor),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Functions of Django that are handed a cursor or a connection and change nothing.
pub(super) fn only_reads(callee: &Value) -> bool {
    let ValueKind::Name(name) = &callee.kind else {
        return false;
    };
    let path = name.as_str();
    path.starts_with("django.db.connection.introspection.")
        || path.starts_with("django.db.connection.ops.")
}

/// `apps.get_model("shop", "Order")._meta.db_table`: `call` is what stands before `.db_table`.
pub(super) fn table_of(
    call: &Call,
    attribute: &str,
    tables: Option<TableNames<'_>>,
) -> Option<Arc<str>> {
    if attribute != "db_table" {
        return None;
    }
    let tables = tables?;
    let [model, meta] = call.arguments.as_slice() else {
        return None;
    };
    let is_getattr =
        matches!(&call.callee.kind, ValueKind::Name(name) if name.as_str() == "builtins.getattr");
    if !is_getattr || meta.as_str() != Some("_meta") {
        return None;
    }
    let (app, model) = model_of(model)?;
    tables(app, model)
}

/// The app and the model of `apps.get_model("shop", "Order")`.
pub(super) fn model_of(value: &Value) -> Option<(&str, &str)> {
    let get_model = value.as_call()?;
    let ValueKind::Name(callee) = &get_model.callee.kind else {
        return None;
    };
    if callee.as_str().strip_suffix(".get_model") != Some(STATE_APPS) {
        return None;
    }
    let given = |position: usize, name: &str| {
        get_model
            .arguments
            .get(position)
            .or_else(|| get_model.keyword(name))
            .and_then(Value::as_str)
    };
    let app = given(0, "app_label")?;
    match given(1, "model_name") {
        Some(model) => Some((app, model)),
        None => app.split_once('.'),
    }
}

impl Evaluator<'_> {
    /// `"shop_order" in connection.introspection.table_names()`; `None` for any other question, and where the answer
    /// is not known.
    pub(super) fn is_table(&self, operator: CmpOp, left: &Value, right: &Value) -> Option<bool> {
        let ValueKind::Name(asked) = &right.as_call()?.callee.kind else {
            return None;
        };
        let lists = matches!(
            asked.as_str(),
            "django.db.connection.introspection.table_names"
                | "django.db.connection.introspection.django_table_names"
        );
        let exists = self.exists.filter(|_| lists)?(left.as_str()?)?;
        match operator {
            CmpOp::In => Some(exists),
            CmpOp::NotIn => Some(!exists),
            _ => None,
        }
    }
}
