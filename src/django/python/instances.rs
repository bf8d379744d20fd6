//! Objects of plain classes: what `settings_object.NAME` is, where the class and its `__init__` can be followed.
//!
//! Packages keep their settings in such objects: attributes set by `__init__`, properties, and a `__getattr__` that
//! looks into a dict of defaults. Classes over anything outside of what is read (models, fields, operations) are not
//! looked into: their calls stay symbolic.

use std::collections::BTreeSet;
use std::sync::Arc;

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};

use super::ancestry::{Ancestor, ancestry};
use super::calls::{Arguments, Body, find_function};
use super::evaluate::Evaluator;
use super::frame::{Frame, Scope, ScopeKind};
use super::text::generated;
use super::value::{Call, ClassDefinition, FunctionDefinition, Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

/// Constructions that may be followed within each other.
const DEEPEST: usize = 8;

/// What an attribute of an object is.
pub(super) enum Attribute {
    Found(Value),
    Absent,
    Unknown(Why),
}

impl Attribute {
    /// The answer as the value of the expression that asked for `name`.
    pub(super) fn into_value(self, name: &str, origin: Origin) -> Value {
        let why = match self {
            Self::Found(value) => return value,
            Self::Absent => Why::new(format!("the object has no attribute `{name}`")),
            Self::Unknown(why) => why,
        };
        Value::unknown(why, origin)
    }
}

/// `self.name` where these very statements have set it, or the object is still being made.
pub(super) fn attribute_set_here(
    frame: &Frame<'_>,
    owner: &Value,
    attribute: &ruff_python_ast::ExprAttribute,
) -> Option<Value> {
    let Expr::Name(object) = &*attribute.value else {
        return None;
    };
    let name = attribute.attr.id.as_str();
    if let ValueKind::Class(_) | ValueKind::Unknown(_) = &owner.kind {
        return frame.attribute(&object.id, name).cloned();
    }
    let classes = classes_of(owner)?;
    if let Some(value) = frame.attribute(&object.id, name) {
        return Some(value.clone());
    }
    if !frame.is_begun(&object.id) {
        return None;
    }
    let of_class = classes
        .iter()
        .find_map(|class| class.attribute(name).cloned());
    let origin = frame.module.origin(attribute);
    Some(match of_class {
        Some(value) if !matches!(value.kind, ValueKind::Call(_)) => value,
        _ => Value::unknown(
            Why::new(format!("`{name}` of an object that is being made")),
            origin,
        ),
    })
}

/// The classes of an object whose attributes can be told: all read, none of Django's, nothing that makes attributes
/// in another way. `None` for any other value.
pub(super) fn classes_of(value: &Value) -> Option<Vec<Arc<ClassDefinition>>> {
    let ValueKind::Call(call) = &value.kind else {
        return None;
    };
    let ValueKind::Class(class) = &call.callee.kind else {
        return None;
    };
    let mut classes = Vec::new();
    for ancestor in ancestry(class) {
        match ancestor {
            Ancestor::Class(class) => {
                let is_plain = class.keywords.is_empty()
                    && class.decorators.is_empty()
                    && class.unknown_body.is_none()
                    && class.attribute("__getattribute__").is_none()
                    && class.attribute("__new__").is_none();
                if !is_plain {
                    return None;
                }
                classes.push(class);
            }
            Ancestor::Name(name) if is_bare(name.as_str()) => {}
            Ancestor::Name(_) | Ancestor::Unknown(_) => return None,
        }
    }
    Some(classes)
}

/// Bases that bring no attributes.
fn is_bare(path: &str) -> bool {
    matches!(
        path,
        "builtins.object" | "abc.ABC" | "typing.Generic" | "typing.Protocol"
    )
}

impl Evaluator<'_> {
    /// `object.name`; `None` where the value is no object that is followed.
    pub(super) fn object_attribute(
        &mut self,
        object: &Value,
        name: &str,
        origin: &Origin,
    ) -> Option<Attribute> {
        let classes = classes_of(object)?;
        let of_class = classes
            .iter()
            .find_map(|class| class.attribute(name).cloned());
        if let Some(ValueKind::Function(function)) = of_class.as_ref().map(|value| &value.kind)
            && self.is_property(function)
        {
            return Some(Attribute::Found(self.method_of(
                object,
                (function, Vec::new()),
                origin,
            )));
        }
        match self.set_by_init(object, &classes, name) {
            Attribute::Absent => {}
            known => return Some(known),
        }
        if self.is_set_elsewhere(&classes, name) {
            let why = Why::new(format!("`{name}` is set by a method of the object"));
            return Some(Attribute::Unknown(why));
        }
        if let Some(value) = of_class {
            // What a descriptor gives is its own affair.
            return Some(match &value.kind {
                ValueKind::Call(_) => {
                    Attribute::Unknown(Why::new(format!("`{name}` may be a descriptor")))
                }
                _ => Attribute::Found(value),
            });
        }
        Some(self.by_getattr(object, &classes, (name, origin)))
    }

    /// What the `__getattr__` of an object gives for an attribute that nothing sets.
    fn by_getattr(
        &mut self,
        object: &Value,
        classes: &[Arc<ClassDefinition>],
        (name, origin): (&str, &Origin),
    ) -> Attribute {
        let fallback = classes
            .iter()
            .find_map(|class| class.attribute("__getattr__").cloned());
        let Some(ValueKind::Function(fallback)) = fallback.map(|value| value.kind) else {
            return Attribute::Absent;
        };
        let text = Value {
            kind: ValueKind::Str(generated(name, origin)),
            origin: origin.clone(),
        };
        Attribute::Found(self.method_of(object, (&fallback, vec![text]), origin))
    }

    /// The arguments of a method call with the object before them; a static method gets none.
    pub(super) fn bind_object(
        &self,
        object: &Value,
        function: &FunctionDefinition,
    ) -> Option<Value> {
        classes_of(object)?;
        match (
            self.has_decorator(function, "staticmethod"),
            self.has_decorator(function, "classmethod"),
        ) {
            (true, _) => None,
            (_, true) => object.as_call().map(|call| call.callee.clone()),
            _ => Some(object.clone()),
        }
    }

    fn method_of(
        &mut self,
        object: &Value,
        (function, rest): (&Arc<FunctionDefinition>, Vec<Value>),
        origin: &Origin,
    ) -> Value {
        let callee = Value {
            kind: ValueKind::Function(Arc::clone(function)),
            origin: origin.clone(),
        };
        let mut positional = vec![object.clone()];
        positional.extend(rest);
        let arguments = Arguments {
            positional,
            ..Arguments::default()
        };
        self.apply(callee, arguments, origin.clone())
    }

    fn is_property(&self, function: &FunctionDefinition) -> bool {
        self.has_decorator(function, "property") || self.has_decorator(function, "cached_property")
    }

    fn has_decorator(&self, function: &FunctionDefinition, wanted: &str) -> bool {
        let Some(module) = self.module_of(&function.body) else {
            return false;
        };
        let Some(Body::Function(node)) = find_function(&module, &function.body) else {
            return false;
        };
        node.decorator_list
            .iter()
            .any(|decorator| match &decorator.expression {
                Expr::Name(name) => name.id.as_str() == wanted,
                Expr::Attribute(attribute) => attribute.attr.id.as_str() == wanted,
                _ => false,
            })
    }

    /// What `__init__` leaves in `self.name`.
    fn set_by_init(
        &mut self,
        object: &Value,
        classes: &[Arc<ClassDefinition>],
        name: &str,
    ) -> Attribute {
        let mut constructors = classes
            .iter()
            .filter_map(|class| class.attribute("__init__"));
        let Some(ValueKind::Function(function)) = constructors.next().map(|value| &value.kind)
        else {
            return Attribute::Absent;
        };
        let has_more = constructors.next().is_some();
        let Some(call) = object.as_call() else {
            return Attribute::Absent;
        };
        if self.constructing >= DEEPEST {
            return Attribute::Unknown(Why::new("objects make each other"));
        }
        self.constructing += 1;
        let made = self.run_init((object, call), function, name);
        self.constructing -= 1;
        match made {
            Attribute::Absent if has_more => Attribute::Unknown(Why::new(format!(
                "whether a base sets `{name}` is not known"
            ))),
            made => made,
        }
    }

    fn run_init(
        &mut self,
        (object, call): (&Value, &Call),
        function: &FunctionDefinition,
        name: &str,
    ) -> Attribute {
        let module = self.module_of(&function.body);
        let node = module
            .as_ref()
            .and_then(|module| find_function(module, &function.body));
        let (Some(module), Some(Body::Function(node))) = (&module, node) else {
            return Attribute::Unknown(Why::new("`__init__` cannot be followed"));
        };
        let Some(own) = first_parameter(node) else {
            return Attribute::Unknown(Why::new("`__init__` cannot be followed"));
        };
        if !assigned(node, own).contains(name) {
            return Attribute::Absent;
        }
        let mut frame = Frame::new(module);
        frame.scopes.push(Scope::new(ScopeKind::Function));
        let arguments = with_object(object, call);
        if let Err(why) = self.bind_parameters(&mut frame, &node.parameters, arguments) {
            return Attribute::Unknown(why);
        }
        // A frame of its own knows what it has set so far; asking the object would run `__init__` again.
        frame.begins(own);
        if let super::statements::Flow::Lost(why) = self.block(&mut frame, &node.body) {
            return Attribute::Unknown(why);
        }
        let lost = frame.lost.take();
        match (lost, frame.attribute(own, name)) {
            (Some(why), _) => Attribute::Unknown(why),
            (None, Some(value)) => Attribute::Found(value.clone()),
            (None, None) => Attribute::Unknown(Why::new(format!(
                "whether `__init__` sets `{name}` is not known"
            ))),
        }
    }

    /// Whether a method that is neither `__init__` nor a property assigns it.
    fn is_set_elsewhere(&self, classes: &[Arc<ClassDefinition>], name: &str) -> bool {
        classes
            .iter()
            .flat_map(|class| &class.body)
            .any(|(method, value)| {
                let ValueKind::Function(function) = &value.kind else {
                    return false;
                };
                if &**method == "__init__" || self.is_property(function) {
                    return false;
                }
                let Some(module) = self.module_of(&function.body) else {
                    return true;
                };
                match find_function(&module, &function.body) {
                    Some(Body::Function(node)) => {
                        first_parameter(node).is_some_and(|own| assigned(node, own).contains(name))
                    }
                    _ => false,
                }
            })
    }
}

pub(super) fn first_parameter(node: &StmtFunctionDef) -> Option<&str> {
    let parameters = &node.parameters;
    let first = parameters
        .posonlyargs
        .iter()
        .chain(&parameters.args)
        .next()?;
    Some(first.parameter.name.id.as_str())
}

/// The attributes of `own` that a function's statements assign, wherever they stand.
pub(super) fn assigned(node: &StmtFunctionDef, own: &str) -> BTreeSet<String> {
    struct Targets<'n> {
        own: &'n str,
        found: BTreeSet<String>,
    }
    impl Targets<'_> {
        fn target(&mut self, target: &Expr) {
            match target {
                Expr::Attribute(attribute) => {
                    if matches!(&*attribute.value, Expr::Name(name) if name.id.as_str() == self.own)
                    {
                        self.found.insert(attribute.attr.id.to_string());
                    }
                }
                Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.target(target)),
                Expr::List(list) => list.elts.iter().for_each(|target| self.target(target)),
                Expr::Starred(starred) => self.target(&starred.value),
                _ => {}
            }
        }
    }
    impl<'n> Visitor<'n> for Targets<'_> {
        fn visit_stmt(&mut self, statement: &'n Stmt) {
            match statement {
                Stmt::Assign(assign) => {
                    assign.targets.iter().for_each(|target| self.target(target));
                }
                Stmt::AnnAssign(assign) => self.target(&assign.target),
                Stmt::AugAssign(assign) => self.target(&assign.target),
                other => stacker::maybe_grow(256 * 1024, 1024 * 1024, || walk_stmt(self, other)),
            }
        }

        fn visit_expr(&mut self, _: &'n Expr) {}
    }
    let mut targets = Targets {
        own,
        found: BTreeSet::new(),
    };
    for statement in &node.body {
        targets.visit_stmt(statement);
    }
    targets.found
}

/// The arguments of a call that makes an object, the object itself before them.
fn with_object(object: &Value, call: &Call) -> Arguments {
    let mut positional = vec![object.clone()];
    positional.extend(call.arguments.iter().cloned());
    Arguments {
        positional,
        keywords: call.keywords.clone(),
        unknown: call.unknown_arguments.clone(),
    }
}
