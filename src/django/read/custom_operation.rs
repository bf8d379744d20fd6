//! Operations of classes that a project or a package defines: what they do to the state and to the database.

use std::sync::Arc;

use super::operation::{OperationReader, not_analysed};
use crate::django::ancestry::{ancestry, inherited};
use crate::django::operation::{LocatedOperation, Operation};
use crate::django::python::{
    Ancestor, BaseCalls, Call, ClassDefinition, Decision, FunctionDefinition, FunctionSql, Python,
    Value, ValueKind,
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
    /// What the class of Django does, and more that could not be read.
    More(Why),
    /// What Django's class does, or nothing: this method decides.
    Perhaps(Why, Decision),
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
        let (database, delegate) = self.database(&ancestors);
        let state = self.state(&ancestors, delegate.as_ref());
        let django = match &delegate {
            Some(operation) => self.wrapped(operation),
            None => self.django(&ancestors),
        };
        match (state, database, django) {
            (Effect::AsDjango, Effect::AsDjango, Ok(operation)) => operation,
            (Effect::More(why), database, Ok(operation)) => Operation::SeparateDatabaseAndState {
                database_operations: self.database_half(database, Ok(operation.clone())),
                state_operations: vec![
                    self.located(operation),
                    not_analysed(self.value, self.class.name.last(), why),
                ],
            },
            (
                Effect::Unknown(_) | Effect::Perhaps(..) | Effect::More(_),
                Effect::Unknown(why),
                _,
            )
            | (Effect::Unknown(why) | Effect::Perhaps(why, _) | Effect::More(why), _, _)
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
            (Effect::Perhaps(why, decision), Ok(operation)) => {
                vec![self.located(Operation::Conditional {
                    operation: Box::new(self.located(operation)),
                    why,
                    decision: Arc::new(decision),
                })]
            }
            (Effect::AsDjango | Effect::Perhaps(..), Err(why))
            | (Effect::Unknown(why) | Effect::More(why), _) => {
                vec![not_analysed(self.value, self.class.name.last(), why)]
            }
        }
    }

    /// What the object has by name: what stands in the body of its class, and its arguments, each of which Django's
    /// operations keep under its own name.
    fn attributes(&self) -> Vec<(Arc<str>, Value)> {
        let names: &[&str] = match self.call.arguments.len() {
            1 => &["name"],
            _ => &["model_name", "name"],
        };
        let first = names
            .iter()
            .zip(&self.call.arguments)
            .map(|(name, value)| (Arc::from(*name), value.clone()));
        let body = self.class.body.iter().cloned();
        body.chain(self.call.keywords.iter().cloned())
            .chain(first)
            .collect()
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

    /// The operation that an object keeps and leaves the work to.
    fn wrapped(&self, operation: &Value) -> Result<Operation, Why> {
        let call = operation
            .as_call()
            .ok_or_else(|| Why::new("the operation that it runs is not constructed in place"))?;
        let name = match &call.callee.kind {
            ValueKind::Name(name) if is_django_operation(name.as_str()) => name.last(),
            _ => return Err(Why::new("the operation that it runs is none of Django's")),
        };
        match self.reader.django(name, call, self.left) {
            Operation::NotAnalysed { why } => Err(why),
            operation => Ok(operation),
        }
    }

    /// Whether the state half, too, is that of the operation which does the work.
    fn is_delegated(&self, hook: &Value, delegate: Option<&Value>) -> bool {
        let (ValueKind::Function(method), Some(python), Some(delegate)) =
            (&hook.kind, self.reader.python, delegate)
        else {
            return false;
        };
        let attribute = python.delegated(method);
        attribute
            .and_then(|name| self.class.attribute(&name).cloned())
            .is_some_and(|kept| kept.origin == delegate.origin)
    }

    fn runs_base(&self, hook: &Value) -> bool {
        match (&hook.kind, self.reader.python) {
            (ValueKind::Function(method), Some(python)) => python.runs_base(method),
            _ => false,
        }
    }

    fn state(&self, ancestors: &[Ancestor], delegate: Option<&Value>) -> Effect {
        match inherited(ancestors, "state_forwards") {
            Some((_, hook)) if self.is_delegated(hook, delegate) => Effect::AsDjango,
            Some((_, hook)) if does_nothing(hook) => Effect::Nothing,
            Some((_, hook)) if self.runs_base(hook) => {
                Effect::More(self.own("state_forwards", None))
            }
            Some(_) => Effect::Unknown(self.own("state_forwards", None)),
            // Django's class does nothing to the state (`django/db/migrations/operations/special.py`).
            None if django_class(ancestors).as_deref() == Some("RunPython") => Effect::Nothing,
            None => Effect::AsDjango,
        }
    }

    /// What it does to the database, and the operation that does it where that is another.
    fn database(&self, ancestors: &[Ancestor]) -> (Effect, Option<Value>) {
        for method in ["__new__", "allow_migrate_model"] {
            if inherited(ancestors, method).is_some() {
                return (Effect::Unknown(self.own(method, None)), None);
            }
        }
        let effect = match (
            self.method(ancestors, "database_forwards"),
            self.reader.python,
        ) {
            (None, _) => Effect::AsDjango,
            (Some(Ok(method)), Some(python)) => return self.look_into(method, python),
            (Some(Err(why)), _) => Effect::Unknown(why),
            (Some(Ok(_)), None) => Effect::Unknown(self.own("database_forwards", None)),
        };
        (effect, None)
    }

    fn look_into(&self, method: &FunctionDefinition, python: &Python) -> (Effect, Option<Value>) {
        let decision = Decision {
            method: method.clone(),
            attributes: self.attributes(),
        };
        let looked = python.sql_of_method(&decision);
        let effect = match (looked.sql, looked.base) {
            (FunctionSql::OrmOnly, BaseCalls::Never) => Effect::Nothing,
            (FunctionSql::OrmOnly, BaseCalls::Always) => Effect::AsDjango,
            (FunctionSql::OrmOnly, BaseCalls::Perhaps(why)) => Effect::Perhaps(why, decision),
            (FunctionSql::Sends(_), _) => Effect::Unknown(self.own(
                "database_forwards",
                Some(&Why::new("it sends SQL of its own")),
            )),
            (FunctionSql::Unknown(why), _) => {
                Effect::Unknown(self.own("database_forwards", Some(&why)))
            }
        };
        (effect, looked.delegate)
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
