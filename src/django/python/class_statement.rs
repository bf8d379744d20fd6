//! A class statement: its bases, keywords and decorators, and what its body binds.

use std::sync::{Arc, OnceLock};

use ruff_python_ast::{Expr, StmtClassDef};
use ruff_text_size::Ranged;

use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::module::{Bindings, Module};
use super::parse::span_of;
use super::statements::Flow;
use super::value::{ClassDefinition, Value, ValueKind};
use crate::schema::Why;
use crate::source::{Origin, Span};

impl Evaluator<'_> {
    pub(super) fn class(&mut self, frame: &mut Frame<'_>, class: &StmtClassDef) -> Value {
        let (bases, keywords) = self.class_arguments(frame, class);
        let decorators = class
            .decorator_list
            .iter()
            .map(|decorator| self.eval(frame, &decorator.expression))
            .collect();
        let (body, unknown_body) = self.class_body(frame, class);
        let origin = class_line(frame.module, class);
        let definition = ClassDefinition {
            name: frame.qualified(&class.name.id),
            bases,
            keywords,
            decorators,
            body,
            unknown_body,
            origin: origin.clone(),
            above: OnceLock::new(),
        };
        Value {
            kind: ValueKind::Class(Arc::new(definition)),
            origin,
        }
    }

    fn class_arguments(
        &mut self,
        frame: &mut Frame<'_>,
        class: &StmtClassDef,
    ) -> (Vec<Value>, Vec<(Arc<str>, Value)>) {
        let mut bases = Vec::new();
        let mut keywords = Vec::new();
        let Some(arguments) = &class.arguments else {
            return (bases, keywords);
        };
        for base in &arguments.args {
            let value = self.eval(frame, starred_value(base));
            if base.is_starred_expr() {
                match self.iterate(&value) {
                    Ok(items) => bases.extend(items),
                    Err(why) => bases.push(Value::unknown(why, value.origin)),
                }
            } else {
                bases.push(value);
            }
        }
        for keyword in &arguments.keywords {
            let value = self.eval(frame, &keyword.value);
            let name = keyword.arg.as_ref().map_or("**", |name| name.id.as_str());
            keywords.push((name.into(), value));
        }
        (bases, keywords)
    }

    /// What the body binds, and why that may not be all.
    fn class_body(
        &mut self,
        frame: &mut Frame<'_>,
        class: &StmtClassDef,
    ) -> (Bindings, Option<Why>) {
        let lost_outside = frame.lost.take();
        frame.scopes.push(Scope::new(ScopeKind::Class));
        frame.path.push(class.name.id.to_string());
        let flow = self.block(frame, &class.body);
        frame.path.pop();
        let body = frame
            .scopes
            .pop()
            .map(|scope| scope.names.into_entries())
            .unwrap_or_default();
        let lost_inside = std::mem::replace(&mut frame.lost, lost_outside);
        let unknown_body = match flow {
            Flow::Lost(why) => Some(why),
            _ => lost_inside,
        };
        (body, unknown_body)
    }
}

/// From `class` to the end of its head: findings about a class point at its line, not at its body.
fn class_line(module: &Arc<Module>, class: &StmtClassDef) -> Origin {
    let name = span_of(class.name.range());
    let head = class
        .arguments
        .as_ref()
        .map_or(name, |arguments| span_of(arguments.range()));
    let before = module
        .file
        .text()
        .get(..name.start as usize)
        .unwrap_or_default();
    let start = before
        .rfind("class")
        .and_then(|at| u32::try_from(at).ok())
        .unwrap_or(name.start);
    Origin::new(&module.file, Span::new(start, head.end))
}

fn starred_value(expression: &Expr) -> &Expr {
    match expression {
        Expr::Starred(starred) => &starred.value,
        other => other,
    }
}
