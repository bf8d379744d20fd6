//! One Python file: its syntax, and which statement binds which of its names.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use ruff_python_ast::{Expr, Stmt, StmtImportFrom};
use ruff_text_size::Ranged;

use super::bound_names::{bound_names, imported_as};
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
    fn statement(&mut self, index: usize, statement: &Stmt) {
        match statement {
            Stmt::ClassDef(class) => self.bind(index, &class.name.id),
            Stmt::FunctionDef(function) => self.bind(index, &function.name.id),
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.bind(index, imported_as(alias));
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
            other => self.complex(index, other),
        }
    }

    fn complex(&mut self, index: usize, statement: &Stmt) {
        let mut names = Vec::new();
        bound_names(std::slice::from_ref(statement), &mut names);
        if names.is_empty() {
            return;
        }
        self.complex.push(index);
        for name in names {
            let name = self.note(name);
            self.changed.insert(name);
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
