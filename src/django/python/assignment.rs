//! What an assignment binds: a name, an attribute of a class, an item of a dict, several names at once.

use std::sync::Arc;

use ruff_python_ast::Expr;

use super::bound_names::root_name;
use super::evaluate::Evaluator;
use super::frame::Frame;
use super::statements::writes_namespace;
use super::value::{ClassDefinition, Value, ValueKind};
use crate::schema::Why;

impl Evaluator<'_> {
    /// Binds a target: a name, an attribute of a class, an item of a dict, several names at once.
    pub(super) fn assign(&mut self, frame: &mut Frame<'_>, target: &Expr, value: Value) {
        match target {
            Expr::Name(name) => frame.bind(&name.id, value),
            Expr::Attribute(attribute) => {
                let owner = self.eval(frame, &attribute.value);
                if let (ValueKind::Call(_), Expr::Name(object)) = (&owner.kind, &*attribute.value) {
                    frame.set_attribute(&object.id, &attribute.attr.id, value);
                    return;
                }
                if let ValueKind::Class(class) = &owner.kind {
                    let mut class = ClassDefinition::clone(class);
                    set_attribute(&mut class, &attribute.attr.id, value);
                    let kind = ValueKind::Class(Arc::new(class));
                    self.assign(
                        frame,
                        &attribute.value,
                        Value {
                            kind,
                            origin: owner.origin,
                        },
                    );
                }
            }
            Expr::Subscript(subscript) => {
                if writes_namespace(target) {
                    frame.lost = Some(Why::new("it writes to its own namespace"));
                    return;
                }
                let owner = self.eval(frame, &subscript.value);
                let key = self.eval(frame, &subscript.slice);
                let changed = self.with_item(owner, key, value);
                self.assign(frame, &subscript.value, changed);
            }
            Expr::Tuple(tuple) => self.unpack(frame, &tuple.elts, &value),
            Expr::List(list) => self.unpack(frame, &list.elts, &value),
            Expr::Starred(starred) => self.assign(frame, &starred.value, value),
            _ => {}
        }
    }

    fn unpack(&mut self, frame: &mut Frame<'_>, targets: &[Expr], value: &Value) {
        let items = match self.iterate(value) {
            Ok(items) => items,
            Err(why) => {
                for target in targets {
                    self.assign(
                        frame,
                        target,
                        Value::unknown(why.clone(), value.origin.clone()),
                    );
                }
                return;
            }
        };
        let star = targets.iter().position(Expr::is_starred_expr);
        let spare = items
            .len()
            .checked_sub(targets.len() - usize::from(star.is_some()));
        let fits = spare.is_some_and(|spare| star.is_some() || spare == 0);
        let mut items = items.into_iter();
        for target in targets {
            let next = if !fits {
                let why = Why::new("the number of values to unpack does not fit");
                Some(Value::unknown(why, value.origin.clone()))
            } else if target.is_starred_expr() {
                let taken = items.by_ref().take(spare.unwrap_or(0)).collect::<Vec<_>>();
                Some(Value {
                    kind: ValueKind::List(taken.into()),
                    origin: value.origin.clone(),
                })
            } else {
                items.next()
            };
            if let Some(next) = next {
                self.assign(frame, target, next);
            }
        }
    }
}

pub(super) fn set_attribute(class: &mut ClassDefinition, name: &str, value: Value) {
    match class.body.iter_mut().find(|(bound, _)| &**bound == name) {
        Some(entry) => entry.1 = value,
        None => class.body.push((name.into(), value)),
    }
}

pub(super) fn forget(frame: &mut Frame<'_>, target: &Expr, why: &Why) {
    if let Some(name) = root_name(target) {
        let origin = frame.module.origin(target);
        frame.rebind(name, Value::unknown(why.clone(), origin));
    }
}
