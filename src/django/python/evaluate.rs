//! The evaluator's core: names, budgets, and the guard against cycles of imports.

use std::sync::Arc;

use ruff_python_ast::{Expr, Stmt};

use super::frame::{Frame, Scope, ScopeKind};
use super::function_sql::{TableExists, TableNames};
use super::module::{Binding, Bindings, Module};
use super::reader::Python;
use super::value::{DottedName, FunctionBody, FunctionDefinition, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

/// Expressions that a module may evaluate beyond its own text, shared out among its names.
const MODULE_FUEL: u32 = 20_000_000;
const LEAST_FUEL: u32 = 2_000;
const MOST_FUEL: u32 = 400_000;
/// How deep one name's evaluation may nest, calls included.
const DEEPEST: u32 = 400;
/// How many names may be waiting for each other.
const LONGEST_CHAIN: usize = 2_000;

/// One evaluation: of a name, and of the names that it needs.
pub(super) struct Evaluator<'p> {
    pub(super) python: &'p Python,
    waiting: Vec<(usize, Arc<str>)>,
    /// The lowest place in `waiting` at which a cycle was met: what stands above it may not be cached.
    lowest: usize,
    fuel: u32,
    depth: u32,
    pub(super) calls: u32,
    /// Objects whose `__init__` is being followed.
    pub(super) constructing: usize,
    /// The tables of the state's models, where code of a migration is looked into.
    pub(super) tables: Option<TableNames<'p>>,
    /// The tables of the database, likewise.
    pub(super) exists: Option<TableExists<'p>>,
    /// What the first function that is called next knows of its first argument.
    pub(super) own_attributes: Vec<(Arc<str>, Value)>,
    /// Whether a class that gives settings is being evaluated.
    pub(super) in_app_conf: bool,
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(python: &'p Python) -> Self {
        Self {
            python,
            waiting: Vec::new(),
            lowest: usize::MAX,
            fuel: MOST_FUEL,
            depth: 0,
            calls: 0,
            constructing: 0,
            tables: None,
            exists: None,
            own_attributes: Vec::new(),
            in_app_conf: false,
        }
    }

    /// Takes one unit of work; `Err` when this name has had its share.
    pub(super) fn spend(&mut self, units: usize) -> Result<(), Why> {
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        if let Some(rest) = self.fuel.checked_sub(units) {
            self.fuel = rest;
            return Ok(());
        }
        self.fuel = 0;
        Err(Why::new("it takes too many steps to evaluate"))
    }

    /// Runs one level deeper, on a stack that grows.
    pub(super) fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> Result<T, Why> {
        if self.depth >= DEEPEST {
            return Err(Why::new("it is nested too deeply to evaluate"));
        }
        self.depth += 1;
        let result = if self.depth.is_multiple_of(4) {
            stacker::maybe_grow(256 * 1024, 1024 * 1024, || run(self))
        } else {
            run(self)
        };
        self.depth -= 1;
        Ok(result)
    }

    /// A name of a module's top level: `None` where the file does not bind it.
    pub(super) fn global(&mut self, module: &Arc<Module>, name: &str) -> Option<Value> {
        match module.binding(name) {
            Binding::Simple(simple) => {
                if let Some(value) = simple.value.get() {
                    return Some(value.clone());
                }
                let statement = module.statement(simple)?;
                let (value, sound) = self.guarded(module, name, |evaluator| {
                    evaluator.simple(module, statement, name)
                });
                let value = value.unwrap_or_else(|why| Value::unknown(why, whole(module)));
                if sound {
                    // Another thread may have been first: its value is the same.
                    let _lost = simple.value.set(value.clone());
                }
                Some(value)
            }
            Binding::Residue => {
                let values = match self.residue(module) {
                    Ok(values) => values,
                    Err(why) => return Some(Value::unknown(why, whole(module))),
                };
                values
                    .iter()
                    .find(|(bound, _)| &**bound == name)
                    .map(|(_, value)| value.clone())
            }
            Binding::Unbound => self.star(module, name),
        }
    }

    /// The statements of a module that must run in order.
    pub(super) fn residue(&mut self, module: &Arc<Module>) -> Result<Arc<Bindings>, Why> {
        if let Some(values) = module.residue_values.get() {
            return Ok(Arc::clone(values));
        }
        let (values, sound) = self.guarded(module, "", |evaluator| {
            let mut frame = Frame::new(module);
            frame.in_order = true;
            frame.scopes.push(Scope::new(ScopeKind::Module));
            for index in &module.residue {
                if let Some(statement) = module.tree.statements().get(*index) {
                    let _flow = evaluator.block(&mut frame, std::slice::from_ref(statement));
                }
            }
            let names = frame
                .scopes
                .pop()
                .map(|scope| scope.names)
                .unwrap_or_default();
            Arc::new(names.into_entries())
        });
        let values = values?;
        if sound {
            let _lost = module.residue_values.set(Arc::clone(&values));
        }
        Ok(values)
    }

    /// Evaluates for a name that others may wait for. The flag says whether the result holds for everybody: not
    /// when it met a name that itself waits for this one.
    fn guarded<T>(
        &mut self,
        module: &Arc<Module>,
        name: &str,
        run: impl FnOnce(&mut Self) -> T,
    ) -> (Result<T, Why>, bool) {
        let key = Arc::as_ptr(module) as usize;
        let waits = |(other, waiting): &(usize, Arc<str>)| *other == key && &**waiting == name;
        if let Some(at) = self.waiting.iter().position(waits) {
            self.lowest = self.lowest.min(at);
            return (Err(Why::new("it is defined in terms of itself")), false);
        }
        if self.waiting.len() >= LONGEST_CHAIN {
            self.lowest = 0;
            return (Err(Why::new("too many names depend on each other")), false);
        }
        let place = self.waiting.len();
        self.waiting.push((key, name.into()));
        let share = u32::try_from(module.names().len())
            .ok()
            .and_then(|names| MODULE_FUEL.checked_div(names))
            .unwrap_or(MODULE_FUEL)
            .clamp(LEAST_FUEL, MOST_FUEL);
        let own = u32::try_from(module.file.text().len()).unwrap_or(u32::MAX);
        let fuel = std::mem::replace(&mut self.fuel, share.saturating_add(own));
        let depth = std::mem::take(&mut self.depth);
        let calls = std::mem::take(&mut self.calls);
        let result = stacker::maybe_grow(256 * 1024, 2 * 1024 * 1024, || run(self));
        self.waiting.pop();
        (self.fuel, self.depth, self.calls) = (fuel, depth, calls);
        let sound = self.lowest >= place;
        if sound {
            self.lowest = usize::MAX;
        }
        (Ok(result), sound)
    }

    /// Whether a name is being evaluated further up.
    pub(super) fn waits(&self, module: &Arc<Module>, name: &str) -> bool {
        let key = Arc::as_ptr(module) as usize;
        self.waiting
            .iter()
            .any(|(other, waiting)| *other == key && &**waiting == name)
    }

    /// Evaluates while a name counts as one that is being looked for; `None` where too many are.
    pub(super) fn while_waiting<T>(
        &mut self,
        module: &Arc<Module>,
        name: &str,
        run: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.waiting.len() >= LONGEST_CHAIN {
            return None;
        }
        self.waiting
            .push((Arc::as_ptr(module) as usize, Arc::from(name)));
        let result = run(self);
        self.waiting.pop();
        Some(result)
    }

    /// Marks that a name is looked for through a module's star imports; true when it already is.
    pub(super) fn star_waits(&mut self, module: &Arc<Module>, name: &str) -> bool {
        let key = (Arc::as_ptr(module) as usize, Arc::from(format!("*{name}")));
        if self.waiting.contains(&key) || self.waiting.len() >= LONGEST_CHAIN {
            return true;
        }
        self.waiting.push(key);
        false
    }

    pub(super) fn star_done(&mut self) {
        self.waiting.pop();
    }

    fn simple(&mut self, module: &Arc<Module>, statement: &Stmt, name: &str) -> Value {
        let mut frame = Frame::new(module);
        frame.scopes.push(Scope::new(ScopeKind::Module));
        match statement {
            Stmt::Assign(assign) => self.eval(&mut frame, &assign.value),
            Stmt::AnnAssign(assign) => assign.value.as_ref().map_or_else(
                || Value::unknown(Why::new("no value is assigned"), module.origin(assign)),
                |value| self.eval(&mut frame, value),
            ),
            other => {
                let _flow = self.block(&mut frame, std::slice::from_ref(other));
                frame.local(name).cloned().unwrap_or_else(|| {
                    Value::unknown(
                        Why::new(format!("`{name}` is not bound")),
                        module.origin(other),
                    )
                })
            }
        }
    }

    /// Looks a name up as code in the frame would.
    pub(super) fn name(&mut self, frame: &Frame<'_>, name: &str, origin: Origin) -> Value {
        if let Some(value) = frame.local(name) {
            return used_at(value.clone(), origin);
        }
        // A name that these very statements have not bound yet can only come from an `import *` before them:
        // `APPS = [app for app in APPS if ...]`.
        let early = match frame.module.binding(name) {
            Binding::Residue => frame.in_order,
            _ => self.waits(frame.module, name),
        };
        let global = if early {
            self.star(frame.module, name)
        } else {
            self.global(frame.module, name)
        };
        if let Some(value) = global {
            return used_at(value, origin);
        }
        let kind = match name {
            "__name__" => ValueKind::Str(super::text::generated(&frame.module.name, &origin)),
            "NotImplemented" | "Ellipsis" => {
                ValueKind::Name(DottedName::new(format!("builtins.{name}")))
            }
            _ if super::names::is_builtin(name) => {
                ValueKind::Name(DottedName::new(format!("builtins.{name}")))
            }
            _ => match self.star_fallback(frame.module, name) {
                Some(kind) => kind,
                None => ValueKind::Unknown(Why::new(format!("`{name}` is not bound in this file"))),
            },
        };
        Value { kind, origin }
    }

    pub(super) fn function(
        frame: &Frame<'_>,
        name: &str,
        node: &impl ruff_text_size::Ranged,
    ) -> Value {
        let origin = frame.module.origin(node);
        let definition = FunctionDefinition {
            name: frame.qualified(name),
            origin: origin.clone(),
            body: FunctionBody {
                module: Arc::clone(&frame.module.path),
                index: node.range().start().to_usize(),
            },
        };
        Value {
            kind: ValueKind::Function(Arc::new(definition)),
            origin,
        }
    }

    /// The truth of an expression; `Err` where it cannot be known.
    pub(super) fn condition(&mut self, frame: &mut Frame<'_>, test: &Expr) -> Result<bool, Why> {
        let value = self.eval(frame, test);
        super::compare::truth(&value)
    }
}

/// A class, function or module stands where it is used; a constructed value where it was constructed.
pub(super) fn used_at(mut value: Value, origin: Origin) -> Value {
    if matches!(
        value.kind,
        ValueKind::Name(_) | ValueKind::Class(_) | ValueKind::Function(_) | ValueKind::Module(_)
    ) {
        value.origin = origin;
    }
    value
}

fn whole(module: &Arc<Module>) -> Origin {
    Origin::new(&module.file, crate::source::Span::default())
}
