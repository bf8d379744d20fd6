//! What a method returns, whatever it is called with.

use std::sync::Arc;

use super::calls::{Arguments, Body, find_function};
use super::evaluate::Evaluator;
use super::reader::Python;
use super::value::{FunctionDefinition, Value, ValueKind};
use crate::schema::Why;

impl Python {
    /// What a method returns, whatever it is called with; unknown where that depends on anything.
    pub fn returned(&self, function: &FunctionDefinition) -> Value {
        let unknown = |why: &str| Value::unknown(Why::new(why), function.origin.clone());
        let mut evaluator = Evaluator::new(self);
        let Some(module) = evaluator.module_of(&function.body) else {
            return unknown("its module was not found");
        };
        let Some(Body::Function(node)) = find_function(&module, &function.body) else {
            return unknown("its body was not found");
        };
        let parameters = &node.parameters;
        let count = parameters.posonlyargs.len() + parameters.args.len();
        let positional = std::iter::repeat_with(|| unknown("an argument is not known"))
            .take(count)
            .collect();
        let arguments = Arguments {
            positional,
            ..Arguments::default()
        };
        let callee = Value {
            kind: ValueKind::Function(Arc::new(function.clone())),
            origin: function.origin.clone(),
        };
        evaluator.apply(callee, arguments, function.origin.clone())
    }
}
