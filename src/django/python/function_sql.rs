//! A read-only look into a function: what SQL it sends, as far as constants tell.

mod calls;

use std::sync::Arc;

use ruff_python_ast::{ExceptHandler, Expr, Parameters, Stmt, StmtFor, StmtTry, StmtWith};

use self::calls::parameter_names;
use super::calls::{Body, find_function};
use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::module::Module;
use super::reader::Python;
use super::value::{DottedName, FunctionDefinition, Static, Text, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

/// What a function that a migration runs does to the database besides the ORM.
#[derive(Debug, Clone)]
pub enum FunctionSql {
    /// Rows at most: models of the state, queries, nothing else.
    OrmOnly,
    /// These texts, in this order; one that is not constant says why.
    Sends(Vec<Static<Text>>),
    /// It may do anything.
    Unknown(Why),
}

/// The name by which the look knows the `schema_editor` argument.
pub(super) const EDITOR: &str = "django.db.backends.base.schema.BaseDatabaseSchemaEditor";
const STATE_APPS: &str = "django.db.migrations.state.StateApps";
const CONNECTION: &str = "django.db.connection";

/// Functions that are looked into for one migration function, and rounds of its loops.
const MOST_FUNCTIONS: u32 = 60;
const DEEPEST: u32 = 8;
const MOST_ROUNDS: usize = 500;

impl Python {
    /// Looks at the body of a function as `RunPython` calls it, and at the functions of the project that it calls.
    pub fn sql_of(&self, function: &FunctionDefinition) -> FunctionSql {
        let mut look = Look {
            evaluator: Evaluator::new(self),
            sent: Vec::new(),
            lost: None,
            conditional: None,
            functions: 0,
            depth: 0,
            rounds: 0,
        };
        let name = |name| Value {
            kind: ValueKind::Name(DottedName::new(name)),
            origin: function.origin.clone(),
        };
        look.function(function, &[name(STATE_APPS), name(EDITOR)]);
        match (look.lost, look.sent.is_empty()) {
            (Some(why), _) => FunctionSql::Unknown(why),
            (None, true) => FunctionSql::OrmOnly,
            (None, false) => FunctionSql::Sends(look.sent),
        }
    }
}

struct Look<'p> {
    evaluator: Evaluator<'p>,
    sent: Vec<Static<Text>>,
    lost: Option<Why>,
    /// Whether what is looked at now may not run.
    conditional: Option<Why>,
    functions: u32,
    depth: u32,
    rounds: usize,
}

impl Look<'_> {
    fn lose(&mut self, why: &str) {
        self.lost.get_or_insert_with(|| Why::new(why));
    }

    fn function(&mut self, function: &FunctionDefinition, arguments: &[Value]) {
        self.functions += 1;
        if self.functions > MOST_FUNCTIONS || self.depth >= DEEPEST {
            return self.lose("it calls more functions than are looked into");
        }
        let Some(module) = self.evaluator.module_of(&function.body) else {
            return self.lose("its file cannot be read");
        };
        let mut frame = Frame::new(&module);
        frame.scopes.push(Scope::new(ScopeKind::Function));
        self.depth += 1;
        match find_function(&module, &function.body) {
            Some(Body::Function(node)) => {
                bind(&mut frame, &node.parameters, arguments);
                let conditional = self.conditional.clone();
                self.block(&mut frame, &node.body);
                self.conditional = conditional;
            }
            Some(Body::Lambda(node)) => {
                if let Some(parameters) = &node.parameters {
                    bind(&mut frame, parameters, arguments);
                }
                self.expression(&mut frame, &node.body);
            }
            None => self.lose("its body cannot be found"),
        }
        self.depth -= 1;
    }

    fn block(&mut self, frame: &mut Frame<'_>, body: &[Stmt]) {
        for statement in body {
            if self.lost.is_some() {
                return;
            }
            if let Err(why) = self.evaluator.spend(1) {
                self.lost = Some(why);
                return;
            }
            stacker::maybe_grow(256 * 1024, 1024 * 1024, || self.statement(frame, statement));
            if matches!(statement, Stmt::Return(_) | Stmt::Raise(_)) {
                return;
            }
        }
    }

    fn statement(&mut self, frame: &mut Frame<'_>, statement: &Stmt) {
        match statement {
            Stmt::If(block) => {
                self.expression(frame, &block.test);
                let mut branches = vec![(Some(&block.test as &Expr), &block.body)];
                branches.extend(
                    block
                        .elif_else_clauses
                        .iter()
                        .map(|clause| (clause.test.as_ref(), &clause.body)),
                );
                self.branches(frame, &branches);
            }
            Stmt::For(block) => self.for_loop(frame, block),
            Stmt::While(block) => {
                self.expression(frame, &block.test);
                self.maybe(frame, &block.body, &Why::new("it is in a `while` loop"));
            }
            Stmt::With(block) => self.with_block(frame, block),
            Stmt::Try(block) => self.try_block(frame, block),
            Stmt::Match(block) => {
                for case in &block.cases {
                    self.maybe(frame, &case.body, &Why::new("it is in a `match` statement"));
                }
            }
            Stmt::Return(returned) => {
                if let Some(value) = &returned.value {
                    self.expression(frame, value);
                }
            }
            _ => self.simple_statement(frame, statement),
        }
    }

    /// Statements that the evaluator runs once their calls were looked at; the others do nothing here.
    fn simple_statement(&mut self, frame: &mut Frame<'_>, statement: &Stmt) {
        let value = match statement {
            // A function or class defined inside runs when it is called.
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => {
                None
            }
            Stmt::Assign(assign) => Some(&assign.value),
            Stmt::AugAssign(assign) => Some(&assign.value),
            Stmt::AnnAssign(assign) => assign.value.as_ref(),
            Stmt::Expr(expression) => Some(&expression.value),
            _ => return,
        };
        if let Some(value) = value {
            self.expression(frame, value);
        }
        self.run(frame, statement);
    }

    fn for_loop(&mut self, frame: &mut Frame<'_>, block: &StmtFor) {
        self.expression(frame, &block.iter);
        let iterated = self.evaluator.eval(frame, &block.iter);
        match self.evaluator.iterate(&iterated) {
            Ok(items) => {
                for item in items {
                    self.rounds += 1;
                    if self.rounds > MOST_ROUNDS || self.lost.is_some() {
                        return;
                    }
                    self.evaluator.assign(frame, &block.target, item);
                    self.block(frame, &block.body);
                }
            }
            Err(why) => {
                let item = Value::unknown(why.clone(), iterated.origin);
                self.evaluator.assign(frame, &block.target, item);
                self.maybe(frame, &block.body, &why);
            }
        }
        self.block(frame, &block.orelse);
    }

    fn with_block(&mut self, frame: &mut Frame<'_>, block: &StmtWith) {
        for item in &block.items {
            self.expression(frame, &item.context_expr);
            if let Some(target) = &item.optional_vars {
                let value = self.evaluator.eval(frame, &item.context_expr);
                self.evaluator.assign(frame, target, value);
            }
        }
        self.block(frame, &block.body);
    }

    fn try_block(&mut self, frame: &mut Frame<'_>, block: &StmtTry) {
        self.block(frame, &block.body);
        for handler in &block.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            self.maybe(frame, &handler.body, &Why::new("it handles an error"));
        }
        self.block(frame, &block.orelse);
        self.block(frame, &block.finalbody);
    }

    /// Lets the evaluator bind what a simple statement binds.
    fn run(&mut self, frame: &mut Frame<'_>, statement: &Stmt) {
        let _flow = self.evaluator.block(frame, std::slice::from_ref(statement));
        frame.lost = None;
    }

    fn branches(
        &mut self,
        frame: &mut Frame<'_>,
        branches: &[(Option<&Expr>, &ruff_python_ast::Suite)],
    ) {
        for (at, (test, body)) in branches.iter().enumerate() {
            match test.map(|test| self.evaluator.condition(frame, test)) {
                None | Some(Ok(true)) => return self.block(frame, body),
                Some(Ok(false)) => {}
                Some(Err(why)) => {
                    let rest = branches.iter().skip(at);
                    let leaves = rest.clone().any(|(_, body)| super::blocks::leaves(body));
                    for (_, body) in rest {
                        self.maybe(frame, body, &why);
                    }
                    // What follows a `return` under a condition is under one, too.
                    if leaves {
                        self.conditional.get_or_insert(why);
                    }
                    return;
                }
            }
        }
    }

    /// Statements that may not run.
    fn maybe(&mut self, frame: &mut Frame<'_>, body: &[Stmt], why: &Why) {
        let outer = self.conditional.clone();
        self.conditional.get_or_insert_with(|| why.clone());
        self.block(frame, body);
        self.conditional = outer;
    }
}

fn bind(frame: &mut Frame<'_>, parameters: &Parameters, arguments: &[Value]) {
    let module: &Arc<Module> = frame.module;
    let origin: Origin = module.origin(parameters);
    for (at, name) in parameter_names(parameters).iter().enumerate() {
        let value = arguments.get(at).cloned().unwrap_or_else(|| {
            Value::unknown(Why::new("the argument is not followed"), origin.clone())
        });
        frame.bind(name, value);
    }
    for rest in parameters.vararg.iter().chain(&parameters.kwarg) {
        let value = Value::unknown(Why::new("the arguments are not followed"), origin.clone());
        frame.bind(&rest.name.id, value);
    }
}
