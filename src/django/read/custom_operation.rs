//! Operations of classes that a project or a package defines: what they do to the state and to the database.

use std::sync::Arc;

use super::operation::{OperationReader, not_analysed};
use crate::django::ancestry::{ancestry, inherited};
use crate::django::operation::{LocatedOperation, Operation};
use crate::django::python::{
    Ancestor, BaseCalls, Call, ClassDefinition, FunctionDefinition, FunctionSql, Python, Value,
    ValueKind,
};
use crate::schema::Why;

/// One construction of a custom class.
pub(super) struct CustomOperation<'a> {
    pub reader: OperationReader<'a>,
    pub class: &'a Arc<ClassDefinition>,
    pub value: &'a Value,
    pub call: &'a Call,
    /// How deep operations may still hold operations.
    pub left: usize,
}

/// What a class does with one half of the work.
enum Effect {
    Nothing,
    /// What the class of Django does that it extends.
    AsDjango,
    Perhaps(Why),
    Unknown(Why),
}

impl CustomOperation<'_> {
    /// Django's operation where the class adds nothing to it; else its two halves, each as far as it can be read.
    pub(super) fn read(&self) -> Operation {
        let ancestors = ancestry(self.class);
        let unread = ancestors.iter().find_map(|ancestor| match ancestor {
            Ancestor::Unknown(why) => Some(why.clone()),
            _ => None,
        });
        if let Some(why) = unread {
            return Operation::NotAnalysed { why };
        }
        let state = self.state(&ancestors);
        let database = self.database(&ancestors);
        let django = self.django(&ancestors);
        match (state, database, django) {
            (Effect::AsDjango, Effect::AsDjango, Ok(operation)) => operation,
            (Effect::Unknown(_) | Effect::Perhaps(_), Effect::Unknown(why), _)
            | (Effect::Unknown(why) | Effect::Perhaps(why), _, _)
            | (Effect::AsDjango, _, Err(why)) => Operation::NotAnalysed { why },
            (state, database, django) => Operation::SeparateDatabaseAndState {
                database_operations: self.database_half(database, django.clone()),
                state_operations: match (state, django) {
                    (Effect::AsDjango, Ok(operation)) => vec![self.located(operation)],
                    _ => Vec::new(),
                },
            },
        }
    }

    fn database_half(
        &self,
        effect: Effect,
        django: Result<Operation, Why>,
    ) -> Vec<LocatedOperation> {
        match (effect, django) {
            (Effect::Nothing, _) => Vec::new(),
            (Effect::AsDjango, Ok(operation)) => vec![self.located(operation)],
            (Effect::Perhaps(why), Ok(operation)) => vec![self.located(Operation::Conditional {
                operation: Box::new(self.located(operation)),
                why,
            })],
            (Effect::AsDjango | Effect::Perhaps(_), Err(why)) | (Effect::Unknown(why), _) => {
                vec![not_analysed(self.value, self.class.name.last(), why)]
            }
        }
    }

    fn located(&self, operation: Operation) -> LocatedOperation {
        LocatedOperation {
            operation,
            origin: self.value.origin.clone(),
            class: self.class.name.last().into(),
            call: None,
        }
    }

    /// What Django's class is constructed with, after the class's own `__init__`.
    fn django(&self, ancestors: &[Ancestor]) -> Result<Operation, Why> {
        let Some(django) = django_class(ancestors) else {
            return Err(Why::new(format!(
                "the operation class `{}` extends none of Django's",
                self.class.name
            )));
        };
        let operation = match (self.method(ancestors, "__init__"), self.reader.python) {
            (None, _) => self.reader.django(&django, self.call, self.left),
            (Some(Ok(init)), Some(python)) => {
                let handed = python
                    .base_call(self.class, init, self.call)
                    .map_err(|why| self.own("__init__", Some(&why)))?;
                self.reader.django(&django, &handed, self.left)
            }
            (Some(Err(why)), _) => return Err(why),
            (Some(Ok(_)), None) => return Err(self.own("__init__", None)),
        };
        match operation {
            Operation::NotAnalysed { why } => Err(why),
            operation => Ok(operation),
        }
    }

    fn state(&self, ancestors: &[Ancestor]) -> Effect {
        match inherited(ancestors, "state_forwards") {
            Some((_, hook)) if does_nothing(hook) => Effect::Nothing,
            Some(_) => Effect::Unknown(self.own("state_forwards", None)),
            // Django's class does nothing to the state (`django/db/migrations/operations/special.py`).
            None if django_class(ancestors).as_deref() == Some("RunPython") => Effect::Nothing,
            None => Effect::AsDjango,
        }
    }

    fn database(&self, ancestors: &[Ancestor]) -> Effect {
        for method in ["__new__", "allow_migrate_model"] {
            if inherited(ancestors, method).is_some() {
                return Effect::Unknown(self.own(method, None));
            }
        }
        match (
            self.method(ancestors, "database_forwards"),
            self.reader.python,
        ) {
            (None, _) => Effect::AsDjango,
            (Some(Ok(method)), Some(python)) => self.look_into(method, python),
            (Some(Err(why)), _) => Effect::Unknown(why),
            (Some(Ok(_)), None) => Effect::Unknown(self.own("database_forwards", None)),
        }
    }

    fn look_into(&self, method: &FunctionDefinition, python: &Python) -> Effect {
        let looked = python.sql_of_method(method);
        match (looked.sql, looked.base) {
            (FunctionSql::OrmOnly, BaseCalls::Never) => Effect::Nothing,
            (FunctionSql::OrmOnly, BaseCalls::Always) => Effect::AsDjango,
            (FunctionSql::OrmOnly, BaseCalls::Perhaps(why)) => Effect::Perhaps(why),
            (FunctionSql::Sends(_), _) => Effect::Unknown(self.own(
                "database_forwards",
                Some(&Why::new("it sends SQL of its own")),
            )),
            (FunctionSql::Unknown(why), _) => {
                Effect::Unknown(self.own("database_forwards", Some(&why)))
            }
        }
    }

    /// The one method of that name among the classes that are not Django's; two of them may call each other.
    fn method<'b>(
        &self,
        ancestors: &'b [Ancestor],
        name: &str,
    ) -> Option<Result<&'b FunctionDefinition, Why>> {
        let mut owners = ancestors.iter().filter_map(|ancestor| match ancestor {
            Ancestor::Class(class) => class.attribute(name),
            Ancestor::Name(_) | Ancestor::Unknown(_) => None,
        });
        let first = owners.next()?;
        Some(match (&first.kind, owners.next()) {
            (ValueKind::Function(function), None) => Ok(&**function),
            _ => Err(self.own(name, None)),
        })
    }

    fn own(&self, method: &str, why: Option<&Why>) -> Why {
        let reason = why.map_or(String::new(), |why| format!(": {why}"));
        Why::new(format!(
            "the operation class `{}` has its own `{method}`{reason}",
            self.class.name
        ))
    }
}

fn django_class(ancestors: &[Ancestor]) -> Option<Arc<str>> {
    ancestors.iter().find_map(|ancestor| match ancestor {
        Ancestor::Name(name) if is_django_operation(name.as_str()) => {
            Some(Arc::<str>::from(name.last()))
        }
        _ => None,
    })
}

/// A method whose body is `pass`.
fn does_nothing(method: &Value) -> bool {
    let ValueKind::Function(function) = &method.kind else {
        return false;
    };
    let text = function.origin.file.slice(function.origin.span);
    let body = text.split_once(':').map_or("", |(_, body)| body).trim();
    body == "pass" || body == "return" || body == "return None" || body == "..."
}

pub(super) fn is_django_operation(path: &str) -> bool {
    let Some((module, class)) = path.rsplit_once('.') else {
        return false;
    };
    let is_base = class == "Operation";
    !is_base
        && (module == "django.db.migrations"
            || module.starts_with("django.db.migrations.operations")
            || module == "django.contrib.postgres.operations")
}
