//! What the `__init__` of a class hands on to its base, for one construction of the class.

use std::sync::Arc;

use ruff_python_ast::{Expr, ExprCall, Stmt};

use super::calls::{Arguments, Body, find_function};
use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::reader::Python;
use super::statements::Flow;
use super::value::{Call, ClassDefinition, FunctionDefinition, Value, ValueKind};
use crate::schema::Why;

impl Python {
    /// The arguments of `super().__init__(...)` when `init` is run with the arguments of `call`, as a call of the
    /// same callee. The class stands for its instance: what the constructor sets on `self` is read back.
    ///
    /// # Errors
    /// When the body is not followed up to a call of its base that stands on its own level.
    pub fn base_call(
        &self,
        class: &Arc<ClassDefinition>,
        init: &FunctionDefinition,
        call: &Call,
    ) -> Result<Call, Why> {
        let mut evaluator = Evaluator::new(self);
        let module = evaluator
            .module_of(&init.body)
            .ok_or_else(|| Why::new("its module was not found"))?;
        let Some(Body::Function(node)) = find_function(&module, &init.body) else {
            return Err(Why::new("its body was not found"));
        };
        let instance = Value {
            kind: ValueKind::Class(Arc::clone(class)),
            origin: call.callee.origin.clone(),
        };
        let given = Arguments {
            positional: std::iter::once(instance)
                .chain(call.arguments.iter().cloned())
                .collect(),
            keywords: call.keywords.clone(),
            unknown: call.unknown_arguments.clone(),
        };
        let mut frame = Frame::new(&module);
        frame.scopes.push(Scope::new(ScopeKind::Function));
        evaluator.bind_parameters(&mut frame, &node.parameters, given)?;
        for statement in &node.body {
            if let Some(base) = base_constructor(statement) {
                let handed = evaluator.arguments(&mut frame, base);
                return Ok(Call {
                    callee: call.callee.clone(),
                    arguments: handed.positional,
                    keywords: handed.keywords,
                    unknown_arguments: handed.unknown,
                });
            }
            match evaluator.block(&mut frame, std::slice::from_ref(statement)) {
                Flow::Next => {}
                Flow::Lost(why) => return Err(why),
                Flow::Return(_) | Flow::Break | Flow::Continue => {
                    return Err(Why::new("it may not call its base"));
                }
            }
            if let Some(why) = frame.lost.take() {
                return Err(why);
            }
        }
        Err(Why::new("it does not call its base on its own level"))
    }
}

/// `super().__init__(...)` as a statement.
fn base_constructor(statement: &Stmt) -> Option<&ExprCall> {
    let Stmt::Expr(expression) = statement else {
        return None;
    };
    let Expr::Call(call) = &*expression.value else {
        return None;
    };
    is_base_method(call, "__init__").then_some(call)
}

/// `super().method(...)`.
pub(super) fn is_base_method(call: &ExprCall, method: &str) -> bool {
    let Expr::Attribute(attribute) = &*call.func else {
        return false;
    };
    let Expr::Call(owner) = &*attribute.value else {
        return false;
    };
    attribute.attr.id.as_str() == method
        && matches!(&*owner.func, Expr::Name(name) if name.id.as_str() == "super")
}
