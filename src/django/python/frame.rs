//! Where code runs: its module, the scopes around it, and the names that they bind.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::module::Module;
use super::value::{DottedName, Value};
use crate::schema::Why;

/// Where code runs: its module, and the scopes around it, the innermost last.
pub(super) struct Frame<'m> {
    pub(super) module: &'m Arc<Module>,
    pub(super) scopes: Vec<Scope>,
    /// Names of the classes and functions around, for qualified names.
    pub(super) path: Vec<String>,
    /// Set where what runs can no longer be followed.
    pub(super) lost: Option<Why>,
    /// Whether these are the statements of the module itself that run in order.
    pub(super) in_order: bool,
    /// The parameter that is an object still being made.
    begun: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Class,
    Function,
    Comprehension,
}

pub(super) struct Scope {
    pub(super) kind: ScopeKind,
    pub(super) names: Names,
}

/// How many names are compared one by one sooner than they are hashed.
const FEW_NAMES: usize = 16;

/// Bound names in order of their first binding.
#[derive(Default)]
pub(super) struct Names {
    entries: Vec<(Arc<str>, Value)>,
    /// The place of each, once there are many.
    index: FxHashMap<Arc<str>, usize>,
}

impl Names {
    fn place(&self, name: &str) -> Option<usize> {
        if self.index.is_empty() {
            self.entries.iter().position(|(own, _)| &**own == name)
        } else {
            self.index.get(name).copied()
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.entries.get(self.place(name)?).map(|(_, value)| value)
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        if let Some(entry) = self.place(name).and_then(|at| self.entries.get_mut(at)) {
            entry.1 = value;
            return;
        }
        self.entries.push((name.into(), value));
        if self.entries.len() > FEW_NAMES {
            let from = self.index.len();
            let more = self.entries.iter().enumerate().skip(from);
            self.index
                .extend(more.map(|(at, (name, _))| (Arc::clone(name), at)));
        }
    }

    pub(super) fn into_entries(self) -> Vec<(Arc<str>, Value)> {
        self.entries
    }
}

impl Scope {
    pub(super) fn new(kind: ScopeKind) -> Self {
        Self {
            kind,
            names: Names::default(),
        }
    }
}

impl<'m> Frame<'m> {
    pub(super) fn new(module: &'m Arc<Module>) -> Self {
        Self {
            module,
            scopes: Vec::new(),
            path: Vec::new(),
            lost: None,
            in_order: false,
            begun: None,
        }
    }

    /// What the scopes around bind; the names of an outer class body are not seen, as in Python.
    pub(super) fn local(&self, name: &str) -> Option<&Value> {
        let mut in_body = false;
        for scope in self.scopes.iter().rev() {
            let seen = scope.kind != ScopeKind::Class || !in_body;
            in_body |= scope.kind != ScopeKind::Comprehension;
            if seen && let Some(value) = scope.names.get(name) {
                return Some(value);
            }
        }
        None
    }

    pub(super) fn bind(&mut self, name: &str, value: Value) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.set(name, value);
        }
    }

    /// What was set so far in `object.attribute`, where the object is bound to a name of this frame.
    pub(super) fn attribute(&self, object: &str, attribute: &str) -> Option<&Value> {
        self.local(&format!("{object}.{attribute}"))
    }

    pub(super) fn set_attribute(&mut self, object: &str, attribute: &str, value: Value) {
        self.bind(&format!("{object}.{attribute}"), value);
    }

    /// The object is still being made: it has the attributes that were set in this frame, and those of its class.
    pub(super) fn begins(&mut self, object: &str) {
        self.begun = Some(object.to_owned());
    }

    pub(super) fn is_begun(&self, object: &str) -> bool {
        self.begun.as_deref() == Some(object)
    }

    /// Rebinds a name in the scope that holds it.
    pub(super) fn rebind(&mut self, name: &str, value: Value) {
        for scope in self.scopes.iter_mut().rev() {
            if scope.names.get(name).is_some() {
                scope.names.set(name, value);
                return;
            }
        }
        self.bind(name, value);
    }

    pub(super) fn qualified(&self, name: &str) -> DottedName {
        let mut path = self.module.name.to_string();
        for part in self.path.iter().map(String::as_str).chain([name]) {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(part);
        }
        DottedName::new(path)
    }
}
