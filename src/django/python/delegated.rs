//! A method that leaves its work to that of another object: `self.create.state_forwards(app_label, state)`.

use ruff_python_ast::{Expr, Stmt};

use super::calls::{Body, find_function};
use super::evaluate::Evaluator;
use super::reader::Python;
use super::value::FunctionDefinition;

impl Python {
    /// The attribute of `self` whose method of the same name is all that a method calls.
    pub fn delegated(&self, method: &FunctionDefinition) -> Option<String> {
        let module = Evaluator::new(self).module_of(&method.body)?;
        let Some(Body::Function(node)) = find_function(&module, &method.body) else {
            return None;
        };
        let own = node.parameters.args.first()?.parameter.name.id.as_str();
        let mut statements = node.body.iter().filter(|statement| !is_text(statement));
        let call = match (statements.next()?, statements.next()) {
            (Stmt::Expr(expression), None) => expression.value.as_call_expr()?,
            (Stmt::Return(returned), None) => returned.value.as_ref()?.as_call_expr()?,
            _ => return None,
        };
        let called = call.func.as_attribute_expr()?;
        let attribute = called.value.as_attribute_expr()?;
        let is_own = matches!(&*attribute.value, Expr::Name(name) if name.id.as_str() == own);
        (is_own && called.attr.id == node.name.id).then(|| attribute.attr.id.to_string())
    }
}

fn is_text(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(expression) if expression.value.is_string_literal_expr())
}
