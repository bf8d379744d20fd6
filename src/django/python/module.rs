//! One Python file: its syntax, and which statement binds which of its names.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use ruff_python_ast::{Expr, Stmt, StmtImportFrom};
use ruff_text_size::Ranged;

use super::parse::{Syntax, SyntaxProblem, parse, span_of};
use super::value::Value;
use crate::source::{Origin, SourceFile, Span};

/// A file that was read. Its names are evaluated when they are asked for, through [`super::Python`].
pub struct Module {
    pub file: Arc<SourceFile>,
    /// The dotted name under which it is imported: `shop.migrations.0001_initial`.
    pub name: Arc<str>,
    /// Whether it is the `__init__.py` of a package.
    pub is_package: bool,
    pub(super) syntax: Syntax,
    /// Names bound by one simple statement and changed by no other: evaluated on their own.
    simple: HashMap<Arc<str>, Simple>,
    /// Statements that must run in order: conditions, loops, names that are bound or changed more than once.
    pub(super) residue: Vec<usize>,
    residue_names: HashSet<Arc<str>>,
    pub(super) residue_values: OnceLock<Arc<Bindings>>,
    /// Indices of `from x import *`.
    pub(super) stars: Vec<usize>,
    order: Vec<Arc<str>>,
}

/// A comment, for suppressions: its span begins at the `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub text: Arc<str>,
    pub origin: Origin,
}

struct Simple {
    statement: usize,
    value: OnceLock<Value>,
}

impl fmt::Debug for Module {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Module")
            .field("name", &self.name)
            .field("path", &self.file.path())
            .finish_non_exhaustive()
    }
}

/// Names with their values, in order of first binding.
pub(super) type Bindings = Vec<(Arc<str>, Value)>;

/// How a module binds a name.
pub(super) enum Binding<'m> {
    Simple(&'m Stmt),
    Residue,
    Unbound,
}

impl Module {
    pub(super) fn new(file: Arc<SourceFile>, name: Arc<str>) -> Self {
        let syntax = parse(&file);
        let is_package = file
            .path()
            .file_name()
            .is_some_and(|name| name == "__init__.py");
        let mut survey = Survey::default();
        for (index, statement) in syntax.body().iter().enumerate() {
            survey.statement(index, statement);
        }
        let (simple, residue, residue_names) = survey.split(syntax.body());
        Self {
            file,
            name,
            is_package,
            syntax,
            simple,
            residue,
            residue_names,
            residue_values: OnceLock::new(),
            stars: survey.stars,
            order: survey.order,
        }
    }

    /// Where the file is not Python.
    pub fn problems(&self) -> &[SyntaxProblem] {
        &self.syntax.problems
    }

    /// Every comment, in order.
    pub fn comments(&self) -> impl Iterator<Item = Comment> {
        self.syntax.comments.iter().map(|span| Comment {
            text: self.file.slice(*span).into(),
            origin: Origin::new(&self.file, *span),
        })
    }

    /// The names that the file binds at its top level, in order of their first binding; those of `import *` are not among them.
    pub fn names(&self) -> &[Arc<str>] {
        &self.order
    }

    /// The top-level statement that binds a name, where it is one simple statement.
    pub fn statement_of(&self, name: &str) -> Option<Span> {
        let statement = self.simple.get(name)?.statement;
        self.syntax
            .body()
            .get(statement)
            .map(|found| span_of(found.range()))
    }

    pub(super) fn binding(&self, name: &str) -> Binding<'_> {
        if self.residue_names.contains(name) {
            return Binding::Residue;
        }
        self.simple
            .get(name)
            .and_then(|simple| self.syntax.body().get(simple.statement))
            .map_or(Binding::Unbound, Binding::Simple)
    }

    pub(super) fn cached(&self, name: &str) -> Option<&Value> {
        self.simple.get(name)?.value.get()
    }

    pub(super) fn cache(&self, name: &str, value: &Value) {
        if let Some(simple) = self.simple.get(name) {
            // Another thread may have been first: its value is the same.
            let _lost = simple.value.set(value.clone());
        }
    }

    pub(super) fn origin(&self, node: &impl Ranged) -> Origin {
        Origin::new(&self.file, span_of(node.range()))
    }

    pub(super) fn star_imports(&self) -> impl Iterator<Item = &StmtImportFrom> {
        self.stars
            .iter()
            .filter_map(|index| match self.syntax.body().get(*index) {
                Some(Stmt::ImportFrom(import)) => Some(import),
                _ => None,
            })
    }
}

/// What the statements of a module bind.
#[derive(Default)]
struct Survey {
    /// The simple statements of each name.
    bound: HashMap<Arc<str>, Vec<usize>>,
    /// Names bound or changed by anything else, and the statements that do so.
    changed: HashSet<Arc<str>>,
    complex: Vec<usize>,
    stars: Vec<usize>,
    order: Vec<Arc<str>>,
    seen: HashSet<Arc<str>>,
}

type Split = (HashMap<Arc<str>, Simple>, Vec<usize>, HashSet<Arc<str>>);

impl Survey {
    #[expect(clippy::too_many_lines, reason = "one arm for each case, each short")]
    fn statement(&mut self, index: usize, statement: &Stmt) {
        match statement {
            Stmt::ClassDef(class) => self.bind(index, &class.name.id),
            Stmt::FunctionDef(function) => self.bind(index, &function.name.id),
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.asname.as_ref().map_or_else(
                        || alias.name.id.split('.').next().unwrap_or_default(),
                        |name| name.id.as_str(),
                    );
                    self.bind(index, name);
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    if &*alias.name.id == "*" {
                        self.stars.push(index);
                        continue;
                    }
                    self.bind(index, &alias.asname.as_ref().unwrap_or(&alias.name).id);
                }
            }
            Stmt::Assign(assign) if assign.targets.iter().all(Expr::is_name_expr) => {
                for target in &assign.targets {
                    if let Expr::Name(name) = target {
                        self.bind(index, &name.id);
                    }
                }
            }
            Stmt::AnnAssign(assign) if assign.target.is_name_expr() => {
                if let (Expr::Name(name), Some(_)) = (&*assign.target, &assign.value) {
                    self.bind(index, &name.id);
                }
            }
            Stmt::Pass(_) | Stmt::Assert(_) | Stmt::Raise(_) => {}
            Stmt::Expr(expression) if !expression.value.is_call_expr() => {}
            other => {
                let mut names = Vec::new();
                bound_names(std::slice::from_ref(other), &mut names);
                if names.is_empty() {
                    return;
                }
                self.complex.push(index);
                for name in names {
                    let name = self.note(name);
                    self.changed.insert(name);
                }
            }
        }
    }

    fn note(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.seen.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.seen.insert(Arc::clone(&name));
        self.order.push(Arc::clone(&name));
        name
    }

    fn bind(&mut self, index: usize, name: &str) {
        let name = self.note(name);
        self.bound.entry(name).or_default().push(index);
    }

    fn split(&mut self, body: &[Stmt]) -> Split {
        let mut simple = HashMap::new();
        let mut residue = std::mem::take(&mut self.complex);
        let mut names = std::mem::take(&mut self.changed);
        for (name, statements) in self.bound.drain() {
            match statements.as_slice() {
                [statement] if !names.contains(&name) => {
                    let value = OnceLock::new();
                    let statement = *statement;
                    simple.insert(name, Simple { statement, value });
                }
                // The last definition of a function or class stands, whatever was bound before.
                [.., last] if !names.contains(&name) && is_definition(body.get(*last)) => {
                    let (statement, value) = (*last, OnceLock::new());
                    simple.insert(name, Simple { statement, value });
                }
                _ => {
                    residue.extend(&statements);
                    names.insert(name);
                }
            }
        }
        residue.sort_unstable();
        residue.dedup();
        (simple, residue, names)
    }
}

fn is_definition(statement: Option<&Stmt>) -> bool {
    match statement {
        Some(Stmt::ClassDef(_)) => true,
        // `@x.setter` and `@overload` build on the binding before.
        Some(Stmt::FunctionDef(function)) => function.decorator_list.is_empty(),
        _ => false,
    }
}

/// The names that statements bind or change, those of nested blocks too, those of nested scopes not.
#[expect(clippy::too_many_lines, reason = "one arm for each case, each short")]
pub(super) fn bound_names<'a>(body: &'a [Stmt], names: &mut Vec<&'a str>) {
    for statement in body {
        match statement {
            Stmt::ClassDef(class) => names.push(&class.name.id),
            Stmt::FunctionDef(function) => names.push(&function.name.id),
            Stmt::Import(import) => names.extend(import.names.iter().map(|alias| {
                alias.asname.as_ref().map_or_else(
                    || alias.name.id.split('.').next().unwrap_or_default(),
                    |name| name.id.as_str(),
                )
            })),
            Stmt::ImportFrom(import) => names.extend(
                import
                    .names
                    .iter()
                    .map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).id.as_str()),
            ),
            Stmt::Assign(assign) => assign
                .targets
                .iter()
                .for_each(|target| targets(target, names)),
            Stmt::AugAssign(assign) => targets(&assign.target, names),
            Stmt::AnnAssign(assign) => targets(&assign.target, names),
            Stmt::Delete(delete) => delete
                .targets
                .iter()
                .for_each(|target| targets(target, names)),
            Stmt::Expr(expression) => changed_by_call(&expression.value, names),
            Stmt::For(block) => {
                targets(&block.target, names);
                bound_names(&block.body, names);
                bound_names(&block.orelse, names);
            }
            Stmt::While(block) => {
                bound_names(&block.body, names);
                bound_names(&block.orelse, names);
            }
            Stmt::If(block) => {
                bound_names(&block.body, names);
                for clause in &block.elif_else_clauses {
                    bound_names(&clause.body, names);
                }
            }
            Stmt::With(block) => {
                for item in &block.items {
                    if let Some(target) = &item.optional_vars {
                        targets(target, names);
                    }
                }
                bound_names(&block.body, names);
            }
            Stmt::Try(block) => {
                bound_names(&block.body, names);
                for handler in &block.handlers {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    bound_names(&handler.body, names);
                }
                bound_names(&block.orelse, names);
                bound_names(&block.finalbody, names);
            }
            Stmt::Match(block) => block
                .cases
                .iter()
                .for_each(|case| bound_names(&case.body, names)),
            Stmt::Global(global) => names.extend(global.names.iter().map(|name| name.id.as_str())),
            Stmt::Return(_)
            | Stmt::TypeAlias(_)
            | Stmt::Raise(_)
            | Stmt::Assert(_)
            | Stmt::Nonlocal(_)
            | Stmt::Pass(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::IpyEscapeCommand(_) => {}
        }
    }
}

/// The name that an assignment to a target binds or changes: `a`, `a.b`, `a["b"]`, `(a, *b)`.
fn targets<'a>(target: &'a Expr, names: &mut Vec<&'a str>) {
    match target {
        Expr::Name(name) => names.push(&name.id),
        Expr::Attribute(_) | Expr::Subscript(_) => names.extend(root_name(target)),
        Expr::Starred(starred) => targets(&starred.value, names),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|item| targets(item, names)),
        Expr::List(list) => list.elts.iter().for_each(|item| targets(item, names)),
        _ => {}
    }
}

/// `a` of `a.b[0].c`.
pub(super) fn root_name(mut target: &Expr) -> Option<&str> {
    loop {
        match target {
            Expr::Name(name) => return Some(&name.id),
            Expr::Attribute(attribute) => target = &attribute.value,
            Expr::Subscript(subscript) => target = &subscript.value,
            _ => return None,
        }
    }
}

/// The methods of lists, dicts and sets that change them, and those of Django classes.
pub(super) const CHANGING_METHODS: &[&str] = &[
    "append",
    "extend",
    "insert",
    "remove",
    "pop",
    "clear",
    "sort",
    "reverse",
    "update",
    "setdefault",
    "add",
    "discard",
    "popitem",
];

fn changed_by_call<'a>(expression: &'a Expr, names: &mut Vec<&'a str>) {
    if let Expr::Call(call) = expression
        && let Expr::Attribute(method) = &*call.func
        && CHANGING_METHODS.contains(&method.attr.id.as_str())
    {
        names.extend(root_name(&method.value));
    }
}
