//! The operations of a migration from the values that construct them.

use std::sync::Arc;

use super::custom_operation::{CustomOperation, is_django_operation};
use super::operation_arguments::{
    constraint_operation, extension, index_operation, named, option_operation, run_python,
};
use super::options::read_options;
use super::signature::{argument, items, required, required_text};
use super::sql::read_sql;
use crate::django::field::{FieldReader, ModelClasses, RelationReader, truth};
use crate::django::operation::{CreateModel, LocatedOperation, Operation};
use crate::django::project_state::{Base, FieldsKnown, NamedField, StateSettings};
use crate::django::python::{Call, Python, Static, Value, ValueKind};
use crate::schema::Why;

/// How deep operations may hold operations.
const DEEPEST: usize = 8;

/// Reads the operations of one app's migrations.
#[derive(Clone, Copy)]
pub struct OperationReader<'a> {
    pub app_label: &'a str,
    pub settings: &'a StateSettings,
    pub classes: &'a dyn ModelClasses,
    /// Looks into the methods of custom classes; without it they stay unknown.
    pub python: Option<&'a Python>,
}

impl<'a> OperationReader<'a> {
    /// The items of an `operations` list; what is no list is one operation that is not analysed.
    pub fn read_all(self, value: &Value) -> Vec<LocatedOperation> {
        self.list(value, DEEPEST)
    }

    fn list(self, value: &Value, left: usize) -> Vec<LocatedOperation> {
        match (value.items(), left.checked_sub(1)) {
            (Some(operations), Some(left)) => operations
                .iter()
                .map(|operation| self.located(operation, left))
                .collect(),
            (None, _) if value.is_none() => Vec::new(),
            _ => {
                let why = value
                    .why_unknown()
                    .cloned()
                    .unwrap_or_else(|| Why::new("the operations are not a list that can be read"));
                vec![not_analysed(value, "operations", why)]
            }
        }
    }

    /// One operation.
    pub fn read(self, value: &Value) -> LocatedOperation {
        self.located(value, DEEPEST)
    }

    fn located(self, value: &Value, left: usize) -> LocatedOperation {
        let ValueKind::Call(call) = &value.kind else {
            let why = value
                .why_unknown()
                .cloned()
                .unwrap_or_else(|| Why::new("the operation is not constructed where it stands"));
            return not_analysed(value, "?", why);
        };
        let (operation, shown) = match &call.callee.kind {
            ValueKind::Name(name) if is_django_operation(name.as_str()) => {
                (self.django(name.last(), call, left), name.last())
            }
            ValueKind::Name(name) => {
                let why = Why::new(format!("the operation class `{name}` was not found"));
                (Operation::NotAnalysed { why }, name.last())
            }
            ValueKind::Class(class) => {
                let custom = CustomOperation {
                    reader: self,
                    class,
                    value,
                    call,
                    left,
                };
                (custom.read(), class.name.last())
            }
            ValueKind::Unknown(why) => (Operation::NotAnalysed { why: why.clone() }, "?"),
            _ => {
                let why = Why::new("the class of the operation is not followed");
                (Operation::NotAnalysed { why }, "?")
            }
        };
        LocatedOperation {
            operation,
            origin: value.origin.clone(),
            class: shown.into(),
            call: Some(Arc::clone(call)),
        }
    }

    /// An operation of one of Django's classes.
    pub(super) fn django(self, class: &str, call: &Call, left: usize) -> Operation {
        self.operation(class, call, left)
            .unwrap_or_else(|why| Operation::NotAnalysed { why })
    }

    fn operation(self, class: &str, call: &Call, left: usize) -> Static<Operation> {
        match class {
            "CreateModel" => Ok(Operation::CreateModel(Box::new(self.create_model(call)?))),
            "AddField" | "AlterField" => self.field_operation(class, call),
            "DeleteModel" | "RenameModel" | "RemoveField" | "RenameField" => named(class, call),
            "AlterModelTable"
            | "AlterModelTableComment"
            | "AlterUniqueTogether"
            | "AlterIndexTogether"
            | "AlterOrderWithRespectTo"
            | "AlterModelOptions"
            | "AlterModelManagers" => option_operation(class, call),
            "AddIndex"
            | "AddIndexConcurrently"
            | "RemoveIndex"
            | "RemoveIndexConcurrently"
            | "RenameIndex" => index_operation(class, call),
            "AddConstraint"
            | "AddConstraintNotValid"
            | "RemoveConstraint"
            | "AlterConstraint"
            | "ValidateConstraint" => constraint_operation(class, call),
            "RunSQL" => self.run_sql(call, left),
            "RunPython" => Ok(run_python(call)),
            "SeparateDatabaseAndState" => Ok(Operation::SeparateDatabaseAndState {
                database_operations: self.nested(call, (0, "database_operations"), left)?,
                state_operations: self.nested(call, (1, "state_operations"), left)?,
            }),
            "CreateExtension" => Ok(Operation::CreateExtension {
                name: required_text(call, 0, "name")?,
            }),
            "CreateCollation" => Ok(Operation::CreateCollation(Arc::new(call.clone()))),
            "RemoveCollation" => Ok(Operation::RemoveCollation(Arc::new(call.clone()))),
            other => match extension(other) {
                Some(name) => Ok(Operation::CreateExtension { name: name.into() }),
                None => Err(Why::new(format!("the operation `{other}` is not known"))),
            },
        }
    }

    fn fields<'b>(self, model: &'b str) -> FieldReader<'b>
    where
        'a: 'b,
    {
        FieldReader {
            relations: RelationReader {
                app_label: self.app_label,
                model: Some(model),
                settings: self.settings,
                classes: self.classes,
            },
            python: self.python,
        }
    }

    fn create_model(self, call: &Call) -> Static<CreateModel> {
        let name = required_text(call, 0, "name")?;
        let options = match argument(call, 2, "options") {
            Ok(options) => read_options(&options),
            Err(why) => {
                let unknown = Value::unknown(why, call.callee.origin.clone());
                read_options(&Some(&unknown))
            }
        };
        let mut fields_known = FieldsKnown::All;
        let mut open = |why: Why| fields_known = FieldsKnown::Open(why);
        let fields = self.model_fields(call, &name, &mut open);
        let bases = self.bases(call, &mut open);
        Ok(CreateModel {
            name,
            fields,
            fields_known,
            options,
            bases,
        })
    }

    fn model_fields(self, call: &Call, model: &str, open: &mut impl FnMut(Why)) -> Vec<NamedField> {
        let listed = required(call, 1, "fields").and_then(|value| items(value, "fields"));
        let listed = match listed {
            Ok(listed) => listed,
            Err(why) => {
                open(why);
                return Vec::new();
            }
        };
        let reader = self.fields(model);
        let mut fields = Vec::new();
        for item in listed {
            match item.items() {
                Some([name, field]) if name.as_str().is_some() => {
                    let name = name.as_str().unwrap_or_default();
                    fields.push((name.into(), Arc::new(reader.read(field))));
                }
                _ => open(
                    item.why_unknown()
                        .cloned()
                        .unwrap_or_else(|| Why::new("a field has no name that can be read")),
                ),
            }
        }
        fields
    }

    fn bases(self, call: &Call, open: &mut impl FnMut(Why)) -> Vec<Base> {
        let listed = match argument(call, 3, "bases") {
            Ok(None) => return Vec::new(),
            Ok(Some(value)) if value.is_none() => return Vec::new(),
            Ok(Some(value)) => items(value, "bases"),
            Err(why) => Err(why),
        };
        let listed = match listed {
            Ok(listed) => listed,
            Err(why) => {
                open(why);
                return Vec::new();
            }
        };
        let relations = self.fields("").relations;
        let mut bases = Vec::new();
        for value in listed {
            match &value.kind {
                ValueKind::Str(_) => match relations.model_of(value).key {
                    Ok(key) => bases.push(Base::Model(key)),
                    Err(why) => open(why),
                },
                ValueKind::Class(class) => bases.push(
                    self.classes
                        .model_key(class)
                        .map_or_else(|| Base::Class(class.name.as_str().into()), Base::Model),
                ),
                ValueKind::Name(name) => bases.push(Base::Class(name.as_str().into())),
                ValueKind::Unknown(why) => open(why.clone()),
                _ => open(Why::new(
                    "a base is not a model or a class that can be read",
                )),
            }
        }
        bases
    }

    fn field_operation(self, class: &str, call: &Call) -> Static<Operation> {
        let model_name = required_text(call, 0, "model_name")?;
        let name = required_text(call, 1, "name")?;
        let field = match required(call, 2, "field") {
            Ok(value) => self.fields(&model_name).read(value),
            Err(why) => {
                let unknown = Value::unknown(why, call.callee.origin.clone());
                self.fields(&model_name).read(&unknown)
            }
        };
        let preserve_default = match argument(call, 3, "preserve_default") {
            Ok(Some(value)) => truth(value, "preserve_default"),
            Ok(None) => Ok(true),
            Err(why) => Err(why),
        };
        let field = Arc::new(field);
        Ok(if class == "AddField" {
            Operation::AddField {
                model_name,
                name,
                field,
                preserve_default,
            }
        } else {
            Operation::AlterField {
                model_name,
                name,
                field,
                preserve_default,
            }
        })
    }

    fn run_sql(self, call: &Call, left: usize) -> Static<Operation> {
        let reverse_sql = match argument(call, 1, "reverse_sql") {
            Ok(Some(value)) if value.is_none() => None,
            Ok(Some(value)) => Some(read_sql(value)),
            Ok(None) => None,
            Err(why) => Some(Err(why)),
        };
        Ok(Operation::RunSql {
            sql: required(call, 0, "sql").and_then(read_sql),
            reverse_sql,
            state_operations: self.nested(call, (2, "state_operations"), left)?,
        })
    }

    fn nested(
        self,
        call: &Call,
        (position, name): (usize, &str),
        left: usize,
    ) -> Static<Vec<LocatedOperation>> {
        Ok(match argument(call, position, name)? {
            Some(value) => self.list(value, left),
            None => Vec::new(),
        })
    }
}

pub(super) fn not_analysed(value: &Value, class: &str, why: Why) -> LocatedOperation {
    LocatedOperation {
        operation: Operation::NotAnalysed { why },
        origin: value.origin.clone(),
        class: class.into(),
        call: None,
    }
}

impl std::fmt::Debug for OperationReader<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("OperationReader")
            .field("app_label", &self.app_label)
            .finish_non_exhaustive()
    }
}
