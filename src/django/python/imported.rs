//! What a module imports and which classes it defines, without evaluating anything.

use std::sync::Arc;

use ruff_python_ast::{Expr, Stmt, StmtImportFrom};

use super::module::Module;

/// Statements below conditions are looked into this deep.
const DEEPEST: usize = 16;

impl Module {
    /// Dotted names that may be modules which importing this one imports: for `from a.b import c` both `a.b` and
    /// `a.b.c`. Imports inside of functions are not among them.
    pub fn imported(&self) -> Vec<Arc<str>> {
        let mut found = Vec::new();
        each_statement(self.tree.statements(), DEEPEST, &mut |statement| {
            self.collect_imported(statement, &mut found);
        });
        found
    }

    /// The same for what the `ready` of an `AppConfig` in this file imports.
    pub fn imported_when_ready(&self) -> Vec<Arc<str>> {
        let mut found = Vec::new();
        let classes = self
            .tree
            .with_bodies()
            .iter()
            .filter_map(Stmt::as_class_def_stmt);
        for method in classes.flat_map(|class| &class.body) {
            if let Stmt::FunctionDef(ready) = method
                && ready.name.id.as_str() == "ready"
            {
                each_statement(&ready.body, DEEPEST, &mut |statement| {
                    self.collect_imported(statement, &mut found);
                });
            }
        }
        found
    }

    fn collect_imported(&self, statement: &Stmt, found: &mut Vec<Arc<str>>) {
        match statement {
            Stmt::Import(import) => {
                let names = import.names.iter();
                found.extend(names.map(|alias| Arc::from(alias.name.id.as_str())));
            }
            Stmt::ImportFrom(import) => {
                let Some(base) = self.imported_base(import) else {
                    return;
                };
                for alias in &import.names {
                    if alias.name.id.as_str() != "*" {
                        found.push(format!("{base}.{}", alias.name.id).into());
                    }
                }
                found.push(base.into());
            }
            _ => {}
        }
    }

    /// The classes that the file defines at its top level, conditions included, in order.
    pub fn class_names(&self) -> Vec<Arc<str>> {
        let mut found = Vec::new();
        each_statement(self.tree.statements(), DEEPEST, &mut |statement| {
            if let Stmt::ClassDef(class) = statement {
                found.push(class.name.id.as_str().into());
            }
        });
        found
    }

    /// The names that the file binds at its top level to what a call gives, where they look like those of classes:
    /// `Order = model_factory(AbstractOrder)`.
    pub fn made_class_names(&self) -> Vec<Arc<str>> {
        let mut found = Vec::new();
        each_statement(self.tree.statements(), DEEPEST, &mut |statement| {
            let Stmt::Assign(assign) = statement else {
                return;
            };
            let ([Expr::Name(name)], Expr::Call(_)) = (assign.targets.as_slice(), &*assign.value)
            else {
                return;
            };
            let name = name.id.as_str();
            if name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase) {
                found.push(name.into());
            }
        });
        found
    }

    /// The module that a `from ... import` names, relative ones brought to their full path.
    fn imported_base(&self, import: &StmtImportFrom) -> Option<String> {
        let named = import.module.as_ref().map(|name| name.id.to_string());
        let level = usize::try_from(import.level).ok()?;
        if level == 0 {
            return named;
        }
        let up = if self.is_package { level - 1 } else { level };
        let mut parts = self.name.split('.').collect::<Vec<_>>();
        if parts.len() < up {
            return None;
        }
        parts.truncate(parts.len() - up);
        let base = parts.join(".");
        Some(match named {
            Some(name) if base.is_empty() => name,
            Some(name) => format!("{base}.{name}"),
            None => base,
        })
    }
}

fn each_statement(body: &[Stmt], left: usize, visit: &mut impl FnMut(&Stmt)) {
    let Some(left) = left.checked_sub(1) else {
        return;
    };
    for statement in body {
        visit(statement);
        match statement {
            Stmt::If(branch) => {
                each_statement(&branch.body, left, visit);
                for clause in &branch.elif_else_clauses {
                    each_statement(&clause.body, left, visit);
                }
            }
            Stmt::Try(attempt) => {
                for body in [&attempt.body, &attempt.orelse, &attempt.finalbody] {
                    each_statement(body, left, visit);
                }
                for handler in &attempt.handlers {
                    let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                    each_statement(&handler.body, left, visit);
                }
            }
            Stmt::With(with) => each_statement(&with.body, left, visit),
            _ => {}
        }
    }
}
