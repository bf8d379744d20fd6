//! Statements: what they bind, in order.

use ruff_python_ast::{Expr, ExprCall, Stmt, StmtAugAssign, StmtMatch, StmtWith};
use ruff_text_size::Ranged;

use super::assignment::forget;
use super::blocks::{leaves, skip};
use super::bound_names::{CHANGING_METHODS, root_name};
use super::evaluate::Evaluator;
use super::frame::Frame;
use super::value::{Value, ValueKind};
use crate::schema::Why;

/// How a block of statements ends.
pub(super) enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
    /// It cannot be known which statement runs next.
    Lost(Why),
}

impl Evaluator<'_> {
    pub(super) fn block(&mut self, frame: &mut Frame<'_>, body: &[Stmt]) -> Flow {
        for statement in body {
            let flow = match self.deeper(|evaluator| evaluator.statement(frame, statement)) {
                Ok(flow) => flow,
                Err(why) => Flow::Lost(why),
            };
            match flow {
                Flow::Next => {}
                other => return other,
            }
        }
        Flow::Next
    }

    fn statement(&mut self, frame: &mut Frame<'_>, statement: &Stmt) -> Flow {
        if let Err(why) = self.spend(1) {
            return Flow::Lost(why);
        }
        match statement {
            Stmt::Return(returned) => {
                return Flow::Return(match &returned.value {
                    Some(value) => self.eval(frame, value),
                    None => none(frame, returned),
                });
            }
            Stmt::Raise(_) => return Flow::Lost(Why::new("it raises an error")),
            Stmt::Break(_) => return Flow::Break,
            Stmt::Continue(_) => return Flow::Continue,
            Stmt::For(block) => return self.for_loop(frame, block),
            Stmt::While(block) => return self.while_loop(frame, block),
            Stmt::If(block) => return self.if_block(frame, block),
            Stmt::With(block) => return self.with_block(frame, block),
            Stmt::Try(block) => return self.try_block(frame, block),
            Stmt::Match(block) => return match_block(frame, statement, block),
            Stmt::Global(_) | Stmt::Nonlocal(_) => {
                frame.lost = Some(Why::new("it changes names outside itself"));
            }
            Stmt::Expr(expression) => self.expression_statement(frame, &expression.value),
            _ => self.binding_statement(frame, statement),
        }
        Flow::Next
    }

    /// Statements that bind names and always run through; the others bind nothing here.
    fn binding_statement(&mut self, frame: &mut Frame<'_>, statement: &Stmt) {
        match statement {
            Stmt::FunctionDef(function) => {
                let value = Self::function(frame, &function.name.id, function);
                frame.bind(&function.name.id, value);
            }
            Stmt::ClassDef(class) => {
                let value = self.class(frame, class);
                frame.bind(&class.name.id, value);
            }
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    forget(frame, target, &Why::new("it was deleted"));
                }
            }
            Stmt::Assign(assign) => {
                let mut value = self.eval(frame, &assign.value);
                // What is not known is told where it is used, not where it may have come from.
                if value.why_unknown().is_some() {
                    value.origin = frame.module.origin(&*assign.value);
                }
                self.change_by_call(frame, &assign.value);
                for target in &assign.targets {
                    self.assign(frame, target, value.clone());
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Some(assigned) = &assign.value {
                    let mut value = self.eval(frame, assigned);
                    if value.why_unknown().is_some() {
                        value.origin = frame.module.origin(&**assigned);
                    }
                    self.change_by_call(frame, assigned);
                    self.assign(frame, &assign.target, value);
                }
            }
            Stmt::AugAssign(assign) => self.augmented_assignment(frame, assign),
            Stmt::Import(import) => self.import(frame, import),
            Stmt::ImportFrom(import) => self.import_from(frame, import),
            _ => {}
        }
    }

    fn augmented_assignment(&mut self, frame: &mut Frame<'_>, assign: &StmtAugAssign) {
        let left = self.eval(frame, &assign.target);
        let right = self.eval(frame, &assign.value);
        let origin = if matches!(left.kind, ValueKind::List(_)) {
            left.origin.clone()
        } else {
            frame.module.origin(assign)
        };
        let value = self.binary(assign.op, (left, right), origin);
        self.assign(frame, &assign.target, value);
    }

    fn with_block(&mut self, frame: &mut Frame<'_>, block: &StmtWith) -> Flow {
        for item in &block.items {
            let value = self.eval(frame, &item.context_expr);
            if let Some(target) = &item.optional_vars {
                let why = Why::new("what a context manager gives is not known");
                self.assign(frame, target, Value::unknown(why, value.origin));
            }
        }
        self.block(frame, &block.body)
    }

    /// `items.append(x)` changes what a name is bound to; any other call has no effect that is followed.
    fn expression_statement(&mut self, frame: &mut Frame<'_>, expression: &Expr) {
        let Expr::Call(call) = expression else {
            if matches!(
                expression,
                Expr::Yield(_) | Expr::YieldFrom(_) | Expr::Await(_)
            ) {
                frame.lost = Some(Why::new("it is a generator"));
            }
            return;
        };
        if self.change_by_call(frame, expression) {
            return;
        }
        if let Expr::Name(name) = &*call.func
            && matches!(name.id.as_str(), "exec" | "setattr")
            && !self.sets_of_object(frame, call)
        {
            frame.lost = Some(Why::new(format!("`{}(...)` may bind any name", name.id)));
        }
        if writes_namespace(expression) {
            frame.lost = Some(Why::new("it writes to its own namespace"));
        }
    }

    /// `items.append(x)`, `length = kwargs.pop("length")`: what is left of the owner. True for a call that changes one.
    fn change_by_call(&mut self, frame: &mut Frame<'_>, expression: &Expr) -> bool {
        let Expr::Call(call) = expression else {
            return false;
        };
        let Expr::Attribute(method) = &*call.func else {
            return false;
        };
        let is_change = CHANGING_METHODS.contains(&method.attr.id.as_str())
            && root_name(&method.value).is_some();
        if is_change {
            let target = self.eval(frame, &method.value);
            let changed = self.changed(frame, &target, (&method.attr.id, call));
            self.assign(frame, &method.value, changed);
        }
        is_change
    }

    /// `setattr(self, ...)` of an object binds none of the names around.
    fn sets_of_object(&mut self, frame: &mut Frame<'_>, call: &ExprCall) -> bool {
        call.arguments.args.first().is_some_and(|first| {
            let owner = self.eval(frame, first);
            super::instances::classes_of(&owner).is_some()
        })
    }
}

fn match_block(frame: &mut Frame<'_>, statement: &Stmt, block: &StmtMatch) -> Flow {
    let why = Why::new("a `match` statement is not followed");
    let leaves = block.cases.iter().any(|case| leaves(&case.body));
    skip(frame, std::slice::from_ref(statement), &why, leaves)
}

fn none(frame: &Frame<'_>, node: &impl Ranged) -> Value {
    Value {
        kind: ValueKind::None,
        origin: frame.module.origin(node),
    }
}

/// `locals()["x"] = ...`, `vars().update(...)`, `globals()[...]`.
pub(super) fn writes_namespace(expression: &Expr) -> bool {
    match expression {
        Expr::Subscript(subscript) => writes_namespace(&subscript.value),
        Expr::Attribute(attribute) => writes_namespace(&attribute.value),
        Expr::Call(call) => match &*call.func {
            Expr::Name(name) => matches!(name.id.as_str(), "locals" | "vars" | "globals"),
            other => writes_namespace(other),
        },
        _ => false,
    }
}

pub(super) fn statement_writes_namespace(statement: &Stmt) -> bool {
    match statement {
        Stmt::Assign(assign) => assign.targets.iter().any(writes_namespace),
        Stmt::Expr(expression) => writes_namespace(&expression.value),
        Stmt::If(block) => block.body.iter().any(statement_writes_namespace),
        Stmt::For(block) => block.body.iter().any(statement_writes_namespace),
        _ => false,
    }
}
