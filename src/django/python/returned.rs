//! What a method returns, whatever it is called with.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ancestry::{Ancestor, inherited};
use super::calls::{Arguments, Body, find_function};
use super::evaluate::Evaluator;
use super::function_access::CONNECTION;
use super::instances::{assigned, first_parameter};
use super::reader::Python;
use super::value::{DottedName, FunctionDefinition, Value, ValueKind};
use crate::schema::Why;

impl Python {
    /// What a function returns, whatever it is called with; unknown where that depends on anything.
    pub fn returned(&self, function: &FunctionDefinition) -> Value {
        self.returned_by_method(function, &[])
    }

    /// What a method returns for every object of a class, given by its line of ancestors: what the class bodies bind is
    /// known of `self`, and an argument `connection` is one to PostgreSQL.
    pub fn returned_by_method(
        &self,
        function: &FunctionDefinition,
        ancestors: &[Ancestor],
    ) -> Value {
        let unknown = |why: &str| Value::unknown(Why::new(why), function.origin.clone());
        let mut evaluator = Evaluator::new(self);
        let Some(module) = evaluator.module_of(&function.body) else {
            return unknown("its module was not found");
        };
        let Some(Body::Function(node)) = find_function(&module, &function.body) else {
            return unknown("its body was not found");
        };
        let parameters = &node.parameters;
        let positional = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .map(|parameter| match parameter.parameter.name.id.as_str() {
                "connection" => Value {
                    kind: ValueKind::Name(DottedName::new(CONNECTION)),
                    origin: function.origin.clone(),
                },
                _ => unknown("an argument is not known"),
            })
            .collect();
        let arguments = Arguments {
            positional,
            ..Arguments::default()
        };
        evaluator.own_attributes = evaluator.class_constants(ancestors);
        let callee = Value {
            kind: ValueKind::Function(Arc::new(function.clone())),
            origin: function.origin.clone(),
        };
        evaluator.apply(callee, arguments, function.origin.clone())
    }
}

impl Evaluator<'_> {
    /// Binds the parameters, and what is known of the object that a method is called on.
    pub(super) fn bind_all(
        &mut self,
        frame: &mut super::frame::Frame<'_>,
        function: &ruff_python_ast::StmtFunctionDef,
        arguments: Arguments,
    ) -> Result<(), Why> {
        let attributes = std::mem::take(&mut self.own_attributes);
        self.bind_parameters(frame, &function.parameters, arguments)?;
        if let Some(own) = first_parameter(function) {
            for (name, value) in attributes {
                frame.set_attribute(own, &name, value);
            }
        }
        Ok(())
    }

    /// What the class bodies bind and no method sets: attributes of every object of the class.
    fn class_constants(&self, ancestors: &[Ancestor]) -> Vec<(Arc<str>, Value)> {
        let bodies = ancestors.iter().filter_map(|ancestor| match ancestor {
            Ancestor::Class(class) => Some(&class.body),
            Ancestor::Name(_) | Ancestor::Unknown(_) => None,
        });
        let mut names = BTreeSet::new();
        let mut set = BTreeSet::new();
        for (name, value) in bodies.flatten() {
            let ValueKind::Function(function) = &value.kind else {
                names.insert(Arc::clone(name));
                continue;
            };
            let module = self.module_of(&function.body);
            let node = module
                .as_ref()
                .and_then(|module| find_function(module, &function.body));
            if let Some(Body::Function(node)) = node
                && let Some(own) = first_parameter(node)
            {
                set.extend(assigned(node, own));
            }
        }
        let constant = |name: Arc<str>| {
            let (_, value) = inherited(ancestors, &name)?;
            (!set.contains(&*name)).then(|| (name, value.clone()))
        };
        names.into_iter().filter_map(constant).collect()
    }
}
