//! A read-only look into a function: what SQL it sends, as far as constants tell.

mod calls;
mod statements;

use std::collections::HashSet;
use std::sync::Arc;

use ruff_python_ast::Parameters;

use self::calls::parameter_names;
use super::calls::{Body, find_function};
use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::function_access::{EDITOR, STATE, STATE_APPS, access};
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
    /// Whether that of its base runs, too, or of the operation that it leaves the work to.
    pub base: BaseCalls,
    /// The construction of that operation.
    pub delegate: Option<Value>,
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

/// Whether the database has a table of that name when the code runs; `None` where that is not known.
pub type TableExists<'a> = &'a dyn Fn(&str) -> Option<bool>;

/// The table of a model of the state and the column that counts its rows, by app and model: `None` where that is not
/// known, `Some(None)` where nothing counts.
pub type Counters<'a> = &'a dyn Fn(&str, &str) -> Option<Option<(Arc<str>, Arc<str>)>>;

/// What the code of a migration finds when it runs.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    pub tables: TableNames<'a>,
    pub exists: TableExists<'a>,
    pub counters: Counters<'a>,
}

/// The method by which a custom operation decides when it runs, and what its object was made with.
#[derive(Debug, Clone)]
pub struct Decision {
    pub method: FunctionDefinition,
    /// Attributes of the object by name.
    pub attributes: Vec<(Arc<str>, Value)>,
}

/// Functions that are looked into for one migration function.
const MOST_FUNCTIONS: u32 = 600;
/// Functions that are looked into at once, each called by the one before.
const DEEPEST: usize = 24;

impl Python {
    /// Looks at the body of a function as `RunPython` calls it, and at the functions of the project that it calls.
    pub fn sql_of(
        &self,
        function: &FunctionDefinition,
        surroundings: Surroundings<'_>,
    ) -> FunctionSql {
        let mut look = Look::new(self, Some(surroundings));
        let name = |name| named(name, function);
        look.function(function, &[name(STATE_APPS), name(EDITOR)]);
        look.sql()
    }

    /// Looks at a `database_forwards` as `migrate` calls it, before it is known what it finds.
    pub fn sql_of_method(&self, decision: &Decision) -> MethodSql {
        let mut look = Look::new(self, None);
        let origin = decision.method.origin.clone();
        let unknown = Value::unknown(Why::new("the label of the app is not followed"), origin);
        look.forwards(decision, unknown);
        look.method_sql()
    }

    /// The same when it is known.
    pub fn decide(
        &self,
        decision: &Decision,
        app_label: &str,
        surroundings: Surroundings<'_>,
    ) -> MethodSql {
        let mut look = Look::new(self, Some(surroundings));
        let origin = decision.method.origin.clone();
        let kind = ValueKind::Str(generated(app_label, &origin));
        look.forwards(decision, Value { kind, origin });
        look.method_sql()
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

type PlainCall = (FunctionBody, Vec<String>);

struct Look<'p> {
    evaluator: Evaluator<'p>,
    counters: Option<Counters<'p>>,
    /// Those of the operation whose method is looked at: they are known in that method alone.
    attributes: Vec<(Arc<str>, Value)>,
    sent: Vec<SentText>,
    lost: Option<Why>,
    /// Whether what is looked at now may not run.
    conditional: Option<Why>,
    functions: u32,
    rounds: usize,
    /// The functions that are being looked at, the outermost first.
    stack: Vec<FunctionBody>,
    /// Calls that sent nothing.
    silent: HashSet<PlainCall>,
    recursive: bool,
    /// Calls of the base on the ways to here, and on those that ended in a `return`.
    base: Paths,
    returned: Paths,
    base_condition: Option<Why>,
    delegate: Option<Value>,
}

impl<'p> Look<'p> {
    fn new(python: &'p Python, surroundings: Option<Surroundings<'p>>) -> Self {
        let mut evaluator = Evaluator::new(python);
        evaluator.tables = surroundings.map(|around| around.tables);
        evaluator.exists = surroundings.map(|around| around.exists);
        Self {
            counters: surroundings.map(|around| around.counters),
            attributes: Vec::new(),
            evaluator,
            sent: Vec::new(),
            lost: None,
            conditional: None,
            functions: 0,
            rounds: 0,
            stack: Vec::new(),
            silent: HashSet::new(),
            recursive: false,
            base: Paths::NONE,
            returned: Paths::NOWHERE,
            base_condition: None,
            delegate: None,
        }
    }

    fn forwards(&mut self, decision: &Decision, app_label: Value) {
        let method = &decision.method;
        self.attributes.clone_from(&decision.attributes);
        let operation = Value::unknown(
            Why::new("the operation is not followed"),
            method.origin.clone(),
        );
        let arguments = [
            operation,
            app_label,
            named(EDITOR, method),
            named(STATE, method),
            named(STATE, method),
        ];
        self.function(method, &arguments);
    }

    fn method_sql(mut self) -> MethodSql {
        let base = match self.base {
            Paths::NONE | Paths::NOWHERE => BaseCalls::Never,
            Paths::ONE => BaseCalls::Always,
            _ => BaseCalls::Perhaps(
                self.base_condition
                    .take()
                    .unwrap_or_else(|| Why::new("it may call its base, or may not")),
            ),
        };
        let delegate = self.delegate.take();
        MethodSql {
            sql: self.sql(),
            base,
            delegate,
        }
    }

    fn sql(self) -> FunctionSql {
        // Where the look was at a method, the operation was taken out before.
        let handed_on = self
            .delegate
            .as_ref()
            .map(|_| Why::new("it hands the schema editor on to an operation"));
        match (self.lost.or(handed_on), self.sent.is_empty()) {
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

    /// Looks into a function, once for all calls that hand it the same and nothing by which it could reach the database.
    fn function(&mut self, function: &FunctionDefinition, arguments: &[Value]) {
        if self.stack.contains(&function.body) {
            self.recursive = true;
            return;
        }
        let call = plain_call(function, arguments);
        if call.as_ref().is_some_and(|call| self.silent.contains(call)) {
            return;
        }
        let sent = self.sent.len();
        self.look_into(function, arguments);
        if self.sent.len() == sent && self.lost.is_none() {
            self.silent.extend(call);
        }
    }

    fn look_into(&mut self, function: &FunctionDefinition, arguments: &[Value]) {
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
                let names = parameter_names(&node.parameters);
                let attributes = std::mem::take(&mut self.attributes);
                for (name, value) in attributes {
                    if let Some(object) = names.first() {
                        frame.set_attribute(object, &name, value);
                    }
                }
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

/// A call by its function and arguments that decide nothing but by what they are: constants, names, and what is not known.
/// `None` where one gives access to the database, or holds what is not looked at here.
fn plain_call(function: &FunctionDefinition, arguments: &[Value]) -> Option<PlainCall> {
    let plain = |value: &Value| match &value.kind {
        _ if access(value).is_some() => None,
        ValueKind::None => Some("None".to_owned()),
        ValueKind::Bool(value) => Some(value.to_string()),
        ValueKind::Int(number) => Some(number.to_string()),
        ValueKind::Str(text) => Some(format!("{:?}", text.text)),
        ValueKind::Name(name) => Some(name.to_string()),
        ValueKind::Unknown(_) => Some("?".to_owned()),
        _ => None,
    };
    let arguments = arguments.iter().map(plain).collect::<Option<_>>()?;
    Some((function.body.clone(), arguments))
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
