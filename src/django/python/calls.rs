//! Calls: of functions whose bodies are followed, of what Python and Django are known to give, and those that stay symbolic.

use std::sync::Arc;

use ruff_python_ast::{Expr, ExprCall, Parameters, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::known_calls::passed_over;
use super::module::Module;
use super::statements::Flow;
use super::value::{Call, FunctionBody, FunctionDefinition, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

/// Function calls that may stand one in the other, and that one name may make in all.
const DEEPEST_CALLS: u32 = 40;

/// The arguments of a call, evaluated.
#[derive(Default)]
pub(super) struct Arguments {
    pub(super) positional: Vec<Value>,
    pub(super) keywords: Vec<(Arc<str>, Value)>,
    pub(super) unknown: Option<Why>,
}

impl Arguments {
    pub(super) fn get(&self, position: usize, name: &str) -> Option<&Value> {
        self.positional.get(position).or_else(|| {
            let mut keywords = self.keywords.iter();
            keywords
                .find(|(keyword, _)| &**keyword == name)
                .map(|(_, value)| value)
        })
    }

    /// The keywords of `**value`.
    fn spread(&mut self, value: &ValueKind) {
        match value {
            ValueKind::Dict(entries) => {
                for (key, value) in entries.iter() {
                    match key.as_str() {
                        Some(key) => self.keywords.push((key.into(), value.clone())),
                        None => {
                            self.unknown = Some(Why::new("`**` with a key that is not known"));
                        }
                    }
                }
            }
            ValueKind::Unknown(why) => self.unknown = Some(why.clone()),
            _ => self.unknown = Some(Why::new("`**` of what is not a known dict")),
        }
    }
}

impl Evaluator<'_> {
    pub(super) fn call(&mut self, frame: &mut Frame<'_>, call: &ExprCall, origin: Origin) -> Value {
        if let Expr::Attribute(method) = &*call.func {
            let owner = self.member(frame, &method.value);
            if super::methods::has_methods(&owner) {
                let arguments = self.arguments(frame, call);
                return self.method(&owner, (&method.attr.id, &arguments), origin);
            }
            let callee_origin = frame.module.origin(method);
            let callee = self.attribute(owner.clone(), &method.attr.id, callee_origin);
            let mut arguments = self.arguments_for(Some(&callee), frame, call);
            if let (ValueKind::Class(_), ValueKind::Function(function)) =
                (&owner.kind, &callee.kind)
                && self.is_classmethod(function)
            {
                arguments.positional.insert(0, owner);
            } else if let ValueKind::Function(function) = &callee.kind
                && let Some(object) = self.bind_object(&owner, function)
            {
                arguments.positional.insert(0, object);
            }
            return self.apply(callee, arguments, origin);
        }
        let callee = self.eval(frame, &call.func);
        let arguments = self.arguments_for(Some(&callee), frame, call);
        self.apply(callee, arguments, origin)
    }

    pub(super) fn arguments(&mut self, frame: &mut Frame<'_>, call: &ExprCall) -> Arguments {
        self.arguments_for(None, frame, call)
    }

    fn arguments_for(
        &mut self,
        callee: Option<&Value>,
        frame: &mut Frame<'_>,
        call: &ExprCall,
    ) -> Arguments {
        let passed_over = callee.and_then(passed_over);
        let mut made = Arguments::default();
        for argument in &call.arguments.args {
            let Expr::Starred(starred) = argument else {
                made.positional.push(self.eval(frame, argument));
                continue;
            };
            let value = self.eval(frame, &starred.value);
            match self.iterate(&value) {
                Ok(items) => made.positional.extend(items),
                Err(why) => made.unknown = Some(why),
            }
        }
        for keyword in &call.arguments.keywords {
            let name = keyword.arg.as_ref().map(|name| name.id.as_str());
            if name.is_some() && name == passed_over {
                continue;
            }
            let value = self.eval(frame, &keyword.value);
            match name {
                Some(name) => made.keywords.push((name.into(), value)),
                None => made.spread(&value.kind),
            }
        }
        made
    }

    /// Calls a value.
    pub(super) fn apply(&mut self, callee: Value, arguments: Arguments, origin: Origin) -> Value {
        let kind = match &callee.kind {
            ValueKind::Function(function) => {
                let function = Arc::clone(function);
                return self.follow(&function, arguments, &origin);
            }
            ValueKind::Unknown(why) => ValueKind::Unknown(why.clone()),
            ValueKind::Name(name) => {
                let name = name.clone();
                if let Some(kind) = self.known_call(name.as_str(), &arguments, &origin) {
                    kind
                } else {
                    symbolic(callee, arguments)
                }
            }
            ValueKind::Class(class) => match Self::enum_call(class, &arguments) {
                Some(value) => return value,
                None => symbolic(callee, arguments),
            },
            ValueKind::Call(_) | ValueKind::Operation(_) => symbolic(callee, arguments),
            _ => ValueKind::Unknown(Why::new("what is called is not a function or a class")),
        };
        Value { kind, origin }
    }

    /// Runs a function's body with its arguments bound.
    fn follow(
        &mut self,
        function: &FunctionDefinition,
        arguments: Arguments,
        origin: &Origin,
    ) -> Value {
        let unknown = |why: Why| {
            let name = function.name.last();
            Value::unknown(
                Why::new(format!("the call of `{name}` cannot be followed: {why}")),
                origin.clone(),
            )
        };
        if self.calls >= DEEPEST_CALLS {
            return unknown(Why::new("calls nest too deeply"));
        }
        let Some(module) = self.module_of(&function.body) else {
            return unknown(Why::new("its file cannot be read"));
        };
        let Some(node) = find_function(&module, &function.body) else {
            return unknown(Why::new("its body is not a plain function"));
        };
        self.calls += 1;
        let result = self.run(&module, &node, arguments);
        self.calls -= 1;
        result.unwrap_or_else(unknown).or_origin(origin)
    }

    fn run(
        &mut self,
        module: &Arc<Module>,
        node: &Body<'_>,
        arguments: Arguments,
    ) -> Result<Value, Why> {
        let mut frame = Frame::new(module);
        frame.scopes.push(Scope::new(ScopeKind::Function));
        match node {
            Body::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.bind_parameters(&mut frame, parameters, arguments)?;
                }
                let value = self.eval(&mut frame, &lambda.body);
                Ok(value)
            }
            Body::Function(function) => {
                if function.is_async {
                    return Err(Why::new("it is a coroutine"));
                }
                for decorator in &function.decorator_list {
                    if !is_transparent(&decorator.expression) {
                        return Err(Why::new("it has a decorator"));
                    }
                }
                frame.path.push(function.name.id.to_string());
                self.bind_all(&mut frame, function, arguments)?;
                let flow = self.block(&mut frame, &function.body);
                if let Some(why) = frame.lost {
                    return Err(why);
                }
                match flow {
                    Flow::Return(value) => Ok(value),
                    Flow::Lost(why) => Err(why),
                    Flow::Next | Flow::Break | Flow::Continue => Ok(Value {
                        kind: ValueKind::None,
                        origin: module.origin(&function.name),
                    }),
                }
            }
        }
    }

    pub(super) fn bind_parameters(
        &mut self,
        frame: &mut Frame<'_>,
        parameters: &Parameters,
        arguments: Arguments,
    ) -> Result<(), Why> {
        if let Some(why) = arguments.unknown {
            return Err(why);
        }
        let mut positional = arguments.positional.into_iter();
        let mut keywords = arguments.keywords;
        let origin = frame.module.origin(parameters);
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            let name = parameter.parameter.name.id.as_str();
            let value = match positional.next() {
                Some(value) => value,
                None => self.keyword_or_default(frame, &mut keywords, parameter)?,
            };
            frame.bind(name, value);
        }
        if let Some(parameter) = &parameters.vararg {
            let kind = ValueKind::Tuple(positional.collect());
            let origin = origin.clone();
            frame.bind(&parameter.name.id, Value { kind, origin });
        } else if positional.next().is_some() {
            return Err(Why::new("it is given too many arguments"));
        }
        for parameter in &parameters.kwonlyargs {
            let value = self.keyword_or_default(frame, &mut keywords, parameter)?;
            frame.bind(&parameter.parameter.name.id, value);
        }
        match &parameters.kwarg {
            Some(parameter) => {
                let entries = super::methods::keyword_entries(&keywords);
                let kind = ValueKind::Dict(entries.collect());
                frame.bind(&parameter.name.id, Value { kind, origin });
                Ok(())
            }
            None if keywords.is_empty() => Ok(()),
            None => Err(Why::new("it is given a keyword that it does not know")),
        }
    }

    fn keyword_or_default(
        &mut self,
        frame: &mut Frame<'_>,
        keywords: &mut Vec<(Arc<str>, Value)>,
        parameter: &ruff_python_ast::ParameterWithDefault,
    ) -> Result<Value, Why> {
        let name = parameter.parameter.name.id.as_str();
        if let Some(at) = keywords.iter().position(|(keyword, _)| &**keyword == name) {
            return Ok(keywords.remove(at).1);
        }
        match &parameter.default {
            Some(default) => Ok(self.eval(frame, default)),
            None => Err(Why::new(format!("its argument `{name}` is not given"))),
        }
    }

    pub(super) fn module_of(&self, body: &FunctionBody) -> Option<Arc<Module>> {
        self.python.module(std::path::Path::new(&*body.module)).ok()
    }

    fn is_classmethod(&self, function: &FunctionDefinition) -> bool {
        let Some(module) = self.module_of(&function.body) else {
            return false;
        };
        match find_function(&module, &function.body) {
            Some(Body::Function(function)) => function.decorator_list.iter().any(|decorator| {
                matches!(&decorator.expression, Expr::Name(name) if name.id.as_str() == "classmethod")
            }),
            _ => false,
        }
    }
}

trait OrOrigin {
    fn or_origin(self, call: &Origin) -> Self;
}

impl OrOrigin for Value {
    /// What a function hands through or makes without a place of its own stands at the call.
    fn or_origin(mut self, call: &Origin) -> Self {
        if matches!(self.kind, ValueKind::Unknown(_) | ValueKind::Name(_)) {
            self.origin = call.clone();
        }
        // A class that a function makes stands where the function is called for it.
        if let ValueKind::Class(class) = &mut self.kind
            && class
                .origin
                .file
                .slice(class.origin.span)
                .starts_with("type(")
        {
            Arc::make_mut(class).origin = call.clone();
            self.origin = call.clone();
        }
        self
    }
}

fn symbolic(callee: Value, arguments: Arguments) -> ValueKind {
    ValueKind::Call(Arc::new(Call {
        callee,
        arguments: arguments.positional,
        keywords: arguments.keywords,
        unknown_arguments: arguments.unknown,
    }))
}

/// Decorators that leave what a call gives as it is.
fn is_transparent(decorator: &Expr) -> bool {
    let callee = match decorator {
        Expr::Call(call) => &call.func,
        other => other,
    };
    let name = match callee {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.id.as_str(),
        _ => return false,
    };
    matches!(
        name,
        "staticmethod"
            | "classmethod"
            | "property"
            | "cached_property"
            | "lru_cache"
            | "cache"
            | "wraps"
    )
}

/// The syntax behind a function value.
pub(super) enum Body<'m> {
    Function(&'m StmtFunctionDef),
    Lambda(&'m ruff_python_ast::ExprLambda),
}

/// Finds a function by where it starts.
pub(super) fn find_function<'m>(module: &'m Module, body: &FunctionBody) -> Option<Body<'m>> {
    let start = u32::try_from(body.index).ok()?;
    let mut finder = Finder { start, found: None };
    for statement in module.tree.with_bodies() {
        if finder.found.is_none() && holds(statement, start) {
            ruff_python_ast::visitor::Visitor::visit_stmt(&mut finder, statement);
        }
    }
    finder.found
}

fn holds(node: &impl Ranged, start: u32) -> bool {
    node.range().start().to_u32() <= start && start < node.range().end().to_u32()
}

struct Finder<'m> {
    start: u32,
    found: Option<Body<'m>>,
}

impl<'m> ruff_python_ast::visitor::Visitor<'m> for Finder<'m> {
    fn visit_stmt(&mut self, statement: &'m Stmt) {
        if self.found.is_some() || !holds(statement, self.start) {
            return;
        }
        match statement {
            Stmt::FunctionDef(function) if function.range().start().to_u32() == self.start => {
                self.found = Some(Body::Function(function));
            }
            other => ruff_python_ast::visitor::walk_stmt(self, other),
        }
    }

    fn visit_expr(&mut self, expression: &'m Expr) {
        if self.found.is_some() || !holds(expression, self.start) {
            return;
        }
        match expression {
            Expr::Lambda(lambda) if lambda.range().start().to_u32() == self.start => {
                self.found = Some(Body::Lambda(lambda));
            }
            other => stacker::maybe_grow(256 * 1024, 1024 * 1024, || {
                ruff_python_ast::visitor::walk_expr(self, other);
            }),
        }
    }
}
