//! A read-only look into a function: what SQL it sends, as far as constants tell.

mod calls;
mod statements;

use std::sync::Arc;

use ruff_python_ast::Parameters;

use self::calls::parameter_names;
use super::calls::{Body, find_function};
use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::function_access::{EDITOR, STATE, STATE_APPS};
use super::module::Module;
use super::reader::Python;
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
    /// Whether that of its base runs, too.
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

/// Functions that are looked into for one migration function.
const MOST_FUNCTIONS: u32 = 60;
/// Functions that are looked into at once, each called by the one before.
const DEEPEST: usize = 8;

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
