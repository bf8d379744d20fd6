//! What a hook that makes or finishes a class may give it: the `__new__` of a metaclass, a `contribute_to_class`.

use std::collections::BTreeSet;
use std::sync::Arc;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, Stmt, StmtFunctionDef};

use super::base_call::is_base_method;
use super::calls::{Body, find_function};
use super::evaluate::Evaluator;
use super::reader::Python;
use super::value::FunctionDefinition;
use crate::schema::Why;

/// Where the namespace stands among the parameters of `__new__(cls, name, bases, namespace)`.
const NAMESPACE: usize = 3;

impl Python {
    /// The names under which the `__new__` of a metaclass may put something into the class that it makes.
    /// What is set on a finished class (`setattr`) is no field (`ModelBase.__new__` in `django/db/models/base.py`
    /// contributes what stands in the namespace, `add_to_class` the rest).
    ///
    /// # Errors
    /// When it may put anything there.
    pub fn names_given_to_class(
        &self,
        new: &FunctionDefinition,
    ) -> Result<BTreeSet<Arc<str>>, Why> {
        let evaluator = Evaluator::new(self);
        let module = evaluator
            .module_of(&new.body)
            .ok_or_else(|| Why::new("its module was not found"))?;
        let Some(Body::Function(node)) = find_function(&module, &new.body) else {
            return Err(Why::new("its body was not found"));
        };
        let parameters = &node.parameters;
        let mut positional = parameters.posonlyargs.iter().chain(&parameters.args);
        let Some(namespace) = positional.nth(NAMESPACE) else {
            return Err(Why::new("its namespace is not a parameter"));
        };
        let mut look = Look {
            namespace: namespace.parameter.name.id.as_str(),
            base_new: base_new_names(node),
            names: BTreeSet::new(),
            lost: None,
        };
        for statement in &node.body {
            look.visit_stmt(statement);
        }
        look.lost.map_or(Ok(look.names), Err)
    }
}

/// Local names of `super().__new__`.
fn base_new_names(node: &StmtFunctionDef) -> BTreeSet<&str> {
    node.body
        .iter()
        .filter_map(|statement| {
            let Stmt::Assign(assign) = statement else {
                return None;
            };
            let ([Expr::Name(name)], Expr::Attribute(method)) =
                (assign.targets.as_slice(), &*assign.value)
            else {
                return None;
            };
            (method.attr.id.as_str() == "__new__").then_some(name.id.as_str())
        })
        .collect()
}

struct Look<'a> {
    namespace: &'a str,
    base_new: BTreeSet<&'a str>,
    names: BTreeSet<Arc<str>>,
    lost: Option<Why>,
}

impl<'a> Look<'a> {
    fn lose(&mut self, why: &str) {
        self.lost.get_or_insert_with(|| Why::new(why));
    }

    fn is_namespace(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Name(name) if name.id.as_str() == self.namespace)
    }

    fn put(&mut self, key: Option<&Expr>, value: Option<&Expr>) {
        match (key, value) {
            (_, Some(value)) if is_no_field(value) => {}
            (Some(Expr::StringLiteral(text)), _) => {
                self.names.insert(text.value.to_str().into());
            }
            _ => self.lose("it puts a name into the class that is not known"),
        }
    }

    fn call(&mut self, call: &'a ExprCall) {
        let arguments = &call.arguments.args;
        if let Expr::Attribute(method) = &*call.func {
            let name = method.attr.id.as_str();
            if self.is_namespace(&method.value) {
                match name {
                    "get" | "pop" | "keys" | "items" | "values" | "copy" | "__contains__" => {}
                    "setdefault" | "__setitem__" => self.put(arguments.first(), arguments.get(1)),
                    _ => self.lose("it changes the namespace of the class"),
                }
                return;
            }
            match name {
                "add_to_class" => return self.put(arguments.first(), arguments.get(1)),
                "contribute_to_class" => return self.put(arguments.get(1), None),
                "add_field" => return self.lose("it adds a field to the options of the class"),
                _ => {}
            }
        }
        let makes_class = is_base_method(call, "__new__")
            || matches!(&*call.func, Expr::Attribute(method) if method.attr.id.as_str() == "__new__")
            || matches!(&*call.func, Expr::Name(name) if self.base_new.contains(name.id.as_str()));
        let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        let hands_on = arguments
            .iter()
            .chain(keywords)
            .any(|argument| self.is_namespace(argument));
        if hands_on && !makes_class {
            self.lose("it hands the namespace of the class on");
        }
        let given = arguments.get(NAMESPACE);
        if makes_class
            && given.is_some_and(|given| !given.is_starred_expr() && !self.is_namespace(given))
        {
            self.lose("it makes the class of another namespace");
        }
        if call.func.is_call_expr() {
            self.lose("it calls what another call gives");
        }
    }
}

impl<'a> Visitor<'a> for Look<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let assigned = match statement {
            Stmt::Assign(assign) => Some((assign.targets.as_slice(), Some(&*assign.value))),
            Stmt::AugAssign(assign) => Some((std::slice::from_ref(&*assign.target), None)),
            _ => None,
        };
        for (target, value) in assigned
            .into_iter()
            .flat_map(|(targets, value)| targets.iter().map(move |target| (target, value)))
        {
            match target {
                Expr::Subscript(item) if self.is_namespace(&item.value) => {
                    self.put(Some(&item.slice), value);
                }
                target if self.is_namespace(target) => {
                    self.lose("it makes the namespace of the class anew");
                }
                _ => {}
            }
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression {
            self.call(call);
        }
        stacker::maybe_grow(256 * 1024, 1024 * 1024, || walk_expr(self, expression));
    }
}

/// A display of values or a comparison: whatever is in it, it is no field.
fn is_no_field(value: &Expr) -> bool {
    matches!(
        value,
        Expr::Dict(_)
            | Expr::List(_)
            | Expr::Tuple(_)
            | Expr::Set(_)
            | Expr::StringLiteral(_)
            | Expr::FString(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::Compare(_)
            | Expr::Lambda(_)
            | Expr::DictComp(_)
            | Expr::ListComp(_)
            | Expr::SetComp(_)
    )
}
