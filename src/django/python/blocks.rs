//! Statements that hold others: conditions, loops, `try`; and what is left of those that may not have run.

use ruff_python_ast::{
    ExceptHandler, ExceptHandlerExceptHandler, Expr, Stmt, StmtFor, StmtIf, StmtTry, StmtWhile,
};

use super::assignment::forget;
use super::bound_names::bound_names;
use super::evaluate::Evaluator;
use super::frame::Frame;
use super::growth::perhaps_grown;
use super::statements::{Flow, statement_writes_namespace};
use super::value::{Value, ValueKind};
use crate::schema::Why;

impl Evaluator<'_> {
    pub(super) fn if_block(&mut self, frame: &mut Frame<'_>, block: &StmtIf) -> Flow {
        let mut undecided = match self.condition(frame, &block.test) {
            Ok(true) => return self.block(frame, &block.body),
            Ok(false) => None,
            Err(why) => Some(why),
        };
        for clause in &block.elif_else_clauses {
            if undecided.is_some() {
                break;
            }
            undecided = match clause.test.as_ref().map(|test| self.condition(frame, test)) {
                None | Some(Ok(true)) => return self.block(frame, &clause.body),
                Some(Ok(false)) => None,
                Some(Err(why)) => Some(why),
            };
        }
        let Some(why) = undecided else {
            return Flow::Next;
        };
        let why = Why::new(format!(
            "it depends on a condition that is not known: {why}"
        ));
        let leaves = leaves(&block.body)
            || block
                .elif_else_clauses
                .iter()
                .any(|clause| leaves(&clause.body));
        let mut flow = skip(frame, &block.body, &why, leaves);
        for clause in &block.elif_else_clauses {
            flow = skip(frame, &clause.body, &why, leaves);
        }
        flow
    }

    pub(super) fn for_loop(&mut self, frame: &mut Frame<'_>, block: &StmtFor) -> Flow {
        let iterated = self.eval(frame, &block.iter);
        let items = match self.iterate_open(&iterated) {
            Ok(items) => items,
            Err(why) => {
                let leaves = leaves(&block.body);
                forget(frame, &block.target, &why);
                let why = Why::new(format!(
                    "it is changed by a loop over what is not known: {why}"
                ));
                return skip(frame, &block.body, &why, leaves);
            }
        };
        for item in items {
            if let ValueKind::Rest(why) = &item.kind {
                let leaves = leaves(&block.body);
                forget(frame, &block.target, why);
                match skip(frame, &block.body, why, leaves) {
                    Flow::Next => continue,
                    other => return other,
                }
            }
            self.assign(frame, &block.target, item);
            match self.block(frame, &block.body) {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Flow::Next,
                Flow::Lost(why) => {
                    let _skipped = skip(frame, &block.body, &why, false);
                    return Flow::Lost(why);
                }
                other @ Flow::Return(_) => return other,
            }
        }
        self.block(frame, &block.orelse)
    }

    pub(super) fn while_loop(&mut self, frame: &mut Frame<'_>, block: &StmtWhile) -> Flow {
        loop {
            if let Err(why) = self.spend(1) {
                let _skipped = skip(frame, &block.body, &why, false);
                return Flow::Lost(why);
            }
            match self.condition(frame, &block.test) {
                Ok(true) => {}
                Ok(false) => return self.block(frame, &block.orelse),
                Err(why) => return skip(frame, &block.body, &why, leaves(&block.body)),
            }
            match self.block(frame, &block.body) {
                Flow::Next | Flow::Continue => {}
                Flow::Break => return Flow::Next,
                Flow::Lost(why) => {
                    let _skipped = skip(frame, &block.body, &why, false);
                    return Flow::Lost(why);
                }
                other @ Flow::Return(_) => return other,
            }
        }
    }

    /// The body is taken; what only a handler binds may or may not be there.
    pub(super) fn try_block(&mut self, frame: &mut Frame<'_>, block: &StmtTry) -> Flow {
        if let Some(handler) = self.raised(frame, block) {
            return self.block(frame, &handler.body);
        }
        let flow = self.block(frame, &block.body);
        for handler in &block.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let mut names = Vec::new();
            bound_names(&handler.body, &mut names);
            for name in names {
                if frame.local(name).is_none() {
                    let why = Why::new("it is bound only when an error is handled");
                    let origin = frame.module.origin(handler);
                    frame.bind(name, Value::unknown(why, origin));
                }
            }
        }
        match flow {
            Flow::Next => {}
            other => return other,
        }
        match self.block(frame, &block.orelse) {
            Flow::Next => self.block(frame, &block.finalbody),
            other => other,
        }
    }

    /// The handler that runs since the one statement of the body asks for what is certain not to be there.
    fn raised<'b>(
        &mut self,
        frame: &mut Frame<'_>,
        block: &'b StmtTry,
    ) -> Option<&'b ExceptHandlerExceptHandler> {
        let value = match block.body.as_slice() {
            [Stmt::Assign(assign)] => Some(&assign.value),
            [Stmt::Return(returned)] => returned.value.as_ref(),
            [Stmt::Expr(expression)] => Some(&expression.value),
            _ => None,
        };
        let raised = match &**value? {
            Expr::Subscript(subscript) => {
                let owner = self.eval(frame, &subscript.value);
                let ValueKind::Dict(entries) = &owner.kind else {
                    return None;
                };
                let key = self.eval(frame, &subscript.slice);
                matches!(super::format::find(entries, &key), Ok(None)).then_some("KeyError")?
            }
            // Asked before a module defines a model of its own, as those do that let a project define it first: it
            // is not there yet (`Apps.get_registered_model`).
            Expr::Call(call) => {
                let callee = self.eval(frame, &call.func);
                let ValueKind::Name(name) = &callee.kind else {
                    return None;
                };
                (name.as_str() == "django.apps.apps.get_registered_model")
                    .then_some("LookupError")?
            }
            _ => return None,
        };
        block.handlers.iter().find_map(|handler| {
            let ExceptHandler::ExceptHandler(handler) = handler;
            catches(handler, raised).then_some(handler)
        })
    }
}

/// Whether a block may end other than by running through.
pub(super) fn leaves(body: &[Stmt]) -> bool {
    body.iter().any(|statement| match statement {
        Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_) => true,
        Stmt::If(block) => {
            leaves(&block.body)
                || block
                    .elif_else_clauses
                    .iter()
                    .any(|clause| leaves(&clause.body))
        }
        Stmt::For(block) => leaves(&block.body) || leaves(&block.orelse),
        Stmt::While(block) => leaves(&block.body) || leaves(&block.orelse),
        Stmt::With(block) => leaves(&block.body),
        Stmt::Match(block) => block.cases.iter().any(|case| leaves(&case.body)),
        Stmt::Try(block) => {
            leaves(&block.body)
                || leaves(&block.orelse)
                || leaves(&block.finalbody)
                || block.handlers.iter().any(|handler| {
                    let ExceptHandler::ExceptHandler(handler) = handler;
                    leaves(&handler.body)
                })
        }
        _ => false,
    })
}

/// Leaves statements out: what they bind is unknown, and where they may leave the block, so is what follows.
pub(super) fn skip(frame: &mut Frame<'_>, body: &[Stmt], why: &Why, leaves: bool) -> Flow {
    let mut names = Vec::new();
    bound_names(body, &mut names);
    for name in names {
        let origin = body.first().map(|first| frame.module.origin(first));
        if let Some(origin) = origin {
            let grown = frame
                .local(name)
                .and_then(|value| perhaps_grown(value, (body, name), why));
            let unknown = || Value::unknown(why.clone(), origin);
            frame.bind(name, grown.unwrap_or_else(unknown));
        }
    }
    if body.iter().any(statement_writes_namespace) {
        frame.lost = Some(why.clone());
    }
    if leaves {
        return Flow::Lost(why.clone());
    }
    Flow::Next
}

fn catches(handler: &ExceptHandlerExceptHandler, raised: &str) -> bool {
    let catches = |caught: &Expr| match caught {
        Expr::Name(name) => [raised, "LookupError", "Exception"].contains(&name.id.as_str()),
        _ => false,
    };
    match handler.type_.as_deref() {
        None => true,
        Some(Expr::Tuple(several)) => several.elts.iter().any(catches),
        Some(one) => catches(one),
    }
}
