//! What an `__init__` does to the arguments that it hands to its base.

mod base_call;

use std::sync::Arc;

use ruff_python_ast::{Expr, ExprCall, ParameterWithDefault, Stmt, StmtAssign, StmtFunctionDef};

use super::calls::{Body, find_function};
use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::reader::Python;
use super::value::{FunctionDefinition, Value};
use crate::schema::Why;

/// What an `__init__` that ends in `super().__init__(...)` makes of its arguments.
#[derive(Debug, Clone, Default)]
pub struct Constructor {
    /// Keywords that the base gets whatever the caller says; an unknown value where a condition decides.
    pub sets: Vec<(Arc<str>, Value)>,
    /// Keywords that the base gets when the caller says nothing.
    pub defaults: Vec<(Arc<str>, Value)>,
    /// Its own parameters after `self`, in order.
    pub parameters: Vec<Arc<str>>,
    /// Parameters of its own that the base never sees.
    pub kept: Vec<Arc<str>>,
}

impl Python {
    /// What an `__init__` does to its arguments when an object of `class` is made: `self.default_size` may be a
    /// constant of that class.
    ///
    /// # Errors
    /// When a statement of it is of no form that is understood.
    pub fn constructor(
        &self,
        function: &FunctionDefinition,
        class: &Value,
    ) -> Result<Constructor, Why> {
        let mut evaluator = Evaluator::new(self);
        let module = evaluator
            .module_of(&function.body)
            .ok_or_else(|| Why::new("its module was not found"))?;
        let Some(Body::Function(node)) = find_function(&module, &function.body) else {
            return Err(Why::new("its body was not found"));
        };
        let mut frame = Frame::new(&module);
        frame.scopes.push(Scope::new(ScopeKind::Function));
        let mut reading = Reading::new(node);
        reading.bind(&mut evaluator, &mut frame, function);
        if let Some(own) = node
            .parameters
            .posonlyargs
            .iter()
            .chain(&node.parameters.args)
            .next()
        {
            frame.bind(own.parameter.name.id.as_str(), class.clone());
        }
        for statement in &node.body {
            reading.statement(&mut evaluator, &mut frame, statement, Certainty::Always)?;
        }
        reading.finish()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Certainty {
    Always,
    /// Below a condition.
    Maybe,
}

struct Reading<'n> {
    node: &'n StmtFunctionDef,
    made: Constructor,
    handed_on: bool,
    defaults: Vec<(Arc<str>, Value)>,
    seen_by_base: Vec<Arc<str>>,
    /// A local dict that the keywords were written over: `defaults.update(kwargs)`.
    overlaid: Option<(Arc<str>, Vec<(Arc<str>, Value)>)>,
}

impl<'n> Reading<'n> {
    fn new(node: &'n StmtFunctionDef) -> Self {
        Self {
            node,
            made: Constructor::default(),
            handed_on: false,
            defaults: Vec::new(),
            seen_by_base: Vec::new(),
            overlaid: None,
        }
    }

    /// Own parameters are not known inside; their defaults are what the base gets when they are handed on.
    fn bind(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        frame: &mut Frame<'_>,
        function: &FunctionDefinition,
    ) {
        let own = |parameter: &ParameterWithDefault| {
            Arc::<str>::from(parameter.parameter.name.id.as_str())
        };
        let parameters = &self.node.parameters;
        let positional = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .skip(1);
        self.made.parameters = positional.clone().map(own).collect();
        for parameter in positional.chain(&parameters.kwonlyargs) {
            if let Some(default) = &parameter.default {
                let value = evaluator.eval(frame, default);
                self.defaults.push((own(parameter), value));
            }
            let unknown = Value::unknown(
                Why::new("an argument is not known"),
                function.origin.clone(),
            );
            frame.bind(parameter.parameter.name.id.as_str(), unknown);
        }
        let rest = [&parameters.vararg, &parameters.kwarg]
            .into_iter()
            .flatten();
        for parameter in rest {
            let unknown = Value::unknown(
                Why::new("an argument is not known"),
                function.origin.clone(),
            );
            frame.bind(parameter.name.id.as_str(), unknown);
        }
    }

    fn is_kwargs(&self, expression: &Expr) -> bool {
        let kwargs = self.node.parameters.kwarg.as_ref();
        matches!((expression, kwargs), (Expr::Name(name), Some(kwarg)) if name.id == kwarg.name.id)
    }

    fn statement(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        frame: &mut Frame<'_>,
        statement: &Stmt,
        certainty: Certainty,
    ) -> Result<(), Why> {
        match statement {
            Stmt::Pass(_)
            | Stmt::Raise(_)
            | Stmt::Assert(_)
            | Stmt::Import(_)
            | Stmt::ImportFrom(_)
            | Stmt::AnnAssign(_) => Ok(()),
            Stmt::Expr(expression) => match &*expression.value {
                Expr::Call(call) => self.call(evaluator, frame, call, certainty),
                _ => Ok(()),
            },
            Stmt::Assign(assign) => self.assign(evaluator, frame, assign, certainty),
            Stmt::If(branch) => {
                let others = branch
                    .elif_else_clauses
                    .iter()
                    .flat_map(|clause| &clause.body);
                for statement in branch.body.iter().chain(others) {
                    self.statement(evaluator, frame, statement, Certainty::Maybe)?;
                }
                Ok(())
            }
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    if let Expr::Subscript(subscript) = target
                        && self.is_kwargs(&subscript.value)
                    {
                        let name = evaluator.eval(frame, &subscript.slice);
                        let gone =
                            Value::unknown(Why::new("`__init__` deletes it"), name.origin.clone());
                        self.set(&name, gone, Certainty::Maybe)?;
                    }
                }
                Ok(())
            }
            _ => Err(Why::new("it has a statement that is not followed")),
        }
    }

    fn assign(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        frame: &mut Frame<'_>,
        assign: &StmtAssign,
        certainty: Certainty,
    ) -> Result<(), Why> {
        for target in &assign.targets {
            match target {
                Expr::Subscript(subscript) if self.is_kwargs(&subscript.value) => {
                    let name = evaluator.eval(frame, &subscript.slice);
                    let kept = self.kept_or_default(evaluator, frame, (&name, &assign.value));
                    if let Some((name, default)) = kept {
                        let default = sometimes(default, certainty);
                        self.made.defaults.push((name, default));
                        continue;
                    }
                    let value = evaluator.eval(frame, &assign.value);
                    self.set(&name, value, certainty)?;
                }
                Expr::Name(name) => {
                    let value = evaluator.eval(frame, &assign.value);
                    frame.bind(name.id.as_str(), value);
                    if self.is_kwargs(target) {
                        return Err(Why::new("it makes its keywords anew"));
                    }
                }
                Expr::Attribute(attribute) => {
                    if let Expr::Name(object) = &*attribute.value {
                        let value = evaluator.eval(frame, &assign.value);
                        let value = sometimes(value, certainty);
                        frame.set_attribute(&object.id, &attribute.attr.id, value);
                    }
                }
                Expr::Tuple(_) => {}
                _ => return Err(Why::new("it assigns to what is not followed")),
            }
        }
        Ok(())
    }

    /// `kwargs["max_length"] = kwargs.get("max_length", 200)`: a default.
    fn kept_or_default(
        &self,
        evaluator: &mut Evaluator<'_>,
        frame: &mut Frame<'_>,
        (name, value): (&Value, &Expr),
    ) -> Option<(Arc<str>, Value)> {
        let Expr::Call(call) = value else {
            return None;
        };
        let Expr::Attribute(method) = &*call.func else {
            return None;
        };
        let takes =
            matches!(method.attr.id.as_str(), "get" | "pop") && self.is_kwargs(&method.value);
        let [taken, default] = &*call.arguments.args else {
            return None;
        };
        let taken = evaluator.eval(frame, taken);
        (takes && taken.as_str().is_some() && taken.as_str() == name.as_str())
            .then(|| Some((name.as_str()?.into(), evaluator.eval(frame, default))))?
    }

    fn call(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        frame: &mut Frame<'_>,
        call: &ExprCall,
        certainty: Certainty,
    ) -> Result<(), Why> {
        let Expr::Attribute(method) = &*call.func else {
            return Ok(());
        };
        match (method.attr.id.as_str(), &*call.arguments.args) {
            ("__init__", _) => self.base_call(evaluator, frame, call, certainty),
            ("setdefault", [name, value]) if self.is_kwargs(&method.value) => {
                let name = evaluator.eval(frame, name);
                let value = evaluator.eval(frame, value);
                let Some(name) = name.as_str() else {
                    return Err(Why::new("it sets a keyword that is not known"));
                };
                let value = sometimes(value, certainty);
                self.made.defaults.push((name.into(), value));
                Ok(())
            }
            ("update", [Expr::Dict(entries)]) if self.is_kwargs(&method.value) => {
                for item in &entries.items {
                    let Some(key) = &item.key else {
                        return Err(Why::new("it sets keywords that are not known"));
                    };
                    let name = evaluator.eval(frame, key);
                    let value = evaluator.eval(frame, &item.value);
                    self.set(&name, value, certainty)?;
                }
                Ok(())
            }
            ("update", [argument]) if self.is_kwargs(argument) => {
                self.overlay(evaluator, frame, &method.value)
            }
            ("pop" | "get", _) => Ok(()),
            _ if self.is_kwargs(&method.value) => Err(Why::new("it changes its keywords")),
            _ => Ok(()),
        }
    }

    fn own(&self, name: &str) -> bool {
        let parameters = &self.node.parameters;
        let all = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .chain(&parameters.kwonlyargs);
        all.into_iter()
            .any(|parameter| parameter.parameter.name.id.as_str() == name)
    }

    fn set(&mut self, name: &Value, value: Value, certainty: Certainty) -> Result<(), Why> {
        let name = name
            .as_str()
            .ok_or_else(|| Why::new("it sets a keyword that is not known"))?;
        self.made
            .sets
            .push((name.into(), sometimes(value, certainty)));
        Ok(())
    }

    fn finish(mut self) -> Result<Constructor, Why> {
        if !self.handed_on {
            return Err(Why::new("it does not call its base"));
        }
        if self.node.parameters.kwarg.is_none() && self.node.parameters.vararg.is_some() {
            return Err(Why::new("it takes no keywords"));
        }
        let parameters = &self.node.parameters;
        let own = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .skip(1)
            .chain(&parameters.kwonlyargs);
        for parameter in own {
            let name: Arc<str> = parameter.parameter.name.id.as_str().into();
            if self.seen_by_base.contains(&name) {
                let default = self.defaults.iter().find(|(own, _)| *own == name);
                if let Some((_, value)) = default {
                    self.made.defaults.push((name, value.clone()));
                }
            } else if !self.made.sets.iter().any(|(set, _)| *set == name) {
                self.made.kept.push(name);
            }
        }
        Ok(self.made)
    }
}

/// What is set under a condition is not known.
fn sometimes(value: Value, certainty: Certainty) -> Value {
    match certainty {
        Certainty::Always => value,
        Certainty::Maybe => Value::unknown(
            Why::new("`__init__` sets it under a condition"),
            value.origin,
        ),
    }
}
