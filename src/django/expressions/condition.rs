//! `Q` objects as conditions: `django/utils/tree.py`, `django/db/models/sql/query.py` (`build_filter`, `_add_q`) and
//! `django/db/models/sql/where.py`, 4.2 to 6.0.

use super::Scope;
use super::expression::{Compiled, boolean_expression, last_name};
use super::lookup::{lookup, null_guard};
use crate::django::python::{Call, Operator, Static, Value, ValueKind};
use crate::schema::Why;

/// How deep conditions may nest.
const DEEPEST: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Connector {
    And,
    Or,
    Xor,
}

/// A tree of conditions, as `Q` builds it and as `WhereNode` does.
#[derive(Debug, Clone)]
struct Node<Leaf> {
    connector: Connector,
    negated: bool,
    children: Vec<Child<Leaf>>,
}

#[derive(Debug, Clone)]
enum Child<Leaf> {
    Leaf(Leaf),
    Node(Node<Leaf>),
}

/// What stands in a `Q`: `name=value`, or an expression that is true or false.
#[derive(Debug, Clone)]
enum Filter<'a> {
    Lookup(&'a str, &'a Value),
    Expression(&'a Value),
}

/// The SQL of a condition of a CHECK, an index or a `When`.
pub fn condition_sql(value: &Value, scope: &Scope<'_>) -> Static<String> {
    compile_condition(value, scope).map(|compiled| compiled.sql)
}

pub(super) fn compile_condition(value: &Value, scope: &Scope<'_>) -> Static<Compiled> {
    let node = match q_node(value, DEEPEST)? {
        Child::Node(node) => node,
        Child::Leaf(leaf) => Node {
            connector: Connector::And,
            negated: false,
            children: vec![Child::Leaf(leaf)],
        },
    };
    let clause = where_clause(&node, scope, false)?;
    render(clause)
}

/// Whether a value is a condition rather than a plain expression.
pub(super) fn is_condition(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Call(call) => last_name(call) == Some("Q"),
        ValueKind::Operation(operation) => matches!(
            operation.operator,
            Operator::And | Operator::Or | Operator::Xor | Operator::Not
        ),
        _ => false,
    }
}

/// The tree that Python builds from `Q(...)`, `&`, `|`, `^` and `~`.
fn q_node(value: &Value, left: usize) -> Static<Child<Filter<'_>>> {
    let left = left
        .checked_sub(1)
        .ok_or_else(|| Why::new("the condition is nested too deeply"))?;
    match &value.kind {
        ValueKind::Call(call) if last_name(call) == Some("Q") => {
            q_call(call, left).map(Child::Node)
        }
        ValueKind::Operation(operation) => {
            let operands = operation
                .operands
                .iter()
                .map(|operand| q_node(operand, left))
                .collect::<Static<Vec<_>>>()?;
            let connector = match operation.operator {
                Operator::And => Connector::And,
                Operator::Or => Connector::Or,
                Operator::Xor => Connector::Xor,
                Operator::Not => return negate(operands),
                _ => return Ok(Child::Leaf(Filter::Expression(value))),
            };
            Ok(Child::Node(combine(connector, operands)))
        }
        ValueKind::Unknown(why) => Err(why.clone()),
        _ => Ok(Child::Leaf(Filter::Expression(value))),
    }
}

/// `Q(*args, _connector=None, _negated=False, **kwargs)`: keywords in the order of their names.
fn q_call(call: &Call, left: usize) -> Static<Node<Filter<'_>>> {
    if let Some(why) = &call.unknown_arguments {
        return Err(why.clone());
    }
    let mut node = Node {
        connector: Connector::And,
        negated: false,
        children: Vec::new(),
    };
    for argument in &call.arguments {
        // `Q(("name", value))`.
        if let ValueKind::Tuple(pair) = &argument.kind
            && let [name, value] = &**pair
            && let Some(name) = name.as_str()
        {
            node.children.push(Child::Leaf(Filter::Lookup(name, value)));
        } else {
            node.children.push(q_node(argument, left)?);
        }
    }
    let mut keywords = Vec::new();
    for (name, value) in &call.keywords {
        match &**name {
            "_connector" => node.connector = connector(value)?,
            "_negated" => node.negated = matches!(value.kind, ValueKind::Bool(true)),
            name => keywords.push((name, value)),
        }
    }
    keywords.sort_by_key(|(name, _)| *name);
    node.children.extend(
        keywords
            .into_iter()
            .map(|(name, value)| Child::Leaf(Filter::Lookup(name, value))),
    );
    Ok(node)
}

fn connector(value: &Value) -> Static<Connector> {
    match (value.as_str(), &value.kind) {
        (Some("AND"), _) | (None, ValueKind::None) => Ok(Connector::And),
        (Some("OR"), _) => Ok(Connector::Or),
        (Some("XOR"), _) => Ok(Connector::Xor),
        _ => match &value.kind {
            ValueKind::Name(name) => match name.last() {
                "AND" => Ok(Connector::And),
                "OR" => Ok(Connector::Or),
                "XOR" => Ok(Connector::Xor),
                _ => Err(Why::new("the connector of a condition cannot be read")),
            },
            _ => Err(Why::new("the connector of a condition cannot be read")),
        },
    }
}

/// `Q._combine`: an empty `Q` is left out.
fn combine<Leaf: Clone>(connector: Connector, operands: Vec<Child<Leaf>>) -> Node<Leaf> {
    let mut filled = operands
        .into_iter()
        .filter(|operand| !matches!(operand, Child::Node(node) if node.children.is_empty()))
        .collect::<Vec<_>>();
    if filled.len() == 1
        && let Some(Child::Node(_)) = filled.first()
        && let Some(Child::Node(only)) = filled.pop()
    {
        return only;
    }
    let mut node = Node {
        connector,
        negated: false,
        children: Vec::new(),
    };
    for operand in filled {
        node.add(operand);
    }
    node
}

fn negate(operands: Vec<Child<Filter<'_>>>) -> Static<Child<Filter<'_>>> {
    match operands.into_iter().next() {
        Some(Child::Node(mut node)) => {
            node.negated = !node.negated;
            Ok(Child::Node(node))
        }
        Some(leaf @ Child::Leaf(_)) => Ok(Child::Node(Node {
            connector: Connector::And,
            negated: true,
            children: vec![leaf],
        })),
        None => Err(Why::new("`~` of nothing")),
    }
}

impl<Leaf> Node<Leaf> {
    /// `Node.add` with the node's own connector: takes the other's children where that means the same.
    fn add(&mut self, other: Child<Leaf>) {
        match other {
            Child::Node(node)
                if !node.negated
                    && (node.connector == self.connector || node.children.len() == 1) =>
            {
                self.children.extend(node.children);
            }
            other => self.children.push(other),
        }
    }
}

/// `_add_q`: lookups become conditions; below a negation a nullable column gets a guard.
fn where_clause(
    node: &Node<Filter<'_>>,
    scope: &Scope<'_>,
    negated_above: bool,
) -> Static<Node<Compiled>> {
    let negated = negated_above ^ node.negated;
    let mut clause = Node {
        connector: node.connector,
        negated: node.negated,
        children: Vec::new(),
    };
    for child in &node.children {
        let built = match child {
            Child::Node(inner) => where_clause(inner, scope, negated)?,
            Child::Leaf(filter) => filter_clause(filter, scope, negated)?,
        };
        clause.add(Child::Node(built));
    }
    Ok(clause)
}

/// `build_filter`.
fn filter_clause(filter: &Filter<'_>, scope: &Scope<'_>, negated: bool) -> Static<Node<Compiled>> {
    let mut children = Vec::new();
    match filter {
        Filter::Expression(value) => {
            children.push(Child::Leaf(boolean_expression(value, scope)?));
        }
        Filter::Lookup(path, value) => {
            children.push(Child::Leaf(lookup(path, value, scope)?));
            if negated {
                let guards = null_guard(path, value, scope)?;
                children.extend(guards.into_iter().map(Child::Leaf));
            }
        }
    }
    Ok(Node {
        connector: Connector::And,
        negated: false,
        children,
    })
}

/// `WhereNode.as_sql`.
fn render(node: Node<Compiled>) -> Static<Compiled> {
    let mut parts = Vec::new();
    let mut whole = Compiled::default();
    if node.connector == Connector::Xor {
        return Err(Why::new("an exclusive or, which Django spells out"));
    }
    for child in node.children {
        let part = match child {
            Child::Leaf(leaf) => leaf,
            Child::Node(inner) => render(inner)?,
        };
        whole.columns.extend(part.columns);
        whole.has_parameters |= part.has_parameters;
        parts.push(part.sql);
    }
    if parts.is_empty() {
        return Err(Why::new("an empty condition"));
    }
    let separator = match node.connector {
        Connector::And => " AND ",
        Connector::Or => " OR ",
        Connector::Xor => " XOR ",
    };
    let joined = parts.join(separator);
    whole.sql = if node.negated {
        format!("NOT ({joined})")
    } else if parts.len() > 1 {
        format!("({joined})")
    } else {
        joined
    };
    Ok(whole)
}
