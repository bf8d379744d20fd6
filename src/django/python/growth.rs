//! Lists that grow where it is not known whether, or how often: what was in them stays.

use ruff_python_ast::{Expr, Operator, Stmt};

use super::bound_names::{bound_names, root_name};
use super::value::{Value, ValueKind};
use crate::schema::Why;
use crate::source::Origin;

/// What stands in a list for any number of items that are not known.
pub(super) fn rest(why: &Why, origin: &Origin) -> Value {
    Value {
        kind: ValueKind::Rest(why.clone()),
        origin: origin.clone(),
    }
}

/// Why a value is not one that can be looked into.
pub(super) fn not_computed(value: &Value) -> Option<Why> {
    match &value.kind {
        ValueKind::Unknown(why) => Some(why.clone()),
        ValueKind::Name(name) => Some(Why::new(format!("the value of `{name}` is not known"))),
        ValueKind::Call(_) => Some(Why::new("the result of a call is not known")),
        _ => None,
    }
}

/// A list and something that is not known, added: that is a list, too, since only a list goes with a list.
pub(super) fn grown_by_unknown(left: &Value, right: &Value, origin: &Origin) -> Option<ValueKind> {
    let is_list = |value: &Value| matches!(value.kind, ValueKind::List(_) | ValueKind::Tuple(_));
    if is_list(left) {
        let behind = rest(&not_computed(right)?, origin);
        Some(with_rest(left, (None, Some(behind))))
    } else if is_list(right) {
        let before = rest(&not_computed(left)?, origin);
        Some(with_rest(right, (Some(before), None)))
    } else {
        None
    }
}

/// A list or tuple with others before and behind.
pub(super) fn with_rest(
    value: &Value,
    (before, behind): (Option<Value>, Option<Value>),
) -> ValueKind {
    let items = value.items().unwrap_or_default().iter().cloned();
    let items = before.into_iter().chain(items).chain(behind).collect();
    match value.kind {
        ValueKind::Tuple(_) => ValueKind::Tuple(items),
        _ => ValueKind::List(items),
    }
}

/// A list after statements that may have run any number of times and can only have added to it; `None` for what
/// else they may have done to it.
pub(super) fn perhaps_grown(
    value: &Value,
    (body, name): (&[Stmt], &str),
    why: &Why,
) -> Option<Value> {
    if !matches!(value.kind, ValueKind::List(_)) {
        return None;
    }
    let before = match growth(body, name)? {
        Growth::AtTheEnd => None,
        Growth::Anywhere => Some(rest(why, &value.origin)),
    };
    Some(Value {
        kind: with_rest(value, (before, Some(rest(why, &value.origin)))),
        origin: value.origin.clone(),
    })
}

/// Where a list has grown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Growth {
    AtTheEnd,
    Anywhere,
}

/// How statements add to the list that a name is bound to; `None` where they may do something else to it.
fn growth(body: &[Stmt], name: &str) -> Option<Growth> {
    let mut most = Growth::AtTheEnd;
    for statement in body {
        most = most.max(growth_by(statement, name)?);
    }
    Some(most)
}

fn growth_by(statement: &Stmt, name: &str) -> Option<Growth> {
    match statement {
        Stmt::Expr(expression) => growth_by_call(&expression.value, name),
        Stmt::AugAssign(assign) if root_name(&assign.target) == Some(name) => {
            let adds = assign.target.is_name_expr() && assign.op == Operator::Add;
            adds.then_some(Growth::AtTheEnd)
        }
        Stmt::If(block) => {
            let mut most = growth(&block.body, name)?;
            for clause in &block.elif_else_clauses {
                most = most.max(growth(&clause.body, name)?);
            }
            Some(most)
        }
        Stmt::For(block) if root_name(&block.target) != Some(name) => {
            Some(growth(&block.body, name)?.max(growth(&block.orelse, name)?))
        }
        other => {
            let mut names = Vec::new();
            bound_names(std::slice::from_ref(other), &mut names);
            (!names.contains(&name)).then_some(Growth::AtTheEnd)
        }
    }
}

fn growth_by_call(expression: &Expr, name: &str) -> Option<Growth> {
    let Expr::Call(call) = expression else {
        return Some(Growth::AtTheEnd);
    };
    let Expr::Attribute(method) = &*call.func else {
        return Some(Growth::AtTheEnd);
    };
    if root_name(&method.value) != Some(name) {
        return Some(Growth::AtTheEnd);
    }
    match method.attr.id.as_str() {
        _ if !method.value.is_name_expr() => None,
        "append" | "extend" => Some(Growth::AtTheEnd),
        "insert" => Some(Growth::Anywhere),
        _ => None,
    }
}
