//! The calls in a function that is looked into: which send SQL, and which lead to code that may.

use std::sync::Arc;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall, Parameters};

use super::super::base_call::is_base_method;
use super::super::calls::{Arguments, Body, find_function};
use super::super::frame::Frame;
use super::super::function_access::{Access, access, only_reads};
use super::super::value::{FunctionDefinition, Value, ValueKind};
use super::{Look, Paths, SentText};
use crate::schema::Why;

impl Look<'_> {
    /// Looks at every call in an expression.
    pub(super) fn expression(&mut self, frame: &mut Frame<'_>, expression: &Expr) {
        let mut calls = Calls::default();
        calls.visit_expr(expression);
        // Inner calls run first.
        for call in calls.found.into_iter().rev() {
            if self.lost.is_some() {
                return;
            }
            if let Err(why) = self.evaluator.spend(1) {
                self.lost = Some(why);
                return;
            }
            self.call(frame, call);
        }
    }

    fn call(&mut self, frame: &mut Frame<'_>, call: &ExprCall) {
        if is_base_method(call, "database_forwards") {
            return self.base_called();
        }
        if let Expr::Attribute(method) = &*call.func {
            let owner = self.evaluator.member(frame, &method.value);
            if method.attr.id.as_str() == "database_forwards" && owner.as_call().is_some() {
                return self.other_operation(owner);
            }
            if let Some(access) = access(&owner) {
                return self.method(frame, (access, &method.attr.id), call);
            }
        }
        let callee = self.evaluator.member(frame, &call.func);
        match &callee.kind {
            ValueKind::Function(function) => {
                let function = Arc::clone(function);
                let arguments = self.evaluator.arguments(frame, call);
                let given = match self.parameters(&function, arguments) {
                    Ok(given) => given,
                    Err(why) => return self.lose(why),
                };
                self.function(&function, &given);
            }
            ValueKind::Name(name) if name.as_str() == "django.core.management.call_command" => {
                self.lose("it runs a management command");
            }
            _ => {
                let arguments = self.evaluator.arguments(frame, call);
                let mut values = arguments
                    .positional
                    .iter()
                    .chain(arguments.keywords.iter().map(|(_, value)| value));
                if values.any(|value| access(value).is_some()) && !only_reads(&callee) {
                    self.lose("it hands the schema editor or the connection on to code that is not followed");
                }
            }
        }
    }

    fn base_called(&mut self) {
        if self.delegate.is_some() {
            return self.lose("it runs more than one operation");
        }
        self.base = self.base.called();
        if self.base_condition.is_none() {
            self.base_condition.clone_from(&self.conditional);
        }
    }

    /// `self.create.database_forwards(...)`: another operation does the work.
    fn other_operation(&mut self, operation: Value) {
        let is_other = match &self.delegate {
            Some(known) => known.origin != operation.origin,
            None => self.base != Paths::NONE,
        };
        if is_other {
            return self.lose("it runs more than one operation");
        }
        self.delegate = Some(operation);
        self.base = self.base.called();
        if self.base_condition.is_none() {
            self.base_condition.clone_from(&self.conditional);
        }
    }

    fn method(&mut self, frame: &mut Frame<'_>, (access, name): (Access, &str), call: &ExprCall) {
        match (access, name) {
            (Access::Editor | Access::Cursor, "execute") => {
                let arguments = self.evaluator.arguments(frame, call);
                let text = match arguments
                    .get(0, "sql")
                    .or_else(|| arguments.get(0, "query"))
                {
                    Some(Value {
                        kind: ValueKind::Str(text),
                        ..
                    }) => Ok(text.clone()),
                    Some(value) => Err(value
                        .why_unknown()
                        .cloned()
                        .unwrap_or_else(|| Why::new("the SQL is not a constant text"))),
                    None => Err(Why::new("the SQL is not given in place")),
                };
                let condition = self.conditional.as_ref().map(|why| {
                    Why::new(format!(
                        "it sends SQL under a condition that is not known: {why}"
                    ))
                });
                self.sent.push(SentText { text, condition });
            }
            (Access::Editor, "quote_name" | "quote_value" | "__enter__")
            | (Access::Connection, _) => {}
            (Access::Cursor, "executemany" | "copy" | "copy_expert" | "callproc" | "copy_from") => {
                self.lose("it sends SQL that is not followed");
            }
            (Access::Cursor, _) => {}
            (Access::Editor, _) => {
                let why = format!("it calls `schema_editor.{name}`");
                self.lose(&why);
            }
        }
    }

    /// Arguments in the order of a function's parameters, as far as they matter here.
    fn parameters(
        &self,
        function: &FunctionDefinition,
        arguments: Arguments,
    ) -> Result<Vec<Value>, &'static str> {
        let module = self
            .evaluator
            .module_of(&function.body)
            .ok_or("its file cannot be read")?;
        let names = match find_function(&module, &function.body) {
            Some(Body::Function(node)) => parameter_names(&node.parameters),
            Some(Body::Lambda(node)) => node
                .parameters
                .as_deref()
                .map(parameter_names)
                .unwrap_or_default(),
            None => return Err("a function that it calls cannot be found"),
        };
        let mut given = arguments.positional;
        for (name, value) in arguments.keywords {
            let Some(at) = names.iter().position(|known| **known == *name) else {
                continue;
            };
            while given.len() <= at {
                let missing = Why::new("the argument is not followed");
                given.push(Value::unknown(missing, value.origin.clone()));
            }
            if let Some(place) = given.get_mut(at) {
                *place = value;
            }
        }
        Ok(given)
    }
}

pub(super) fn parameter_names(parameters: &Parameters) -> Vec<String> {
    let plain = parameters
        .posonlyargs
        .iter()
        .chain(&parameters.args)
        .chain(&parameters.kwonlyargs);
    plain
        .map(|parameter| parameter.parameter.name.id.to_string())
        .collect()
}

/// The calls of an expression, outer before inner; not those of lambdas, which run when they are called.
#[derive(Default)]
struct Calls<'a> {
    found: Vec<&'a ExprCall>,
}

impl<'a> Visitor<'a> for Calls<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if expression.is_lambda_expr() {
            return;
        }
        if let Expr::Call(call) = expression {
            self.found.push(call);
        }
        stacker::maybe_grow(256 * 1024, 1024 * 1024, || walk_expr(self, expression));
    }
}
