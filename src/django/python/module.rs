//! One Python file: its syntax, and which statement binds which of its names.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use ruff_python_ast::{Expr, Stmt, StmtImportFrom};
use ruff_text_size::Ranged;

use super::bound_names::{bound_names, imported_as};
use super::parse::{SyntaxProblem, span_of};
use super::tree::Tree;
use super::value::Value;
use crate::source::{Origin, SourceFile, Span};

/// A file that was read. Its names are evaluated when they are asked for, through [`super::Python`].
pub struct Module {
    pub file: Arc<SourceFile>,
    /// The dotted name under which it is imported: `shop.migrations.0001_initial`.
    pub name: Arc<str>,
    /// The path of the file as text.
    pub(super) path: Arc<str>,
    /// Whether it is the `__init__.py` of a package.
    pub is_package: bool,
    pub(super) tree: Tree,
    /// The place of each name in `order` and in `bound`.
    places: FxHashMap<Arc<str>, usize>,
    /// Names bound by one simple statement and changed by no other, which are evaluated on their own; `None` for
    /// the others, which the residue binds.
    bound: Vec<Option<Simple>>,
    /// Statements that must run in order: conditions, loops, names that are bound or changed more than once.
    pub(super) residue: Vec<usize>,
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

/// A name that one statement binds.
pub(super) struct Simple {
    statement: usize,
    /// Once it was evaluated.
    pub(super) value: OnceLock<Value>,
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
    /// One statement binds it, whose value is kept.
    Simple(&'m Simple),
    Residue,
    Unbound,
}

impl Module {
    pub(super) fn new(file: Arc<SourceFile>, name: Arc<str>) -> Self {
        Self::of(Tree::whole_of(&file), file, name)
    }

    /// A module of which the bodies of functions are read when they are asked for, and their faults not seen before.
    pub(super) fn skimmed(file: Arc<SourceFile>, name: Arc<str>) -> Self {
        Self::of(Tree::skimmed(&file), file, name)
    }

    fn of(tree: Tree, file: Arc<SourceFile>, name: Arc<str>) -> Self {
        let is_package = file
            .path()
            .file_name()
            .is_some_and(|name| name == "__init__.py");
        let mut survey = Survey::default();
        for (index, statement) in tree.statements().iter().enumerate() {
            survey.statement(index, statement);
        }
        let residue = survey.residue(tree.statements());
        let bound = survey.bound(tree.statements());
        Self {
            path: file.path().to_string_lossy().into(),
            file,
            name,
            is_package,
            tree,
            places: survey.places,
            bound,
            residue,
            residue_values: OnceLock::new(),
            stars: survey.stars,
            order: survey.order,
        }
    }

    /// The values of its names, to be dropped: they are evaluated again where they are asked for.
    pub(super) fn forget_values(&mut self) -> Vec<Value> {
        let residue = self.residue_values.take().and_then(Arc::into_inner);
        let residue = residue.into_iter().flatten().map(|(_, value)| value);
        let simple = self.bound.iter_mut().flatten();
        simple
            .filter_map(|simple| simple.value.take())
            .chain(residue)
            .collect()
    }

    /// Where the file is not Python.
    pub fn problems(&self) -> &[SyntaxProblem] {
        self.tree.problems()
    }

    /// Every comment, in order.
    pub fn comments(&self) -> impl Iterator<Item = Comment> {
        self.tree.comments().iter().map(|span| Comment {
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
        let statement = self.simple(name)?.statement;
        self.tree
            .statements()
            .get(statement)
            .map(|found| span_of(found.range()))
    }

    pub(super) fn binding(&self, name: &str) -> Binding<'_> {
        let Some(place) = self.places.get(name) else {
            return Binding::Unbound;
        };
        match self.bound.get(*place) {
            Some(Some(simple)) => Binding::Simple(simple),
            Some(None) | None => Binding::Residue,
        }
    }

    pub(super) fn statement(&self, simple: &Simple) -> Option<&Stmt> {
        self.tree.statements().get(simple.statement)
    }

    fn simple(&self, name: &str) -> Option<&Simple> {
        self.bound.get(*self.places.get(name)?)?.as_ref()
    }

    pub(super) fn origin(&self, node: &impl Ranged) -> Origin {
        Origin::new(&self.file, span_of(node.range()))
    }

    pub(super) fn star_imports(&self) -> impl Iterator<Item = &StmtImportFrom> {
        self.stars
            .iter()
            .filter_map(|index| match self.tree.statements().get(*index) {
                Some(Stmt::ImportFrom(import)) => Some(import),
                _ => None,
            })
    }
}

/// What the statements of a module bind.
#[derive(Default)]
struct Survey {
    places: FxHashMap<Arc<str>, usize>,
    order: Vec<Arc<str>>,
    /// What is found of each name, by its place.
    found: Vec<Found>,
    /// The simple statements, each with the place of the name that it binds.
    binds: Vec<(usize, usize)>,
    complex: Vec<usize>,
    stars: Vec<usize>,
}

/// How a name is bound.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    /// How many simple statements bind it, and the last of them.
    times: usize,
    last: usize,
    /// Whether anything else binds or changes it.
    is_changed: bool,
}

impl Found {
    fn is_simple(self, body: &[Stmt]) -> bool {
        // The last definition of a function or class stands, whatever was bound before.
        !self.is_changed && (self.times == 1 || is_definition(body.get(self.last)))
    }
}

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
            let place = self.note(name);
            if let Some(found) = self.found.get_mut(place) {
                found.is_changed = true;
            }
        }
    }

    /// The place of a name.
    fn note(&mut self, name: &str) -> usize {
        if let Some(known) = self.places.get(name) {
            return *known;
        }
        let place = self.order.len();
        let name: Arc<str> = name.into();
        self.order.push(Arc::clone(&name));
        self.found.push(Found::default());
        self.places.insert(name, place);
        place
    }

    fn bind(&mut self, index: usize, name: &str) {
        let place = self.note(name);
        self.binds.push((place, index));
        if let Some(found) = self.found.get_mut(place) {
            found.times += 1;
            found.last = index;
        }
    }

    fn bound(&self, body: &[Stmt]) -> Vec<Option<Simple>> {
        let simple = |found: &Found| Simple {
            statement: found.last,
            value: OnceLock::new(),
        };
        let found = self.found.iter();
        found
            .map(|found| found.is_simple(body).then(|| simple(found)))
            .collect()
    }

    /// The statements that must run in order.
    fn residue(&mut self, body: &[Stmt]) -> Vec<usize> {
        let mut residue = std::mem::take(&mut self.complex);
        let others = self.binds.iter().filter(|(place, _)| {
            let found = self.found.get(*place);
            found.is_some_and(|found| !found.is_simple(body))
        });
        residue.extend(others.map(|(_, statement)| statement));
        residue.sort_unstable();
        residue.dedup();
        residue
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
