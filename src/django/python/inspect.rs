//! A look into code that is not run.

use std::sync::Arc;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall};

use super::module::Module;

impl Module {
    /// The second argument of the first call `<...>.<method>("<first>", "<second>")` in the file, where both are literals.
    pub fn first_call_text(&self, method: &str, first: &str) -> Option<Arc<str>> {
        let mut finder = CallFinder {
            method,
            first,
            found: None,
        };
        for statement in self.tree.with_bodies() {
            finder.visit_stmt(statement);
        }
        finder.found
    }
}

struct CallFinder<'a> {
    method: &'a str,
    first: &'a str,
    found: Option<Arc<str>>,
}

impl CallFinder<'_> {
    fn look_at(&mut self, call: &ExprCall) {
        let Expr::Attribute(attribute) = &*call.func else {
            return;
        };
        if attribute.attr.id.as_str() != self.method || self.found.is_some() {
            return;
        }
        if let [Expr::StringLiteral(first), Expr::StringLiteral(second)] = &*call.arguments.args
            && first.value.to_str() == self.first
        {
            self.found = Some(second.value.to_str().into());
        }
    }
}

impl<'a> Visitor<'a> for CallFinder<'_> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression {
            self.look_at(call);
        }
        stacker::maybe_grow(256 * 1024, 1024 * 1024, || walk_expr(self, expression));
    }
}
