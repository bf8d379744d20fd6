//! Statements: what they bind, in order.

use std::sync::Arc;

use ruff_python_ast::{
    ExceptHandler, Expr, Stmt, StmtClassDef, StmtFor, StmtIf, StmtTry, StmtWhile,
};
use ruff_text_size::Ranged;

use super::evaluate::{Evaluator, Frame, Scope, ScopeKind};
use super::module::{CHANGING_METHODS, bound_names, root_name};
use super::value::{ClassDefinition, Value, ValueKind};
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

    #[expect(clippy::too_many_lines, reason = "one arm for each case, each short")]
    fn statement(&mut self, frame: &mut Frame<'_>, statement: &Stmt) -> Flow {
        if let Err(why) = self.spend(1) {
            return Flow::Lost(why);
        }
        match statement {
            Stmt::FunctionDef(function) => {
                let value = Self::function(frame, &function.name.id, function);
                frame.bind(&function.name.id, value);
            }
            Stmt::ClassDef(class) => {
                let value = self.class(frame, class);
                frame.bind(&class.name.id, value);
            }
            Stmt::Return(returned) => {
                return Flow::Return(match &returned.value {
                    Some(value) => self.eval(frame, value),
                    None => none(frame, returned),
                });
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
                    self.assign(frame, &assign.target, value);
                }
            }
            Stmt::AugAssign(assign) => {
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
            Stmt::For(block) => return self.for_loop(frame, block),
            Stmt::While(block) => return self.while_loop(frame, block),
            Stmt::If(block) => return self.if_block(frame, block),
            Stmt::With(block) => {
                for item in &block.items {
                    let value = self.eval(frame, &item.context_expr);
                    if let Some(target) = &item.optional_vars {
                        let why = Why::new("what a context manager gives is not known");
                        self.assign(frame, target, Value::unknown(why, value.origin));
                    }
                }
                return self.block(frame, &block.body);
            }
            Stmt::Try(block) => return self.try_block(frame, block),
            Stmt::Match(block) => {
                let why = Why::new("a `match` statement is not followed");
                return skip(
                    frame,
                    std::slice::from_ref(statement),
                    &why,
                    block.cases.iter().any(|case| leaves(&case.body)),
                );
            }
            Stmt::Raise(_) => return Flow::Lost(Why::new("it raises an error")),
            Stmt::Import(import) => self.import(frame, import),
            Stmt::ImportFrom(import) => self.import_from(frame, import),
            Stmt::Expr(expression) => self.expression_statement(frame, &expression.value),
            Stmt::Break(_) => return Flow::Break,
            Stmt::Continue(_) => return Flow::Continue,
            Stmt::Global(_) | Stmt::Nonlocal(_) => {
                frame.lost = Some(Why::new("it changes names outside itself"));
            }
            Stmt::TypeAlias(_) | Stmt::Assert(_) | Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => {}
        }
        Flow::Next
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
        if let Expr::Attribute(method) = &*call.func
            && CHANGING_METHODS.contains(&method.attr.id.as_str())
            && root_name(&method.value).is_some()
        {
            let target = self.eval(frame, &method.value);
            let changed = self.changed(frame, &target, (&method.attr.id, call));
            self.assign(frame, &method.value, changed);
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

    /// `setattr(self, ...)` of an object binds none of the names around.
    fn sets_of_object(&mut self, frame: &mut Frame<'_>, call: &ruff_python_ast::ExprCall) -> bool {
        call.arguments.args.first().is_some_and(|first| {
            let owner = self.eval(frame, first);
            super::instances::classes_of(&owner).is_some()
        })
    }

    /// Binds a target: a name, an attribute of a class, an item of a dict, several names at once.
    pub(super) fn assign(&mut self, frame: &mut Frame<'_>, target: &Expr, value: Value) {
        match target {
            Expr::Name(name) => frame.bind(&name.id, value),
            Expr::Attribute(attribute) => {
                let owner = self.eval(frame, &attribute.value);
                if let (ValueKind::Call(_), Expr::Name(object)) = (&owner.kind, &*attribute.value) {
                    frame.set_attribute(&object.id, &attribute.attr.id, value);
                    return;
                }
                if let ValueKind::Class(class) = &owner.kind {
                    let mut class = ClassDefinition::clone(class);
                    set_attribute(&mut class, &attribute.attr.id, value);
                    let kind = ValueKind::Class(Arc::new(class));
                    self.assign(
                        frame,
                        &attribute.value,
                        Value {
                            kind,
                            origin: owner.origin,
                        },
                    );
                }
            }
            Expr::Subscript(subscript) => {
                if writes_namespace(target) {
                    frame.lost = Some(Why::new("it writes to its own namespace"));
                    return;
                }
                let owner = self.eval(frame, &subscript.value);
                let key = self.eval(frame, &subscript.slice);
                let changed = self.with_item(owner, key, value);
                self.assign(frame, &subscript.value, changed);
            }
            Expr::Tuple(tuple) => self.unpack(frame, &tuple.elts, &value),
            Expr::List(list) => self.unpack(frame, &list.elts, &value),
            Expr::Starred(starred) => self.assign(frame, &starred.value, value),
            _ => {}
        }
    }

    fn unpack(&mut self, frame: &mut Frame<'_>, targets: &[Expr], value: &Value) {
        let items = match self.iterate(value) {
            Ok(items) => items,
            Err(why) => {
                for target in targets {
                    self.assign(
                        frame,
                        target,
                        Value::unknown(why.clone(), value.origin.clone()),
                    );
                }
                return;
            }
        };
        let star = targets.iter().position(Expr::is_starred_expr);
        let spare = items
            .len()
            .checked_sub(targets.len() - usize::from(star.is_some()));
        let fits = spare.is_some_and(|spare| star.is_some() || spare == 0);
        let mut items = items.into_iter();
        for target in targets {
            let next = if !fits {
                let why = Why::new("the number of values to unpack does not fit");
                Some(Value::unknown(why, value.origin.clone()))
            } else if target.is_starred_expr() {
                let taken = items.by_ref().take(spare.unwrap_or(0)).collect::<Vec<_>>();
                Some(Value {
                    kind: ValueKind::List(taken.into()),
                    origin: value.origin.clone(),
                })
            } else {
                items.next()
            };
            if let Some(next) = next {
                self.assign(frame, target, next);
            }
        }
    }

    fn if_block(&mut self, frame: &mut Frame<'_>, block: &StmtIf) -> Flow {
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

    fn for_loop(&mut self, frame: &mut Frame<'_>, block: &StmtFor) -> Flow {
        let iterated = self.eval(frame, &block.iter);
        let items = match self.iterate(&iterated) {
            Ok(items) => items,
            Err(why) => {
                let mut names = Vec::new();
                bound_names(&block.body, &mut names);
                let leaves = leaves(&block.body);
                forget(frame, &block.target, &why);
                let why = Why::new(format!(
                    "it is changed by a loop over what is not known: {why}"
                ));
                return skip(frame, &block.body, &why, leaves);
            }
        };
        for item in items {
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

    fn while_loop(&mut self, frame: &mut Frame<'_>, block: &StmtWhile) -> Flow {
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
    fn try_block(&mut self, frame: &mut Frame<'_>, block: &StmtTry) -> Flow {
        if let Some(handler) = self.missing_key(frame, block) {
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

    #[expect(clippy::too_many_lines, reason = "one arm for each case, each short")]
    /// The handler that runs since the one statement of the body takes from a known dict what is not there.
    fn missing_key<'b>(
        &mut self,
        frame: &mut Frame<'_>,
        block: &'b StmtTry,
    ) -> Option<&'b ruff_python_ast::ExceptHandlerExceptHandler> {
        let value = match block.body.as_slice() {
            [Stmt::Assign(assign)] => Some(&assign.value),
            [Stmt::Return(returned)] => returned.value.as_ref(),
            _ => None,
        };
        let Expr::Subscript(subscript) = &**value? else {
            return None;
        };
        let owner = self.eval(frame, &subscript.value);
        let ValueKind::Dict(entries) = &owner.kind else {
            return None;
        };
        let key = self.eval(frame, &subscript.slice);
        if !matches!(super::format::find(entries, &key), Ok(None)) {
            return None;
        }
        block.handlers.iter().find_map(|handler| {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let catches = |caught: &Expr| {
                matches!(caught, Expr::Name(name) if matches!(name.id.as_str(), "KeyError" | "LookupError" | "Exception"))
            };
            let runs = match handler.type_.as_deref() {
                None => true,
                Some(Expr::Tuple(several)) => several.elts.iter().any(catches),
                Some(one) => catches(one),
            };
            runs.then_some(handler)
        })
    }

    fn class(&mut self, frame: &mut Frame<'_>, class: &StmtClassDef) -> Value {
        let module = frame.module;
        let mut bases = Vec::new();
        let mut keywords = Vec::new();
        if let Some(arguments) = &class.arguments {
            for base in &arguments.args {
                let value = self.eval(frame, starred_value(base));
                if base.is_starred_expr() {
                    match self.iterate(&value) {
                        Ok(items) => bases.extend(items),
                        Err(why) => bases.push(Value::unknown(why, value.origin)),
                    }
                } else {
                    bases.push(value);
                }
            }
            for keyword in &arguments.keywords {
                let value = self.eval(frame, &keyword.value);
                let name = keyword.arg.as_ref().map_or("**", |name| name.id.as_str());
                keywords.push((name.into(), value));
            }
        }
        let decorators = class
            .decorator_list
            .iter()
            .map(|decorator| self.eval(frame, &decorator.expression))
            .collect();
        let lost_outside = frame.lost.take();
        frame.scopes.push(Scope::new(ScopeKind::Class));
        frame.path.push(class.name.id.to_string());
        let flow = self.block(frame, &class.body);
        frame.path.pop();
        let body = frame
            .scopes
            .pop()
            .map(|scope| scope.names.into_entries())
            .unwrap_or_default();
        let lost_inside = std::mem::replace(&mut frame.lost, lost_outside);
        let unknown_body = match flow {
            Flow::Lost(why) => Some(why),
            _ => lost_inside,
        };
        let origin = class_line(module, class);
        let definition = ClassDefinition {
            name: frame.qualified(&class.name.id),
            bases,
            keywords,
            decorators,
            body,
            unknown_body,
            origin: origin.clone(),
        };
        Value {
            kind: ValueKind::Class(Arc::new(definition)),
            origin,
        }
    }
}

/// From `class` to the end of its head: findings about a class point at its line, not at its body.
fn class_line(module: &Arc<super::module::Module>, class: &StmtClassDef) -> crate::source::Origin {
    let name = super::parse::span_of(class.name.range());
    let head = class
        .arguments
        .as_ref()
        .map_or(name, |arguments| super::parse::span_of(arguments.range()));
    let before = module
        .file
        .text()
        .get(..name.start as usize)
        .unwrap_or_default();
    let start = before
        .rfind("class")
        .and_then(|at| u32::try_from(at).ok())
        .unwrap_or(name.start);
    crate::source::Origin::new(&module.file, crate::source::Span::new(start, head.end))
}

pub(super) fn set_attribute(class: &mut ClassDefinition, name: &str, value: Value) {
    match class.body.iter_mut().find(|(bound, _)| &**bound == name) {
        Some(entry) => entry.1 = value,
        None => class.body.push((name.into(), value)),
    }
}

fn starred_value(expression: &Expr) -> &Expr {
    match expression {
        Expr::Starred(starred) => &starred.value,
        other => other,
    }
}

fn none(frame: &Frame<'_>, node: &impl Ranged) -> Value {
    Value {
        kind: ValueKind::None,
        origin: frame.module.origin(node),
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

/// `locals()["x"] = ...`, `vars().update(...)`, `globals()[...]`.
fn writes_namespace(expression: &Expr) -> bool {
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

fn statement_writes_namespace(statement: &Stmt) -> bool {
    match statement {
        Stmt::Assign(assign) => assign.targets.iter().any(writes_namespace),
        Stmt::Expr(expression) => writes_namespace(&expression.value),
        Stmt::If(block) => block.body.iter().any(statement_writes_namespace),
        Stmt::For(block) => block.body.iter().any(statement_writes_namespace),
        _ => false,
    }
}

fn forget(frame: &mut Frame<'_>, target: &Expr, why: &Why) {
    if let Some(name) = root_name(target) {
        let origin = frame.module.origin(target);
        frame.rebind(name, Value::unknown(why.clone(), origin));
    }
}

/// Leaves statements out: what they bind is unknown, and where they may leave the block, so is what follows.
fn skip(frame: &mut Frame<'_>, body: &[Stmt], why: &Why, leaves: bool) -> Flow {
    let mut names = Vec::new();
    bound_names(body, &mut names);
    for name in names {
        let origin = body.first().map(|first| frame.module.origin(first));
        if let Some(origin) = origin {
            frame.bind(name, Value::unknown(why.clone(), origin));
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
