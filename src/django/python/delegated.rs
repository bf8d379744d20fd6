//! A method that leaves its work to that of another object, `self.create.state_forwards(app_label, state)`, or to that of
//! its base class.

use ruff_python_ast::helpers::ReturnStatementVisitor;
use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{Expr, Stmt};

use super::base_call::is_base_method;
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

    /// Whether a method calls the method of its base class each time it runs, whatever else it does.
    pub fn runs_base(&self, method: &FunctionDefinition) -> bool {
        let Some(module) = Evaluator::new(self).module_of(&method.body) else {
            return false;
        };
        let Some(Body::Function(node)) = find_function(&module, &method.body) else {
            return false;
        };
        let mut visitor = ReturnStatementVisitor::default();
        visitor.visit_body(&node.body);
        let is_call = |statement: &Stmt| match statement {
            Stmt::Expr(expression) => expression
                .value
                .as_call_expr()
                .is_some_and(|call| is_base_method(call, node.name.id.as_str())),
            _ => false,
        };
        visitor.returns.is_empty() && node.body.iter().any(is_call)
    }
}

fn is_text(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(expression) if expression.value.is_string_literal_expr())
}
