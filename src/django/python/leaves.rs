//! How a method ends: whether it leaves all of its work to that of its base, or hands back what it was given.

use std::sync::Arc;

use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};

use super::base_call::is_base_method;
use super::calls::{Body, find_function};
use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::reader::Python;
use super::value::{ClassDefinition, FunctionDefinition, Value, ValueKind};
use crate::schema::Why;

/// What calling a method comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaves {
    /// `return super().method(...)`.
    ToBase,
    /// It does nothing, and returns this parameter.
    Parameter(String),
    Unknown(Why),
}

/// Attributes of a migration that a constructor may set without touching what it runs.
const OF_THE_GRAPH: [&str; 3] = ["dependencies", "run_before", "replaces"];
/// Methods of a logger, and `print`.
const SPOKEN: [&str; 7] = [
    "debug",
    "info",
    "warning",
    "warn",
    "error",
    "exception",
    "print",
];

impl Python {
    /// Follows a method to its `return`: what it says on the way (to a logger) is nothing, all else is unknown.
    pub fn leaves(&self, method: &FunctionDefinition) -> Leaves {
        let evaluator = Evaluator::new(self);
        let Some(module) = evaluator.module_of(&method.body) else {
            return Leaves::Unknown(Why::new("its module was not found"));
        };
        let Some(Body::Function(node)) = find_function(&module, &method.body) else {
            return Leaves::Unknown(Why::new("its body was not found"));
        };
        let mut frame = Frame::new(&module);
        frame.scopes.push(Scope::new(ScopeKind::Function));
        for parameter in node.parameters.iter_non_variadic_params() {
            let unknown =
                Value::unknown(Why::new("an argument is not known"), method.origin.clone());
            frame.bind(parameter.name().id.as_str(), unknown);
        }
        let mut way = Way {
            evaluator,
            frame,
            node,
        };
        way.block(&node.body)
            .unwrap_or_else(|| Leaves::Unknown(Why::new("it may return nothing")))
    }

    /// What the constructor of a migration sets of its place in the graph; `None` where it may change what is run.
    pub fn sets_of_graph(
        &self,
        class: &Arc<ClassDefinition>,
        init: &FunctionDefinition,
    ) -> Option<Vec<(Arc<str>, Value)>> {
        let mut evaluator = Evaluator::new(self);
        let module = evaluator.module_of(&init.body)?;
        let Some(Body::Function(node)) = find_function(&module, &init.body) else {
            return None;
        };
        let text = init.origin.file.slice(init.origin.span);
        let may_change_more = ["operations", "setattr", "__dict__", "atomic"]
            .iter()
            .any(|word| text.contains(word));
        let own = node.parameters.args.first()?.parameter.name.id.as_str();
        if may_change_more {
            return None;
        }
        let mut frame = Frame::new(&module);
        frame.scopes.push(Scope::new(ScopeKind::Function));
        let object = Value {
            kind: ValueKind::Class(Arc::clone(class)),
            origin: init.origin.clone(),
        };
        frame.bind(own, object);
        // What stands under a condition can only add to the order: it is left out.
        for statement in node
            .body
            .iter()
            .filter(|statement| statement.is_assign_stmt())
        {
            let _flow = evaluator.block(&mut frame, std::slice::from_ref(statement));
            frame.lost = None;
        }
        let set = |name: &str| Some((Arc::from(name), frame.attribute(own, name)?.clone()));
        Some(OF_THE_GRAPH.into_iter().filter_map(set).collect())
    }
}

struct Way<'n> {
    evaluator: Evaluator<'n>,
    frame: Frame<'n>,
    node: &'n StmtFunctionDef,
}

impl Way<'_> {
    /// `None` where the block goes on to what follows it.
    fn block(&mut self, body: &[Stmt]) -> Option<Leaves> {
        body.iter().find_map(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &Stmt) -> Option<Leaves> {
        match statement {
            Stmt::Pass(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => None,
            Stmt::Expr(expression) if is_harmless(&expression.value) => None,
            Stmt::Return(returned) => Some(self.returned(returned.value.as_deref())),
            Stmt::If(block) => {
                let first = (Some(&*block.test), &block.body);
                let others = block.elif_else_clauses.iter();
                let others = others.map(|clause| (clause.test.as_ref(), &clause.body));
                for (test, body) in std::iter::once(first).chain(others) {
                    match test.map(|test| self.evaluator.condition(&mut self.frame, test)) {
                        None | Some(Ok(true)) => return self.block(body),
                        Some(Ok(false)) => {}
                        Some(Err(why)) => return Some(Leaves::Unknown(why)),
                    }
                }
                None
            }
            _ => Some(Leaves::Unknown(Why::new(
                "it has a statement that is not followed",
            ))),
        }
    }

    fn returned(&self, value: Option<&Expr>) -> Leaves {
        match value {
            Some(Expr::Call(call)) if is_base_method(call, self.node.name.id.as_str()) => {
                Leaves::ToBase
            }
            Some(Expr::Name(name)) if self.node.parameters.includes(name.id.as_str()) => {
                Leaves::Parameter(name.id.to_string())
            }
            _ => Leaves::Unknown(Why::new("what it returns is not followed")),
        }
    }
}

/// A text, or a call that only says something.
fn is_harmless(expression: &Expr) -> bool {
    match expression {
        Expr::StringLiteral(_) => true,
        Expr::Call(call) => match &*call.func {
            Expr::Name(name) => SPOKEN.contains(&name.id.as_str()),
            Expr::Attribute(method) => {
                SPOKEN.contains(&method.attr.id.as_str())
                    && matches!(&*method.value, Expr::Name(name) if name.id.as_str().starts_with("log"))
            }
            _ => false,
        },
        _ => false,
    }
}
