//! The statements of a function that is looked into: which run, which may run, and how often.

use ruff_python_ast::{ExceptHandler, Expr, Stmt, StmtFor, StmtTry, StmtWith, Suite};

use super::super::blocks::leaves;
use super::super::frame::Frame;
use super::super::function_access::model_of;
use super::super::text::generated;
use super::super::value::{Call, Value, ValueKind};
use super::{Look, Paths};
use crate::schema::Why;

/// Rounds of all loops in the functions that are looked into for one migration function.
const MOST_ROUNDS: usize = 500;

impl Look<'_> {
    /// Follows statements in order, up to a `return` or `raise`, or until what they send is lost.
    pub(super) fn block(&mut self, frame: &mut Frame<'_>, body: &[Stmt]) {
        for statement in body {
            // No way leads here: all of them left the function.
            if self.lost.is_some() || self.base == Paths::NOWHERE {
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
        let iterated = self.sequence_resets(&iterated).unwrap_or(iterated);
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
        let before = self.base;
        self.block(frame, &block.body);
        let leaves = self.base == Paths::NOWHERE;
        if leaves {
            // An error may come before what leaves, and the end runs whatever happens.
            self.base = before;
        }
        for handler in &block.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            self.maybe(frame, &handler.body, &Why::new("it handles an error"));
        }
        if !leaves {
            self.block(frame, &block.orelse);
        }
        self.block(frame, &block.finalbody);
        if leaves && block.handlers.is_empty() {
            self.base = Paths::NOWHERE;
        }
    }

    /// Lets the evaluator bind what a simple statement binds.
    fn run(&mut self, frame: &mut Frame<'_>, statement: &Stmt) {
        let _flow = self.evaluator.block(frame, std::slice::from_ref(statement));
        frame.lost = None;
    }

    fn branches(&mut self, frame: &mut Frame<'_>, branches: &[(Option<&Expr>, &Suite)]) {
        for (at, (test, body)) in branches.iter().enumerate() {
            match test.map(|test| self.evaluator.condition(frame, test)) {
                None | Some(Ok(true)) => return self.block(frame, body),
                Some(Ok(false)) => {}
                Some(Err(why)) => {
                    let rest = branches.iter().skip(at);
                    let leaves = rest.clone().any(|(_, body)| leaves(body));
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
        branches: impl Iterator<Item = (bool, &'s Suite)>,
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

impl Look<'_> {
    /// What `connection.ops.sequence_reset_sql(style, models)` gives: a statement for each model with an AutoField
    /// (`django/db/backends/postgresql/operations.py`).
    fn sequence_resets(&self, value: &Value) -> Option<Value> {
        let call = value.as_call()?;
        let ValueKind::Name(name) = &call.callee.kind else {
            return None;
        };
        (name.as_str() == "django.db.connection.ops.sequence_reset_sql").then_some(())?;
        // Models that are not known: what is sent changes no catalog all the same.
        let texts = self
            .resets_of(call)
            .unwrap_or_else(|| vec!["SELECT setval('sequence', 1)".to_owned()]);
        let statement = |text: String| Value {
            kind: ValueKind::Str(generated(&text, &value.origin)),
            origin: value.origin.clone(),
        };
        Some(Value {
            kind: ValueKind::List(texts.into_iter().map(statement).collect()),
            origin: value.origin.clone(),
        })
    }

    fn resets_of(&self, call: &Call) -> Option<Vec<String>> {
        let counters = self.counters?;
        let models = call.argument(1, "model_list")?.items()?;
        let mut resets = Vec::new();
        for model in models {
            let (app, model) = model_of(model)?;
            resets.extend(counters(app, model)?.map(|(table, column)| reset(&table, &column)));
        }
        Some(resets)
    }
}

fn reset(table: &str, column: &str) -> String {
    format!(
        "SELECT setval(pg_get_serial_sequence('\"{table}\"','{column}'), coalesce(max(\"{column}\"), 1), \
         max(\"{column}\") IS NOT null) FROM \"{table}\";"
    )
}
