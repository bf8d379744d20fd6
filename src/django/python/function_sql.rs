//! A read-only look into a function: what SQL it sends, as far as constants tell.

mod calls;

use std::sync::Arc;

use ruff_python_ast::{ExceptHandler, Expr, Parameters, Stmt, StmtFor, StmtTry, StmtWith};

use self::calls::parameter_names;
use super::calls::{Body, find_function};
use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::function_access::{EDITOR, STATE, STATE_APPS};
use super::module::Module;
use super::reader::Python;
use super::text::generated;
use super::value::{DottedName, FunctionBody, FunctionDefinition, Static, Text, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

/// What a function that a migration runs does to the database besides the ORM.
#[derive(Debug, Clone)]
pub enum FunctionSql {
    /// Rows at most: models of the state, queries, nothing else.
    OrmOnly,
    /// These texts, in this order.
    Sends(Vec<SentText>),
    /// It may do anything.
    Unknown(Why),
}

/// A text that a function sends.
#[derive(Debug, Clone)]
pub struct SentText {
    /// One that is not constant says why.
    pub text: Static<Text>,
    /// Why it may not be sent at all, or more than once.
    pub condition: Option<Why>,
}

/// What the `database_forwards` of a custom operation does.
#[derive(Debug, Clone)]
pub struct MethodSql {
    /// Apart from what it leaves to its base.
    pub sql: FunctionSql,
    pub base: BaseCalls,
}

/// Whether a method calls that of its base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseCalls {
    Never,
    /// Once, on every way through.
    Always,
    Perhaps(Why),
}

/// The table of a model of the state, by app and model.
pub type TableNames<'a> = &'a dyn Fn(&str, &str) -> Option<Arc<str>>;

/// Functions that are looked into for one migration function, and rounds of its loops.
const MOST_FUNCTIONS: u32 = 60;
const DEEPEST: usize = 8;
const MOST_ROUNDS: usize = 500;

impl Python {
    /// Looks at the body of a function as `RunPython` calls it, and at the functions of the project that it calls.
    pub fn sql_of(&self, function: &FunctionDefinition, tables: TableNames<'_>) -> FunctionSql {
        let mut look = Look::new(self, Some(tables));
        let name = |name| named(name, function);
        look.function(function, &[name(STATE_APPS), name(EDITOR)]);
        look.sql()
    }

    /// Looks at a `database_forwards` as `migrate` calls it; the operation itself is not known inside.
    pub fn sql_of_method(&self, method: &FunctionDefinition) -> MethodSql {
        let mut look = Look::new(self, None);
        let unknown = |why| Value::unknown(Why::new(why), method.origin.clone());
        let arguments = [
            unknown("the operation is not followed"),
            unknown("the label of the app is not followed"),
            named(EDITOR, method),
            named(STATE, method),
            named(STATE, method),
        ];
        look.function(method, &arguments);
        let base = match look.base {
            Paths::NONE | Paths::NOWHERE => BaseCalls::Never,
            Paths::ONE => BaseCalls::Always,
            _ => BaseCalls::Perhaps(
                look.base_condition
                    .take()
                    .unwrap_or_else(|| Why::new("it may call its base, or may not")),
            ),
        };
        MethodSql {
            sql: look.sql(),
            base,
        }
    }
}

fn named(name: &str, function: &FunctionDefinition) -> Value {
    Value {
        kind: ValueKind::Name(DottedName::new(name)),
        origin: function.origin.clone(),
    }
}

/// How often the base may have been called on the ways that lead to a place: a set of never, once, and more often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Paths(u8);

impl Paths {
    const NOWHERE: Self = Self(0);
    const NONE: Self = Self(1);
    const ONE: Self = Self(2);

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// One call more on each way.
    fn called(self) -> Self {
        Self(((self.0 << 1) | (self.0 & 4)) & 7)
    }
}

struct Look<'p> {
    evaluator: Evaluator<'p>,
    sent: Vec<SentText>,
    lost: Option<Why>,
    /// Whether what is looked at now may not run.
    conditional: Option<Why>,
    functions: u32,
    rounds: usize,
    /// The functions that are being looked at, the outermost first.
    stack: Vec<FunctionBody>,
    recursive: bool,
    /// Calls of the base on the ways to here, and on those that ended in a `return`.
    base: Paths,
    returned: Paths,
    base_condition: Option<Why>,
}

impl<'p> Look<'p> {
    fn new(python: &'p Python, tables: Option<TableNames<'p>>) -> Self {
        let mut evaluator = Evaluator::new(python);
        evaluator.tables = tables;
        Self {
            evaluator,
            sent: Vec::new(),
            lost: None,
            conditional: None,
            functions: 0,
            rounds: 0,
            stack: Vec::new(),
            recursive: false,
            base: Paths::NONE,
            returned: Paths::NOWHERE,
            base_condition: None,
        }
    }

    fn sql(self) -> FunctionSql {
        match (self.lost, self.sent.is_empty()) {
            (Some(why), _) => FunctionSql::Unknown(why),
            (None, true) => FunctionSql::OrmOnly,
            (None, false) if self.recursive => {
                FunctionSql::Unknown(Why::new("it sends SQL in a function that calls itself"))
            }
            (None, false) => FunctionSql::Sends(self.sent),
        }
    }

    fn lose(&mut self, why: &str) {
        self.lost.get_or_insert_with(|| Why::new(why));
    }

    fn function(&mut self, function: &FunctionDefinition, arguments: &[Value]) {
        if self.stack.contains(&function.body) {
            self.recursive = true;
            return;
        }
        self.functions += 1;
        if self.functions > MOST_FUNCTIONS || self.stack.len() >= DEEPEST {
            return self.lose("it calls more functions than are looked into");
        }
        let Some(module) = self.evaluator.module_of(&function.body) else {
            return self.lose("its file cannot be read");
        };
        let mut frame = Frame::new(&module);
        frame.scopes.push(Scope::new(ScopeKind::Function));
        self.stack.push(function.body.clone());
        let returned = std::mem::replace(&mut self.returned, Paths::NOWHERE);
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
        self.base = self.base.or(self.returned);
        self.returned = returned;
        self.stack.pop();
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
                if statement.is_return_stmt() {
                    self.returned = self.returned.or(self.base);
                }
                self.base = Paths::NOWHERE;
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
        let iterated = sequence_resets(&iterated).unwrap_or(iterated);
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
                    self.one_of(
                        frame,
                        rest.map(|(test, body)| (test.is_none(), *body)),
                        &why,
                    );
                    // What follows a `return` under a condition is under one, too.
                    if leaves {
                        self.conditional.get_or_insert(why);
                    }
                    return;
                }
            }
        }
    }

    /// Branches of which one at most runs; the last of them for certain where it is an `else`.
    fn one_of<'s>(
        &mut self,
        frame: &mut Frame<'_>,
        branches: impl Iterator<Item = (bool, &'s ruff_python_ast::Suite)>,
        why: &Why,
    ) {
        let before = self.base;
        let mut after = Paths::NOWHERE;
        let mut one_runs = false;
        let outer = self.conditional.clone();
        self.conditional.get_or_insert_with(|| why.clone());
        for (is_else, body) in branches {
            one_runs |= is_else;
            self.base = before;
            self.block(frame, body);
            after = after.or(self.base);
        }
        self.conditional = outer;
        self.base = if one_runs { after } else { after.or(before) };
    }

    /// Statements that may not run.
    fn maybe(&mut self, frame: &mut Frame<'_>, body: &[Stmt], why: &Why) {
        let outer = self.conditional.clone();
        self.conditional.get_or_insert_with(|| why.clone());
        let before = self.base;
        self.block(frame, body);
        self.base = self.base.or(before);
        self.conditional = outer;
    }
}

/// What `connection.ops.sequence_reset_sql(...)` gives: statements that set sequences, and change no catalog.
fn sequence_resets(value: &Value) -> Option<Value> {
    let callee = &value.as_call()?.callee;
    let ValueKind::Name(name) = &callee.kind else {
        return None;
    };
    (name.as_str() == "django.db.connection.ops.sequence_reset_sql").then(|| {
        let reset = ValueKind::Str(generated("SELECT setval('sequence', 1)", &value.origin));
        let reset = Value {
            kind: reset,
            origin: value.origin.clone(),
        };
        Value {
            kind: ValueKind::List(vec![reset].into()),
            origin: value.origin.clone(),
        }
    })
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
